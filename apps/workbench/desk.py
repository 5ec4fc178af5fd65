"""What waits for somebody: entries to review, those that came back, drafts, workshops under way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, F, Q, QuerySet, Value, When

from apps.curation.models import DoubleCoding, Entry, Status, Submission, Workshop
from apps.gate.findings import Severity
from apps.gate.publication import findings, objections
from apps.public.catalogue.models import Record
from apps.taxonomy.words import Kind
from apps.workbench.apart import readable
from apps.workbench.roles import may_review

SHOWN = 5  # of each, on the front page
_IN_ORDER = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(Kind)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry in review, with how much stands against its publication by this reviewer."""

    entry: Entry
    submission: Submission | None  # none for what came in review with an import
    refusals: int
    warnings: int  # that ask for a reason


def in_review(to: User) -> QuerySet[Entry]:
    """What waits for a reviewer, in the order in which it can be published: what others hang on comes first."""
    waiting = readable(Entry.objects.filter(status=Status.SUBMITTED), to).select_related("modified_by")
    return waiting.alias(place=_IN_ORDER).order_by("place", "modified_at", "pk")


def judged(entries: list[Entry], by: User) -> list[Waiting]:
    """Entries in review, each judged by the gate, which takes some twenty milliseconds an entry."""
    handed_in = Submission.objects.filter(entry__in=entries).select_related("by").order_by("at", "pk")
    latest = {one.entry_id: one for one in handed_in}
    return [_judged(entry, latest.get(entry.pk), by) for entry in entries]


def _judged(entry: Entry, submission: Submission | None, by: User) -> Waiting:
    against = objections(entry, findings(entry, by=by))
    refusals = sum(one.severity == Severity.REFUSAL for one in against)
    return Waiting(entry, submission, refusals, len(against) - refusals)


def came_back(to: User) -> list[Submission]:
    """What reviewers sent back to an analyst, who handed it in or edited it last; the latest first, each entry once."""
    returned = Submission.objects.filter(entry__status=Status.RETURNED, returned_at__isnull=False)
    theirs = readable(returned.filter(Q(by=to) | Q(entry__modified_by=to)), to).select_related("entry", "returned_by")
    latest: dict[int, Submission] = {}
    for one in theirs.order_by("-returned_at", "-pk"):
        latest.setdefault(one.entry_id, one)
    return list(latest.values())


def drafts(of: User) -> QuerySet[Entry]:
    """What an analyst has under way, the latest first."""
    return readable(Entry.objects.filter(status=Status.DRAFT, modified_by=of), of).order_by("-modified_at")


def public_as_before(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Those that the public reads as they were before they were last edited."""
    public = Record.objects.live().values("identifier")
    edited = Q(published_at=None) | Q(modified_at__gt=F("published_at"))
    return entries.filter(edited, identifier__in=public)


def changed(to: User) -> QuerySet[Entry]:
    """What the public reads as it was before, and nobody has handed in."""
    return public_as_before(readable(Entry.objects.exclude(status=Status.SUBMITTED), to)).order_by("-modified_at")


def to_code(user: User) -> list[DoubleCoding]:
    """What somebody codes beside somebody else, and hasn't said to be done with."""
    theirs = Q(first=user, first_done_at=None) | Q(second=user, second_done_at=None)
    return list(DoubleCoding.objects.under_way().filter(theirs).with_people())


def to_compare(user: User) -> list[DoubleCoding]:
    """What somebody and another have both coded, and where something is still to be decided."""
    theirs = DoubleCoding.objects.filter(Q(first=user) | Q(second=user), compared_at__isnull=False)
    return list(theirs.filter(pairs__decided_at=None, pairs__isnull=False).distinct().with_people())


def under_way() -> QuerySet[Workshop]:
    """Workshops of which something is not published yet, the latest first."""
    waiting = ~Q(status__in=(Status.PUBLISHED, Status.WITHDRAWN))
    sessions = Entry.objects.filter(waiting, as_session__isnull=False).values("as_session__workshop")
    said = Entry.objects.filter(waiting, as_position__session__isnull=False).values("as_position__session__workshop")
    own = Entry.objects.filter(waiting, kind=Kind.WORKSHOP).values("pk")
    return Workshop.objects.filter(Q(pk__in=sessions) | Q(pk__in=said) | Q(pk__in=own))


def desk(user: User) -> dict[str, Any]:
    """What the workbench's front page says to somebody: numbers, and the first few of each; only what they may see."""
    if not user.has_perm("curation.view_entry"):
        return {}
    parts: dict[str, Any] = {"came_back": came_back(user)[:SHOWN], "may_restore": user.has_perm("curation.add_entry")}
    if may_review(user):
        parts |= {"in_review": in_review(user)[:SHOWN], "number_in_review": in_review(user).count()}
    parts |= {"to_code": to_code(user), "to_compare": to_compare(user)[:SHOWN]}
    parts |= {"drafts": drafts(user)[:SHOWN], "number_of_drafts": drafts(user).count()}
    parts |= {"changed": changed(user)[:SHOWN], "number_changed": changed(user).count()}
    return parts | {"under_way": under_way()[:SHOWN]}
