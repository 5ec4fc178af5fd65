"""BibTeX and BibLaTeX: entries with their fields, macros resolved, LaTeX read to plain text."""

from __future__ import annotations

import contextlib
import logging
import re
from typing import Any

import bibtexparser
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import (
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ExplicitComment,
    ParsingFailedBlock,
    String,
)
from pylatexenc.latex2text import LatexNodes2Text

from apps.curation.references.items import Item, Unfit
from apps.curation.references.rows import Row
from apps.curation.references.when import month_of
from apps.taxonomy.references import BIBTEX_SUBTYPES, BIBTEX_TYPES, MONTHS

_TYPES = {bibtex: csl for csl, bibtex in reversed(BIBTEX_TYPES.items())} | {
    "misc": "", "report": "report", "online": "webpage", "electronic": "webpage", "www": "webpage", "inbook": "chapter",
    "mvbook": "book", "booklet": "book", "collection": "book", "inproceedings": "paper-conference", "manual": "report",
    "conference": "paper-conference", "unpublished": "article",
}  # fmt: skip
_SUBTYPES = {subtype: csl for csl, subtype in BIBTEX_SUBTYPES.items()}
_TOKEN = re.compile(r"[^\s#{}\"]+")
_LATEX = re.compile(r"[\\{}$~%]|--|``|''")
_PLAIN = ("url", "doi", "eprint")  # fields that stand as they are
_LONGEST = 20_000  # characters of a field that are read for LaTeX
_BREAKS_OFF = (
    "It breaks off: a closing brace } or a quotation mark is missing. Mend that in what you pasted, and read it again."
)
_decoder = LatexNodes2Text(math_mode="text", keep_comments=True)

logging.getLogger("bibtexparser.splitter").setLevel(logging.ERROR)  # what it warns of is told to whoever pasted it
logging.getLogger("pylatexenc").setLevel(logging.ERROR)


def read(text: str) -> list[Row]:
    """A row for each entry, for each that is broken, and for what stands outside of any."""
    blocks = bibtexparser.parse_string(text, parse_stack=[]).blocks
    macros = {month: month for month in MONTHS}
    strings = [block for block in blocks if isinstance(block, String)]
    for one in strings:
        with contextlib.suppress(Unfit):
            macros[one.key.casefold()] = _value(str(one.value), macros)
    rows = [_row(block, macros) for block in blocks]
    aside = [Row(str(one.raw), "", is_aside=True) for one in strings]
    return [*aside, *(row for row in rows if row is not None)] if any(rows) else []


def _row(block: Any, macros: dict[str, str]) -> Row | None:
    place, source = f"line {(block.start_line or 0) + 1}", str(block.raw or "")
    remark = ""
    match block:
        case String() | ExplicitComment():
            return None
        case DuplicateBlockKeyBlock():
            block = block.ignore_error_block
        case DuplicateFieldKeyBlock():
            twice = ", ".join(sorted(block.duplicate_keys))
            block, remark = block.ignore_error_block, f"It has {twice} twice; the first was read."
        case ParsingFailedBlock():
            return Row(source, place, wrong=_BREAKS_OFF)
    if isinstance(block, Entry):
        entry = block
        return Row(source, place, lambda: _item(entry, macros), remark=remark)
    if type(block).__name__ == "Preamble" or not source.strip() or source.lstrip().startswith("%"):
        return None
    return Row(source, place, wrong="This stands outside of any entry, so it is no reference. Is an “@” missing?")


def _item(entry: Entry, macros: dict[str, str]) -> Item:
    raw: dict[str, str] = {}
    for one in entry.fields:
        raw.setdefault(one.key.casefold(), _value(str(one.value), macros))
    field = {name: value if name in _PLAIN else _text(value) for name, value in raw.items()}

    def said(*names: str) -> str:
        return next((field[name] for name in names if field.get(name)), "")

    kind = entry.entry_type.casefold()
    subtype = _SUBTYPES.get(said("entrysubtype").casefold(), "")
    url = re.sub(r"\\url\s*\{(.*)\}", r"\1", raw.get("url", "") or _address(raw.get("howpublished", "")))
    how = "" if _address(raw.get("howpublished", "")) else said("howpublished")
    return {
        "type": subtype or ("article-journal" if kind == "article" else _TYPES.get(kind, "")),
        "title": ": ".join(filter(None, (said("title"), said("subtitle")))),
        "author": [_author(one) for one in _names(raw.get("author", ""))],
        "editor": [_author(one) for one in _names(raw.get("editor", ""))],
        "container-title": said("journaltitle", "journal", "booktitle", "maintitle") or how,
        "publisher": said("institution", "publisher", "school", "organization"),
        "publisher-place": said("location", "address"),
        "collection-title": said("series"),
        "genre": said("type"),
        "issued": _issued(field),
        "DOI": _unescaped(said("doi")),
        "URL": _unescaped(url),
        "language": said("langid", "language"),
        "abstract": said("abstract"),
        "volume": said("volume"),
        "issue": said("number", "issue"),
        "page": said("pages"),
        "edition": said("edition"),
        "ISBN": said("isbn"),
        "ISSN": said("issn"),
        "note": said("note"),
        "keyword": re.split(r"\s*[;,]\s*", said("keywords", "keyword")),
    }


def _value(text: str, macros: dict[str, str]) -> str:
    """What a field says: texts in braces or quotation marks, and macros, joined by #. Raises Unfit for an unknown
    macro."""
    text, parts, place = text.strip(), [], 0
    while place < len(text):
        mark = text[place]
        if mark in '{"':
            end = _end(text, place)
            parts.append(text[place + 1 : end])
            place = end + 1
        elif token := _TOKEN.match(text, place):
            parts.append(_macro(token[0], macros))
            place = token.end()
        else:
            place += 1
    return "".join(parts)


def _end(text: str, start: int) -> int:
    """Where the text that a brace or a quotation mark opens ends."""
    depth, closing = 0, text[start]
    for place in range(start + (closing == '"'), len(text)):
        mark = text[place]
        if mark == '"' == closing and depth == 0 and text[place - 1] != "\\":
            return place
        depth += (mark == "{") - (mark == "}")
        if mark == "}" and closing == "{" and depth == 0:
            return place
    return len(text)


def _macro(name: str, macros: dict[str, str]) -> str:
    if name.isdigit():
        return name
    if name.casefold() not in macros:
        raise Unfit(
            f"“{name[:40]}” stands for a text that isn't given here. Paste the line along with it that begins with "
            f"@string{{{name[:40]} = , or write the text itself in braces."
        )
    return macros[name.casefold()]


def _text(value: str) -> str:
    """Plain text of LaTeX; what LaTeX itself couldn't read stays as it is."""
    value = " ".join(value.split())
    if not _LATEX.search(value) or len(value) > _LONGEST:
        return value
    with contextlib.suppress(Exception):  # it raises whatever it stumbles on
        return str(_decoder.latex_to_text(re.sub(r"(?<!\\)%", r"\\%", value))).strip()
    return value.replace("{", "").replace("}", "")


def _names(value: str) -> list[str]:
    return [one for one in split_multiple_persons_names(value) if one.strip() and one.strip() != "others"]


def _author(name: str) -> dict[str, str]:
    """A name in its parts; one that stands in braces is not to be taken apart."""
    name = name.strip()
    if name.startswith("{") and _end(name, 0) == len(name) - 1:
        return {"literal": _text(name)}
    parts = parse_single_name_into_parts(name, strict=False)
    first, von, last, after = (_text(" ".join(part)) for part in (parts.first, parts.von, parts.last, parts.jr))
    return {"family": last or first, "given": first if last else "", "non-dropping-particle": von, "suffix": after}


def _issued(field: dict[str, str]) -> str:
    if field.get("date"):
        return field["date"]
    year, said = field.get("year", ""), field.get("month", "")
    if not year or not said:
        return year
    words = re.findall(r"[^\W\d_]+|\d+", said)
    month = next((one for word in words if (one := month_of(word)) and not word.isdigit()), None) or month_of(said)
    day = field.get("day", "") or next((word for word in words if word.isdigit() and not said.isdigit()), "")
    if not month or not re.fullmatch(r"\d{4}", year):
        return f"{said} {year}"
    return f"{year}-{month:02d}" + (f"-{int(day):02d}" if re.fullmatch(r"[0-9]{1,2}", day) else "")


def _address(how: str) -> str:
    """The address that some programs write where others say how it was published."""
    found = re.search(r"https?://[^\s{}]+", how)
    return found[0] if found else ""


def _unescaped(address: str) -> str:
    """An address as a browser has it: some programs escape what LaTeX would trip over."""
    return re.sub(r"\\([_%&#$~{}])", r"\1", address.strip().strip("{}"))
