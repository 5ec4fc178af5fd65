"""Who of those who may have said something is named in a stretch of notes."""

from __future__ import annotations

from collections.abc import Iterator

from apps.curation.intake.candidates import PeopleFinder
from apps.curation.models import Article, Person, Session
from apps.gate.meetings import Known, Meeting, finder_of


def people_of(source: Article | Session) -> list[Person]:
    """Who may hold a position found here: whoever was at the session, or the authors of the article."""
    if isinstance(source, Article):
        return list(Person.objects.filter(authorships__article=source).order_by("authorships__order"))
    attendees = Meeting.of(source.workshop_id).part(source.pk).attendees
    return list(Person.objects.filter(pk__in={one.person.pk for one in attendees}))


def named_among(people: list[Person]) -> PeopleFinder:
    """A finder of these people, by every name that we know of; what may only look like a name doesn't count."""
    known = [Known.of(one) for one in people]
    together = finder_of(known)
    apart = [(one.pk, finder_of([one])) for one in known]

    def find(text: str) -> Iterator[tuple[int, int, int]]:
        if known and any(match.certain for match in together.find(text)):
            for person, finder in apart:
                yield from ((person, match.start, match.end) for match in finder.find(text) if match.certain)

    return find
