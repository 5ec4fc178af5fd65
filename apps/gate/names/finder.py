"""Finding names in free text, however they are spelt, disguised or turned round.

A text is read as words, each with every plain form that it could be read as. From each word on, words are put together
for as long as they lead to a spelling of a name: that finds full names either way round, initials, names run together,
s p a c e d, or broken over two lines, in one way. What is found is then judged by how it stands there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apps.gate.names.common import PARTICLES, SHORT
from apps.gate.names.folding import sound
from apps.gate.names.judgement import Reading, judge
from apps.gate.names.spelling import Name, Spelling, spellings
from apps.gate.names.text import Text, read

_LEAST_HEARD = 5  # letters of a surname that is known by its sound; shorter ones sound like anything
_LEAST_WITHIN = 6  # letters of a surname that is found within a longer word: Zarneckian, profzarnecki@


@dataclass(frozen=True, slots=True)
class Match:
    """A name found in a text: the words as they stand there, with their place, end exclusive."""

    words: str
    start: int
    end: int
    certain: bool  # else it may be a common word, or somebody else's given name


class NameFinder:
    """Looks for many names at once: building it costs a moment, a text then costs about what it takes to read it.

    `literal` are texts that are looked for only as a whole: e-mail addresses, nicknames of several words.
    """

    def __init__(self, names: Iterable[Name], literal: Iterable[str] = ()) -> None:
        self._spellings: dict[str, list[Spelling]] = {}
        self._sounds: set[str] = set()
        self._within: set[str] = set()
        for name in {*names, *map(Name.body, literal)}:
            for spelling in spellings(name):
                self._spellings.setdefault(spelling.letters, []).append(spelling)
                if len(spelling.sound) >= _LEAST_HEARD:
                    self._sounds.add(spelling.sound)
                if spelling.sound and len(spelling.letters) >= _LEAST_WITHIN:
                    self._within.add(spelling.letters)
        self._letters = sorted(self._spellings)

    def find(self, text: str) -> list[Match]:
        """Every place where one of the names stands, in order; the certain and the longer win where they overlap."""
        words = read(text)
        found = sorted(self._judged(words), key=lambda one: (not one[2], one[0] - one[1]))
        taken = bytearray(len(words.words))
        matches = []
        for first, last, certain in found:
            if not any(taken[first : last + 1]):
                taken[first : last + 1] = b"\1" * (last + 1 - first)
                start, end = words.span(first, last)
                matches.append(Match(text[start:end], start, end, certain))
        return sorted(matches, key=lambda match: match.start)

    def _judged(self, text: Text) -> Iterator[tuple[int, int, bool]]:
        """What could be a name: the first and last of its words, and whether it is certain."""
        for i, word in enumerate(text.words):
            for form in word.forms:
                if self._leads_on(form):
                    for reading in self._readings(text, i, form):
                        if (certain := judge(reading)) is not None:
                            yield reading.first, reading.last, certain
                if self._is_heard(text, i, form):
                    yield i, i, False

    def _readings(self, text: Text, first: int, form: str) -> Iterator[Reading]:
        """The spellings that the words from the first on make, if that is read as this form."""
        states: list[tuple[str, tuple[int, ...]]] = [(form, ())]
        last = first
        while states:
            for letters, breaks in states:
                for spelling in self._spellings.get(letters, ()):
                    if _holds(text, first, breaks, spelling):
                        bounds = spelling.bounds
                        yield Reading(
                            text, spelling, first, last, not bounds.issuperset(breaks), not bounds.issubset(breaks)
                        )
            last += 1
            if last == len(text.words) or not (any(text.joint(last)) or _is_spaced(text, last)):
                return
            states = [
                (letters + more, (*breaks, len(letters)))
                for letters, breaks in states
                for more in text.words[last].forms
                if self._leads_on(letters + more)
            ]

    def _leads_on(self, letters: str) -> bool:
        """Whether a spelling starts with these letters."""
        place = bisect_left(self._letters, letters)
        return place < len(self._letters) and self._letters[place].startswith(letters)

    def _is_heard(self, text: Text, i: int, form: str) -> bool:
        """Whether a word sounds like a surname, is derived from one (Zarneckian), or, in an address, has one within."""
        if len(form) < _LEAST_HEARD:
            return False
        if text.words[i].is_capitalised:
            if sound(form) in self._sounds:
                return True
            if any(form[:length] in self._within for length in range(_LEAST_WITHIN, len(form))):
                return True
        return len(form) > _LEAST_WITHIN and text.is_address(i) and any(letters in form for letters in self._within)


def _holds(text: Text, first: int, breaks: tuple[int, ...], spelling: Spelling) -> bool:
    """Whether what stands between the words may stand there in this spelling."""
    pieces = [text.words[first + i] for i in range(len(breaks) + 1)]
    if len(pieces) > SHORT and all(len(piece.text) == 1 for piece in pieces):
        return True  # s p a c e d
    for i, place in enumerate(breaks, start=1):
        joint = text.joint(first + i)
        if place not in spelling.bounds and text.words[first + i].text == "s" and text.gap(first + i) in ("'", "’"):
            return False  # Zarnecki's is no plural
        if not (joint.between if place in spelling.bounds else joint.inside or _is_prefix(text, first + i)):
            return False
    return True


def _is_prefix(text: Text, i: int) -> bool:
    """Whether a space before word i parts a name that is written without it: Mac Donald, De Luca."""
    return text.gap(i) == " " and text.words[i].is_capitalised and text.words[i - 1].text.casefold() in PARTICLES


def _is_spaced(text: Text, i: int) -> bool:
    """Whether word i and the one before it are single letters, as in a word that is spaced out."""
    return len(text.words[i].text) == 1 == len(text.words[i - 1].text) and len(text.gap(i)) < 4
