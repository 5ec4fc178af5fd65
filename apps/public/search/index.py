"""The search index as requests use it: opened, kept up to date, and healed when it is missing or damaged."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, cast

import tantivy
from django.conf import settings
from django.db import DatabaseError, connection

from apps.public.catalogue.state import State, read_state
from apps.public.search import building, folder, schema
from apps.public.search.schema import ENDLESS, FACETS
from apps.taxonomy.vocabulary import Vocabulary

logger = logging.getLogger(__name__)
AT_ONCE = 2_000  # records that a request indexes itself; more are left to the background or the command
_PATIENCE = 1.0  # seconds that a request waits for another writer
_RESPITE = 30.0  # seconds between attempts after a failure
MOST_VALUES = 10_000  # of an endless facet that are counted in one go

Counts = dict[str, dict[str, int]]  # facet, value, number of records
Values = tuple[str, Sequence[str]]  # a facet, and those of its values that are wanted


class SearchUnavailable(Exception):  # noqa: N818
    """There is no index to answer from at the moment. ``progress`` (0 to 1) is known while this process builds it."""

    def __init__(self, message: str, progress: float | None = None) -> None:
        super().__init__(message)
        self.progress = progress


class Reader:
    """An index as it stands at one commit."""

    def __init__(self, path: Path, bookmark: folder.Bookmark) -> None:
        generation = path / bookmark.generation
        self.bookmark = bookmark
        self.searcher = folder.open_searcher(generation)
        self.files = folder.sizes(generation)
        self.records: int = self.searcher.num_docs

    def tally(self, query: tantivy.Query, facets: Iterable[str]) -> Counts:
        """How many records that match have which values. Of a facet with more than MOST_VALUES values the counts
        may be low, since each segment of the index hands in its most frequent ones only; see exact_counts()."""
        found = self.searcher.aggregate(query, {facet: {"terms": _terms(facet)} for facet in facets})
        return {facet: {one["key"]: one["doc_count"] for one in found[facet]["buckets"]} for facet in facets}

    def has_too_many_values(self, facet: str) -> bool:
        return facet in ENDLESS and len(self.counts[facet]) >= MOST_VALUES

    def exact_counts(self, query: tantivy.Query, facet: str, values: list[str]) -> dict[str, int]:
        """How many records that match have each of these values."""
        terms = {"field": facet, "size": len(values), "segment_size": len(values), "include": values}
        found = self.searcher.aggregate(query, {facet: {"terms": terms}})[facet]["buckets"] if values else []
        return dict.fromkeys(values, 0) | {one["key"]: one["doc_count"] for one in found}

    def cross(
        self, query: tantivy.Query, rows: Values, columns: Values, parts: Values
    ) -> dict[tuple[str, str], tuple[int, dict[str, int]]]:
        """How many records that match have a value of one facet and a value of another, and how many of those have
        which value of a third: by row and column, where there are any."""

        def by(values: Values, within: dict[str, Any] | None = None) -> dict[str, Any]:
            facet, wanted = values
            terms = {"field": facet, "size": len(wanted), "segment_size": len(wanted), "include": list(wanted)}
            return {facet: {"terms": terms} | ({"aggs": within} if within else {})}

        if not (rows[1] and columns[1]):
            return {}
        found = self.searcher.aggregate(query, by(rows, by(columns, by(parts))))
        return {
            (row["key"], column["key"]): (
                column["doc_count"],
                {part["key"]: part["doc_count"] for part in column[parts[0]]["buckets"]},
            )
            for row in found[rows[0]]["buckets"]
            for column in row[columns[0]]["buckets"]
        }

    def lean(self, query: tantivy.Query, facet: str, most: int) -> dict[str, tuple[int, dict[str, int]]]:
        """How many records that match have which value of a facet, the most frequent ones, and with what stances."""
        sides = {"stance": {"terms": _terms("stance")}}
        terms = {"field": facet, "size": most, "segment_size": most}
        found = self.searcher.aggregate(query, {facet: {"terms": terms, "aggs": sides}})[facet]["buckets"]
        return {
            one["key"]: (one["doc_count"], {side["key"]: side["doc_count"] for side in one["stance"]["buckets"]})
            for one in found
        }

    def sides(self, query: tantivy.Query, facet: str, stances: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """How many records that match have which value of a facet, and how many of those take which side: what lean()
        counts, of all values. Stances by values are counted in half the time of values by stances."""
        terms = {"terms": {"field": facet, "size": MOST_VALUES, "segment_size": MOST_VALUES}}
        sides = {"stance": {"terms": _terms("stance"), "aggs": {facet: terms}}}
        found = self.searcher.aggregate(query, {facet: terms} | sides)
        columns = {
            side["key"]: {one["key"]: one["doc_count"] for one in side[facet]["buckets"]}
            for side in found["stance"]["buckets"]
        }
        of_stances = [columns.get(stance, {}) for stance in stances]
        return {
            one["key"]: (one["doc_count"], *(column.get(one["key"], 0) for column in of_stances))
            for one in found[facet]["buckets"]
        }

    @cached_property
    def counts(self) -> Counts:
        """The counts without any filter: a function of the index alone, so they are made once."""
        return {facet: self.tally(tantivy.Query.all_query(), (facet,))[facet] for facet in FACETS}

    @cached_property
    def spellings(self) -> list[str]:
        """Every word in the index as it is spelt."""
        return [word for word, _ in self.searcher.terms_with_prefix("word", "")]

    @cached_property
    def known(self) -> dict[str, dict[str, str]]:
        """The values of each facet by their names in lower case."""
        return {facet: {value.casefold(): value for value in values} for facet, values in self.counts.items()}

    def numbers(self, field: str, hits: list[tuple[Any, tantivy.DocAddress]]) -> list[int]:
        """A number of each hit: its ``id``, or when it was ``published``."""
        values = self.searcher.fast_field_values(field, [address for _, address in hits])
        return cast("list[int]", values)

    def frequency(self, field: str, word: str) -> int:
        """How many records have a word or value, give or take those replaced since the last merge."""
        return self.searcher.doc_freq(field, word)

    def occurs(self, field: str, word: str) -> bool:
        """Whether any record has a word, as the index stands."""
        return bool(self.searcher.search(schema.one(field, word), limit=1, count=False).hits)


def is_damage(error: BaseException) -> bool:
    """Whether an error is tantivy's over files that are not what they were. It panics, which is no Exception."""
    return isinstance(error, ValueError) or type(error).__name__ == "PanicException"


def _terms(facet: str) -> dict[str, Any]:
    most = MOST_VALUES if facet in ENDLESS else 10_000  # there are fewer, so they are all counted
    return {"field": facet, "size": most, "segment_size": most}


class SearchIndex:
    """The index in one folder. Any number of threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._reader: Reader | None = None
        self._distrusted: folder.Bookmark | None = None
        self._worker: threading.Thread | None = None
        self._progress: float | None = None
        self._failed_at: float | None = None

    def reader(self, state: State, words: Vocabulary) -> Reader:
        """The index, brought up to date if that is little work; else as it is, while the work is done elsewhere.

        Raises SearchUnavailable where there is nothing to answer from, or where it would tell what was taken out since.
        """
        with self._lock:
            reader = self._open()
            if reader and self._belongs_elsewhere(reader, state):
                self.distrust(reader)
                reader = None
            fresh = reader is None or folder.read_bookmark(self.path) is None
            burden = (
                state.change if fresh or not reader else building.burden(reader.bookmark, reader.searcher, state, words)
            )
            if fresh or burden:
                self._bring_up_to_date(burden, fresh)
                reader = self._open()
            elif reader and reader.bookmark.remains:
                self._bring_up_to_date(reader.records, fresh=True)
                reader = self._open()
            if reader is None or building.lacks_a_withdrawal(reader.bookmark, state):
                raise self._unavailable()
            return reader

    def known_value(self, facet: str, name: str) -> str | None:
        """The value of a facet that is called so, however it is capitalised, in the index as it is, however old."""
        with self._lock:
            reader = self._open()
        try:
            return reader.known[facet].get(name.casefold()) if reader else None
        except BaseException as error:
            if not reader or not is_damage(error):
                raise
            self.distrust(reader)
            return None

    def distrust(self, reader: Reader) -> None:
        """Note that an index does not say what the catalogue says, so that it is built anew."""
        logger.warning("The search index in %s is of another catalogue, or damaged; it is built anew.", self.path)
        self._distrusted, self._reader = reader.bookmark, None

    def _open(self) -> Reader | None:
        if self._reader and not folder.is_intact(self._reader.files):
            self.distrust(self._reader)
        for _ in range(2):  # the generation may be replaced between reading its name and opening it
            bookmark = folder.read_bookmark(self.path)
            if bookmark in (None, self._distrusted) or (self._reader and self._reader.bookmark == bookmark):
                break
            try:
                self._reader = Reader(self.path, bookmark)
            except (ValueError, OSError) as error:
                logger.warning("The search index in %s cannot be opened: %s", self.path, error)
                self._reader = None
        return self._reader

    def _belongs_elsewhere(self, reader: Reader, state: State) -> bool:
        """Whether the index was made from another catalogue, such as one that a backup has replaced."""
        # Another worker may have indexed a change that was published after this request read the state.
        return reader.bookmark.change > state.change and reader.bookmark.change > read_state().change

    def _bring_up_to_date(self, burden: int, fresh: bool) -> None:
        if self._failed_at is not None and time.monotonic() < self._failed_at + _RESPITE:
            return
        if burden <= AT_ONCE:
            self._attempt(fresh)
        elif self._worker is None or not self._worker.is_alive():
            logger.warning("%d records are to be indexed; that is done in the background.", burden)
            self._worker = threading.Thread(target=self._work, args=(fresh,), name="search-index", daemon=True)
            self._worker.start()

    def _work(self, fresh: bool) -> None:
        self._progress = 0.0
        try:
            self._attempt(fresh)
        finally:
            self._progress = None
            connection.close()

    def _attempt(self, fresh: bool) -> None:
        try:
            building.bring_up_to_date(self.path, fresh, _PATIENCE, self._report)
            self._failed_at = None
        except folder.Busy:
            logger.info("Another process is writing the search index.")
        except (OSError, ValueError, DatabaseError) as error:
            self._failed_at = time.monotonic()
            logger.error("The search index in %s cannot be written: %s", self.path, error)

    def _report(self, done: int, total: int) -> None:
        self._progress = done / total if total else None

    def _unavailable(self) -> SearchUnavailable:
        if self._failed_at is not None:
            return SearchUnavailable("The search index cannot be read or written; the server's log says why.")
        return SearchUnavailable("The search index is being built. Please try again in a moment.", self._progress)


@lru_cache(maxsize=1)
def index_in(path: Path) -> SearchIndex:
    return SearchIndex(path)


def search_index() -> SearchIndex:
    """The index of this site; one object a process, so that its files are opened once."""
    return index_in(Path(settings.SEARCH_INDEX_DIR))
