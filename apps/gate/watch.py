"""Watches the private facts that decide what may be public, and has it judged again in the same transaction.

The one place where a signal crosses from app to app. A rule may be tightened, a name corrected or somebody added
to a meeting from the admin, from notes, from fixtures or from a shell, and the promise must hold for each of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CrossReference,
    Entry,
    Organisation,
    Person,
    Position,
    Session,
    Workshop,
)
from apps.gate.recheck import Recheck, concerning, from_meeting, public_entries, recheck_all
from apps.taxonomy.models import Region

_held = threading.local()


def _concerned(changed: Model) -> QuerySet[Entry] | None:
    """The public entries that a fact decides about."""
    match changed:
        case Workshop():
            return from_meeting(changed.pk)
        case Session() | Attendance():
            return from_meeting(changed.workshop_id)
        case Person():
            return concerning(changed)
        case Organisation():
            return public_entries().filter(pk__in=changed.attendances.values("workshop"))
        case Authorship():
            return concerning(changed.person)
        case CrossReference():
            return public_entries().filter(Q(pk=changed.source_id) | Q(pk=changed.target_id))
        case Region():
            return public_entries().filter(as_position__descriptor_expertise__isnull=False)
        case Position() | Article():
            return public_entries().filter(Q(pk=changed.pk) | Q(as_position__article=changed.pk))
    return None


def _look_again(sender: Any = None, instance: Any = None, **_: Any) -> None:
    concerned = _concerned(instance) if isinstance(instance, Model) else None
    if concerned is None:
        return
    pending: dict[int, Entry] | None = getattr(_held, "pending", None)
    found = {entry.pk: entry for entry in concerned}
    if pending is not None:
        pending.update(found)
    elif found:
        recheck_all(found.values())


@contextmanager
def one_recheck() -> Iterator[Callable[[], Recheck | None]]:
    """Within a transaction, gather what many changes concern and judge it once, before the transaction ends.

    For writers of many rows, such as an import; what is done with the block is what a re-check after each row
    would have come to.
    """
    outcome: list[Recheck] = []
    if getattr(_held, "pending", None) is not None:  # the outermost one judges
        yield lambda: None
        return
    with transaction.atomic():
        _held.pending = {}
        try:
            yield lambda: outcome[0] if outcome else None
            pending = _held.pending
        finally:
            _held.pending = None
        if pending and not transaction.get_rollback():
            outcome.append(recheck_all(Entry.objects.filter(pk__in=pending).order_by("pk")))


def connect() -> None:
    for model in (
        Workshop,
        Session,
        Attendance,
        Person,
        Organisation,
        Authorship,
        CrossReference,
        Position,
        Article,
        Region,
    ):
        post_save.connect(_look_again, sender=model, dispatch_uid="gate")
        post_delete.connect(_look_again, sender=model, dispatch_uid="gate")
    for through in (Position.speakers.through, Attendance.expertise.through):
        m2m_changed.connect(_look_again, sender=through, dispatch_uid="gate")
