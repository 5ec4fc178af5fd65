"""Where a page of results ends, as a word that clients hand back and don't read."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from apps.public.search.filters import Problem, UnusableFilter

_WORD = re.compile(r"([1-9][0-9]{0,4})\.([1-9][0-9]{0,2})")


@dataclass(frozen=True, slots=True)
class Cursor:
    page: int
    size: int  # of every page before it, so that none is left out where a client asks for another size meanwhile

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(f"{self.page}.{self.size}".encode()).decode().rstrip("=")

    @classmethod
    def read(cls, word: str) -> Cursor:
        """Raises UnusableFilter for what no page has given."""
        try:
            text = base64.urlsafe_b64decode(word.encode() + b"=" * (-len(word) % 4)).decode()
        except (binascii.Error, ValueError):
            text = ""
        if not (match := _WORD.fullmatch(text)):
            raise UnusableFilter([Problem("cursor", word, "That is no cursor: use the next of the page before.")])
        return cls(int(match[1]), int(match[2]))
