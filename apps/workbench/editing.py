"""An edit: what it changes is kept in the history of its entries, and what is public of that is judged again, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from apps.curation.history import recorded, recorded_together
from apps.curation.models import Entry
from apps.gate.recheck import Recheck
from apps.gate.watch import one_recheck

_AT_ONCE = 500  # rows that one statement names
_Kept = tuple[list[int], Callable[[], Recheck | None]]


@contextmanager
def one_edit(by: Any, why: str = "") -> Iterator[Callable[[], Recheck | None]]:
    """Within a transaction, an edit by somebody; after it, what became of what is public, unless an outer one says."""
    with one_recheck() as outcome, recorded(by, why):
        yield outcome


@contextmanager
def edit_together(entries: set[int], by: Any, why: str = "") -> Iterator[_Kept]:
    """Within a transaction, one edit of many entries, by their primary keys; yields what it is kept as, and what became
    of what is public. Entries made within the block are to be added to the set."""
    with one_recheck() as outcome, recorded_together(entries, by, why) as revisions:
        yield revisions, outcome
        touch_together(entries, by)


def touch_together(entries: set[int], by: Any) -> None:
    """Note on each of many entries that it was edited just now."""
    keys, now = sorted(entries), timezone.now()
    for i in range(0, len(keys), _AT_ONCE):
        Entry.objects.filter(pk__in=keys[i : i + _AT_ONCE]).update(modified_at=now, modified_by=by)
