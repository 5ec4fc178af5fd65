"""The database itself refuses to change or delete a line of the audit log, whatever code or SQL asks for it.

Who owns the database can still take a trigger away: against them helps what they can't reach, such as a backup
elsewhere, whose lines have to be there in every later state.

A later migration that alters the table calls :func:`guard` again: SQLite makes a table anew for that, without triggers.
"""

from __future__ import annotations

from typing import Any

_TABLE = "audit_auditline"
_WORDS = "The audit log is only added to."
_SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS {_TABLE}_no_{what} BEFORE {what} ON {_TABLE} "
    f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    for what in ("UPDATE", "DELETE")
] + [
    # INSERT OR REPLACE deletes without asking those two.
    (
        f"CREATE TRIGGER IF NOT EXISTS {_TABLE}_no_other BEFORE INSERT ON {_TABLE} "
        f"WHEN EXISTS (SELECT 1 FROM {_TABLE} WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    ),
    (
        f"CREATE TRIGGER IF NOT EXISTS {_TABLE}_once BEFORE INSERT ON {_TABLE} "
        f"WHEN EXISTS (SELECT 1 FROM {_TABLE} WHERE once = NEW.once) BEGIN SELECT RAISE(IGNORE); END"
    ),
]
_POSTGRESQL = [
    (
        f"CREATE OR REPLACE FUNCTION {_TABLE}_stays() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_WORDS}'; END $$"
    ),
    # For each statement and not for each row: TRUNCATE has no rows.
    (
        f"CREATE OR REPLACE TRIGGER {_TABLE}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {_TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {_TABLE}_stays()"
    ),
]


def guard(connection: Any) -> None:
    """Make the triggers, where they aren't there yet."""
    with connection.cursor() as cursor:
        for statement in _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL:
            cursor.execute(statement)
