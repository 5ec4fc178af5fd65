"""How far a workshop's record has come: its sessions by progress, and what is still missing in what was said there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.curation.models import Article, CrossReference, Entry, Passage, Position, Session, Status, Workshop
from apps.taxonomy.words import Anchoring
from apps.workbench.apart import readable
from apps.workbench.desk import public_as_before

SHOWN = 20  # of each gap


@dataclass(frozen=True, slots=True)
class Lane:
    """The sessions that have come equally far."""

    name: str
    sessions: list[Session]


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing, and in which entries; ``number`` of them in all."""

    name: str
    why: str
    entries: list[Entry]
    number: int


def lanes(workshop: Workshop, user: Any) -> list[Lane]:
    """The sessions of a workshop by how far they have come, in the order of its agenda."""
    positions = Position.objects.filter(session=OuterRef("pk"))
    sessions = readable(workshop.sessions.all(), user).annotate(
        is_coded=Exists(positions), is_waiting=Exists(positions.exclude(status=Status.PUBLISHED)),
        has_some_in_review=Exists(positions.filter(status=Status.SUBMITTED)),
    ).order_by(F("number").asc(nulls_last=True), "pk")  # fmt: skip
    found: dict[str, list[Session]] = {
        name: [] for name in ("No notes yet", "Notes, not coded", "Coded", "In review", "Published")
    }
    for session in sessions:
        found[_progress(session)].append(session)
    return [Lane(name, rows) for name, rows in found.items()]


def _progress(session: Any) -> str:
    if not session.is_coded:
        if session.status == Status.PUBLISHED and not session.text:
            return "Published"
        return "Notes, not coded" if session.text else "No notes yet"
    if session.status == Status.PUBLISHED and not session.is_waiting:
        return "Published"
    return "In review" if session.has_some_in_review or session.status == Status.SUBMITTED else "Coded"


def gaps(workshop: Workshop, user: Any) -> list[Gap]:
    """What somebody has yet to do before the workshop's record is whole; only what there is."""
    said = readable(Position.objects.filter(Q(session__workshop=workshop) | Q(reported_from=workshop)), user)
    own = readable(Entry.objects.filter(Q(pk=workshop.pk) | Q(as_session__workshop=workshop)), user)
    here = Entry.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=said.values("pk")))
    cited = CrossReference.objects.filter(source__in=here.values("pk")).values("target")
    unsound = Passage.objects.filter(state__in=(Anchoring.CHANGED, Anchoring.LOST))
    asked: list[tuple[str, str, QuerySet[Any]]] = [
        ("Without a proposition", "Nobody can compare them with what others said.", said.filter(proposition=None)),
        ("Without a passage", "Nobody can see where in the source they stand.", said.filter(passages=None)),
        ("Without a region", "A filter by region doesn’t find them.", said.filter(regions=None)),
        ("Without a theme", "A filter by theme doesn’t find them.", said.filter(themes=None)),
        ("Cited and not found yet", "Find the work, or leave it as it is cited.",
         Article.objects.filter(unresolved=True, pk__in=cited)),
        ("With a passage changed or lost", "Anchor it again: it can’t be published so.",
         said.filter(pk__in=unsound.values("position"))),
        ("Public as they were before", "Edited since they were published: submit them again.",
         public_as_before(here)),
        ("Sent back", "A reviewer asks for something.", here.filter(status=Status.RETURNED)),
    ]  # fmt: skip
    found = [(name, why, entries.count(), list(entries.order_by("title")[:SHOWN])) for name, why, entries in asked]
    return [Gap(name, why, rows, number) for name, why, number, rows in found if number]
