"""What the commands backup and restore share: the passphrase, the file, and how they end."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError

from apps.workbench.backup import Refused
from deterrence_kb.exits import BUSY, REFUSED, USAGE

SHORTEST = 12  # characters of a passphrase
_VARIABLE = "BACKUP_PASSPHRASE"


def add_passphrase(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help=f"whose first line is the passphrase; else {_VARIABLE} is, and else it is asked for",
    )


def new_passphrase(file: Path | None) -> str:
    secret = passphrase(file, twice=True)
    if len(secret) < SHORTEST:
        why = f"This passphrase is too short: take {SHORTEST} characters or more. Nothing was written."
        raise CommandError(why, returncode=USAGE)
    return secret


def passphrase(file: Path | None, twice: bool = False) -> str:
    """Never of the command line, which everybody on a machine can read. Raises CommandError."""
    if file:
        try:
            with file.open(encoding="utf-8") as lines:
                return lines.readline().rstrip("\r\n")
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.", returncode=USAGE) from None
        except UnicodeDecodeError:
            raise CommandError(f"{file} is no text in UTF-8, so no passphrase.", returncode=USAGE) from None
    if secret := os.environ.get(_VARIABLE):
        return secret
    if not sys.stdin.isatty():
        why = f"A passphrase is needed, and nobody is there to be asked: set {_VARIABLE}, or give --passphrase-file."
        raise CommandError(why, returncode=USAGE)
    secret = getpass("Passphrase: ")
    if twice and getpass("The same once more: ") != secret:
        raise CommandError("These are two passphrases. Nothing was written.", returncode=USAGE)
    return secret


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that only we can read: there whole when all went well, else not at all; never over another."""
    if path.exists():
        raise FileExistsError
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # with the rights 0600
    unfinished = Path(name)
    try:
        with os.fdopen(number, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _put(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _put(unfinished: Path, path: Path) -> None:
    try:
        os.link(unfinished, path)  # unlike a renaming it fails where somebody has made one meanwhile
    except FileExistsError:
        raise
    except OSError:  # a file system without links, as on a memory stick
        if path.exists():
            raise FileExistsError from None
        unfinished.rename(path)


@contextmanager
def in_words(file: Path) -> Iterator[None]:
    """What goes wrong ends the command with a word; being stopped tidies up first."""

    def stop(*_: object) -> None:
        sys.exit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except Refused as refused:
        raise CommandError(f"{file}: {refused}", returncode=REFUSED) from None
    except FileExistsError:
        raise CommandError(f"{file} is there already, and is not written over.", returncode=USAGE) from None
    except OperationalError as error:
        raise CommandError(f"The database doesn't do it now: {error} Nothing was done.", returncode=BUSY) from None
    except DatabaseError as error:
        raise CommandError(f"The database doesn't do it: {error} Nothing was done.", returncode=REFUSED) from None
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror or error}. Nothing was done.", returncode=USAGE) from None
    except KeyboardInterrupt:
        raise CommandError("Stopped. Nothing was done.", returncode=128 + signal.SIGINT) from None
    finally:
        signal.signal(signal.SIGTERM, before)
