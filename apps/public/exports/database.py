"""The whole catalogue as one SQLite file, as Datasette likes it: keys that lead on, and full-text search.

Records are what others refer to, so each has a row in ``records`` beside the one of its kind. The tables are read
while the catalogue may be published to: what leads to something that was withdrawn in between is cut at the end.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.public.catalogue.content import as_text, load
from apps.public.catalogue.models import Record
from apps.public.catalogue.state import State
from apps.public.exports.database_schema import INDEXES, SEARCH, TABLES
from apps.public.exports.network import edges
from apps.public.exports.site import Site
from apps.taxonomy.vocabulary import Hierarchy, vocabulary
from apps.taxonomy.words import Kind

_AT_ONCE = 2_000  # records that are in memory at a time
_CHUNK = 1 << 18
Rows = Iterator[tuple[str, tuple[Any, ...]]]  # a table's name and what goes into its columns


def as_sqlite(state: State, site: Site) -> Iterator[bytes]:
    with made(state, site) as path, path.open("rb") as file:
        while part := file.read(_CHUNK):
            yield part


@contextmanager
def made(state: State, site: Site) -> Iterator[Path]:
    """The file, in a temporary folder: SQLite goes back and forth in it, so it can't be given away as it is made."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.sqlite"
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            _fill(database, state, site)
        yield path


def _fill(database: sqlite3.Connection, state: State, site: Site) -> None:
    """All in one transaction without a journal: a file that isn't whole is thrown away."""
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.executescript(TABLES)
    database.execute("BEGIN")
    words = vocabulary(state.vocabulary)
    _insert(database, _metadata(state, site))
    _insert(database, _terms("region", words.regions))
    _insert(database, _terms("theme", words.themes))
    for records in _batches():
        _insert(database, (row for record in records for row in _record(record, site)))
    _insert(
        database,
        (
            ("cross_references", (edge.source.identifier, edge.target.identifier, edge.relation, edge.note))
            for edge in edges()
        ),
    )
    _cut(database)
    database.execute("COMMIT")
    database.executescript(INDEXES)
    database.executescript(SEARCH)


def _batches() -> Iterator[Sequence[Record]]:
    records = Record.objects.live().defer("content").annotate(text=as_text()).order_by("pk")
    last = 0
    while batch := list(records.filter(pk__gt=last)[:_AT_ONCE]):
        yield batch
        last = batch[-1].pk


def _insert(database: sqlite3.Connection, rows: Iterable[tuple[str, tuple[Any, ...]]]) -> None:
    tables: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for table, values in rows:
        tables[table].append(values)
    for table, many in tables.items():
        places = ", ".join("?" * len(many[0]))
        # A name that stands twice in a list is one.
        database.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({places})", many)  # noqa: S608


def _metadata(state: State, site: Site) -> Rows:
    for pair in (
        ("title", site.name),
        ("source", site.root),
        ("licence", settings.LICENCE),
        ("change", str(state.change)),
        ("vocabulary", str(state.vocabulary)),
    ):
        yield "metadata", pair


def _terms(facet: str, hierarchy: Hierarchy) -> Rows:
    for node in hierarchy.nodes.values():
        yield f"{facet}s", (node.slug, node.name, node.definition, node.scope_note)
        yield from ((f"{facet}_names", (node.slug, name)) for name in node.alternative_names)
        yield from ((f"{facet}_broader", (node.slug, above)) for above in node.above)
        yield from (("theme_related", (node.slug, other)) for other in node.related)
        yield from (("region_countries", (node.slug, str(country))) for country in node.countries)


def _record(record: Record, site: Site) -> Rows:
    content, key = load(vars(record)["text"]), record.identifier
    yield (
        "records",
        (
            *(key, record.kind, *(content[name] for name in ("title", "summary", "date", "earliest", "rule"))),
            *(site.permalink(record), record.version, f"{record.published_at:%Y-%m-%d}", record.synthetic),
        ),
    )
    for table, name in (("record_regions", "regions"), ("record_themes", "themes"), ("record_tags", "tags")):
        yield from ((table, (key, one)) for one in content[name])
    yield from (("tags", (one,)) for one in content["tags"])
    yield from (("participants", (key, name)) for name in content.get("participants", ()))
    for number, question in enumerate(content.get("key_questions", ()), start=1):
        yield "key_questions", (key, number, question)
    yield from _OF_KIND[Kind(record.kind)](key, content)


def _article(key: str, content: dict[str, Any]) -> Rows:
    names = ("title", "outlet", "genre", "doi", "url", "language", "cited_as")
    yield "articles", (key, *(content[name] for name in names))
    for number, author in enumerate(content["authors"], start=1):
        yield "authors", (key, number, *(author[name] for name in ("name", "family", "given", "affiliation")))


def _workshop(key: str, content: dict[str, Any]) -> Rows:
    yield "workshops", (key, *(content[name] for name in ("title", "host", "place", "rule_note")))


def _session(key: str, content: dict[str, Any]) -> Rows:
    yield "sessions", (key, content["title"], content["workshop"] or None, content["number"])


def _proposition(key: str, content: dict[str, Any]) -> Rows:
    yield "propositions", (key, content["title"])


def _position(key: str, content: dict[str, Any]) -> Rows:
    holder = content["holder"]
    yield (
        "positions",
        (
            *(key, content["title"], content["stance"]),
            *(content[name] or None for name in ("proposition", "source", "workshop")),
            *(content["order"], *(holder[name] for name in ("text", "quantifier", "descriptor", "role"))),
        ),
    )
    yield from (("holders", (key, name)) for name in holder["names"])
    for number, passage in enumerate(content["passages"], start=1):
        said = (passage.get(name) for name in ("quotation", "prefix", "suffix", "locator", "start", "end"))
        yield "passages", (None, key, number, *said)


_OF_KIND = {
    Kind.ARTICLE: _article,
    Kind.WORKSHOP: _workshop,
    Kind.SESSION: _session,
    Kind.PROPOSITION: _proposition,
    Kind.POSITION: _position,
}


def _cut(database: sqlite3.Connection) -> None:
    """Take out what leads nowhere: a column that may be empty is emptied, a row that is nothing else goes."""
    for table, row, _, key in database.execute("PRAGMA foreign_key_check").fetchall():
        keys = database.execute(f"PRAGMA foreign_key_list({table})").fetchall()
        column = next(one[3] for one in keys if one[0] == key)
        columns = database.execute(f"PRAGMA table_info({table})").fetchall()
        if next(one[3] for one in columns if one[1] == column):  # NOT NULL
            database.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))  # noqa: S608
        else:
            database.execute(f"UPDATE {table} SET {column} = NULL WHERE rowid = ?", (row,))  # noqa: S608
