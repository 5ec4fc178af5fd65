"""RIS: a tag and a value on each line, from TY to ER."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from apps.curation.references.items import Item, first, inverted, line
from apps.curation.references.rows import Row
from apps.taxonomy.references import RIS_TYPES

_START = re.compile(r"^[ \t]*TY\s{0,2}-", re.MULTILINE)
_LINE = re.compile(r"\s*([A-Z][A-Z0-9])\s{1,2}-(?:\s+(.*)|)")
_TYPE = re.compile(r"\s*TY\s{0,2}-[ \t]*(\S*)")
_END = re.compile(r"^[ \t]*ER\s{1,2}-[ \t]*$", re.MULTILINE)
_TYPES = {ris: csl for csl, ris in reversed(RIS_TYPES.items())} | {
    "ELEC": "webpage", "BLOG": "post-weblog", "EJOUR": "article-journal", "JFULL": "article-journal",
    "INPR": "article-journal", "EBOOK": "book", "EDBOOK": "book", "ECHAP": "chapter", "CPAPER": "paper-conference",
    "CONF": "paper-conference", "GOVDOC": "report", "UNPB": "article", "PAMP": "report", "WEB": "webpage", "GEN": "",
}  # fmt: skip


def read(text: str) -> list[Row]:
    """A row for each reference; one without its end is read as far as the next begins, and says so."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    starts = [found.start() for found in _START.finditer(text)]
    rows = [_before(text[: starts[0] if starts else None])]
    number = 1 + text.count("\n", 0, starts[0] if starts else 0)
    for start, end in pairwise([*starts, len(text)]):
        rows += _rows(text[start:end], f"line {number}")
        number += text.count("\n", start, end)
    return [row for row in rows if row is not None]


def _before(text: str) -> Row | None:
    """What stands before the first reference."""
    if not text.strip():
        return None
    return Row(text.strip(), "line 1", wrong="This stands before any reference: one begins with a line “TY  - ” and "
               "its type, such as “TY  - JOUR”. Write that line in, or take this out.")  # fmt: skip


def _rows(text: str, place: str) -> list[Row | None]:
    end = _END.search(text)
    own, after = (text[: end.end()], text[end.end() :]) if end else (text, "")
    remarks = [] if end else ["Its last line, “ER  - ”, is missing, so it was read up to where the next begins."]
    kind = found[1] if (found := _TYPE.match(own)) else ""
    if kind and kind.upper() not in _TYPES:
        remarks.append(f"Its type, “{kind[:20]}”, is none that has a genre here.")
    remark = " ".join(remarks)
    rows: list[Row | None] = [Row(own.strip(), place, lambda: _item(_parsed(own)), remark=remark)]
    if after.strip():
        problem = f"This stands after the end of the reference at {place}. Take it out, or put it before “ER  - ”."
        rows.append(Row(after.strip(), place, wrong=problem))
    return rows


def _parsed(text: str) -> dict[str, list[str]]:
    """What stands under each tag; a line without one goes on with the line before it."""
    lines: list[tuple[str, list[str]]] = []
    for one in text.splitlines():
        if found := _LINE.fullmatch(one):
            lines.append((found[1], [found[2] or ""]))
        elif lines:
            lines[-1][1].append(one)
    tags: dict[str, list[str]] = {}
    for tag, parts in lines:
        tags.setdefault(tag, []).append(" ".join(filter(None, map(str.strip, parts))))
    return tags


def _item(tags: dict[str, list[str]]) -> Item:
    def said(*names: str) -> str:
        return first(line(one) for name in names for one in tags.get(name, ()))

    pages = "–".join(filter(None, (said("SP"), said("EP"))))
    people: dict[str, Any] = {
        name: [_author(one) for tag in of for one in tags.get(tag, ()) if line(one)]
        for name, of in (("author", ("AU", "A1")), ("editor", ("ED", "A2")))
    }
    return people | {
        "type": _TYPES.get(said("TY").upper(), ""),
        "title": said("TI", "T1", "CT"),
        "container-title": said("T2", "JF", "JO", "BT", "JA", "J2"),
        "publisher": said("PB"),
        "publisher-place": said("CY"),
        "collection-title": said("T3"),
        "genre": said("M3"),
        "issued": said("DA", "PY", "Y1").strip("/") or said("PY", "Y1"),
        "DOI": said("DO"),
        "URL": said("UR", "L2"),
        "language": said("LA"),
        "abstract": said("AB", "N2"),
        "volume": said("VL"),
        "issue": said("IS"),
        "page": pages,
        "edition": said("ET"),
        "ISSN": said("SN"),
        "note": "; ".join(filter(None, map(line, tags.get("N1", ())))),
        "keyword": tags.get("KW", []),
    }


def _author(text: str) -> dict[str, str]:
    name = inverted(line(text))
    if name is None or name.is_whole:
        return {"literal": line(text)}
    return {"family": name.family, "given": name.given}
