"""Slugs for what a file calls by its name: what is here goes on under its own, what is new gets one of the name."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify

from apps.curation.models import Organisation, Person
from apps.curation.notes.things import Thing
from apps.taxonomy.models import Region, Theme


class Slugs:
    """Of one sort of thing; asked for the same name twice, the slug is the same."""

    def __init__(self, thing: Thing) -> None:
        self._thing = thing
        self._longest: int = thing.model._meta.get_field("slug").max_length or 0  # type: ignore[union-attr]
        self._given: dict[str, str] = {}
        here: dict[str, set[str]] = {}
        for row in thing.model._default_manager.only(*_COLUMNS.get(thing.model, ("slug", "title"))):
            for name in _names_of(row):
                here.setdefault(_folded(name), set()).add(row.slug)  # type: ignore[attr-defined]
        self._here = {name: slugs.pop() for name, slugs in here.items() if len(slugs) == 1}

    def of(self, name: str) -> str:
        key = _folded(name)
        if key not in self._given:
            self._given[key] = self._here.get(key) or self._new(name)
        return self._given[key]

    def _new(self, name: str) -> str:
        base = slugify(name)[: self._longest - 8].strip("-") or self._thing.name
        slug, number = base, 2
        while slug in self._given.values():
            slug, number = f"{base}-{number}", number + 1
        return slug


_COLUMNS: dict[Any, tuple[str, ...]] = {
    Person: ("slug", "given_names", "family_name", "aliases"),
    Organisation: ("slug", "name", "aliases"),
    Theme: ("slug", "name", "alternative_names"),
    Region: ("slug", "name", "alternative_names"),
}


def _names_of(row: Any) -> list[str]:
    """What it goes by."""
    called = getattr(row, "name", "") or getattr(row, "title", "")
    return [called, *getattr(row, "aliases", ()), *getattr(row, "alternative_names", ())]


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
