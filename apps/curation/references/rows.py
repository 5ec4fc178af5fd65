"""A row of what was pasted: one reference, or what is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from apps.curation.references.items import Item, Reference, Unfit, reference_of


@dataclass(slots=True)
class Row:
    """One reference in its own words, where it began, and what it says or why it can't be read."""

    source: str
    place: str  # “line 12”, “item 3”
    reference: Reference | None = None
    problem: str = ""
    is_aside: bool = False  # no reference, but a part of the text that others need

    @property
    def key(self) -> str:
        """What a row is known by when its text comes back: its words."""
        return hashlib.sha256(self.source.strip().encode("utf-8", "replace")).hexdigest()[:12]


def row_of(source: str, place: str, item: Callable[[], Item], *remarks: str) -> Row:
    """A row of what is read to an item."""
    try:
        reference = reference_of(item())
    except Unfit as unfit:
        return Row(source, place, problem=str(unfit))
    reference.remarks[:0] = [remark for remark in remarks if remark]
    return Row(source, place, reference)
