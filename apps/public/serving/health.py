"""Whether a site can do what it is there for, and what keeps it from that."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import DatabaseError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

from apps.public.catalogue.state import read_state
from apps.public.search.index import SearchUnavailable, search_index
from apps.taxonomy.vocabulary import vocabulary


@dataclass
class Health:
    """What there is to say of a site; it is ready if nothing is missing."""

    change: int | None = None  # the catalogue's last
    indexed: int | None = None  # the last change that the search index holds
    missing: list[str] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        return not self.missing


def look() -> Health:
    """Ask the database and the search index how they are. An index that is missing begins to be built by this, as by
    any reader: where nobody is sent here before it is ready, nobody else would ask for it."""
    health = Health()
    try:
        if waiting := migrations_to_come():
            health.missing.append(f"The database lacks {len(waiting)} migrations: manage.py migrate.")
            return health
        state = read_state()
        health.change = state.change
        health.indexed = search_index().reader(state, vocabulary(state.vocabulary)).bookmark.change
    except SearchUnavailable as unavailable:
        health.missing.append(str(unavailable))
    except DatabaseError:
        health.missing.append("The database does not answer.")
    return health


_has_all = False


def migrations_to_come() -> list[str]:
    """The names of migrations that the database lacks; none where nobody may know, as with an account that may read the
    catalogue and nothing else. Raises DatabaseError if it does not answer."""
    global _has_all
    if _has_all:  # it costs as much as a page, and a process of this code needn't ask twice
        return []
    try:
        executor = MigrationExecutor(connection)
    except ProgrammingError:
        return []
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    _has_all = not plan
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
