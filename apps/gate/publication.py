"""Publish and withdraw: the only code that writes to the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.curation.models import Entry, Status
from apps.gate.checks import CHECKS
from apps.gate.findings import Finding, Refused, refusals
from apps.gate.models import WaitingReference
from apps.gate.records import build, structural_links
from apps.public.catalogue.models import CatalogueState, Link, Record, RecordVersion
from apps.taxonomy.words import Kind, Relation


def findings(entry: Entry) -> list[Finding]:
    """What the gate has to say against an entry as it stands now."""
    entry = entry.child
    return [finding for check in CHECKS for finding in check(entry)]


def preview(entry: Entry) -> dict[str, Any]:
    """The content of the record that publishing would make, whether or not it would be let through."""
    return build(entry.child)


def next_changes(count: int = 1) -> range:
    """Hand out change numbers. Holds the lock until the transaction ends, so they become visible in order.

    Raises TransactionManagementError outside a transaction.
    """
    state, _ = CatalogueState.objects.select_for_update().get_or_create(pk=1)
    first = state.change + 1
    state.change += count
    state.save(update_fields=["change"])
    return range(first, first + count)


@transaction.atomic
def publish(entry: Entry, by: User | None = None) -> Record:
    """Turn an entry into a record, or into a new version of it. Raises Refused, and then nothing has changed.

    Publishing again what has not changed makes no new version.
    """
    CatalogueState.objects.select_for_update().get_or_create(
        pk=1
    )  # one publication at a time, in the same order of locks
    fresh = Entry.objects.select_for_update().get(pk=entry.pk).child
    found = findings(fresh)
    if refusals(found):
        raise Refused(found)
    record = _write(fresh, build(fresh))
    entry.status, entry.published_at = Status.PUBLISHED, timezone.now()
    Entry.objects.filter(pk=entry.pk).update(status=entry.status, published_at=entry.published_at)
    return record


def _write(entry: Entry, content: dict[str, Any]) -> Record:
    now = timezone.now()
    record = Record.objects.filter(identifier=entry.identifier).first()
    links, waiting = _links(entry)
    if record is None:
        record = Record(identifier=entry.identifier, kind=entry.kind, version=1, published_at=now)
    elif record.withdrawn_at:  # a tombstone comes back to life; its version number goes on
        record.version, record.published_at, record.withdrawn_at = record.version + 1, now, None
    elif record.content != content:
        RecordVersion.objects.create(
            record=record,
            version=record.version,
            title=record.title,
            content=record.content,
            published_at=record.published_at,
        )
        record.version, record.published_at = record.version + 1, now
    elif (links, waiting) == _links_of(record):
        return record
    record.title, record.content, record.change = entry.title, content, next_changes()[0]
    record.save()
    _write_links(record, links, waiting)
    return record


# A link to a live record, by its primary key; a reference to what is not published yet, by its identifier.
Links = tuple[set[tuple[int, str, str]], set[tuple[str, str, str]]]


def _links(entry: Entry) -> Links:
    """What links the entry would have: (target, tie, note) to live records, and references that wait for theirs."""
    references = entry.references_out.select_related("target")
    wanted = {(other.identifier, tie.value, "") for tie, other in structural_links(entry)}
    wanted |= {(one.target.identifier, one.relation, one.note) for one in references}
    targets = Record.objects.live().filter(identifier__in=[target for target, _, _ in wanted])
    live = dict(targets.values_list("identifier", "pk"))
    return (
        {(live[target], tie, note) for target, tie, note in wanted if target in live},
        {one for one in wanted if one[0] not in live},
    )


def _links_of(record: Record) -> Links:
    """What links the record has."""
    return (
        set(record.links_out.values_list("target_id", "tie", "note")),
        set(WaitingReference.objects.filter(source=record.identifier).values_list("target", "relation", "note")),
    )


def _write_links(record: Record, links: set[tuple[int, str, str]], waiting: set[tuple[str, str, str]]) -> None:
    record.links_out.all().delete()
    Link.objects.bulk_create(
        Link(source=record, target_id=target, tie=tie, note=note) for target, tie, note in sorted(links)
    )
    WaitingReference.objects.filter(source=record.identifier).delete()
    WaitingReference.objects.bulk_create(
        WaitingReference(source=record.identifier, target=target, relation=tie, note=note)
        for target, tie, note in sorted(waiting)
    )
    _join_waiting(record)


def _join_waiting(record: Record) -> None:
    """Make the links that waited for this record."""
    waiting = WaitingReference.objects.filter(target=record.identifier)
    sources = dict(
        Record.objects.live().filter(identifier__in=waiting.values("source")).values_list("identifier", "pk")
    )
    Link.objects.bulk_create(
        Link(source_id=sources[one.source], target=record, tie=one.relation, note=one.note)
        for one in waiting
        if one.source in sources
    )
    waiting.filter(source__in=sources).delete()


def dependants(entry: Entry) -> list[Entry]:
    """The published entries that hang on this one, directly or through another: they go when it goes."""
    found: dict[int, Entry] = {}
    queue = [entry.pk]
    while queue:
        pk = queue.pop()
        hanging = Entry.objects.filter(
            Q(as_session__workshop=pk)
            | Q(as_position__article=pk)
            | Q(as_position__session=pk)
            | Q(as_position__proposition=pk)
            | Q(as_position__reported_from=pk)
        ).filter(identifier__in=Record.objects.live().values("identifier"))
        for other in hanging.exclude(pk__in=found):
            found[other.pk] = other
            queue.append(other.pk)
    return sorted(found.values(), key=lambda one: (list(Kind).index(Kind(one.kind)), one.title))


@transaction.atomic
def withdraw(entry: Entry, by: User | None = None) -> list[Record]:
    """Take an entry's record, and those that hang on it, out of the catalogue; tombstones stay.

    Withdrawing what is not published changes nothing.
    """
    CatalogueState.objects.select_for_update().get_or_create(pk=1)
    going = [*dependants(entry), entry]
    records = list(Record.objects.live().filter(identifier__in=[one.identifier for one in going]))
    for record, change in zip(records, next_changes(len(records)) if records else (), strict=True):
        _bury(record, change)
    Entry.objects.filter(identifier__in=[record.identifier for record in records]).update(status=Status.WITHDRAWN)
    entry.refresh_from_db(fields=["status"])
    return records


def _bury(record: Record, change: int) -> None:
    """Leave a tombstone: no title, no content, no versions, no links of its own; what points to it waits again."""
    incoming = record.links_in.filter(tie__in=Relation.values).select_related("source")
    WaitingReference.objects.bulk_create(
        [
            WaitingReference(source=link.source.identifier, target=record.identifier, relation=link.tie, note=link.note)
            for link in incoming
        ],
        ignore_conflicts=True,
    )
    record.links_in.all().delete()
    record.links_out.all().delete()
    record.versions.all().delete()
    WaitingReference.objects.filter(source=record.identifier).delete()
    record.title, record.content, record.withdrawn_at, record.change = "", None, timezone.now(), change
    record.save()


@dataclass
class Outcome:
    """What became of a run over many entries."""

    published: list[Record] = field(default_factory=list)
    unchanged: int = 0
    refused: list[tuple[Entry, list[Finding]]] = field(default_factory=list)


def awaiting_publication() -> Iterable[Entry]:
    """Submitted entries, in the order in which they can be published: what others hang on comes first."""
    submitted = Entry.objects.filter(status=Status.SUBMITTED)
    return [entry for kind in Kind for entry in submitted.filter(kind=kind).order_by("pk")]


def publish_many(entries: Iterable[Entry], outcome: Outcome, by: User | None = None) -> Iterator[Entry]:
    """Publish each entry on its own, noting what became of it; yields each one done, so that progress can be shown."""
    for entry in entries:
        try:
            before = Record.objects.filter(identifier=entry.identifier).values_list("change", flat=True).first()
            record = publish(entry, by)
            if record.change == before:
                outcome.unchanged += 1
            else:
                outcome.published.append(record)
        except Refused as refused:
            outcome.refused.append((entry, refused.findings))
        yield entry
