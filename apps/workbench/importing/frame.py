"""An import as one step: tried and unmade, or kept whole, with what takes it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model

from apps.curation import journal
from apps.gate.watch import one_recheck
from apps.workbench.importing.report import Report
from apps.workbench.importing.touched import Keys, rows_of

One = TypeVar("One")
Progress = Callable[[Sequence[Any]], Iterable[Any]]


class Import(Protocol):
    """A file that was read, and what it would do. Nothing has been written."""

    def __len__(self) -> int:
        """Of how many things it tells."""

    def here(self) -> Keys:
        """What is here already of that which it may change."""

    def do(self, by: User | None, why: str, progress: Progress, is_trial: bool) -> tuple[Report, Keys]:
        """Write it, within a transaction that its caller rolls back if the report has a problem; also what was made or
        changed. A trial needs no history."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an import, and the rows that it changed, to be put back."""

    report: Report
    changes: list[journal.Change]


class _Refused(Exception):  # noqa: N818 - an answer, not a fault
    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


def tried(read: Import, by: User | None = None, progress: Progress = iter) -> Report:
    """What an import would come to: all of it is done, and undone before anybody sees it."""
    with transaction.atomic():
        try:
            return carry_out(read, by, "", progress, is_trial=True).report
        finally:
            transaction.set_rollback(True)


def carry_out(
    read: Import, by: User | None, why: str, progress: Progress = iter, *, is_trial: bool = False
) -> Done:  # fmt: skip
    """Do all of an import in one transaction, or nothing of it where the report has a problem."""
    try:
        with transaction.atomic():
            before = {} if is_trial else _in_order(journal.read(rows_of(read.here())))
            with one_recheck() as outcome:
                report, touched = read.do(by, why, progress, is_trial)
                if report.problems:
                    raise _Refused(report)
            report.recheck = outcome()
            if is_trial:
                return Done(report, [])
            after = journal.again(before)
            for model, values in journal.read(rows_of(touched)).items():
                after.setdefault(model, {}).update(values)
            return Done(report, journal.changes(before, after))
    except _Refused as refused:
        return Done(refused.report, [])


def _in_order(rows: journal.Rows) -> journal.Rows:
    """Rows of all sorts, so that what others need comes first even where there was none of it."""
    order: journal.Rows = {selected.model: {} for selected in rows_of({})}
    return order | rows


def keys_of(rows: Iterable[Model]) -> Keys:
    """Rows by their models and primary keys."""
    found: Keys = {}
    for row in rows:
        found.setdefault(type(row), set()).add(row.pk)
    return found
