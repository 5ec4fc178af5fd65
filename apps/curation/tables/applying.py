"""Doing what was planned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from apps.curation.about import Relation, keys_of_tags, put
from apps.curation.tables.planning import Row
from apps.taxonomy.words import Kind

_JOINED: tuple[Relation, ...] = ("regions", "themes", "speakers")


def apply(kind: Kind, rows: Iterable[Row], by: Any, tell: Callable[[int], None] = lambda _: None) -> list[int]:
    """Make the entries say what the rows do; new ones are drafts. Returns their keys, in the order of the rows. The
    caller has a transaction open, keeps the history, tells the gate of positions, and notes on the entries that they
    were edited; it is told how many are done.

    Raises IntegrityError where two rows change places in what no two entries may share.
    """
    doing = [row for row in rows if row.does_something]
    for number, row in enumerate(doing, 1):
        _save(kind, row, by)
        tell(number)
    for name in _JOINED:
        put(name, {row.entry: [pk for pk, _ in row.values[name]] for row in doing if name in row.values and row.entry})
    tagged = {row.entry: row.values["tags"] for row in doing if "tags" in row.values and row.entry}
    tags = keys_of_tags(sorted({tag for some in tagged.values() for tag in some}))
    put("tags", {key: [tags[tag] for tag in some] for key, some in tagged.items()})
    return [row.entry for row in doing if row.entry]


def _save(kind: Kind, row: Row, by: Any) -> None:
    is_new = row.entry is None
    if is_new:
        row.instance.modified_by = by
    if is_new or row.values.keys() - {*_JOINED, "tags"}:
        row.instance.save()
    row.entry = row.instance.pk
