"""What a table would change: each row beside the entry that it is about. Nothing is changed here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from apps.curation.intake.result import Unreadable
from apps.curation.models import Article, Entry, Session
from apps.curation.models.entries import identifier_of
from apps.curation.names import instead, slug_of
from apps.curation.parts import in_parts
from apps.curation.tables.cells import LEFT_OUT, NOT_SHOWN
from apps.curation.tables.columns import (
    COLUMNS,
    IDENTIFIER,
    MODELS,
    UNCHANGEABLE,
    VERSION,
    WRONG,
    Column,
    Some,
    entries_of,
    headings,
    version_of,
    words_of,
)
from apps.curation.tables.known import Known
from apps.curation.tables.sheets import Sheet
from apps.taxonomy.words import Kind


@dataclass(slots=True)
class Row:
    """What becomes of one entry: what it says in each column that would change, before and after, and what is wrong."""

    number: int  # as the spreadsheet counts; of entries chosen in a list, their place
    title: str
    entry: int | None = None  # its key; None for a new one
    seen: str = ""  # when it was edited last, as far as this plan knows
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)  # column and words
    values: dict[str, Any] = field(default_factory=dict)  # by column: what is to be put there
    instance: Any = None

    @property
    def does_something(self) -> bool:
        return bool(self.changes) and not self.problems

    def kept(self) -> dict[str, Any]:
        """The row as it can be kept until somebody has decided, and compared with what is planned then."""
        return {
            "number": self.number,
            "title": self.title,
            "entry": self.entry,
            "seen": self.seen,
            "changes": [list(one) for one in self.changes],
            "problems": [list(one) for one in self.problems],
        }


@dataclass(slots=True)
class Plan:
    """What a table would do: the rows that change something or are wrong, and how many do neither."""

    rows: list[Row]
    unchanged: int
    remarks: list[str]


def check(kind: Kind, sheet: Sheet) -> None:
    """Raises Unreadable where a table's headings can't be made sense of."""
    _places(kind, sheet)


def plan(kind: Kind, sheet: Sheet) -> Plan:
    """Compare a table with the entries of a kind. Raises Unreadable where its headings can't be made sense of."""
    return _Planner(kind, sheet).plan()


class _Planner:
    def __init__(self, kind: Kind, sheet: Sheet) -> None:
        self.kind, self.model, self.known = kind, MODELS[kind], Known()
        self.sheet = sheet
        self.places, self.remarks = _places(kind, sheet)
        self.columns = {name: one for name, one in COLUMNS[kind].items() if name in self.places}

    def plan(self) -> Plan:
        rows = [Row(number, self._cell(cells, "title")[:300]) for number, cells in self.sheet.rows]
        of_rows = list(zip(rows, (cells for _, cells in self.sheet.rows), strict=True))
        entries = self._entries_of(of_rows)
        for batch in in_parts(of_rows):
            keys = {entries[row.number] for row, _ in batch if row.number in entries}
            found = entries_of(self.kind).in_bulk(keys)
            for row, cells in batch:
                self._compare(row, cells, found.get(entries.get(row.number, 0)))
        self._name_new_ones(rows)
        self._say_what_is_taken(rows)
        telling = [row for row in rows if row.changes or row.problems]
        return Plan(telling, len(rows) - len(telling), [*self.sheet.remarks, *self.remarks])

    def _cell(self, cells: list[str], heading: str) -> str:
        return cells[self.places[heading]] if heading in self.places else ""

    # --- Which entry a row is about

    def _entries_of(self, of_rows: list[tuple[Row, list[str]]]) -> dict[int, int]:
        """The keys of the entries that rows are about, by the rows' numbers; the other rows are about new ones."""
        by_identifier, by_slug = self._keys(IDENTIFIER), self._keys("slug")
        found: dict[int, int] = {}
        first: dict[int, int] = {}
        for row, cells in of_rows:
            identifier, slug = self._cell(cells, IDENTIFIER), self._cell(cells, "slug")
            if identifier and identifier not in by_identifier:
                what = self.kind.label.lower()
                row.problems.append(
                    (IDENTIFIER, f"There is no {what} “{identifier[:40]}”. Empty the cell to make a new one.")
                )
                continue
            key = by_identifier.get(identifier) or by_slug.get(slug)
            if key in first:
                row.problems.append(("", f"It is about the same entry as row {first[key]}. Leave one of them."))
            elif key:
                first[key] = row.number
                found[row.number] = key
        return found

    def _keys(self, column: str) -> dict[str, int]:
        if column not in self.places:
            return {}
        said = {cells[self.places[column]] for _, cells in self.sheet.rows} - {""}
        keys: dict[str, int] = {}
        for some in in_parts(sorted(said)):
            keys |= dict(self.model._default_manager.filter(**{f"{column}__in": some}).values_list(column, "pk"))
        return keys

    # --- What a row says

    def _compare(self, row: Row, cells: list[str], entry: Any) -> None:
        row.instance = entry or self.model()
        if entry:
            row.entry, row.seen = entry.pk, entry.modified_at.isoformat()
            row.title = row.title or entry.title
            if (version := self._cell(cells, VERSION)) and version != version_of(entry):
                by = entry.modified_by or "Somebody"
                row.problems.append(
                    (VERSION, f"{by} has edited it since this table was taken. Take it anew, or empty this cell.")
                )
        names = list(self.places)
        for place, words in self.sheet.faults.get(row.number, ()):
            name = next((one for one in names if self.places[one] == place), "")
            if name not in UNCHANGEABLE:
                row.problems.append((name, words))
        wrong = {name for name, _ in row.problems}
        for name, column in self.columns.items():
            if name not in wrong:
                self._read(row, column, self._cell(cells, name), is_new=entry is None)
        if not row.problems and row.changes:
            self._judge(row, is_new=entry is None)

    def _read(self, row: Row, column: Column, text: str, is_new: bool) -> None:
        before = "" if is_new else column.say(column.value_of(row.instance))
        if text in (before, LEFT_OUT, NOT_SHOWN) and not (is_new and column.is_needed):
            return
        if not text and column.name == "slug":
            return
        try:
            value = column.read(text, self.known)
        except (ValueError, ValidationError) as problem:
            row.problems.append((column.heading, words_of(problem)))
            return
        if (after := column.say(value)) != before:
            row.changes.append((column.heading, before, after))
            row.values[column.heading] = value
            if not isinstance(column, Some):
                column.put(row.instance, value)

    def _judge(self, row: Row, is_new: bool) -> None:
        """What the entry's own rules say to all of it."""
        said = {name for name, _, _ in row.changes}
        for name, column in COLUMNS[self.kind].items():
            if is_new and column.is_needed and name not in said:
                row.problems.append((name, "A new entry needs it."))
        if row.problems:
            return
        try:
            row.instance.clean()
        except ValidationError as error:
            by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
            for name, some in by_field.items():
                heading = "" if name == NON_FIELD_ERRORS else name.replace("_", " ")
                row.problems += [(heading, words_of(one)) for one in some]

    # --- What rows say to one another, and to the entries that aren't in the table

    def _name_new_ones(self, rows: list[Row]) -> None:
        """Give new entries a slug where the table gives none, unless there seems to be an entry already."""
        new = [row for row in rows if row.entry is None and row.does_something]
        if not new:
            return
        slugs = set(self.model._default_manager.values_list("slug", flat=True))
        identifiers = set(Entry.objects.filter(kind=self.kind).values_list("identifier", flat=True))
        alike = self._alike(row for row in new if "slug" not in row.values)

        def is_taken(slug: str) -> bool:
            return slug in slugs or identifier_of(self.kind, slug) in identifiers

        for row in new:
            slug = row.values.get("slug", "")
            if slug and identifier_of(self.kind, slug) in identifiers:
                row.problems.append(("slug", "Another entry once had this slug. Choose another."))
            elif not slug and (other := alike.get(_likeness(row.instance))):
                row.problems.append(
                    ("slug", f"“{other}” says the same. Write that to change it, or another slug for a second one.")
                )
            elif not slug:
                row.instance.slug = slug_of(row.instance.title, is_taken, or_else=str(self.kind))
                slugs.add(row.instance.slug)

    def _alike(self, rows: Iterable[Row]) -> dict[tuple[Any, ...], str]:
        """Slugs of entries with the titles of some rows, by what makes them the same."""
        found: dict[tuple[Any, ...], str] = {}
        for some in in_parts(sorted({row.instance.title for row in rows})):
            for entry in self.model._default_manager.filter(title__in=some):
                found.setdefault(_likeness(entry), entry.slug)
        return found

    def _say_what_is_taken(self, rows: list[Row]) -> None:
        """What no two entries may share, by the entries as they would be."""
        self._once(rows, ("slug",), "slug", "Row {} has this slug.", "“{}” has this slug.")
        if self.model is Article:
            words = "has this DOI, so it may be the same work."
            self._once(rows, ("doi",), "doi", f"Row {{}} {words}", f"“{{}}” {words}")
        if self.model is Session:
            words = "has this number in the workshop."
            self._once(rows, ("workshop_id", "number"), "number", f"Row {{}} {words}", f"“{{}}” {words}")
            for row in rows:
                if row.entry and "workshop" in row.values and row.instance.attendances.exists():
                    row.problems.append(
                        ("workshop", "Its attendance is that of its workshop. Take it out before you move the session.")
                    )

    def _once(self, rows: list[Row], columns: tuple[str, ...], heading: str, in_table: str, elsewhere: str) -> None:
        keys: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in rows:
            key = tuple(getattr(row.instance, name) for name in columns) if row.instance else ()
            if row.does_something and key and key[-1] not in (None, ""):
                keys[key].append(row)
        changing = {row.entry for row in rows if row.entry and heading in row.values}
        last = columns[-1]
        for some in in_parts(sorted({key[-1] for key in keys})):
            for entry in self.model._default_manager.filter(**{f"{last}__in": some}).only("title", *columns):
                key = tuple(getattr(entry, name) for name in columns)
                for row in keys.get(key, ()):
                    if row.entry != entry.pk and entry.pk not in changing:
                        row.problems.append((heading, elsewhere.format(entry.title)))
        for sharing in keys.values():
            for row in sharing[1:]:
                row.problems.append((heading, in_table.format(sharing[0].number)))


def _likeness(entry: Any) -> tuple[Any, ...]:
    """What makes two entries of a kind the same to a reader: a claim may recur in another source."""
    return (entry.title, *(getattr(entry, name, None) for name in ("article_id", "session_id", "workshop_id")))


def _places(kind: Kind, sheet: Sheet) -> tuple[dict[str, int], list[str]]:
    """Where each column stands in the sheet, and remarks about those that aren't known."""
    known = [*headings(kind), WRONG]
    said = [" ".join(heading.replace("_", " ").split()).casefold() for heading in sheet.headings]
    places: dict[str, int] = {}
    remarks = []
    for place, heading in enumerate(said):
        if heading in places:
            raise Unreadable(f"Two columns are headed “{heading}”. Take one of them out, or give it another heading.")
        if heading in known:
            places[heading] = place
        elif heading:
            remarks.append(f"The column “{sheet.headings[place][:60]}” was left out.{instead(heading, known)}")
        elif any(cells[place] for _, cells in sheet.rows):
            remarks.append(f"The {place + 1}. column has no heading and was left out.")
    if not {"title", "slug", IDENTIFIER} & places.keys():
        raise Unreadable(
            f"The first row has to hold the headings, and among them “title”, “slug” or “identifier”. It begins with "
            f"“{sheet.headings[0][:60]}”. Take the empty table for {kind.plural} as a pattern."
        )
    return places, remarks
