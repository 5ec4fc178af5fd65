"""The columns of every table of records: what they are called, what they hold, and what they mean."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from apps.public.exports.rows import Row
from apps.public.exports.site import Site


class Column(NamedTuple):
    name: str
    sort: Literal["text", "texts", "number", "yes"]
    meaning: str


TABLE = (
    Column("identifier", "text", "Eight characters that never change, part of the address"),
    Column("kind", "text", "article, workshop, session, proposition or position"),
    Column("title", "text", "Of a position, what is claimed; of a proposition, what is debated"),
    Column("summary", "text", "The record in a few sentences"),
    Column("date", "text", "EDTF level 0: 2023, 2023-06, 2023-06-06 or 2023-06-06/2023-06-07"),
    Column("regions", "texts", "The regions it is about"),
    Column("themes", "texts", "The themes it is about"),
    Column("tags", "texts", "Free words"),
    Column("rule", "text", "The rule of attribution it was heard under"),
    Column("stance", "text", "Of a position: supports, qualifies, opposes or neutral"),
    Column("proposition", "text", "Of a position: the title of the proposition that it takes a side on"),
    Column("holder", "text", "Of a position: by whom it is held, as far as the rule lets it be told"),
    Column("quotation", "texts", "Of a position: the words quoted from its source"),
    Column("locator", "texts", "Of a position: where in its source it stands"),
    Column("source", "text", "Of a position: the title of the article or session it is found in"),
    Column("workshop", "text", "Of a session or position: the title of its workshop"),
    Column("authors", "texts", "Of an article"),
    Column("outlet", "text", "Of an article: where it appeared"),
    Column("genre", "text", "Of an article: which sort of publication it is"),
    Column("doi", "text", "Of an article"),
    Column("url", "text", "Of an article"),
    Column("host", "text", "Of a workshop: who held it"),
    Column("place", "text", "Of a workshop"),
    Column("permalink", "text", "The record's lasting address"),
    Column("version", "number", "Which version of the record this is"),
    Column("published", "text", "The day on which this version was published"),
    Column("synthetic", "yes", "Whether the record is made up, to see how the site behaves at size"),
)
COLUMNS = tuple(column.name for column in TABLE)


def values_of(row: Row, site: Site) -> dict[str, Any]:
    """What a record says, by column; lists stay lists, unknown stays empty; other records go by their titles."""
    record, content = row.record, row.content
    passages = content.get("passages", ())
    return {
        "identifier": record.identifier,
        "kind": record.kind,
        "title": content["title"],
        "summary": content["summary"],
        "date": content["date"],
        "regions": row.regions,
        "themes": row.themes,
        "tags": content["tags"],
        "rule": content["rule"],
        "stance": content.get("stance", ""),
        "proposition": row.proposition,
        "holder": content.get("holder", {}).get("text", ""),
        "quotation": [passage["quotation"] for passage in passages if passage["quotation"]],
        "locator": [passage["locator"] for passage in passages if passage["locator"]],
        "source": row.source,
        "workshop": row.workshop,
        "authors": [author["name"] for author in content.get("authors", ())],
        **{name: content.get(name, "") for name in ("outlet", "genre", "doi", "url", "host", "place")},
        "permalink": site.permalink(record),
        "version": record.version,
        "published": record.published_at.date().isoformat(),
        "synthetic": record.synthetic,
    }
