"""The folder that a copy is in: written beside its place, and put there whole.

A copy lists its own files with their checksums in ``copy.json``. A folder is replaced only if all that is in it is on
such a list, so that nothing else is ever lost.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

LIST = "copy.json"
_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}  # what file managers leave in folders


class Refused(Exception):  # noqa: N818
    """A folder that no copy can be put in the place of."""


class Busy(Exception):  # noqa: N818
    """Another process is writing a copy to the same place."""


class Files:
    """A copy that is being written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sums: dict[str, str] = {}
        self.size = 0  # bytes

    def write(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.sums[name] = sha256(content).hexdigest()
        self.size += len(content)


def check(folder: Path) -> None:
    """Raises Refused where a folder holds anything but an earlier copy."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not folder.is_dir():
        raise Refused(f"{folder} is no folder.")
    try:
        known = json.loads((folder / LIST).read_bytes())["files"].keys() | {LIST}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Refused(f"{folder} holds something, and it is no earlier copy: choose another folder.") from None
    inside = (one for one in folder.rglob("*") if not one.is_dir() or one.is_symlink())
    names = (one.relative_to(folder).as_posix() for one in inside if one.name not in _LITTER)
    if strange := sorted(set(names) - known):
        raise Refused(f"{folder} holds more than an earlier copy, which would be lost: {', '.join(strange[:3])}.")


@contextmanager
def written(folder: Path, said: dict[str, Any]) -> Iterator[Files]:
    """Files that stand in the folder once all are written, in place of what was there; none if that fails.

    Raises Refused, Busy and OSError.
    """
    folder = folder.resolve()
    check(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh, old = (folder.with_name(f".{folder.name}.{name}") for name in ("new", "old"))
    fresh.mkdir(exist_ok=True)
    lock = os.open(fresh, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise Busy(f"Another process is writing a copy to {folder}.") from None
    try:
        _empty(fresh)  # of what a run left that was killed
        files = Files(fresh)
        yield files
        listed = json.dumps(said | {"files": dict(sorted(files.sums.items()))}, indent=1, ensure_ascii=False)
        (fresh / LIST).write_text(f"{listed}\n", encoding="utf-8")
        check(folder)
        _put(fresh, folder, old)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    finally:
        os.close(lock)


def _put(fresh: Path, folder: Path, old: Path) -> None:
    """Between two renamings nothing is there for a moment, and never half of it."""
    shutil.rmtree(old, ignore_errors=True)
    is_there = folder.exists()
    if is_there:
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        if is_there:
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _empty(folder: Path) -> None:
    for one in folder.iterdir():
        shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()
