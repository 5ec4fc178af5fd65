"""Whether a backup is good, by doing it: restored into a throwaway instance, which is backed up again, and compared.

The throwaway instance is a SQLite database in a folder of its own, whatever the backup comes from; it runs in processes
of its own, which know neither the database of this one nor its passphrase.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from django.conf import settings

from apps.workbench.backup import Refused
from apps.workbench.backup.archive import Archive, Manifest


def drill(plain: IO[bytes]) -> Manifest:
    """What is in a backup that is good; Refused says what is wrong with one that isn't. Raises OSError."""
    given = Archive(plain).manifest
    with tempfile.TemporaryDirectory(prefix="drill-", dir=settings.DATA_DIR) as name:
        folder = Path(name)
        plain.seek(0)
        with (folder / "given.zip").open("wb") as copy:
            shutil.copyfileobj(plain, copy)
        _manage(folder, "restore", "given.zip")
        _manage(folder, "backup", "again.zip")
        with (folder / "again.zip").open("rb") as file:
            again = Archive(file).manifest
    if differing := [name for name, table in given.tables.items() if table != again.tables.get(name)]:
        raise Refused(f"It was restored, but not as it was: {', '.join(differing)} came out otherwise.")
    if (given.change, given.migrations, given.tables) != (again.change, again.migrations, again.tables):
        raise Refused("It was restored, but not as it was: another change number, other migrations or more tables.")
    return given


def _manage(folder: Path, command: str, file: str) -> None:
    ours = os.environ | {"DATA_DIR": str(folder / "data"), "DATABASE_URL": "", "SITE_ROLE": "all"}
    ours.pop("BACKUP_PASSPHRASE", None)
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, str(settings.BASE_DIR / "manage.py"), command, str(folder / file)],
        env=ours,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        why = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        raise Refused(f"In a throwaway instance {command} did not work: {why[-1].removeprefix('CommandError: ')}")
