"""What refers to what: references that are public, and those that wait for their other end to be."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Q

from apps.gate.models import WaitingReference
from apps.gate.records import Links
from apps.public.catalogue.models import Link, Record
from apps.taxonomy.words import Relation


class Reference(NamedTuple):
    """One end of a cross-reference, as seen from the other."""

    other: str  # the identifier of what is at the other end
    note: str


def references_from(links: Links, waiting: bool = True) -> list[Reference]:
    """What a record with these links refers to; also by references that wait, if asked."""
    live = [(target, note) for target, tie, note in links.live if tie in Relation.values]
    names = dict(Record.objects.filter(pk__in={target for target, _ in live}).values_list("pk", "identifier"))
    others = [Reference(target, note) for target, tie, note in links.waiting if waiting and tie in Relation.values]
    return sorted([*(Reference(names[target], note) for target, note in live), *others])


def references_to(identifier: str, waiting: bool = True) -> list[Reference]:
    """What refers to a record; also by references that wait, if asked."""
    rows = list(
        Link.objects.filter(target__identifier=identifier, tie__in=Relation.values).values_list(
            "source__identifier", "note"
        )
    )
    if waiting:
        rows += WaitingReference.objects.filter(target=identifier).values_list("source", "note")
    return sorted(Reference(*row) for row in rows)


def notes_beside(identifier: str) -> list[str]:
    """The notes of references from and to a record: they stand on its page."""
    links = Link.objects.filter(Q(source__identifier=identifier) | Q(target__identifier=identifier))
    return sorted(links.filter(tie__in=Relation.values).exclude(note="").values_list("note", flat=True))


def published_links(record: Record) -> Links:
    """The links that a record has, and the references of its entry that still wait."""
    waiting = WaitingReference.objects.filter(source=record.identifier)
    return Links(
        frozenset(record.links_out.values_list("target_id", "tie", "note")),
        frozenset(waiting.values_list("target", "relation", "note")),
    )
