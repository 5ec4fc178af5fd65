"""What must hold after every fault: nothing that was published is lost, and nothing that is protected is out.

Whoever publishes keeps a journal: of each step what it is about to change, and then that it was done. What was done is
so afterwards; what was being done is done whole, or not at all.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client

from apps.public.catalogue.models import CatalogueState, Link, Record
from apps.public.catalogue.state import read_state
from apps.public.search import building, folder, schema
from apps.public.search.index import Reader, SearchIndex, SearchUnavailable
from apps.public.website.reading import url_of
from apps.taxonomy.vocabulary import vocabulary
from tests.gate.needles import Needles, Sieve

NAMES = [f"Vexolo{letter}amit" for letter in "abcdefghijklmnopqrst"]  # of people and organisations that are protected
_MADE_UP = 11  # letters of a word that stands nowhere else
Titles = dict[str, str | None]  # of records by their identifiers; None for a tombstone


class Journal:
    """What a publisher has done, in a file that outlives the process."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def note(self, what: str, changes: Titles | None = None) -> None:
        """``begun`` with what it is to change, or ``done``, or ``undone``."""
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(file, json.dumps([what, changes]).encode() + b"\n")
        os.close(file)

    def read(self) -> list[tuple[str, Titles | None]]:
        return [tuple(json.loads(line)) for line in self.path.read_text().splitlines()] if self.path.exists() else []

    def settle(self) -> None:
        """Note whether the step that a fault cut short was done, once that has been examined."""
        steps = self.read()
        if steps and steps[-1][0] == "begun":
            now = dict(Record.objects.values_list("identifier", "title"))
            is_done = all(now.get(name, "") == (title or "") for name, title in (steps[-1][1] or {}).items())
            self.note("done" if is_done else "undone")

    def outcomes(self) -> list[Titles]:
        """How what it tells of may stand now: as it was done, or also as it was being done."""
        certain: Titles = {}
        begun: Titles = {}
        for what, changes in self.read():
            if what == "begun":
                begun = changes or {}
            elif what == "done":
                certain, begun = certain | begun, {}
            else:
                begun = {}
        return [certain, certain | begun]

    def withdrawn(self) -> set[str]:
        """The words of titles that are no longer public, whichever way the last step went."""
        said: dict[str, set[str]] = {}
        for _, changes in self.read():
            for identifier, title in (changes or {}).items():
                said.setdefault(identifier, set()).update({title.split()[-1]} if title else ())
        outcomes = self.outcomes()
        return {
            word
            for identifier, words in said.items()
            if all(one.get(identifier) is None for one in outcomes)
            for word in words
            if len(word) == _MADE_UP
        }


def examine(journal: Journal | None = None) -> list[str]:
    """What is amiss, in the database and index that this process is set to; nothing where all is as it should be."""
    withdrawn = journal.withdrawn() if journal else set()
    return [
        *(_what_is_lost(journal) if journal else ()),
        *(_what_a_fresh_gate_says_otherwise() if apps.is_installed("apps.gate") else ()),
        *_what_the_index_has_otherwise(),
        *_what_is_out({*NAMES, *withdrawn}),
    ]


def _what_is_lost(journal: Journal) -> Iterator[str]:
    now = dict(Record.objects.values_list("identifier", "title"))
    outcomes = journal.outcomes()
    if not any(all(now.get(name, "") == (title or "") for name, title in one.items()) for one in outcomes):
        differ = {name: (title, now.get(name)) for name, title in outcomes[0].items() if now.get(name) != (title or "")}
        yield f"Lost, or done by half, by what was done and what is there: {differ}; begun: {journal.read()[-1]}"


def _what_a_fresh_gate_says_otherwise() -> Iterator[str]:
    from apps.curation.models import Entry, Status
    from apps.gate.case import Case
    from apps.gate.concerns import all_public
    from apps.gate.recheck import Recheck, recheck
    from apps.gate.references import published_links

    records = {record.identifier: record for record in Record.objects.live()}
    entries = {entry.identifier: entry for entry in Entry.objects.filter(status=Status.PUBLISHED)}
    if records.keys() != entries.keys():
        yield f"Published here and not there: {sorted(records.keys() ^ entries.keys())}"
    for identifier in records.keys() & entries.keys():
        case, record = Case.of_draft(entries[identifier]), records[identifier]
        if (case.content["title"], case.content) != (record.title, record.content):
            yield f"{identifier} says {record.content} and should say {case.content}"
        if case.links.live != published_links(record).live:
            yield f"{identifier} has links {published_links(record)} and should have {case.links}"
    with transaction.atomic():
        list(recheck(all_public(), outcome := Recheck()))
    if outcome.changed_something:
        yield f"A fresh gate objects: {outcome}"


def _what_the_index_has_otherwise() -> Iterator[str]:
    """What a new process finds in the index, beside what an index says that is made from nothing."""
    last, state = CatalogueState.objects.values_list("change", flat=True).first() or 0, read_state()
    if (highest := max(Record.objects.values_list("change", flat=True), default=0)) > last:
        yield f"A record has change number {highest}, and the last one is {last}."
    if Link.objects.exclude(source__withdrawn_at=None, target__withdrawn_at=None).exists():
        yield "A link leads to or from what was withdrawn."
    words = vocabulary(state.vocabulary)
    path, ours = Path(settings.SEARCH_INDEX_DIR), None
    for _ in range(3):  # readers come more than once, and each sees to a little
        with suppress(SearchUnavailable):
            ours = SearchIndex(path).reader(state, words)
    with tempfile.TemporaryDirectory() as made:
        building.bring_up_to_date(Path(made), True, 1.0, lambda done, total: None)
        fresh = Reader(Path(made), folder.read_bookmark(Path(made)))
        if ours is None:
            yield "There is no index to answer from."
        elif _contents(ours) != _contents(fresh):
            yield f"The index has {_contents(ours)} and should have {_contents(fresh)}"
        # It may have more words: those of former versions, which are public.
        elif lacking := {*fresh.spellings}.difference(ours.spellings):
            yield f"The index lacks {lacking}"


def _contents(reader: Reader) -> tuple[object, ...]:
    hits = reader.searcher.search(schema.tantivy.Query.all_query(), limit=max(1, reader.records)).hits
    records = zip(reader.numbers("id", hits), reader.numbers("published", hits), strict=True)
    return sorted(records), reader.counts


def _what_is_out(words: set[str]) -> Iterator[str]:
    """Which of the words stand in a public table, in the files of the index, or in an answer."""
    sieve = Sieve(Needles(words))
    for model in apps.get_models():
        if model.__module__.startswith(("apps.public.", "apps.taxonomy.")):
            for row in model._default_manager.values_list():
                sieve.pour(repr(row).encode(), model._meta.db_table)
    needles = Needles(words)
    for file in Path(settings.SEARCH_INDEX_DIR).rglob("*"):
        if file.is_file():
            sieve.found |= dict.fromkeys(needles.within(file.read_bytes()), str(file))
    visitor = Client(raise_request_exception=False, SERVER_NAME="localhost")
    listed = Record.objects.order_by("-change")[:5]
    pages = {url_of(one.kind, one.identifier): 410 if one.withdrawn_at else 200 for one in listed}
    for path in ("/", "/browse/", "/sitemap.xml", "/api/v1/records", *pages):
        answer = visitor.get(path)
        if answer.status_code != pages.get(path, 200):
            yield f"{path} answers {answer.status_code}, not {pages.get(path, 200)}"
        sieve.pour(b"".join(answer), path)
    for word, where in sieve.found.items():
        yield f"{word} stands in {where}"


def main() -> None:
    """For a process of its own, see examined(): says what is amiss, a line each."""
    amiss = examine(Journal(Path(sys.argv[1])) if sys.argv[1:] else None)
    print("\n".join(amiss))
