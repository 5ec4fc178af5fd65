"""A merge, or the split of a theme, as a step that somebody takes: tried first, kept with what undoes it, undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.utils import timezone

from apps.audit.log import note
from apps.audit.models import What
from apps.curation import history, journal
from apps.curation.merging import MERGEABLE, around, entries_of_merge, referring
from apps.curation.models import Entry, Merge, Organisation, Person, Status
from apps.gate import merging as gate
from apps.gate.former import remembering
from apps.gate.publication import lock
from apps.gate.recheck import Recheck
from apps.taxonomy.models import Theme
from apps.workbench.belonging import entries_naming
from apps.workbench.editing import one_edit, touch_together

_MODELS: dict[str, type[Model]] = {str(model._meta.model_name): model for model in MERGEABLE}


class Step(Protocol):
    """Something to be taken, or tried: a merge or a split with all that it needs to know."""

    def __call__(self, *, is_trial: bool = False) -> Done: ...


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
    def leads_on(self) -> bool:
        """Whether old addresses lead to new ones."""
        return bool(self.merge.public["redirects"])

    @property
    def changes_records(self) -> bool:
        return gate.changed_records(self.merge.public)


def merge(keep: Model, doubles: list[Model], by: User, is_trial: bool = False) -> Done:
    """Make one of some. Raises CannotMerge; then nothing has changed."""
    model, keys = type(keep), [keep.pk, *(one.pk for one in doubles)]
    keep, *doubles = (model._base_manager.get(pk=pk) for pk in keys)  # the caller's stay as they are
    rows = [*around(model, keys), *gate.noted_of(model, keys)]
    gone = [str(one) for one in doubles]
    merge = Merge(what=str(model._meta.model_name), kept=str(keep)[:300], kept_pk=keep.pk, gone=gone, by=by)
    concerned = entries_of_merge(model, keys[1:])
    # Who was there, and for whom, is no edit of a record that doesn't say so.
    edited = set() if model in (Person, Organisation) else concerned
    edited |= {entry.pk for double in doubles for entry in entries_naming(double)}
    return _taken(merge, lambda: rows, edited, concerned - edited, lambda: gate.merge(keep, *doubles), is_trial)


def split(theme: Theme, new: Theme, entries: Iterable[int], narrower: bool, by: User, is_trial: bool = False) -> Done:
    """Make a theme of its own of what some entries are about."""
    chosen = set(Entry.objects.filter(themes=theme, pk__in=list(entries)).values_list("pk", flat=True))
    merge = Merge(what=Merge.What.SPLIT, kept=theme.name, kept_pk=theme.pk, gone=[new.name], by=by)

    def rows() -> list[QuerySet[Any]]:
        return around(Theme, [theme.pk, *([new.pk] if new.pk else [])])

    return _taken(merge, rows, chosen, set(), lambda: gate.split(theme, new, chosen, narrower), is_trial)


def taken(step: Step, by: User) -> Done:
    """Take a step. Raises NeedsReviewer where it would change what is public and they may not publish; then nothing has
    changed."""
    with transaction.atomic():
        done = step()
        if done.changes_records and not by.has_perm("curation.publish_entry"):
            raise NeedsReviewer
        if done.changes_records:
            note(What.MERGED, done.merge, by=by)
        return done


def tried(step: Step) -> Done:
    """What a step would come to: it is taken, and taken back before anybody sees it."""
    with transaction.atomic():
        try:
            return step(is_trial=True)
        finally:
            transaction.set_rollback(True)


@transaction.atomic
def _taken(
    merge: Merge,
    rows: Callable[[], list[QuerySet[Any]]],
    edited: set[int],
    beside: set[int],
    step: Callable[[], gate.Public],
    is_trial: bool,
) -> Done:
    """Take a step that edits some entries, and has to do with some beside them; keep what it changed. A trial, which is
    rolled back, needs no history."""

    def selected() -> list[QuerySet[Any]]:
        return [Entry.objects.filter(pk__in=edited), *rows()]

    lock()
    before = journal.read(selected())
    current = Entry.objects.filter(pk__in=edited, status=Status.PUBLISHED, modified_at__lte=F("published_at"))
    in_step = dict(current.values_list("identifier", "pk"))
    with remembering() as former:
        with one_edit(merge.by, str(merge)) as outcome:
            kept = set() if is_trial else edited | beside
            history.about_to_change(kept)
            public = step()
            touch_together(edited, merge.by)
            history.note(kept, kept & {merge.kept_pk} if merge.what == Merge.What.PROPOSITION else set(), str(merge))
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
        if gate.changed_records(merge.public):
            note(What.MERGED, merge, "undone", by=by)
        entries = {one["pk"] for one in merge.rows if one["model"] == Entry._meta.label}
        with one_edit(by, f"Undone: {merge}") as outcome:
            history.about_to_change(Entry.objects.filter(pk__in=entries).values_list("pk", flat=True))
            left_out = gate.undo(merge.public, merge.rows, kept_by(merge))
            back = {one["pk"] for one in merge.rows if one["model"] == Entry._meta.label and one["after"] is None}
            history.note(entries, back, f"Undone: {merge}")
        merge.undone_at, merge.undone_by = timezone.now(), by
        merge.save(update_fields=["undone_at", "undone_by"])
        if (found := outcome()) and found.changed_something:
            left_out.append(f"What is public was judged again: {found}")
        return left_out


# --- What would move


_SHOWN = 50  # rows of a part that a preview names; it counts all


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one sort that would name the one that is kept."""

    name: str
    total: int
    rows: list[Model]  # the first of them, as what they belong to


def parts(keep: Model | None, doubles: list[Model]) -> list[Part]:
    """What names those that would go, sort by sort; entries where rows belong to entries."""
    model, keys = type(doubles[0]), [one.pk for one in doubles]
    found = []
    for column in referring(model):
        if column.model._meta.app_label not in ("curation", "taxonomy"):
            continue
        rows = column.model._base_manager.filter(**{f"{column.name}__in": keys})
        if total := rows.count():
            other = _other_end(column)
            shown = list(rows.select_related(*([other] if other else []))[:_SHOWN]) if keep else []
            found.append(Part(_called(column, other), total, [getattr(row, other) if other else row for row in shown]))
    return found


def _other_end(column: Any) -> str | None:
    """What a row is about beside what it names, where it only joins the two."""
    if issubclass(column.model, Entry):
        return None
    return next(
        (
            other.name
            for other in column.model._meta.local_concrete_fields
            if other.is_relation and other is not column and other.name not in ("affiliation", "session")
        ),
        None,
    )


def _called(column: Any, other: str | None) -> str:
    """What the rows of a part are called: those of a table that only joins two by what they join to."""
    options = column.model._meta
    if options.auto_created and other:
        options = options.get_field(other).related_model._meta
        return str(options.verbose_name_plural).capitalize()
    names = {"TaggedEntry": "Entries", "Broader": f"Themes {'above' if column.name == 'narrower' else 'beneath'}"}
    if options.object_name == "CrossReference":
        return f"Cross-references {'from' if column.name == 'source' else 'to'} it"
    return names.get(options.object_name, str(options.verbose_name_plural).capitalize())
