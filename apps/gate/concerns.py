"""Which entries a private fact decides about, by their primary keys; whether they are public is asked afterwards.

Each is asked in small steps by a key. With one question that joins all of it a planner without statistics goes astray,
and its cost is that of the whole catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Model, Q, QuerySet
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
    Workshop,
)
from apps.gate.checks.linkage import FEW
from apps.gate.models import Publication, PublishedName, PublishedTag, WaitingReference
from apps.gate.published import alike, called_so, named_in_public
from apps.gate.references import published_links, references_from, references_to
from apps.public.catalogue.models import Link, Record, Tie
from apps.taxonomy.models import Region
from apps.taxonomy.words import Relation

FACTS: tuple[type[Model], ...] = (
    *(Workshop, Session, Attendance, Person, Organisation),
    *(Article, Authorship, Position, Passage, Region),
)


def concerned_by(fact: Model) -> set[int]:
    """The entries that a fact decides about, as the database has it now."""
    match fact:
        case Workshop():
            return of_workshops([fact.pk])
        case Session():
            return of_workshops([fact.workshop_id])
        case Attendance():
            here = of_workshops(_attended(Attendance.objects.filter(pk=fact.pk)))
            return here | (_elsewhere([fact.person_id]) if fact.affiliation_id else set())
        case Organisation():
            here = of_workshops(_attended(Attendance.objects.filter(affiliation=fact.pk)))
            return here | _elsewhere(
                person
                for model in (Attendance, Authorship)
                for person in model.objects.filter(affiliation=fact.pk).values_list("person", flat=True)
            )
        case Person():
            return _of_person(fact.pk)
        case Authorship():
            return _of_person(fact.person_id)
        case Article():
            authors = set(fact.authorships.values_list("person", flat=True))
            return _where_words_may_recur(fact, authors) | _positions(article=fact.pk)
        case Position():
            speakers = _pks(Person.objects.filter(positions=fact.pk))
            authors = set(Authorship.objects.filter(article=fact.article_id).values_list("person", flat=True))
            beside = _propositions_of({fact.pk}) | ({fact.article_id} if fact.article_id else set())
            return _where_words_may_recur(fact, speakers | authors) | beside | _joined(fact.article)
        case Passage():
            position = Position.objects.filter(pk=fact.position_id).first()
            return concerned_by(position) if position else set()
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
            return concerned_by(thing) | _of_positions(_held_by(thing.pk))
        case Organisation():
            authors = Authorship.objects.filter(affiliation=thing.pk).values_list("person", flat=True).distinct()
            signed = {pk for author in authors for pk in _of_person(author)}
            return concerned_by(thing) | signed | of_workshops(_pks(Workshop.objects.filter(host=thing.pk)))
        case Proposition():
            links = Link.objects.filter(target__identifier=thing.identifier, tie=Tie.TAKES_SIDE_ON)
            beside = Entry.objects.filter(identifier__in=links.values("source__identifier"))
            return {thing.pk} | _positions(proposition=thing.pk) | _pks(beside) | _joined(thing)
    return set()  # no rule looks at themes: nobody's name is one, and nobody is counted by them


def _of_positions(positions: set[int]) -> set[int]:
    """What concerned_by() says of each of these positions, asked at once."""
    rows = Position.objects.filter(pk__in=positions)
    articles = {pk for pk in rows.values_list("article", flat=True) if pk}
    speakers = set(Position.speakers.through.objects.filter(position__in=positions).values_list("person", flat=True))
    authors = set(Authorship.objects.filter(article__in=articles).values_list("person", flat=True))
    named = PublishedName.objects.filter(entry__in=positions).select_related("person")
    holders = alike(Person.objects.filter(pk__in=speakers | authors)) | called_so(one.name for one in named)
    holders |= {one.person for one in named if one.person}
    names = set(Entry.objects.filter(pk__in=positions | articles).values_list("identifier", flat=True))
    joined = joined_to(names)
    return positions | articles | _positions(speakers__in=holders) | joined | _propositions_of(positions)


def joined_to(identifiers: set[str]) -> set[int]:
    """What some records refer to, or are referred to by; also by references that wait."""
    found: set[str] = set()
    for model, here, there in (
        (Link.objects.filter(tie__in=Relation.values), "source__identifier", "target__identifier"),
        (WaitingReference.objects.all(), "source", "target"),
    ):
        found |= set(model.filter(**{f"{here}__in": identifiers}).values_list(there, flat=True))
        found |= set(model.filter(**{f"{there}__in": identifiers}).values_list(here, flat=True))
    return _pks(Entry.objects.filter(identifier__in=found))


def of_workshops(workshops: Iterable[int]) -> set[int]:
    """Workshops, their sessions, the positions taken or reported there, and what these take a side on."""
    workshops = set(workshops)
    sessions = _pks(Session.objects.filter(workshop__in=workshops))
    positions = _positions(session__in=sessions) | _positions(reported_from__in=workshops)
    return workshops | sessions | positions | _propositions_of(positions)


def _propositions_of(positions: set[int]) -> set[int]:
    """What positions take a side on: in public, or by their drafts."""
    rows = Position.objects.filter(pk__in=positions).values_list("identifier", "proposition")
    names, drafted = {name for name, _ in rows}, {pk for _, pk in rows if pk}
    links = Link.objects.filter(tie=Tie.TAKES_SIDE_ON, source__identifier__in=names)
    public = set(links.values_list("target__identifier", flat=True))
    return drafted | _pks(Entry.objects.filter(identifier__in=public))


def with_few_of(tags: Iterable[str]) -> set[int]:
    """Entries whose records carry one of these tags, where no more than a few do."""
    counted = PublishedTag.objects.filter(name__in=tags, former=False).values_list("name").annotate(n=Count("pk"))
    few = [name for name, n in counted if n <= FEW + 1]
    return set(PublishedTag.objects.filter(name__in=few).values_list("entry", flat=True))


def all_public() -> set[int]:
    return _pks(Entry.objects.filter(identifier__in=Record.objects.live().values("identifier")))


def _of_person(person: int) -> set[int]:
    """What came from the meetings that somebody attended, and what they hold, signed, or are reported in."""
    signed = set(Authorship.objects.filter(person=person).values_list("article", flat=True))
    attended = of_workshops(_attended(Attendance.objects.filter(person=person)) | _heard_at(_held_by(person)))
    held = _positions(article__in=signed) | _held_by(person)
    return attended | signed | held | _propositions_of(held)


def where_somebody_unlisted_speaks(position: Position) -> set[int]:
    """All of the workshop where a position was taken, if somebody holds it who is in no attendance there."""
    speakers = set(position.speakers.values_list("pk", flat=True))
    workshops = _heard_at({position.pk}) if speakers else set()
    sessions = _pks(Session.objects.filter(workshop__in=workshops))
    listed = Attendance.objects.filter(Q(workshop__in=workshops) | Q(session__in=sessions))
    return of_workshops(workshops) if speakers - set(listed.values_list("person", flat=True)) else set()


def _held_by(person: int) -> set[int]:
    rows = Position.speakers.through.objects.filter(person=person)
    return set(rows.values_list("position", flat=True))


def _heard_at(positions: set[int]) -> set[int]:
    """The workshops where positions were taken, or that an article reports them from."""
    rows = list(Position.objects.filter(pk__in=positions).values_list("session", "reported_from"))
    sessions = Session.objects.filter(pk__in={session for session, _ in rows if session})
    return {workshop for _, workshop in rows if workshop} | set(sessions.values_list("workshop", flat=True))


def _elsewhere(people: Iterable[int]) -> set[int]:
    """What is judged by the affiliations that people have elsewhere: what they hold, and where they came with none."""
    people = set(people)
    homeless = Attendance.objects.filter(person__in=people, affiliation=None)
    held = _positions(speakers__in=people)
    return of_workshops(_attended(homeless)) | held | _propositions_of(held)


def _where_words_may_recur(entry: Article | Position, people: set[int]) -> set[int]:
    """The entry, what its record is joined to, and all positions that its people hold, or those whom its record still
    names, or whoever is called the same."""
    holders = alike(Person.objects.filter(pk__in=people)) | named_in_public(entry)
    return {entry.pk} | _positions(speakers__in=holders) | _joined(entry)


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


def _positions(**conditions: object) -> set[int]:
    return _pks(Position.objects.filter(**conditions))


def _pks(rows: QuerySet) -> set[int]:  # type: ignore[type-arg]
    return set(rows.values_list("pk", flat=True))
