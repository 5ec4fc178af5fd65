"""CSL-JSON: a list of items, one item, or what Crossref and Zotero answer with them inside."""

from __future__ import annotations

import json
from typing import Any

import orjson

from apps.curation.intake.result import Unreadable
from apps.curation.references.items import Item, Unfit
from apps.curation.references.rows import Row

_SHAPE = 'CSL-JSON is a list of items, each with a “title”: [{"type": "report", "title": …}, …].'


def read(text: str) -> list[Row]:
    """A row for each item. Raises Unreadable for what is no JSON, or JSON of another shape."""
    try:
        found = orjson.loads(text.strip().lstrip("\ufeff"))
    except orjson.JSONDecodeError as error:
        raise Unreadable(
            f"It begins like JSON, but breaks off at line {error.lineno}, column {error.colno}. Is it whole? Look "
            "there for a comma, a bracket or a quotation mark that is missing."
        ) from None
    items = _items(found)
    if not items:
        raise Unreadable(f"The list is empty: no reference is in it. {_SHAPE}")
    return [_row(one, number) for number, one in enumerate(items, start=1)]


def joined(rows: list[Row]) -> str:
    return "[\n" + ",\n".join(row.source for row in rows) + "\n]"


def _items(found: Any) -> list[Any]:
    if isinstance(found, dict):
        if "title" in found or "DOI" in found:
            return [found]
        for name in ("items", "message", "references"):
            if isinstance(found.get(name), list | dict):
                return _items(found[name])
        raise Unreadable(f"This is JSON of another shape. {_SHAPE}")
    if isinstance(found, list):
        if found and not any(isinstance(one, dict) and ("title" in one or "type" in one) for one in found):
            raise Unreadable(f"This is JSON of another shape. {_SHAPE}")
        return found
    raise Unreadable(f"This is JSON of another shape. {_SHAPE}")


def _row(one: Any, number: int) -> Row:
    def item() -> Item:
        if not isinstance(one, dict):
            raise Unfit("It is no item: an item stands in braces { } and has a title.")
        return one

    return Row(json.dumps(one, ensure_ascii=False, indent=1), f"item {number}", item)
