"""What a row is called where one is chosen among many: its title alone may be another's too."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet

from apps.curation.models import Entry, Session


def label_of(row: Model) -> str:
    """A session with its workshop, an entry among those of all kinds with its kind, anything else by its name."""
    if isinstance(row, Session):
        return f"{row} ({row.workshop})"
    return f"{row.get_kind_display()}: {row}" if type(row) is Entry else str(row)


def with_label(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows with all that their labels need, so that no row costs a query of its own."""
    return rows.select_related("workshop") if rows.model is Session else rows
