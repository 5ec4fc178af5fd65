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
MOST_WORDS = 40  # of a run that is shown

Phrase = tuple[str, ...]

_WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
_ADDRESS = re.compile(
    rf"(?:https?://|www\.|doi:|10\.\d{{4,9}}/)[^\s<>\"{UNSPACED}\u3000-\u303f\uff01-\uff0f]+", re.IGNORECASE
)
_PORT = re.compile(r"(?<=[a-z0-9]):(?:443|80)(?=[/?#])")  # of a site, where it is the one that goes without saying
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


def longest(shared: Collection[Phrase]) -> Phrase:
    """The longest run that some runs make where one goes on as another begins: the same, whichever text they were
    found in, and however long it is found to be, no longer than MOST_WORDS.

    Raises ValueError where there is none.
    """
    beginning: dict[Phrase, list[Phrase]] = defaultdict(list)
    for run in sorted(shared):
        beginning[run[: SHARED_WORDS - 1]].append(run)
    following = {run: _following(run, beginning) for run in shared}
    steps = dict.fromkeys(shared, 0)  # how many more runs go on from each
    for _ in range(MOST_WORDS - SHARED_WORDS):  # they may go round in a circle
        further = {run: 1 + max(map(steps.__getitem__, after)) if after else 0 for run, after in following.items()}
        if further == steps:
            break
        steps = further
    run = chain = min(shared, key=lambda one: (-steps[one], one))
    for _ in range(steps[run]):
        after = min(following[run], key=lambda one: (-steps[one], one))
        chain, run = (*chain, *after[len(run) - 1 :]), after
    return chain


def _following(run: Phrase, beginning: dict[Phrase, list[Phrase]]) -> list[Phrase]:
    rest = run[1:]
    return [one for one in beginning[rest[: SHARED_WORDS - 1]] if one[: len(rest)] == rest]


def is_long(run: Phrase) -> bool:
    return sum(map(_weight, run)) >= 2 * LONG_RUN


def _weight(word: str) -> int:
    """In halves of a word."""
    return 1 if is_unspaced(word) else 2


def searchable(texts: Iterable[str]) -> str:
    """Texts as addresses are looked for in them: every reading, without disguise or codes, in lower case."""
    plain = "\n".join(INVISIBLE.sub("", clean(one)[0]).casefold() for text in texts for one in readings(text))
    return _PORT.sub("", plain)


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
    bare = re.sub(
        r"^(?:https?://)?(?:www\.|(?:dx\.)?doi\.org/|doi:\s*)?", "", _PORT.sub("", address.strip().casefold())
    )
    bare = bare.rstrip("/.,;:!?")
    return bare if re.search(r"[/?#].", bare) else ""
