"""A knowledge base full of names that must not come out: under every rule, in every private place, and in texts that
only the gate holds back. Each such name is a made-up word that stands nowhere else, so to find it is to prove a leak.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db.models import Model
from taggit.models import Tag

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    Entry,
    Organisation,
    Passage,
    Person,
    Position,
    Proposition,
    Session,
    Status,
    TaggedEntry,
    Workshop,
)
from apps.gate.publication import acknowledge, findings, unacknowledged
from apps.gate.watch import one_recheck
from apps.taxonomy.models import Region, Theme
from apps.taxonomy.words import Quantifier, Role, Rule, Sector, Stance
from tests.gate.needles import Words

_SAID = """
allies partners planners ministries staffs industry parliaments consult rehearse invest signal adapt prepare
measure disperse harden deter credible forward layered resilient shared limited escalation assurance posture readiness
logistics munitions basing cyber space exercises sanctions stockpiles early late openly quietly together apart
""".split()
_TAGS = [f"{one} {other}" for one in ("nuclear", "joint", "crisis") for other in ("planning", "exercises", "talks")]
_RULES = (Rule.ON_THE_RECORD, Rule.ON_THE_RECORD, *[Rule.NOT_FOR_ATTRIBUTION] * 3, *[Rule.CHATHAM_HOUSE] * 4)
OFF = Rule.OFF_THE_RECORD
OFF_WITH_ITS_WORKSHOP = {"off-the-record", "hangs-on-the-unpublished"}


@dataclass
class Meeting:
    """A workshop with its sessions and those who came."""

    workshop: Workshop
    sessions: list[Session]
    bodies: list[Organisation]
    people: list[Person]
    expertise: Region  # of each of them
    positions: list[Position] = field(default_factory=list)


class KnowledgeBase:
    """Private rows, all of them submitted or drafts; nothing of it has been published.

    ``never`` are the words that must not come out, each with where it was planted; ``public`` those that must.
    """

    def __init__(self, workshops: int = 200) -> None:
        call_command("loaddata", "vocabulary", verbosity=0)
        self.words, self.rng = Words(1), random.Random(1)
        self.never: dict[str, str] = {}
        self.public: dict[str, str] = {}
        self.refused: dict[Entry, set[str]] = {}  # what the gate has to refuse, with all that it has against it
        self.two_sided: list[Person] = []  # who sign articles, and are protected elsewhere
        self.meetings: list[Meeting] = []
        self._rows: dict[type[Model], list[Model]] = defaultdict(list)
        self.regions, self.themes = list(Region.objects.all()), list(Theme.objects.all())
        self.tags = [Tag.objects.create(name=name, slug=name.replace(" ", "-")) for name in _TAGS]
        self.analyst, self.reviewer = (
            User.objects.create_user(self.hide("an account's name"), f"{self.hide('an account s address')}@example.org")
            for _ in range(2)
        )
        with one_recheck():
            self.propositions = [self.add(Proposition, self.claim()) for _ in range(workshops // 5)]
            self._articles(workshops // 4)
            self.meetings = [self._meeting(number) for number in range(workshops)]
            self.write()

    # --- Words

    def hide(self, where: str, accented: bool = False) -> str:
        """A new word that must not come out."""
        word = self.words.secret(accented)
        self.never[word] = where
        return word

    def show(self, where: str) -> str:
        """A new word that must come out."""
        word = self.words.public()
        self.public[word] = where
        return word

    def claim(self) -> str:
        """Words as they are said, in no order that occurs twice."""
        return " ".join(self.rng.sample(_SAID, 8)).capitalize()

    # --- Rows

    def add(self, model: type, title: str, *, tags: tuple[Tag, ...] = (), **fields: Any) -> Any:
        """An entry that an analyst has submitted, with a hidden word in its slug and in its note."""
        entry = model(
            title=title,
            slug=self.hide("a slug").lower(),
            note=f"{self.hide('a note')} said so.",
            **{"status": Status.SUBMITTED, "modified_by": self.analyst, "summary": f"{self.claim()}."} | fields,
        )
        entry.save()
        for name, terms in (("regions", self.regions), ("themes", self.themes)):
            through = getattr(Entry, name).through
            column = name.removesuffix("s")
            self.later(*(through(entry_id=entry.pk, **{column: term}) for term in self.rng.sample(terms, 2)))
        tags += (self.rng.choice(self.tags),) if self.rng.random() < 0.4 else ()
        self.later(*(TaggedEntry(content_object_id=entry.pk, tag=tag) for tag in tags))
        return entry

    def later(self, *rows: Model) -> None:
        """Rows that nothing refers to are written together, at the end."""
        for row in rows:
            self._rows[type(row)].append(row)

    def write(self) -> None:
        for model, rows in self._rows.items():
            model._default_manager.bulk_create(rows, batch_size=500)
        self._rows.clear()

    def person(self, where: str, named: bool = False) -> Person:
        """Somebody whose every name is hidden; or whose name is public, and everything else is not."""
        if named:
            given, family = self.show(f"the given name of {where}"), self.show(f"the name of {where}")
        else:
            given = self.hide(f"the given name of {where}")
            family = self.hide(f"the name of {where}", accented=self.rng.random() < 0.2)
        return Person(
            slug=f"{self.hide('the slug of somebody')}".lower(),
            given_names=given,
            family_name=family,
            aliases=[f"{self.hide(f'an alias of {where}')} {self.hide(f'an alias of {where}')}"],
            email=f"{self.hide(f'the address of {where}').lower()}@example.org",
            note=f"Called {self.hide(f'a note on {where}')} at school.",
        )

    def body(self, where: str, named: bool = False) -> Organisation:
        """An organisation whose names are all hidden; or whose name is public, and its aliases are not."""
        acronym = self.words.acronym()
        self.never[acronym] = f"the acronym of {where}"
        name = self.show(where) if named else self.hide(f"the name of {where}")
        return Organisation(
            slug=self.hide("the slug of an organisation").lower(),
            name=f"{name} Institute",
            acronym=acronym,
            aliases=[f"Institute {self.hide(f'an alias of {where}')}"],
            note=self.hide(f"a note on {where}"),
        )

    # --- Articles

    def _articles(self, count: int) -> None:
        """Each with an author who is named, and somebody who isn't; every fifth author is protected elsewhere."""
        authors = Person.objects.bulk_create(self.person("an author", named=True) for _ in range(count))
        employers = Organisation.objects.bulk_create(self.body("an author's employer", named=True) for _ in range(5))
        unnamed = Person.objects.bulk_create(self.person("whom an article leaves unnamed") for _ in range(count))
        self.two_sided = authors[::5]
        for number, author in enumerate(authors):
            article = self.add(
                Article,
                f"{self.claim()}, by {author.family_name}",
                date=f"20{10 + number % 15}",
                outlet=f"The {self.show('an outlet')} Review",
                text=f"{self.claim()} {self.hide('the text of an article')}",
            )
            self.later(Authorship(article=article, person=author, affiliation=employers[number % 5]))
            for order in (1, 2):
                position = self.position(article=article, order=order, named_in_source=order == 1)
                speaker = author if order == 1 else unnamed[number]
                self.later(Position.speakers.through(position=position, person=speaker))
                self.later(Passage(position=position, quotation=f"“{self.claim()}”", locator=f"page {order}"))

    # --- Meetings

    def _meeting(self, number: int) -> Meeting:
        """Of ten workshops one is off the record; two are on it, one of them but for one of its sessions."""
        rule = OFF if number % 10 == 9 else _RULES[number % 10]
        title = f"Meeting of {self.hide('an off-the-record workshop') if rule == OFF else self.claim()}"
        host = self.body("a host", named=rule != OFF)
        host.save()
        workshop = self.add(
            Workshop,
            title,
            rule=rule,
            host=host,
            place=self.show("a place") if rule != OFF else self.hide("where an off-the-record workshop was"),
            date=f"20{10 + number % 15}-06-0{1 + number % 8}/20{10 + number % 15}-06-09",
            key_questions=[f"{self.claim()}?"],
            embargo="2012-06-08T09:00" if number % 3 == 0 else "",
            time_zone="Asia/Tokyo",
        )
        meeting = Meeting(workshop, [], *self._attendance(workshop, number))
        self.refused |= {workshop: {"off-the-record"}} if rule == OFF else {}
        for part in (1, 2) if number % 10 in (1, 3) else (1,):
            own = Rule.CHATHAM_HOUSE if part == 2 and rule != OFF and number % 10 == 1 else ""
            meeting.sessions.append(self._session(meeting, part, own, secret=rule == OFF))
        return meeting

    def _attendance(self, workshop: Workshop, number: int) -> tuple[list[Organisation], list[Person], Region]:
        """Six people from two organisations; names are public where the whole of the workshop is on the record."""
        named = workshop.rule == Rule.ON_THE_RECORD and number % 10 == 0
        where = f"somebody at a workshop that is {workshop.get_rule_display().lower()}"
        bodies = Organisation.objects.bulk_create(self.body(f"where {where} works", named) for _ in range(2))
        people = Person.objects.bulk_create(self.person(where, named) for _ in range(6))
        expertise = self.rng.choice(self.regions)
        known = people if named or number % 4 else [*people, self.rng.choice(self.two_sided)]
        for i, person in enumerate(known):
            attendance = Attendance.objects.bulk_create(
                [
                    Attendance(
                        workshop=workshop,
                        person=person,
                        affiliation=bodies[i % 2],
                        sector=Sector.GOVERNMENT,
                        country="JP" if i == 0 else "",
                        role=Role.CHAIR if i == 1 else Role.PARTICIPANT,
                    )
                ]
            )[0]
            self.later(Attendance.expertise.through(attendance=attendance, region=expertise))
        return bodies, known, expertise

    def _session(self, meeting: Meeting, part: int, rule: str, secret: bool) -> Session:
        session = self.add(
            Session,
            f"{self.claim()} {self.hide('an off-the-record session') if secret else ''}".strip(),
            workshop=meeting.workshop,
            number=part,
            rule=rule,
            key_questions=[f"{self.claim()}?"],
            text=f"{self.hide('the notes of a session')} spoke first.",
        )
        for order in (1, 2):
            position = self.position(
                self.hide("an off-the-record position") if secret else self.claim(),
                session=session,
                order=order,
                quantifier=self.rng.choice((Quantifier.SOME, Quantifier.ONE, Quantifier.MANY)),
                descriptor_expertise=self.rng.choice((None, meeting.expertise)),
            )
            self.speaks(position, self._speaker(meeting, session, order))
            before = self.hide("what stands before a quotation in the notes of a session")
            self.later(Passage(position=position, locator=f"note {order}", prefix=f"So {before} said: "))
            meeting.positions.append(position)
            self.refused |= {position: OFF_WITH_ITS_WORKSHOP} if secret else {}
        self.refused |= {session: OFF_WITH_ITS_WORKSHOP} if secret else {}
        return session

    def _speaker(self, meeting: Meeting, session: Session, order: int) -> Person:
        """One of those who came; where only this session is on the record, somebody who came to it alone."""
        workshop = meeting.workshop
        if session.effective_rule != Rule.ON_THE_RECORD or meeting.people[0].family_name in self.public:
            return meeting.people[-order]
        speaker = self.person("a speaker on the record", named=True)
        speaker.save()
        self.later(Attendance(workshop=workshop, session=session, person=speaker, role=Role.SPEAKER))
        return speaker

    def position(self, title: str = "", **fields: Any) -> Position:
        """A position, three of four times on a proposition."""
        if self.rng.random() < 0.75:
            fields = {
                "proposition": self.rng.choice(self.propositions),
                "stance": self.rng.choice(Stance.values),
            } | fields
        return self.add(Position, title or self.claim(), **fields)

    def speaks(self, position: Position, *people: Person) -> None:
        self.later(*(Position.speakers.through(position=position, person=person) for person in people))

    # --- Reviewing

    def protected_meetings(self) -> Iterator[Meeting]:
        """Those held under a rule that lets something pass and protects the names of everybody there."""
        for meeting in self.meetings:
            if meeting.workshop.rule in (Rule.NOT_FOR_ATTRIBUTION, Rule.CHATHAM_HOUSE):
                yield meeting

    def give_reasons(self, entry: Entry) -> None:
        """Let every warning pass, for a reason that is private."""
        for finding in unacknowledged(entry, findings(entry)):
            acknowledge(entry, finding, f"{self.hide('a reason')} says so.", self.reviewer)
