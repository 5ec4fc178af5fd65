"""What Zotero makes of our pages: its translators' rules for the fields that these have, in our own words and code.

Written after reading zotero/translators (Embedded Metadata.js of 13 June 2024, RDF.js, COinS.js, unAPI.js, RIS.js,
BibTeX.js) and zotero/utilities (openurl.js; cleanAuthor in utilities.js). Those are under the AGPL and are no part of
this. Of several translators that know a page, Zotero takes the one with the smallest number: unAPI 200, COinS 310,
Embedded Metadata 320.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlencode, urljoin
from xml.etree import ElementTree

import bibtexparser
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from bs4 import BeautifulSoup

Fetch = Callable[[str], str]


@dataclass
class Item:
    """An item as Zotero would save it. A creator is a family name and a given name; of an institution the whole name
    and nothing."""

    type: str = ""
    creators: list[tuple[str, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


def name_of(written: str, is_inverted: bool) -> tuple[str, str]:
    """cleanAuthor: what stands before the comma is the family name; without a comma the last word is, unless the
    reader goes by commas alone."""
    written = re.sub(r"^[\s\xa0.,/\[\]:]+|[\s\xa0.,/\[\]:]+$", "", written)
    if is_inverted:
        family, _, given = written.partition(",")
        return family.strip(), given.strip()
    given, _, family = written.rpartition(" ")
    return family, given


# --- Embedded Metadata

_HIGHWIRE = {
    "citation_title": "title",
    "citation_publication_date": "date",
    "citation_date": "date",
    "citation_journal_title": "publicationTitle",
    "citation_book_title": "bookTitle",
    "citation_conference_title": "conferenceName",
    "citation_technical_report_institution": "institution",
    "citation_publisher": "publisher",
    "citation_abstract": "abstractNote",
    "citation_doi": "DOI",
    "citation_public_url": "url",
    "citation_language": "language",
}
_TYPE_OF_TAG = {
    "citation_journal_title": "journalArticle",
    "citation_technical_report_institution": "report",
    "citation_conference_title": "conferencePaper",
    "citation_book_title": "bookSection",
}
_BYLINES = ("byline", "bylines", "vcard", "article-byline")


def embedded(html: str, address: str) -> Item:
    """The one item of a page, whether or not it means to have one."""
    page = BeautifulSoup(html, "html.parser")
    metas = [(tag.get("name") or tag.get("property") or "", tag.get("content", "")) for tag in page.find_all("meta")]
    first: dict[str, str] = {}
    for name, content in metas:
        first.setdefault(name, content)
    item = Item(_type_of_page(metas, first), fields=_of_rdf(first))
    item.fields |= {to: " ".join(first[name].split()) for name, to in _HIGHWIRE.items() if first.get(name, "").strip()}
    item.creators = _authors([content for name, content in metas if name == "citation_author"])
    item.creators = item.creators or _guessed(page)
    item.tags = [one.strip() for one in first.get("citation_keywords", "").split(";") if one.strip()]
    item.fields.setdefault("title", page.title.get_text() if page.title else "")
    item.fields.setdefault("abstractNote", " ".join(first.get("description", "").split()))
    canonical = page.find("link", rel="canonical")
    item.fields.setdefault("url", canonical["href"] if canonical else address)
    item.fields.setdefault("language", page.html.get("lang", "") if page.html else "")
    if "date" not in item.fields and (time := page.find("time", datetime=True)):
        item.fields["date"] = time["datetime"]
    pdf = first.get("citation_pdf_url")
    item.attachments = [pdf] if pdf else ["Snapshot"]
    return item


def _type_of_page(metas: list[tuple[str, str]], first: dict[str, str]) -> str:
    """A tag that only one type has; else Zotero's own word; else an article, as there is a title; else a page."""
    named = [_TYPE_OF_TAG[name] for name, content in metas if name in _TYPE_OF_TAG and content]
    if named:
        return named[-1]
    return first.get("z:itemType") or ("journalArticle" if "citation_title" in first else "webpage")


def _of_rdf(first: dict[str, str]) -> dict[str, str]:
    """Tags with a prefix are read as RDF, first of all."""
    found = {
        "title": first.get("og:title"),
        "publicationTitle": first.get("prism.publicationName") or first.get("og:site_name"),
        "abstractNote": first.get("og:description"),
        "url": first.get("og:url"),
    }
    return {name: value for name, value in found.items() if value}


def _authors(written: list[str]) -> list[tuple[str, str]]:
    """One tag alone may hold several, between semicolons, or between commas where there are words on both sides."""
    names = [one for text in written for one in re.split(r"\s*;\s*", text)]
    if len(written) == 1 and len(names) == 1:
        parts = re.split(r"\s*,\s*", names[0])
        if len(parts) > 1 and " " in parts[0] and " " in parts[1]:
            names = parts
    return [name_of(name, "," in name) for name in names if name.strip()]


def _guessed(page: BeautifulSoup) -> list[tuple[str, str]]:
    """With no author given: W3C's tag, Open Graph's, or whatever stands in an element of these classes."""
    tags = [tag["content"] for tag in page.find_all("meta", content=True) if _names_an_author(tag)]
    lines = [found.get_text(" ", strip=True) for found in page.find_all(class_=_BYLINES)]
    return [name_of(one, "," in one) for one in (tags or lines) if one]


def _names_an_author(tag) -> bool:
    return (tag.get("name") or tag.get("property") or "").lower() in ("author", "article:author")


# --- COinS: an OpenURL ContextObject in the title of a span


def context_objects(html: str) -> list[Item]:
    """The items of a page's spans; those without a title would be looked up elsewhere, and not found."""
    spans = BeautifulSoup(html, "html.parser").select("span.Z3988[title]")
    return [item for span in spans if (item := _of_context(span["title"])).type]


def _of_context(text: str) -> Item:
    parts = text.split("&")
    item = Item(_type_of_context(parts))
    titled = item.type in ("journalArticle", "bookSection", "conferencePaper")
    for part in parts:
        key, value = part.split("=")
        _take(item, key, unquote(re.sub(r"\+|%2[bB]", " ", value)), titled)
    return item


def _type_of_context(parts: list[str]) -> str:
    form = next((unquote(one).rpartition(":")[2] for one in parts if one.startswith("rft_val_fmt=")), "")
    genres = {"bookitem": "bookSection", "conference": "conferencePaper", "report": "report", "document": "document"}
    if form == "book":
        return next((kind for genre, kind in genres.items() if f"rft.genre={genre}" in parts), "book")
    return {"journal": "journalArticle", "dc": "webpage"}.get(form, "")


_PLAIN_KEYS = {"rft.date": "date", "rft.pub": "publisher", "rft.publisher": "publisher", "rft.place": "place"}


def _take(item: Item, key: str, value: str, titled: bool) -> None:
    if key in _PLAIN_KEYS:
        item.fields[_PLAIN_KEYS[key]] = value
    elif key == "rft_id" and value.startswith("info:doi/"):
        item.fields["DOI"] = value[9:]
    elif key in ("rft_id", "rft.identifier") and re.match("https?://", value):
        item.fields["url"] = value
    elif (key == "rft.atitle" and titled) or (key in ("rft.btitle", "rft.title") and not titled):
        item.fields["title"] = value
    elif (key == "rft.jtitle" and item.type == "journalArticle") or (key == "rft.btitle" and titled):
        item.fields["publicationTitle"] = value
    elif key in ("rft.au", "rft.creator"):
        item.creators.append(name_of(value, "," in value))
    elif key == "rft.aucorp":
        item.creators.append((value, ""))
    elif key == "rft.type":
        item.type = value
    elif key == "rft.source":
        item.fields["publicationTitle"] = value


# --- unAPI

_KNOWN = ("rdf_zotero", "rdf_bibliontology", "mods", "marc", "unimarc", "ris", "refer", "bibtex", "rdf_dc")


def unapi(html: str, address: str, fetch: Fetch) -> list[Item]:
    """The items that a page offers, in the first format that Zotero knows of those that the server has for all."""
    page = BeautifulSoup(html, "html.parser")
    server = page.find("link", rel="unapi-server")
    if not server:
        return []
    resolver = urljoin(address, server["href"])
    names = [one.get("name") for one in ElementTree.fromstring(fetch(resolver)).iter("format")]
    name = next(one for known in _KNOWN for one in names if one.lower() == known)
    read = {"ris": from_ris, "bibtex": from_bibtex}[name]
    found = [one["title"] for one in page.select("abbr.unapi-id[title]")]
    return [item for one in found for item in read(fetch(f"{resolver}?{urlencode({'id': one, 'format': name})}"))]


# --- RIS

_RIS_TYPES = {
    "JOUR": "journalArticle", "MGZN": "magazineArticle", "NEWS": "newspaperArticle", "RPRT": "report", "BOOK": "book",
    "CHAP": "bookSection", "CONF": "conferencePaper", "SLIDE": "presentation", "HEAR": "hearing", "ELEC": "webpage",
    "GEN": "journalArticle",
}  # fmt: skip
_RIS_WHOLE = {
    "bookSection": "bookTitle",
    "conferencePaper": "conferenceName",
    "webpage": "websiteTitle",
    "presentation": "meetingName",
}


def from_ris(text: str) -> list[Item]:
    return [_of_ris(entry) for entry in rispy.loads(text)]


def _of_ris(entry: dict) -> Item:
    item = Item(_RIS_TYPES.get(entry["type_of_reference"], "journalArticle"))
    is_meeting = item.type == "conferencePaper"
    fields = {
        "title": entry.get("title"),
        _RIS_WHOLE.get(item.type, "publicationTitle"): entry.get("secondary_title"),
        "institution" if item.type == "report" else "publisher": entry.get("publisher"),
        "place": entry.get("custom1" if is_meeting else "place_published"),
        "date": _date_of_ris(entry),
        "DOI": entry.get("doi"),
        "url": next(iter(entry.get("urls", [])), ""),
        "language": entry.get("language"),
        "abstractNote": entry.get("abstract"),
    }
    item.fields = {name: value for name, value in fields.items() if value}
    item.creators = [name_of(one, is_inverted=True) for one in entry.get("authors", [])]
    item.tags = [tag for one in entry.get("keywords", []) for tag in re.split(r"\s*;\s*", one) if tag]
    item.notes = entry.get("notes", [])
    return item


def _date_of_ris(entry: dict) -> str:
    """DA is preferred to PY, without the parts that are empty."""
    return "/".join(part for part in entry.get("date", "").split("/") if part) or entry.get("year", "")


# --- BibTeX

_BIBTEX_TYPES = {
    "article": "journalArticle",
    "techreport": "report",
    "book": "book",
    "incollection": "bookSection",
    "misc": "book",
}


def from_bibtex(text: str) -> list[Item]:
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert not library.failed_blocks
    return [_of_bibtex(entry, text) for entry in library.entries]


def _of_bibtex(entry, text: str) -> Item:
    fields = {one.key: one.value for one in entry.fields}
    item = Item(_BIBTEX_TYPES[entry.entry_type])
    names = {"title": "title", "doi": "DOI", "url": "url", "abstract": "abstractNote", "language": "language"}
    item.fields = {to: fields[name] for name, to in names.items() if name in fields}
    item.fields["date"] = " ".join(filter(None, (fields.get("month"), fields.get("year"))))
    item.fields["publicationTitle"] = fields.get("journal") or fields.get("booktitle") or ""
    whole = "author = {{" in text  # in braces of its own a name is not taken apart
    written = fields.get("author", "")
    item.creators = [(written, "")] if whole else [name_of(one, "," in one) for one in written.split(" and ") if one]
    item.tags = [one for one in re.split(r"\s*[,;]\s*", fields.get("keywords", "")) if one]
    return item
