"""Loading notes: files in, rows out, each file wholly or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from apps.curation.models import Position, Session
from apps.curation.notes.drafts import Draft, Note
from apps.curation.notes.problems import Problem
from apps.curation.notes.reader import read_note
from apps.curation.notes.shelf import Shelf
from apps.curation.notes.things import ARTICLE, SESSION, WORKSHOP
from apps.curation.notes.writing import Writer


@dataclass
class Outcome:
    """What became of an import. A file with a problem was not loaded at all."""

    files: int = 0
    made: Counter[str] = field(default_factory=Counter)  # by kind of thing
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)  # worth knowing; the file was loaded

    @property
    def failed(self) -> list[str]:
        """The paths of the files that were not loaded."""
        return sorted({problem.path for problem in self.problems})


def import_notes(
    paths: Iterable[Path | str],
    *,
    dry_run: bool = False,
    by: User | None = None,
    progress: Callable[[list[list[Note]]], Iterable[list[Note]]] = iter,
    transaction_of_a_file: Callable[[], AbstractContextManager[Any]] = transaction.atomic,
) -> Outcome:
    """Load notes from files and folders; with ``dry_run`` try everything and keep nothing.

    What a note doesn't mention stays as it is, and no entry is ever deleted. Files are loaded in the order in which
    they need each other, one transaction a file; those that refer to each other in a circle share one.
    Raises OperationalError where the database doesn't answer; files loaded until then stay loaded.
    """
    outcome = Outcome()
    files = _files(paths, outcome)
    outcome.files = len(files)
    shelf = Shelf(map(read_note, files))
    with transaction.atomic() if dry_run else nullcontext():
        for unit in progress(shelf.units()):
            _load(unit, shelf, outcome, by, transaction_of_a_file)
        if dry_run:
            transaction.set_rollback(True)
    outcome.problems.sort()
    outcome.remarks.sort()
    return outcome


def _files(paths: Iterable[Path | str], outcome: Outcome) -> list[Path]:
    """The notes among files and folders, each once. A folder's README is not one."""
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        inside = sorted(path.rglob("*.md")) if path.is_dir() else [path]
        notes = [one for one in inside if one.name.casefold() != "readme.md" or one == path]
        if not notes:
            outcome.problems.append(Problem(str(path), 1, "There is no note in this folder: no file that ends in .md."))
        for one in notes:
            found.setdefault(one.resolve(), one)
    return list(found.values())


def _load(
    unit: list[Note],
    shelf: Shelf,
    outcome: Outcome,
    by: User | None,
    transaction_of_a_file: Callable[[], AbstractContextManager[Any]],
) -> None:
    """Load files that go together, all of them or none."""
    drafts = [draft for note in unit for draft in note.drafts]
    problems = [problem for note in unit for problem in note.problems]
    writer = Writer(drafts, shelf, by)
    remarks: list[Problem] = []
    with transaction_of_a_file():
        writer.write()
        problems += writer.problems
        if problems:
            transaction.set_rollback(True)
        else:
            remarks = [*writer.remarks, *(remark for draft in drafts for remark in _left_over(draft, shelf))]
    if problems:
        outcome.problems += [*problems, *_dragged_along(unit, problems)]
        return
    outcome.remarks += remarks
    _count(outcome, drafts, writer)


def _dragged_along(unit: list[Note], problems: list[Problem]) -> Iterable[Problem]:
    """A word to the files that are well, but refer to one that isn't, which refers back."""
    wrong = sorted({problem.path for problem in problems})
    for note in unit:
        if note.path not in wrong:
            yield Problem(note.path, 1, f"Not loaded, since it goes together with {', '.join(wrong)}.")


def _count(outcome: Outcome, drafts: list[Draft], writer: Writer) -> None:
    made, changed = ({draft.identity for draft in some} for some in (writer.made, writer.changed))
    for draft in drafts:
        tally = (
            outcome.made
            if draft.identity in made
            else outcome.changed
            if draft.identity in changed
            else outcome.unchanged
        )
        tally[draft.thing.name] += 1


def _left_over(draft: Draft, shelf: Shelf) -> Iterable[Problem]:
    """Entries in the database that belong here, but are in no file any more. They stay; somebody should know."""
    there = {
        ARTICLE: Position.objects.filter(article__slug=draft.slug),
        SESSION: Position.objects.filter(session__slug=draft.slug),
        WORKSHOP: Session.objects.filter(workshop__slug=draft.slug),
    }.get(draft.thing)
    for entry in there or ():
        if not shelf.holds(entry.kind, entry.slug):
            yield Problem(
                draft.path,
                draft.line,
                f"The {entry.kind} “{entry.slug}” is in the knowledge base, but not in these files. "
                "It was left as it is: withdraw or delete it there, or write it down again.",
            )
