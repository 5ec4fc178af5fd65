"""RIS: a tag and a value on each line, from TY to ER."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import rispy
from rispy.config import LIST_TYPE_TAGS

from apps.curation.references.items import Item, first, inverted, line
from apps.curation.references.rows import Row, row_of
from apps.taxonomy.references import RIS_TYPES

_START = re.compile(r"^[ \t]*TY\s{0,2}-", re.MULTILINE)
_LINE = re.compile(r"\s*([A-Z][A-Z0-9])\s{1,2}-(?:\s+(.*)|)")
_END = re.compile(r"^[ \t]*ER\s{1,2}-[ \t]*$", re.MULTILINE)
_TAGS = {tag: tag for tag in rispy.TAG_KEY_MAPPING} | {"BT": "BT", "CT": "CT", "L3": "L3", "ED": "ED"}
_TYPES = {ris: csl for csl, ris in reversed(RIS_TYPES.items())} | {
    "ELEC": "webpage", "BLOG": "post-weblog", "EJOUR": "article-journal", "JFULL": "article-journal",
    "INPR": "article-journal", "EBOOK": "book", "EDBOOK": "book", "ECHAP": "chapter", "CPAPER": "paper-conference",
    "CONF": "paper-conference", "GOVDOC": "report", "UNPB": "article", "PAMP": "report", "WEB": "webpage",
}  # fmt: skip


class _Parser(rispy.RisParser):  # type: ignore[misc]
    """With each tag under its own name, and as many blanks as people leave."""

    def parse_line(self, text: str) -> tuple[str | None, str]:
        found = _LINE.fullmatch(text)
        return (found[1], (found[2] or "").strip()) if found else (None, text.strip())


def read(text: str) -> list[Row]:
    """A row for each reference; one without its end is read as far as the next begins, and says so."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    starts = [found.start() for found in _START.finditer(text)]
    rows = [_before(text[: starts[0] if starts else None])]
    for start, end in pairwise([*starts, len(text)]):
        rows += _rows(text[start:end], f"line {text.count(chr(10), 0, start) + 1}")
    return [row for row in rows if row is not None]


def _before(text: str) -> Row | None:
    """What stands before the first reference."""
    if not text.strip():
        return None
    return Row(text.strip(), "line 1", problem="This stands before any reference: one begins with a line “TY  - ” and "
               "its type, such as “TY  - JOUR”. Write that line in, or take this out.")  # fmt: skip


def _rows(text: str, place: str) -> list[Row | None]:
    end = _END.search(text)
    own, after = (text[: end.end()], text[end.end() :]) if end else (text, "")
    remark = "" if end else "Its last line, “ER  - ”, is missing, so it was read up to where the next begins."
    whole = own if end else f"{own}\nER  - \n"
    rows: list[Row | None] = [row_of(own.strip(), place, lambda: _item(_parsed(whole)), remark)]
    if after.strip():
        problem = f"This stands after the end of the reference at {place}. Take it out, or put it before “ER  - ”."
        rows.append(Row(after.strip(), place, problem=problem))
    return rows


def _parsed(text: str) -> dict[str, list[str]]:
    [found] = _Parser(mapping=_TAGS, list_tags=[*LIST_TYPE_TAGS, "ED"], delimiter_tags_mapping={}).parse(text)[:1]
    return {tag: values if isinstance(values, list) else [values] for tag, values in found.items() if tag != "UK"}


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
