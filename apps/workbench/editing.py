"""An edit: what it changes is kept in the history of its entries, and what is public of that is judged again, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from apps.curation.history import recorded
from apps.gate.recheck import Recheck
from apps.gate.watch import one_recheck


@contextmanager
def one_edit(by: Any, why: str = "") -> Iterator[Callable[[], Recheck | None]]:
    """Within a transaction, an edit by somebody; after it, what became of what is public, unless an outer one says."""
    with one_recheck() as outcome, recorded(by, why):
        yield outcome
