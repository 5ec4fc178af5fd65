from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from apps.workbench.backup.archive import Archive
from apps.workbench.backup.asking import add_passphrase, in_words, passphrase
from apps.workbench.backup.drill import drill
from apps.workbench.backup.restoring import restore
from apps.workbench.backup.sealing import opened


class Command(BaseCommand):
    help = (
        "Fill an empty instance with a backup, all of it or nothing: one whose database has no tables yet, or has had "
        "manage.py migrate and nothing else. Ends with 0 where it was done, 1 where it was refused (a damaged file, "
        "another passphrase, an instance that isn't empty), 2 where it was asked for wrongly or the file can't be "
        "read, 3 where the database can't do it now."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--drill", action="store_true", help="touch nothing here: try it in a throwaway instance and compare"
        )
        add_passphrase(parser)

    def handle(self, *args: Any, file: Path, passphrase_file: Path | None, **options: Any) -> None:
        with in_words(file), file.open("rb") as given, opened(given, lambda: passphrase(passphrase_file)) as plain:
            if options["drill"]:
                found = drill(plain)
                self.stdout.write(f"This backup is good: {found}. From a throwaway instance it came out the same.")
                return
            archive, is_of_now = self._restored(plain)
        self.stdout.write(
            f"Restored: {archive.manifest}. Whatever was withdrawn after that change is public again: withdraw it once "
            "more before anybody reads it."
        )
        if not is_of_now:
            self.stdout.write("Its tables are those of an earlier version. Now run: manage.py migrate; manage.py index")
            return
        try:
            call_command("index", verbosity=options["verbosity"], stdout=self.stdout)
        except CommandError as error:
            self.stderr.write(f"All is restored but the search index: {error} Run: manage.py index")

    def _restored(self, plain: IO[bytes]) -> tuple[Archive, bool]:
        archive = Archive(plain)
        bar = partial(tqdm, unit_scale=True, disable=None, file=self.stderr)
        with bar(total=archive.size, desc="Verifying", unit="B") as verified:
            archive.verify(verified.update)
        with bar(total=archive.manifest.rows, desc="Restoring", unit=" rows") as restored:
            return archive, restore(archive, restored.update)
