"""From a file's bytes to its two parts, front matter and body, as lines."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from apps.curation.notes.problems import Wrong

LARGEST_FILE = 5_000_000  # bytes: a book's length of text
_FENCE = re.compile(r"---[ \t]*")


@dataclass(frozen=True, slots=True)
class Source:
    """A note's two parts. The body's first line is line ``body_starts`` of the file."""

    front: str
    body: list[str]
    body_starts: int


def read(path: Path, data: bytes | None = None) -> Source:
    """Read a note, or take it as it was read already. Raises Wrong if it is no text, or has no front matter."""
    if data is None:
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST_FILE + 1)
        except OSError as error:
            raise Wrong(1, f"The file can't be read: {error.strerror}.") from None
    if len(data) > LARGEST_FILE:
        raise Wrong(1, f"The file is larger than {LARGEST_FILE // 1_000_000} megabytes. Split it.")
    return split(decode(data))


def decode(data: bytes) -> str:
    """UTF-8, with or without a byte order mark, and any kind of line end. Raises Wrong on anything else."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Wrong(1, "The file is in UTF-16. Save it as UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        before = data[:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        column = len(before) - before.rfind(b"\n")
        line = before.count(b"\n") + 1
        byte = data[start : start + 1]
        guess = byte.decode("windows-1252", errors="ignore")
        looks = f" In Windows-1252 it is “{guess}”." if guess else ""
        raise Wrong(
            line, f"Byte {column} of this line (0x{byte.hex()}) is not UTF-8.{looks} Save the file as UTF-8."
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise Wrong(line, "There is a NUL character in this line. Delete it; perhaps this is no text file.")
    return text


def split(text: str) -> Source:
    """Front matter between two lines of three dashes, and the rest."""
    lines = text.split("\n")
    if not _FENCE.fullmatch(lines[0]):
        raise Wrong(1, "A note begins with a line of three dashes, then “kind: workshop” or another kind.")
    for number, line in enumerate(lines[1:], start=1):
        if _FENCE.fullmatch(line):
            return Source("\n".join(lines[1:number]), lines[number + 1 :], number + 2)
    raise Wrong(1, "The front matter has no end: write a line of three dashes beneath its last line.")
