"""Themes by regions that have hardly been spoken on: what to discuss next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from apps.public.analysis.reading import Held, by_term, labelled, numbers_of, slices
from apps.public.catalogue.state import State
from apps.public.search.crosstab import shown, way_up
from apps.public.search.filters import Filter
from apps.taxonomy.vocabulary import Facet, Node, vocabulary
from apps.taxonomy.words import Gap

YEARS = 5  # after which what was said is old, unless another number is asked for


@dataclass(frozen=True, slots=True)
class Cell:
    """What there is on a theme about a region."""

    theme: str
    region: str
    positions: int
    workshops: int
    latest: dt.date | None  # None where no position has a date
    anchored: int  # positions that rest on a passage
    expected: float  # positions, were themes and regions independent of one another
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Coverage:
    filter: Filter
    since: int  # what was last said before this year is old
    themes: list[Node]
    regions: list[Node]
    cells: dict[tuple[str, str], Cell]
    above: dict[Facet, list[Node]]  # what rows and columns are parts of, the widest first; empty at the top
    positions: int
    change: int

    @property
    def gaps(self) -> list[Cell]:
        """The cells with a gap, those first in which most was to be expected."""
        order = list(Gap)
        found = [cell for cell in self.cells.values() if cell.gap]
        return sorted(
            found, key=lambda one: (-one.expected, order.index(one.gap or Gap.NOTHING), one.theme, one.region)
        )


def coverage(asked: Filter, state: State, since: int | None = None) -> Coverage:
    """What the positions that a filter finds leave open, theme by theme and region by region: the widest, the parts of
    the one that is chosen, or the several chosen.

    ``expected`` is what each cell would have if regions were discussed alike under every theme: the theme's positions
    times the region's over all positions in the table. ``since`` is YEARS before the latest position where it isn't
    said. Raises SearchUnavailable while there is no index.
    """
    words = vocabulary(state.vocabulary)
    themes, regions = shown(asked.theme, words.themes), shown(asked.region, words.regions)
    asked = asked.alone()
    columns, change = numbers_of(asked, state, ("id", "n_workshop", "n_day", "n_passages", "n_themes", "n_regions"))
    told = _told(
        columns,
        by_term("theme", columns["id"], columns["n_themes"], themes, words),
        by_term("region", columns["id"], columns["n_regions"], regions, words),
    )
    if since is None:
        latest = columns["n_day"].max(initial=0)
        since = dt.date.fromordinal(int(latest)).year - YEARS if latest else 1
    found = _found(told)
    by_theme, by_region = (told.groupby(one, observed=True)["position"].nunique() for one in ("theme", "region"))
    whole = max(1, told["position"].nunique())
    cells = {}
    for theme in themes:
        for region in regions:
            positions, workshops, day, anchored = found.get((theme, region), (0, 0, 0, 0))
            expected = float(by_theme.get(theme, 0)) * float(by_region.get(region, 0)) / whole
            date = dt.date.fromordinal(day) if day else None
            gap = _gap(positions, workshops, date, anchored, since)
            cells[theme, region] = Cell(theme, region, positions, workshops, date, anchored, expected, gap)
    return Coverage(
        filter=asked,
        since=since,
        themes=[words.themes[slug] for slug in themes],
        regions=[words.regions[slug] for slug in regions],
        cells=cells,
        above={"theme": way_up(asked.theme, words.themes), "region": way_up(asked.region, words.regions)},
        positions=len(columns["id"]),
        change=change,
    )


def _told(columns: dict[str, npt.NDArray[np.int64]], themes: Held, regions: Held) -> pd.DataFrame:
    """A row for each theme and region of each position."""
    by_theme = np.repeat(np.arange(len(themes.counts)), themes.counts)
    many = regions.counts[by_theme]
    twice = np.repeat(np.arange(len(by_theme)), many)
    positions = by_theme[twice]
    starts = np.cumsum(regions.counts) - regions.counts
    region_codes = regions.codes[slices(starts[by_theme], many)] if len(twice) else np.zeros(0, dtype=np.int64)
    return pd.DataFrame(
        {
            "position": positions,
            "theme": labelled(themes.codes[twice], themes.keys),
            "region": labelled(region_codes, regions.keys),
            "workshop": np.where(columns["n_workshop"][positions] > 0, columns["n_workshop"][positions], np.nan),
            "day": columns["n_day"][positions],
            "anchored": columns["n_passages"][positions] > 0,
        }
    )


def _found(told: pd.DataFrame) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """Of each theme and region: positions, workshops, the last day, and positions that rest on a passage."""
    cells = told.groupby(["theme", "region"], observed=True).agg(
        positions=("position", "size"),
        workshops=("workshop", "nunique"),
        day=("day", "max"),
        anchored=("anchored", "sum"),
    )
    return {
        (str(theme), str(region)): (int(row[0]), int(row[1]), int(row[2]), int(row[3]))
        for (theme, region), row in zip(cells.index, cells.to_numpy().tolist(), strict=True)
    }


def _gap(positions: int, workshops: int, latest: dt.date | None, anchored: int, since: int) -> Gap | None:
    if not positions:
        return Gap.NOTHING
    if not workshops:
        return Gap.NO_WORKSHOP
    if workshops == 1:
        return Gap.ONE_WORKSHOP
    if latest is None or latest.year < since:
        return Gap.OLD
    return None if anchored else Gap.UNANCHORED
