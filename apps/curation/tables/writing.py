"""Tables for analysts to take along: what they may fill in, and what the entries say."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Collection, Iterable, Iterator

import xlsxwriter

from apps.curation.models import Entry
from apps.curation.tables.cells import LEFT_OUT, LONGEST, NOT_SHOWN, as_text, harmless
from apps.curation.tables.columns import COLUMNS, UNCHANGEABLE, cells_of, headings
from apps.taxonomy.words import Kind

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
_WIDE = {"title": 50, "summary": 50, "note": 30, "proposition": 30}
_MOST_CHOICES = 255  # characters of a list that Excel offers


def table_of(kind: Kind, entries: Iterable[Entry], not_shown: Collection[str] = ()) -> Iterator[list[str]]:
    """The headings, and a row for each entry; what stands beneath some headings may not be shown."""
    yield headings(kind)
    for entry in entries:
        cells = {name: NOT_SHOWN if name in not_shown else cell for name, cell in cells_of(entry, kind).items()}
        yield [cell if len(cell) <= LONGEST else LEFT_OUT for cell in cells.values()]


def as_csv(rows: Iterable[list[str]]) -> bytes:
    """In UTF-8, with the mark that lets Excel see that it is."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", "replace")


def as_xlsx(rows: Iterable[list[str]], kind: Kind) -> bytes:
    """A sheet with the rows, all of them texts, and one that says what may stand in each column."""
    with tempfile.TemporaryFile() as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_urls": False}) as book:
            sheet, bold, text = book.add_worksheet(kind.plural.capitalize()), *_formats(book)
            sheet.freeze_panes(1, 0)
            for place, heading in enumerate(headings(kind)):
                sheet.set_column(place, place, _WIDE.get(heading, 18), text)
                offered = COLUMNS[kind][heading].choices if heading in COLUMNS[kind] else []
                if offered and len(",".join(offered)) <= _MOST_CHOICES:
                    sheet.data_validation(1, place, 20_000, place, {"validate": "list", "source": offered})
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write_string(number, place, as_text(cell), text if number else bold)
            _explain(book.add_worksheet("Columns"), kind, bold)
        file.seek(0)
        return file.read()


def _formats(book: xlsxwriter.Workbook) -> tuple[object, object]:
    # As a text: what somebody types beneath, 2023-06, isn't made the first of June.
    return book.add_format({"bold": True}), book.add_format({"num_format": "@"})


def _explain(sheet: object, kind: Kind, bold: object) -> None:
    sheet.set_column(0, 0, 24)  # type: ignore[attr-defined]
    sheet.set_column(1, 1, 100)  # type: ignore[attr-defined]
    for number, (heading, allowed) in enumerate(explained(kind)):
        sheet.write_string(number, 0, heading, bold)  # type: ignore[attr-defined]
        sheet.write_string(number, 1, allowed)  # type: ignore[attr-defined]


def explained(kind: Kind) -> Iterator[tuple[str, str]]:
    """Each heading with what may stand beneath it."""
    yield from UNCHANGEABLE.items()
    for heading, column in COLUMNS[kind].items():
        needed = "Needed. " if column.is_needed else ""
        yield heading, f"{needed}{column.allowed}".strip()
