"""An Atom feed of what a filter finds, the latest published first (RFC 4287)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.feedgenerator import Atom1Feed

from apps.public.catalogue.models import Record
from apps.public.exports.rows import Row
from apps.public.exports.site import Site
from apps.public.exports.tables import writable
from apps.public.search.schema import plain_text
from apps.taxonomy.words import Kind

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
MOST = 50  # entries of a feed


class _Feed(Atom1Feed):
    def latest_post_date(self) -> dt.datetime:
        """Of an empty feed when anything was last published: the same answer until something changes."""
        if self.items:
            return max(item["updateddate"] for item in self.items)
        last = Record.objects.order_by("-change").values_list("published_at", flat=True).first()
        return last or dt.datetime.fromtimestamp(0, dt.UTC)


def atom(rows: Iterable[Row], site: Site, title: str, address: str, page: str) -> bytes:
    """The feed found at ``address``, of what ``page`` shows to people; both are paths with their query."""
    feed = _Feed(title, f"{site.root}{page}", "", language="en", feed_url=f"{site.root}{address}")
    for row in rows:
        permalink = site.permalink(row.record)
        feed.add_item(
            title=writable(row.content["title"]),
            link=permalink,
            description=writable(_summary(row)),
            unique_id=permalink,
            pubdate=row.record.published_at,
            updateddate=row.record.published_at,
            author_name=writable(_by(row) or site.name),
            categories=[writable(name) for name in (*row.themes, *row.regions, *row.content["tags"])],
        )
    return feed.writeString("utf-8").encode()


def _summary(row: Row) -> str:
    """In which kind of record this is told, who holds it, and where it was found."""
    content = row.content
    parts = [Kind(row.record.kind).label, content["date_text"]]
    if holder := content.get("holder"):
        parts.append(f"held by {holder['text']}" if holder["text"] else "")
    parts.append(f"found in “{row.source}”" if row.source else "")
    head = ", ".join(part for part in parts if part)
    return f"{head}. {plain_text(content['summary'])}".strip()


def _by(row: Row) -> str:
    """Who wrote it; of a position who holds it, where a name is given."""
    names = [author["name"] for author in row.content.get("authors", ())]
    return ", ".join(names or row.content.get("holder", {}).get("names", ()))
