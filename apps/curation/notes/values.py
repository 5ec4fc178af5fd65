"""From what an analyst writes to what a model's field holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django_countries import countries
from django_countries.fields import CountryField
from taggit.managers import TaggableManager

from apps.curation.dates import PartialDate, PartialDateField
from apps.curation.models import Entry
from apps.curation.models.entries import validate_tag
from apps.curation.notes.nodes import Node, plain_key
from apps.curation.notes.problems import Wrong, did_you_mean, listed
from apps.taxonomy.fields import LinesField
from apps.taxonomy.words import Kind

_TRUTH = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Reference:
    """What a note calls by its slug: of one of some kinds of thing, by their names."""

    things: tuple[str, ...]
    slug: str
    line: int

    def __str__(self) -> str:
        return f"{self.things[0] if len(self.things) == 1 else 'entry'} “{self.slug}”"


def holds_several(field: Any) -> bool:
    """Whether a field's value is a list."""
    return bool(field.many_to_many or isinstance(field, LinesField) or getattr(field, "multiple", False))


def convert(field: Any, node: Node) -> Any:
    """The value of a field as a note says it. Raises Wrong with what to write instead.

    Nothing after the colon empties the field. Relations come back as References.
    """
    if isinstance(field, models.TextField) and not isinstance(field, LinesField):
        return node.whole
    if node.prose or (node.text and node.children):
        raise Wrong(node.line, f"“{node.key}” is either a text or a list, not one and the other.")
    if isinstance(field, TaggableManager):
        return _words(node)
    if field.many_to_many:
        return [_reference(field, one) for one in pieces(node)]
    if isinstance(field, LinesField):
        return [_plain(item) for item in _items(node)] if node.children else _lines(node)
    if isinstance(field, CountryField):
        codes = [_country(one) for one in pieces(node)]
        if not field.multiple and len(codes) > 1:
            raise Wrong(node.line, "Name one country.")
        return codes if field.multiple else "".join(codes)
    text = _plain(node)
    if field.is_relation:
        return _reference(field, node) if text else None
    if isinstance(field, models.BooleanField):
        return _one_of(_TRUTH, node)
    if isinstance(field, models.IntegerField):
        return _number(node) if text else None
    if isinstance(field, PartialDateField) and text:
        return _date(node)
    if field.choices and text:
        names = {plain_key(str(name)): value for value, label in field.choices for name in (value, label)}
        return _one_of(names, node, shown=[str(label) for _, label in field.choices])
    return field.to_python(text)


def _plain(node: Node) -> str:
    """The text of a node that has nothing beneath it."""
    if node.children:
        raise Wrong(node.children[0].line, "Only a short text belongs here, no list.")
    return node.text


def _lines(node: Node) -> list[str]:
    return [line.strip() for line in node.whole.split("\n") if line.strip()]


def pieces(node: Node) -> list[Node]:
    """The members of a list, whether they stand beneath one another or in one line with commas."""
    if node.children:
        return _items(node)
    return [Node(node.line, part.strip()) for part in node.text.split(",") if part.strip()]


def _items(node: Node) -> list[Node]:
    for one in node.children:
        if one.key:
            raise Wrong(one.line, f"“{one.key}: ...” stands where a list belongs. Quote it if it is a member of one.")
    return list(node.children)


def _words(node: Node) -> list[str]:
    found = {_plain(one): one.line for one in pieces(node)}
    for tag, line in found.items():
        try:
            validate_tag(tag)
        except ValidationError as error:
            raise Wrong(line, str(error.message)) from None
    return list(found)


def _one_of(names: dict[str, Any], node: Node, shown: Iterable[str] = ()) -> Any:
    text = _plain(node)
    if plain_key(text) in names:
        return names[plain_key(text)]
    known = list(shown or names)
    raise Wrong(node.line, f"“{text[:60]}” is none of: {listed(known)}.{did_you_mean(text, known)}")


def _number(node: Node) -> int:
    if re.fullmatch(r"[0-9]{10,}", node.text):
        raise Wrong(node.line, f"“{node.text[:40]}” is too large a number to be meant.")
    if not re.fullmatch(r"[0-9]{1,9}", node.text):
        raise Wrong(node.line, f"“{node.text[:40]}” is no whole number: write digits alone.")
    return int(node.text)


def _date(node: Node) -> str:
    try:
        return str(PartialDate.parse(node.text))
    except ValueError as error:
        raise Wrong(node.line, str(error)) from None


def _country(node: Node) -> str:
    text = _plain(node)
    code = countries.alpha2(text) or countries.by_name(text)
    if not code:
        hint = did_you_mean(text, (str(name) for _, name in countries))
        raise Wrong(node.line, f"“{text[:60]}” is no country: write two letters of ISO 3166 such as JP.{hint}")
    return str(code)


def _reference(field: Any, node: Node) -> Reference:
    """What a relation's field points to. An entry of any kind may be called by its kind and slug."""
    text = _plain(node)
    things: tuple[str, ...] = (field.related_model._meta.model_name,)
    if field.related_model is Entry:
        things = tuple(Kind.values)
        kind, _, slug = text.partition(" ")
        if kind.casefold() in things and slug:
            things, text = (kind.casefold(),), slug.strip()
    slug = text if re.fullmatch(r"[-a-zA-Z0-9_]+", text) else slugify(text)
    if not slug:
        raise Wrong(node.line, f"“{text[:60]}” is no slug.")
    return Reference(things, slug, node.line)
