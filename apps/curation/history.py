"""Every change of an entry with what belongs to it: kept by whom and when, read as texts, restored, even when deleted.

django-reversion keeps a version of each row that is saved while `recorded` is open. Who has published what is no part
of a version: restoring an old text changes nothing in public.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import reversion
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.core.serializers.python import Serializer
from django.db import DEFAULT_DB_ALIAS, IntegrityError, models, transaction
from django.db.models import ForeignKey, ManyToManyField, Model, Q
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.utils import timezone
from reversion.models import Revision, Version
from reversion.revisions import _follow_relations_recursive, _get_options

from apps.curation.anchoring import reanchor
from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CrossReference,
    Entry,
    Passage,
    Position,
    Proposition,
    Session,
    TaggedEntry,
    Workshop,
)
from apps.curation.models.sources import Source
from apps.curation.parts import in_parts

# What belongs to an entry, with the column that says to which; and the name that it goes by in a history.
BELONGINGS: dict[type[Model], tuple[str, str]] = {
    Authorship: ("article", "Authors"),
    Attendance: ("workshop", "Attendance"),
    Passage: ("position", "Passages"),
    TaggedEntry: ("content_object", "Tags"),
    CrossReference: ("source", "Cross-references"),
}
_KINDS: dict[type[Entry], tuple[str, ...]] = {
    Article: ("authorships",),
    Workshop: ("attendances",),
    Session: (),
    Proposition: (),
    Position: ("passages",),
}
DELETED = "Deleted"
_TO_A_REVISION = 50  # entries: to read the history of one means to look through its revisions
# Entries with all that is kept of them, so that none costs queries of its own.
_WHOLE = Entry.objects.select_related(*(f"as_{kind.KIND}" for kind in _KINDS)).prefetch_related(
    *("regions", "themes", "tagged__tag", "references_out__source", "references_out__target"),
    *("as_article__authorships__person", "as_position__passages", "as_position__speakers"),
    *("as_workshop__attendances__expertise", "as_workshop__attendances__person", "as_workshop__attendances__session"),
)
_STANDING = ("status", "published_at", "modified_at", "modified_by")  # not what it says, but where it stands
_FOLLOWS = ("identifier", "kind", "earliest", "latest", "entry", "id", "tags")  # from what is said, or never changes


def register() -> None:
    """Tell django-reversion what to keep; once, when the apps are ready."""
    kinds = tuple(f"as_{kind.KIND}" for kind in _KINDS)
    reversion.register(Entry, exclude=(*_STANDING, "tags"), follow=("tagged", "references_out", *kinds))
    for kind, belongings in _KINDS.items():
        reversion.register(kind, follow=("entry", *belongings))
    for model in BELONGINGS:
        reversion.register(model)


@dataclass(slots=True)
class _Block:
    """What is recorded at the moment: by whom, and which entries have been looked at already."""

    by: User | None
    since: dt.datetime
    seen: set[int] = field(default_factory=set)


_block: ContextVar[_Block | None] = ContextVar("history", default=None)


@contextmanager
def recorded(by: User | None, why: str = "") -> Iterator[None]:
    """Keep what is saved within the block as one step of the history of each entry.

    An entry of which nothing was kept yet is kept as it was, too.
    """
    token = _block.set(_Block(by, timezone.now()))
    try:
        with reversion.create_revision():
            reversion.set_user(by)
            reversion.set_comment(why)
            yield
    finally:
        _block.reset(token)


@contextmanager
def recorded_together(entries: set[int], by: User | None, why: str = "") -> Iterator[list[int]]:
    """Keep an edit of many entries, by their primary keys, as one step of the history of each; yields what it will be
    kept as, revisions by their keys. Entries that are made within the block are to be added to the set.

    Each is kept once, when all is done, instead of with every row that is saved; so whoever edits notes on the entries
    themselves that they were edited.
    """
    token = _block.set(None)
    revisions: list[int] = []
    try:
        _keep(_never_kept(entries), None, "As it was before", timezone.now())
        with reversion.create_revision(manage_manually=True):
            yield revisions
        _keep(entries, by, why, at := timezone.now())
        revisions += Revision.objects.filter(date_created=at, user=by).order_by("pk").values_list("pk", flat=True)
    finally:
        _block.reset(token)


def connect() -> None:
    """Keep what an entry was before its first recorded change, and before it is deleted, whoever deletes it."""
    for model in (*_KINDS, *BELONGINGS):
        pre_save.connect(_before, sender=model, dispatch_uid="history")
    for model in BELONGINGS:
        pre_delete.connect(_before, sender=model, dispatch_uid="history")
    for through in (Entry.regions.through, Entry.themes.through, Position.speakers.through):
        m2m_changed.connect(_before, sender=through, dispatch_uid="history")
    kinds: list[type[Entry]] = [Entry, *_KINDS]
    for kind in kinds:
        post_save.connect(_after_making, sender=kind, dispatch_uid="history")
    pre_delete.connect(_before_deleting, sender=Entry, dispatch_uid="history")


def _before(instance: Any, action: str = "pre_", **_: Any) -> None:
    block = _block.get()
    owner = BELONGINGS.get(type(instance))
    if block is None or not action.startswith("pre_") or not (owner or isinstance(instance, Entry)):
        return
    entry = getattr(instance, instance._meta.get_field(owner[0]).attname) if owner else instance.pk
    if entry is not None and entry not in block.seen:
        about_to_change([entry])


def about_to_change(entries: Iterable[int]) -> None:
    """Keep entries, by their primary keys, as they are before they are changed, those of which nothing is kept yet; for
    whoever changes rows past their models."""
    block = _block.get()
    if block is None or not (new := set(entries) - block.seen):
        return
    block.seen |= new
    _keep(_never_kept(new), None, "As it was before", block.since)


def _never_kept(entries: set[int]) -> set[int]:
    """Those of some entries of which the history has nothing yet."""
    known = Version.objects.get_for_model(Entry).values_list("object_id", flat=True)
    return entries - {
        int(pk) for some in in_parts(sorted(entries)) for pk in known.filter(object_id__in=map(str, some))
    }


def _after_making(instance: Entry, created: bool, **_: Any) -> None:
    if created and (block := _block.get()):
        block.seen.add(instance.pk)


def _before_deleting(instance: Entry, **_: Any) -> None:
    block = _block.get()
    _keep([instance.pk], block.by if block else None, DELETED, timezone.now())


def _keep(entries: Collection[int], by: User | None, why: str, at: dt.datetime) -> None:
    """Keep entries as the database has them now, as a step of its own, whatever is recorded around it."""
    for some in in_parts(sorted(entries), _TO_A_REVISION):
        with transaction.atomic():
            if versions := [version for entry in _WHOLE.filter(pk__in=some) for version in _versions(entry)]:
                revision = Revision.objects.create(date_created=at, user=by, comment=why)
                for version in versions:
                    version.revision = revision
                Version.objects.bulk_create(versions)


def _versions(entry: Entry) -> Iterator[Version]:
    """What django-reversion keeps of an entry and of what belongs to it, in half of the time that it takes for it."""
    for row in _follow_relations_recursive(entry):
        said = _Serializer().serialize([row], fields=_get_options(type(row)).fields)
        yield Version(
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            db=DEFAULT_DB_ALIAS,
            format="json",
            serialized_data=json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False),
            object_repr=str(row),
        )


class _Serializer(Serializer):
    """Django's, which asks anew for what was fetched with the row only to throw it away."""

    _current: dict[str, Any]

    def handle_m2m_field(self, obj: Any, field: Any) -> None:
        fetched = getattr(obj, "_prefetched_objects_cache", {}).get(field.name)
        if fetched is None:
            super().handle_m2m_field(obj, field)
        elif field.remote_field.through._meta.auto_created:
            self._current[field.name] = [one.pk for one in fetched]


def _add(entries: Collection[int]) -> None:
    for entry in _WHOLE.filter(pk__in=entries):
        reversion.add_to_revision(entry)


def note(entries: Collection[int], saved: Collection[int], why: str) -> None:
    """Keep entries, by their primary keys, as they are at the end of a step that may have changed thousands of them
    past their models; ``saved`` are those of which it saved something, so that some of it is kept already."""
    block = _block.get()
    _add(saved)
    _keep(set(entries) - set(saved), block.by if block else None, why, timezone.now())


@dataclass(frozen=True, slots=True)
class Step:
    """One change of an entry: what it said then, as texts by name, and before that."""

    revision: Revision
    before: dict[str, str]
    after: dict[str, str]


def steps(entry: int) -> list[Revision]:
    """The changes of an entry, by its primary key, the latest first; of one that is deleted too."""
    kept = Version.objects.get_for_object_reference(Entry, entry).values("revision")
    return list(Revision.objects.filter(pk__in=kept).select_related("user").order_by("-pk"))


def read(entry: int, revisions: list[Revision], former: Revision | None) -> list[Step]:
    """What an entry said at changes that followed one another, the latest first, each beside the one before it;
    ``former`` is the one before them all, if there is one."""
    said = [_as_texts(_rows(entry, revision)) for revision in revisions]
    said.append(_as_texts(_rows(entry, former)) if former else {})
    return [Step(one, before, after) for one, (after, before) in zip(revisions, pairwise(said), strict=True)]


def deleted() -> models.QuerySet[Version]:
    """The last version of each entry that is deleted, the latest first."""
    return Version.objects.get_deleted(Entry).select_related("revision__user").order_by("-pk")


class CannotRestore(Exception):  # noqa: N818 - an answer, not a fault
    """Something that the entry needs is no longer there; nothing has changed."""


def restore(entry: int, revision: Revision) -> Entry:
    """Make an entry, by its primary key, and what belongs to it, what it was after a change. Where it stands with the
    public stays as it is; one that was deleted comes back as a draft.

    What it named and is gone since is left out: a region, a speaker, the other end of a reference. Raises CannotRestore
    where it can't be without something that is gone, or where something else has taken its place.
    """
    rows = _rows(entry, revision)
    if not rows or rows[0]._model is not Entry:
        raise CannotRestore("That step kept nothing of this entry.")
    values = rows[0]._local_field_dict
    others = Entry.objects.filter(kind=values["kind"], slug=values["slug"]).exclude(pk=entry)
    if taken := others.first():
        raise CannotRestore(f"“{taken}” has its slug by now. Rename that one first.")
    standing = Entry.objects.filter(pk=entry).values(*_STANDING).first()
    try:
        with transaction.atomic():
            formerly = _text_of(entry)
            for model, (owner, _) in BELONGINGS.items():
                for row in model._base_manager.filter(**{owner: entry}):
                    row.delete()
            for version in rows:
                _save(version)
            if standing:
                Entry.objects.filter(pk=entry).update(**standing)
            _find_again(entry, formerly)
    except IntegrityError as error:
        raise CannotRestore("Something else has its place by now: its number on the agenda, or its DOI.") from error
    return Entry.objects.get(pk=entry).child


def _text_of(entry: int) -> str:
    """The text of a source as it is; empty for what has none."""
    found = Entry.objects.filter(pk=entry).first()
    return found.child.stored_text() if found and isinstance(found.child, Source) else ""


def _find_again(entry: int, formerly: str) -> None:
    """What comes back past the models comes with the places of its time: passages are looked for in the text of now."""
    child = Entry.objects.get(pk=entry).child
    if isinstance(child, Source) and child.text != formerly:
        child.find_again(formerly)
    if isinstance(child, Position):
        reanchor(child.passages.all(), child.source.text)


def _rows(entry: int, revision: Revision) -> list[Version]:
    """The versions of an entry and of what belonged to it, what others need first."""
    order = [Entry, *_KINDS, *BELONGINGS]
    found = []
    belongings = ContentType.objects.get_for_models(*BELONGINGS).values()
    whole = Q(object_id=str(entry)) | Q(content_type__in=belongings)  # others are of entries edited together with it
    for version in revision.version_set.filter(whole).select_related("content_type"):
        model = version._model
        if model in BELONGINGS:
            owner = model._meta.get_field(BELONGINGS[model][0]).attname
            is_its = version._local_field_dict[owner] == entry
        else:
            is_its = model in order and version.object_id == str(entry)
        if is_its:
            found.append(version)
    return sorted(found, key=lambda one: (order.index(one._model), int(one.object_id)))


def _save(version: Version) -> None:
    """Write a row as it was, without what is gone."""
    # Version.revert() would do, if nothing were ever gone.
    deserialized, model = version._object_version, version._model
    row = deserialized.object
    for column in model._meta.local_fields:
        key = getattr(row, column.attname)
        if not isinstance(column, ForeignKey) or key is None or _is_there(column, key):
            continue
        target: Any = column.related_model
        if model in BELONGINGS and not column.null:
            return
        if issubclass(target, Entry) or not column.null:
            raise CannotRestore(f"The {target._meta.verbose_name} that it names is deleted. Restore that first.")
        setattr(row, column.attname, None)
    for name, keys in (deserialized.m2m_data or {}).items():
        others: Any = model._meta.get_field(name).related_model
        there = set(others._base_manager.filter(pk__in=[_key(one) for one in keys]).values_list("pk", flat=True))
        deserialized.m2m_data[name] = [one for one in keys if _key(one) in there]
    deserialized.save()


def _key(one: Any) -> Any:
    return one.pk if isinstance(one, Model) else int(one)


def _is_there(field: Any, key: Any) -> bool:
    return bool(field.related_model._base_manager.filter(**{field.target_field.attname: key}).exists())


# --- As texts


def _as_texts(rows: list[Version]) -> dict[str, str]:
    texts: dict[str, str] = {}
    lines: dict[str, list[str]] = {}
    for version in rows:
        model = version._model
        if model in BELONGINGS:
            owner, name = BELONGINGS[model]
            said = _values(version, leaving_out=(owner,))
            lines.setdefault(name, []).append("; ".join(said.values()))
        else:
            texts |= _values(version)
    return texts | {name: "\n".join(some) for name, some in lines.items()}


def _values(version: Version, leaving_out: tuple[str, ...] = ()) -> dict[str, str]:
    """The columns of a row that say something, as somebody reads them."""
    model, kept = version._model, version._local_field_dict
    said = {}
    for column in (*model._meta.local_fields, *model._meta.local_many_to_many):
        if column.name in (*_FOLLOWS, *leaving_out) or column.attname not in kept:
            continue
        if text := _text(column, kept[column.attname]):
            said[str(column.verbose_name).capitalize()] = text
    return said


def _text(column: models.Field[Any, Any], value: Any) -> str:
    if isinstance(column, ManyToManyField):
        return ", ".join(sorted(_named(column, _key(one)) for one in value or ()))
    if isinstance(column, ForeignKey):
        return _named(column, value) if value is not None else ""
    if isinstance(value, list):
        return "\n".join(value)
    if isinstance(value, bool):
        return "yes" if value else ""
    choices = dict(column.flatchoices) if column.choices else {}
    return str(choices.get(value, "" if value is None else value))


def _named(column: Any, key: Any) -> str:
    """What a row goes by now; its versions name those that are gone."""
    model = column.related_model
    row = model._base_manager.filter(pk=key).first()
    if row is not None:
        return str(row)
    kept = Version.objects.get_for_object_reference(model, key).first() if reversion.is_registered(model) else None
    return f"{kept.object_repr if kept else model._meta.verbose_name} (deleted)"
