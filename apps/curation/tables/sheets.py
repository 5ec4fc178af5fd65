"""An uploaded file as rows of cells: a CSV however it is encoded and separated, or the first sheet of an XLSX."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field

from apps.curation.intake.apart import read_apart
from apps.curation.intake.packed import check, members_of
from apps.curation.intake.plain import decoded
from apps.curation.intake.result import Unreadable
from apps.curation.tables.cells import read

LARGEST_UPLOAD = 20_000_000  # bytes
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_CELL = 100_000  # characters
ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm"
AS_CSV = "save the sheet as CSV and upload that"
_PATIENCE = 60  # seconds that reading a workbook may take
_SEPARATORS = (",", ";", "\t", "|")
_PICTURE = "This is no table. Save it as XLSX or CSV and upload that."
_BY_FIRST_BYTES = {
    b"\xd0\xcf\x11\xe0": "This is an old Excel file (.xls), or an XLSX locked with a password. Save it as XLSX without "
    "a password, or as CSV.",
    b"%PDF-": _PICTURE,
    b"{\\rtf": _PICTURE,
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
}


Faults = dict[int, list[tuple[int, str]]]  # by row: a column's place, and what is wrong there


@dataclass(slots=True)
class Sheet:
    """A table as it was uploaded; its rows go by the numbers that a spreadsheet gives them."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]
    faults: Faults = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def check_size(size: int) -> None:
    """Judge an upload by its size, in bytes, before it is read into memory. Raises Unreadable."""
    if size > LARGEST_UPLOAD:
        raise Unreadable(
            f"The file has {size / 1e6:,.0f} megabytes; {LARGEST_UPLOAD // 1_000_000} at most can be read. Upload it "
            "in parts, and without pictures."
        )


def read_table(data: bytes) -> Sheet:
    """The table in a file; which format it has is told by its first bytes. Raises Unreadable, which says what to do."""
    check_size(len(data))
    if not data.strip():
        raise Unreadable("The file is empty. Is it the right one?")
    for start, answer in _BY_FIRST_BYTES.items():
        if data.startswith(start):
            raise Unreadable(answer)
    if data[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise Unreadable("This is a web page, though its name may say otherwise. Save the table as XLSX or CSV.")
    return _checked(*(_from_workbook(data) if data.startswith(b"PK\x03\x04") else _from_text(data)))


_Numbered = list[tuple[int, list[str]]]
_Read = tuple[_Numbered, Faults, list[str]]


def _from_workbook(data: bytes) -> _Read:
    members = members_of(data)
    names = {member.filename for member in members}
    if not any(name.startswith("xl/") for name in names):
        what = "an OpenDocument file" if "content.xml" in names else "no Excel file"
        raise Unreadable(f"This is {what}. Save it as XLSX or CSV and upload that.")
    check(members, AS_CSV)
    answer, remarks = read_apart(data, "tables.workbook", AS_CSV, patience=_PATIENCE)
    faults: Faults = {}
    for number, place, words in answer["faults"]:
        faults.setdefault(number, []).append((place, words))
    return [(number, list(cells)) for number, cells in answer["rows"]], faults, remarks


def _from_text(data: bytes) -> _Read:
    text, remark = decoded(data)
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    separator = ""
    numbers = 1
    if text[:4].lower() == "sep=" and text[5:6] == "\n":  # Excel's own way to say it
        separator, text, numbers = text[4], text[6:], 2
    separator = separator or _separator_of(text)
    before = csv.field_size_limit(max(csv.field_size_limit(), LARGEST_UPLOAD))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = list(enumerate(reader, numbers))
    except csv.Error:
        raise Unreadable(
            f"From line {reader.line_num:,} on it can't be read: a quotation mark there begins a cell and doesn't end "
            "it, or stands alone. Within a cell, write it twice and put the cell between quotation marks; or save the "
            "table as XLSX."
        ) from None
    finally:
        csv.field_size_limit(before)
    return rows, {}, [remark] if remark else []


def _separator_of(text: str) -> str:
    """What stands between the headings most often, outside of quotation marks."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    outside = "".join(first.split('"')[::2])
    counts = Counter({one: outside.count(one) for one in _SEPARATORS})
    return counts.most_common(1)[0][0]


def _checked(rows: _Numbered, faults: Faults, remarks: list[str]) -> Sheet:
    rows = [(number, [read(one) for one in cells]) for number, cells in rows]
    rows = [(number, cells) for number, cells in rows if any(cells)]
    if not rows:
        raise Unreadable("There is nothing in it. Is it the right file, and is the table on its first sheet?")
    (_, headings), *rest = rows
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MOST_COLUMNS or len(rest) > MOST_ROWS:
        raise Unreadable(
            f"The table has {len(rest):,} rows and {len(headings):,} columns; {MOST_ROWS:,} and {MOST_COLUMNS} at most "
            "can be read at once. Upload it in parts."
        )
    sheet = Sheet(headings, [], faults, remarks)
    for number, cells in rest:
        extra = [one for one in cells[len(headings) :] if one]
        if extra:
            _fault(sheet, number, len(headings), f"The row goes on after the last heading, with “{extra[0][:40]}”.")
        elif len(cells) < len(headings):
            words = f"The row has {len(cells)} cells, and there are {len(headings)} headings."
            _fault(sheet, number, len(cells), words)
        for place, one in enumerate(cells):
            if len(one) > LONGEST_CELL:
                _fault(sheet, number, place, f"It has {len(one):,} characters; {LONGEST_CELL:,} at most can be read.")
        cells += [""] * (len(headings) - len(cells))
        sheet.rows.append((number, cells[: len(headings)]))
    return sheet


def _fault(sheet: Sheet, number: int, place: int, words: str) -> None:
    sheet.faults.setdefault(number, []).append((place, words))
