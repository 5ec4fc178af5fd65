"""What the gate judges: what is, or would be, public, set against what is private."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from apps.curation.models import Article, Entry, Organisation, Person, Position, Proposition, Session, Workshop
from apps.gate.addresses import addressed_in, addresses_of, leading_to
from apps.gate.descriptors import Descriptor, Fit, count
from apps.gate.meetings import Known, Meeting, bodies_anywhere
from apps.gate.readings import readings
from apps.gate.records import Links, build, links_of
from apps.gate.references import Reference, published_links, references_from, references_to
from apps.gate.rules import is_protected, may_name_speakers, rule_of
from apps.gate.same import alike, bodies_alike
from apps.public.catalogue.models import Link, Record, Tie
from apps.taxonomy.words import Relation, Rule

# Words of our own closed lists and vocabulary, and the identifiers of other records: nobody's name.
CONTROLLED = frozenset(
    "regions themes rule stance date date_text earliest genre language proposition source workshop state".split()
)
_FORM_FIELDS = {"holder": "reported_as"}


@dataclass
class Run:
    """What is read once for all the cases of one run. Facts don't change while they are judged."""

    meetings: dict[int, Meeting] = field(default_factory=dict)  # by primary keys
    said: dict[Any, list[Any]] = field(default_factory=dict)  # at the other ends of a wording, by whose they are
    _speakers: dict[int, frozenset[Person]] = field(default_factory=dict)
    _alike: dict[frozenset[Person], frozenset[Person]] = field(default_factory=dict)
    _bodies: dict[int, set[Known]] = field(default_factory=dict)
    _bodies_alike: dict[frozenset[Known], frozenset[Known]] = field(default_factory=dict)
    _closed: dict[int, list[Meeting]] = field(default_factory=dict)
    _closed_people: dict[int, frozenset[Known]] = field(default_factory=dict)
    _fits: dict[tuple[Descriptor, int], Fit] = field(default_factory=dict)

    def meeting(self, where: Workshop | Session) -> Meeting:
        if where.pk not in self.meetings:
            self.meetings[where.pk] = (
                self.meeting(where.workshop).part(where.pk) if isinstance(where, Session) else Meeting.of(where.pk)
            )
        return self.meetings[where.pk]

    def fit(self, descriptor: Descriptor, where: Workshop | Session) -> Fit:
        """Who of those recorded as present a descriptor describes; most positions of a meeting share a few."""
        if (key := (descriptor, where.pk)) not in self._fits:
            self._fits[key] = count(descriptor, self.meeting(where).attendees)
        return self._fits[key]

    def speakers(self, position: Position) -> frozenset[Person]:
        if position.pk not in self._speakers:
            self._speakers[position.pk] = frozenset(position.speakers.all())
        return self._speakers[position.pk]

    def alike(self, people: frozenset[Person]) -> frozenset[Person]:
        if people not in self._alike:
            self._alike[people] = alike(people)
        return self._alike[people]

    def bodies(self, people: Iterable[int]) -> set[Known]:
        """The organisations of people, by their primary keys, wherever we know them from."""
        people = set(people)
        self._bodies |= bodies_anywhere(people - self._bodies.keys())
        return {body for person in people for body in self._bodies[person]}

    def bodies_alike(self, bodies: frozenset[Known]) -> frozenset[Known]:
        if bodies not in self._bodies_alike:
            rows = bodies_alike(Organisation.objects.filter(pk__in=[one.pk for one in bodies])) if bodies else ()
            self._bodies_alike[bodies] = bodies | {Known.of_body(one) for one in rows}
        return self._bodies_alike[bodies]

    def closed_meetings(self, where: Workshop | Session) -> list[Meeting]:
        """The workshop, or those of its sessions, that a rule protects: who was at one of them is named in none of
        its parts, however open these are."""
        workshop = where if isinstance(where, Workshop) else where.workshop
        if workshop.pk not in self._closed:
            parts: list[Workshop | Session] = [workshop]
            if not is_protected(workshop.effective_rule):
                parts = [one for one in workshop.sessions.all() if is_protected(one.effective_rule)]
            self._closed[workshop.pk] = [self.meeting(part) for part in parts]
        return self._closed[workshop.pk]

    def closed_people(self, where: Workshop | Session) -> frozenset[Known]:
        """Who was at one of these."""
        workshop = where.pk if isinstance(where, Workshop) else where.workshop_id
        if workshop not in self._closed_people:
            meetings = self.closed_meetings(where)
            self._closed_people[workshop] = frozenset(one for meeting in meetings for one in meeting.people)
        return self._closed_people[workshop]


@dataclass
class Case:
    """An entry as it stands, or as it was published, with the private facts that decide what may be said of it."""

    entry: Entry  # as its kind
    content: dict[str, Any]  # what is, or would be, public
    links: Links
    descriptor: Descriptor
    purpose: Literal["look", "publish", "re-check"] = "look"
    by: User | None = None
    at: dt.datetime = field(default_factory=timezone.now)
    run: Run = field(default_factory=Run)

    @classmethod
    def of_draft(cls, entry: Entry, **more: Any) -> Case:
        """The entry as publishing it now would show it."""
        entry = entry.child
        descriptor = Descriptor.of(entry) if isinstance(entry, Position) else Descriptor()
        return cls(entry, build(entry), links_of(entry), descriptor, **more)

    @cached_property
    def rule(self) -> Rule | None:
        return rule_of(self.entry)

    @cached_property
    def is_protected(self) -> bool:
        return is_protected(self.rule)

    @cached_property
    def where(self) -> Workshop | Session | None:
        """Where it was said; for a position from an article, the workshop that the article reports from."""
        if isinstance(self.entry, Position):
            return self.entry.session or self.entry.reported_from
        return self.entry if isinstance(self.entry, Workshop | Session) else None

    @cached_property
    def meeting(self) -> Meeting | None:
        if self.where is None:
            return None
        return self.run.meeting(self.where)

    @cached_property
    def speakers(self) -> frozenset[Person]:
        return self.run.speakers(self.entry) if isinstance(self.entry, Position) else frozenset()

    @cached_property
    def held_by(self) -> frozenset[Person]:
        """Who holds it, if no reader may know."""
        return protected_speakers(self.entry, self.run)

    @cached_property
    def named(self) -> frozenset[Person]:
        return named_by(self.entry, self.run)

    @cached_property
    def takes_side_on(self) -> Record | None:
        """The proposition that it takes a side on, or would, as it is in public."""
        found = [target for target, tie, _ in self.links.live if tie == Tie.TAKES_SIDE_ON]
        return Record.objects.live().filter(pk__in=found).first() if found else None

    @cached_property
    def notes_of_its_proposition(self) -> list[Reference]:
        if (record := self.takes_side_on) is None:
            return []
        drafts = self.looks_at_drafts
        return [*references_from(published_links(record), drafts), *references_to(record.identifier, drafts)]

    @cached_property
    def refers_to(self) -> list[Reference]:
        return references_from(self.links, self.looks_at_drafts)

    @cached_property
    def referred_to_by(self) -> list[Reference]:
        return references_to(self.entry.identifier, self.looks_at_drafts)

    @cached_property
    def joined(self) -> list[Entry]:
        """What it refers to, or is referred to by."""
        names = {one.other for one in (*self.refers_to, *self.referred_to_by)}
        return list(Entry.objects.filter(identifier__in=names).order_by("pk")) if names else []

    @cached_property
    def addressed(self) -> list[Entry]:
        """What has its address in a text of it, or has the address of it in a text that is public; but for the article
        that it is found in, and, of those that lead to an article, the positions found there."""
        leading = leading_to(addresses_of(self.entry, [self.content]))
        if leading:
            leading -= set(Position.objects.filter(article=self.entry.pk, pk__in=leading).values_list("pk", flat=True))
        own = {self.entry.pk, getattr(self.entry, "article_id", None)}
        is_joined = addressed_in(text for _, text in self.texts()) | (Q(pk__in=leading) if leading else Q())
        return list(Entry.objects.filter(is_joined).exclude(pk__in=own - {None}).order_by("pk")) if is_joined else []

    @cached_property
    def protected_people(self) -> frozenset[Known]:
        """Those whom nothing public of the entry may name."""
        return protected_people(self.entry, self.run, self.looks_at_drafts)

    @property
    def looks_at_drafts(self) -> bool:
        """What somebody drafts is a reason not to publish something beside it, and none to take out what is public."""
        return self.purpose != "re-check"

    @cached_property
    def protected_bodies(self) -> frozenset[Known]:
        return protected_bodies(self.entry, self.run, self.looks_at_drafts)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every free text that is, or would be, public, with the form field it comes from.

        It walks the content itself, so a field that is added to a record is searched from then on.
        """
        for name, text in texts_of(self.content):
            yield from ((_FORM_FIELDS.get(name, name), reading) for reading in readings(text))
        for _, tie, note in sorted((*self.links.live, *self.links.waiting), key=str):
            yield from ((f"cross-references ({tie})", reading) for reading in readings(note))


def texts_of(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The free texts of a record, with its field."""
    for name, value in content.items():
        if name not in CONTROLLED:
            yield from ((name, text) for text in _strings(value))
    for passage in content.get("passages", ()):  # they stand next to one another, so a name may begin in one of them
        yield "passages", passage["prefix"] + passage["quotation"] + passage["suffix"]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def protected_people(entry: Entry, run: Run, drafts: bool = False) -> frozenset[Known]:
    """Whom nothing that is said of an entry may name: who held it, and all who were there, unless a rule lets them be
    named; of a proposition, those of the positions on it that are public, or of ``drafts`` too."""
    if isinstance(entry, Proposition):
        return frozenset(one for position in _positions_on(entry, drafts) for one in protected_people(position, run))
    if isinstance(entry, Workshop | Session):
        return run.closed_people(entry)
    if not isinstance(entry, Position):
        return frozenset()
    where = entry.session or entry.reported_from
    people = run.closed_people(where) if where else frozenset()
    if entry.article:
        people -= set(map(Known.of, entry.article.authors.all()))
    if may_name_speakers(entry):
        return people - set(map(Known.of, run.speakers(entry)))
    return people | set(map(Known.of, protected_speakers(entry, run)))


def protected_bodies(entry: Entry, run: Run, drafts: bool = False) -> frozenset[Known]:
    """The organisations of those who were there, as they came, and whichever are called the same; where none is
    recorded, all that we know of."""
    if isinstance(entry, Proposition):
        return frozenset(one for position in _positions_on(entry, drafts) for one in protected_bodies(position, run))
    if not isinstance(entry, Workshop | Session | Position):
        return frozenset()
    where = (entry.session or entry.reported_from) if isinstance(entry, Position) else entry
    came = [one for meeting in (run.closed_meetings(where) if where else ()) for one in meeting.attendees if one.body]
    homeless = protected_people(entry, run) - {one.person for one in came}
    return run.bodies_alike(frozenset({*(one.body for one in came if one.body), *run.bodies(p.pk for p in homeless)}))


def _positions_on(proposition: Proposition, drafts: bool) -> Iterable[Position]:
    sources = Link.objects.filter(target__identifier=proposition.identifier, tie=Tie.TAKES_SIDE_ON)
    names = set(sources.values_list("source__identifier", flat=True))
    if drafts:
        names |= set(Position.objects.filter(proposition=proposition).values_list("identifier", flat=True))
    positions = Position.objects.select_related("session__workshop", "article", "reported_from")
    return positions.filter(identifier__in=names).prefetch_related("speakers")


def holders_beside(entry: Entry, run: Run) -> frozenset[Known]:
    """Who holds, unnamed, a public position that is found in an entry, or joined to it by a reference: a reader goes
    from the one page to the other."""
    ends = {"source": "target", "target": "source"}
    names = {
        name
        for here, there in ends.items()
        for name in Link.objects.filter(**{f"{here}__identifier": entry.identifier})
        .filter(tie__in=(Tie.FOUND_IN, *Relation.values))
        .values_list(f"{there}__identifier", flat=True)
    }
    positions = Position.objects.filter(identifier__in=names).select_related("session__workshop", "article")
    return frozenset(Known.of(one) for position in positions for one in protected_speakers(position, run))


def protected_speakers(entry: Entry, run: Run) -> frozenset[Person]:
    """Who holds a position that no reader may connect with them; whoever is called the same is taken for them."""
    child = getattr(entry, "child", None)  # none in the midst of being deleted
    if isinstance(child, Position) and not may_name_speakers(child):
        return run.alike(run.speakers(child))
    return frozenset()


def named_by(entry: Entry, run: Run) -> frozenset[Person]:
    """Whom an entry names, or would name, in public: an article its authors, an open position its speakers."""
    child = getattr(entry, "child", None)
    if isinstance(child, Article):
        return frozenset(child.authors.all())
    if isinstance(child, Position):
        named = run.speakers(child) if may_name_speakers(child) else frozenset()
        return named | (frozenset(child.article.authors.all()) if child.article else frozenset())
    return frozenset()
