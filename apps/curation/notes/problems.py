"""What is wrong with a note: where it stands, what it is, what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing to mend (or, among the remarks, to know) in a note."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Wrong(Exception):  # noqa: N818 - about somebody's text, not about our code
    """A piece of a note that can't be read as what it should be."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question to end a message with; empty where nothing known is like the word, whatever the order of its parts."""
    near = process.extractOne(word, list(known), scorer=fuzz.token_sort_ratio, processor=_parts, score_cutoff=75)
    return f" Did you mean “{near[0]}”?" if near else ""


def _parts(word: str) -> str:
    return re.sub(r"[\s_-]+", " ", word.casefold())


def listed(words: Iterable[str]) -> str:
    """A, B or C."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def an(name: str) -> str:
    """A name with its article."""
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"
