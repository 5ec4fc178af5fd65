"""Building the index from the catalogue, and bringing it up to date: all that writes to the index folder."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import tantivy
from django.db.models import Q

from apps.public.catalogue.content import as_text, load
from apps.public.catalogue.models import Record, RecordQuerySet
from apps.public.catalogue.state import State, read_state
from apps.public.search import folder, schema
from apps.public.search.folder import Bookmark
from apps.taxonomy.vocabulary import Vocabulary, vocabulary

logger = logging.getLogger(__name__)
Progress = Callable[[int, int], None]  # records done, records in all
_FULL_HEAP, _LITTLE_HEAP = 200_000_000, 20_000_000  # bytes that tantivy gathers before it writes a segment
_AT_ONCE = 2_000


def bring_up_to_date(path: Path, fresh: bool, patience: float, progress: Progress) -> int:
    """Make the index hold what the catalogue holds: by applying what has changed, or if ``fresh`` from nothing.

    Returns the number of records indexed. Waits ``patience`` seconds for another writer; raises Busy after that,
    another OSError if the folder cannot be written, or ValueError with tantivy's words.
    """
    with folder.writing(path, patience):
        bookmark = None if fresh else folder.read_bookmark(path)  # now: somebody else may have been quicker
        state = read_state()
        words = vocabulary(state.vocabulary)
        if bookmark and bookmark.change <= state.change:
            try:
                index = folder.open_index(path / bookmark.generation)
                behind = burden(bookmark, index.searcher(), state, words)
                if behind == 0 and not bookmark.remains:
                    return 0
                if 0 < behind <= index.searcher().num_docs:
                    return _catch_up(path, bookmark, index, state, words, progress)
            except ValueError as error:
                logger.warning("The search index in %s is damaged; it is built anew: %s", path, error)
        return _rebuild(path, state, words, progress)


def burden(bookmark: Bookmark, searcher: tantivy.Searcher, state: State, words: Vocabulary) -> int:
    """How many records must be indexed anew to bring an index up to date."""
    changed = max(0, state.change - bookmark.change)
    if bookmark.vocabulary == words.digest:
        return changed
    moved = searcher.search(_moved(bookmark, words), limit=1).count  # type: ignore[attr-defined]
    return changed + max(1, moved)  # one at least, so that the bookmark notes the new vocabulary


def lacks_a_withdrawal(bookmark: Bookmark, state: State) -> bool:
    """Whether something was taken out of the catalogue, or rewritten, that an index still has as it was."""
    if bookmark.change >= state.change:
        return False
    later = Record.objects.filter(change__gt=bookmark.change)
    return later.filter(Q(withdrawn_at__isnull=False) | Q(version__gt=1)).exists()


def _rebuild(path: Path, state: State, words: Vocabulary, progress: Progress) -> int:
    """Build in a fresh folder, then put it in the old one's place."""
    before = folder.read_bookmark(path)
    folder.remove_generations(path, kept=before.generation if before else "")  # what an interrupted run left
    generation = folder.new_generation(path)
    writer = folder.create_index(generation).writer(_FULL_HEAP, 2)
    records = Record.objects.live()
    done, total = 0, records.count()
    documents = schema.Documents(words)
    for row in _rows(records.order_by("pk")):
        writer.add_document(documents.document(row))
        done += 1
        if done % _AT_ONCE == 0:
            progress(done, max(done, total))
    _finish(path, Bookmark.of(generation.name, state.change, words), writer)
    folder.remove_generations(path, kept=generation.name)
    progress(done, done)
    return done


def _catch_up(
    path: Path, bookmark: Bookmark, index: tantivy.Index, state: State, words: Vocabulary, progress: Progress
) -> int:
    """Apply what has changed since the bookmark: records, tombstones, and moves within the vocabulary."""
    moved = _pks_of_moved(bookmark, index.searcher(), words)
    writer = index.writer(_LITTLE_HEAP, 1)
    changed, documents = Record.objects.since(bookmark.change), schema.Documents(words)
    done, total = 0, changed.count() + len(moved)
    batches = [moved[start : start + _AT_ONCE] for start in range(0, len(moved), _AT_ONCE)]
    for records in (changed, *(Record.objects.filter(pk__in=batch) for batch in batches)):
        for row in _rows(records):
            writer.delete_documents_by_query(schema.one("id", row.pk))  # by_term() finds no unsigned numbers
            if row.content is not None:  # of a tombstone nothing is left
                writer.add_document(documents.document(row))
            done += 1
            if done % _AT_ONCE == 0:
                progress(done, max(done, total))
    # tantivy only marks what is deleted, and drops it from its files when it merges them, which may be never.
    remains = bookmark.remains or changed.with_something_taken_out().exists()
    _finish(path, Bookmark.of(bookmark.generation, state.change, words, remains), writer)
    progress(done, done)
    return done


def _finish(path: Path, bookmark: Bookmark, writer: tantivy.IndexWriter) -> None:
    writer.commit()
    writer.wait_merging_threads()
    # After the commit: if something comes between the two, the same changes are applied again, to the same effect.
    folder.write_bookmark(path, bookmark)


def _rows(records: RecordQuerySet) -> Iterator[schema.Row]:
    rows = records.values_list("pk", "identifier", "kind", "published_at", as_text())
    for pk, identifier, kind, published_at, content in rows.iterator(chunk_size=_AT_ONCE):
        yield schema.Row(pk, identifier, kind, published_at, load(content))


def _moved(bookmark: Bookmark, words: Vocabulary) -> tantivy.Query:
    """Records about a region or theme that lies beneath others than it did when they were indexed."""
    moved = schema.moved(bookmark.ancestry, schema.ancestry(words))
    sets = [tantivy.Query.term_set_query(schema.schema(), facet, slugs) for facet, slugs in moved.items()]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in sets])


def _pks_of_moved(bookmark: Bookmark, searcher: tantivy.Searcher, words: Vocabulary) -> list[int]:
    if bookmark.vocabulary == words.digest:
        return []
    hits = searcher.search(_moved(bookmark, words), limit=max(1, searcher.num_docs)).hits
    return cast("list[int]", searcher.fast_field_values("id", [address for _, address in hits]))
