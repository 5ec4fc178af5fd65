"""An edit: what it changes is kept in the history of its entries, and what is public of that is judged again, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from apps.curation.history import recorded, recorded_together
from apps.curation.models import Entry
from apps.curation.parts import in_parts
from apps.gate.recheck import Recheck
from apps.gate.watch import note_positions, one_recheck

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
        note_positions(entries)
        yield revisions, outcome
        note_positions(entries)
        touch_together(entries, by)


def touch_together(entries: set[int], by: Any) -> None:
    """Note on each of many entries that it was edited just now."""
    now = timezone.now()
    for some in in_parts(sorted(entries)):
        Entry.objects.filter(pk__in=some).update(modified_at=now, modified_by=by)
