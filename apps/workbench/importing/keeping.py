"""An import that somebody made: kept for a while with what takes it back."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from apps.curation import journal
from apps.curation.merging import referring
from apps.curation.models import Entry, Status
from apps.curation.parts import in_parts
from apps.gate.watch import judge_again, put_back
from apps.public.catalogue.models import Record
from apps.workbench.editing import edit_together
from apps.workbench.importing.frame import Import, Progress, carry_out, tried
from apps.workbench.importing.report import Report
from apps.workbench.models import FileImport


class NotAsShown(ValueError):  # noqa: N818 - an answer, not a fault
    """What would be done isn't what somebody was shown any more; nothing has changed, and they are shown it anew."""


def prepare(file: FileImport, read: Import, progress: Progress = iter) -> None:
    """Keep what a file would do until somebody has decided."""
    file.report = tried(read, file.by, progress).kept()
    FileImport.objects.filter(pk=file.pk).update(report=file.report)


def make(file: FileImport, read: Import, progress: Progress = iter) -> Report:
    """Do what somebody was shown. Raises NotAsShown, and ValueError where it was made already."""
    shown = file.report
    with transaction.atomic():
        stored = FileImport.objects.select_for_update().get(pk=file.pk)
        if stored.made_at:
            raise ValueError("It was made already.")
        report = keep(file, read, progress)
        if report.kept() == shown:
            return report
        transaction.set_rollback(True)
    FileImport.objects.filter(pk=file.pk).update(report=report.kept())
    raise NotAsShown(
        "Nothing was changed: it would not become what you were shown, since somebody has edited something meanwhile. "
        "This is how it would be now; look at it, and decide anew."
    )


def keep(file: FileImport, read: Import, progress: Progress = iter) -> Report:
    """Do it, and keep it with what takes it back, if somebody is said to have done it."""
    with transaction.atomic():
        done = carry_out(read, file.by, f"Imported from {file.name}", progress)
        if file.by and done.changes:
            file.report, file.changes, file.data = done.report.kept(), done.changes, b""
            file.made_at = timezone.now()
            if file.pk is None:
                file.save()
            else:
                file.save(update_fields=["report", "changes", "data", "made_at"])
    return done.report


def take_back(file: FileImport, by: User) -> None:
    """Make everything what it was before an import, and delete what it made. Raises ValueError where there is nothing
    to take back, and journal.ChangedSince where somebody has gone on from it; then nothing has changed."""
    with transaction.atomic():
        file = FileImport.objects.select_for_update().get(pk=file.pk)
        if not file.made_at or file.taken_back_at:
            raise ValueError("There is nothing to take back.")
        made, changed = _entries(file.changes, was_there=False), _entries(file.changes, was_there=True)
        if found := [*_public(made), *journal.obstacles(file.changes), *_used(file.changes)]:
            raise journal.ChangedSince(found)
        with edit_together(changed, by, f"Taken back: {file}"):
            put_back(file.changes)
            judge_again(set(changed))
        file.taken_back_at = timezone.now()
        file.save(update_fields=["taken_back_at"])


def _entries(changes: list[journal.Change], was_there: bool) -> set[int]:
    label = Entry._meta.label
    return {one["pk"] for one in changes if one["model"] == label and (one["before"] is not None) == was_there}


def _public(made: set[int]) -> list[str]:
    """Entries that would be deleted and are on their way to the public."""
    found = []
    for some in in_parts(sorted(made)):
        entries = Entry.objects.filter(pk__in=some)
        live = Record.objects.live().filter(identifier__in=entries.values("identifier"))
        public = entries.exclude(status=Status.DRAFT) | entries.filter(identifier__in=live.values("identifier"))
        found += [f"“{entry}” is on its way to the public." for entry in public.distinct()]
    return found


def _used(changes: list[journal.Change]) -> list[str]:
    """What the import made and something else names by now."""
    made: dict[type[Model], set[Any]] = defaultdict(set)
    for one in changes:
        if one["before"] is None:
            made[apps.get_model(one["model"])].add(one["pk"])
    found = []
    for model, pks in list(made.items()):
        for column in referring(model):
            for some in in_parts(sorted(pks)):
                rows = column.model._base_manager.filter(**{f"{column.name}__in": some})
                other = next((row for row in rows[: len(changes) + 1] if row.pk not in made[column.model]), None)
                if other is not None:
                    named = model._base_manager.get(pk=getattr(other, column.attname))
                    found.append(f"“{named}” is used by something that was entered since: {other}.")
    return found
