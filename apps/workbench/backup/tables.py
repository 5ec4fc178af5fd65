"""The database's tables, as a backup sees them: read at one moment, row by row, and filled as they were.

Rows pass by models' methods, fields of our own and signals on both ways: nothing is tidied up, judged or noted.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import ExpressionWrapper, F, Max

Migration = tuple[str, str]  # app, name

# What isn't kept, and why: said in each backup.
LEFT_OUT = {
    "django_session": "who is signed in; they sign in again",
    "workbench_presence": "who has which form open",
}
# What every new instance has before anybody has done anything; a restored one has that of the backup instead.
MADE_BY_MIGRATE = ("django_content_type", "auth_permission")
# A row may be a whole file here; of other tables so many are read, and written, at a time.
_LARGE_ROWS = ("workbench_batch", "workbench_fileimport", "curation_merge")
_ROWS = 100
_CHARACTERS = 1 << 20  # of lines that are written together


@dataclass(frozen=True)
class Type:
    """How the values of a column are written in JSON, and Django's plain field for it: ours tidy up."""

    name: str
    field: models.Field[Any, Any]
    read: Callable[[Any], Any] = lambda value: value


_TEXT, _WHOLE = Type("text", models.TextField()), Type("integer", models.BigIntegerField())
_TYPES: dict[type[models.Field[Any, Any]], Type] = {
    models.CharField: _TEXT,
    models.TextField: _TEXT,
    models.IntegerField: _WHOLE,
    models.BooleanField: Type("boolean", models.BooleanField()),
    models.DateField: Type("date", models.DateField(), dt.date.fromisoformat),
    models.DateTimeField: Type("datetime", models.DateTimeField(), dt.datetime.fromisoformat),
    models.JSONField: Type("json", models.JSONField()),
    models.BinaryField: Type("base64", models.BinaryField(), lambda text: base64.b64decode(text, validate=True)),
}


def _type_of(field: models.Field[Any, Any]) -> Type:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    for one in type(field).__mro__:
        if one in _TYPES:
            return _TYPES[one]
    raise TypeError(f"{field} is of a type that backups don't know: say in {__name__} how it is written.")


class Table:
    """A table, with its rows in the order of their primary key."""

    def __init__(self, model: type[models.Model]) -> None:
        self.name = model._meta.db_table
        self._model = model
        self._key: models.Field[Any, Any] = model._meta.pk  # type: ignore[assignment]
        self.key = str(self._key.column)
        self._columns = [(field, _type_of(field)) for field in model._meta.local_concrete_fields]

    @cached_property
    def columns(self) -> dict[str, str]:
        """The type of each column, by its name."""
        return {str(field.column): kind.name for field, kind in self._columns}

    def count(self) -> int:
        return self._model._base_manager.count()

    def lines(self) -> Iterator[bytes]:
        """Each row as a line of JSON."""
        values = [ExpressionWrapper(F(field.attname), output_field=kind.field) for field, kind in self._columns]
        rows = self._model._base_manager.order_by(self._key.attname).values_list(*values)
        names = tuple(self.columns)
        for row in rows.iterator(1 if self.name in _LARGE_ROWS else _ROWS):
            yield _line(dict(zip(names, row, strict=True)))

    def fill(self, lines: Iterable[bytes]) -> Iterator[int]:
        """Write lines into the table; tells after each few how many. Raises ValueError with the number of a line that
        is no row of this table, and DatabaseError."""
        quote = connection.ops.quote_name
        names = ", ".join(map(quote, self.columns))
        places = ", ".join(["%s"] * len(self._columns))
        insert = f"INSERT INTO {quote(self.name)} ({names}) VALUES ({places})"  # noqa: S608
        with connection.cursor() as cursor:
            for some in _together(self._values(lines)):
                cursor.executemany(insert, some)
                yield len(some)

    def _values(self, lines: Iterable[bytes]) -> Iterator[tuple[int, list[Any]]]:
        """The values of each row for the database, and how long its line was."""
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
                values = [
                    None if row[field.column] is None else kind.read(row[field.column]) for field, kind in self._columns
                ]
            except (ValueError, TypeError, KeyError) as error:
                raise ValueError(f"line {number:,} is no row of it: {error!r}") from None
            prepared = zip(self._columns, values, strict=True)
            yield len(line), [kind.field.get_db_prep_save(value, connection) for (_, kind), value in prepared]

    def empty(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(self.name)}")  # noqa: S608

    # The greatest number that was ever given to a row: no later row gets the number of one that was deleted, by which
    # the history still knows that one.

    @property
    def last_number(self) -> int | None:
        """None where rows have no numbers of their own."""
        if not isinstance(self._key, models.AutoField):
            return None
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [self.name])
                given = (cursor.fetchone() or (0,))[0]
            else:
                cursor.execute(f"SELECT last_value, is_called FROM {self._sequence(cursor)}")  # noqa: S608
                value, is_called = cursor.fetchone()
                given = value if is_called else 0
        there: int = self._model._base_manager.aggregate(most=Max("pk"))["most"] or 0
        return max(given, there)

    def go_on_after(self, number: int) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [self.name])
                if number:
                    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [self.name, number])
            else:
                cursor.execute("SELECT setval(%s, %s, %s)", [self._sequence(cursor), max(number, 1), number > 0])

    def _sequence(self, cursor: Any) -> str:
        table = connection.ops.quote_name(self.name)
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, self.key])
        return str(cursor.fetchone()[0])


def _line(row: dict[str, Any]) -> bytes:
    try:
        return _written(row, ensure_ascii=False)
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can hold and UTF-8 can't
        return _written(row, ensure_ascii=True)


def _written(row: dict[str, Any], ensure_ascii: bool) -> bytes:
    text = json.dumps(row, ensure_ascii=ensure_ascii, separators=(",", ":"), default=_in_words)
    return text.encode() + b"\n"


def _in_words(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().removesuffix("+00:00") + "Z"
    if isinstance(value, dt.date):
        return value.isoformat()
    return base64.b64encode(value).decode()


def _together(rows: Iterable[tuple[int, list[Any]]]) -> Iterator[list[list[Any]]]:
    """As many rows at a time as memory is to hold."""
    some: list[list[Any]] = []
    size = 0
    for length, values in rows:
        some.append(values)
        size += length
        if size >= _CHARACTERS or len(some) >= _ROWS:
            yield some
            some, size = [], 0
    if some:
        yield some


def applied(loader: MigrationLoader) -> set[Migration]:
    """The migrations that this database has had, of those that the code knows."""
    return set(loader.applied_migrations) & set(loader.graph.nodes)


def last_of(migrations: set[Migration], loader: MigrationLoader) -> list[Migration]:
    """Those which no other of the same app comes after."""
    earlier = {
        parent.key for one in migrations for parent in loader.graph.node_map[one].parents if parent.key[0] == one[0]
    }
    return sorted(migrations - earlier)


def tables(migrations: set[Migration], loader: MigrationLoader) -> dict[str, Table]:
    """All tables as these migrations make them, by name and in the order of names: also those of an earlier version,
    such as a backup before an upgrade finds or an old backup has."""
    state = loader.project_state(last_of(migrations, loader))
    found = [
        Table(model)
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    return {table.name: table for table in sorted(found, key=lambda table: table.name)}


@contextmanager
def one_moment() -> Iterator[None]:
    """Whatever is read within is of one moment, and nobody who writes waits for it."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")  # atomic() would take the lock of those who write
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
