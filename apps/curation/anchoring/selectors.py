"""What says where a passage stands: W3C's TextQuoteSelector and TextPositionSelector, over a normalised text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from apps.taxonomy.words import Anchoring

CONTEXT = 32  # code points kept on either side of a quotation, as Hypothes.is does

Span = tuple[int, int]  # from the first code point to the one after the last

_BLANKS = re.compile(r"\s+")


def normalised(text: str) -> str:
    """A source text as it is kept and counted: Unicode's composed form (NFC), each line ended by one LF.

    Nothing else is changed: blanks count. Offsets are code points of this text; a slice of it is normalised too.
    """
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def flat(text: str) -> str:
    """The words with one blank between them: where a line was broken says nothing about what was said."""
    return _BLANKS.sub(" ", text).strip()


@dataclass(frozen=True, slots=True)
class Selector:
    """The exact words, those just before and after, and the place where they stood: its end is exclusive."""

    quotation: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None

    @classmethod
    def at(cls, text: str, start: int, end: int) -> Selector:
        """Of a place in a normalised text. Raises ValueError where that place isn't in it, or is empty or blank."""
        if not 0 <= start < end <= len(text) or not text[start:end].strip():
            raise ValueError("There are no words at that place of the text.")
        return cls(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT], start, end)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What came of looking for a passage: where it stands, unless it is lost, and how sure that is, from 0 to 1."""

    state: Anchoring
    start: int | None = None
    end: int | None = None
    score: float = 0.0


LOST = Anchor(Anchoring.LOST)
