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
_MOST_LINES = 10 * MOST_ROWS  # empty ones count too
_LEFT = "Open the file in Excel, save it and upload it anew."


def text_of(data: bytes) -> tuple[dict[str, Any], list[str]]:
    """Rows of texts by their numbers, and faults by row and column; remarks. Raises Unreadable."""
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        values, formulas = _sheet(data, True), _sheet(data, False)
        rows, faults = _rows(values, formulas)
        faults += _merged(data, values)
        name, others = values.title, len(values.parent.sheetnames) - 1
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, SyntaxError):
        raise Unreadable(f"The file is damaged: no sheet can be read in it. {_LEFT}") from None
    remarks = [f"The sheet “{name}” was read, and none of the {others} others."] if others > 1 else []
    return {"rows": rows, "faults": faults}, remarks


def _sheet(data: bytes, data_only: bool) -> Any:
    from openpyxl import load_workbook

    return load_workbook(BytesIO(data), read_only=True, data_only=data_only, keep_links=False).worksheets[0]


def _rows(values: Any, formulas: Any) -> tuple[list[tuple[int, list[str]]], list[tuple[int, int, str]]]:
    """Each cell as it is shown; a formula by what it came to when the file was saved."""
    rows, faults = [], []
    for number, (line, written) in enumerate(zip(_lines(values), _lines(formulas), strict=False), 1):
        cells = []
        for place, (cell, behind) in enumerate(zip(line, written, strict=False)):
            if cell.data_type == "e":
                faults.append((number, place, f"The formula comes to {cell.value}."))
            elif cell.value is None and behind.data_type == "f":
                faults.append((number, place, f"A formula whose value isn't in the file. {_LEFT}"))
            cells.append(_text(cell.value))
        if any(cells):
            rows.append((number, cells))
        if len(rows) > MOST_ROWS + 1 or number > _MOST_LINES:
            break
    width = len(rows[0][1]) if rows else 0
    return [(number, cells + [""] * (width - len(cells))) for number, cells in rows], faults


def _lines(sheet: Any) -> Iterator[Any]:
    sheet.reset_dimensions()  # what a file says of its own size needn't be so
    return iter(sheet.iter_rows(max_col=MOST_COLUMNS + 1))


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


def _merged(data: bytes, sheet: Any) -> list[tuple[int, int, str]]:
    """Of cells that are merged only the first has a value, so what the others mean can't be told."""
    from openpyxl.utils.cell import coordinate_to_tuple

    faults = []
    source = zipfile.ZipFile(BytesIO(data)).read(sheet._worksheet_path)
    for first, last in list(_MERGED.findall(source))[:1_000]:
        (top, left), (bottom, _) = coordinate_to_tuple(first.decode()), coordinate_to_tuple(last.decode())
        for number in range(top, min(bottom, top + MOST_ROWS) + 1):
            faults.append((number, left - 1, f"Cells are merged from {first.decode()} to {last.decode()}: split them."))
    return faults
