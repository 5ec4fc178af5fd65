"""A lookup for long lists of keys, which reach the database as one value.

``__in`` makes a parameter of each key: with a thousand of them Django is busier than the database, and SQLite refuses
more than it has parameters for.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Field, ForeignObject, Lookup


class Among(Lookup):  # type: ignore[type-arg]
    """``column__among=keys``: the rows with one of some keys, which are numbers or texts as the column has them."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self._keys())]  # noqa: S608

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, self._keys()]

    def _keys(self) -> list[Any]:
        """Raises EmptyResultSet for none: the database needn't be asked, as with ``__in``."""
        if not (keys := list(self.rhs)):
            raise EmptyResultSet
        return keys


def register() -> None:
    """Let every column be asked with it; once, when the apps are ready."""
    Field.register_lookup(Among)
    ForeignObject.register_lookup(Among)  # which takes no lookup over from its base
