"""Making one of two: what was entered twice. And making two of one: a theme that turned out to be several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ForeignKey, Model, QuerySet, UniqueConstraint
from taggit.models import Tag

from apps.curation.models import (
    Attendance,
    Authorship,
    Candidate,
    CrossReference,
    Entry,
    Organisation,
    Person,
    Proposition,
    Submission,
)
from apps.taxonomy.models import Broader, Theme
from apps.taxonomy.words import Role


class CannotMerge(ValueError):  # noqa: N818 - an answer, not a fault
    """Two can't be made one as they are; nothing has changed. ``where`` is the entry in which that can be mended."""

    def __init__(self, message: str, where: Entry | None = None) -> None:
        super().__init__(message)
        self.where = where


@dataclass(frozen=True, slots=True)
class Mergeable:
    """How two of a kind become one, beside that all rows which name the one come to name the other."""

    model: type[Model]
    take_over: Callable[[Any, Any], None]  # what the one that is kept learns from its double
    clashes: Callable[[Any, Any], Iterable[CannotMerge]] = lambda keep, double: ()
    settle: Callable[[Any, Any], None] = lambda keep, double: None  # rows that become one, before the others move
    ask: Callable[[Any], None] = lambda keep: None  # whether it can be as it is now; raises CannotMerge


def clashes(keep: Model, double: Model) -> list[CannotMerge]:
    """What keeps two of a kind from being made one, all of it."""
    if keep.pk == double.pk:
        return [CannotMerge(f"Name two different {keep._meta.verbose_name_plural}.")]
    return list(MERGEABLE[type(keep)].clashes(keep, double))


@transaction.atomic
def merge(keep: Model, double: Model) -> None:
    """Move all that belongs to the double to the one that is kept, and delete the double.

    Where both had the same, one of it stays. Raises CannotMerge where somebody has to decide something first. Rows move
    past their models: whoever calls sees to it that what they decide about is judged again.
    """
    if found := clashes(keep, double):
        raise found[0]
    kind = MERGEABLE[type(keep)]
    kind.settle(keep, double)
    for column in referring(kind.model):
        _move(column, keep, double)
    kind.take_over(keep, double)
    keep.save()
    kind.ask(keep)
    double.delete()


@transaction.atomic
def split(theme: Theme, new: Theme, entries: Iterable[int], narrower: bool) -> None:
    """Make a theme of its own of what some entries, by their primary keys, are about; it may lie beneath the old one,
    else beneath what that lies beneath."""
    new.save()
    above = [theme] if narrower else theme.broader.all()
    for one in above:
        Broader.objects.create(narrower=new, broader=one)
    through = Entry.themes.through._base_manager
    through.filter(theme=theme, entry__in=list(entries)).update(theme=new)


def referring(model: type[Model]) -> list[ForeignKey[Any, Any]]:
    """The columns by which rows name one of a kind, those of tables that only join two among them; what other apps
    note of an entry is their affair, what was handed in stays with what it was, and what is made of the row itself is
    made anew when that changes."""
    relations: list[Any] = model._meta.get_fields(include_hidden=True)
    columns: list[ForeignKey[Any, Any]] = [one.field for one in relations if _is_named_by(one)]
    return [
        column
        for column in columns
        if not (issubclass(model, Entry) and column.model._meta.app_label != "curation")
        and column.model is not Submission
        and not getattr(column.model, "is_made_of_the_row", False)
    ]


def _is_named_by(one: Any) -> Any:
    is_other_end = one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one)
    return is_other_end and not one.field.remote_field.parent_link


def around(model: type[Model], keys: list[int]) -> list[QuerySet[Any]]:
    """All rows of ours that a merge of these would change or delete; those that others name come first."""
    own = [one._base_manager.filter(pk__in=keys) for one in (*model._meta.get_parent_list(), model)]
    named = [(column.model, column.name) for column in referring(model)]
    if issubclass(model, Entry):
        named.append((Submission, "entry"))
    rows = [one._base_manager.filter(**{f"{name}__in": keys}) for one, name in named if _is_ours(one)]
    expertise = Attendance.expertise.through._base_manager.filter(attendance__person__in=keys)
    return [*own, *rows, *([expertise] if model is Person else [])]


def _is_ours(model: type[Model]) -> bool:
    return model._meta.app_label in ("curation", "taxonomy", "taggit")


def _move(column: ForeignKey[Any, Any], keep: Model, double: Model) -> None:
    """Let all rows of a table that name the double name the one that is kept; a row that would say again what another
    says already, or that a thing has to do with itself, goes."""
    table, name = column.model._base_manager, column.name
    rows = table.filter(**{name: double.pk})
    for other in column.model._meta.local_concrete_fields:
        if other is not column and other.related_model is column.related_model:
            rows.filter(**{other.name: keep.pk}).delete()
    for beside in _unique_with(column):
        taken = set(table.filter(**{name: keep.pk}).values_list(*beside))
        twice = [pk for pk, *key in rows.values_list("pk", *beside) if None not in key and tuple(key) in taken]
        table.filter(pk__in=twice).delete()
    rows.update(**{name: keep.pk})


def _unique_with(column: ForeignKey[Any, Any]) -> Iterator[list[str]]:
    """What else a row says that may be said only once with this column."""
    options = column.model._meta
    constraints = [one.fields for one in options.constraints if isinstance(one, UniqueConstraint) and not one.condition]
    for fields in (*constraints, *options.unique_together):
        if column.name in fields and len(fields) > 1:
            yield [name for name in fields if name != column.name]


def names_taken_over(known: Iterable[str], more: Iterable[str], own: Iterable[str]) -> list[str]:
    """Other names, each once however it is capitalised, without those that are no other names."""
    seen, found = {name.casefold() for name in ("", *own)}, []
    for name in (*known, *more):
        if name.casefold() not in seen:
            seen.add(name.casefold())
            found.append(name)
    return found


def _beneath(text: str, more: str) -> str:
    return "\n\n".join(filter(None, (text, more)))


# --- Tags, themes


def _keep_tag(keep: Tag, double: Tag) -> None:
    """A tag has no other names."""


def _keep_theme(keep: Theme, double: Theme) -> None:
    others = (double.name, *double.alternative_names)
    keep.alternative_names = names_taken_over(keep.alternative_names, others, [keep.name])
    keep.definition = keep.definition or double.definition
    keep.scope_note = keep.scope_note or double.scope_note


def _is_no_circle(theme: Theme) -> None:
    broader = list(theme.broader.all())
    theme.related.remove(*theme.related.filter(pk__in=[one.pk for one in broader]))
    theme.related.remove(*theme.narrower.all())
    try:
        theme.check_broader(broader)
    except ValidationError as error:
        raise CannotMerge(
            f"A third theme lies beneath one of the two and above the other, so “{theme}” would be broader than "
            "itself. Take one of these out of the form first."
        ) from error


# --- Organisations, people


def _keep_organisation(keep: Organisation, double: Organisation) -> None:
    others = (double.name, double.acronym, *double.aliases)
    keep.acronym = keep.acronym or double.acronym
    keep.aliases = names_taken_over(keep.aliases, others, [keep.name, keep.acronym])
    keep.sector, keep.country = keep.sector or double.sector, keep.country or double.country
    keep.note = _beneath(keep.note, double.note)


def _keep_person(keep: Person, double: Person) -> None:
    others = (double.name, *double.aliases, *([double.email] if keep.email else []))
    keep.aliases = names_taken_over(keep.aliases, others, [keep.name, keep.email])
    keep.email = keep.email or double.email
    keep.note = _beneath(keep.note, double.note)


def _twice_there(keep: Person, double: Person) -> Iterator[tuple[Any, Any]]:
    """What both have of one meeting or one article: the row of the one that is kept, and that of its double."""
    for attendance in Attendance.objects.filter(person=double):
        same = Attendance.objects.filter(workshop=attendance.workshop_id, session=attendance.session_id, person=keep)
        yield from ((kept, attendance) for kept in same)
    for authorship in Authorship.objects.filter(person=double):
        same_work = Authorship.objects.filter(article=authorship.article_id, person=keep)
        yield from ((kept, authorship) for kept in same_work)


def _of_two_bodies(keep: Person, double: Person) -> Iterator[CannotMerge]:
    """Both organisations are protected there, so neither may be dropped unseen."""
    for kept, other in _twice_there(keep, double):
        if kept.affiliation and other.affiliation and kept.affiliation != other.affiliation:
            where = kept.article if isinstance(kept, Authorship) else kept.session or kept.workshop
            said = f"At “{where}” they are of {kept.affiliation} and of {other.affiliation}"
            yield CannotMerge(f"{said}: make the two the same first.", where)


def _one_attendance(keep: Person, double: Person) -> None:
    """Give one attendance, or authorship, what only its double knew."""
    for kept, other in list(_twice_there(keep, double)):
        kept.affiliation = kept.affiliation or other.affiliation
        if isinstance(kept, Attendance):
            for name in ("sector", "country"):
                if not getattr(kept, name):
                    setattr(kept, name, getattr(other, name))
            if kept.role == Role.PARTICIPANT:
                kept.role = other.role
            kept.expertise.add(*other.expertise.all())
        kept.save()
        other.delete()


# --- Propositions


def _keep_proposition(keep: Proposition, double: Proposition) -> None:
    merged = f"Merged into this: “{double.title}” ({double.slug})."
    keep.note = _beneath(keep.note, "\n".join(filter(None, (merged, double.summary, double.note))))


def _two_notes(keep: Proposition, double: Proposition) -> Iterator[CannotMerge]:
    """What two references of a kind to the same entry say must be one note before they become one."""
    for one, other in (("source", "target"), ("target", "source")):
        notes = {
            (getattr(reference, f"{other}_id"), reference.relation): reference.note
            for reference in CrossReference.objects.filter(**{one: keep.pk})
        }
        for reference in CrossReference.objects.filter(**{one: double.pk}).select_related(other):
            there = getattr(reference, other)
            kept = notes.get((there.pk, reference.relation))
            if kept is not None and reference.note not in ("", kept):
                yield CannotMerge(
                    f"Both have a reference “{reference.get_relation_display()}” with “{there}”, each with a note of "
                    "its own: make the two the same first.",
                    double,
                )


MERGEABLE: dict[type[Model], Mergeable] = {
    kind.model: kind
    for kind in (
        Mergeable(Tag, _keep_tag),
        Mergeable(Theme, _keep_theme, ask=_is_no_circle),
        Mergeable(Person, _keep_person, clashes=_of_two_bodies, settle=_one_attendance),
        Mergeable(Organisation, _keep_organisation),
        Mergeable(Proposition, _keep_proposition, clashes=_two_notes),
    )
}


def entries_of_merge(model: type[Model], keys: list[int]) -> set[int]:
    """The entries, by their primary keys, of which a row names one of these."""
    found: set[int] = set(keys) if issubclass(model, Entry) else set()
    for column in referring(model):
        table = column.model
        if table is Candidate or table._meta.app_label not in ("curation", "taxonomy"):
            continue
        rows = table._base_manager.filter(**{f"{column.name}__in": keys})
        if issubclass(table, Entry):
            found |= set(rows.values_list("pk", flat=True))
            continue
        for other in table._meta.local_concrete_fields:
            is_owner = isinstance(other, ForeignKey) and (table, other.name) != (CrossReference, "target")
            if other is not column and is_owner and issubclass(_target(other), Entry):
                found |= set(rows.exclude(**{other.name: None}).values_list(other.name, flat=True))
    return found


def _target(column: Any) -> type[Model]:
    target: type[Model] = column.related_model
    return target
