"""Facets: the values that results have, how many results each leads to, and the address that gets there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from apps.public.search.counting import Counting
from apps.public.search.filters import MOST_VALUES, years_of
from apps.public.search.schema import ENDLESS, FACETS
from apps.taxonomy.vocabulary import Hierarchy, Vocabulary
from apps.taxonomy.words import Kind, Rule, Stance

LABELS = {
    "kind": "Kind",
    "region": "Region",
    "theme": "Theme",
    "stance": "Stance",
    "year": "Year",
    "workshop": "Workshop",
    "tag": "Tag",
    "holder": "Held by",
    "rule": "Rule of attribution",
    "proposition": "On the proposition",
    "source": "Found in",
}
_WORDS = {"kind": dict(Kind.choices), "stance": dict(Stance.choices), "rule": dict(Rule.choices)}
SHOWN = 15  # values of such a facet


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet. ``count`` is the number of results after choosing it; of a selected value it is the
    number that it brings in by itself, beside the selections in other facets."""

    facet: str
    value: str
    label: str
    count: int
    selected: bool
    querystring: str  # the filter with this value chosen, or given up
    depth: int = 0  # its place in the hierarchy of regions or themes


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    values: list[FacetValue] = field(default_factory=list)
    more: bool = False  # there are values beyond those listed


class Listing(NamedTuple):
    """Which values of a facet are shown, in which order, with what counts."""

    values: list[str]
    found: Mapping[str, int]  # how many of the results have each
    others: Mapping[str, int]  # how many records would, were nothing chosen in this facet
    more: bool


def list_values(counting: Counting, facet: str, vocabulary: Vocabulary) -> Listing:
    """Values that lead to results, and those selected in any case."""
    selected = counting.selections.get(facet, ())
    if facet not in FACETS:
        alone = {value: counting.within(facet, (value,)).total for value in selected}
        return Listing(list(selected), alone, alone, more=False)
    found, others = counting.found(facet), counting.others(facet)
    if len(selected) >= MOST_VALUES:  # so many can be given up, and no more be chosen
        return Listing(list(selected), found, others, more=True)
    if facet in ENDLESS:
        values = sorted(others, key=lambda value: (-others[value], value))
        shown = [*values[:SHOWN], *(value for value in selected if value not in values[:SHOWN])]
        if counting.reader.has_too_many_values(facet):
            found, others = counting.exact(facet, shown), counting.exact(facet, shown, **{facet: ()})
        return Listing(shown, found, others, more=len(values) > SHOWN)
    present = {*others, *selected}
    return Listing([value for value in _in_order(facet, present, vocabulary) if value in present], found, others, False)


def facet_of(
    counting: Counting, name: str, listing: Listing, labels: Mapping[str, str], vocabulary: Vocabulary
) -> Facet:
    """A facet as it is shown. ``labels`` holds the names of values that are not their own name."""
    asked, hierarchy = counting.matching.asked, _hierarchy(name, vocabulary)
    selected, address = asked.selected(name), asked.querystrings(name)
    values = []
    for value in listing.values:
        after = _after(selected, name, value, hierarchy)
        values.append(
            FacetValue(
                facet=name,
                value=value,
                label=labels.get(value) or _label(name, value, hierarchy),
                count=_count(counting, name, value, after, listing),
                selected=value in selected,
                querystring=address(after),
                depth=_depth(value, hierarchy) if hierarchy else 0,
            )
        )
    return Facet(name, LABELS[name], values, listing.more)


def _count(counting: Counting, facet: str, value: str, after: tuple[str, ...], listing: Listing) -> int:
    selected = counting.selections.get(facet, ())
    if value in selected:
        is_range = facet == "year" and ".." in value
        return counting.within(facet, (value,)).total if is_range else listing.others.get(value, 0)
    # A record may have several values, so alternatives overlap: add what this one has beyond those kept beside it.
    kept = tuple(one for one in after if one != value)
    if not kept:
        return listing.others.get(value, 0)
    if kept == selected:
        return counting.total + listing.others.get(value, 0) - listing.found.get(value, 0)
    beside = counting.within(facet, kept)
    return beside.total + listing.others.get(value, 0) - beside.counts.get(value, 0)


def _after(selected: tuple[str, ...], facet: str, value: str, hierarchy: Hierarchy | None) -> tuple[str, ...]:
    """The selection after choosing a value, or after giving it up.

    A value takes the place of those above it and beneath it: to choose a part of what is chosen narrows the results,
    where the two as alternatives would change nothing.
    """
    if value in selected:
        return tuple(one for one in selected if one != value)
    kept = (one for one in selected if not _covers(facet, one, value, hierarchy))
    return tuple(sorted([*(one for one in kept if not _covers(facet, value, one, hierarchy)), value]))


def _covers(facet: str, wide: str, narrow: str, hierarchy: Hierarchy | None) -> bool:
    if hierarchy:
        return wide in hierarchy.ancestors(narrow)
    if facet == "year" and ".." in wide:
        (first, last), (a, b) = years_of(wide), years_of(narrow)
        return first <= a and b <= last
    return False


def _hierarchy(facet: str, vocabulary: Vocabulary) -> Hierarchy | None:
    return {"region": vocabulary.regions, "theme": vocabulary.themes}.get(facet)


def _in_order(facet: str, present: Iterable[str], vocabulary: Vocabulary) -> Iterable[str]:
    hierarchy = _hierarchy(facet, vocabulary)
    if hierarchy:
        return depth_first(hierarchy)
    return _WORDS[facet] if facet in _WORDS else sorted(present, key=years_of, reverse=True)


def depth_first(hierarchy: Hierarchy) -> list[str]:
    """All slugs, each after the one that it lies beneath; once, though it may lie beneath several."""
    order: dict[str, None] = {}
    queue = [node.slug for node in reversed(hierarchy.roots)]
    while queue:
        slug = queue.pop()
        if slug not in order:
            order[slug] = None
            queue += reversed(hierarchy[slug].below)
    return list(order)


def _depth(slug: str, hierarchy: Hierarchy) -> int:
    depth = 0
    while above := hierarchy[slug].above:
        slug, depth = above[0], depth + 1
    return depth


def _label(facet: str, value: str, hierarchy: Hierarchy | None) -> str:
    if hierarchy:
        return hierarchy[value].name
    if facet in _WORDS:
        return str(_WORDS[facet].get(value, value))
    return value.replace("..", "–") if facet == "year" else value
