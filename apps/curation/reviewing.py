"""Handing entries in for review, and sending them back."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from apps.curation.models import Entry, Status, Submission


def may_be_submitted(entry: Entry) -> bool:
    """Whether there is something to review."""
    return entry.status != Status.PUBLISHED or entry.has_unpublished_changes


@transaction.atomic
def submit(entries: Iterable[Entry], by: User | None) -> list[Entry]:
    """Hand entries in for review, but for those that are published and have not changed since; returns those handed
    in."""
    going = [entry for entry in entries if may_be_submitted(entry)]
    Entry.objects.filter(pk__in=[entry.pk for entry in going]).update(status=Status.SUBMITTED)
    Submission.objects.bulk_create(Submission(entry_id=entry.pk, by=by) for entry in going)
    return going


@transaction.atomic
def take_back(entries: Iterable[Entry]) -> list[Entry]:
    """Make drafts again of the entries that are in review or were sent back; returns those."""
    going = [entry for entry in entries if entry.status in (Status.SUBMITTED, Status.RETURNED)]
    Entry.objects.filter(pk__in=[entry.pk for entry in going]).update(status=Status.DRAFT)
    return going


@transaction.atomic
def send_back(entry: Entry, comment: str, by: User) -> Submission:
    """Give an entry back to whoever handed it in, with what to do about it.

    Raises ValueError without a comment, or for an entry that is not in review any more.
    """
    if not comment.strip():
        raise ValueError("Say what should be done about it before it can be published.")
    if not Entry.objects.filter(pk=entry.pk, status=Status.SUBMITTED).update(status=Status.RETURNED):
        raise ValueError("It is not in review any more, so it was not sent back.")
    submission = entry.submissions.filter(returned_at=None).first()
    if submission is None:  # it came in review with an import
        submission = Submission(entry_id=entry.pk, by=entry.modified_by, at=entry.modified_at)
    submission.comment, submission.returned_by, submission.returned_at = comment.strip(), by, timezone.now()
    submission.save()
    return submission


def last_return(entry: Entry) -> Submission | None:
    """What a reviewer sent it back with last, while nobody has handed it in again."""
    if entry.status != Status.RETURNED:
        return None
    return entry.submissions.filter(returned_at__isnull=False).select_related("returned_by").first()
