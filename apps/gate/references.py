"""What refers to what: references that are public, and those that wait for their other end to be."""

from __future__ import annotations

from typing import NamedTuple

from apps.gate.models import WaitingReference
from apps.gate.records import Links
from apps.public.catalogue.models import Link, Record
from apps.taxonomy.words import Relation


class Reference(NamedTuple):
    """One end of a cross-reference, as seen from the other."""

    other: str  # the identifier of what is at the other end
    note: str


def references_from(links: Links) -> list[Reference]:
    """What a record with these links refers to."""
    live = [(target, note) for target, tie, note in links.live if tie in Relation.values]
    names = dict(Record.objects.filter(pk__in={target for target, _ in live}).values_list("pk", "identifier"))
    waiting = [Reference(target, note) for target, tie, note in links.waiting if tie in Relation.values]
    return sorted([*(Reference(names[target], note) for target, note in live), *waiting])


def references_to(identifier: str) -> list[Reference]:
    """What refers to a record."""
    live = Link.objects.filter(target__identifier=identifier, tie__in=Relation.values)
    waiting = WaitingReference.objects.filter(target=identifier)
    rows = (*live.values_list("source__identifier", "note"), *waiting.values_list("source", "note"))
    return sorted(Reference(*row) for row in rows)
