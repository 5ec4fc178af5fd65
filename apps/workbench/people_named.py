"""Who of those who may have said something is named in a stretch of notes."""

from __future__ import annotations

from collections.abc import Iterator

from apps.curation.intake.candidates import PeopleFinder
from apps.curation.models import Article, Person, Session
from apps.gate.meetings import Known, Meeting, finder_of
from apps.gate.names import Match, NameFinder


def people_of(source: Article | Session) -> list[Person]:
    """Who may hold a position found here: whoever was at the session, or the authors of the article."""
    if isinstance(source, Article):
        return list(Person.objects.filter(authorships__article=source).order_by("authorships__order"))
    attendees = Meeting.of(source.workshop_id).part(source.pk).attendees
    return list(Person.objects.filter(pk__in={one.person.pk for one in attendees}))


_AROUND = 60  # characters on either side that tell whether a word is a name


def named_among(people: list[Person]) -> PeopleFinder:
    """A finder of these people, by every name that we know of; what may only look like a name doesn't count."""
    known = [Known.of(one) for one in people]
    together = finder_of(known)
    apart = [(one.pk, finder_of([one])) for one in known]

    def find(text: str) -> Iterator[tuple[int, int, int]]:
        for match in together.find(text) if known else ():
            if match.certain:
                around = text[max(0, match.start - _AROUND) : match.end + _AROUND]
                whose = (pk for pk, finder in apart if any(match.words in one.words for one in _sure(finder, around)))
                yield from ((pk, match.start, match.end) for pk in whose)

    return find


def _sure(finder: NameFinder, text: str) -> list[Match]:
    return [match for match in finder.find(text) if match.certain]
