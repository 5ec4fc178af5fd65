"""Records as one document of schema.org, in the words in which their pages tell it to search engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from apps.public.exports.citing import csl_item
from apps.public.exports.metadata import schema_org
from apps.public.exports.rows import Row
from apps.public.exports.site import Site


def as_json_ld(rows: Iterable[Row], site: Site) -> Iterator[bytes]:
    """A graph, a record a line. What a record is, is known by its permalink."""
    yield b'{"@context":"https://schema.org","@graph":['
    before = b"\n"
    for row in rows:
        said = schema_org(csl_item(row, site)) | {"@id": site.permalink(row.record)}
        yield before + orjson.dumps({name: value for name, value in said.items() if name != "@context"})
        before = b",\n"
    yield b"\n]}\n"
