"""What a page says of itself to machines: Highwire's meta tags and schema.org, COinS in lists; from CSL-JSON all.

Zotero's Embedded Metadata translator takes its item's type from the first of these that is there: a journal, an
institution, a conference, a book; else from z:itemType. COinS are for lists, where a page has no item of its own.
"""

from __future__ import annotations

from urllib.parse import urlencode

from apps.public.exports.citing import Item, first_date, inverted

_CONTAINERS = {
    "article-journal": "citation_journal_title",
    "report": "citation_technical_report_institution",
    "event": "citation_conference_title",
    "chapter": "citation_book_title",
}
_ZOTERO_TYPES = {
    "article-magazine": "magazineArticle",
    "article-newspaper": "newspaperArticle",
    "book": "book",
    "speech": "presentation",
    "document": "document",
}


def highwire(item: Item) -> list[tuple[str, str]]:
    """The meta tags of a record's page: names with their contents, in order."""
    container = item.get("container-title") or item.get("event-title") or item.get("publisher") or ""
    name = _CONTAINERS.get(item["type"])
    tags = [
        ("citation_title", item["title"]),
        *(("citation_author", inverted(author)) for author in item.get("author", ())),
        ("citation_publication_date", _date(item, "/")),
        (name, container) if name and container else ("z:itemType", _ZOTERO_TYPES.get(item["type"], "webpage")),
        ("citation_doi", item.get("DOI", "")),
        ("citation_public_url", item.get("URL", "")),
        ("citation_language", item.get("language", "")),
        ("citation_abstract", " ".join(item.get("abstract", "").split())),
        ("citation_keywords", item.get("keyword", "").replace(", ", "; ")),
    ]
    return [(name, content) for name, content in tags if content]


_SCHEMA_TYPES = {
    "report": "Report",
    "article-journal": "ScholarlyArticle",
    "article-magazine": "Article",
    "article-newspaper": "NewsArticle",
    "book": "Book",
    "chapter": "Chapter",
    "event": "Event",
    "webpage": "WebPage",
    "entry": "Claim",
}


def schema_org(item: Item) -> Item:
    """A record as JSON-LD in schema.org's words; unknown is left out."""
    kind = _SCHEMA_TYPES.get(item["type"], "CreativeWork")
    date = _date(item, "-")
    people = [{"@type": "Person", "name": inverted(one)} for one in item.get("author", ()) if "family" in one]
    bodies = [{"@type": "Organization", "name": one["literal"]} for one in item.get("author", ()) if "literal" in one]
    common = {
        "@context": "https://schema.org",
        "@type": kind,
        "name": item["title"],
        "url": item.get("URL"),
        "description": item.get("abstract"),
        "keywords": item.get("keyword"),
        "inLanguage": item.get("language"),
    }
    own: Item = (
        {"startDate": date, "location": item.get("event-place"), "organizer": bodies}
        if kind == "Event"
        else {"datePublished": date, "author": [*people, *({"name": one["name"]} for one in bodies)]}
    )
    return {name: value for name, value in {**common, **own}.items() if value}


def coins(item: Item) -> str:
    """An OpenURL ContextObject (Z39.88-2004) for the title of a span of class Z3988."""
    is_article = item["type"].startswith("article")
    is_book = item["type"] in ("book", "chapter", "report", "event")
    form = "journal" if is_article else "book" if is_book else "dc"
    title = {"journal": "rft.atitle", "book": "rft.btitle", "dc": "rft.title"}[form]
    genres = {"report": "report", "event": "conference"} if form == "book" else {}
    genre = "article" if form == "journal" else genres.get(item["type"], "book") if form == "book" else ""
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{form}"),
        ("rft.genre", genre),
        (title, item["title"]),
        ("rft.jtitle" if form == "journal" else "rft.pub" if form == "book" else "rft.publisher",
         item.get("container-title") or item.get("publisher")),
        *(("rft.au" if form != "dc" else "rft.creator", inverted(author)) for author in item.get("author", ())),
        ("rft.date", _date(item, "-")),
        ("rft_id", f"info:doi/{item['DOI']}" if item.get("DOI") else None),
        ("rft_id" if form != "dc" else "rft.identifier", item.get("URL")),
    ]  # fmt: skip
    return urlencode([(name, value) for name, value in pairs if value])


def _date(item: Item, between: str) -> str:
    return between.join(f"{part:02d}" for part in first_date(item))
