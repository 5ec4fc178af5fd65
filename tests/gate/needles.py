"""Made-up words that stand nowhere else, and finding them in bytes, however they are written there."""

from __future__ import annotations

import base64
import html
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from anyascii import anyascii

from apps.public.search import schema

_ONSETS, _VOWELS, _CODAS = "bdfghklmnprstvz", "aeiou", "gkmnxz"
_ACCENTS = str.maketrans("aeiou", "áèîöü")
_BESIDE = str.maketrans(
    "bdfghklmnprstvzxaeiouáèîöüQWJ" + "BDFGHKLMNPRSTVZXAEIOUÁÈÎÖÜ",
    "dfghklmnprstvzbkeiouaèîöüáWJQ" + "DFGHKLMNPRSTVZBKEIOUAÈÎÖÜÁ",
)
_SHORTEST = 5  # bytes of the shortest needle
# What parts words in pages and in JSON, and stands in no needle; what base64 and percent-encoding use is not here.
_APART = re.compile(rb'[\s<>"&;?]+')


class Words:
    """Pronounceable words, each made once: "Vexoloramit". Those that may come out are too short to be taken for, or to
    be suggested in place of, those that must not."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._made: set[str] = set()

    def secret(self, accented: bool = False) -> str:
        """Eleven letters; with an accent on every vowel but the first, if so wanted."""
        word = self._new(5)
        return word[:2] + word[2:].translate(_ACCENTS) if accented else word

    def public(self) -> str:
        """Seven letters."""
        return self._new(3)

    def acronym(self) -> str:
        """Nine capitals that stand together in no word, and in no identifier, which have neither o nor u; too many to
        come up in a random token of the admin's."""
        pick = self._rng.choices
        return self._once(lambda: "".join([*pick("JQWXZ", k=4), *pick("OU"), *pick("JQWXZ", k=4)]))

    def _new(self, syllables: int) -> str:
        pick = self._rng.choice
        return self._once(
            lambda: "".join(pick(_ONSETS) + pick(_VOWELS) for _ in range(syllables)).title() + pick(_CODAS)
        )

    def _once(self, make: Callable[[], str]) -> str:
        while (word := make()) in self._made:
            pass
        self._made.add(word)
        return word


def nonsense(word: str) -> str:
    """A word of the same length and make, in letters and in bytes, that nobody planted and that sorts the same."""
    return word[:-5] + word[-5:].translate(_BESIDE)


class Needles:
    """Words to find in bytes: in any case, without accents, stemmed, escaped, percent-encoded, in base64."""

    def __init__(self, words: Iterable[str]) -> None:
        self._forms: dict[bytes, list[tuple[bytes, str]]] = defaultdict(list)  # by their first bytes
        for word in words:
            for form in set(_forms(word)):
                assert len(form) >= _SHORTEST, word
                self._forms[form[:_SHORTEST]].append((form, word))

    def within(self, data: bytes) -> set[str]:
        """The words in these bytes."""
        found = set()
        for haystack in {data, data.lower()}:
            for start in range(len(haystack) - _SHORTEST + 1):
                for form, word in self._forms.get(haystack[start : start + _SHORTEST], ()):
                    if haystack.startswith(form, start):
                        found.add(word)
        return found


class Sieve:
    """What is poured into it is looked through; whatever was looked through before is not looked at twice."""

    def __init__(self, needles: Needles) -> None:
        self._needles = needles
        self._seen: set[bytes] = set()
        self.found: dict[str, str] = {}  # words, each with where it was found first

    def pour(self, text: bytes, where: str) -> None:
        pieces = {*_APART.split(text), *_APART.split(html.unescape(text.decode(errors="replace")).encode())}
        for piece in pieces - self._seen:
            for word in self._needles.within(piece):
                self.found.setdefault(word, where)
        self._seen |= pieces


def _forms(word: str) -> Iterator[bytes]:
    plain = anyascii(word)
    spelt = {word, word.lower(), word.upper(), plain, plain.lower(), plain.upper()}
    for one in spelt:
        yield from _in_base64(one.encode())
    for one in spelt | {*schema.stems(word)}:
        yield one.encode().lower()  # as the bytes of a text are made small: its accents stay as they are
        yield quote(one).encode().lower()
        yield json.dumps(one)[1:-1].encode().lower()


def _in_base64(word: bytes) -> Iterator[bytes]:
    """What a word makes of base64 wherever in a text it starts: without the ends, which depend on its neighbours."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + word)
        yield whole[-(-before * 8 // 6) : (before + len(word)) * 8 // 6]
