"""Counting: how many records match a filter, and how many of them have each value of each facet."""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import NamedTuple

from apps.public.search.index import Counts, Reader
from apps.public.search.matching import Matching, outside
from apps.public.search.schema import FACETS


class Counted(NamedTuple):
    """How many records match, and how many of them have which values of a facet."""

    total: int
    counts: dict[str, int]


@cache
def _threads() -> ThreadPoolExecutor:
    """tantivy counts without holding Python's lock, so that counting, ranking and the database work side by side."""
    return ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 1), thread_name_prefix="facets")


# Counted side by side, so they take as long as one another: what takes long is a facet of many values a record.
_HALVES = (("region", "kind", "year", "tag"), ("theme", "stance", "workshop", "holder", "rule"))


class Counting:
    """The counts behind the facets of one filter, on their way in other threads."""

    def __init__(self, reader: Reader, matching: Matching) -> None:
        self.reader = reader
        self.matching = matching
        self.selections = matching.asked.selections
        self._found: dict[str, Future[Counts]] = {}
        # To look for words next to one another takes longer than to count: that is done once.
        for half in (FACETS,) if matching.has_phrases else _HALVES:
            self._found |= dict.fromkeys(half, _threads().submit(self._tally, half))
        # What there would be without a facet's own selection, for each facet that has one.
        self._others = {
            facet: _threads().submit(self._tally, (facet,), **{facet: ()})
            for facet in self.selections
            if facet in FACETS
        }
        self._within: dict[tuple[str, tuple[str, ...]], Counted] = {}

    @property
    def total(self) -> int:
        return sum(self.found("kind").values())  # every record is of one kind

    def found(self, facet: str) -> dict[str, int]:
        """How many of the results have each value."""
        return self._found[facet].result()[facet]

    def others(self, facet: str) -> dict[str, int]:
        """How many records would have each value, were nothing chosen in this facet."""
        return self._others[facet].result()[facet] if facet in self._others else self.found(facet)

    def within(self, facet: str, values: tuple[str, ...]) -> Counted:
        """What there would be with other values chosen in a facet."""
        facets = ("kind", facet) if facet in FACETS else ("kind",)
        if set(values) == set(self.selections.get(facet, ())):
            return Counted(self.total, self.found(facet) if facet in FACETS else {})
        if (facet, values) not in self._within:
            counts = self._tally(facets, **{facet: values})
            self._within[facet, values] = Counted(sum(counts["kind"].values()), counts.get(facet, {}))
        return self._within[facet, values]

    def exact(self, facet: str, values: list[str], **selections: tuple[str, ...]) -> dict[str, int]:
        """The counts of some values of a facet that has too many values to count them all."""
        return self.reader.exact_counts(self.matching.query(**selections), facet, values)

    def _tally(self, facets: tuple[str, ...], **selections: tuple[str, ...]) -> Counts:
        """Count what matches; or, where that is less, what does not, and subtract it from what there is."""
        everything, query = self.reader.counts, self.matching.query(**selections)
        if self.matching.is_everything(**selections):
            return everything
        if self.matching.expected(self.reader, **selections) <= self.reader.records / 2:
            return self.reader.tally(query, facets)
        endless = [facet for facet in facets if self.reader.has_too_many_values(facet)]
        rest = self.reader.tally(outside(query), [facet for facet in facets if facet not in endless])
        counts = {
            facet: {value: n for value, all_ in everything[facet].items() if (n := all_ - without.get(value, 0))}
            for facet, without in rest.items()
        }
        return counts | (self.reader.tally(query, endless) if endless else {})
