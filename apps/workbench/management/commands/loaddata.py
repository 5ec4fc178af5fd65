from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError
from django.db.models.signals import pre_save

from apps.curation.models import Entry, Status
from apps.gate.publication import preview
from apps.gate.watch import one_recheck
from apps.public.catalogue.models import Record


class Command(loaddata.Command):
    """Django's own, with the promises of the other ways in: what is wrong is said in one line, what is public is judged
    again once, and an entry that a reviewer published or withdrew is not made to wait for review again."""

    def handle(self, *labels: str, **options: Any) -> None:
        try:
            with one_recheck() as outcome, standing_kept():
                super().handle(*labels, **options)
        except (DeserializationError, DatabaseError, UnicodeError) as error:
            files = ", ".join(labels)
            raise CommandError(
                f"{files}: this cannot be loaded, and nothing of it was. {_in_one_line(error)}"
            ) from error
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


def _in_one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
