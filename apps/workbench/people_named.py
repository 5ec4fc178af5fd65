"""Who of those who may have said something is named in a stretch of notes."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from apps.curation.intake.candidates import PeopleFinder
from apps.curation.models import Article, Person, Session
from apps.gate.meetings import Known, finder_of
from apps.gate.names import Match, NameFinder


def people_of(source: Article | Session) -> list[Person]:
    """Those who may hold a position found here; authors in the order in which they signed."""
    people = who_may_have_spoken(source)
    return list(people.order_by("authorships__order") if isinstance(source, Article) else people)


def who_may_have_spoken(source: Article | Session) -> QuerySet[Person]:
    """An article's authors; for a session those who came to it, or to the workshop as a whole."""
    if isinstance(source, Article):
        return Person.objects.filter(authorships__article=source)
    of_the_session = Person.objects.filter(attendances__session=source)
    of_the_workshop = Person.objects.filter(attendances__workshop=source.workshop_id, attendances__session=None)
    return (of_the_session | of_the_workshop).distinct()


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
