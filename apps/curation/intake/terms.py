"""Regions and themes in a text: the vocabulary's labels, however they are inflected, hyphenated or spelt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django_countries import countries

from apps.curation.intake import phrases
from apps.curation.intake.tables.holders import PEOPLES, REGION_WORDS
from apps.curation.intake.tables.terms import EVERYDAY, FAMILIES, SPELLINGS
from apps.taxonomy.vocabulary import Hierarchy, Vocabulary

_TOKEN = re.compile(r"[^\W_]+(?:[.](?=[^\W_][.])[^\W_])*")
_EVERYDAY = {word: phrases.words(phrases.split(table)) for word, table in EVERYDAY.items()}


@dataclass(frozen=True, slots=True)
class Found:
    """A term, by its slug, and the words that stand for it, by their place in the text."""

    slug: str
    start: int
    end: int


class TermFinder:
    """Looks for the terms of one hierarchy: whole words, whatever their case and number, the longest first.

    A label in capitals (US, PRC, END) is an acronym and found in capitals only.
    """

    def __init__(self, hierarchy: Hierarchy) -> None:
        self._hierarchy = hierarchy
        self._slugs: dict[tuple[str, ...], str] = {}
        for node in hierarchy.nodes.values():
            for label in node.alternative_names:
                self._add(label, node.slug, wins=False)
        for node in hierarchy.nodes.values():
            self._add(node.name, node.slug)
        self._prepare()

    def also(self, words: Iterable[tuple[str, str]]) -> None:
        """Find these words too, each for the term of a slug. What the vocabulary itself calls so goes first."""
        for label, slug in words:
            self._add(label, slug, wins=False)
        self._prepare()

    def find(self, text: str) -> list[Found]:
        """Every term in a text, in order."""
        tokens = list(_TOKEN.finditer(text))
        forms = [_forms(token[0]) for token in tokens]
        found: list[Found] = []
        i = 0
        while i < len(tokens):
            length, slug = self._longest_at(forms, i)
            if slug:
                found.append(Found(slug, tokens[i].start(), tokens[i + length - 1].end()))
            i += max(length, 1)
        return [one for one in found if not _is_everyday(text, one)]

    def narrowest(self, text: str) -> list[str]:
        """The slugs of the terms in a text, each once, without those that another one of them lies beneath."""
        slugs = list(dict.fromkeys(one.slug for one in self.find(text)))
        above = {up for slug in slugs for up in self._hierarchy.ancestors(slug) if up != slug}
        return [slug for slug in slugs if slug not in above]

    def _prepare(self) -> None:
        """Note how long the longest label is that begins with a word: most words begin none."""
        self._longest: dict[str, int] = {}
        for key in self._slugs:
            self._longest[key[0]] = max(len(key), self._longest.get(key[0], 0))

    def _longest_at(self, forms: list[tuple[str, ...]], i: int) -> tuple[int, str]:
        longest = max(self._longest.get(form, 0) for form in forms[i])
        for length in range(min(longest, len(forms) - i), 0, -1):
            for key in _combined(forms[i : i + length]):
                if key in self._slugs:
                    return length, self._slugs[key]
        return 0, ""

    def _add(self, label: str, slug: str, wins: bool = True) -> None:
        key = tuple(_key(token) for token in _TOKEN.findall(label))
        if key and (wins or key not in self._slugs):
            self._slugs[key] = slug


def region_finder(vocabulary: Vocabulary) -> TermFinder:
    """Regions, by their labels and by the words for their peoples, capitals and parts of the world."""
    finder = TermFinder(vocabulary.regions)
    finder.also(_people_words(vocabulary.regions))
    return finder


def _people_words(regions: Hierarchy) -> Iterator[tuple[str, str]]:
    for code, words in PEOPLES.items():
        if slug := region_of_country(regions, code):
            yield from ((word.replace("-", " "), slug) for word in words.split())
    for word, labels in REGION_WORDS.items():
        node = next(filter(None, map(regions.find, phrases.split(labels))), None)
        if node:
            yield word, node.slug


def region_of_country(regions: Hierarchy, code: str) -> str:
    """The slug of the region that is a country by itself; empty where the vocabulary has none."""
    alone = [node for node in regions.nodes.values() if node.countries == (code,)]
    named = regions.find(countries.name(code))
    best = named if named and named in alone else next(iter(alone), None)
    return best.slug if best else ""


def _key(token: str) -> str:
    """A word of a label as it is looked for: an acronym as it stands, any other word in its plainest form."""
    return token if _is_acronym(token) else _plainest(token)


def _forms(token: str) -> tuple[str, ...]:
    """What a word of a text may be read as: itself where it is in capitals, and its plain form."""
    return (token, _plainest(token)) if _is_acronym(token) else (_plainest(token),)


def _combined(forms: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The run with its capitals as they stand, then with all of them read as ordinary words: A NEW AXIS."""
    yield tuple(one[0] for one in forms)
    if any(len(one) > 1 for one in forms):
        yield tuple(one[-1] for one in forms)


def _is_acronym(token: str) -> bool:
    letters = token.replace(".", "")
    return len(letters) > 1 and letters.isupper()


def _plainest(token: str) -> str:
    word = token.casefold()
    word = SPELLINGS.get(word, word)
    word = FAMILIES.get(word, word)
    singular = _singular(word)
    singular = SPELLINGS.get(singular, singular)
    return FAMILIES.get(singular, singular)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _is_everyday(text: str, found: Found) -> bool:
    words = _EVERYDAY.get(phrases.plain(text[found.start : found.end]))
    return words is not None and any(
        match.start() <= found.start and found.end <= match.end() for match in words.finditer(text)
    )
