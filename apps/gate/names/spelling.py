"""The ways in which a name is written: in full, turned round, with initials, in part, run together."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, product
from math import prod

from apps.gate.names.common import ARTICLES, COMMON, LINKS, OFTEN_FIRST, PARTICLES, SHORT
from apps.gate.names.folding import forms_of_name, sound
from apps.gate.names.text import Text, Word

_NO_NAMES_ALONE = COMMON | PARTICLES
_MOST_VARIANTS = 32  # of one run of words; a name in which every word has accents has no end of mixtures


class Kind(enum.Enum):
    """Which part of a name a spelling has."""

    WHOLE = "given name and surname"
    INITIALS = "initials and surname"
    SURNAME = "surname"
    PART = "a part of a compound surname"
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
            return cls(family.strip(), given.strip())
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
    is_ordinary: bool = False  # the given names are words of every text as well: Will, Mark, May
    sound: str = ""  # of a surname that is no common word
    is_short: bool = False  # its surname has so few letters that it is a syllable of much else: Li, Ng, Xu, Ma


@lru_cache(maxsize=20_000)
def spellings(name: Name) -> tuple[Spelling, ...]:
    """Every way to write a name that gives it away."""
    made = {one.letters + one.kind.name: one for one in (_of_person(name) if name.is_person else _of_body(name))}
    return tuple(made.values())


@lru_cache(maxsize=20_000)
def given_forms(name: Name) -> frozenset[str]:
    """The plain forms of somebody's given names."""
    return frozenset(form for word in Text(name.given).words for form in word.forms)


def _of_body(name: Name) -> Iterator[Spelling]:
    words = Text(name.family).words
    common = _are_common(words)
    runs = [words]
    if words and words[0].text.casefold() == "the":
        runs.append(words[1:])
    runs += [kept for run in runs if (kept := [w for w in run if w.text.casefold() != "and"]) != run]  # as with &
    for run in runs:
        for letters, bounds in _variants(_columns(run)):
            yield Spelling(letters, bounds, Kind.BODY, name, common)


def _of_person(name: Name) -> Iterator[Spelling]:
    family = Text(name.family).words
    given = [word for word in Text(name.given).words if word.text.casefold() not in PARTICLES]
    runs = [(Kind.SURNAME, family), *((Kind.PART, [part]) for part in _parts(name))]
    for part, surname in runs:
        common, short = _are_common(surname), sum(len(word.text) for word in surname) <= SHORT
        for letters, bounds in _variants(_columns(surname)):
            heard = "" if common else sound(letters)
            yield Spelling(letters, bounds, part, name, common, sound=heard, is_short=short)
            if not common and len(letters) > 3:
                yield Spelling(letters + "s", bounds, part, name)  # the Zarneckis, Zarneckis view
        for kind, forms, ordinary in _given(given):
            for order in (forms + _columns(surname), _columns(surname) + forms):
                for letters, bounds in _variants(order):
                    yield Spelling(letters, bounds, kind, name, common, common and ordinary, is_short=short)
    for words in [given, *([word] for word in given)]:
        for letters, bounds in _variants(_columns(words)):
            if len(letters) > (2 if len(given) > 1 else 1) and letters not in ARTICLES | LINKS:  # The Old Heron
                yield Spelling(letters, bounds, Kind.GIVEN, name, _are_common(words))


def _given(given: list[Word]) -> Iterator[tuple[Kind, list[tuple[str, ...]], bool]]:
    """The forms of what goes with a surname, and whether they are words of every text as well.

    All given names, each, the first with initials; the initials, the first initial.
    """
    given = [word for word in given if forms_of_name(word.text)]
    if not given:
        return
    full, initials = _columns(given), _initials(given)
    ordinary = [not word.forms.isdisjoint(OFTEN_FIRST) for word in given]
    yield Kind.WHOLE, full, all(ordinary)
    yield Kind.INITIALS, initials[:1], False
    if len(given) > 1:
        yield Kind.INITIALS, initials, False
        yield Kind.WHOLE, full[:1] + initials[1:], ordinary[0]
        yield from ((Kind.WHOLE, [forms], is_word) for forms, is_word in zip(full, ordinary, strict=True))


def _parts(name: Name) -> list[Word]:
    """The words of a compound surname that people use alone: Berg, García and Márquez, Era."""
    text = Text(name.family)
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
    """Words run together, with where they meet: each combination of their forms, or two if there are too many."""
    # Either in Latin letters or in the name's own, where it has others; no mixture.
    latin = [tuple(filter(str.isascii, forms)) or forms for forms in columns]
    own = [tuple(form for form in forms if not form.isascii()) or forms for forms in columns]
    for choice in [latin] if own == latin else [latin, own]:
        many = prod(map(len, choice)) > _MOST_VARIANTS
        ends = [(forms[0], forms[-1]) for forms in choice]
        for combination in zip(*ends, strict=True) if many else product(*choice):
            if bounds := list(accumulate(map(len, combination))):
                yield "".join(combination), frozenset(bounds[:-1])


def _are_common(words: list[Word]) -> bool:
    """Whether every word is in the list of common ones. MacDonald is one word here; De Long is no common name."""
    whole: list[list[Word]] = []
    for word in words:
        if whole and whole[-1][-1].end == word.start:
            whole[-1].append(word)
        else:
            whole.append([word])
    forms = [{"".join(form) for form in product(*(word.forms for word in parts))} for parts in whole]
    starts_with_particle = len(forms) > 1 and not forms[0].isdisjoint(PARTICLES)
    return not starts_with_particle and all(one & _NO_NAMES_ALONE for one in forms)
