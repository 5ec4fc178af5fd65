"""A text as words with places, so that what is found in it can be pointed at."""

from __future__ import annotations

import enum
import re
from bisect import bisect_right
from functools import cached_property, lru_cache
from typing import NamedTuple

from apps.gate.names.cleaning import clean
from apps.gate.names.folding import UNSPACED, forms_in_text

_WORD = re.compile(rf"\d+|[{UNSPACED}]|[^\W\d_{UNSPACED}]+")
INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    r"\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
HYPHENS = frozenset("-\u2010\u2011\u2012\u2013")
_HYPHENS = r"\-\u2010-\u2013¬"
_INSIDE = re.compile(rf"[{_HYPHENS}'’‘ʼ`´·*_~\\.|+#]{{0,4}}|[{_HYPHENS}]\s[\s>]{{0,12}}")
_BETWEEN = re.compile(r"(?![\s\S]*\n\s*\n)(?![\s\S]*[.:]\s)[^;!?…]{0,8}")
_SENTENCE_END = re.compile(r"[.!?:•…]['’”\"»)\]*_]*(?:\s|$)|\n\s*(?:\n|[-*#>\d])|[“\"‘«(\[][*_]*$|\s'$")
_ADDRESS = re.compile(r"[@_\\#~]|//|(?<!\S)/|/.*/|\w{2}\.\w{2}|%[0-9A-Fa-f]{2}")
_LONGEST_GAP = 16
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gen adm amb col maj capt lt sen rep st vs cf eg ie approx esp hon rt".split()
)


class Word(NamedTuple):
    """A word of a text, or a part of one that has a capital or a digit within: where it stands in the clean text."""

    text: str
    start: int
    end: int
    forms: frozenset[str]

    @property
    def is_capitalised(self) -> bool:
        return self.text[:1].isupper()


class Joint(NamedTuple):
    """What the characters between two words let them be: parts of one word, or two words of one name."""

    inside: bool
    between: bool


class Start(enum.Enum):
    """Whether a word starts a sentence, so that a capital tells nothing, or only a line, so that it tells little."""

    NO = 0
    LINE = 1
    SENTENCE = 2


class Text:
    """A text taken apart into words. Places in `words` are those of the clean text; `span` gives the original's."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.clean, self._starts, self._ends = clean(text)
        self.words: list[Word] = []
        for match in _WORD.finditer(self.clean):
            for word, start in _parts(match[0], match.start()):
                self.words.append(Word(word, start, start + len(word), forms_in_text(word)))
        self._joints: dict[int, Joint] = {}

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the words from first to last stand in the original text, end exclusive."""
        return self._starts[self.words[first].start], self._ends[self.words[last].end - 1]

    def gap(self, i: int) -> str:
        """What can be seen between word i and the one before it; at either end, up to the end of the text."""
        start = self.words[i - 1].end if i > 0 else 0
        end = self.words[i].start if i < len(self.words) else len(self.clean)
        return INVISIBLE.sub("", self.clean[start:end])

    def joint(self, i: int) -> Joint:
        """What the gap before word i lets it and its neighbour be."""
        if i not in self._joints:
            gap = self.gap(i)
            joint = _joint(gap) if len(gap) <= _LONGEST_GAP else Joint(False, False)
            # The stop after an initial or an abbreviation ends no sentence.
            between = joint.between or self._is_abbreviated(i - 1, gap)
            self._joints[i] = Joint(joint.inside, between)
        return self._joints[i]

    def is_glued(self, first: int, last: int) -> bool:
        """Whether the words are only a part of a longer one."""
        return self._touch(first) or self._touch(last + 1)

    def start(self, i: int) -> Start:
        """Whether word i starts a sentence or a line."""
        gap = self.gap(i)
        gap = gap if len(gap) < 64 else gap[:32] + gap[-32:]
        if i == 0 or (_SENTENCE_END.search(gap) and not self._is_abbreviated(i - 1, gap)):
            return Start.SENTENCE
        return Start.LINE if "\n" in gap else Start.NO

    def is_address(self, i: int) -> bool:
        """Whether word i stands in an e-mail address, a URL, a file name or the like, where capitals tell nothing."""
        chunk = bisect_right(self._addresses, (self.words[i].start, len(self.clean))) - 1
        return chunk >= 0 and self.words[i].start < self._addresses[chunk][1]

    def is_segment(self, first: int, last: int) -> bool:
        """Whether the words are the whole of a part of an address: king in notes_king.pdf, not in king-size.pdf."""
        before = self.clean[max(self.words[first].start - 1, 0) : self.words[first].start]
        after = self.clean[self.words[last].end : self.words[last].end + 1]
        return not any(c.isalpha() or c in "-‐%+" for c in before + after)

    @cached_property
    def _addresses(self) -> list[tuple[int, int]]:
        if _ADDRESS.search(self.clean) is None:
            return []
        return [match.span() for match in re.finditer(r"\S+", self.clean) if _ADDRESS.search(match[0])]

    def _touch(self, i: int) -> bool:
        """Whether there is nothing to be seen between word i and the one before it, and both are letters."""
        pair = self.words[i - 1 : i + 1] if 0 < i < len(self.words) else []
        return bool(pair) and not self.gap(i) and all(word.text.isalpha() for word in pair)

    def _is_abbreviated(self, i: int, gap: str) -> bool:
        word = self.words[i]
        return gap.startswith(".") and not gap.strip(". ,-") and (
            len(word.text) == 1 or not word.forms.isdisjoint(_ABBREVIATIONS)
        )  # fmt: skip


@lru_cache(maxsize=64)
def read(text: str) -> Text:
    """A text as words. The last few are kept, since several finders look through the same ones."""
    return Text(text)


@lru_cache(maxsize=4096)
def _joint(gap: str) -> Joint:
    return Joint(_INSIDE.fullmatch(gap) is not None, _BETWEEN.fullmatch(gap) is not None)


def _parts(word: str, start: int) -> list[tuple[str, int]]:
    """A word in its parts, each with its place: QZarnecki, notesZarnecki, MacDonald."""
    if len(word) == 1 or word.islower() or word[1:].islower() or word.isupper():
        return [(word, start)]
    cuts = [0]
    for i in range(1, len(word)):
        if word[i].isupper() and (not word[i - 1].isupper() or word[i + 1 : i + 2].islower()):
            cuts.append(i)
    return [(word[cut:end], start + cut) for cut, end in zip(cuts, [*cuts[1:], len(word)], strict=True)]
