"""A record as a reference: one item of CSL-JSON, from which RIS and BibTeX are written.

Types and variables are those of the Citation Style Language 1.0.2 (https://docs.citationstyles.org/).
"""

from __future__ import annotations

import re
from typing import Any

from apps.public.exports.rows import Row
from apps.public.exports.site import Site
from apps.taxonomy.references import CSL_TYPES, ONLY_CITED, WITHIN
from apps.taxonomy.words import Genre, Kind, Stance

Item = dict[str, Any]


def csl_item(row: Row, site: Site) -> Item:
    """A record as CSL-JSON, but with its keywords one by one, since formats join them each in a way of its own; what is
    unknown is left out."""
    record, content = row.record, row.content
    item: Item = {
        "id": record.identifier,
        "title": content["title"],
        "issued": _issued(content["date"], content["date_text"]),
        "abstract": content["summary"],
        "keyword": [*row.themes, *row.regions, *content["tags"]],
        "URL": site.permalink(record),
    }
    item |= _OF_KIND[Kind(record.kind)](row, site)
    return {name: value for name, value in item.items() if value}


def _article(row: Row, site: Site) -> Item:
    content = row.content
    kind = CSL_TYPES.get(content["genre"], "document")
    return {
        "type": kind,
        "genre": Genre.BRIEFING.label if content["genre"] == Genre.BRIEFING else "",  # a report, as to its type
        "author": [_person(author) for author in content["authors"]],
        "container-title" if kind in WITHIN else "publisher": content["outlet"],
        "DOI": content["doi"],
        "URL": content["url"] or (None if content["doi"] else site.permalink(row.record)),
        "language": content["language"],
        "note": f"{ONLY_CITED}{content['cited_as']}" if content["unresolved"] else "",
    }


def _workshop(row: Row, site: Site) -> Item:
    host = row.content["host"]
    return {"type": "event", "author": [{"literal": host}] if host else [], "event-place": row.content["place"]}


def _session(row: Row, site: Site) -> Item:
    number = row.content["number"]
    return {
        "type": "event",
        "event-title": row.workshop,
        "author": [{"literal": row.host}] if row.host else [],
        "note": f"Session {number}" if number else "",
    }


def _proposition(row: Row, site: Site) -> Item:
    return {"type": "entry", "container-title": site.name, "issued": None, "URL": site.version(row.record)}


def _position(row: Row, site: Site) -> Item:
    content = row.content
    return {
        "type": "entry",
        "author": [{"literal": name} for name in content["holder"]["names"]],
        "container-title": site.name,
        "version": str(row.record.version),
        "URL": site.version(row.record),
        "note": " ".join(in_sentences(row)),
    }


def in_sentences(row: Row) -> list[str]:
    """Who holds a position, what on, and where it was found, in sentences."""
    content = row.content
    stance = Stance(content["stance"]).label if content["stance"] else ""
    place = next((passage["locator"] for passage in content["passages"] if passage["locator"]), "")
    held = f"Held by {content['holder']['text']}." if content["holder"]["text"] else ""
    side = f"{stance} the proposition “{row.proposition}”." if stance and row.proposition else ""
    found = f"Found in “{row.source}”{f', {place}' if place else ''}." if row.source else ""
    return [sentence for sentence in (held, side, found) if sentence]


_OF_KIND = {
    Kind.ARTICLE: _article,
    Kind.WORKSHOP: _workshop,
    Kind.SESSION: _session,
    Kind.PROPOSITION: _proposition,
    Kind.POSITION: _position,
}


def _person(author: dict[str, str]) -> dict[str, str]:
    if not author["family"]:
        return {"literal": author["name"]}
    return {name: author[name] for name in ("family", "given") if author[name]}


def _issued(date: str, in_words: str) -> Item | None:
    """A date of EDTF level 0 as CSL's date-parts: one for a day, a month or a year; two for a range, in words too."""
    if not date:
        return None
    parts = [[int(part) for part in re.findall(r"\d+", point)] for point in date.split("/")]
    return {"date-parts": parts} | ({"literal": in_words} if len(parts) > 1 and in_words else {})


# --- Parts of an item, for those who write it otherwise


def inverted(author: dict[str, str]) -> str:
    """Family name first; a name that is not to be taken apart as it is."""
    return author.get("literal") or ", ".join(filter(None, (author["family"], author.get("given", ""))))


def first_date(item: Item) -> list[int]:
    """The year, month and day that an item's date begins with, as far as they are known."""
    return list(item["issued"]["date-parts"][0]) if "issued" in item else []
