"""How positions spread over the parts of the world: how many are about each region, and how they lean."""

from __future__ import annotations

from dataclasses import dataclass

from apps.public.catalogue.state import State
from apps.public.search.crosstab import shown, way_up
from apps.public.search.filters import Filter
from apps.public.search.index import search_index
from apps.public.search.language import understand
from apps.public.search.leanings import Leaning
from apps.public.search.matching import Matching
from apps.taxonomy.vocabulary import Node, vocabulary
from apps.taxonomy.words import Kind, Stance

_MOST_REGIONS = 1_000


@dataclass(frozen=True, slots=True)
class Spread:
    filter: Filter
    regions: list[Node]
    rows: list[Leaning]  # of each of these regions
    above: list[Node]  # what they are parts of, the widest first; empty at the top
    change: int  # the catalogue's last change that is in the index


def spread(asked: Filter, state: State) -> Spread:
    """The positions that a filter finds, by region. The filter's own regions say which regions there are, as in a
    crosstab. Raises SearchUnavailable while there is no index."""
    words = vocabulary(state.vocabulary)
    asked = asked.alone().replace(kind=(Kind.POSITION.value,))
    reader = search_index().reader(state, words)
    query = Matching(asked.replace(region=()), understand(asked.text)).query()
    found = reader.lean(query, "region", _MOST_REGIONS)
    regions = [words.regions[slug] for slug in shown(asked.region, words.regions)]
    rows = []
    for node in regions:
        total, stances = found.get(node.slug, (0, {}))
        rows.append(Leaning(node.name, total, Stance.tally(stances), asked.replace(region=(node.slug,))))
    return Spread(asked, regions, rows, way_up(asked.region, words.regions), reader.bookmark.change)
