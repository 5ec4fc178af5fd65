"""Search: what a filter finds, page by page, with its facets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import tantivy
from django.conf import settings
from django.db.models import Q
from django.utils.safestring import SafeString

from apps.public.catalogue.models import Link, Record
from apps.public.catalogue.state import State, read_state
from apps.public.search import schema
from apps.public.search.counting import Counting
from apps.public.search.excerpts import Excerpts
from apps.public.search.facets import Facet, facet_of, list_values
from apps.public.search.filters import DEEPEST, FACETS, Filter, Problem, UnusableFilter
from apps.public.search.index import Reader, SearchUnavailable, is_damage, search_index
from apps.public.search.language import understand
from apps.public.search.matching import Matching
from apps.public.search.suggestions import suggestion
from apps.taxonomy.vocabulary import Vocabulary, vocabulary

__all__ = ["Hit", "Results", "SearchUnavailable", "search"]


_BY_TITLE = ("workshop", "proposition", "source")  # their values are records, which are called by their titles


class Destination(NamedTuple):
    """Where a link from a record leads."""

    tie: str
    note: str
    identifier: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found, and where its links lead."""

    record: Record
    links: list[Destination]
    title_html: SafeString
    snippet_html: SafeString


@dataclass(frozen=True, slots=True)
class WayBack:
    """What to give up where nothing is found, and how many results that would give."""

    label: str
    querystring: str
    count: int


@dataclass(frozen=True)
class Results:
    filter: Filter
    total: int
    hits: list[Hit]
    facets: list[Facet]
    pages: int
    change: int  # the catalogue's last change that is in the index
    notices: list[str] = field(default_factory=list)
    ways_back: list[WayBack] = field(default_factory=list)  # where there are no results, the best first
    suggestion: str = ""  # the text with its misspelt words put right, if there are any


def search(asked: Filter, page_size: int | None = None, state: State | None = None) -> Results:
    """What a filter finds. A caller who has read the catalogue's state hands it in, to save a query.

    Three queries to the database at most: the state; the records shown, with those that facets name; and the links
    from the records shown. Raises UnusableFilter for a page beyond the deepest, and SearchUnavailable
    while there is no index.
    """
    state = state or read_state()
    words = vocabulary(state.vocabulary)
    index = search_index()
    reader = index.reader(state, words)
    try:
        page = _Page(asked, page_size or settings.PAGE_SIZE, reader, words)
        if page.agrees_with_catalogue(state):
            return page.results(state)
    except BaseException as error:
        if not is_damage(error):
            raise
    index.distrust(reader)
    return _Page(asked, page_size or settings.PAGE_SIZE, index.reader(state, words), words).results(state)


def all_matches(asked: Filter, state: State) -> list[int]:
    """The primary keys of all that a filter finds, in its order, however many. No query to the database.

    Raises SearchUnavailable while there is no index.
    """
    reader = search_index().reader(state, vocabulary(state.vocabulary))
    matching, total = _matching(asked, reader)
    return reader.numbers("id", _in_order(matching, reader, total)) if total else []


def latest_matches(asked: Filter, state: State, most: int) -> list[int]:
    """The primary keys of what a filter finds that was published last, the latest first. No query to the database.

    Raises SearchUnavailable while there is no index.
    """
    reader = search_index().reader(state, vocabulary(state.vocabulary))
    matching, _ = _matching(asked, reader)
    found = reader.searcher.search(matching.query(), limit=most, count=False, order_by_field="published")
    return reader.numbers("id", found.hits)


def _matching(asked: Filter, reader: Reader) -> tuple[Matching, int]:
    """How a filter is to be read, and how many records it then finds."""

    def count(matching: Matching) -> int:
        return int(reader.searcher.search(matching.query(), limit=1).count)  # type: ignore[attr-defined]

    matching = Matching(asked, understand(asked.text))
    total = count(matching)
    if not total and _has_no_match_anywhere(matching, reader):
        matching = Matching(asked, matching.typed, loose=True)
        total = count(matching)
    return matching, total


def _in_order(matching: Matching, reader: Reader, limit: int, offset: int = 0) -> list[tuple[Any, tantivy.DocAddress]]:
    """What matches, best first."""
    order = matching.asked.order
    found = reader.searcher.search(
        matching.ranked() if order == "relevance" else matching.query(),
        limit=limit,
        offset=offset,
        count=False,
        order_by_field=None if order == "relevance" else order,
        order=tantivy.Order.Asc if order == "oldest" else tantivy.Order.Desc,
        weight_by_field="weight" if order == "relevance" else None,
    )
    return found.hits


def _has_no_match_anywhere(matching: Matching, reader: Reader) -> bool:
    """Whether no record at all has all the words, so that any of them will do.

    That depends on the text alone and not on the facets, so choosing a value never changes how the text is read.
    """
    typed = matching.typed
    if len(typed.words) < 2:
        return False
    alone = Matching(Filter(text=matching.asked.text), typed).query()
    return not reader.searcher.search(alone, limit=1, count=False).hits


class _Page:
    """One page of results on its way: counting runs in other threads while the database is asked."""

    def __init__(self, asked: Filter, size: int, reader: Reader, words: Vocabulary) -> None:
        if asked.page * size > max(DEEPEST, size):
            message = f"Paging ends after {DEEPEST:,} results. Narrow the filter instead."
            raise UnusableFilter([Problem("page", str(asked.page), message)])
        self.asked, self.size, self.reader, self.words = asked, size, reader, words
        self._look_for(Matching(asked, understand(asked.text)))
        if not self.counting.total and _has_no_match_anywhere(self.matching, reader):
            self._look_for(Matching(asked, self.matching.typed, loose=True))
        self.links = self._links()
        shown = [*FACETS, *(one for one in asked.selections if one not in FACETS)]
        self.listings = {facet: list_values(self.counting, facet, words) for facet in shown}
        self.records, self.titles = self._records()

    def _look_for(self, matching: Matching) -> None:
        self.matching = matching
        self.counting = Counting(self.reader, matching)
        self.found = self._find()

    def _find(self) -> dict[int, int]:
        """The records on this page, best first, each with the stamp of what was indexed."""
        hits = _in_order(self.matching, self.reader, self.size, (self.asked.page - 1) * self.size)
        stamps = self.reader.numbers("published", hits)
        return dict(zip(self.reader.numbers("id", hits), stamps, strict=True))

    def _links(self) -> dict[int, list[Destination]]:
        target = (f"target__{column}" for column in ("identifier", "kind", "title"))
        links = Link.objects.filter(source__in=self.found).order_by("tie", "pk")
        found = defaultdict(list)
        for source, *destination in links.values_list("source", "tie", "note", *target):
            found[source].append(Destination(*destination))
        return found

    def _records(self) -> tuple[dict[int, Record], dict[str, str]]:
        """The records found, and the titles of those that facets name."""
        named = [name for facet in _BY_TITLE if facet in self.listings for name in self.listings[facet].values]
        wanted = Record.objects.live().filter(Q(pk__in=self.found) | Q(identifier__in=named))
        records = list(wanted)
        return (
            {record.pk: record for record in records if record.pk in self.found},
            {record.identifier: record.title for record in records if record.identifier in named},
        )

    def agrees_with_catalogue(self, state: State) -> bool:
        """Whether the index was made from these records; if it is up to date and was not, it is another's."""
        if self.reader.bookmark.change != state.change or all(
            pk in self.records and schema.stamp(self.records[pk].published_at) == stamp
            for pk, stamp in self.found.items()
        ):
            return True
        return read_state().change != state.change  # else something was published while we looked

    def _ways_back(self, facets: list[Facet]) -> list[WayBack]:
        """Each choice alone given up, and the words, if there are any beside choices."""
        ways = []
        for value in (value for facet in facets for value in facet.values if value.selected):
            kept = tuple(one for one in self.asked.selected(value.facet) if one != value.value)
            ways.append(WayBack(value.label, value.querystring, self.counting.within(value.facet, kept).total))
        if ways and self.asked.text:
            without = self.asked.replace(text="", page=1)
            query = Matching(without, understand("")).query()
            count = self.reader.searcher.search(query, limit=1).count  # type: ignore[attr-defined]
            ways.append(WayBack(f"the words “{self.asked.text}”", without.querystring(), count))
        return sorted(ways, key=lambda way: -way.count)

    def results(self, state: State) -> Results:
        typed, total = self.matching.typed, self.counting.total
        excerpts = Excerpts(self.reader, typed)
        hits = [
            Hit(record, self.links.get(pk, []), excerpts.title(record), excerpts.excerpt(record))
            for pk in self.found
            if (record := self.records.get(pk))
        ]
        facets = [
            facet_of(self.counting, name, listing, self.titles if name in _BY_TITLE else {}, self.words)
            for name, listing in self.listings.items()
        ]
        pages = min(-(-total // self.size), max(1, DEEPEST // self.size))
        notices = [*self.asked.notices, *typed.notices]
        if self.matching.loose and total:
            notices.append("No record has all of these words, so those with any of them are shown.")
        if behind := state.change - self.reader.bookmark.change:
            notices.append(f"The search is catching up: the latest {behind:,} changes cannot be found yet.")
        if total and self.asked.page > pages:
            notices.append(f"There is no page {self.asked.page}; the last is {pages}.")
        return Results(
            filter=self.asked,
            total=total,
            hits=hits,
            facets=facets,
            pages=pages,
            change=self.reader.bookmark.change,
            notices=notices,
            ways_back=[] if total else self._ways_back(facets),
            suggestion=suggestion(self.asked.text, typed, self.reader),
        )
