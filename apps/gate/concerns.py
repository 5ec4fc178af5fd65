"""Which entries a private fact decides about, by their primary keys; whether they are public is asked afterwards.

Each is asked in small steps by a key. With one question that joins all of it a planner without statistics goes astray,
and its cost is that of the whole catalogue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field, replace
from typing import Any

from django.apps import apps
from django.db.models import Count, Model, QuerySet
from taggit.models import Tag

from apps.curation.journal import Change
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
    Workshop,
)
from apps.gate.addresses import addresses_of, leading_to
from apps.gate.checks.linkage import FEW
from apps.gate.models import Publication, PublishedName, PublishedTag, WaitingReference
from apps.gate.references import published_links, references_from, references_to
from apps.gate.same import alike, bodies_alike, called_so
from apps.public.catalogue.models import Link, Record, Tie
from apps.taxonomy.models import Region
from apps.taxonomy.words import Kind, Relation

FACTS: tuple[type[Model], ...] = (
    *(Workshop, Session, Attendance, Person, Organisation),
    *(Article, Authorship, Position, Passage, Region),
)


@dataclass(slots=True)
class Concern:
    """What changes concern, by primary keys: entries, and all that positions decide about.

    Positions change by the thousand. So of each is noted what it hangs on, before and after, and that is followed once,
    when all is done. Whatever else changes meanwhile says for itself what it concerns.
    """

    entries: set[int] = field(default_factory=set)
    positions: set[int] = field(default_factory=set)  # that changed
    moved: set[int] = field(default_factory=set)  # those of which the speakers, or the place, may be others now
    speakers: set[int] = field(default_factory=set)  # what these positions hung on
    articles: set[int] = field(default_factory=set)
    propositions: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return any(astuple(self))

    def __ior__(self, other: Concern) -> Concern:
        for name in self.__slots__:
            getattr(self, name).update(getattr(other, name))
        return self

    def followed(self) -> set[int]:
        """All entries that it comes to, as the database has them now."""
        found = self.entries | where_somebody_unlisted_speaks(self.moved)
        if self.positions:
            found |= self.propositions | _of_positions(self.positions, self.speakers, self.articles)
        return found


def concern_of(fact: Model) -> Concern:
    """What a fact decides about, as the database has it now: to be asked before it changes."""
    match fact:
        case Position():
            return replace(concern_of_positions({fact.pk}), moved=set())
        case Passage():
            return concern_of_positions({fact.position_id})
    return Concern(concerned_by(fact))


def concern_since(fact: Model) -> Concern:
    """What a fact decides about from now on. What a position hangs on then is found when that is followed."""
    match fact:
        case Position():
            return Concern(positions={fact.pk})
        case Passage():
            return Concern(positions={fact.position_id})
    return Concern(concerned_by(fact))


def concern_of_positions(keys: set[int]) -> Concern:
    """What positions, by their primary keys, decide about, as the database has them now, and where they were taken."""
    rows = _rows(Position, "pk", "article", "proposition", pk__among=keys)
    found = {pk for pk, _, _ in rows}
    articles, propositions = ({row[at] for row in rows} - {None} for at in (1, 2))
    return Concern(set(), found, found, _speakers_of(found), articles, propositions)


def concern_of_entries(entries: Iterable[Entry]) -> Concern:
    """What entries of any kind decide about, themselves among it: for those that come back to the public."""
    known = {entry.pk: entry for entry in entries}
    positions = {pk for pk, entry in known.items() if entry.kind == Kind.POSITION}
    found = concern_of_positions(positions)
    found.entries |= known.keys()
    for pk in known.keys() - positions:
        found |= concern_of(known[pk].child)
    return found


# Rows that only join two: the column that says whose they are, and what that is.
_JOINING: dict[type[Model], tuple[str, type[Model]]] = {
    Attendance.expertise.through: ("attendance_id", Attendance),
    Position.speakers.through: ("position_id", Position),
    Passage: ("position_id", Position),
}


def concern_of_rows(made: Iterable[Change]) -> Concern:
    """What the rows that a step changed decide about, as the database has them now, and what it joined to others or
    parted from them. Of rows that it made or deleted itself the watch is told when they go or come back."""
    changed: dict[type[Model], set[Any]] = defaultdict(set)
    new: dict[type[Model], set[Any]] = defaultdict(set)
    for one in made:
        model: type[Model] = apps.get_model(one["model"])
        rows = [row for row in (one["before"], one["after"]) if row is not None]
        (changed if len(rows) == 2 else new)[model].add(one["pk"])
        if model in _JOINING:
            column, owner = _JOINING[model]
            changed[owner] |= {row[column] for row in rows if column in row}
    found = concern_of_positions(changed.pop(Position, set()))
    for model, pks in changed.items():
        if model is Entry or model in FACTS:
            for row in model._base_manager.filter(pk__among=pks - new[model]):
                found |= concern_of(getattr(row, "child", row))
    return found


def concerned_by(fact: Model) -> set[int]:
    """The entries that a fact other than a position decides about."""
    match fact:
        case Workshop():
            return of_workshops([fact.pk])
        case Session():
            return of_workshops([fact.workshop_id])
        case Attendance():
            here = of_workshops(_attended(Attendance.objects.filter(pk=fact.pk)))
            return here | (_elsewhere([fact.person_id]) if fact.affiliation_id else set())
        case Organisation():
            same = {one.pk for one in bodies_alike([fact])}
            here = of_workshops(_attended(Attendance.objects.filter(affiliation__in=same)))
            return here | _elsewhere(
                person
                for model in (Attendance, Authorship)
                for person in model.objects.filter(affiliation__in=same).values_list("person", flat=True)
            )
        case Person():
            return _of_person(fact.pk)
        case Authorship():
            return _of_person(fact.person_id)
        case Article():
            authors = set(fact.authorships.values_list("person", flat=True))
            found = {fact.pk} | _held_by_such(authors, {fact.pk}) | _joined(fact) | _positions(article=fact.pk)
            return found | leading_to(addresses_of(fact, (), (fact.doi, fact.url)))
        case Region():
            described = Publication.objects.exclude(descriptor__expertise="").exclude(descriptor={})
            return set(described.values_list("entry", flat=True))
    return set()


def concerned_by_all_of(thing: Model) -> set[int]:
    """The entries that a tag, a theme, a person, an organisation or a proposition decides about, with all rows that
    name it: for whoever changes these past their models."""
    match thing:
        case Tag():
            return with_few_of([thing.name])
        case Person():
            return concerned_by(thing) | _of_positions(_held_by([thing.pk]), set(), set())
        case Organisation():
            authors = Authorship.objects.filter(affiliation=thing.pk).values_list("person", flat=True).distinct()
            signed = {pk for author in authors for pk in _of_person(author)}
            return concerned_by(thing) | signed | of_workshops(_pks(Workshop.objects.filter(host=thing.pk)))
        case Proposition():
            links = Link.objects.filter(target__identifier=thing.identifier, tie=Tie.TAKES_SIDE_ON)
            beside = Entry.objects.filter(identifier__in=links.values("source__identifier"))
            return {thing.pk} | _positions(proposition=thing.pk) | _pks(beside) | _joined(thing)
    return set()  # no rule looks at themes: nobody's name is one, and nobody is counted by them


def _of_positions(positions: set[int], speakers: set[int], articles: set[int]) -> set[int]:
    """What positions decide about, and have decided while these spoke there and they were found in these articles: what
    they take a side on, what they are joined to, and where the same words may recur."""
    articles = articles | {pk for pk in _values(Position, "article", pk__among=positions) if pk}
    authors = set(_values(Authorship, "person", article__among=articles))
    held = _held_by_such(speakers | _speakers_of(positions) | authors, positions)
    joined = joined_to(set(_values(Entry, "identifier", pk__among=positions | articles)))
    return positions | articles | held | joined | _propositions_of(positions)


def _held_by_such(people: set[int], named_by: set[int]) -> set[int]:
    """The positions of people, of those whom some records still name, or of whoever is called the same."""
    named = PublishedName.objects.filter(entry__among=named_by).select_related("person")
    holders = alike(Person.objects.filter(pk__among=people)) | called_so({one.key for one in named})
    holders |= {one.person for one in named if one.person}
    return _positions(speakers__among=[one.pk for one in holders])


def joined_to(identifiers: set[str]) -> set[int]:
    """What some records refer to, or are referred to by; also by references that wait."""
    found: set[str] = set()
    for model, here, there in (
        (Link.objects.filter(tie__in=Relation.values), "source__identifier", "target__identifier"),
        (WaitingReference.objects.all(), "source", "target"),
    ):
        found |= set(model.filter(**{f"{here}__among": identifiers}).values_list(there, flat=True))
        found |= set(model.filter(**{f"{there}__among": identifiers}).values_list(here, flat=True))
    return _pks(Entry.objects.filter(identifier__among=found))


def of_workshops(workshops: Iterable[int]) -> set[int]:
    """Workshops, their sessions, the positions taken or reported there, and what these take a side on."""
    workshops = set(workshops)
    sessions = _pks(Session.objects.filter(workshop__among=workshops))
    positions = _positions(session__among=sessions) | _positions(reported_from__among=workshops)
    return workshops | sessions | positions | _propositions_of(positions)


def _propositions_of(positions: set[int]) -> set[int]:
    """What positions take a side on: in public, or by their drafts."""
    rows = _rows(Position, "identifier", "proposition", pk__among=positions)
    names, drafted = {name for name, _ in rows}, {pk for _, pk in rows if pk}
    links = Link.objects.filter(tie=Tie.TAKES_SIDE_ON, source__identifier__among=names)
    public = set(links.values_list("target__identifier", flat=True))
    return drafted | _pks(Entry.objects.filter(identifier__among=public))


def with_few_of(tags: Iterable[str]) -> set[int]:
    """Entries whose records carry one of these tags, where no more than a few do."""
    counted = PublishedTag.objects.filter(name__in=tags, former=False).values_list("name").annotate(n=Count("pk"))
    few = [name for name, n in counted if n <= FEW + 1]
    return set(PublishedTag.objects.filter(name__in=few).values_list("entry", flat=True))


def all_public() -> set[int]:
    return _pks(Entry.objects.filter(identifier__in=Record.objects.live().values("identifier")))


def _of_person(person: int) -> set[int]:
    """What came from the meetings that somebody attended, and what they hold, signed, or are reported in; with that of
    whoever is called the same, who is taken for them."""
    same = {person} | {one.pk for one in alike(Person.objects.filter(pk=person))}
    signed = set(Authorship.objects.filter(person__in=same).values_list("article", flat=True))
    spoken = _held_by(same)
    attended = of_workshops(_attended(Attendance.objects.filter(person__in=same)) | _heard_at(spoken))
    held = _positions(article__in=signed) | spoken
    return attended | signed | held | _propositions_of(held)


def where_somebody_unlisted_speaks(positions: set[int]) -> set[int]:
    """All of the workshops where these positions were taken, if somebody holds one who is in no attendance there."""
    said = _rows(Position.speakers.through, "position", "person", position__among=positions)
    places = dict(_heard(pk for pk, _ in said))
    spoke: dict[int, set[int]] = defaultdict(set)  # by workshop
    for position, person in said:
        if position in places:
            spoke[places[position]].add(person)
    return of_workshops(workshop for workshop, people in spoke.items() if people - _listed_at(workshop))


def _listed_at(workshop: int) -> set[int]:
    listed = Attendance.objects.filter(workshop=workshop, session=None)
    return set(listed.values_list("person", flat=True))


def _held_by(people: Iterable[int]) -> set[int]:
    rows = Position.speakers.through.objects.filter(person__in=people)
    return set(rows.values_list("position", flat=True))


def _heard_at(positions: Iterable[int]) -> set[int]:
    """The workshops where positions were taken, or that an article reports them from."""
    return {workshop for _, workshop in _heard(positions)}


def _heard(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Positions with the workshop where each was taken, or that an article reports it from."""
    rows = _rows(Position, "pk", "session", "reported_from", pk__among=set(positions))
    sessions = {session for _, session, _ in rows if session}
    workshops = dict(_rows(Session, "pk", "workshop", pk__among=sessions))
    places = [(pk, workshops.get(session, reported_from)) for pk, session, reported_from in rows]
    return [(pk, workshop) for pk, workshop in places if workshop]


def _elsewhere(people: Iterable[int]) -> set[int]:
    """What is judged by the affiliations that people have elsewhere: what they hold, and where they came with none;
    with that of whoever is called the same."""
    people = {one.pk for one in alike(Person.objects.filter(pk__among=set(people)))}
    held = _positions(speakers__in=people)
    there = _attended(Attendance.objects.filter(person__in=people)) | _heard_at(held)
    return of_workshops(there) | held | _propositions_of(held)


def _joined(entry: Entry | None) -> set[int]:
    """What an entry's record refers to, or is referred to by."""
    record = Record.objects.live().filter(identifier=entry.identifier).first() if entry else None
    if record is None:
        return set()
    references = (*references_from(published_links(record)), *references_to(record.identifier))
    return _pks(Entry.objects.filter(identifier__in={one.other for one in references}))


def _attended(attendances: QuerySet[Attendance]) -> set[int]:
    """The workshops that were attended, as the rows or their sessions say."""
    return {pk for row in attendances.values_list("workshop", "session__workshop") for pk in row if pk}


def _speakers_of(positions: set[int]) -> set[int]:
    return set(_values(Position.speakers.through, "person", position__among=positions))


def _positions(**conditions: object) -> set[int]:
    return set(_values(Position, "pk", **conditions))


def _values(model: type[Model], column: str, **conditions: object) -> Iterable[Any]:
    return model._base_manager.filter(**conditions).values_list(column, flat=True)


def _rows(model: type[Model], *columns: str, **conditions: object) -> list[tuple[Any, ...]]:
    return list(model._base_manager.filter(**conditions).values_list(*columns))


def _pks(rows: QuerySet) -> set[int]:  # type: ignore[type-arg]
    return set(rows.order_by().values_list("pk", flat=True))
