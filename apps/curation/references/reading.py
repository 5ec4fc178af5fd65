"""From a pasted text or a file to references: which of the formats it is in, and each work that it names."""

from __future__ import annotations

import re

from apps.curation.intake.plain import decoded
from apps.curation.intake.result import Unreadable
from apps.curation.references import bibtex, csl_json, ris
from apps.curation.references.rows import Row

LONGEST = 6_000_000  # characters: some three thousand references with their abstracts
MOST = 5_000  # references in one text
ACCEPTED = ".json,.bib,.ris,.txt,.enw"
LABELS = {"csl-json": "CSL-JSON", "bibtex": "BibTeX", "ris": "RIS"}

_BIBTEX = re.compile(r"^\s*@\s*[A-Za-z]+\s*[{(]", re.MULTILINE)
_RIS = re.compile(r"^\ufeff?\s*(TY|[A-Z][A-Z0-9])\s{1,2}-(\s|$)", re.MULTILINE)
_BEGINS = {  # as many times as a text has this, it has references at most
    "csl-json": re.compile(r'"title"\s*:'),
    "bibtex": re.compile(r"@\s*[A-Za-z]+\s*[{(]"),
    "ris": re.compile(r"^[ \t]*TY\s{0,2}-", re.MULTILINE),
}
_A_DOI = re.compile(r"\s*(https?://(dx\.)?doi\.org/|doi:\s*)?10\.\d{4,9}/\S+\s*", re.IGNORECASE)
_READERS = {"csl-json": csl_json.read, "bibtex": bibtex.read, "ris": ris.read}
_WHICH = (
    "Export them as RIS, BibTeX or CSL-JSON: in Zotero “Export items …”, "
    "on a publisher’s page “Cite” or “Export citation”."
)


def read_file(data: bytes) -> tuple[str, str]:
    """The text of a file, and what an analyst should know about its encoding. Raises Unreadable."""
    if not data:
        raise Unreadable("The file is empty. Is it the right one?")
    if data.startswith((b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(f"This is a document, no file of references. {_WHICH}")
    return decoded(data)


def read(text: str) -> tuple[str, list[Row]]:
    """The name of the format, and a row for each reference, broken ones too. Raises Unreadable for what is none."""
    if len(text) > LONGEST:
        raise Unreadable(
            f"That is {len(text):,} characters; {LONGEST:,} at most are read at once. Export them in smaller parts."
        )
    name = _format_of(text)
    if (many := len(_BEGINS[name].findall(text))) > MOST:
        raise Unreadable(f"That may be {many:,} references; {MOST:,} at most are read at once. Export them in parts.")
    rows = _READERS[name](text)
    if not rows:
        raise Unreadable(f"It looks like {LABELS[name]}, and no reference is in it.")
    return name, rows


def joined(name: str, rows: list[Row]) -> str:
    """Some rows of a text as a text of the same format, with the macros that they need."""
    return csl_json.joined(rows) if name == "csl-json" else "\n".join(row.source for row in rows)


def _format_of(text: str) -> str:
    start = text.lstrip("\ufeff \t\r\n")[:200]
    if not start:
        raise Unreadable("There is nothing in it.")
    if start.startswith("<"):
        what = (
            "a web page"
            if re.match(r"<(!doctype html|html|head|body|div|p|span|table)\b", start, re.I)
            else "XML or HTML"
        )
        raise Unreadable(f"This is {what}, no reference. {_WHICH}")
    if start.startswith(("{", "[")) and not start.startswith("{\\rtf"):
        return "csl-json"
    found = sorted(
        (match.start(), name) for name, one in (("bibtex", _BIBTEX), ("ris", _RIS)) if (match := one.search(text))
    )
    if found:
        return found[0][1]
    if _A_DOI.fullmatch(text):
        raise Unreadable(
            f"That is a DOI alone, and nothing is looked up from here. Open it, and copy what its page offers. {_WHICH}"
        )
    raise Unreadable(f"This is none of CSL-JSON, BibTeX and RIS. {_WHICH}")
