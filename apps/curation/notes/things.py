"""What a note can speak of: each kind of thing with its fields, which are its model's.

A column that is added to a model can be written in notes from then on, under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import Model

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CrossReference,
    Entry,
    Organisation,
    Passage,
    Person,
    Position,
    Proposition,
    Session,
    Workshop,
)
from apps.curation.notes.nodes import plain_key
from apps.curation.notes.values import holds_several
from apps.taxonomy.models import Region, Theme
from apps.taxonomy.words import Relation


@dataclass(frozen=True, eq=False)
class Part:
    """What belongs to a thing and is written with it: positions with an article, passages with a position."""

    key: str
    thing: Thing
    place: Mapping[str, Callable[[Any], Any]]  # the columns that say where it belongs, from what it belongs to
    identity: tuple[str, ...] = ()  # the columns that tell a row from its neighbours; entries go by their slug
    numbered: str = ""  # the column that its place in the list fills, unless it says otherwise


@dataclass(frozen=True, eq=False)
class Thing:
    """A kind of thing that notes speak of."""

    model: type[Model]
    head: Callable[[str], dict[str, str]]  # what its heading or bullet says, as fields; ValueError if it can't
    prose: str = ""  # the field of text that stands under no heading of its own: never one that is published
    parts: tuple[Part, ...] = ()

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def has_slug(self) -> bool:
        return any(field.name == "slug" for field in self.model._meta.fields)

    @property
    def is_entry(self) -> bool:
        return issubclass(self.model, Entry)

    @cached_property
    def columns(self) -> dict[str, Any]:
        """The model's fields under every key that they may be written with."""
        found: dict[str, Any] = {}
        for field in sayable(self.model):
            for key in (field.name, str(field.verbose_name)):
                found[plain_key(key)] = field
                if holds_several(field):
                    found.setdefault(singular(plain_key(key)), field)
        return found

    @cached_property
    def part_keys(self) -> dict[str, Part]:
        return {key: part for part in self.parts for key in (part.key, singular(part.key))}


def sayable(model: type[Model]) -> Iterator[Any]:
    """The fields of a model that somebody may write: not those that it fills itself."""
    for field in (*model._meta.fields, *model._meta.many_to_many):
        if field.editable and not field.primary_key:
            yield field


def singular(word: str) -> str:
    """One of several: theme, country, alias."""
    if word.endswith("ies"):
        return word.removesuffix("ies") + "y"
    return word.removesuffix("es") if word.endswith("ses") else word.removesuffix("s")


def headed(field: str) -> Callable[[str], dict[str, str]]:
    return lambda text: {field: text}


def name_on_a_card(text: str) -> dict[str, str]:
    """Family name first, then a comma: Dell'Era, Alice."""
    family, comma, given = (part.strip() for part in text.partition(","))
    if not comma and " " in family:
        given, _, family = text.rpartition(" ")
        raise ValueError(f"Which is the family name? Write it first, with a comma after it: “{family}, {given}”.")
    return {"family_name": family, "given_names": given}


SESSION_HEADING = re.compile(r"session(?:\s+(\d+)(?!\d)\s*[:.–—-]?\s*|\s*[:–—-]\s*)(\S.*)", re.IGNORECASE)


def session_heading(text: str) -> dict[str, str]:
    """Session 3: The state of play; or the title alone, at the top of a file."""
    match = SESSION_HEADING.fullmatch(text)
    if not match:
        return {"title": text}
    number = {"number": match[1]} if match[1] else {}
    return {**number, "title": match[2]}


_RELATION = re.compile(
    f"({'|'.join(value.replace('_', '[ _-]') for value in Relation.values)})[ \t]*:?[ \t]+(.+)", re.IGNORECASE
)


def relation_and_target(text: str) -> dict[str, str]:
    """Cites some-article; draws lesson from position some-position."""
    match = _RELATION.fullmatch(text)
    if not match:
        raise ValueError(f"Write what it has to do with what, for instance “{Relation.CITES.label.lower()} some-slug”.")
    return {"relation": match[1], "target": match[2]}


def _itself(parent: Any) -> Any:
    return parent


def _nothing(_: Any) -> None:
    return None


REGION = Thing(Region, headed("name"), prose="definition")
THEME = Thing(Theme, headed("name"), prose="definition")
ORGANISATION = Thing(Organisation, headed("name"), prose="note")
PERSON = Thing(Person, name_on_a_card, prose="note")

_references = Part(
    "references",
    Thing(CrossReference, relation_and_target),
    place={"source": _itself},
    identity=("target", "relation"),
)
_attendance = Thing(Attendance, headed("person"))
_passages = Part(
    "passages",
    Thing(Passage, headed("locator")),
    place={"position": _itself},
    identity=("number",),
    numbered="number",
)
PROPOSITION = Thing(Proposition, headed("title"), prose="note", parts=(_references,))
POSITION = Thing(Position, headed("title"), prose="note", parts=(_passages, _references))
ARTICLE = Thing(
    Article,
    headed("title"),
    prose="text",
    parts=(
        Part(
            "authors",
            Thing(Authorship, headed("person")),
            place={"article": _itself},
            identity=("person",),
            numbered="order",
        ),
        Part("positions", POSITION, place={"article": _itself, "session": _nothing}, numbered="order"),
        _references,
    ),
)
SESSION = Thing(
    Session,
    session_heading,
    prose="text",
    parts=(
        Part(
            "attendance",
            _attendance,
            place={"session": _itself, "workshop": attrgetter("workshop")},
            identity=("person",),
        ),
        Part("positions", POSITION, place={"session": _itself, "article": _nothing}, numbered="order"),
        _references,
    ),
)
WORKSHOP = Thing(
    Workshop,
    headed("title"),
    prose="note",
    parts=(
        Part(
            "attendance",
            _attendance,
            place={"workshop": _itself, "session": _nothing},
            identity=("person",),
        ),
        Part("sessions", SESSION, place={"workshop": _itself}),
        _references,
    ),
)

# In the order in which they are made: what others point to comes first.
THINGS = {
    thing.name: thing
    for thing in (REGION, THEME, ORGANISATION, PERSON, PROPOSITION, WORKSHOP, SESSION, ARTICLE, POSITION)
}
# What a file may be about: one thing, or a list of things of a kind.
SINGLE = {name: thing for name, thing in THINGS.items() if thing is not POSITION}
COLLECTIONS = {
    "regions": REGION,
    "themes": THEME,
    "organisations": ORGANISATION,
    "people": PERSON,
    "propositions": PROPOSITION,
    "articles": ARTICLE,
    "workshops": WORKSHOP,
}
