"""Backups that only a passphrase opens.

They are ZIPs of two files in the format of age (age-encryption.org): `backup.zip.age` is for a key of its own, and
`key.age` is that key, for the passphrase. So it is encrypted and authenticated piece by piece, and whoever has the
passphrase opens it with any program for age. What is plain lies in DATA_DIR meanwhile, in a file without a name.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings
from pyrage import DecryptError, EncryptError, IdentityError, decrypt_io, encrypt_io, passphrase, x25519

from apps.workbench.backup import Refused

KEY, SEALED, README = "key.age", "backup.zip.age", "README.txt"
_LARGEST_KEY = 10_000

_WHAT_IT_IS = """\
An encrypted backup of a knowledge base on policy workshops. It is restored by:
manage.py restore FILE

Without that program, with any one for the format age (age-encryption.org/v1):
    age -d -i key.age backup.zip.age > backup.zip
It asks for the passphrase, and backup.zip says in its README.txt what stands in it.
"""


@contextmanager
def plain_file() -> Iterator[IO[bytes]]:
    """A file that nobody else can open, and that is gone with this process."""
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as file:
        yield file


def seal(plain: IO[bytes], out: IO[bytes], secret: str) -> None:
    """Encrypt a file. Raises OSError."""
    key = x25519.Identity.generate()
    plain.seek(0)
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(zipfile.ZipInfo(README), _WHAT_IT_IS)
        packed.writestr(zipfile.ZipInfo(KEY), passphrase.encrypt(f"{key}\n".encode(), secret))
        with packed.open(zipfile.ZipInfo(SEALED), "w", force_zip64=True) as sealed:
            try:
                encrypt_io(plain, sealed, [key.to_public()])
            except EncryptError as error:
                raise OSError(None, str(error)) from None


@contextmanager
def opened(file: IO[bytes], ask: Callable[[], str]) -> Iterator[IO[bytes]]:
    """A backup in plain, asking for a passphrase where it is encrypted. Raises Refused and OSError."""
    try:
        packed = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError):
        raise Refused("This is no backup, or it was cut short: it can't be opened as a ZIP.") from None
    if SEALED not in packed.namelist():
        yield file
        return
    with plain_file() as plain:
        _unseal(packed, plain, ask())
        plain.seek(0)
        yield plain


def _unseal(packed: zipfile.ZipFile, plain: IO[bytes], secret: str) -> None:
    try:
        with packed.open(KEY) as member:
            sealed_key = member.read(_LARGEST_KEY)
    except (KeyError, zipfile.BadZipFile, EOFError):
        raise Refused(f"This backup is damaged: its {KEY} can't be read, and without that nothing of it can.") from None
    try:
        key = x25519.Identity.from_str(passphrase.decrypt(sealed_key, secret).decode().strip())
    except (DecryptError, IdentityError, UnicodeDecodeError, ValueError):
        raise Refused(f"This is not its passphrase (or its {KEY} is damaged).") from None
    try:
        with packed.open(SEALED) as sealed:
            decrypt_io(sealed, plain, [key])
    except (DecryptError, zipfile.BadZipFile, EOFError, NotImplementedError):
        raise Refused(f"This backup was changed or is damaged: its {SEALED} isn't what was encrypted.") from None
    except OSError as error:
        if error.errno:  # of this disk; what can't be decrypted has none
            raise
        raise Refused(f"This backup was changed or is damaged: its {SEALED} isn't what was encrypted.") from None
