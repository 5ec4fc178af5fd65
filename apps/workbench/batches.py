"""An edit of many entries at once: prepared, looked at, made, and taken back."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, connections, transaction
from django.db.models import Q
from django.utils import timezone

from apps.curation import history
from apps.curation.models import Entry, Status
from apps.curation.parts import in_parts
from apps.curation.tables import applying, planning
from apps.curation.tables.planning import Plan, Row
from apps.curation.tables.sheets import Faults, Sheet
from apps.gate.findings import Finding
from apps.gate.publication import findings, objections
from apps.gate.recheck import Recheck
from apps.gate.watch import one_recheck
from apps.public.catalogue.models import Record
from apps.taxonomy.words import Kind
from apps.workbench import together
from apps.workbench.editing import edit_together, touch_together
from apps.workbench.models import Batch

logger = logging.getLogger(__name__)
_NAMED = 5


class NotAsShown(Exception):  # noqa: N818 - an answer, not a fault
    """What would be done isn't what somebody was shown any more; the batch says now what it is."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        named = ", ".join(f"“{row['title']}”" for row in rows[:_NAMED])
        more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
        super().__init__(
            f"Nothing was changed: {named}{more} would not become what you were shown, since somebody has edited "
            "something meanwhile. This is how it would be now; look at it, and decide anew."
        )


class Clash(Exception):  # noqa: N818
    """Entries can't be made to say this, all of them together; nothing was changed."""


def kept_sheet(sheet: Sheet) -> dict[str, Any]:
    """A table as a batch keeps it."""
    faults = [[number, place, words] for number, some in sheet.faults.items() for place, words in some]
    return {"headings": sheet.headings, "rows": sheet.rows, "faults": faults, "remarks": sheet.remarks}


def sheet_of(batch: Batch) -> Sheet:
    asked, faults = batch.asked, Faults()
    for number, place, words in asked["faults"]:
        faults.setdefault(number, []).append((place, words))
    return Sheet(asked["headings"], [(number, cells) for number, cells in asked["rows"]], faults, asked["remarks"])


def plan_of(batch: Batch) -> Plan:
    """What the batch would do now. Raises Unreadable for a table whose headings say nothing."""
    return planning.plan(Kind(batch.kind), sheet_of(batch)) if batch.kind else together.plan(batch.asked)


def show(batch: Batch, plan: Plan) -> None:
    """Keep what a batch would do, as it will be shown."""
    batch.rows = [row.kept() for row in plan.rows]
    batch.unchanged, batch.remarks = plan.unchanged, plan.remarks


def make(batch: Batch, by: User, only_good: bool = False) -> Recheck | None:
    """Do what somebody was shown, all of it or, if they say so, the rows without a problem. Returns what became of what
    is public.

    Raises NotAsShown, where an entry was edited meanwhile, and then nothing is done but to show it anew; Clash; and
    ValueError where it was made already.
    """
    try:
        with one_recheck() as outcome:  # which locks the catalogue before any entry, as whoever publishes does
            _make(batch, by, only_good)
        return outcome()
    except IntegrityError:
        raise Clash(
            "Nothing was changed: two entries would have come to share what only one may have, such as a slug, a DOI "
            "or a number on the agenda. Exchange them in two steps."
        ) from None
    except NotAsShown:
        batch.save(update_fields=["rows", "unchanged", "remarks"])
        raise


# --- In the background, where it takes longer than somebody waits for a page


MANY = 300  # rows from which on it does
_GIVEN_UP = dt.timedelta(hours=1)  # a server that stopped meanwhile has changed nothing, and it may be made anew
_done: dict[int, int] = {}  # rows, by batch, as far as this process knows


def start(batch: Batch, work: Callable[[Batch], str]) -> None:
    """Make a batch, or take it back, in the background; its page tells how far that is, and what came of it. Raises
    ValueError where something of it is under way."""
    now = timezone.now()
    free = Q(making_since=None) | Q(making_since__lt=now - _GIVEN_UP)
    if not Batch.objects.filter(free, pk=batch.pk, taken_back_at=None).update(making_since=now, told=""):
        raise ValueError("It is under way already.")
    threading.Thread(target=_in_background, args=(batch.pk, work), name=f"batch {batch.pk}").start()


def is_under_way(batch: Batch) -> bool:
    return batch.making_since is not None and batch.making_since > timezone.now() - _GIVEN_UP


def done_so_far(batch: Batch) -> int | None:
    """How many rows are made; None where another process makes them."""
    return _done.get(batch.pk)


def _in_background(pk: int, work: Callable[[Batch], str]) -> None:
    _done[pk] = 0
    try:
        told = work(Batch.objects.get(pk=pk))
    except (NotAsShown, Clash, ValueError) as answer:
        told = str(answer)
    except Exception:
        logger.exception("Batch %s came to nothing.", pk)
        told = "Nothing was changed: something went wrong that whoever runs the site can look up."
    finally:
        _done.pop(pk, None)
    Batch.objects.filter(pk=pk).update(making_since=None, told=told)
    connections.close_all()


def in_words(batch: Batch, outcome: Recheck | None) -> str:
    """What came of a batch that was made."""
    good, _ = good_and_bad(batch.rows)
    told = f"Done: {len(good):,} {'entry' if len(good) == 1 else 'entries'}. What readers see has not changed: publish "
    told += f"{'it' if len(good) == 1 else 'them'} for that."
    if outcome and outcome.changed_something:
        told += f" What is public was judged again by the facts as they are now: {outcome}"
    return told


def taken_back_in_words(done: int, left: list[str]) -> str:
    """What came of taking a batch back."""
    told = f"Taken back: {done:,} {'entry is as it was' if done == 1 else 'entries are as they were'} before."
    if left:
        more = f" And {len(left) - _NAMED} more." if len(left) > _NAMED else ""
        told += f" {len(left):,} {'was' if len(left) == 1 else 'were'} left. {' '.join(left[:_NAMED])}{more}"
    return told


def _make(batch: Batch, by: User, only_good: bool) -> None:
    stored = Batch.objects.select_for_update().get(pk=batch.pk)
    if stored.made_at:
        raise ValueError("It was made already.")
    _lock(row["entry"] for row in stored.rows if row["entry"])
    plan = plan_of(batch)
    shown = {(row["number"], row["entry"]): row for row in stored.rows}
    now = [row.kept() for row in plan.rows]
    differing = [row for row in now if shown.pop((row["number"], row["entry"]), None) != row]
    if differing or shown:
        show(batch, plan)
        raise NotAsShown(differing or list(shown.values()))
    if not only_good and any(row.problems for row in plan.rows):
        raise ValueError("Some rows have problems.")
    doing = [row for row in plan.rows if row.does_something]
    edited = {row.entry for row in doing if row.entry and row.values.keys() - {"status"}}
    with edit_together(edited, by, f"{batch.name} (no. {batch.pk})") as (revisions, _):
        edited |= set(_apply(batch, doing, by))
    if not batch.kind:
        together.move(doing, by)
    batch.made_at, batch.revisions = timezone.now(), revisions
    batch.rows = [row.kept() if not row.problems else now[i] for i, row in enumerate(plan.rows)]
    batch.save()


def _lock(entries: Iterable[int]) -> None:
    """Keep others from editing entries until the transaction ends: between looking and writing nothing changes."""
    for some in in_parts(sorted(entries)):
        list(Entry.objects.select_for_update().filter(pk__in=some).order_by("pk").values_list("pk"))


def _apply(batch: Batch, rows: list[Row], by: User) -> list[int]:
    if not batch.kind:
        return together.apply(rows, by)

    def tell(number: int) -> None:
        if batch.pk in _done:
            _done[batch.pk] = number

    return applying.apply(Kind(batch.kind), rows, by, tell)


def gate_on(batch: Batch, shown: list[dict[str, Any]], by: User) -> dict[int, list[Finding]]:
    """What the gate would have against some rows that it has not now, by their numbers; they are made, judged and
    unmade."""
    numbers = {row["number"] for row in shown}
    rows = [row for row in plan_of(_part(batch, numbers)).rows if row.does_something and row.number in numbers]
    before = {row.number: _against(row.entry, by) for row in rows if row.entry}
    with transaction.atomic(), one_recheck():
        try:
            with transaction.atomic():
                _apply(batch, rows, by)
        except IntegrityError:
            transaction.set_rollback(True)
            return {}
        touch_together({row.entry for row in rows if row.entry}, by)
        after = {row.number: _against(row.entry, by) for row in rows if row.entry}
        transaction.set_rollback(True)
    known = {number: {one.key for one in found} for number, found in before.items()}
    return {number: [one for one in found if one.key not in known.get(number, ())] for number, found in after.items()}


def _part(batch: Batch, numbers: set[int]) -> Batch:
    """The batch with some of its rows alone."""
    if batch.kind:
        asked = {**batch.asked, "rows": [row for row in batch.asked["rows"] if row[0] in numbers]}
    else:
        entries = batch.asked["entries"]
        asked = {**batch.asked, "entries": [key if n in numbers else 0 for n, key in enumerate(entries, 1)]}
    return Batch(kind=batch.kind, asked=asked)


def _against(key: int | None, by: User) -> list[Finding]:
    entry = Entry.objects.get(pk=key)
    return objections(entry, findings(entry, by=by))


def take_back(batch: Batch, by: User) -> tuple[int, list[str]]:
    """Make every entry what it was before the batch, but for those that somebody has gone on from; returns how many,
    and why the others were left. Entries that the batch made are deleted. Raises ValueError where it can't be done."""
    if batch.taken_back_at or not batch.made_at:
        raise ValueError("There is nothing to take back.")
    left: list[str] = []
    done = 0
    with one_recheck():
        revisions = set(batch.revisions)
        rows = [row for row in batch.rows if row["changes"] and not row["problems"]]
        keys = {row["entry"] for row in rows}
        _lock(keys)
        with edit_together(keys, by, f"Taken back: {batch.name} (no. {batch.pk})"):
            for number, row in enumerate(rows, 1):
                if batch.pk in _done:
                    _done[batch.pk] = number
                if why := _take_back(row, revisions):
                    left.append(f"“{row['title']}”: {why}")
                    keys.discard(row["entry"])
                else:
                    done += 1
        batch.taken_back_at = timezone.now()
        batch.save(update_fields=["taken_back_at"])
    return done, left


def _take_back(row: dict[str, Any], revisions: set[int]) -> str:
    """Take back one row; why not, if not."""
    entry = Entry.objects.filter(pk=row["entry"]).first()
    if entry is None:
        return "it is deleted by now."
    names = {name for name, _, _ in row["changes"]}
    if names - {"status"}:
        kept = history.steps(entry.pk)
        if not kept or kept[0].pk not in revisions:
            return "it was edited since, so it stays as it is."
        if len(kept) == 1:
            return _unmake(entry)
        try:
            history.restore(entry.pk, kept[1])
        except history.CannotRestore as error:
            return str(error)
    for name, before, after in row["changes"]:
        if name == "status" and entry.get_status_display() == after:
            Entry.objects.filter(pk=entry.pk).update(status=_status_called(before))
    return ""


def _unmake(entry: Entry) -> str:
    if entry.status != Status.DRAFT or Record.objects.has_live(entry.identifier):
        return "it is on its way to the public, so it stays."
    try:
        with transaction.atomic():
            entry.delete()
    except IntegrityError:
        return "something else needs it by now."
    return ""


def _status_called(label: str) -> str:
    return next(value for value, called in Status.choices if called == label)


def good_and_bad(rows: Iterable[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows that can be made, and those with a problem."""
    rows = list(rows)
    return [row for row in rows if not row["problems"]], [row for row in rows if row["problems"]]
