"""A row of what was pasted: one reference, or what is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from apps.curation.references.items import Item, Reference, Unfit, reference_of


@dataclass
class Row:
    """One reference in its own words, and where it began. What it says is read when asked for, since few of many are
    shown at a time."""

    source: str
    place: str  # “line 12”, “item 3”
    item: Callable[[], Item] | None = None  # none for what is no reference
    wrong: str = ""  # why it is none
    remark: str = ""  # what should be known of how it was found in the text
    is_aside: bool = False  # a part of the text that references need

    @property
    def key(self) -> str:
        """What a row is known by when its text comes back: its words."""
        return hashlib.sha256(self.source.strip().encode("utf-8", "replace")).hexdigest()[:12]

    @property
    def reference(self) -> Reference | None:
        """What it says of a work; none if that can't be read."""
        return self._read[0]

    @property
    def problem(self) -> str:
        """Why it can't be read, and what to do; empty if it can."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[Reference | None, str]:
        if self.item is None:
            return None, self.wrong
        try:
            reference = reference_of(self.item())
        except Unfit as unfit:
            return None, str(unfit)
        if self.remark:
            reference.remarks.insert(0, self.remark)
        return reference, ""
