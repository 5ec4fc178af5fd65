"""The labelled sentences beside this file: who is protected, what is written, what there is to find."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from apps.gate.names import Match, Name, NameFinder

SENTENCES = Path(__file__).with_name("sentences.tsv")


@dataclass(frozen=True)
class Find:
    """Some words that are found, or ought to be."""

    words: str
    certain: bool
    is_name: bool  # else a false alarm that we know of


@dataclass(frozen=True)
class Sentence:
    line: int
    protected: str
    text: str
    expected: tuple[Find, ...]

    def found(self) -> list[Match]:
        names, literal = [], []
        for one in map(str.strip, self.protected.split(";")):
            if one.startswith("["):
                names.append(Name.body(one.strip("[]")))
            elif "@" in one:
                literal.append(one)
            else:
                names.append(Name.alias(one))
        return NameFinder(names, literal).find(self.text)


def sentences() -> Iterator[Sentence]:
    for number, line in enumerate(SENTENCES.read_text(encoding="utf-8").splitlines(), start=1):
        if line and not line.startswith("#"):
            protected, text, expected = line.split("\t")
            finds = tuple(_find(one) for one in expected.split(" | ") if one != "-")
            yield Sentence(number, protected, _unescape(text), finds)


def _find(label: str) -> Find:
    """!Zarnecki is certain, ?Quill may be one; ~?Hope is a false alarm."""
    is_name = not label.startswith("~")
    mark, words = label.lstrip("~")[0], label.lstrip("~")[1:]
    return Find(_unescape(words), mark == "!", is_name)


def _unescape(text: str) -> str:
    return re.sub(r"\\n|\\u[0-9a-f]{4}", lambda match: match[0].encode().decode("unicode_escape"), text)
