"""A table of positions by theme and region: how many in each cell, and how they lean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from apps.public.catalogue.state import State
from apps.public.search.filters import Filter
from apps.public.search.index import search_index
from apps.public.search.language import understand
from apps.public.search.matching import Matching
from apps.taxonomy.vocabulary import Facet, Hierarchy, Node, vocabulary
from apps.taxonomy.words import Kind, Stance


@dataclass(frozen=True, slots=True)
class Cell:
    """The positions of one theme about one region. ``total`` is the number of results after choosing both."""

    total: int
    stances: dict[str, int]  # in the order of the stances; positions without one are in the total alone
    filter: Filter


@dataclass(frozen=True, slots=True)
class Row:
    theme: Node
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Crosstab:
    filter: Filter
    regions: list[Node]
    rows: list[Row]
    above: dict[Facet, list[Node]]  # what rows and columns are parts of, the widest first; empty at the top
    change: int  # the catalogue's last change that is in the index


def crosstab(asked: Filter, state: State) -> Crosstab:
    """Themes by regions, counted over the positions that a filter finds.

    The filter's own themes and regions say which rows and columns there are: the widest where none is chosen, the parts
    of the one that is, or the several that are. Raises SearchUnavailable while there is no index.
    """
    words = vocabulary(state.vocabulary)
    themes, regions = shown(asked.theme, words.themes), shown(asked.region, words.regions)
    asked = asked.alone().replace(kind=(Kind.POSITION.value,))
    reader = search_index().reader(state, words)
    query = Matching(asked.replace(theme=(), region=()), understand(asked.text)).query()
    found = reader.cross(query, ("theme", themes), ("region", regions), ("stance", Stance.values))

    def cell(theme: str, region: str) -> Cell:
        total, stances = found.get((theme, region), (0, {}))
        return Cell(total, Stance.tally(stances), asked.replace(theme=(theme,), region=(region,)))

    return Crosstab(
        filter=asked,
        regions=[words.regions[slug] for slug in regions],
        rows=[Row(words.themes[theme], [cell(theme, region) for region in regions]) for theme in themes],
        above={"theme": way_up(asked.theme, words.themes), "region": way_up(asked.region, words.regions)},
        change=reader.bookmark.change,
    )


def shown(chosen: tuple[str, ...], hierarchy: Hierarchy) -> list[str]:
    """What is laid out beside one another: the widest where none is chosen, the parts of the one that is, or the
    several that are."""
    if not chosen:
        return [node.slug for node in hierarchy.roots]
    if len(chosen) == 1:
        return list(hierarchy[chosen[0]].below) or list(chosen)
    return _by_name(chosen, hierarchy)


def _by_name(slugs: Iterable[str], hierarchy: Hierarchy) -> list[str]:
    return sorted(slugs, key=lambda slug: hierarchy[slug].name.casefold())


def way_up(chosen: tuple[str, ...], hierarchy: Hierarchy) -> list[Node]:
    """The one that is chosen, after all that it lies beneath; along the first of several ways up."""
    path: list[Node] = []
    slug = chosen[0] if len(chosen) == 1 else ""
    while slug:
        path.insert(0, hierarchy[slug])
        slug = next(iter(hierarchy[slug].above), "")
    return path
