"""What is exported: every record that a filter finds, whole, with the names of what it is joined to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from apps.public.catalogue.content import as_text, load
from apps.public.catalogue.models import Record
from apps.public.catalogue.state import State
from apps.public.exports.site import Known
from apps.public.search.filters import Filter
from apps.public.search.results import all_matches
from apps.taxonomy.vocabulary import Vocabulary, vocabulary

_AT_ONCE = 500  # records that are in memory at a time


class Row(NamedTuple):
    """A record with what its content names by slugs and identifiers."""

    record: Record | Known
    content: dict[str, Any]
    regions: list[str]
    themes: list[str]
    source: str = ""  # titles
    source_kind: str = ""
    proposition: str = ""
    workshop: str = ""
    host: str = ""  # of its workshop


def rows_of(asked: Filter, state: State) -> Iterator[Row]:
    """All records that a filter finds, in its order; two queries to the database for each 500.

    Raises SearchUnavailable while there is no index.
    """
    return rows_for_keys(all_matches(asked, state), state)


def rows_for_keys(keys: Iterable[int], state: State) -> Iterator[Row]:
    """The live ones of some records, by their primary keys."""
    return _rows(keys, vocabulary(state.vocabulary))


def row_of(record: Record, state: State) -> Row:
    return next(rows_for([record], state))


def rows_for(records: list[Record], state: State) -> Iterator[Row]:
    return _with_names([(record, record.content or {}) for record in records], vocabulary(state.vocabulary))


def _rows(keys: Iterable[int], words: Vocabulary) -> Iterator[Row]:
    waiting = iter(keys)
    live = Record.objects.live().values_list(*Known._fields, as_text())
    while batch := list(islice(waiting, _AT_ONCE)):
        found = {told[0]: told for told in live.filter(pk__in=batch)}
        told = (found[key] for key in batch if key in found)
        yield from _with_names([(Known(*known), load(text)) for *known, text in told], words)


def _with_names(records: list[tuple[Record | Known, dict[str, Any]]], words: Vocabulary) -> Iterator[Row]:
    wanted = {content.get(name) for _, content in records for name in ("source", "proposition", "workshop")}
    live = Record.objects.live().filter(identifier__in=wanted - {"", None})
    joined = {key: said for key, *said in live.values_list("identifier", "title", "kind", "content__host")}
    unknown = ("", "", None)
    regions = {slug: node.name for slug, node in words.regions.nodes.items()}
    themes = {slug: node.name for slug, node in words.themes.nodes.items()}

    for record, content in records:
        workshop, _, host = joined.get(content.get("workshop", ""), unknown)
        source, source_kind, _ = joined.get(content.get("source", ""), unknown)
        yield Row(
            record=record,
            content=content,
            regions=[regions[slug] for slug in content["regions"] if slug in regions],
            themes=[themes[slug] for slug in content["themes"] if slug in themes],
            source=source,
            source_kind=source_kind,
            proposition=joined.get(content.get("proposition", ""), unknown)[0],
            workshop=workshop,
            host=host or "",
        )
