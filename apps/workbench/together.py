"""Editing entries together: what they are about, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from apps.curation.about import Relation, keys_of_tags, put
from apps.curation.models import Entry, Status
from apps.curation.names import join_tags
from apps.curation.parts import in_parts
from apps.curation.reviewing import may_be_submitted, submit, take_back
from apps.curation.tables.columns import MODELS
from apps.curation.tables.planning import Plan, Row
from apps.taxonomy.models import Region, Theme
from apps.taxonomy.words import Kind

Asked = dict[str, Any]  # entries by their keys; keys to add and to remove by relation, and a status
RELATIONS: tuple[Relation, ...] = ("regions", "themes", "tags")
STATUSES = {Status.SUBMITTED: "Hand in for review", Status.DRAFT: "Take back from review: drafts again"}


def plan(asked: Asked) -> Plan:
    """What would change, entry by entry; nothing is changed here. Entries that are gone are left out."""
    keys = asked["entries"]
    names = {relation: _names(relation, asked) for relation in RELATIONS}
    rows, found = [], 0
    for some in in_parts(list(enumerate(keys, 1))):
        entries = Entry.objects.prefetch_related("regions", "themes", "tagged__tag").in_bulk([key for _, key in some])
        for number, key in some:
            if entry := entries.get(key):
                found += 1
                rows.append(_row(number, entry, asked, names))
    telling = [row for row in rows if row.changes]
    gone = len(keys) - found
    remarks = [f"{gone} of those chosen {'is' if gone == 1 else 'are'} deleted by now."] if gone else []
    return Plan(telling, found - len(telling), remarks)


def _names(relation: Relation, asked: Asked) -> dict[Any, str]:
    """What is to be added or removed, by its key, or a new tag by its name."""
    if relation == "tags":
        return {name: name for name in (*asked["add"].get(relation, ()), *asked["remove"].get(relation, ()))}
    model: type[Region | Theme] = Region if relation == "regions" else Theme
    wanted = (*asked["add"].get(relation, ()), *asked["remove"].get(relation, ()))
    return dict(model._default_manager.filter(pk__in=wanted).values_list("pk", "name"))


def _row(number: int, entry: Entry, asked: Asked, names: dict[Relation, dict[Any, str]]) -> Row:
    row = Row(number, entry.title, entry.pk, entry.modified_at.isoformat(), instance=entry)
    for relation in RELATIONS:
        has = _has(entry, relation)
        add = {key: names[relation][key] for key in asked["add"].get(relation, ()) if key in names[relation]}
        removed = {_alike(key) for key in asked["remove"].get(relation, ())}
        kept = {key: name for key, name in has.items() if _alike(key) not in removed}
        there = {_alike(key) for key in kept}
        becomes = kept | {key: name for key, name in add.items() if _alike(key) not in there}
        if becomes.keys() != has.keys():
            row.changes.append((relation, join_tags(list(has.values())), join_tags(list(becomes.values()))))
            row.values[relation] = list(becomes)
    wanted = asked.get("status", "")
    goes = may_be_submitted(entry) or row.changes if wanted == Status.SUBMITTED else _is_in_review(entry)
    if wanted and goes and entry.status != wanted:
        row.changes.append(("status", entry.get_status_display(), str(Status(wanted).label)))
        row.values["status"] = wanted
    return row


def _has(entry: Entry, relation: Relation) -> dict[Any, str]:
    if relation == "tags":
        return {one.tag.name: one.tag.name for one in entry.tagged.all()}
    return {one.pk: one.name for one in getattr(entry, relation).all()}


def _alike(key: Any) -> Any:
    return key.casefold() if isinstance(key, str) else key


def _is_in_review(entry: Entry) -> bool:
    return entry.status in (Status.SUBMITTED, Status.RETURNED)


def apply(rows: Iterable[Row], by: Any) -> list[int]:
    """Make the entries be what the rows say. Returns the keys of those whose contents changed. The caller has a
    transaction open, keeps the history, and notes on the entries that they were edited."""
    doing = [row for row in rows if row.does_something and row.entry]
    for relation in RELATIONS:
        wanted = {row.entry: row.values[relation] for row in doing if relation in row.values and row.entry}
        if relation == "tags":
            keys = keys_of_tags(sorted({tag for some in wanted.values() for tag in some}))
            wanted = {entry: [keys[tag] for tag in some] for entry, some in wanted.items()}
        put(relation, wanted)
    return [row.entry for row in doing if row.entry and row.values.keys() - {"status"}]


def move(rows: Iterable[Row], by: Any) -> None:
    """Hand in for review, or take back from it; once the entries are noted to be edited."""
    moving: dict[str, list[int]] = {}
    for row in rows:
        if row.does_something and row.entry and "status" in row.values:
            moving.setdefault(row.values["status"], []).append(row.entry)
    for status, keys in moving.items():
        for some in in_parts(keys):
            entries = Entry.objects.filter(pk__in=some)
            moved = submit(entries, by) if status == Status.SUBMITTED else take_back(entries)
            _note(moved, by, "Submitted for review." if status == Status.SUBMITTED else "Taken back from review.")


def _note(entries: Iterable[Entry], by: Any, step: str) -> None:
    """Keep a step in the history of each entry, which is that of its kind's form."""
    kinds = {kind: ContentType.objects.get_for_model(model).pk for kind, model in MODELS.items()}
    LogEntry.objects.bulk_create(
        LogEntry(
            user=by,
            content_type_id=kinds[Kind(entry.kind)],
            object_id=str(entry.pk),
            object_repr=str(entry)[:200],
            action_flag=CHANGE,
            change_message=step,
        )
        for entry in entries
    )
