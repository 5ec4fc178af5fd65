"""One item of CSL-JSON, which the other formats are read to as well, and what it says of a work in our own fields."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from apps.curation.models import Article
from apps.curation.references.keys import identifier_in, plain_doi
from apps.curation.references.when import read_date
from apps.taxonomy.references import CSL_TYPES, ONLY_CITED, WITHIN
from apps.taxonomy.words import Genre

Item = dict[str, Any]

_GENRES = {csl: genre for genre, csl in reversed(CSL_TYPES.items())} | {  # the first of two with one type
    "article": Genre.REPORT,  # a preprint or working paper, as CSL 1.0.2 has it
    "paper-conference": Genre.CHAPTER,
    "entry-encyclopedia": Genre.CHAPTER,
    "monograph": Genre.BOOK,  # what follows are Crossref's own
    "edited-book": Genre.BOOK,
    "book-chapter": Genre.CHAPTER,
    "journal-article": Genre.JOURNAL_ARTICLE,
    "posted-content": Genre.REPORT,
    "post-weblog": Genre.COMMENTARY,
    "post": Genre.WEB_PAGE,
}
_REST = {  # what has no field of its own, and so goes into the private note
    "container-title": "In", "publisher": "Publisher", "publisher-place": "Place", "collection-title": "Series",
    "volume": "Volume", "issue": "Issue", "number": "Number", "page": "Pages", "edition": "Edition", "ISBN": "ISBN",
    "ISSN": "ISSN",
}  # fmt: skip
_MOST_AUTHORS = 200
_TAGS = re.compile(
    r"</?(?:i|b|u|em|strong|sup|sub|span|scp|sc|p|div|br|title|sec|italic|bold|jats:[a-z-]+)\b[^<>]*>", re.I
)
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u200b\ufeff]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-zA-Z]{2,4})?")
_LANGUAGES = {info["name"].casefold(): code for code, info in LANG_INFO.items() if "name" in info and len(code) == 2}


class Unfit(Exception):  # noqa: N818
    """A reference of which no article can be made; the message tells an analyst why, and what to do."""


@dataclass(frozen=True, slots=True)
class Name:
    """An author's name: taken apart, or whole in ``family`` where it is not to be, as an institution's."""

    family: str
    given: str = ""
    is_whole: bool = False

    def __str__(self) -> str:
        return f"{self.given} {self.family}".strip()


@dataclass(slots=True)
class Reference:
    """What is said of a work, in the fields of an article."""

    title: str
    authors: list[Name] = field(default_factory=list)
    outlet: str = ""
    genre: str = ""
    date: str = ""
    doi: str = ""
    url: str = ""
    language: str = ""
    summary: str = ""
    cited_as: str = ""  # of a work that is only cited so far
    keywords: list[str] = field(default_factory=list)
    rest: dict[str, str] = field(default_factory=dict)  # what has no field of its own, by what it is called
    remarks: list[str] = field(default_factory=list)  # what was left out or guessed

    @property
    def note(self) -> str:
        """What has no field of its own, as a private note."""
        return "\n".join(f"{name}: {value}" for name, value in self.rest.items())


def reference_of(item: Item) -> Reference:
    """What an item says, each field as an article can hold it; what it can't hold is told and kept in the note.

    Raises Unfit for an item without a title.
    """
    title = line(item.get("title"))
    if not title:
        raise Unfit("It has no title. Write one in, and read it again.")
    authors = _authors(item.get("author"))
    found = Reference(title, authors=authors[:_MOST_AUTHORS], keywords=_keywords(item.get("keyword")))
    found.title = _shortened(found, title, "title", "Title")
    if len(authors) > _MOST_AUTHORS:
        found.remarks.append(f"It has {len(authors)} authors, of whom the first {_MOST_AUTHORS} are taken.")
    kind = line(item.get("type"))
    found.genre = _GENRES.get(kind, "")
    if line(item.get("genre")).casefold() in (Genre.BRIEFING.label.casefold(), "policy brief", "briefing paper"):
        found.genre = Genre.BRIEFING
    found.summary = "\n\n".join(filter(None, (line(one) for one in _paragraphs(item.get("abstract")))))
    _read_outlet(found, item, kind)
    _read_date(found, item)
    _read_addresses(found, item)
    _read_language(found, line(item.get("language")))
    note = line(item.get("note"))
    if note.startswith(ONLY_CITED):
        found.cited_as = _shortened(found, note.removeprefix(ONLY_CITED), "cited_as", "Cited as")
    elif note:
        found.rest["Note"] = note
    if editors := _authors(item.get("editor")):
        found.rest["Edited by"] = ", ".join(map(str, editors))
    return found


def line(value: Any) -> str:
    """A value as one line of plain text, whatever came in its place; of several the first."""
    if isinstance(value, list):
        return next(filter(None, map(line, value)), "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(_UNSEEN.sub("", html.unescape(_TAGS.sub("", str(value)))).split())


def _paragraphs(value: Any) -> list[str]:
    text = value if isinstance(value, str) else line(value)
    return re.split(r"</(?:jats:)?(?:p|title)>|\n\s*\n", text)


def _shortened(found: Reference, text: str, column: str, name: str) -> str:
    """As much of a text as its column holds; the whole goes into the note."""
    longest: int = getattr(Article._meta.get_field(column), "max_length", None) or len(text)
    if len(text) <= longest:
        return text
    found.remarks.append(
        f"{name} has {len(text)} characters and is cut to {longest}; the whole is in the private note."
    )
    found.rest[name] = text
    return text[: longest - 1].rstrip() + "…"


def _authors(value: Any) -> list[Name]:
    return list(dict.fromkeys(filter(None, map(_name, value if isinstance(value, list) else [value]))))


def _name(value: Any) -> Name | None:
    if isinstance(value, str):
        return inverted(line(value))
    if not isinstance(value, dict):
        return None
    part = {name: line(one) for name, one in value.items()}
    whole = part.get("literal") or part.get("name", "")
    before, family = part.get("non-dropping-particle", ""), part.get("family", "")
    if not family:
        return Name(whole or part["given"], is_whole=bool(whole)) if whole or part.get("given") else None
    given = f"{part.get('given', '')} {part.get('dropping-particle', '')}".strip()
    return Name(" ".join(filter(None, (before, family, part.get("suffix", "")))), given)


def inverted(text: str) -> Name | None:
    """A name with the family name first, “van der Berg, J.”; without a comma it isn't taken apart."""
    family, comma, given = (one.strip() for one in text.partition(","))
    if not family:
        return None
    given, _, suffix = (one.strip() for one in given.partition(","))
    return Name(f"{family} {suffix}".strip(), given) if comma and given else Name(family, is_whole=True)


def _keywords(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else re.split(r"[;,]", line(value))
    return list(dict.fromkeys(filter(None, map(line, listed))))


def _read_outlet(found: Reference, item: Item, kind: str) -> None:
    """Where it appeared: the container for what appears within one, else who published it."""
    order = ("container-title", "publisher") if kind in WITHIN else ("publisher", "container-title")
    source = next((name for name in order if line(item.get(name))), "")
    found.outlet = _shortened(found, line(item.get(source)), "outlet", "Outlet") if source else ""
    for name, label in _REST.items():
        if name != source and (value := line(item.get(name))):
            found.rest[label] = value


def _read_date(found: Reference, item: Item) -> None:
    said = _date_of(item.get("issued") or item.get("published") or item.get("published-print"))
    found.date, remark = read_date(said)
    if remark:
        found.remarks.append(remark)
        found.rest["Date"] = said


def _date_of(issued: Any) -> str:
    """A date as CSL has it: in parts, in words, or as a text straight away."""
    if not isinstance(issued, dict):
        return line(issued)
    points = issued.get("date-parts")
    if isinstance(points, list) and points and all(isinstance(point, list) for point in points):
        written = ["-".join(_number(part) for part in point if line(part)) for point in points[:2]]
        if said := "/".join(filter(None, written)):
            return said
    return line(issued.get("raw")) or line(issued.get("literal"))


def _number(part: Any) -> str:
    text = line(part)
    return f"{int(text):02d}" if text.isascii() and text.isdigit() and len(text) < 5 else text


def _read_addresses(found: Reference, item: Item) -> None:
    said, url = line(item.get("DOI")), line(item.get("URL"))
    found.doi = plain_doi(said) or plain_doi(url)
    if said and not found.doi:
        _left_out(found, "DOI", said, "is no DOI (one looks like 10.1000/182)")
    elif re.search(r"\s", said.split(":", 1)[-1].strip()):
        found.remarks.append(f"Blanks were taken out of the DOI: {found.doi}.")
    longest = Article._meta.get_field("doi").max_length or 0
    if len(found.doi) > longest:
        _left_out(found, "DOI", found.doi, f"is longer than {longest} characters")
        found.doi = ""
    if url and not plain_doi(url):
        try:
            URLValidator(schemes=["http", "https"])(url)
        except ValidationError:
            _left_out(found, "Address", url, "is no web address")
        else:
            found.url = url if len(url) <= 500 else ""
            if not found.url:
                _left_out(found, "Address", url, "is longer than 500 characters")


def _read_language(found: Reference, said: str) -> None:
    code = said.replace("_", "-")
    code = code[:2].lower() + code[2:] if len(code) > 3 and code[2:3] == "-" else code.lower()
    if not said or _LANGUAGE.fullmatch(code):
        found.language = code
    elif said.casefold() in _LANGUAGES:
        found.language = _LANGUAGES[said.casefold()]
    else:
        _left_out(found, "Language", said, "is no language that is known here")


def _left_out(found: Reference, name: str, said: str, why: str) -> None:
    found.remarks.append(f"{name} left out: “{said[:80]}” {why}. It is in the private note.")
    found.rest[name] = said


def is_here(reference: Reference) -> bool:
    """Whether its only address is that of an article's page in a knowledge base such as this."""
    return bool(identifier_in(reference.url))


def first(values: Iterable[str]) -> str:
    return next(filter(None, values), "")
