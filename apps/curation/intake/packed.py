"""What a packed file (DOCX, XLSX) would unpack to, judged by its table of contents before anything is unpacked."""

from __future__ import annotations

import zipfile
from io import BytesIO

from apps.curation.intake.result import Unreadable

LARGEST_UNPACKED = 100_000_000  # bytes of all its members together
LARGEST_RATIO = 200  # of a member's size to what it takes in the file; ordinary text is packed to a tenth
_SMALL = 1_000_000  # bytes; below, the ratio tells nothing
MOST_MEMBERS = 5_000


def members_of(data: bytes) -> list[zipfile.ZipInfo]:
    """What a packed file says is in it. Raises Unreadable where it can't be unpacked."""
    try:
        return zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise Unreadable("The file is damaged: it can't be unpacked. Save it once more and upload that.") from None


def check(members: list[zipfile.ZipInfo], or_else: str) -> None:
    """Raise Unreadable, with what to do ``or_else``, for a file that is locked or would unpack to far too much."""
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable(f"The file is locked with a password. Save it without one, or {or_else}.")
    unpacked = sum(member.file_size for member in members)
    packed_too_well = any(
        member.file_size > _SMALL and member.file_size > LARGEST_RATIO * max(member.compress_size, 1)
        for member in members
    )
    if len(members) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED or packed_too_well:
        raise Unreadable(
            f"The file would unpack to {unpacked / 1e6:,.0f} megabytes, far more than such files have, so it was "
            f"not opened. {or_else[0].upper()}{or_else[1:]}."
        )
