from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from tqdm import tqdm

from apps.curation.notes import Outcome, import_notes
from apps.gate.recheck import Recheck
from apps.workbench.editing import one_edit


class Command(BaseCommand):
    help = "Load notes (Markdown files, see docs/notes-format.md) into the knowledge base as drafts or for review."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="path", help="files, or folders with notes in them")
        parser.add_argument("--dry-run", action="store_true", help="try everything, keep nothing")
        parser.add_argument(
            "--by", metavar="account", help="whose edit this is; another must publish what is protected"
        )

    def handle(self, *args: Any, paths: list[str], dry_run: bool, by: str | None, **options: Any) -> None:
        editor = User.objects.filter(username=by).first() if by else None
        if by and not editor:
            raise CommandError(f"There is no account “{by}”.")
        judged: list[Recheck] = []

        @contextmanager
        def judged_once() -> Iterator[None]:
            """What changes is kept in the history of its entries, and what is public of it is judged again, once a
            file, by what the whole file says."""
            with one_edit(editor, "Loaded from notes") as outcome:
                yield
            judged.extend(filter(None, [outcome()]))

        try:
            outcome = import_notes(
                paths,
                dry_run=dry_run,
                by=editor,
                transaction_of_a_file=judged_once,
                progress=lambda units: tqdm(units, desc="Loading", unit=" files", disable=None),
            )
        except OperationalError as error:
            raise CommandError(f"The database does not take it: {error}. Import the same files again later.") from None
        for problem in outcome.problems:
            self.stderr.write(str(problem))
        for remark in outcome.remarks:
            self.stdout.write(f"{remark}")
        for one in judged:
            if one.changed_something:
                self.stdout.write(f"What is public was judged again by the facts as they are now: {one}")
        self.stdout.write(_summary(outcome, dry_run))
        if outcome.problems:
            raise CommandError(f"{_files(len(outcome.failed))} not loaded, {outcome.files} read.")


def _summary(outcome: Outcome, dry_run: bool) -> str:
    counts = [outcome.made, outcome.changed, outcome.unchanged]
    made, changed, unchanged = (sum(count.values()) for count in counts)
    said = f"{made} made, {changed} changed, {unchanged} unchanged."
    if not made and not changed and not outcome.problems:
        said = f"Nothing has changed: {unchanged} unchanged."
    return f"Dry run, nothing was kept: {said}" if dry_run else said


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"
