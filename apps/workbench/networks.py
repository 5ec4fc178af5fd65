"""Networks of the people who spoke and of where they came from: for those who curate, and never for publication.

The functions are those of the public side; the statements are curation's own, of drafts too, with whom a rule protects.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from apps.curation.models import Attendance, Authorship, Organisation, Person, Position, Workshop
from apps.public.analysis.asking import Asked
from apps.public.analysis.drawing import Node
from apps.public.analysis.results import network
from apps.public.analysis.statements import frame
from apps.public.website.networks import Made, Whence, laid_out
from apps.workbench.apart import readable

ACTORS = {"person": "Persons", "organisation": "Organisations they came from"}

Where = tuple[int, int]  # a person, and the session, workshop or article in which they spoke


class Said(NamedTuple):
    """A position of one of its speakers."""

    position: int
    person: int
    proposition: str
    stance: str
    session: int | None
    workshop: int | None
    article: int | None
    date: Any


def drawn(wanted: Asked, user: Any, workshop: int | None = None) -> Made:
    """The network of all positions that somebody may read, or of those of one workshop. Raises TooLarge."""
    positions = readable(Position.objects.all(), user)
    if workshop:
        positions = positions.filter(Q(session__workshop=workshop) | Q(reported_from=workshop))
    found = list(_said(positions))
    actors = _organisations(found) if wanted.actors == "organisation" else {one: one.person for one in found}
    rows = [
        (str(actors[one]), one.proposition, one.stance, str(one.session or one.article), one.date)
        for one in found
        if actors.get(one)
    ]
    total = positions.count()
    takes_side = positions.exclude(proposition=None).exclude(stance="")
    whence = Whence(total, total - takes_side.count(), len(found) - len(rows), 0)

    def address_of(node: Node) -> str:
        return "" if node.is_proposition else reverse(f"admin:curation_{wanted.actors}_change", args=[node.key])

    return laid_out(network(frame(rows), _names(wanted.actors, rows), wanted), address_of, whence)


def _said(positions: Any) -> Iterable[Said]:
    rows = (
        positions.exclude(proposition=None)
        .exclude(stance="")
        .exclude(speakers=None)
        .order_by("pk")
        .values_list(
            *("pk", "speakers", "proposition__identifier", "stance", "session"),
            Coalesce("session__workshop", "reported_from"),
            "article",
            Coalesce(
                "session__earliest", "session__workshop__earliest", "reported_from__earliest", "article__earliest"
            ),
        )
    )
    for row in rows.iterator():
        yield Said(*row)


def _organisations(found: Iterable[Said]) -> dict[Said, int]:
    """Where each came from: as they attended the session, else the workshop, else as an author of the article."""
    attended = Attendance.objects.exclude(affiliation=None).values_list("person", "session", "workshop", "affiliation")
    at_sessions: dict[Where, int] = {}
    at_workshops: dict[Where, int] = {}
    for person, session, workshop, affiliation in attended.iterator():
        if session:
            at_sessions[person, session] = affiliation
        else:
            at_workshops[person, workshop] = affiliation
    signed = Authorship.objects.exclude(affiliation=None).values_list("person", "article", "affiliation")
    in_articles: dict[Where, int] = {(person, article): body for person, article, body in signed.iterator()}
    places = (("session", at_sessions), ("workshop", at_workshops), ("article", in_articles))
    return {
        one: next((known[key] for name, known in places if (key := (one.person, getattr(one, name))) in known), 0)
        for one in found
    }


def _names(actors: str, rows: list[tuple[Any, ...]]) -> dict[str, str]:
    """What actors and propositions are called; two of one name are told apart by their slugs."""
    model: Any = Organisation if actors == "organisation" else Person
    called = {str(one.pk): one for one in model.objects.in_bulk({int(row[0]) for row in rows}).values()}
    twice = pd.Series([str(one) for one in called.values()], dtype=object).value_counts()
    names = {key: f"{one} ({one.slug})" if twice[str(one)] > 1 else str(one) for key, one in called.items()}
    propositions = Position.objects.filter(proposition__identifier__in={row[1] for row in rows})
    return names | dict(propositions.values_list("proposition__identifier", "proposition__title"))


def workshops(user: Any) -> list[tuple[int, str]]:
    """The workshops that can be chosen, the latest first."""
    return list(readable(Workshop.objects.all(), user).order_by("-earliest", "title").values_list("pk", "title"))
