"""The catalogue as a Frictionless data package: the tables of the SQLite file as CSV, with what they are and how they
are joined (https://specs.frictionlessdata.io/tabular-data-package/).

Schema and keys are asked of the SQLite file itself, so that its tables are described in one place.
"""

from __future__ import annotations

import csv
import io
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import orjson
from django.conf import settings
from django.utils.text import slugify

from apps.public.catalogue.state import State
from apps.public.exports.database import made
from apps.public.exports.site import Site
from apps.public.exports.tables import harmless

_TYPES = {"TEXT": "string", "INTEGER": "integer"}
_CHUNK = 1 << 18
Described = dict[str, Any]


def as_data_package(state: State, site: Site) -> Iterator[bytes]:
    """A zip with datapackage.json and a CSV for each table; the same catalogue is the same bytes."""
    with tempfile.TemporaryFile() as file:
        with (
            made(state, site) as path,
            closing(sqlite3.connect(path)) as database,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package,
        ):
            tables = _tables(database)
            described = orjson.dumps(_package(database, tables, state, site), option=orjson.OPT_INDENT_2)
            package.writestr(timeless("datapackage.json"), described)
            for table in tables:
                _write(database, table, package)
        file.seek(0)
        while part := file.read(_CHUNK):
            yield part


def _tables(database: sqlite3.Connection) -> list[str]:
    """But for those of the search, and what the package says of itself."""
    found = database.execute(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite_%'"
        " AND name <> 'metadata' ORDER BY name"
    )
    return [name for (name,) in found]


def _package(database: sqlite3.Connection, tables: list[str], state: State, site: Site) -> Described:
    about = {
        "profile": "tabular-data-package",
        "name": slugify(site.name) or "catalogue",
        "title": site.name,
        "homepage": f"{site.root}/",
        "version": str(state.change),
        "sources": [{"title": site.name, "path": f"{site.root}/"}],
    }
    if settings.LICENCE:
        about["licenses"] = [{"name": settings.LICENCE}]
    return about | {"resources": [_resource(database, table) for table in tables]}


def _resource(database: sqlite3.Connection, table: str) -> Described:
    columns = database.execute(f"PRAGMA table_info({table})").fetchall()
    keys = database.execute(f"PRAGMA foreign_key_list({table})").fetchall()
    schema = {
        "fields": [{"name": name, "type": _TYPES[sort]} for _, name, sort, *_ in columns],
        "primaryKey": [name for _, name, *_, place in sorted(columns, key=lambda one: one[-1]) if place],
        "foreignKeys": [
            {"fields": [column], "reference": {"resource": other, "fields": [there]}}
            for _, _, other, column, there, *_ in keys
        ],
    }
    return {
        "profile": "tabular-data-resource",
        "name": table,
        "path": f"{table}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {name: value for name, value in schema.items() if value},
    }


def _write(database: sqlite3.Connection, table: str, package: zipfile.ZipFile) -> None:
    rows = database.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608
    with package.open(timeless(f"{table}.csv"), "w") as member, io.TextIOWrapper(member, "utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow([name for name, *_ in rows.description])
        writer.writerows([harmless(cell) for cell in row] for row in rows)


def timeless(name: str) -> zipfile.ZipInfo:
    """Without the time, so that it is the same whenever it is made."""
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member
