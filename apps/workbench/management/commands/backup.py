import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from tqdm import tqdm

from apps.audit.log import note
from apps.audit.models import AuditLine, What
from apps.workbench.backup.archive import Manifest, write
from apps.workbench.backup.asking import add_passphrase, in_words, new_file, new_passphrase
from apps.workbench.backup.drill import drill
from apps.workbench.backup.sealing import opened, plain_file, seal


class Command(BaseCommand):
    help = (
        "Write all that this instance holds, public and private, to one file (docs/backup.md), as it is at one moment "
        "and while others go on working. Ends with 0 where it was written, 1 where the drill failed, 2 where it was "
        "asked for wrongly or the file can't be written, 3 where the database can't answer now."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where to write it; there must be none yet")
        parser.add_argument("--encrypt", action="store_true", help="so that only a passphrase opens it")
        parser.add_argument("--drill", action="store_true", help="restore it into a throwaway instance and compare")
        add_passphrase(parser)

    def handle(self, *args: Any, file: Path, encrypt: bool, passphrase_file: Path | None, **options: Any) -> None:
        with in_words(file):
            secret = new_passphrase(passphrase_file) if encrypt else ""
            with new_file(file) as out:
                manifest = self._sealed(out, secret) if encrypt else self._written(out)
                if options["drill"]:
                    with opened(out, lambda: secret) as plain:
                        drill(plain)
            with file.open("rb") as written:
                digest = hashlib.file_digest(written, "sha256").hexdigest()
            self._note(digest)
        good = " It was restored into a throwaway instance and came out the same." if options["drill"] else ""
        self.stdout.write(f"Written: {manifest}.{good}\nSHA-256 {digest}")

    def _note(self, digest: str) -> None:
        """In the log of the database as it goes on: the backup itself was made before."""
        if AuditLine._meta.db_table not in connection.introspection.table_names():
            return  # before an upgrade's migrations
        try:
            note(What.TAKEN_ALONG, "backup", f"SHA-256 {digest}")
        except DatabaseError as error:  # an account that may only read
            self.stderr.write(f"The backup is good, but the audit log can't be told of it: {error}")

    def _sealed(self, out: IO[bytes], secret: str) -> Manifest:
        with plain_file() as plain:
            manifest = self._written(plain)
            seal(plain, out, secret)
        return manifest

    def _written(self, out: IO[bytes]) -> Manifest:
        with tqdm(desc="Backing up", unit=" rows", unit_scale=True, disable=None, file=self.stderr) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            return write(out, show)
