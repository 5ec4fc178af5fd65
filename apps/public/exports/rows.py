"""What is exported: every record that a filter finds, whole, with the names of what it is joined to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from apps.public.catalogue.content import as_text, load
from apps.public.catalogue.models import Record
from apps.public.catalogue.state import State
from apps.public.search.filters import Filter
from apps.public.search.results import all_matches
from apps.taxonomy.vocabulary import Vocabulary, vocabulary

_AT_ONCE = 500  # records that are in memory at a time


@dataclass(frozen=True, slots=True)
class Row:
    """A record with what its content names by slugs and identifiers."""

    record: Record
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
    return _with_names(records, vocabulary(state.vocabulary))


def _rows(keys: Iterable[int], words: Vocabulary) -> Iterator[Row]:
    waiting = iter(keys)
    while batch := list(islice(waiting, _AT_ONCE)):
        records = Record.objects.live().defer("content").annotate(text=as_text()).in_bulk(batch)
        for record in records.values():
            record.content = load(vars(record).pop("text"))
        yield from _with_names([records[key] for key in batch if key in records], words)


def _with_names(records: list[Record], words: Vocabulary) -> Iterator[Row]:
    contents = [record.content or {} for record in records]
    named = {content.get(name) for content in contents for name in ("source", "proposition", "workshop")}
    wanted = named - {"", None}
    live = Record.objects.live().filter(identifier__in=wanted)
    joined = {key: said for key, *said in live.values_list("identifier", "title", "kind", "content__host")}
    unknown = ("", "", None)

    for record, content in zip(records, contents, strict=True):
        workshop, _, host = joined.get(content.get("workshop", ""), unknown)
        source, source_kind, _ = joined.get(content.get("source", ""), unknown)
        yield Row(
            record=record,
            content=content,
            regions=[words.regions[slug].name for slug in content["regions"] if slug in words.regions],
            themes=[words.themes[slug].name for slug in content["themes"] if slug in words.themes],
            source=source,
            source_kind=source_kind,
            proposition=joined.get(content.get("proposition", ""), unknown)[0],
            workshop=workshop,
            host=host or "",
        )
