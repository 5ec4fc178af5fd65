"""Putting a backup into an empty instance: all of it or nothing, and nowhere else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from apps.workbench.backup import Refused
from apps.workbench.backup.archive import Archive
from apps.workbench.backup.tables import LEFT_OUT, MADE_BY_MIGRATE, Migration, Table, applied, last_of, tables


def restore(archive: Archive, progress: Callable[[int], object]) -> bool:
    """Fill this instance with a verified backup; ``progress`` is told of rows. True where its tables are now those of
    this version, False where they are an earlier one's. Raises Refused and OSError, and then all is as it was, but that
    a database without tables may have empty ones."""
    executor = MigrationExecutor(connection)
    wanted = set(archive.manifest.migrations)
    if unknown := sorted(wanted - set(executor.loader.graph.nodes)):
        raise Refused(
            f"This backup comes from a newer version ({archive.manifest.version}): this one doesn't know "
            f"{'.'.join(unknown[0])}. Install that version and restore with it."
        )
    _make_tables(executor, wanted)
    there = tables(wanted, executor.loader)
    _is_of(archive, there)
    with transaction.atomic():
        _is_empty(there)
        for name in (*MADE_BY_MIGRATE, *LEFT_OUT):
            if name in there:
                there[name].empty()
        for name in archive.manifest.tables:
            _fill(there[name], archive, progress)
        try:
            connection.check_constraints()
        except DatabaseError as error:
            raise Refused(f"This backup doesn't fit together: {_first_line(error)}") from None
        for name, contents in archive.manifest.tables.items():
            if contents.last_number is not None:
                there[name].go_on_after(contents.last_number)  # last, since PostgreSQL doesn't take that back
        _forget_what_is_derived()
    ContentType.objects.clear_cache()
    return wanted == set(executor.loader.graph.nodes)


def _make_tables(executor: MigrationExecutor, wanted: set[Migration]) -> None:
    """See that the tables are those of the backup's time; where there are none they are made."""
    had = applied(executor.loader)
    if had == wanted:
        return
    with connection.cursor() as cursor:
        others = set(connection.introspection.table_names(cursor)) - {"django_migrations"}
    if not had and not others:
        executor.migrate(last_of(wanted, executor.loader))
        executor.loader.build_graph()
    elif had and had < wanted:
        raise Refused("The tables of this database are older than the backup. Run manage.py migrate first.")
    elif later := sorted(had - wanted):
        raise Refused(
            f"The tables of this database are newer than the backup: they have had {'.'.join(later[0])}. Restore into "
            "a database without any tables. They are made as they were, and manage.py migrate brings them up to date."
        )
    else:
        raise Refused(f"This database isn't empty: it has tables of something else, such as {min(others)}.")


def _is_of(archive: Archive, there: dict[str, Table]) -> None:
    kept = {name: table.columns for name, table in there.items() if name not in LEFT_OUT}
    if kept != {name: table.columns for name, table in archive.manifest.tables.items()}:
        raise Refused("This backup was changed: its tables aren't those of the version that it says it comes from.")


def _is_empty(there: dict[str, Table]) -> None:
    free = (*MADE_BY_MIGRATE, *LEFT_OUT)
    found = {name: rows for name, table in there.items() if name not in free and (rows := table.count())}
    if found:
        name, rows = max(found.items(), key=lambda one: one[1])
        said = "is 1 row" if rows == 1 else f"are {rows:,} rows"
        raise Refused(
            f"This instance isn't empty: there {said} in {name}. A backup is restored into an empty one alone, since "
            "nothing is ever written over: give it another DATA_DIR or DATABASE_URL."
        )


def _fill(table: Table, archive: Archive, progress: Callable[[int], object]) -> None:
    try:
        with archive.lines(table.name) as lines:
            for rows in table.fill(lines):
                progress(rows)
    except OperationalError:  # it can't now
        raise
    except (DatabaseError, ValueError, OverflowError) as error:
        raise Refused(f"{table.name} can't be filled in this database: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _forget_what_is_derived() -> None:
    """The index and files that are kept may be those of another catalogue that had come as far. Before the commit: no
    instance has both this catalogue and those."""
    for folder in (settings.SEARCH_INDEX_DIR, settings.DOWNLOADS_DIR):
        if Path(folder).exists():
            shutil.rmtree(folder)
