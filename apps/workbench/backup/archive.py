"""The file: a ZIP of a manifest and the tables as JSON Lines. Docs/backup.md says what stands in it, for strangers."""

from __future__ import annotations

import json
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import IO

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from apps.public.exports.data_package import timeless
from apps.workbench.backup import Refused
from apps.workbench.backup.tables import LEFT_OUT, Migration, Table, applied, one_moment, tables

FORMAT, VERSION = "deterrence-kb-backup", 1
MANIFEST, README = "manifest.json", "README.txt"
_CHUNK = 1 << 18
_LARGEST_MANIFEST = 10_000_000
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)

_WHAT_IT_IS = """\
A backup of a knowledge base on policy workshops. It holds names that were given in
confidence: whoever can read it can read those.

manifest.json  what this is, of which version, and what stands in each table
tables/        each table of the database: a row a line, as a JSON object by column,
               in the order of the primary key

Text is UTF-8. The manifest says of which type each column is: text, integer, boolean;
date (2024-05-31) and datetime (2024-05-31T12:00:00.123456Z, in UTC); json, any JSON
that is kept as such; base64, bytes. null is a value that is not there.

last_number is the greatest number that a row of the table was ever given, sha256 the
SHA-256 of the file of the table. It is read back by: manage.py restore FILE
"""


@dataclass(frozen=True)
class Contents:
    """What the manifest says of a table."""

    columns: dict[str, str]
    rows: int
    last_number: int | None
    sha256: str


@dataclass(frozen=True)
class Manifest:
    version: str  # of the product
    change: int  # the last one of the catalogue
    migrations: frozenset[Migration]
    tables: dict[str, Contents]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def __str__(self) -> str:
        return f"{self.rows:,} rows of {len(self.tables)} tables, at change {self.change:,}"


def product_version() -> str:
    return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"])


def write(out: IO[bytes], progress: Callable[[int, int], None]) -> Manifest:
    """Write all that this instance holds, as it is at one moment: the same bytes for the same state. ``progress`` is
    told how many rows were written, and of how many. Raises OSError and DatabaseError."""
    with one_moment(), zipfile.ZipFile(out, "w") as packed:
        loader = MigrationLoader(connection)
        had = applied(loader)
        kept = {name: table for name, table in tables(had, loader).items() if name not in LEFT_OUT}
        total, done = sum(table.count() for table in kept.values()), 0
        with _member(packed, README) as member:
            member.write(_WHAT_IT_IS.encode())
        contents = {}
        for name, table in kept.items():
            rows, digest = 0, sha256()
            with _member(packed, _place(name)) as member:
                for line in table.lines():
                    member.write(line)
                    digest.update(line)
                    rows, done = rows + 1, done + 1
                    progress(done, total)
            contents[name] = Contents(table.columns, rows, table.last_number, digest.hexdigest())
        manifest = Manifest(product_version(), _change(kept), frozenset(had), contents)
        with _member(packed, MANIFEST) as member:
            member.write(_as_json(manifest))
    return manifest


def _change(kept: dict[str, Table]) -> int:
    """The last one, from the table itself: before an upgrade it may not have all that our models ask for."""
    rows = [json.loads(line) for line in kept["catalogue_cataloguestate"].lines()]
    return max((row["change"] for row in rows), default=0)


def _place(table: str) -> str:
    return f"tables/{table}.jsonl"


@contextmanager
def _member(packed: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    info = timeless(name)  # the same state gives the same bytes
    info.external_attr = 0o100600 << 16
    with packed.open(info, "w", force_zip64=True) as member:
        yield member


def _as_json(manifest: Manifest) -> bytes:
    said = {
        "format": FORMAT,
        "format_version": VERSION,
        "product_version": manifest.version,
        "change": manifest.change,
        "migrations": [".".join(one) for one in sorted(manifest.migrations)],
        "left_out": LEFT_OUT,
        "tables": {name: asdict(table) for name, table in manifest.tables.items()},
    }
    return json.dumps(said, indent=1).encode() + b"\n"


class Archive:
    """A backup that is read. What is wrong with it is Refused."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._packed = zipfile.ZipFile(file)
        except (*_DAMAGE, ValueError):
            raise Refused("This is no backup, or it was cut short: it can't be opened as a ZIP.") from None
        self.manifest = self._read_manifest()

    def _read_manifest(self) -> Manifest:
        try:
            with self._packed.open(MANIFEST) as member:
                said = json.loads(member.read(_LARGEST_MANIFEST))
        except (KeyError, ValueError, *_DAMAGE):
            raise Refused(f"This is no backup: a ZIP, but without a {MANIFEST} that can be read.") from None
        if not isinstance(said, dict) or said.get("format") != FORMAT:
            raise Refused(f"This is no backup of a knowledge base: its {MANIFEST} doesn't say that it is one.")
        if said.get("format_version") != VERSION:
            theirs, version = said.get("format_version"), said.get("product_version")
            raise Refused(
                f"This backup is of format {theirs}, from version {version}, and this version ({product_version()}) "
                f"reads format {VERSION}. Restore it with the version that made it."
            )
        try:
            migrations = frozenset(_migration(one) for one in said["migrations"])
            contents = {name: Contents(**table) for name, table in said["tables"].items()}
            if {type(number) for one in contents.values() for number in (one.rows, one.last_number or 0)} - {int}:
                raise ValueError
            return Manifest(said["product_version"], int(said["change"]), migrations, contents)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Refused(f"This backup is damaged: its {MANIFEST} isn't whole.") from None

    def verify(self, progress: Callable[[int], object]) -> None:
        """See that all of it is there and as it was written. ``progress`` is told of bytes."""
        should = {README, MANIFEST, *map(_place, self.manifest.tables)}
        if wrong := sorted(should ^ set(self._packed.namelist())):
            raise Refused(f"This backup is damaged: its files aren't those of its {MANIFEST} ({', '.join(wrong)}).")
        for name, table in self.manifest.tables.items():
            digest, rows = sha256(), 0
            try:
                with self._packed.open(_place(name)) as member:
                    while part := member.read(_CHUNK):
                        digest.update(part)
                        rows += part.count(b"\n")
                        progress(len(part))
            except _DAMAGE:
                raise Refused(f"This backup is damaged: {_place(name)} can't be read to its end.") from None
            if (rows, digest.hexdigest()) != (table.rows, table.sha256):
                raise Refused(f"This backup was changed or is damaged: {_place(name)} isn't what its {MANIFEST} says.")

    @property
    def size(self) -> int:
        """Of the tables, unpacked, in bytes."""
        return sum(self._packed.getinfo(name).file_size for name in self._packed.namelist())

    @contextmanager
    def lines(self, table: str) -> Iterator[IO[bytes]]:
        with self._packed.open(_place(table)) as member:
            yield member


def _migration(name: str) -> Migration:
    app, name = name.split(".", 1)
    return app, name
