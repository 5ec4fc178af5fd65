"""Long lists in parts, each as many rows as one statement names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

AT_ONCE = 500
Row = TypeVar("Row")


def in_parts(rows: Sequence[Row], size: int = AT_ONCE) -> Iterator[Sequence[Row]]:
    """The rows in their order, no more than ``size`` of them at a time."""
    yield from (rows[start : start + size] for start in range(0, len(rows), size))
