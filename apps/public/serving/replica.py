"""The public tables alone, carried to databases of their own by PostgreSQL's logical replication.

On the curation node a publication of the public tables and a role for replication; on a public node a subscription, and
a role for the website that may read and nothing else. PostgreSQL lets a role for replication have any change of its
database decoded, whatever it may read: docs/operate.md says how to keep it from the private tables. What either end
lacks is said as SQL, so that whoever may not run it can hand it to somebody who may. Doing it again changes nothing.

https://www.postgresql.org/docs/current/logical-replication.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg import sql

NAME = "public_wing"  # of the publication, and of its subscriptions' first part
COPIER, READER = "kb_replica", "kb_reader"  # the roles, unless others are asked for


class NotHere(Exception):  # noqa: N818
    """A database that can't be an end of replication; says why, and what to do."""


class Step(NamedTuple):
    """Something to be done in the database, and why."""

    why: str
    statement: sql.Composable


def public_tables() -> list[str]:
    """The tables of the public wing, and those that join its rows."""
    configs = [one for one in apps.get_app_configs() if one.name in settings.PUBLIC_APPS]
    models = [model for one in configs for model in one.get_models(include_auto_created=True)]
    return sorted(model._meta.db_table for model in models)


def private_tables() -> list[str]:
    """The tables of this database that belong to the private wing."""
    prefixes = tuple(f"{name.rpartition('.')[2]}_" for name in settings.PRIVATE_APPS)
    return sorted(one for one in connection.introspection.table_names() if one.startswith(prefixes))


def publishing(role: str, password: str = "") -> list[Step]:
    """What a curation node lacks to be copied from. Raises NotHere."""
    _ask_for_postgresql()
    if (level := _one("SHOW wal_level")) != "logical":
        raise NotHere(
            f"wal_level is “{level}”. Once, as a superuser: ALTER SYSTEM SET wal_level = 'logical', and start "
            "PostgreSQL anew."
        )
    wanted = public_tables()
    carried = set(_column("SELECT tablename FROM pg_publication_tables WHERE pubname = %s", NAME))
    steps = []
    if not _one("SELECT count(*) FROM pg_publication WHERE pubname = %s", NAME):
        steps.append(Step("the public tables, and no other", _publication("CREATE PUBLICATION {} FOR TABLE {}")))
    elif carried != set(wanted):
        steps.append(Step("other tables are public by now", _publication("ALTER PUBLICATION {} SET TABLE {}")))
    return [*steps, *_let(role, "REPLICATION", password, "copies them", wanted)]


def following(origin: str, name: str, role: str, password: str = "") -> list[Step]:
    """What a public node lacks to follow a curation node at ``origin``, a connection string of libpq. ``name`` tells
    its subscription from those of other public nodes. Raises NotHere."""
    _ask_for_postgresql()
    if settings.SITE_ROLE != "public":
        raise NotHere("A node that follows is public: start this with SITE_ROLE=public, on a database of its own.")
    if private := private_tables():
        raise NotHere(f"This database has private tables ({', '.join(private[:3])} …): take one of its own.")
    wanted = public_tables()
    if missing := set(wanted) - set(connection.introspection.table_names()):
        raise NotHere(f"The table {min(missing)} is missing: manage.py migrate, with SITE_ROLE=public, comes first.")
    subscription = sql.Identifier(f"{NAME}_{name}")
    steps = []
    if not _one("SELECT count(*) FROM pg_subscription WHERE subname = %s", f"{NAME}_{name}"):
        empty = sql.SQL("TRUNCATE {}").format(_names(wanted))
        create = sql.SQL("CREATE SUBSCRIPTION {} CONNECTION {} PUBLICATION {}")
        steps += [
            Step("all rows come from the curation node", empty),
            Step("copies what there is, then follows", create.format(subscription, origin, sql.Identifier(NAME))),
        ]
    else:
        refresh = sql.SQL("ALTER SUBSCRIPTION {} REFRESH PUBLICATION").format(subscription)
        steps.append(Step("tables that have become public come along", refresh))
    return [*steps, *_let(role, "", password, "reads, and nothing else", [*wanted, "django_migrations"])]


def take(steps: Iterable[Step], done: Callable[[Step], None]) -> None:
    """Take the steps, each by itself: a subscription can't be made within a transaction. Raises DatabaseError."""
    for step in steps:
        with connection.cursor() as cursor:
            cursor.execute(step.statement)
        done(step)


def _let(role: str, more: str, password: str, why: str, tables: list[str]) -> list[Step]:
    """What a role lacks to read these tables. One that is there already keeps its password."""
    name = sql.Identifier(role)
    steps = []
    if not _one("SELECT count(*) FROM pg_roles WHERE rolname = %s", role):
        made = sql.SQL("CREATE ROLE {} LOGIN " + more).format(name)
        steps.append(Step(why, sql.SQL("{} PASSWORD {}").format(made, password) if password else made))
        lacking = tables
    else:
        lacking = [one for one in tables if not _one("SELECT has_table_privilege(%s, %s, 'SELECT')", role, one)]
    if lacking:
        steps.append(Step(why, sql.SQL("GRANT SELECT ON {} TO {}").format(_names(lacking), name)))
    return steps


def _publication(statement: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(NAME), _names(public_tables()))


def _names(tables: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, tables))


def _ask_for_postgresql() -> None:
    if connection.vendor != "postgresql":
        raise NotHere("Replication is PostgreSQL's: set DATABASE_URL. Of SQLite, the file can be copied.")


def _column(question: str, *params: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question, params)
        return [row[0] for row in cursor.fetchall()]


def _one(question: str, *params: str) -> Any:
    return _column(question, *params)[0]
