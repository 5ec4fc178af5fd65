"""Files that are dear to make: made once for each state of the catalogue, and kept beside the index.

A file is written under another name and then renamed, so a reader gets the whole or none. Those of other states go as
soon as a new one is there; of one state a few are kept, since a site can be reached under several names.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from apps.public.exports.site import Site

_MOST = 4  # files of one name and state
_CHUNK = 1 << 18


def kept(name: str, edition: str, site: Site, make: Callable[[], Iterable[bytes]]) -> Iterator[bytes]:
    """What ``make`` makes, as it was made for this edition and site; whoever asks meanwhile waits. Raises OSError."""
    folder = Path(settings.DOWNLOADS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    where = sha256(f"{site.root} {site.name} {settings.LICENCE}".encode()).hexdigest()[:12]
    path = folder / f"{edition}.{where}.{name}"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            write_whole(path, make())
        _tidy(path, edition, name)
        return _parts(path.open("rb"))


def forget_others(edition: str) -> None:
    """Take the files of other states from the disk: something in them may have been withdrawn. What is being written
    has its process's number at the end."""
    for one in _finished():
        if one.name.partition(".")[0] != edition:
            one.unlink(missing_ok=True)


def _finished() -> list[Path]:
    found = Path(settings.DOWNLOADS_DIR).glob("*.*.*")
    return [one for one in found if one.suffix != ".lock" and not one.suffix[1:].isdecimal()]


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file beside its place and put it there when it is whole; else there is none. Raises OSError."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as file:
            file.writelines(parts)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _tidy(path: Path, edition: str, name: str) -> None:
    """Also what somebody left half-written whose machine stopped: nobody else is writing now."""
    others = [one for one in path.parent.glob(f"*.{name}*") if one != path and one.suffix != ".lock"]
    others.sort(key=lambda one: one.stat().st_mtime, reverse=True)
    same = [one for one in others if one.name.startswith(f"{edition}.") and one.name.endswith(name)][: _MOST - 1]
    for one in others:
        if one not in same:
            one.unlink(missing_ok=True)


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(_CHUNK):
            yield part
