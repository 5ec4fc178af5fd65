"""Tables: CSV, JSON, JSON Lines and XLSX, with the same columns in the same order."""

from __future__ import annotations

import datetime as dt
import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import orjson
import xlsxwriter

from apps.public.exports.columns import COLUMNS, values_of
from apps.public.exports.rows import Row
from apps.public.exports.site import Site

_LONGEST_CELL = 32_767  # characters that a cell of XLSX holds
_MOST_ROWS = 1_048_575  # that a sheet of XLSX holds beside its headings
_CHUNK = 1 << 16
_LINES = 100  # of CSV that go out at once
_OLDEST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)  # that a zip can say


def as_json(rows: Iterable[Row], site: Site) -> Iterator[bytes]:
    return json_array(values_of(row, site) for row in rows)


def as_json_lines(rows: Iterable[Row], site: Site) -> Iterator[bytes]:
    """An object a line, each whole by itself (https://jsonlines.org)."""
    for row in rows:
        yield orjson.dumps(values_of(row, site), option=orjson.OPT_APPEND_NEWLINE)


def json_array(items: Iterable[Any]) -> Iterator[bytes]:
    """An array of objects, a line each."""
    before = b"["
    for item in items:
        yield before + b"\n" + orjson.dumps(item)
        before = b","
    yield b"\n]\n" if before == b"," else b"[]\n"


def as_csv(rows: Iterable[Row], site: Site) -> Iterator[bytes]:
    """RFC 4180 in UTF-8, with the mark that lets Excel see that it is."""
    yield b"\xef\xbb\xbf" + line_of(COLUMNS).encode()
    waiting = iter(rows)
    while lines := [line_of(_cells(row, site)) for row in islice(waiting, _LINES)]:
        yield "".join(lines).encode()


def line_of(cells: Iterable[str | int]) -> str:
    """A line of CSV, in a quarter of the time that csv.writer takes for the same: cells are long, and it looks at each
    character of them."""
    return ",".join([_quoted(str(harmless(cell))) for cell in cells]) + "\r\n"


def _quoted(cell: str) -> str:
    if "," in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def taken(buffer: io.StringIO) -> bytes:
    """What was written so far, in UTF-8; the buffer is empty then."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def as_xlsx(rows: Iterable[Row], site: Site) -> Iterator[bytes]:
    """A workbook with one sheet, written row by row to a temporary file. When it was made is when the latest of its
    records was published: so the same records are the same bytes."""
    made = _OLDEST
    with tempfile.TemporaryFile() as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_urls": False}) as book:
            sheet, bold = book.add_worksheet("Records"), book.add_format({"bold": True})
            sheet.write_row(0, 0, COLUMNS, bold)
            sheet.freeze_panes(1, 0)
            for number, row in zip(range(1, _MOST_ROWS + 1), rows, strict=False):
                for column, cell in enumerate(_cells(row, site)):
                    if isinstance(cell, int):
                        sheet.write_number(number, column, cell)
                    else:
                        sheet.write_string(number, column, writable(cell)[:_LONGEST_CELL])
                made = max(made, row.record.published_at)
            book.set_properties({"created": made})
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _cells(row: Row, site: Site) -> list[str | int]:
    return [value if type(value) is str else as_cell(value) for value in values_of(row, site).values()]


def as_cell(value: Any) -> str | int:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, int):
        return value
    return "; ".join(value) if isinstance(value, list) else str(value)


_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML 1.0


def writable(text: str) -> str:
    """A text without what no XML can hold."""
    return _UNWRITABLE.sub("", text)


_FORMULA = frozenset("=+-@\t\r")  # what one begins with


def harmless(cell: str | int) -> str | int:
    """A text that a spreadsheet would take for a formula, made a text again (OWASP, CSV Injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in _FORMULA else cell
