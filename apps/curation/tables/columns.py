"""The columns of each kind's table: what they say of an entry, and what may stand in them."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from apps.curation.dates import PartialDateField
from apps.curation.models import Article, Entry, Position, Proposition, Session, Workshop
from apps.curation.models.entries import validate_tag
from apps.curation.names import join_tags, split_tags
from apps.curation.tables.cells import tidy
from apps.curation.tables.known import Known
from apps.taxonomy.words import Kind

Named = tuple[int, str]  # a row that a cell names: its key, and what it is called in a table

_SERIAL = re.compile("[1-7][0-9]{4}")  # days since the end of 1899: from 1927 to 2119
_LARGEST = 32_767  # that every database holds
IDENTIFIER, VERSION, STATUS, WRONG = "identifier", "version", "status", "what is wrong"
UNCHANGEABLE = {
    IDENTIFIER: "Leave it as it is: it says which entry the row is about. Empty for a new one.",
    VERSION: "Leave it as it is: it tells whether somebody has edited the entry since. Empty it to write over that.",
    STATUS: "For you to read; what stands here is not read back.",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is a text of its model: a title, a date, a number, lines."""

    kind: type[Entry]
    name: str

    @property
    def field(self) -> Any:
        return self.kind._meta.get_field(self.name)

    @property
    def heading(self) -> str:
        return self.name.replace("_", " ")

    @property
    def allowed(self) -> str:
        """What may stand in it, in words."""
        return str(self.field.help_text)

    @property
    def choices(self) -> list[str]:
        return []

    @property
    def is_needed(self) -> bool:
        """Whether a new entry can't be without it. A slug can be made."""
        return not self.field.blank and not self.field.has_default() and self.name != "slug"

    def value_of(self, entry: Any) -> Any:
        return getattr(entry, self.name)

    def read(self, text: str, known: Known) -> Any:
        """The value that a cell means. Raises ValueError or ValidationError with what may stand there."""
        if not text and not self.field.blank:
            raise ValueError("It can't be empty.")
        if not text and self.field.null:
            return None
        return self.field.clean(text, None)

    def say(self, value: Any) -> str:
        """A value as it stands in a cell."""
        if isinstance(value, list):
            value = "\n".join(value)
        return "" if value is None else tidy(str(value))

    def put(self, entry: Any, value: Any) -> None:
        setattr(entry, self.name, value)


class Choice(Column):
    """One word of a closed list, by its label or as the notes write it."""

    @property
    def labels(self) -> dict[str, str]:
        return _labels(self.kind, self.name)

    @property
    def allowed(self) -> str:
        return f"One of the list.{' ' if self.field.help_text else ''}{self.field.help_text}"

    @property
    def choices(self) -> list[str]:
        return list(self.labels.values())

    def read(self, text: str, known: Known) -> str:
        if not text and self.field.blank:
            return ""
        labels = known.choices(self.name, self.labels)
        return labels.find(text)[1]

    def say(self, value: Any) -> str:
        code = str(value or "")
        return self.labels.get(code, code)


@cache
def _labels(kind: type[Entry], name: str) -> dict[str, str]:
    field: Any = kind._meta.get_field(name)
    return {str(value): str(label) for value, label in field.flatchoices if value}


class YesNo(Column):
    @property
    def choices(self) -> list[str]:
        return ["yes"]

    @property
    def allowed(self) -> str:
        return f"yes, or empty. {self.field.help_text}"

    def read(self, text: str, known: Known) -> bool:
        if text.casefold() in ("yes", "true", "1", "x"):
            return True
        if text.casefold() in ("", "no", "false", "0"):
            return False
        raise ValueError("Write yes, or leave it empty.")

    def say(self, value: Any) -> str:
        return "yes" if value else ""


class Number(Column):
    def read(self, text: str, known: Known) -> Any:
        if text and not (text.isascii() and text.isdecimal()):
            raise ValueError("Write a whole number: 1, 2, 3 ...")
        if text and int(text) > _LARGEST:
            raise ValueError(f"{_LARGEST:,} at most.")
        return super().read(text, known)


class Date(Column):
    def read(self, text: str, known: Known) -> Any:
        if _SERIAL.fullmatch(text):
            day = dt.date(1899, 12, 30) + dt.timedelta(int(text))
            raise ValueError(f"{text} is a spreadsheet's number for {day}: write that, in a cell that is a text.")
        return super().read(text, known)


class One(Column):
    """Another row, by the name that a table gives it."""

    @property
    def allowed(self) -> str:
        what = self.field.related_model._meta.verbose_name
        how = "slug, identifier or title" if issubclass(self.field.related_model, Entry) else "name"
        return f"A {what}, by its {how}. {self.field.help_text}".strip()

    def value_of(self, entry: Any) -> Named | None:
        row = getattr(entry, self.name)
        return None if row is None else (row.pk, called(row))

    def read(self, text: str, known: Known) -> Named | None:
        if not text:
            if self.field.null:
                return None
            raise ValueError("It can't be empty.")
        return known.names_of(self.field.related_model).find(text)

    def say(self, value: Any) -> str:
        return value[1] if value else ""

    def put(self, entry: Any, value: Any) -> None:
        setattr(entry, self.field.attname, value[0] if value else None)


class Some(Column):
    """Several rows, by their names between commas."""

    @property
    def allowed(self) -> str:
        return f"{self.heading.capitalize()} by their names, several between commas. {self.field.help_text}".strip()

    @property
    def is_needed(self) -> bool:
        return False

    def value_of(self, entry: Any) -> list[Any]:
        return [(row.pk, called(row)) for row in getattr(entry, self.name).all()]

    def read(self, text: str, known: Known) -> list[Any]:
        names, problems, found = known.names_of(self.field.related_model), [], []
        for name in split_tags(text):
            try:
                found.append(names.find(name))
            except ValueError as problem:
                problems.append(str(problem))
        if problems:
            raise ValueError(" ".join(problems))
        return list(dict.fromkeys(found))

    def say(self, value: Any) -> str:
        return join_tags([name for _, name in value])


class Tags(Some):
    """Words of the analysts' own."""

    @property
    def allowed(self) -> str:
        return "Between commas; a tag may have several words. A new word makes a new tag. Published."

    def value_of(self, entry: Any) -> list[str]:
        return [one.tag.name for one in entry.tagged.all()]

    def read(self, text: str, known: Known) -> list[str]:
        tags = split_tags(text)
        for tag in tags:
            validate_tag(tag)
        return list({tag.casefold(): known.tag(tag) for tag in tags}.values())

    def say(self, value: Any) -> str:
        return join_tags(value)


def called(row: Model) -> str:
    """What a row is called in a table: an entry and a person by their slugs, anything else by its name."""
    return str(getattr(row, "slug", "") if isinstance(row, Entry) or hasattr(row, "family_name") else row)


def version_of(entry: Entry) -> str:
    """A word that changes whenever the entry is edited."""
    stamp = f"{entry.identifier} {entry.modified_at.isoformat()}"
    return f"v-{hashlib.sha256(stamp.encode()).hexdigest()[:10]}"  # which no spreadsheet takes for a number


def words_of(problem: ValueError | ValidationError) -> str:
    return " ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)


_ABOUT = ("regions", "themes", "tags")
_OWN: dict[type[Entry], tuple[str, ...]] = {
    Article: ("outlet", "url", "doi", "genre", "language", "unresolved", "cited_as"),
    Workshop: ("host", "place", "rule", "rule_note", "time_zone", "embargo", "key_questions"),
    Session: ("workshop", "number", "rule", "embargo", "key_questions"),
    Proposition: (),
    Position: (
        *("proposition", "stance", "article", "session", "reported_from", "order"),
        *("speakers", "named_in_source", "quantifier", "reported_as"),
        *("descriptor_expertise", "descriptor_sector", "descriptor_country", "descriptor_role"),
    ),
}
MODELS: dict[Kind, type[Entry]] = {kind.KIND: kind for kind in (Position, Proposition, Article, Session, Workshop)}


def _column(kind: type[Entry], name: str) -> Column:
    field: Any = kind._meta.get_field(name)
    if name == "tags":
        return Tags(kind, name)
    if field.many_to_many:
        return Some(kind, name)
    if field.many_to_one:
        return One(kind, name)
    if field.get_internal_type() == "BooleanField":
        return YesNo(kind, name)
    if isinstance(field, PartialDateField):
        return Date(kind, name)
    if field.get_internal_type() == "PositiveSmallIntegerField":
        return Number(kind, name)
    return Choice(kind, name) if field.choices else Column(kind, name)


def _columns(kind: type[Entry]) -> Mapping[str, Column]:
    names = ("title", "slug", *_OWN[kind], "date", "summary", *_ABOUT, "note")
    return {column.heading: column for column in (_column(kind, name) for name in names)}


COLUMNS: dict[Kind, Mapping[str, Column]] = {kind: _columns(model) for kind, model in MODELS.items()}


def headings(kind: Kind) -> list[str]:
    return [IDENTIFIER, VERSION, STATUS, *COLUMNS[kind]]


def entries_of(kind: Kind) -> QuerySet[Any]:
    """The entries of a kind, with all that their columns say: no row costs a query of its own."""
    columns = COLUMNS[kind].values()
    ones = [column.name for column in columns if isinstance(column, One)]
    several = [column.name for column in columns if isinstance(column, Some) and not isinstance(column, Tags)]
    rows = MODELS[kind]._default_manager.select_related(*ones) if ones else MODELS[kind]._default_manager.all()
    return rows.prefetch_related(*several, "tagged__tag")


def cells_of(entry: Any, kind: Kind) -> dict[str, str]:
    """What the table says of an entry, by heading."""
    own = {IDENTIFIER: entry.identifier, VERSION: version_of(entry), STATUS: entry.get_status_display()}
    return own | {heading: column.say(column.value_of(entry)) for heading, column in COLUMNS[kind].items()}
