"""Watches the private facts that decide what may be public, and has it judged again in the same transaction.

The one place where a signal crosses from app to app. A rule may be tightened, a name corrected or somebody added
to a meeting from the admin, from notes, from fixtures or from a shell, and the promise must hold for each of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from apps.curation import journal
from apps.curation.models import Article, Attendance, Entry, Organisation, Person, Position
from apps.gate.concerns import (
    FACTS,
    Concern,
    concern_of,
    concern_of_positions,
    concern_of_rows,
    concern_since,
    with_few_of,
)
from apps.gate.publication import left, lock, withdraw
from apps.gate.recheck import Recheck, recheck
from apps.gate.same import note_names

_NOTED = "_concerned_before"  # on a row, between the signals before and after it changes
_TOLD = "_told_before"
_held = threading.local()


def _before(instance: Model, action: str = "pre_", **_: Any) -> None:
    """Note what a fact concerns as it is stored: what a session leaves is judged again, not only what it joins."""
    if action.startswith("pre_"):
        if _pending() is None and connection.in_atomic_block:
            # First of all: what somebody else enters and publishes meanwhile would be judged by the facts as they were.
            lock()
        stored = type(instance)._base_manager.filter(pk=instance.pk).first() if instance.pk else None
        vars(instance)[_NOTED] = concern_of(stored) if stored else Concern()
        vars(instance)[_TOLD] = _told_at(stored) if isinstance(stored, Position) else None


def _before_deleting(instance: Model, **_: Any) -> None:
    """As before any change; and followed at once, since what joins it to others goes with it."""
    _before(instance)
    vars(instance)[_NOTED] = Concern(vars(instance)[_NOTED].followed())


def _after(instance: Model, action: str = "", **_: Any) -> None:
    """Judge again, now or at the end of the block, what a fact concerned before and concerns now."""
    if action and not action.startswith("post_"):
        return
    concern: Concern = vars(instance).pop(_NOTED, Concern())
    concern |= concern_since(instance)
    before = vars(instance).pop(_TOLD, None)
    # Whoever speaks was there. That is asked when speakers or the place change: it may concern a thousand positions.
    if isinstance(instance, Position) and instance.pk and (action or before != _told_at(instance)):
        concern.moved.add(instance.pk)
    _judge(concern)


def _note_names(instance: Person | Organisation, **_: Any) -> None:
    note_names([instance])


def _told_at(position: Position) -> tuple[object, ...]:
    return (position.session_id, position.reported_from_id, position.named_in_source)


def judge_again(concerned: set[int]) -> None:
    """Have entries, by their primary keys, judged: now, or at the end of the block. For whoever changes facts past
    their models."""
    _judge(Concern(concerned))


def note_positions(keys: set[int]) -> None:
    """Have what positions decide about judged at the end of the block: to be called before they, or who holds them, are
    changed past their models, and after. Other entries may be among the keys."""
    _judge(concern_of_positions(keys))


def put_back(made: list[journal.Change]) -> None:
    """Make rows what they were before a step, and have judged what they decide about: as they are, and as they were.

    Raises journal.ChangedSince, and then nothing has changed.
    """
    with one_recheck():
        _judge(concern_of_rows(made))
        journal.put_back(made)
        for model in (Person, Organisation):
            rows = [one["pk"] for one in made if one["model"] == model._meta.label]
            note_names(model.objects.filter(pk__among=rows))
        _judge(concern_of_rows(made))


def _judge(concern: Concern) -> None:
    pending = _pending()
    if pending is not None:
        pending |= concern
    elif concern:
        with one_recheck():
            _judge(concern)


def _pending() -> Concern | None:
    """What the block concerns so far; None outside of one."""
    return getattr(_held, "pending", None)


def _left_alone(tags: set[str], referring: set[str], **_: Any) -> None:
    """A tag that fewer records carry may lead from one of the others to its speaker; a source may have been the reason
    that something passed."""
    judge_again(with_few_of(tags) | set(Entry.objects.filter(identifier__in=referring).values_list("pk", flat=True)))


def _withdraw(instance: Entry, **_: Any) -> None:
    """What is deleted on the private side leaves the public one with all that hangs on it."""
    withdraw(instance)


@contextmanager
def one_recheck() -> Iterator[Callable[[], Recheck | None]]:
    """Within a transaction, gather what many changes concern and judge it once, before the transaction ends.

    For writers of many rows, such as an import; what is done with the block is what a re-check after each row
    would have come to. Nobody else publishes meanwhile.
    """
    if _pending() is not None:  # the outermost one judges
        yield lambda: None
        return
    outcome = Recheck()
    with transaction.atomic():
        lock()
        _held.pending = Concern()
        try:
            yield lambda: outcome
            while _held.pending and not transaction.get_rollback():  # what is taken out may concern something else
                concern, _held.pending = _held.pending, Concern()
                for _ in recheck(concern.followed(), outcome):
                    pass
        finally:
            _held.pending = None


def connect() -> None:
    for called_something in (Person, Organisation):  # before they are judged by what they are called now
        post_save.connect(_note_names, sender=called_something, dispatch_uid="gate-names")
    for model in FACTS:
        pre_save.connect(_before, sender=model, dispatch_uid="gate")
        post_save.connect(_after, sender=model, dispatch_uid="gate")
        pre_delete.connect(_before_deleting, sender=model, dispatch_uid="gate")
        post_delete.connect(_after, sender=model, dispatch_uid="gate")
    for through in (Position.speakers.through, Article.authors.through, Attendance.expertise.through):
        m2m_changed.connect(_before, sender=through, dispatch_uid="gate-before")
        m2m_changed.connect(_after, sender=through, dispatch_uid="gate-after")
    pre_delete.connect(_withdraw, sender=Entry, dispatch_uid="gate")
    left.connect(_left_alone, dispatch_uid="gate")
