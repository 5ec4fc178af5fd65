"""What a page says of itself to machines: Highwire's meta tags and schema.org, COinS in lists; from CSL-JSON all.

Zotero's Embedded Metadata translator takes its item's type from the first of these that is there: a journal, an
institution, a conference, a book; else from z:itemType. Where such an item appeared it takes from
prism.publicationName, or else it takes this site for it. COinS are for lists, where a page has no item of its own.
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
    "article-journal": "journalArticle",
    "article-magazine": "magazineArticle",
    "article-newspaper": "newspaperArticle",
    "book": "book",
    "chapter": "bookSection",
    "document": "document",
    "event": "conferencePaper",
    "report": "report",
    "speech": "presentation",
}


def highwire(item: Item) -> list[tuple[str, str]]:
    """The meta tags of a record's page: names with their contents, in order."""
    tags = [
        ("citation_title", item["title"]),
        *(("citation_author", inverted(author)) for author in item.get("author", ())),
        ("citation_publication_date", _date(item, "/")),
        *_appearance(item),
        ("citation_doi", item.get("DOI", "")),
        ("citation_public_url", item.get("URL", "")),
        ("citation_language", item.get("language", "")),
        ("citation_abstract", " ".join(item.get("abstract", "").split())),
        # They are read one by one from between semicolons.
        ("citation_keywords", "; ".join(one.replace(";", ",") for one in item.get("keyword", ()))),
    ]
    return [(name, content) for name, content in tags if content]


def _appearance(item: Item) -> list[tuple[str, str]]:
    """What sort of thing it is, and where or with whom it appeared."""
    container, publisher = item.get("container-title") or item.get("event-title", ""), item.get("publisher", "")
    where, name = container or publisher, _CONTAINERS.get(item["type"])
    if name and where:
        return [(name, where)]
    kind = _ZOTERO_TYPES.get(item["type"], "webpage")
    return [("z:itemType", kind), ("prism.publicationName", container), ("citation_publisher", publisher)]


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


_OPENURL_GENRES = {"report": "report", "event": "conference", "chapter": "bookitem", "book": "book"}


def coins(item: Item) -> str:
    """An OpenURL ContextObject (Z39.88-2004) for the title of a span of class Z3988, in the words that Zotero reads."""
    is_article, genre = item["type"].startswith("article"), _OPENURL_GENRES.get(item["type"])
    own = _article(item) if is_article else _book(item, genre) if genre else _thing(item)
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        *own,
        ("rft.date", _date(item, "-")),
        ("rft_id", f"info:doi/{item['DOI']}" if item.get("DOI") else None),
        ("rft_id" if is_article or genre else "rft.identifier", item.get("URL")),
    ]
    return urlencode([(name, value) for name, value in pairs if value])


Pairs = list[tuple[str, str | None]]


def _article(item: Item) -> Pairs:
    return [
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
        ("rft.genre", "article"),
        ("rft.atitle", item["title"]),
        ("rft.jtitle", item.get("container-title")),
        *_authors(item),
    ]


def _book(item: Item, genre: str) -> Pairs:
    """A part has a title of its own beside that of the whole. A meeting's title is read as that of a part only."""
    is_part = genre in ("bookitem", "conference")
    whole = item.get("container-title") or item.get("event-title")
    return [
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:book"),
        ("rft.genre", genre),
        ("rft.atitle", item["title"] if is_part else None),
        ("rft.btitle", whole if is_part else item["title"]),
        ("rft.pub", item.get("publisher")),
        ("rft.place", item.get("event-place")),
        *_authors(item),
    ]


def _thing(item: Item) -> Pairs:
    """Anything else, in Dublin Core's words; its type is one of Zotero's."""
    return [
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", _ZOTERO_TYPES.get(item["type"], "webpage")),
        ("rft.title", item["title"]),
        ("rft.source", item.get("container-title")),
        ("rft.publisher", item.get("publisher")),
        *(("rft.creator", inverted(author)) for author in item.get("author", ())),
    ]


def _authors(item: Item) -> Pairs:
    return [("rft.aucorp" if "literal" in one else "rft.au", inverted(one)) for one in item.get("author", ())]


def _date(item: Item, between: str) -> str:
    return between.join(f"{part:02d}" for part in first_date(item))
