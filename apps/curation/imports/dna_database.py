"""The tables of a Discourse Network Analyzer database (SQLite): to be read in a process of its own."""

from __future__ import annotations

import sqlite3
from typing import Any

from apps.curation.intake.result import Unreadable

MOST = 20_000  # statements
# By the schema of DNA 3 (leifeld/dna, dna/src/main/java/sql/Sql.java): the tables and the columns that are read.
_TABLES = {
    "SETTINGS": ("Property", "Value"),
    "CODERS": ("ID", "Name"),
    "DOCUMENTS": ("ID", "Title", "Text", "Coder", "Author", "Source", "Section", "Notes", "Type", "Date"),
    "STATEMENTTYPES": ("ID", "Label"),
    "VARIABLES": ("ID", "Variable", "DataType", "StatementTypeId"),
    "STATEMENTS": ("ID", "StatementTypeId", "DocumentId", "Start", "Stop", "Coder"),
    "ENTITIES": ("ID", "VariableId", "Value", "ChildOf"),
    "DATASHORTTEXT": ("StatementId", "VariableId", "Entity"),
    "DATALONGTEXT": ("StatementId", "VariableId", "Value"),
    "DATAINTEGER": ("StatementId", "VariableId", "Value"),
    "DATABOOLEAN": ("StatementId", "VariableId", "Value"),
    "ATTRIBUTEVARIABLES": ("ID", "VariableId", "AttributeVariable"),
    "ATTRIBUTEVALUES": ("EntityId", "AttributeVariableId", "AttributeValue"),
}
_OPEN_IN_3 = "Open it in DNA 3, save it there, and import that."


def text_of(data: bytes) -> tuple[dict[str, Any], list[str]]:
    """All rows of each table, as columns by name. Raises Unreadable for what is no database of DNA 3."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(data)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        return _tables(connection), []
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        raise Unreadable(
            f"It is no whole SQLite database: {str(error)[:200]}. Copy it once more while DNA is closed."
        ) from None
    finally:
        connection.close()


def _tables(connection: sqlite3.Connection) -> dict[str, Any]:
    # A view or a trigger of the file's own would be a program of somebody else's: tables alone are read.
    named = connection.execute("SELECT upper(name), name FROM sqlite_master WHERE type = 'table'")
    there = dict(named.fetchall())
    if "SETTINGS" not in there or "STATEMENTS" not in there:
        raise Unreadable(
            "It is an SQLite database, but none of the Discourse Network Analyzer (DNA): it has no STATEMENTS."
        )
    version = _version(connection, there)
    missing = sorted(set(_TABLES) - set(there))
    if missing:
        raise Unreadable(
            f"It says that it is of DNA {version}, and lacks the tables {', '.join(missing)}. {_OPEN_IN_3}"
        )
    (number,) = connection.execute("SELECT count(*) FROM STATEMENTS").fetchone()
    if number > MOST:
        raise Unreadable(f"It has {number:,} statements; {MOST:,} at most can be imported at once.")
    found: dict[str, Any] = {"version": version}
    for table, columns in _TABLES.items():
        known = {row[1].casefold() for row in connection.execute(f"PRAGMA table_info({table})")}
        if lacking := [column for column in columns if column.casefold() not in known]:
            raise Unreadable(f"Its table {table} lacks the columns {', '.join(lacking)}. {_OPEN_IN_3}")
        rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2")  # noqa: S608 - our own names
        found[table] = [dict(zip(columns, row, strict=True)) for row in rows]
    return found


def _version(connection: sqlite3.Connection, there: dict[str, str]) -> str:
    """The version of DNA that wrote it, as it says itself."""
    columns = [row[1].casefold() for row in connection.execute("PRAGMA table_info(SETTINGS)")]
    said = ""
    if {"property", "value"} <= set(columns):
        row = connection.execute("SELECT Value FROM SETTINGS WHERE lower(Property) = 'version'").fetchone()
        said = str(row[0]) if row else ""
    if not said.startswith("3"):
        older = "DATASHORTTEXT" in there and "ENTITIES" not in there
        called = f"“{said[:40]}”" if said else ("2, it seems" if older else "nowhere told")
        raise Unreadable(f"Its version is {called}; databases of DNA 3 can be read. {_OPEN_IN_3}")
    return said[:40]
