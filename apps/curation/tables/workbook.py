"""Excel's files (XLSX): the first sheet as texts. To be read in a process of its own, after a look at its size."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from apps.curation.intake.result import Unreadable
from apps.curation.tables.sheets import MOST_COLUMNS, MOST_ROWS

_MERGED = re.compile(rb'<mergeCell\s[^>]*ref="([A-Z]+[0-9]+):([A-Z]+[0-9]+)"')
_FORMULA = re.compile(rb'<f[\s/>]|\st="e"')
_MOST_LINES = 10 * MOST_ROWS  # empty ones count too
_LEFT = "Open the file in Excel, save it and upload it anew."
_Fault = tuple[int, int, str]  # a row's number, a column's place, and what is wrong there


def text_of(data: bytes) -> tuple[dict[str, Any], list[str]]:
    """Rows of texts by their numbers, and faults by row and column; remarks. Raises Unreadable."""
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheet = _sheet(data, data_only=True)
        source = zipfile.ZipFile(BytesIO(data)).read(sheet._worksheet_path)
        faults = list(_merged(source))
        if _FORMULA.search(source):
            faults += _formulas(sheet, _sheet(data, data_only=False))
        rows = list(_rows(_sheet(data, data_only=True)))
    except (InvalidFileException, LookupError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, SyntaxError):
        raise Unreadable(f"The file is damaged: no sheet can be read in it. {_LEFT}") from None
    others = len(sheet.parent.sheetnames) - 1
    # The second sheet of our own tables explains the first.
    remarks = [f"The sheet “{sheet.title}” was read, and none of the {others} others."] if others > 1 else []
    return {"rows": rows, "faults": faults}, remarks


def _sheet(data: bytes, data_only: bool) -> Any:
    from openpyxl import load_workbook

    sheet = load_workbook(BytesIO(data), read_only=True, data_only=data_only, keep_links=False).worksheets[0]
    sheet.reset_dimensions()  # what a file says of its own size needn't be so
    return sheet


def _lines(sheet: Any, values_only: bool) -> Iterator[tuple[int, Any]]:
    lines = sheet.iter_rows(max_row=_MOST_LINES, max_col=MOST_COLUMNS + 1, values_only=values_only)
    return enumerate(lines, 1)


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Each cell as it is shown; a formula by what it came to when the file was saved. Empty rows are left out."""
    width = number_of_rows = 0
    for number, line in _lines(sheet, values_only=True):
        cells = [_text(value) for value in line]
        if any(cells):
            width = width or len(cells)
            number_of_rows += 1
            yield number, cells + [""] * (width - len(cells))
        if number_of_rows > MOST_ROWS + 1:
            return


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case dt.datetime() if value.time() == dt.time():
            return f"{value:%Y-%m-%d}"
        case dt.datetime():
            return f"{value:%Y-%m-%dT%H:%M}"
    return str(value).replace("_x005F_", "_")  # a way to write “_” that is kept where a text stands in its cell


def _formulas(values: Any, formulas: Any) -> Iterator[_Fault]:
    """Formulas that came to nothing that could be taken for a value."""
    for (number, line), (_, written) in zip(_lines(values, False), _lines(formulas, False), strict=False):
        for place, (cell, behind) in enumerate(zip(line, written, strict=False)):
            if cell.data_type == "e":
                yield number, place, f"The formula comes to {cell.value}."
            elif cell.value is None and behind.data_type == "f":
                yield number, place, f"A formula whose value isn't in the file. {_LEFT}"


def _merged(source: bytes) -> Iterator[_Fault]:
    """Of cells that are merged only the first has a value, so what the others mean can't be told."""
    from openpyxl.utils.cell import coordinate_to_tuple

    for first, last in _MERGED.findall(source)[:1_000]:
        (top, left), (bottom, _) = coordinate_to_tuple(first.decode()), coordinate_to_tuple(last.decode())
        for number in range(top, min(bottom, top + MOST_ROWS) + 1):
            yield number, left - 1, f"Cells are merged from {first.decode()} to {last.decode()}: split them."
