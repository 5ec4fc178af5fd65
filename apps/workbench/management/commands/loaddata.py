import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError
from django.db.models import Model
from django.db.models.signals import post_save, pre_save

from apps.curation.anchoring import reanchor
from apps.curation.models import Entry, Passage, Status
from apps.curation.models.sources import Source
from apps.gate.publication import preview
from apps.gate.watch import one_recheck
from apps.public.catalogue.models import Record
from apps.taxonomy.models import Broader, Theme


class Command(loaddata.Command):
    """Django's own, with the promises of the other ways in: what is wrong is said in one line, what is public is judged
    again once, and an entry that a reviewer published or withdrew is not made to wait for review again."""

    def handle(self, *labels: str, **options: Any) -> None:
        try:
            with one_recheck() as outcome, standing_kept(), anchored(), sound():
                super().handle(*labels, **options)
        except Unsound as unsound:
            raise CommandError(f"{', '.join(labels)}: nothing of this was loaded, since {unsound}") from None
        except (DeserializationError, DatabaseError, UnicodeError) as error:
            files = ", ".join(labels)
            raise CommandError(f"{files}: this cannot be loaded, and nothing of it was. {_reason(error)}") from error
        if (done := outcome()) and done.changed_something:
            self.stdout.write(f"What is public was judged again by the facts as they are now: {done}")


@contextmanager
def standing_kept() -> Iterator[None]:
    """Keep what reviewers decided on entries that are written over; what says something new has unpublished changes."""
    decided: dict[int, dict[str, Any]] = {}

    def note(instance: Any, raw: bool, **_: Any) -> None:
        if raw and isinstance(instance, Entry) and instance.pk not in decided:
            stood = Entry.objects.filter(pk=instance.pk, status__in=(Status.PUBLISHED, Status.WITHDRAWN))
            decided[instance.pk] = stood.values("status", "published_at", "modified_at", "modified_by").first() or {}
            if instance.modified_by_id is None:  # who edited it last may not publish it, whatever a file leaves out
                editor = Entry.objects.filter(pk=instance.pk).values_list("modified_by", flat=True).first()
                instance.modified_by_id = editor

    pre_save.connect(note, weak=False, dispatch_uid="standing-kept")
    try:
        yield
    finally:
        pre_save.disconnect(dispatch_uid="standing-kept")
    records = dict(Record.objects.live().values_list("identifier", "content"))
    for entry in Entry.objects.filter(pk__in=[pk for pk, standing in decided.items() if standing]):
        standing = decided[entry.pk]
        if entry.identifier in records and records[entry.identifier] != preview(entry):
            del standing["modified_at"], standing["modified_by"]
        Entry.objects.filter(pk=entry.pk).update(**standing)


@contextmanager
def anchored() -> Iterator[None]:
    """Look for passages in texts that are written over; for those loaded themselves, where they say they stand."""
    formerly: dict[Source, str] = {}
    loaded: set[Any] = set()

    def note(instance: Any, raw: bool, **_: Any) -> None:
        if raw and isinstance(instance, Source) and instance.pk and instance not in formerly:
            formerly[instance] = instance.stored_text()
        elif raw and isinstance(instance, Passage):
            loaded.add(instance.natural_key())

    pre_save.connect(note, weak=False, dispatch_uid="anchored")
    try:
        yield
    finally:
        pre_save.disconnect(dispatch_uid="anchored")
    for source, text in formerly.items():
        passages = source.passages()
        reanchor([one for one in passages if one.natural_key() in loaded], source.text)
        if source.text != text:
            reanchor([one for one in passages if one.natural_key() not in loaded], source.text, text)


class Unsound(Exception):  # noqa: N818 - about somebody's file, not about our code
    """Rows that the database takes and the models' own rules do not."""


@contextmanager
def sound() -> Iterator[None]:
    """Have the models judge what is loaded: Django writes a fixture's rows as they are. Raises Unsound."""
    loaded: dict[type[Model], set[Any]] = defaultdict(set)

    def note(sender: type[Model], instance: Model, raw: bool, **_: Any) -> None:
        if raw and sender._meta.app_label in ("taxonomy", "curation"):
            loaded[sender].add(instance.pk)

    def refuse(sender: type[Model], instance: Any, raw: bool, **_: Any) -> None:
        if not raw:
            return
        if sender._meta.app_label in ("catalogue", "gate"):
            raise Unsound(
                f"it has a {sender._meta.verbose_name}: what is public is written by the gate alone. Load the entries, "
                "and publish them."
            )
        if isinstance(instance, Entry) and sender is Entry:
            here = Entry.objects.filter(pk=instance.pk).exclude(identifier=instance.identifier).first()
            if here is not None:
                raise Unsound(f"“{instance}” has the number of “{here}”, which is another entry and would be lost.")

    pre_save.connect(refuse, weak=False, dispatch_uid="sound-refuse")
    post_save.connect(note, weak=False, dispatch_uid="sound")
    try:
        yield
    finally:
        pre_save.disconnect(dispatch_uid="sound-refuse")
        post_save.disconnect(dispatch_uid="sound")
    problems = [
        said for model, pks in loaded.items() for row in model._base_manager.filter(pk__in=pks) for said in _wrong(row)
    ]
    if problems:
        more = f" And {len(problems) - _TOLD} more." if len(problems) > _TOLD else ""
        raise Unsound(" ".join(problems[:_TOLD]) + more)


_TOLD = 10  # problems of one file


def _wrong(row: Any) -> Iterator[str]:
    name = f"the {row._meta.verbose_name} “{row}”".replace("\x00", "␀")
    for field in row._meta.concrete_fields:
        if "\x00" in str(getattr(row, field.attname)):
            yield f"{name} has a NUL character in its {field.verbose_name}."
    try:
        unchecked = {field.name for field in row._meta.concrete_fields if field.is_relation}  # the database did
        row.full_clean(exclude=unchecked, validate_unique=False, validate_constraints=False)
        if isinstance(row, Theme):
            row.check_broader(row.broader.all())
            row.check_related(row.related.all(), row.broader.all())
        if isinstance(row, Broader):
            row.narrower.check_broader(row.narrower.broader.all())
    except ValidationError as error:
        yield f"{name} is wrong: {' '.join(error.messages)}".replace("\x00", "␀")


def _reason(error: BaseException) -> str:
    cause = error.__cause__
    if isinstance(cause, json.JSONDecodeError):
        return f"It is no JSON: {cause}."
    if isinstance(cause, TypeError | AttributeError | KeyError):
        return "It is no fixture: a list of objects, each with its model and fields, as dumpdata writes it."
    return " ".join(str(error).split())
