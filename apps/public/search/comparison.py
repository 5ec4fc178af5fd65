"""Two to four regions, themes, workshops or years side by side: what they share, where they agree, where they part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Literal, NamedTuple

from apps.public.catalogue.state import State
from apps.public.search.filters import Filter
from apps.public.search.index import search_index
from apps.public.search.language import understand
from apps.public.search.leanings import FEWEST
from apps.public.search.matching import Matching
from apps.taxonomy.vocabulary import vocabulary
from apps.taxonomy.words import SCALE, Kind, Stance

Axis = Literal["region", "theme", "workshop", "year"]
AXES: tuple[Axis, ...] = ("region", "theme", "workshop", "year")
FEWEST_GROUPS, MOST_GROUPS = 2, 4
MOST_SHOWN = 15  # propositions of a list
MOST_IN_ALL = 500  # where whole lists are asked for
FAR = 0.5  # a difference of more than this parts them: that between supporting and qualifying


class Count(NamedTuple):
    """How many positions, and how many of them take which side. There are thousands of these."""

    total: int
    supports: int = 0
    qualifies: int = 0
    neutral: int = 0
    opposes: int = 0

    @property
    def taking_sides(self) -> int:
        return self.supports + self.qualifies + self.neutral + self.opposes

    @property
    def stances(self) -> dict[str, int]:
        """In the order of the stances."""
        return dict(zip(Stance.values, self[1:], strict=True))


class Line(NamedTuple):
    """A proposition, with the positions on it in each group."""

    proposition: str  # its identifier
    counts: tuple[Count, ...]
    difference: float | None  # None where one of those who discuss it has too few positions to say


class Listed(NamedTuple):
    """The lines of a list that are shown, and how many there are in all."""

    lines: list[Line]
    total: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that a page of it shows, but for names and titles."""

    axis: Axis
    values: tuple[str, ...]  # what each group is the value of
    filter: Filter  # what else the positions are narrowed down to
    counts: tuple[Count, ...]  # of each group, over all propositions and without one
    agree: Listed  # the nearest first
    part: Listed  # the farthest first
    few: Listed  # too few positions to say
    only: tuple[Listed, ...]  # what one group alone discussed
    change: int  # the catalogue's last change that is in it

    @property
    def lists(self) -> tuple[Listed, ...]:
        return (self.agree, self.part, self.few, *self.only)

    def filter_of(self, group: int, proposition: str = "") -> Filter:
        """What finds the positions that were counted."""
        narrowed = self.filter.replace(**{self.axis: (self.values[group],)})
        return narrowed.replace(proposition=(proposition,)) if proposition else narrowed


def difference(counts: Sequence[Count]) -> float | None:
    """How far groups are apart on a proposition, from 0 to 2: the greatest less the smallest of their means on the
    scale of stances.

    Asked of those that discuss it; None where one of these has fewer than five positions that take a side, or none
    discusses it beside another. The weights are a convention of ours, stated on the page.
    """
    discussing = [one for one in counts if one.total]
    if len(discussing) < FEWEST_GROUPS or any(one.taking_sides < FEWEST for one in discussing):
        return None
    means = [sum(map(mul, SCALE.values(), one[1:])) / one.taking_sides for one in discussing]
    return max(means) - min(means)


def compare(asked: Filter, axis: Axis, state: State, most: int = MOST_SHOWN) -> Comparison:
    """Compare the groups that a filter selects on an axis, over the positions that the rest of it finds; with so many
    propositions of each list.

    Raises SearchUnavailable while there is no index.
    """
    values = asked.selected(axis)
    rest = asked.alone().replace(**{axis: ()}, kind=(Kind.POSITION.value,))
    reader = search_index().reader(state, vocabulary(state.vocabulary))
    typed = understand(asked.text)
    counts, found = [], []
    for value in values:
        query = Matching(rest.replace(**{axis: (value,)}), typed).query()
        total, stances = reader.lean(query, "kind", 1).get(Kind.POSITION.value, (0, {}))
        counts.append(Count(total, *Stance.tally(stances).values()))
        found.append(reader.sides(query, "proposition", Stance.values))
    lines = {name: tuple(Count(*one.get(name, (0,))) for one in found) for name in set().union(*found)}
    return arranged(axis, values, rest, counts, lines, reader.bookmark.change, most)


def years_of_positions(state: State) -> list[str]:
    """The years that there are to be compared, the latest first. Raises SearchUnavailable while there is no index."""
    reader = search_index().reader(state, vocabulary(state.vocabulary))
    query = Matching(Filter(kind=(Kind.POSITION.value,)), understand("")).query()
    return sorted(reader.tally(query, ("year",))["year"], reverse=True)


def arranged(
    axis: Axis,
    values: Sequence[str],
    rest: Filter,
    counts: Sequence[Count],
    lines: Mapping[str, tuple[Count, ...]],
    change: int,
    most: int = MOST_SHOWN,
) -> Comparison:
    """The propositions in their lists."""
    shared: list[Line] = []
    alone: list[list[Line]] = [[] for _ in values]
    for name, of_groups in sorted(lines.items()):
        discussing = [i for i, one in enumerate(of_groups) if one.total]
        line = Line(name, of_groups, difference(of_groups))
        (shared if len(discussing) > 1 else alone[discussing[0]]).append(line)
    said = sorted((line for line in shared if line.difference is not None), key=lambda line: line.difference or 0)
    return Comparison(
        axis,
        tuple(values),
        rest,
        tuple(counts),
        agree=_listed([line for line in said if (line.difference or 0) <= FAR], most),
        part=_listed([line for line in reversed(said) if (line.difference or 0) > FAR], most),
        few=_listed(sorted((line for line in shared if line.difference is None), key=_size), most),
        only=tuple(_listed(sorted(one, key=_size), most) for one in alone),
        change=change,
    )


def _size(line: Line) -> int:
    return -sum(one.total for one in line.counts)


def _listed(lines: list[Line], most: int) -> Listed:
    return Listed(lines[:most], len(lines))
