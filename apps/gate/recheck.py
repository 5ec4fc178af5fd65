"""Judging again what is already public, when a private fact has changed: a rule, a name, who was there.

What no longer passes leaves the catalogue in the transaction that changed the fact: former versions too. An entry that
says nothing new is published anew if that cures it; else its record is withdrawn, with what hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from apps.curation.models import Entry, Position
from apps.gate.case import Case, Run
from apps.gate.checks import judge
from apps.gate.models import Publication
from apps.gate.publication import as_published, judge_versions, lock, objections, stands, why_not, withdraw, write
from apps.gate.published import names_in
from apps.gate.records import Links
from apps.public.catalogue.models import Record
from apps.taxonomy.words import Relation

_AT_ONCE = 200
_SINGLE = (
    "session__workshop",
    "article",
    "proposition",
    "reported_from",
    "descriptor_expertise",
    "publication__published_by",
)
_FOLLOWS_FROM_FACTS = {
    *("rule", "source", "workshop", "holder", "participants", "date", "date_text", "earliest", "years"),
}
_NAMED = 10  # of what was withdrawn, in words; the admin lists the rest under their status


@dataclass
class Recheck:
    """What became of a re-check."""

    passed: int = 0
    mended: list[Record] = field(default_factory=list)  # published anew
    withdrawn: list[Entry] = field(default_factory=list)
    reasons: dict[str, list[str]] = field(default_factory=dict)  # by identifiers; none of what went along

    @property
    def changed_something(self) -> bool:
        return bool(self.mended or self.withdrawn)

    @property
    def taken_out(self) -> list[tuple[Entry, list[str]]]:
        """What was withdrawn, each with why."""
        along = ["It hangs on what is taken out."]
        return [(one, self.reasons.get(one.identifier, along)) for one in self.withdrawn]

    def __str__(self) -> str:
        said = f"{self.passed} stand, {len(self.mended)} published anew without what is protected"
        if not self.withdrawn:
            return f"{said}, none withdrawn."
        named = [f"{one.get_kind_display().lower()} “{one}”" for one in self.withdrawn[:_NAMED]]
        more = len(self.withdrawn) - len(named)
        return f"{said}, {len(self.withdrawn)} withdrawn: {', '.join(named)}{f', and {more} more' if more else ''}."


def recheck(concerned: Iterable[int], outcome: Recheck) -> Iterator[int]:
    """Judge the records, and former versions, of entries named by their primary keys, by the facts as they are now; in
    a transaction of the caller's, which holds from the first of them to the last.

    Yields each key when it is done; what is not public is done at once.
    """
    lock()
    run, waiting = Run(), iter(sorted(concerned))
    while batch := list(islice(waiting, _AT_ONCE)):
        public = _public_ones(batch)
        for pk in batch:
            # It may have been withdrawn with one before it.
            if pk in public and (record := Record.objects.live().filter(identifier=public[pk].identifier).first()):
                child = getattr(public[pk], "child", None)  # none in the midst of being deleted, which withdraws it
                if child is not None:
                    _recheck_one(child, record, run, outcome)
            yield pk


def _public_ones(batch: list[int]) -> dict[int, Entry]:
    """Those of some entries that are public; positions, which are many, with what they are judged by."""
    entries = Entry.objects.filter(pk__in=batch)
    live = set(
        Record.objects.live()
        .filter(identifier__in=list(entries.values_list("identifier", flat=True)))
        .values_list("identifier", flat=True)
    )
    found = {entry.pk: entry for entry in entries if entry.identifier in live}
    positions = Position.objects.filter(pk__in=found).select_related(*_SINGLE).prefetch_related("speakers")
    return found | positions.in_bulk()


def _recheck_one(entry: Entry, record: Record, run: Run, outcome: Recheck) -> None:
    judge_versions(entry, record, run)
    if not stands(entry, record, record, run):
        draft = _as_mended(entry, record, run)
        if draft and not objections(entry, judge(draft)):
            outcome.mended.append(write(draft, keep_version=False))
        else:
            outcome.reasons[entry.identifier] = why_not(entry, record, run)
            gone = [record.identifier for record in withdraw(entry)]
            outcome.withdrawn += Entry.objects.filter(identifier__in=gone).order_by("pk")
    else:
        outcome.passed += 1


def _as_mended(entry: Entry, record: Record, run: Run) -> Case | None:
    """The record without what has come to be protected; None where it would say something that nobody has reviewed."""
    if entry.published_at is None:
        return None
    kept: Publication | None = getattr(entry, "publication", None)
    by = kept.published_by if kept else None
    draft, public = Case.of_draft(entry, purpose="re-check", run=run, by=by), as_published(entry, record, record, run)
    if draft.is_protected and (by is None or by.pk == entry.modified_by_id):
        return None  # nobody but its last editor has answered for it
    if draft.descriptor != public.descriptor or not names_in(draft.content) <= names_in(public.content):
        return None
    said = draft.content.keys() - (
        _FOLLOWS_FROM_FACTS if names_in(public.content) else _FOLLOWS_FROM_FACTS - {"holder"}
    )
    if any(draft.content[name] != public.content.get(name) for name in said):
        return None
    draft.links = Links(
        frozenset(link for link in draft.links.live if link[1] not in Relation.values or link in public.links.live),
        draft.links.waiting & public.links.waiting,
    )
    return draft
