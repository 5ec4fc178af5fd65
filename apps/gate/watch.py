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
from django.db.models import Count, Model, Q, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    Entry,
    Organisation,
    Passage,
    Person,
    Position,
    Session,
    Workshop,
)
from apps.gate.checks.linkage import FEW, joined_to
from apps.gate.models import PublishedTag
from apps.gate.publication import published_links, tags_left, withdraw
from apps.gate.recheck import Recheck, concerning, from_meeting, from_meetings_of, public_entries, recheck
from apps.public.catalogue.models import Record
from apps.taxonomy.models import Region
from apps.taxonomy.words import Kind

_FACTS: tuple[type[Model], ...] = (
    *(Workshop, Session, Attendance, Person, Organisation),
    *(Article, Authorship, Position, Passage, Region),
)
_NOTED = "_concerned_before"  # on a row, between the signals before and after it changes
_held = threading.local()


def _concerned(fact: Model) -> QuerySet[Entry] | None:
    """The public entries that a fact decides about; None for what decides nothing."""
    match fact:
        case Workshop():
            return from_meeting(fact.pk)
        case Session():
            return from_meeting(fact.workshop_id)
        case Attendance():
            return from_meetings_of(Attendance.objects.filter(pk=fact.pk))
        case Person():
            return concerning(fact.pk)
        case Organisation():
            return from_meetings_of(Attendance.objects.filter(affiliation=fact.pk))
        case Authorship():
            return concerning(fact.person_id)
        case Region():
            return public_entries().exclude(publication__descriptor__expertise="").filter(kind=Kind.POSITION)
        case Article():
            return _with_what_its_people_hold(fact, Q(articles=fact.pk))
        case Position():
            return _with_what_its_people_hold(fact, Q(positions=fact.pk) | Q(articles__positions=fact.pk))
        case Passage():
            position = Position.objects.filter(pk=fact.position_id).first()
            return _concerned(position) if position else None
    return None


def _with_what_its_people_hold(entry: Article | Position, people: Q) -> QuerySet[Entry]:
    """The entry, what is found in it or joined to it, and all positions that its people hold: words may recur there."""
    held = Position.objects.filter(speakers__in=Person.objects.filter(people))
    concerned = Q(pk=entry.pk) | Q(as_position__article=entry.pk) | Q(pk__in=held.values("pk"))
    if record := Record.objects.live().filter(identifier=entry.identifier).first():
        concerned |= Q(identifier__in=joined_to(entry, published_links(record)))
    return public_entries().filter(concerned)


def _primary_keys(fact: Model | None) -> set[int]:
    concerned = _concerned(fact) if fact else None
    return set() if concerned is None else set(concerned.values_list("pk", flat=True))


def _before(instance: Model, action: str = "pre_", **_: Any) -> None:
    """Note what a fact concerns as it is stored: what a session leaves is judged again, not only what it joins."""
    if action.startswith("pre_"):
        stored = type(instance)._base_manager.filter(pk=instance.pk).first() if instance.pk else None
        vars(instance)[_NOTED] = _primary_keys(stored)


def _after(instance: Model, action: str = "post_", **_: Any) -> None:
    """Judge again, now or at the end of the block, what a fact concerned before and concerns now."""
    if action.startswith("post_"):
        _judge(vars(instance).pop(_NOTED, set()) | _primary_keys(instance))


def _judge(concerned: set[int]) -> None:
    pending: set[int] | None = getattr(_held, "pending", None)
    if pending is not None:
        pending |= concerned
    elif concerned:
        with one_recheck():
            _judge(concerned)


def _left_alone(tags: set[str], **_: Any) -> None:
    """A tag that fewer records carry may lead from one of the others to its speaker."""
    with_few = PublishedTag.objects.values("name").annotate(n=Count("pk")).filter(name__in=tags, n__lte=FEW + 1)
    _judge(set(PublishedTag.objects.filter(name__in=with_few.values("name")).values_list("entry", flat=True)))


def _withdraw(instance: Entry, **_: Any) -> None:
    """What is deleted on the private side leaves the public one with all that hangs on it."""
    withdraw(instance)


@contextmanager
def one_recheck() -> Iterator[Callable[[], Recheck | None]]:
    """Within a transaction, gather what many changes concern and judge it once, before the transaction ends.

    For writers of many rows, such as an import; what is done with the block is what a re-check after each row
    would have come to.
    """
    if getattr(_held, "pending", None) is not None:  # the outermost one judges
        yield lambda: None
        return
    outcome = Recheck()
    with transaction.atomic():
        _held.pending = set()
        try:
            yield lambda: outcome
            while _held.pending and not transaction.get_rollback():  # what is taken out may concern something else
                concerned, _held.pending = _held.pending, set()
                for _ in recheck(Entry.objects.filter(pk__in=concerned).order_by("pk"), outcome):
                    pass
        finally:
            _held.pending = None


def connect() -> None:
    for model in _FACTS:
        pre_save.connect(_before, sender=model, dispatch_uid="gate")
        post_save.connect(_after, sender=model, dispatch_uid="gate")
        pre_delete.connect(_before, sender=model, dispatch_uid="gate")
        post_delete.connect(_after, sender=model, dispatch_uid="gate")
    for through in (Position.speakers.through, Article.authors.through, Attendance.expertise.through):
        m2m_changed.connect(_before, sender=through, dispatch_uid="gate-before")
        m2m_changed.connect(_after, sender=through, dispatch_uid="gate-after")
    pre_delete.connect(_withdraw, sender=Entry, dispatch_uid="gate")
    tags_left.connect(_left_alone, dispatch_uid="gate")
