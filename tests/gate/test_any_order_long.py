"""Whatever is done on the private side, in any order: nothing public that a fresh gate would refuse."""

import contextlib

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CrossReference,
    Entry,
    Organisation,
    Person,
    Position,
    Proposition,
    Session,
    Workshop,
)
from apps.gate.case import Case
from apps.gate.checks import judge
from apps.gate.descriptors import Descriptor
from apps.gate.findings import Refused
from apps.gate.merging import merge_people
from apps.gate.models import Publication
from apps.gate.publication import acknowledge, findings, objections, publish, unacknowledged, withdraw
from apps.gate.references import published_links
from apps.gate.rules import is_protected
from apps.public.catalogue.models import Record, RecordVersion
from apps.taxonomy import vocabulary as vocabulary_module
from apps.taxonomy.models import Region
from apps.taxonomy.words import Rule

NAMES = ["Zarnecki", "Ostrovar", "Belmiro", "Tanhauser", "Vexley", "Umbrith", "Fjordland", "Quist"]
numbers = st.integers(0, 7)
PHRASE = "nobody ever planned anything well alone at sea and came home any wiser"
texts = st.sampled_from(
    [
        "Planning calms.",
        *[f"As {name} put it." for name in NAMES],
        "The Kestrel Institute agrees.",
        PHRASE,
        "10.1000/abc",
    ]
)


class Curation(RuleBasedStateMachine):
    """Two sessions, eight people, a few positions; every step is one that an analyst or reviewer can take."""

    @initialize(first=st.sampled_from(Rule))
    def world(self, first: Rule) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        vocabulary_module._current = None
        self.reviewer = User.objects.create_user("reviewer")
        self.asia = Region.objects.create(slug="asia", name="Asia")
        self.bodies = [
            Organisation.objects.create(slug=f"b{i}", name=name)
            for i, name in enumerate(("Kestrel Institute", "Tides"))
        ]
        self.people = [
            Person.objects.create(slug=f"p{i}", given_names="Quill", family_name=n) for i, n in enumerate(NAMES)
        ]
        self.workshop = Workshop.objects.create(slug="w", title="W", host=self.bodies[0], rule=first)
        self.sessions = [
            Session.objects.create(slug=f"s{i}", title=f"S{i}", workshop=self.workshop, number=i) for i in range(2)
        ]
        for i, person in enumerate(self.people[:6]):
            self.attend(i, None, expert=i % 2 == 0, person=person)
        self.proposition = Proposition.objects.create(slug="p", title="P")
        self.article = Article.objects.create(slug="a", title="A")
        Authorship.objects.create(article=self.article, person=self.people[0])
        self.positions = [
            # Two of them name somebody who has not attended yet, or is not called so yet.
            Position.objects.create(slug=f"o{i}", title=f"As {name} put it", session=self.sessions[i % 2])
            for i, name in enumerate(("Fjordland", "Quist", "nobody"))
        ]
        self.positions.append(
            Position.objects.create(slug="r", title="R", article=self.article, reported_from=self.workshop)
        )
        for position in self.positions[:2]:
            position.proposition, position.stance = self.proposition, "supports"
            position.save()
        self.entries = [self.article, self.workshop, *self.sessions, self.proposition, *self.positions]
        for entry in self.entries:
            self.publish(entry)

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def attend(self, i: int, session: Session | None, expert: bool, person: Person | None = None) -> None:
        person = person or self.person(i)
        if not Attendance.objects.filter(workshop=self.workshop, session=session, person=person).exists():
            attendance = Attendance.objects.create(
                workshop=self.workshop, session=session, person=person, affiliation=self.bodies[i % 2]
            )
            if expert:
                attendance.expertise.add(self.asia)

    def person(self, i: int) -> Person:
        people = list(Person.objects.order_by("pk"))
        return people[i % len(people)]

    def entry(self, i: int) -> Entry:
        return Entry.objects.get(pk=self.entries[i % len(self.entries)].pk).child

    @rule(i=st.integers(0, 8), reasons=st.booleans())
    def publish_one(self, i: int, reasons: bool) -> None:
        self.publish(self.entry(i), reasons)

    def publish(self, entry: Entry, reasons: bool = True) -> None:
        if reasons:
            for finding in unacknowledged(entry, findings(entry)):
                acknowledge(entry, finding, "It is the subject.", self.reviewer)
        with contextlib.suppress(Refused):
            publish(entry, by=self.reviewer)

    @rule(i=st.integers(0, 8))
    def withdraw_one(self, i: int) -> None:
        withdraw(self.entry(i))

    @rule(i=st.integers(0, 8), text=texts, field=st.sampled_from(["title", "summary", "tag"]))
    def edit(self, i: int, text: str, field: str) -> None:
        entry = self.entry(i)
        if field == "tag":
            entry.tags.add(text)
        else:
            setattr(entry, field, text)
        entry.save()
        entry.touch()

    @rule(i=numbers, j=numbers)
    def speak(self, i: int, j: int) -> None:
        self.entry(5 + i % 3).speakers.add(self.person(j))

    @rule(i=numbers, takes_side=st.booleans())
    def take_side(self, i: int, takes_side: bool) -> None:
        position = self.entry(5 + i % 4)
        position.proposition, position.stance = (self.proposition, "supports") if takes_side else (None, "")
        position.save()
        position.touch()

    @rule(i=numbers, named=st.booleans())
    def name_in_source(self, i: int, named: bool) -> None:
        position = self.entry(8)
        position.named_in_source = named
        position.save()
        position.speakers.set([self.person(i)])
        position.touch()

    @rule(i=numbers, narrow=st.booleans(), quantifier=st.sampled_from(["", "some", "all"]))
    def describe(self, i: int, narrow: bool, quantifier: str) -> None:
        position = self.entry(5 + i % 3)
        position.descriptor_expertise = self.asia if narrow else None
        position.quantifier = quantifier
        position.save()
        position.touch()

    @rule(new=st.sampled_from(Rule))
    def change_the_workshops_rule(self, new: Rule) -> None:
        workshop = Workshop.objects.get(pk=self.workshop.pk)
        workshop.rule = new
        workshop.save()

    @rule(i=st.integers(0, 1), new=st.sampled_from(["", *Rule]))
    def change_a_sessions_rule(self, i: int, new: str) -> None:
        session = Session.objects.get(pk=self.sessions[i].pk)
        session.rule = new
        session.save()

    @rule(i=numbers, expert=st.booleans(), session=st.sampled_from([None, 0, 1]))
    def add_attendance(self, i: int, expert: bool, session: int | None) -> None:
        self.attend(i, None if session is None else self.sessions[session], expert)

    @rule(i=numbers)
    def remove_attendance(self, i: int) -> None:
        if rows := list(Attendance.objects.order_by("pk")):
            rows[i % len(rows)].delete()

    @rule(i=numbers, name=st.sampled_from(NAMES[5:]), alias=st.booleans())
    def rename(self, i: int, name: str, alias: bool) -> None:
        person = self.person(i)
        if alias:
            person.aliases = [*person.aliases, f"Ro {name}"]
        else:
            person.family_name = name
        person.save()

    @rule(i=st.integers(0, 8), date=st.sampled_from(["", "2023-06", "2023-06-06", "2023-06-06/2023-06-07"]))
    def date(self, i: int, date: str) -> None:
        entry = self.entry(i)
        entry.date = date
        entry.save()
        entry.touch()

    @rule(doi=st.sampled_from(["", "10.1000/abc"]), text=st.sampled_from(["", f"I wrote that {PHRASE}."]))
    def read_the_article(self, doi: str, text: str) -> None:
        article = Article.objects.get(pk=self.article.pk)
        article.doi, article.text = doi, text
        article.save()

    @rule(i=numbers)
    def enter_again(self, i: int) -> None:
        """Somebody deleted, and entered under the same name."""
        person = self.person(i)
        Authorship.objects.filter(person=person).delete()
        person.attendances.all().delete()
        person.positions.clear()
        person.delete()
        Person.objects.create(slug=person.slug, given_names=person.given_names, family_name=person.family_name)

    @rule(i=numbers, name=st.sampled_from(["Kestrel Institute", "Umbrith Office", "Tides", "Planning"]))
    def rename_an_organisation(self, i: int, name: str) -> None:
        body = Organisation.objects.get(pk=self.bodies[i % 2].pk)
        if not Organisation.objects.filter(name=name).exists():
            body.name = name
            body.save()

    @rule(i=numbers, j=numbers)
    def merge(self, i: int, j: int) -> None:
        if self.person(i) != self.person(j):
            with contextlib.suppress(ValueError):  # they came from two organisations
                merge_people(self.person(i), self.person(j))

    @rule(i=numbers)
    def sign(self, i: int) -> None:
        """Make somebody the article's author, or no longer."""
        article, person = Article.objects.get(pk=self.article.pk), self.person(i)
        if not Authorship.objects.filter(article=article, person=person).delete()[0]:
            Authorship.objects.create(article=article, person=person)

    @rule(i=st.integers(0, 8))
    def tag_alike(self, i: int) -> None:
        """With a tag that may join a position to the article."""
        entry = self.entry(i)
        entry.tags.remove("sea planning") if "sea planning" in entry.tags.names() else entry.tags.add("sea planning")
        entry.touch()

    @rule(i=numbers, alias=st.sampled_from(NAMES[5:]))
    def call_an_organisation(self, i: int, alias: str) -> None:
        body = Organisation.objects.get(pk=self.bodies[i % 2].pk)
        body.aliases = [f"{alias} Office", alias]
        body.save()

    @rule(i=numbers)
    def refer_no_longer(self, i: int) -> None:
        if rows := list(CrossReference.objects.order_by("pk")):
            rows[i % len(rows)].delete()

    @rule(i=st.integers(0, 8), j=st.integers(0, 8), note=texts)
    def refer(self, i: int, j: int, note: str) -> None:
        if i != j:
            CrossReference.objects.get_or_create(
                source=Entry.objects.get(pk=self.entries[i].pk),
                target=Entry.objects.get(pk=self.entries[j].pk),
                relation="see_also",
                defaults={"note": note},
            )

    @invariant()
    def the_catalogue_holds_nothing_that_a_fresh_gate_would_refuse(self) -> None:
        for record in Record.objects.live():
            entry = Entry.objects.get(identifier=record.identifier).child
            descriptor = Descriptor()
            if isinstance(entry, Position):
                descriptor = Descriptor(**Publication.objects.get(entry_id=entry.pk).descriptor)
            for public in (record, *record.versions.all()):
                case = Case(entry, public.content, published_links(record), descriptor, purpose="re-check")
                assert objections(entry, judge(case)) == [], (entry, public.content)

    @invariant()
    def no_name_of_a_protected_meeting_is_public(self) -> None:
        """By plain reading, without the gate: records of protected meetings name nobody who was there."""
        for record in Record.objects.live().filter(kind__in=("session", "workshop", "position")):
            entry = Entry.objects.get(identifier=record.identifier).child
            if not is_protected(entry.effective_rule):
                continue
            workshop = entry if isinstance(entry, Workshop) else entry.workshop
            sessions = (None, entry.pk if isinstance(entry, Session) else getattr(entry, "session_id", None))
            versions = RecordVersion.objects.filter(record=record).values_list("content", flat=True)
            public = " ".join(map(str, (record.content, *versions)))
            for attendance in Attendance.objects.filter(workshop=workshop).select_related("person"):
                if isinstance(entry, Workshop) or attendance.session_id in sessions:
                    assert attendance.person.family_name not in public


@pytest.mark.django_db
def test_any_order() -> None:
    few = settings(max_examples=100, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Curation, settings=few)
