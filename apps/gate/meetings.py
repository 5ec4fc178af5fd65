"""Who was at a meeting, as the gate needs to know it: read once for all that is judged from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from django.db.models import Q

from apps.curation.models import Attendance, Authorship, Organisation, Person, Position, Session
from apps.gate.names import Name, NameFinder, folds
from apps.gate.same import called_so, every_key, that_may_be_one, who_is_meant
from apps.taxonomy.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Known:
    """A person or an organisation under every name that we know; two are the same if their rows are."""

    pk: int
    names: tuple[Name, ...] = field(compare=False)
    literal: tuple[str, ...] = field(compare=False)
    key: tuple[str, str] = field(
        compare=False, default=("", "")
    )  # a surname and an initial: two such may be one person

    @classmethod
    def person(cls, pk: int, family: str, given: str, aliases: list[str], email: str) -> Known:
        names, key = _names_and_key(family, given, tuple(aliases))
        return cls(pk, names, (*aliases, email), key)

    @classmethod
    def of(cls, one: Person) -> Known:
        return cls.person(one.pk, one.family_name, one.given_names, one.aliases, one.email)

    @property
    def called(self) -> set[str]:
        """Every name that one goes by, an acronym and an e-mail address among them, as keys."""
        return every_key([*(f"{name.given} {name.family}" for name in self.names), *self.literal])

    @classmethod
    def body(cls, pk: int, name: str, acronym: str, aliases: list[str]) -> Known:
        return cls(pk, tuple(Name.body(one) for one in (name, acronym, *aliases) if one), tuple(aliases))

    @classmethod
    def of_body(cls, one: Organisation) -> Known:
        return cls.body(one.pk, one.name, one.acronym, one.aliases)


@lru_cache(maxsize=10_000)
def _names_and_key(family: str, given: str, aliases: tuple[str, ...]) -> tuple[tuple[Name, ...], tuple[str, str]]:
    """The same people are read again for every position of a meeting, and for its parts."""
    key = (min(folds(family), default=family), min(folds(given[:1]), default=""))
    return (Name.person(family, given), *map(Name.alias, aliases)), key


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody at a meeting, as they came."""

    person: Known
    body: Known | None
    sector: str
    country: str
    role: str
    session: int | None  # its primary key, for those entered for one session, as they are on its agenda
    expertise: frozenset[str]  # regions with all above them, as slugs


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody who is known to have been there by what they said."""

    person: Known
    session: int | None  # its primary key; none for what an article reports from the meeting


_PERSON = ("family_name", "given_names", "aliases", "email")
_BODY = ("name", "acronym", "aliases")
_COLUMNS = (
    *("pk", "session_id", "sector", "country", "role", "person_id", "affiliation_id"),
    *(f"person__{name}" for name in _PERSON),
    *(f"affiliation__{name}" for name in _BODY),
)


class Meeting:
    """Who was at a workshop, the people of its sessions among them."""

    def __init__(self, attendees: list[Attendee], heard: list[Heard], doubles: dict[int, set[Known]]) -> None:
        self.attendees = attendees
        self.heard = heard
        self.doubles = doubles  # who is called the same as somebody who was there, by the primary key of these

    @classmethod
    def of(cls, workshop: int) -> Meeting:
        """A workshop's, by its primary key."""
        # Asked one after the other: a planner without statistics makes seconds of either question within the next.
        sessions = list(Session.objects.filter(workshop=workshop).order_by().values_list("pk", flat=True))
        # By session even where its row names another workshop: a session that was moved takes its people along.
        here = Q(workshop=workshop) | Q(session__in=sessions)
        rows = list(Attendance.objects.filter(here).values(*_COLUMNS))
        expertise: dict[int, set[str]] = defaultdict(set)
        through = Attendance.expertise.through.objects.filter(attendance__among=[row["pk"] for row in rows])
        for attendance, slug in through.values_list("attendance_id", "region__slug"):
            expertise[attendance] |= vocabulary().regions.ancestors(slug)
        attendees = [
            Attendee(
                person=Known.person(row["person_id"], *(row[f"person__{name}"] for name in _PERSON)),
                body=Known.body(row["affiliation_id"], *(row[f"affiliation__{name}"] for name in _BODY))
                if row["affiliation_id"]
                else None,
                sector=row["sector"],
                country=row["country"] or "",
                role=row["role"],
                session=row["session_id"],
                expertise=frozenset(expertise[row["pk"]]),
            )
            for row in rows
        ]
        heard = _heard(workshop, sessions, {row["person_id"] for row in rows if row["session_id"] is None})
        return cls(attendees, heard, _doubles({one.person for one in attendees} | {one.person for one in heard}))

    def part(self, session: int) -> Meeting:
        """Who was at one of its sessions: those who were there all along were at this one too."""
        return Meeting(
            [one for one in self.attendees if one.session in (None, session)],
            [one for one in self.heard if one.session in (None, session)],
            self.doubles,
        )

    @cached_property
    def people(self) -> frozenset[Known]:
        """All who are known to have been there, whether or not the attendance says so; and whoever is called the same:
        somebody may have been entered twice."""
        there = {one.person for one in self.attendees} | {one.person for one in self.heard}
        return frozenset(there.union(*(self.doubles.get(one.pk, ()) for one in there)))


def _doubles(there: set[Known]) -> dict[int, set[Known]]:
    """Whoever shares a name with somebody who was there, or is joined to them by others who do, by the primary key of
    these."""
    found, fresh = {one: one.called for one in there}, there
    while fresh:
        names = set[str]().union(*(found[one] for one in fresh))
        fresh = {Known.of(one) for one in called_so(names, {one.pk for one in found})}
        found |= {one: one.called for one in fresh}
    together = [group for group in that_may_be_one(found) if len(group) > 1]
    return {one.pk: group for group in together for one in group & there}


def _heard(workshop: int, sessions: list[int], attending: set[int]) -> list[Heard]:
    """Who holds a position taken or reported there, and is in no attendance."""
    positions = Position.objects.order_by()
    taken: dict[int, int | None] = dict(positions.filter(session__in=sessions).values_list("pk", "session"))
    reported = positions.filter(reported_from=workshop, named_in_source=False)
    taken |= dict.fromkeys(reported.values_list("pk", flat=True))
    rows = Position.speakers.through.objects.filter(position__among=taken).exclude(person__among=attending)
    said = {(person, taken[position]) for person, position in rows.values_list("person", "position")}
    people = Person.objects.filter(pk__in={person for person, _ in said}) if said else ()
    known = {one.pk: Known.of(one) for one in people}
    return [Heard(known[person], session) for person, session in sorted(said, key=str)]


def bodies_anywhere(people: set[int]) -> dict[int, set[Known]]:
    """The organisations that people, by their primary keys, or whoever is called the same, came from to any meeting, or
    gave in what they signed."""
    found: dict[int, set[int]] = {person: set() for person in people}
    meant = who_is_meant(Person.objects.filter(pk__in=people)) if people else {}
    for model in (Attendance, Authorship) if people else ():
        rows = model.objects.filter(person__in=meant, affiliation__isnull=False)
        for person, body in rows.values_list("person", "affiliation"):
            for one in meant[person]:
                found[one].add(body)
    wanted = Organisation.objects.filter(pk__in={body for bodies in found.values() for body in bodies})
    known = {row[0]: Known.body(*row) for row in wanted.values_list("pk", *_BODY)} if any(found.values()) else {}
    return {person: {known[body] for body in bodies} for person, bodies in found.items()}


_finders: dict[frozenset[object], NameFinder] = {}


def finder_of(known: Iterable[Known]) -> NameFinder:
    """Looks for people or organisations under every name of theirs. The last few finders are kept."""
    key = frozenset((one.names, one.literal) for one in known)
    if key not in _finders:
        while len(_finders) >= 32:
            _finders.pop(next(iter(_finders)))
        _finders[key] = NameFinder(
            [name for names, _ in key for name in names], [text for _, literal in key for text in literal if text]
        )
    return _finders[key]
