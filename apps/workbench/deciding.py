"""What an analyst decides about a candidate from notes: to accept it, to drop it, or to take that back."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from apps.curation.intake.waiting import place_now
from apps.curation.models import Candidate, Passage, Position, Status
from apps.taxonomy.words import Anchoring
from apps.workbench.coding.on_proposition import OnProposition


class Decided(Exception):  # noqa: N818
    """A candidate that can't be decided so any more; the message tells an analyst why."""


@transaction.atomic
def accept(candidate: Candidate, form: OnProposition, by: Any) -> Position:
    """Make a draft of a position, as a valid form has it, with its passage. Raises Decided."""
    candidate = _locked(candidate)
    if not candidate.is_waiting:
        raise Decided(_already(candidate))
    position: Position = form.save(commit=False)
    form.make_proposition(by)
    position.order = candidate.source.next_place()
    position.save()
    form.save_m2m()
    start, end = place_now(candidate) or (None, None)
    Passage.objects.create(
        position=position,
        quotation=candidate.quotation,
        prefix=candidate.prefix,
        suffix=candidate.suffix,
        start=start,
        end=end,
        state=Anchoring.LOST if start is None else Anchoring.EXACT,
    )
    position.touch(by)
    candidate.position, candidate.no_claim = position, ""
    candidate.decide(Candidate.Status.ACCEPTED, by)
    return position


@transaction.atomic
def drop(candidate: Candidate, by: Any) -> None:
    """Put a candidate away; it can be taken back. Raises Decided."""
    candidate = _locked(candidate)
    if not candidate.is_waiting:
        raise Decided(_already(candidate))
    candidate.decide(Candidate.Status.DROPPED, by)


@transaction.atomic
def offer(candidate: Candidate) -> None:
    """Let what was taken for no claim wait among the others."""
    Candidate.objects.filter(pk=candidate.pk).update(no_claim="")


@transaction.atomic
def undo(candidate: Candidate, by: Any) -> None:
    """Let a candidate wait again. Its draft goes, unless somebody has worked on that since (Decided)."""
    candidate = _locked(candidate)
    position = candidate.position
    if position is not None:
        worked_on = candidate.decided_at is None or position.modified_at > candidate.decided_at
        if position.status != Status.DRAFT or position.published_at or worked_on:
            raise Decided(
                f"“{position}” has been worked on since it was accepted, so it is kept. Open it and delete it there if "
                "it should go."
            )
        candidate.position = None
        candidate.decide(Candidate.Status.WAITING, by)
        position.delete()
        return
    candidate.decide(Candidate.Status.WAITING, by)


def _locked(candidate: Candidate) -> Candidate:
    """The candidate as it is now; two analysts who decide at once do so one after the other."""
    return Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)


def _already(candidate: Candidate) -> str:
    who = candidate.decided_by or "Somebody"
    return f"{who} has {candidate.get_status_display().lower()} “{candidate}” already."
