"""A merge, or the split of a theme, as a step that somebody takes: tried out first, kept with its undoing, and undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.utils import timezone

from apps.curation import history, journal
from apps.curation.merging import MERGEABLE, around, entries_of_merge
from apps.curation.models import Entry, Merge, Status
from apps.gate import merging as gate
from apps.gate.former import remembering
from apps.gate.recheck import Recheck
from apps.taxonomy.models import Theme
from apps.taxonomy.vocabulary import forget
from apps.workbench.belonging import entries_naming
from apps.workbench.editing import one_edit

_MODELS: dict[str, type[Model]] = {str(model._meta.model_name): model for model in MERGEABLE}


class NeedsReviewer(Exception):  # noqa: N818 - an answer, not a fault
    """The step would change what is public, which is for somebody who may publish; nothing has changed."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a step came to."""

    merge: Merge
    recheck: Recheck | None

    @property
    def reworded(self) -> list[str]:
        """The identifiers of records that call it by another name now."""
        return list(dict.fromkeys(one[0] for one in self.merge.public["reworded"]))

    @property
    def redirects(self) -> list[list[str]]:
        return [[what, old, new] for what, old, _, new in self.merge.public["redirects"]]

    @property
    def changes_records(self) -> bool:
        return gate.changed_records(self.merge.public)


def merge(keep: Model, doubles: list[Model], by: User) -> Done:
    """Make one of some. Raises CannotMerge; then nothing has changed."""
    model, keys = type(keep), [keep.pk, *(one.pk for one in doubles)]
    rows = [*around(model, keys), *gate.noted_of(model, keys)]
    gone = [str(one) for one in doubles]
    merge = Merge(what=model._meta.model_name, kept=str(keep)[:300], kept_pk=keep.pk, gone=gone, by=by)
    edited = entries_of_merge(model, keys[1:]) if issubclass(model, Entry) or model._meta.model_name in _EDITS else set()
    edited |= {entry.pk for double in doubles for entry in entries_naming(double)}
    beside = entries_of_merge(model, keys[1:]) - edited
    return _taken(merge, rows, edited, beside, lambda: gate.merge(keep, *doubles))


_EDITS = ("tag", "theme")  # what belongs to an entry; who was there is told by other rows, and isn't published by itself


def split(theme: Theme, new: Theme, entries: Iterable[int], narrower: bool, by: User) -> Done:
    """Make a theme of its own of what some entries are about."""
    chosen = set(Entry.objects.filter(themes=theme, pk__in=list(entries)).values_list("pk", flat=True))
    merge = Merge(what=Merge.What.SPLIT, kept=theme.name, kept_pk=theme.pk, gone=[new.name], by=by)

    def rows() -> list[QuerySet[Any]]:
        return around(Theme, [theme.pk, *([new.pk] if new.pk else [])])

    return _taken(merge, rows, chosen, set(), lambda: gate.split(theme, new, chosen, narrower))


def taken(step: Callable[[], Done], by: User) -> Done:
    """Take a step. Raises NeedsReviewer where it would change what is public and they may not publish; then nothing has
    changed."""
    with transaction.atomic():
        done = step()
        if done.changes_records and not by.has_perm("curation.publish_entry"):
            forget()
            raise NeedsReviewer
        return done


def tried(step: Callable[[], Done]) -> Done:
    """What a step would come to: it is taken, and taken back before anybody sees it."""
    with transaction.atomic():
        try:
            return step()
        finally:
            forget()
            transaction.set_rollback(True)


@transaction.atomic
def _taken(
    merge: Merge,
    rows: list[QuerySet[Any]] | Callable[[], list[QuerySet[Any]]],
    edited: set[int],
    beside: set[int],
    step: Callable[[], gate.Public],
) -> Done:
    """Take a step that edits some entries, and has to do with some beside them; keep what it changed."""

    def selected() -> list[QuerySet[Any]]:
        return [Entry.objects.filter(pk__in=edited), *(rows() if callable(rows) else rows)]

    before = journal.read(selected())
    current = Entry.objects.filter(pk__in=edited, status=Status.PUBLISHED, modified_at__lte=F("published_at"))
    in_step = dict(current.values_list("identifier", "pk"))
    with remembering() as former:
        with one_edit(merge.by, str(merge)) as outcome:
            history.about_to_change(edited | beside)
            public = step()
            _touch(edited, merge.by)
            history.note(edited | beside)
            renewed = {in_step[one[0]] for one in public["reworded"] if one[0] in in_step}
            Entry.objects.filter(pk__in=renewed).update(published_at=F("modified_at"))
        merge.public = gate.finished(public, former)
    after = journal.again(before)
    for model, values in journal.read(selected()).items():
        after.setdefault(model, {}).update(values)
    merge.rows = journal.changes(before, after)
    merge.save()
    return Done(merge, outcome())


def kept_by(merge: Merge) -> Model | None:
    """The one that others were merged into, or the theme that was split; None if it is gone by now."""
    model = _MODELS.get(merge.what, Theme)
    return model._base_manager.filter(pk=merge.kept_pk).first()


def _touch(entries: set[int], by: User | None) -> None:
    """Note on entries that they were edited just now, as `Entry.touch` does for one of them."""
    Entry.objects.filter(pk__in=entries).update(modified_at=timezone.now(), modified_by=by)


def undo(merge: Merge, by: User) -> list[str]:
    """Make everything what it was before a merge; what could not come back to the public, in words.

    Raises ValueError if it was undone, NeedsReviewer, or journal.ChangedSince; then nothing has changed.
    """
    with transaction.atomic():
        merge = Merge.objects.select_for_update().get(pk=merge.pk)
        if merge.undone_at:
            raise ValueError("It is undone already.")
        if gate.changed_records(merge.public) and not by.has_perm("curation.publish_entry"):
            raise NeedsReviewer
        entries = {one["pk"] for one in merge.rows if one["model"] == Entry._meta.label}
        with one_edit(by, f"Undone: {merge}") as outcome:
            history.about_to_change(Entry.objects.filter(pk__in=entries).values_list("pk", flat=True))
            left_out = gate.undo(merge.public, merge.rows, kept_by(merge))
            history.note(entries)
        merge.undone_at, merge.undone_by = timezone.now(), by
        merge.save(update_fields=["undone_at", "undone_by"])
        if (found := outcome()) and found.changed_something:
            left_out.append(f"What is public was judged again: {found}")
        return left_out
