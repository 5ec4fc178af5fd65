"""How the positions on a proposition lean: about which region, and from workshop to workshop."""

from __future__ import annotations

from dataclasses import dataclass

from tantivy import Occur, Query

from apps.public.catalogue.models import Record
from apps.public.catalogue.state import State
from apps.public.search.facets import depth_first
from apps.public.search.filters import Filter
from apps.public.search.index import Reader, search_index
from apps.public.search.language import understand
from apps.public.search.matching import Matching, facet_query
from apps.public.search.schema import one
from apps.taxonomy.vocabulary import Vocabulary, vocabulary
from apps.taxonomy.words import Kind, Stance

FEWEST = 5  # positions that a bar is drawn of; fewer are listed, and nothing is concluded from them
_MOST_REGIONS, _MOST_WORKSHOPS, _MOST_ALIKE = 200, 20, 5


@dataclass(frozen=True, slots=True)
class Leaning:
    """The positions about one region, taken at one workshop, or on one proposition. ``total`` is the number of results
    of ``filter``."""

    label: str
    total: int
    stances: dict[str, int]  # in the order of the stances
    filter: Filter
    depth: int = 0
    date: str = ""
    proposition: str = ""  # its identifier, where they are on one


@dataclass(frozen=True, slots=True)
class Leanings:
    """What the index says of a proposition."""

    regions: list[Leaning]  # each after the one that it lies within, whose figures include its own
    workshops: list[Leaning]  # the earliest first; of those with most positions
    alike: list[Record]  # other propositions on its themes
    change: int  # the catalogue's last change that is in the index


def leanings(proposition: Record, state: State) -> Leanings:
    """Count the positions on a proposition. Two queries to the database: workshops, and propositions alike.

    Raises SearchUnavailable while there is no index.
    """
    words = vocabulary(state.vocabulary)
    reader = search_index().reader(state, words)
    asked = Filter(kind=(Kind.POSITION.value,), proposition=(proposition.identifier,))
    query = Matching(asked, understand("")).query()
    return Leanings(
        regions=_by_region(reader, query, asked, words),
        workshops=_by_workshop(reader, query, asked),
        alike=_alike(reader, proposition),
        change=reader.bookmark.change,
    )


def _by_region(reader: Reader, query: Query, asked: Filter, words: Vocabulary) -> list[Leaning]:
    found, depths = reader.lean(query, "region", _MOST_REGIONS), {"": -1}
    rows = []
    for slug in depth_first(words.regions):
        if slug in found:
            node, (total, stances) = words.regions[slug], found[slug]
            depths[slug] = depths.get(next(iter(node.above), ""), -1) + 1
            narrowed = asked.replace(region=(slug,))
            rows.append(Leaning(node.name, total, Stance.tally(stances), narrowed, depths[slug]))
    return rows


def _by_workshop(reader: Reader, query: Query, asked: Filter) -> list[Leaning]:
    found = reader.lean(query, "workshop", _MOST_WORKSHOPS)
    held = [record for record in Record.objects.live().filter(identifier__in=found) if record.content]
    return [
        Leaning(
            label=record.title,
            total=found[record.identifier][0],
            stances=Stance.tally(found[record.identifier][1]),
            filter=asked.replace(workshop=(record.identifier,)),
            date=content["date_text"],
        )
        for record in sorted(held, key=lambda one: ((one.content or {})["earliest"] or "9999", one.title))
        if (content := record.content)
    ]


def _alike(reader: Reader, proposition: Record) -> list[Record]:
    """Propositions that share most themes with it."""
    themes = (proposition.content or {})["themes"]
    if not themes:
        return []
    shared = [(Occur.Should, one("theme", theme)) for theme in themes]
    query = Query.boolean_query(
        [
            (Occur.Must, facet_query("kind", (Kind.PROPOSITION.value,))),
            (Occur.Must, Query.boolean_query(shared)),
            (Occur.MustNot, one("proposition", proposition.identifier)),
        ]
    )
    hits = reader.searcher.search(query, limit=_MOST_ALIKE, count=False).hits
    keys = reader.numbers("id", hits)
    records = Record.objects.live().in_bulk(keys)
    return [records[key] for key in keys if key in records]
