"""References for managers of literature: CSL-JSON, RIS and BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from unicodedata import normalize

import bibtexparser
import rispy
from bibtexparser.library import Library
from bibtexparser.middlewares.parsestack import default_unparse_stack
from bibtexparser.model import Entry, Field
from pylatexenc.latexencode import UnicodeToLatexEncoder

from apps.public.exports.citing import Item, csl_item, first_date, inverted
from apps.public.exports.rows import Row
from apps.public.exports.site import Site
from apps.public.exports.tables import json_array
from apps.taxonomy.references import BIBTEX_SUBTYPES, BIBTEX_TYPES, MONTHS, RIS_TYPES


def csl_json(rows: Iterable[Row], site: Site) -> Iterator[bytes]:
    return json_array(_in_csl(csl_item(row, site)) for row in rows)


def _in_csl(item: Item) -> Item:
    """Keywords are one text there."""
    return item | {"keyword": ", ".join(item["keyword"])} if "keyword" in item else item


# --- RIS, as Zotero and EndNote read it: https://en.wikipedia.org/wiki/RIS_(file_format)


class _Writer(rispy.RisWriter):  # type: ignore[misc]
    def set_header(self, count: int) -> str:
        return ""  # a number before each reference is no part of the format


def ris(rows: Iterable[Row], site: Site) -> Iterator[bytes]:
    for row in rows:
        yield rispy.dumps([_ris(csl_item(row, site))], implementation=_Writer).strip().encode() + b"\n\n"


def _ris(item: Item) -> dict[str, str | list[str]]:
    first = first_date(item)
    fields = {
        "type_of_reference": RIS_TYPES.get(item["type"], "GEN"),
        "id": item["id"],
        "title": item["title"],
        "authors": [inverted(author) for author in item.get("author", ())],
        "year": f"{first[0]:04d}" if first else "",
        "date": "/".join([f"{part:02d}" for part in first] + [""] * (4 - len(first))) if first else "",
        "type_of_work": item.get("genre", ""),
        "secondary_title": item.get("container-title") or item.get("event-title", ""),
        "publisher": item.get("publisher", ""),
        "place_published": item.get("event-place", ""),
        "custom1": item.get("event-place", ""),  # of a meeting, where Zotero and EndNote look for it
        "doi": item.get("DOI", ""),
        "urls": [item["URL"]] if "URL" in item else [],
        "language": item.get("language", ""),
        "abstract": item.get("abstract", ""),
        "notes": [item["note"]] if "note" in item else [],
        "keywords": [one.replace(";", ",") for one in item.get("keyword", ())],  # some readers split at semicolons
    }
    return {name: _in_one_line(value) for name, value in fields.items() if value}


def _in_one_line(value: str | list[str]) -> str | list[str]:
    """A line that begins like a tag would be read as one."""
    return [" ".join(one.split()) for one in value] if isinstance(value, list) else " ".join(value.split())


# --- BibTeX

_DIVIDED = re.compile(r"\s*[,;]\s*")  # where readers divide keywords, with nothing to keep them from it
_PLAIN = ("url", "doi")  # fields that styles read as they stand
_latex = UnicodeToLatexEncoder(unknown_char_policy="keep", unknown_char_warning=False)
_unparse = default_unparse_stack(allow_inplace_modification=True)  # entries are written once: no copies


def bibtex(rows: Iterable[Row], site: Site) -> Iterator[bytes]:
    for row in rows:
        entry = _bibtex(csl_item(row, site))
        yield bibtexparser.write_string(Library([entry]), unparse_stack=_unparse).encode() + b"\n"


def _bibtex(item: Item) -> Entry:
    kind = BIBTEX_TYPES.get(item["type"], "misc")
    first = first_date(item)
    container = {"article": "journal", "incollection": "booktitle"}.get(kind, "howpublished")
    fields = {
        "title": item["title"],
        "year": f"{first[0]:04d}" if first else "",
        "month": MONTHS[first[1] - 1] if len(first) > 1 else "",
        "date": _day(item),
        "type": item.get("genre", ""),
        "entrysubtype": BIBTEX_SUBTYPES.get(item["type"], ""),
        container: item.get("container-title") or item.get("event-title", ""),
        "institution" if kind == "techreport" else "publisher": item.get("publisher", ""),
        "address": item.get("event-place", ""),
        "doi": item.get("DOI", ""),
        "url": item.get("URL", ""),
        "language": item.get("language", ""),
        "abstract": item.get("abstract", ""),
        "keywords": ", ".join(_DIVIDED.sub(" / ", one) for one in item.get("keyword", ())),
        "note": item.get("note", ""),
    }
    authors = " and ".join(_author(author) for author in item.get("author", ()))
    written = {name: _unbraced(value) if name in _PLAIN else _encoded(value) for name, value in fields.items()}
    return Entry(kind, item["id"], [Field(*one) for one in {"author": authors, **written}.items() if one[1]])


def _day(item: Item) -> str:
    """A date that has more to it than year and month, in the field that BibLaTeX has for it."""
    points = item["issued"]["date-parts"] if "issued" in item else []
    if len(points) < 2 and len(first_date(item)) < 3:
        return ""
    return "/".join(f"{point[0]:04d}" + "".join(f"-{part:02d}" for part in point[1:]) for point in points)


def _unbraced(address: str) -> str:
    return address.replace("{", "%7B").replace("}", "%7D")


def _author(author: dict[str, str]) -> str:
    """A name that is not to be taken apart stands in braces."""
    encoded = {part: _encoded(text) for part, text in author.items()}
    return f"{{{encoded['literal']}}}" if "literal" in encoded else inverted(encoded)


_NEEDS_ENCODING = re.compile(r"[^\x20-\x7e]|[#$%&\\^_{}~<>|\"]")  # few characters do, and the encoder takes a while


def _encoded(text: str) -> str:
    line = normalize("NFC", " ".join(text.split()))  # a letter with its accent is one character
    return _NEEDS_ENCODING.sub(lambda found: _encoded_character(found[0]), line)


@lru_cache(4096)
def _encoded_character(character: str) -> str:
    return str(_latex.unicode_to_latex(character))
