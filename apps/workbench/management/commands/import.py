from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from tqdm import tqdm

from apps.curation.intake.result import Unreadable
from apps.curation.tables.columns import MODELS
from apps.workbench.importing.formats import FORMATS, Options, check_size, guessed, read
from apps.workbench.importing.frame import Import, tried
from apps.workbench.importing.keeping import keep
from apps.workbench.importing.report import SKIPPED, Report
from apps.workbench.models import FileImport
from deterrence_kb.exits import BUSY, REFUSED, USAGE

_TOLD = 20  # steps that are told one by one unless somebody wants all


class Command(BaseCommand):
    help = (
        "Import a file of any format: all of it in one step, or nothing. Ends with 0 where it was done or there was "
        "nothing to do, 1 where it was refused, with a report by line; 2 where it was asked for wrongly or the file "
        "can't be opened; 3 where the database didn't take it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=FORMATS, help="what the file is; else that is found out")
        parser.add_argument("--dry-run", action="store_true", help="say what would be made, changed and skipped")
        parser.add_argument("--by", metavar="ACCOUNT", help="whose edit it is, who can take it back in the workbench")
        parser.add_argument(
            "--kind", choices=[kind.value for kind in MODELS], default="", help="what a table's rows are"
        )
        parser.add_argument("--terms", choices=["themes", "regions"], default="themes", help="what SKOS concepts are")
        parser.add_argument(
            "--codes", choices=["themes", "propositions"], default="themes", help="what the codes of a QDA program are"
        )
        parser.add_argument("--language", default="en", help="of the labels that are the names; en if none is given")

    def handle(self, *args: Any, file: Path, dry_run: bool, by: str | None, **options: Any) -> None:
        editor = User.objects.filter(username=by).first() if by else None
        if by and not editor:
            raise CommandError(f"There is no account “{by}”.", returncode=USAGE)
        data = _data_of(file)
        asked = Options(options["kind"], options["terms"], options["codes"], options["language"])
        try:
            name = options["format"] or guessed(file.name, data)
            found = read(file.name, data, name, asked)
            report = self._done(found, dry_run, editor, FileImport(by=editor, name=file.name[:120], format=name))
        except Unreadable as unreadable:
            raise CommandError(f"{file}: {unreadable}", returncode=REFUSED) from None
        except OperationalError as error:
            why = f"The database does not take it: {error}. Nothing was kept; import the file again later."
            raise CommandError(why, returncode=BUSY) from None
        self._tell(file, report, all_of_it=options["verbosity"] > 1)
        if report.problems:
            number = len(report.problems)
            wrong = f"{number:,} problem{'' if number == 1 else 's'}"
            raise CommandError(f"{file}: {wrong}, nothing was imported.", returncode=REFUSED)
        self.stdout.write(f"Dry run, nothing was kept: {report}" if dry_run else str(report))

    def _done(self, found: Import, dry_run: bool, by: User | None, kept: FileImport) -> Report:
        def progress(rows: Sequence[Any]) -> Iterable[Any]:
            bar = "Trying" if dry_run else "Importing"
            return tqdm(rows, desc=bar, unit=" things", disable=None, file=self.stderr)

        return tried(found, by, progress) if dry_run else keep(kept, found, progress)

    def _tell(self, file: Path, report: Report, all_of_it: bool) -> None:
        for problem in report.problems:
            self.stderr.write(f"{file}: {problem}")
        for remark in report.remarks:
            self.stdout.write(f"{file}: {remark}")
        steps = [step for step in report.steps if all_of_it or step.what != SKIPPED or step.why]
        for step in [] if report.problems else steps if all_of_it else steps[:_TOLD]:
            self.stdout.write(str(step))
        if not (all_of_it or report.problems) and len(steps) > _TOLD:
            self.stdout.write(f"… and {len(steps) - _TOLD:,} more; --verbosity 2 tells all.")
        if report.recheck and report.recheck.changed_something:
            self.stdout.write(f"What is public was judged again by the facts as they are now: {report.recheck}")


def _data_of(file: Path) -> bytes:
    try:
        check_size(file.stat().st_size)
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} can't be read: {error.strerror}.", returncode=USAGE) from None
    except Unreadable as unreadable:
        raise CommandError(f"{file}: {unreadable}", returncode=REFUSED) from None
