"""What a workshop's page reads beyond its record: its agenda, what is reported from it, and its reading list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from apps.public.catalogue.models import Link, Record, Tie
from apps.public.catalogue.state import State
from apps.public.exports.bibliography import Work, reading_list, sessions_of
from apps.public.exports.site import Site
from apps.public.website.reading import MOST_LINKS, Neighbour, in_turn, neighbours, url_of
from apps.taxonomy.words import Kind

MOST_WORKS = 50  # of a reading list that a page shows; the files have them all


@dataclass(frozen=True, slots=True)
class Part:
    """A session, or an article that reports from the workshop, with the positions found in it."""

    url: str
    title: str
    number: int | None
    date: str
    positions: list[Neighbour]


def of_workshop(
    workshop: Record, sessions: list[Neighbour], reported: list[Neighbour], state: State, site: Site
) -> dict[str, Any]:
    """What the page shows: from its sessions, and from the positions that articles report from it."""
    keys = sessions_of(workshop)
    works, taken = reading_list(workshop, keys, state), _positions_taken_in(keys)
    return {
        "agenda": _agenda(sessions, taken),
        "is_capped": len(taken) >= MOST_LINKS,
        "reports": _reports(reported, works),
        "positions_in_all": len(taken) + len(reported),
        "works": [(work.reference(site), work) for work in works[:MOST_WORKS]],
        "works_in_all": len(works),
    }


def _agenda(sessions: list[Neighbour], positions: list[Neighbour]) -> list[Part]:
    """Each session with the positions taken in it, in their order."""
    taken = _by_source(Kind.SESSION, positions)
    return [Part(one.url, one.title, one.number, one.date, taken.get(one.url, [])) for one in sessions]


def _reports(positions: list[Neighbour], works: list[Work]) -> list[Part]:
    """Each article that reports from the workshop, with the positions that it does report."""
    rows = {url_of(work.row.record.kind, work.row.record.identifier): work.row for work in works}
    return [
        Part(url, rows[url].content["title"], None, rows[url].content["date_text"], found)
        for url, found in _by_source(Kind.ARTICLE, positions).items()
        if url in rows
    ]


def _by_source(kind: Kind, positions: list[Neighbour]) -> dict[str, list[Neighbour]]:
    found: dict[str, list[Neighbour]] = defaultdict(list)
    for one in sorted(positions, key=lambda one: (one.order is None, one.order)):
        found[url_of(kind, one.source)].append(one)
    return found


def _positions_taken_in(sessions: Iterable[int]) -> list[Neighbour]:
    """Positions taken in sessions, a hundred at most. By their keys: what a planner without statistics makes of this
    and of looking for the sessions as one can take seconds."""
    taken = Link.objects.filter(tie=Tie.FOUND_IN, target__in=sessions)
    return neighbours(in_turn(taken, "target", "pk"), "source")
