"""Judging again what is already public, when a private fact has changed: a rule, a name, who was there.

What no longer passes leaves the catalogue in the transaction that changed the fact: former versions too. An entry
without unpublished changes is published anew if that cures it; else its record is withdrawn, with what hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from apps.curation.models import Attendance, Entry, Position
from apps.gate.case import Case, Run
from apps.gate.checks import judge
from apps.gate.descriptors import Descriptor
from apps.gate.models import Publication
from apps.gate.publication import lock, objections, published_links, withdraw, write
from apps.gate.records import provenance
from apps.public.catalogue.models import Record, RecordVersion

_AT_ONCE = 200
_SINGLE = ("session__workshop", "article", "proposition", "reported_from", "descriptor_expertise", "publication")
_NAMED = 10  # of what was withdrawn, in words; the admin lists the rest under their status


@dataclass
class Recheck:
    """What became of a re-check."""

    passed: int = 0
    mended: list[Record] = field(default_factory=list)  # published anew
    withdrawn: list[Entry] = field(default_factory=list)

    @property
    def changed_something(self) -> bool:
        return bool(self.mended or self.withdrawn)

    def __str__(self) -> str:
        said = f"{self.passed} stand, {len(self.mended)} published anew without what is protected"
        if not self.withdrawn:
            return f"{said}, none withdrawn."
        named = [f"{one.get_kind_display().lower()} “{one}”" for one in self.withdrawn[:_NAMED]]
        more = len(self.withdrawn) - len(named)
        return f"{said}, {len(self.withdrawn)} withdrawn: {', '.join(named)}{f', and {more} more' if more else ''}."


def public_entries(**conditions: object) -> QuerySet[Entry]:
    """Entries with a live record."""
    return Entry.objects.filter(identifier__in=Record.objects.live().values("identifier"), **conditions)


def from_meeting(*workshops: int) -> QuerySet[Entry]:
    """What is public of some workshops: themselves, their sessions, and the positions taken or reported there."""
    return public_entries().filter(_of(workshops))


def concerning(person: int) -> QuerySet[Entry]:
    """What is public of the meetings that somebody attended, and of the positions that they hold or wrote of."""
    held = Q(as_position__speakers=person) | Q(as_position__article__authors=person) | Q(as_article__authors=person)
    attended = _of(_meetings_of(Attendance.objects.filter(person=person)))
    return public_entries().filter(attended | Q(pk__in=Entry.objects.filter(held).values("pk")))


def from_meetings_of(attendances: QuerySet[Attendance]) -> QuerySet[Entry]:
    """What is public of the workshops that were attended, as their rows or their sessions say."""
    return public_entries().filter(_of(_meetings_of(attendances)))


def _meetings_of(attendances: QuerySet[Attendance]) -> set[int]:
    return {pk for row in attendances.values_list("workshop", "session__workshop") for pk in row if pk}


def _of(workshops: Iterable[Any]) -> Q:
    return (
        Q(pk__in=workshops)
        | Q(as_session__workshop__in=workshops)
        | Q(as_position__session__workshop__in=workshops)
        | Q(as_position__reported_from__in=workshops)
    )


@transaction.atomic
def recheck(entries: Iterable[Entry], outcome: Recheck) -> Iterator[Entry]:
    """Judge each entry's record, and its former versions, by the facts as they are now; yields each one done."""
    lock()
    run = Run()
    for entry, position in _with_positions(entries):
        record = Record.objects.live().filter(identifier=entry.identifier).first()
        if record is not None:  # it may have gone with one before it
            _recheck_one(position or entry.child, record, run, outcome)
        yield entry


def _with_positions(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Position | None]]:
    """Each entry with itself as a position, if it is one: they are many, so what they are judged by is read at once."""
    waiting = iter(entries)
    while batch := list(islice(waiting, _AT_ONCE)):
        positions = Position.objects.filter(pk__in=[entry.pk for entry in batch])
        whole = positions.select_related(*_SINGLE).prefetch_related("speakers").in_bulk()
        for entry in batch:
            yield entry, whole.get(entry.pk)


def _recheck_one(entry: Entry, record: Record, run: Run, outcome: Recheck) -> None:
    for version in record.versions.all():
        if not _stands(entry, version, record, run):
            version.delete()
    if not _stands(entry, record, record, run):
        draft = Case.of_draft(entry, purpose="re-check", run=run)
        if not entry.has_unpublished_changes and not objections(entry, judge(draft)):
            outcome.mended.append(write(draft, keep_version=False))
        else:
            gone = [record.identifier for record in withdraw(entry)]
            outcome.withdrawn += Entry.objects.filter(identifier__in=gone).order_by("pk")
    else:
        outcome.passed += 1


def _stands(entry: Entry, text: Record | RecordVersion, record: Record, run: Run) -> bool:
    """Whether what is public may stay as it is: it would pass, and says rightly where it comes from."""
    case = _as_published(entry, text, record, run)
    return provenance(entry).items() <= case.content.items() and not objections(entry, judge(case))


def _as_published(entry: Entry, text: Record | RecordVersion, record: Record, run: Run) -> Case:
    descriptor = Descriptor()
    if isinstance(entry, Position):
        kept: Publication | None = getattr(entry, "publication", None)
        descriptor = Descriptor(**kept.descriptor) if kept else Descriptor.of(entry)
    return Case(entry, text.content or {}, published_links(record), descriptor, purpose="re-check", run=run)
