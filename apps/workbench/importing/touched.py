"""The rows that an import may make or change, for the journal: those that others need come first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    Candidate,
    CrossReference,
    Entry,
    Organisation,
    Passage,
    Person,
    Position,
    Proposition,
    Session,
    TaggedEntry,
    Workshop,
)
from apps.curation.parts import in_parts
from apps.taxonomy.models import Broader, Region, Theme

Keys = dict[type[Model], set[int]]

# Each sort of row, the column that says to what it belongs, and what that is.
_ROWS: tuple[tuple[Any, str, type[Model]], ...] = (
    (Region, "pk", Region),
    (Theme, "pk", Theme),
    (Broader, "narrower", Theme),
    (Theme.related.through, "from_theme", Theme),
    (Theme.related.through, "to_theme", Theme),
    (Organisation, "pk", Organisation),
    (Person, "pk", Person),
    *((model, "pk", Entry) for model in (Entry, Proposition, Workshop, Session, Article, Position)),
    (Authorship, "article", Entry),
    (Attendance, "workshop", Entry),
    (Attendance.expertise.through, "attendance__workshop", Entry),
    (Passage, "position", Entry),
    (Position.speakers.through, "position", Entry),
    (CrossReference, "source", Entry),
    (Entry.regions.through, "entry", Entry),
    (Entry.themes.through, "entry", Entry),
    (TaggedEntry, "content_object", Entry),
    (Candidate, "pk", Candidate),
    (Candidate.themes.through, "candidate", Candidate),
)


def rows_of(keys: Keys) -> Iterator[QuerySet[Any]]:
    """All rows of some things and of what belongs to them; of every sort, if only none."""
    of: dict[type[Model], list[int]] = {}
    for model, pks in keys.items():
        owner = Entry if issubclass(model, Entry) else model
        of[owner] = sorted({*of.get(owner, ()), *pks})
    for model, column, owner in _ROWS:
        yield model._base_manager.none()
        for some in in_parts(of.get(owner, [])):
            yield model._base_manager.filter(**{f"{column}__in": some})
