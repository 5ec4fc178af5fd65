"""What a cell may name: each list is fetched once, when the first cell asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django.db.models import Model
from taggit.models import Tag

from apps.curation.models import Entry, Organisation, Person
from apps.curation.names import instead
from apps.taxonomy.models import Region, Theme

_SUGGESTIONS = 200  # that one table gets: to look for a near name among many takes its time
_FEW = 12  # words that are all told where none of them was written
_Row = tuple[Any, str, Iterable[str], Iterable[str]]


class Names:
    """The names that something goes by, and which row each of them means."""

    def __init__(self, what: str, rows: Iterable[_Row], instead: str = "") -> None:
        """Each row: its key, what it is called, what means it alone, and what may mean others too. ``instead`` is what
        to say where nothing is found, if not the nearest names."""
        self.what = what
        self._say = instead
        self._first: dict[str, tuple[Any, str]] = {}
        self._second: dict[str, dict[Any, str]] = {}
        self._left = _SUGGESTIONS
        self._spelt: list[str] = []
        for key, called, sure, others in rows:
            self._spelt += (*sure, *others)
            for name in sure:
                self._first.setdefault(_folded(name), (key, called))
            for name in others:
                self._second.setdefault(_folded(name), {})[key] = called

    def find(self, name: str) -> tuple[Any, str]:
        """The row that a name means. Raises ValueError, with the nearest names, where none does or several do."""
        if found := self._first.get(_folded(name)):
            return found
        several = self._second.get(_folded(name), {})
        if len(several) == 1:
            return next(iter(several.items()))
        if several:
            called = ", ".join(sorted(several.values())[:5])
            raise ValueError(f"There are {len(several)} of the name “{name[:80]}”: write which one: {called}.")
        raise ValueError(f"There is no {self.what} “{name[:80]}”.{self._instead(name)}")

    def _instead(self, name: str) -> str:
        if self._say:
            return self._say
        self._left -= 1
        return instead(name, self._spelt) if self._left >= 0 else ""


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


class Known:
    """All that cells of one table may name."""

    def __init__(self) -> None:
        self._names: dict[type[Model], Names] = {}
        self._choices: dict[str, Names] = {}

    def names_of(self, model: type[Model]) -> Names:
        if model not in self._names:
            self._names[model] = Names(str(model._meta.verbose_name), _rows(model))
        return self._names[model]

    def choices(self, column: str, labels: Mapping[str, str]) -> Names:
        """The words of a closed list; the key is found where a row's name would be."""
        if column not in self._choices:
            rows = ((label, value, (value, label), ()) for value, label in labels.items())
            few = f" It may be: {', '.join(labels.values())}." if len(labels) <= _FEW else ""
            self._choices[column] = Names(column.replace("_", " "), rows, few)
        return self._choices[column]

    def tag(self, name: str) -> str:
        """A tag as it is spelt already, if there is one."""
        return self._tags.get(name.casefold(), name)

    @cached_property
    def _tags(self) -> dict[str, str]:
        return {name.casefold(): name for name in Tag.objects.values_list("name", flat=True)}


def _rows(model: type[Model]) -> Iterable[_Row]:
    if issubclass(model, Entry):
        for pk, slug, identifier, title in model._default_manager.values_list("pk", "slug", "identifier", "title"):
            yield pk, slug, (slug, identifier), (title,)
    elif issubclass(model, Region | Theme):
        for term in model._default_manager.all():
            yield term.pk, term.name, (term.slug, term.name), term.alternative_names
    elif issubclass(model, Person):
        for person in model._default_manager.all():
            yield person.pk, person.slug, (person.slug,), (person.name, *person.aliases)
    elif issubclass(model, Organisation):
        for body in model._default_manager.all():
            yield body.pk, body.name, (body.slug, body.name), (*filter(None, [body.acronym]), *body.aliases)
