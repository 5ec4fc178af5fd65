"""Drafts: what a note says about each thing, in its model's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from apps.curation.models import Status
from apps.curation.notes.problems import Problem
from apps.curation.notes.things import SESSION, Part, Thing
from apps.curation.notes.values import Reference


@dataclass(frozen=True, slots=True)
class Said:
    """A value, and the line that gives it."""

    value: Any
    line: int


@dataclass(eq=False)
class Draft:
    """What a note says about one thing. What it doesn't mention is not in it."""

    thing: Thing
    path: str
    line: int
    slug: str = ""
    slug_line: int = 0  # where the slug is given, if it is
    values: dict[str, Said] = field(default_factory=dict)  # by the model's field
    rows: dict[str, list[Draft]] = field(default_factory=dict)  # parts that are no entries, by Part.key, if mentioned
    parent: Draft | None = None
    part: Part | None = None
    status: Status | None = None
    number: int = 0  # its place among its like
    doubtful: set[str] = field(default_factory=set)  # fields whose value could not be read

    @property
    def identity(self) -> tuple[str, str]:
        return (self.thing.name, self.slug)

    def references(self) -> Iterator[Reference]:
        """Everything that it calls by its slug."""
        for said in self.values.values():
            values = said.value if isinstance(said.value, list) else [said.value]
            yield from (value for value in values if isinstance(value, Reference))
        for rows in self.rows.values():
            for row in rows:
                yield from row.references()

    def __str__(self) -> str:
        return f"{self.thing.name} “{self.slug}”"


@dataclass
class Note:
    """A file: its drafts, and what is wrong with it."""

    path: str
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def slug_of(draft: Draft) -> str:
    """A slug made from what a thing is called, for where none is given; empty where that gives none."""
    said = {name: str(one.value) for name, one in draft.values.items() if one.value}
    if draft.thing is SESSION and draft.parent:
        # Not the number: when a session is put in between, the later ones would be taken for each other.
        return slugify(f"{draft.parent.slug} {said.get('title', '')}")[:100].strip("-")
    words = [said.get(name, "") for name in ("given_names", "family_name", "name", "title")]
    return slugify(" ".join(words))[:80].strip("-")
