"""The ways in which a name is written: in full, turned round, with initials, in part, run together."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, product
from math import prod

from apps.gate.names.common import COMMON, PARTICLES
from apps.gate.names.folding import forms_of_name
from apps.gate.names.text import Word, read

_MOST_VARIANTS = 32  # of one run of words; a name in which every word has accents has no end of mixtures


class Kind(enum.Enum):
    """Which part of a name a spelling has."""

    WHOLE = "given name and surname"
    INITIALS = "initials and surname"
    SURNAME = "surname"
    GIVEN = "given name"
    BODY = "an organisation's name, or a person's that is not taken apart"


@dataclass(frozen=True, slots=True)
class Name:
    """A name to look for. Invisible characters, codes and marks in it are read as they are in a text."""

    family: str
    given: str = ""
    is_person: bool = True

    @classmethod
    def person(cls, family: str, given: str = "") -> Name:
        """A person's name: surname and given names apart."""
        return cls(family, given)

    @classmethod
    def alias(cls, text: str) -> Name:
        """A person's name as somebody wrote it: Quill Zarnecki; Zarnecki, Quill; Anna van der Berg; 岡部."""
        family, comma, given = text.partition(",")
        if comma:
            return cls(family, given)
        words = text.split()
        cut = len(words) - 1
        while cut > 0 and words[cut - 1].casefold() in PARTICLES:
            cut -= 1
        return cls(" ".join(words[cut:]), " ".join(words[:cut]))

    @classmethod
    def body(cls, name: str) -> Name:
        """An organisation's name or acronym, or anything else that is looked for only as a whole."""
        return cls(name, is_person=False)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a name, as plain letters without spaces, and where in them its words meet."""

    letters: str
    bounds: frozenset[int]
    kind: Kind
    name: Name
    is_common: bool = False  # every word of it is common; where there is a surname, every word of that
    is_ordinary: bool = False  # the given names are common words as well


@lru_cache(maxsize=20_000)
def spellings(name: Name) -> tuple[Spelling, ...]:
    """Every way to write a name that gives it away."""
    made = {one.letters + one.kind.name: one for one in (_of_person(name) if name.is_person else _of_body(name))}
    return tuple(made.values())


@lru_cache(maxsize=20_000)
def given_forms(name: Name) -> frozenset[str]:
    """The plain forms of somebody's given names."""
    return frozenset(form for word in read(name.given).words for form in word.forms)


def _of_body(name: Name) -> Iterator[Spelling]:
    words = read(name.family).words
    common = all(map(_is_common, words))
    runs = [words]
    if words and words[0].text.casefold() == "the":
        runs.append(words[1:])
    runs += [kept for run in runs if (kept := [w for w in run if w.text.casefold() != "and"]) != run]  # as with &
    for run in runs:
        for letters, bounds in _variants(_columns(run)):
            yield Spelling(letters, bounds, Kind.BODY, name, common)


def _of_person(name: Name) -> Iterator[Spelling]:
    family = read(name.family).words
    given = [word for word in read(name.given).words if word.text.casefold() not in PARTICLES]
    parts = [[word] for word in _parts(name)]
    for surname in (family, *parts):
        common = all(map(_is_common, surname))
        for letters, bounds in _variants(_columns(surname)):
            yield Spelling(letters, bounds, Kind.SURNAME, name, common)
            if not common and len(letters) > 3:
                yield Spelling(letters + "s", bounds, Kind.SURNAME, name)  # the Zarneckis, Zarneckis view
            for kind, words in _given(given):
            ordinary = common and all(map(_is_common, words))
            forms = _initials(words) if kind is Kind.INITIALS else _columns(words)
            for order in (forms + _columns(surname), _columns(surname) + forms):
                for letters, bounds in _variants(order):
                    yield Spelling(letters, bounds, kind, name, common, ordinary)
    for words in [given, *([word] for word in given)]:
        for letters, bounds in _variants(_columns(words)):
            if len(letters) > (2 if len(given) > 1 else 1):
                yield Spelling(letters, bounds, Kind.GIVEN, name, all(map(_is_common, words)))


def _given(given: list[Word]) -> Iterator[tuple[Kind, list[Word]]]:
    """What of the given names goes with a surname: all, each, the first and initials; initials, the first initial."""
    if not given:
        return
    yield Kind.WHOLE, given
    yield Kind.INITIALS, given[:1]
    if len(given) > 1:
        yield from ((Kind.WHOLE, [word]) for word in given)
        yield Kind.INITIALS, given


def _parts(name: Name) -> list[Word]:
    """The words of a compound surname that people use alone: Berg, García and Márquez, Era."""
    text = read(name.family)
    apart = [i for i in range(1, len(text.words)) if text.gap(i)]  # not MacDonald
    starts = [0, *apart] if apart else []
    return [
        text.words[i]
        for i in starts
        if (len(text.words[i].text) > 2 and text.words[i].text.casefold() not in PARTICLES)
        and (i + 1 in apart or i + 1 == len(text.words))
    ]


def _columns(words: list[Word]) -> list[tuple[str, ...]]:
    """The forms of each word."""
    return [forms for word in words if (forms := forms_of_name(word.text))]


def _initials(words: list[Word]) -> list[tuple[str, ...]]:
    """The first letters of each word's forms."""
    return [tuple(sorted({form[0] for form in forms})) for forms in _columns(words)]


def _variants(columns: list[tuple[str, ...]]) -> Iterator[tuple[str, frozenset[int]]]:
    """Words run together, with where they meet: each combination of their forms, or two of them if there are too many."""
    if not columns:
        return
    many = prod(map(len, columns)) > _MOST_VARIANTS
    ends = [(forms[0], forms[-1]) for forms in columns]
    for combination in zip(*ends, strict=True) if many else product(*columns):
        bounds = list(accumulate(map(len, combination)))
        yield "".join(combination), frozenset(bounds[:-1])


def _is_common(word: Word) -> bool:
    return word.text.casefold() in PARTICLES or not word.forms.isdisjoint(COMMON)
