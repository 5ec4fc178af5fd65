"""The formats that files come in: how each is known, and what reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from apps.curation.imports import dna, refi, skos, web_annotations
from apps.curation.imports.plan import Plan
from apps.curation.intake.result import Unreadable
from apps.curation.notes.reader import read_note
from apps.workbench.importing import references, tables
from apps.workbench.importing.drafts import FromDrafts
from apps.workbench.importing.frame import Import

LARGEST = 20_000_000  # bytes of a file


@dataclass(frozen=True, slots=True)
class Options:
    """What somebody says of a file that it doesn't say itself."""

    kind: str = ""  # of a table's rows
    terms: str = "themes"  # or regions: what a SKOS vocabulary holds
    codes: str = "themes"  # or propositions: what the codes of a QDA program become
    language: str = "en"  # of the labels that are the names


@dataclass(frozen=True, slots=True)
class Format:
    """A format that a file may be in."""

    name: str
    label: str
    extensions: tuple[str, ...]
    read: Callable[[str, bytes, Options], Import]  # a file's name and contents; raises Unreadable


def _note(name: str, data: bytes, options: Options) -> Import:
    return FromDrafts(Plan([read_note(Path(name), data)]))


def _table(name: str, data: bytes, options: Options) -> Import:
    return tables.read(data, options.kind)


def _dna(name: str, data: bytes, options: Options) -> Import:
    return FromDrafts(dna.read(name, data))


def _refi(name: str, data: bytes, options: Options) -> Import:
    return FromDrafts(refi.read(name, data, options.codes))


def _annotations(name: str, data: bytes, options: Options) -> Import:
    return FromDrafts(web_annotations.read(name, data))


def _skos(name: str, data: bytes, options: Options) -> Import:
    return FromDrafts(skos.read(name, data, options.terms, options.language))


def _references(format_name: str) -> Callable[[str, bytes, Options], Import]:
    return lambda name, data, options: references.read(data, format_name)


FORMATS = {
    one.name: one
    for one in (
        Format("notes", "Notes (Markdown)", (".md", ".markdown"), _note),
        Format("csv", "Table (CSV)", (".csv", ".tsv"), _table),
        Format("xlsx", "Table (XLSX)", (".xlsx", ".xlsm"), _table),
        Format("bibtex", "References (BibTeX)", (".bib",), _references("bibtex")),
        Format("ris", "References (RIS)", (".ris", ".enw"), _references("ris")),
        Format("csl-json", "References (CSL-JSON)", (".json",), _references("csl-json")),
        Format("skos", "Vocabulary (SKOS: Turtle, RDF/XML, JSON-LD)", (".ttl", ".rdf", ".owl", ".jsonld"), _skos),
        Format("dna", "Discourse Network Analyzer (DNA 3)", (".dna",), _dna),
        Format("refi-qda", "Codebook or project for coding (REFI-QDA)", (".qdc", ".qdpx"), _refi),
        Format("annotations", "Annotations (W3C, JSON-LD)", (".jsonld", ".json"), _annotations),
    )
}

_HOLDS = (  # what no other format mentions
    ("refi-qda", b"urn:QDA-XML:"),
    ("annotations", b"http://www.w3.org/ns/anno.jsonld"),
    ("skos", b"http://www.w3.org/2004/02/skos/core#"),
)
_JSON = re.compile(rb"(\xef\xbb\xbf)?\s*[\[{]\s*[\[{\"]")
# What a file's first bytes say; what they don't say is told by its name.
_BEGINS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("dna", re.compile(rb"SQLite format 3\0")),
    ("notes", re.compile(rb"(\xef\xbb\xbf)?---[ \t]*\r?\n")),
    ("bibtex", re.compile(rb"\s*(%[^\n]*\n\s*)*@\s*[A-Za-z]+\s*[{(]")),
    ("ris", re.compile(rb"(\xef\xbb\xbf)?\s*TY\s{0,2}-")),
)


def check_size(size: int) -> None:
    """Judge a file by its size, in bytes, before it is read into memory. Raises Unreadable."""
    if size > LARGEST:
        raise Unreadable(
            f"The file has {size / 1e6:,.0f} megabytes; {LARGEST // 1_000_000} at most can be read. Export it in parts."
        )
    if not size:
        raise Unreadable("The file is empty. Is it the right one?")


def guessed(name: str, data: bytes) -> str:
    """The name of the format that a file seems to be in. Raises Unreadable where nothing tells."""
    for format_name, begins in _BEGINS:
        if begins.match(data[:4_000]):
            return format_name
    for format_name, mark in _HOLDS:
        if mark in data:
            return format_name
    if _JSON.match(data):
        return "csl-json"
    extension = Path(name).suffix.casefold()
    for one in FORMATS.values():
        if extension in one.extensions:
            return one.name
    known = ", ".join(FORMATS)
    raise Unreadable(f"Neither what is in the file nor its name tells its format. Say it: one of {known}.")


def read(name: str, data: bytes, format_name: str, options: Options) -> Import:
    """Read a file. Raises Unreadable for what can't be read at all; what is wrong in it is for the report."""
    check_size(len(data))
    return FORMATS[format_name].read(name, data, options)
