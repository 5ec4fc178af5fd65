"""The sentence around what was found."""

from __future__ import annotations

import re

from apps.gate.names.finder import Match

_ENDS = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n\s*\n")


def sentence_of(text: str, match: Match) -> str:
    """The sentence in which a match stands, in one line."""
    ends = [end for end in _ENDS.finditer(text) if not match.start < end.start() < match.end]
    start = max((end.end() for end in ends if end.end() <= match.start), default=0)
    stop = min((end.start() for end in ends if end.start() >= match.end), default=len(text))
    return " ".join(text[start:stop].split())
