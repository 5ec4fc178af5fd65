"""Runs of words that two texts have in common, as they are read: without markup, disguise, or hyphens at line ends."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate

from apps.gate.case import readings
from apps.gate.names.cleaning import clean
from apps.gate.names.folding import UNSPACED, folds, is_unspaced
from apps.gate.names.text import HYPHENS, INVISIBLE

SHARED_WORDS = 7  # a run of this many words in common is no accident: the length of a phrase, not of an idiom
LONG_RUN = 12  # no treaty's title, no turn of phrase: somebody's sentence

Phrase = tuple[str, ...]

_WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
_ADDRESS = re.compile(
    rf"(?:https?://|www\.|doi:|10\.\d{{4,9}}/)[^\s<>\"{UNSPACED}\u3000-\u303f\uff01-\uff0f]+", re.IGNORECASE
)
_BROKEN = re.compile(rf"[{re.escape(''.join(sorted(HYPHENS)))}][ \t]*\r?\n\s*")


def runs(text: str) -> set[Phrase]:
    """Every run of seven words. Of scripts that put no space between words, two characters count as a word.

    What is cited by its address is no wording. A hyphen at the end of a line may be a part of the word, or not; a
    letter of another alphabet may be what it is, or what it looks like: each is read both ways.
    """
    found: set[Phrase] = set()
    for reading in readings(text):
        plain = INVISIBLE.sub("", _ADDRESS.sub(" ", clean(reading)[0]))
        for joined in {plain, _BROKEN.sub("", plain)}:
            words = _WORD.findall(joined)
            found.update(_windows([_form(word, first=True) for word in words]))
            if not joined.isascii():
                found.update(_windows([_form(word, first=False) for word in words]))
    return found


def _form(word: str, first: bool) -> str:
    if word.isascii() or is_unspaced(word):
        return word.casefold() if word.isascii() else unicodedata.normalize("NFKC", word)
    forms = folds(word)
    return (min(forms) if first else max(forms)) if forms else word.casefold()


def _windows(words: list[str]) -> Iterator[Phrase]:
    weights = list(accumulate(map(_weight, words), initial=0))
    for i in range(len(words)):
        end = bisect_left(weights, weights[i] + 2 * SHARED_WORDS)
        if end > len(words):
            return
        yield tuple(words[i:end])


def chained(shared: Collection[Phrase]) -> list[Phrase]:
    """The runs put together where one goes on as another begins: the same, whichever text they were found in."""
    following: dict[Phrase, list[Phrase]] = defaultdict(list)
    for run in sorted(shared):
        following[run[: SHARED_WORDS - 1]].append(run)
    goes_on = {run: _after(run, following) for run in shared}
    led_to = {after for after in goes_on.values() if after}
    # Those that begin a chain come first; what they leave goes round in a circle.
    left = dict.fromkeys([*sorted(set(shared) - led_to), *sorted(shared)])
    chains: list[Phrase] = []
    while left:
        at: Phrase | None = next(iter(left))
        chain: Phrase = ()
        while at is not None and at in left:
            del left[at]
            chain = (*chain, *at[len(at) - 1 :]) if chain else at
            at = goes_on[at]
        chains.append(chain)
    return chains


def _after(run: Phrase, following: dict[Phrase, list[Phrase]]) -> Phrase | None:
    rest = run[1:]
    return next((one for one in following[rest[: SHARED_WORDS - 1]] if one[: len(rest)] == rest), None)


def is_long(run: Phrase) -> bool:
    return sum(map(_weight, run)) >= 2 * LONG_RUN


def _weight(word: str) -> int:
    """In halves of a word."""
    return 1 if is_unspaced(word) else 2


def searchable(texts: Iterable[str]) -> str:
    """Texts as addresses are looked for in them: every reading, without disguise or codes, in lower case."""
    return "\n".join(INVISIBLE.sub("", clean(one)[0]).casefold() for text in texts for one in readings(text))


def found_in(text: str, addresses: Iterable[str]) -> set[str]:
    """Those of some addresses that stand in a searchable text, whatever stands before or after them."""
    return {
        one
        for one in addresses
        if one in text and re.search(rf"(?<![a-z0-9]){re.escape(one)}(?![a-z0-9]|[-_.][a-z0-9])", text)
    }


def plain_address(address: str) -> str:
    """An address without what may be left out of it: scheme, www, the resolver of a DOI, a slash or stop at the end.
    Empty where nothing but a site is left, which leads to no text."""
    bare = re.sub(r"^(?:https?://)?(?:www\.|(?:dx\.)?doi\.org/|doi:\s*)?", "", address.strip().casefold())
    bare = bare.rstrip("/.,;:!?")
    return bare if re.search(r"[/?#].", bare) else ""
