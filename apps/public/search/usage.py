"""How a region or theme is used: since when, on which propositions, in which articles."""

from __future__ import annotations

from dataclasses import dataclass

import tantivy
from django.db.models import Count, Q

from apps.public.catalogue.models import Link, Record, Tie
from apps.public.catalogue.state import State
from apps.public.search.filters import Filter
from apps.public.search.index import Reader, search_index
from apps.public.search.language import understand
from apps.public.search.leanings import Leaning
from apps.public.search.matching import Matching
from apps.taxonomy.vocabulary import vocabulary
from apps.taxonomy.words import Kind, Stance

MOST_LEADING = 5  # propositions
MOST_SOURCES = 8  # of each kind
MOST_READ = 2_000  # positions whose articles are counted, the newest: the index doesn't know them, the database does


@dataclass(frozen=True, slots=True)
class Usage:
    """What a page says of a region's or theme's positions beside listing them."""

    first: Record | None  # of those with a date
    latest: Record | None
    propositions: list[Leaning]  # those with most of the positions
    articles: list[tuple[Record, int]]  # those that most of the positions were found in
    read: int  # positions that articles were counted of
    change: int  # the catalogue's last change that is in the index


def usage(asked: Filter, state: State) -> Usage:
    """Of the positions that a filter finds. Two queries to the database: articles, and all records that are named.

    Raises SearchUnavailable while there is no index.
    """
    reader = search_index().reader(state, vocabulary(state.vocabulary))
    query = Matching(asked, understand(asked.text)).query()
    oldest = _by_date(reader, query, "oldest", tantivy.Order.Asc, 1)
    newest = _by_date(reader, query, "newest", tantivy.Order.Desc, MOST_READ)
    leading = leading_propositions(reader, query)
    articles = _articles(newest)
    named = Q(pk__in=[*oldest, *newest[:1], *articles]) | Q(identifier__in=leading)
    records = {record.pk: record for record in Record.objects.live().filter(named)}
    titles = {record.identifier: record.title for record in records.values()}
    return Usage(
        first=_dated(records, oldest),
        latest=_dated(records, newest[:1]),
        propositions=[
            Leaning(titles[name], total, stances, asked.replace(proposition=(name,)), proposition=name)
            for name, (total, stances) in leading.items()
            if name in titles
        ],
        articles=[(records[key], total) for key, total in articles.items() if key in records],
        read=len(newest),
        change=reader.bookmark.change,
    )


def leading_propositions(reader: Reader, query: tantivy.Query) -> dict[str, tuple[int, dict[str, int]]]:
    """The propositions with most of the positions that match, each with how many and with what stances."""
    sides = reader.sides(query, "proposition", Stance.values)
    most = sorted(sides.items(), key=lambda one: (-one[1][0], one[0]))[:MOST_LEADING]
    return {name: (total, dict(zip(Stance.values, counts, strict=True))) for name, (total, *counts) in most}


def _by_date(reader: Reader, query: tantivy.Query, field: str, order: tantivy.Order, most: int) -> list[int]:
    found = reader.searcher.search(query, limit=most, count=False, order_by_field=field, order=order)
    return reader.numbers("id", found.hits)


def _articles(positions: list[int]) -> dict[int, int]:
    """How many of these positions were found in which article, for those with most of them."""
    found_in = Link.objects.filter(tie=Tie.FOUND_IN, source__in=positions, target__kind=Kind.ARTICLE)
    counted = found_in.values("target").annotate(count=Count("pk")).order_by("-count", "target")
    return dict(counted.values_list("target", "count")[:MOST_SOURCES])


def _dated(records: dict[int, Record], keys: list[int]) -> Record | None:
    """The record, unless its date is not known: those without one come last whichever way they are ordered."""
    record = records.get(keys[0]) if keys else None
    return record if record and (record.content or {})["earliest"] else None
