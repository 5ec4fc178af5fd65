"""What records were before a step took them out or made them anew, so that the step can be taken back.

Private, as all of the gate's memory: a tombstone says nothing, and what it was stays on this side.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from apps.curation.models import Entry
from apps.gate.models import WaitingReference
from apps.public.catalogue.models import Link, Record, RecordVersion
from apps.taxonomy.words import Relation

Former = dict[str, Any]
_COLUMNS = ("title", "content", "version", "synthetic")

_kept: ContextVar[dict[str, Former] | None] = ContextVar("former", default=None)


@contextmanager
def remembering() -> Iterator[dict[str, Former]]:
    """Gather what records were before they are changed within the block, by their identifiers."""
    kept: dict[str, Former] = {}
    token = _kept.set(kept)
    try:
        yield kept
    finally:
        _kept.reset(token)


def remember(record: Record) -> None:
    """Note what a live record is, with its links and former versions, before the first change of it."""
    kept = _kept.get()
    if kept is None or record.identifier in kept:
        return
    stored = Record.objects.filter(pk=record.pk, withdrawn_at=None).first()
    if stored is None:
        return
    kept[record.identifier] = {name: getattr(stored, name) for name in _COLUMNS} | {
        "published_at": stored.published_at.isoformat(),
        "links": [list(row) for row in stored.links_out.values_list("target__identifier", "tie", "note")],
        "waiting": [
            list(row)
            for row in WaitingReference.objects.filter(source=record.identifier).values_list(
                "target", "relation", "note"
            )
        ],
        "versions": [
            [one.version, one.title, one.content, one.published_at.isoformat()] for one in stored.versions.all()
        ],
        "standing": _standing(record.identifier),
    }


def _standing(identifier: str) -> list[Any]:
    entry = Entry.objects.filter(identifier=identifier).values_list("status", "published_at").first()
    return [entry[0], entry[1].isoformat() if entry[1] else None] if entry else []


def come_back(identifier: str, former: Former, change: int) -> Record | None:
    """Make a record what it was, under a change number; None where what it hung on is gone. Nothing is judged here."""
    record = Record.objects.get(identifier=identifier)
    held_by = {target for target, tie, _ in former["links"] if tie not in Relation.values}
    if Record.objects.live().filter(identifier__in=held_by).count() < len(held_by):
        return None
    for name in _COLUMNS:
        setattr(record, name, former[name])
    record.published_at, record.withdrawn_at, record.change = _moment(former["published_at"]), None, change
    record.save()
    record.versions.all().delete()
    RecordVersion.objects.bulk_create(
        RecordVersion(record=record, version=number, title=title, content=content, published_at=_moment(at))
        for number, title, content, at in former["versions"]
    )
    _lead_where_it_led(record, former)
    if former["standing"]:
        status, at = former["standing"]
        published_at = _moment(at) if at else None
        Entry.objects.filter(identifier=identifier).update(status=status, published_at=published_at)
    return record


def _lead_where_it_led(record: Record, former: Former) -> None:
    names = [target for target, _, _ in former["links"]]
    live = dict(Record.objects.live().filter(identifier__in=names).values_list("identifier", "pk"))
    record.links_out.all().delete()
    Link.objects.bulk_create(
        Link(source=record, target_id=live[target], tie=tie, note=note)
        for target, tie, note in former["links"]
        if target in live
    )
    WaitingReference.objects.filter(source=record.identifier).delete()
    WaitingReference.objects.bulk_create(
        WaitingReference(source=record.identifier, target=target, relation=relation, note=note)
        for target, relation, note in (
            *former["waiting"],
            *(link for link in former["links"] if link[0] not in live),
        )
    )


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
