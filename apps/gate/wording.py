"""Runs of words that two texts have in common, as they are read: without markup, disguise, or hyphens at line ends."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import accumulate

from apps.gate.addresses import ADDRESS
from apps.gate.names.cleaning import clean
from apps.gate.names.folding import UNSPACED, folds, is_unspaced
from apps.gate.names.text import HYPHENS, INVISIBLE
from apps.gate.readings import readings

SHARED_WORDS = 7  # a run of this many words in common is no accident: the length of a phrase, not of an idiom
LONG_RUN = 12  # no treaty's title, no turn of phrase: somebody's sentence
MOST_WORDS = 40  # of a run that is shown

Phrase = tuple[str, ...]

_WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
_BROKEN = re.compile(rf"[{re.escape(''.join(sorted(HYPHENS)))}][ \t]*\r?\n\s*")


def runs(text: str) -> set[Phrase]:
    """Every run of seven words. Of scripts that put no space between words, two characters count as a word.

    What is cited by its address is no wording. A hyphen at the end of a line may be a part of the word, or not; a
    letter of another alphabet may be what it is, or what it looks like: each is read both ways.
    """
    found: set[Phrase] = set()
    for reading in readings(text):
        plain = INVISIBLE.sub("", ADDRESS.sub(" ", clean(reading)[0]))
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
