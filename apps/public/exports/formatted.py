"""References as a style sets them, in Chicago's or in APA's manner, by citeproc from CSL-JSON.

What citeproc-py cannot do yet is put right on both sides of it; each such place says so.
"""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nh3
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from django.utils.safestring import SafeString, mark_safe

from apps.public.exports.citing import Item

# It warns of each variable that it does not know. Once for all threads: to catch warnings call by call is safe in none.
warnings.filterwarnings("ignore", module=r"citeproc\.source")

_FOLDER = Path(__file__).parent / "styles"


@dataclass(frozen=True, slots=True)
class Style:
    """How references are set: one of CSL's style files."""

    name: str
    label: str
    file: str
    is_american: bool = False  # commas and full stops stand within quotation marks
    names_all: bool = False  # every reference begins with a name, or with what stands in for one


CHICAGO = Style("chicago", "Chicago, 17th edition", "chicago-notes-17.csl", is_american=True)
APA = Style("apa", "APA, 7th edition", "apa-7.csl", names_all=True)
STYLES = (CHICAGO, APA)


def reference(item: Item, style: Style) -> SafeString:
    """A reference, its titles in italics; anything else in it is escaped."""
    source = CiteProcJSON([_prepared(item, style)])
    bibliography = CitationStylesBibliography(_style(style.file), source, formatter.html)
    bibliography.register(Citation([CitationItem(item["id"])]))
    written = str(bibliography.bibliography()[0])
    if style.is_american:
        written = _AFTER_QUOTATION.sub(r"\1”", written)
    return mark_safe(nh3.clean(_revealed(written), tags={"i"}))  # noqa: S308


def runs(written: SafeString) -> Iterator[tuple[str, bool]]:
    """The pieces of a reference as text, each with whether it stands in italics."""
    for piece in re.split(r"(<i>.*?</i>)", written):
        if piece:
            yield html.unescape(re.sub("</?i>", "", piece)), piece.startswith("<i>")


# Punctuation-in-quote of CSL's English locale, which citeproc-py does not apply.
_AFTER_QUOTATION = re.compile(r"”([.,])")


@cache
def _style(file: str) -> Any:
    return CitationStylesStyle(str(_FOLDER / file), validate=False)


def _prepared(item: Item, style: Style) -> Item:
    """An item as citeproc-py can set it."""
    fields = {name: _hidden(value) if isinstance(value, str) else value for name, value in item.items()}
    fields["author"] = [{part: _hidden(text) for part, text in one.items()} for one in item.get("author", ())]
    if "event-title" in fields:  # neither style says of an event what it is a part of
        fields |= {"type": "chapter", "container-title": fields["event-title"]}
    issued = item.get("issued", {})
    if len(issued.get("date-parts", ())) > 1 and "literal" in issued:  # it writes “6,–7, June 2023”
        fields["issued"] = {"literal": issued["literal"]}
    if style.names_all and not fields["author"]:  # a title in a name's place would be repeated in its own
        fields["author"] = [{"literal": fields.pop("title")}]
    return {name: value for name, value in fields.items() if value and name not in ("abstract", "keyword", "note")}


# citeproc-py leaves markup in a title as it stands, so none reaches it: these signs travel as others do.
_SIGNS = {"<": "\ue000", ">": "\ue001", "&": "\ue002"}
_HIDE = str.maketrans(_SIGNS)
_REVEAL = str.maketrans({private: html.escape(sign) for sign, private in _SIGNS.items()})


def _hidden(text: str) -> str:
    return text.translate(_HIDE)


def _revealed(text: str) -> str:
    return text.translate(_REVEAL)
