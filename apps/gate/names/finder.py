"""Finding names in free text, however they are spelt, disguised or turned round.

A text is read as words. Each word, and each word of a name, is folded to every plain form that it could be
read as: without accents, transliterated to Latin letters, with letters of other alphabets taken for the
Latin ones that they look like, with ä, ö, ü written out. Two words are the same if they share a form.

A surname that is also a common word (May, Long, Price) is judged by its surroundings, so that the checker
is not ignored out of boredom: it is certain, worth a look, or nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from anyascii import anyascii
from confusable_homoglyphs import confusables

_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]"
)  # scripts that put no space between words
_SENTENCE_END = re.compile(r"[.!?:;•\n]\W*$")
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})

_TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady general gen admiral adm colonel col major captain capt "
    "lieutenant lt ambassador amb minister secretary senator sen representative rep president chancellor director "
    "chair chairman chairwoman judge justice".split()
)
_SAYING = frozenset(
    "said says argued argues noted notes asked asks added adds replied replies claimed claims stressed stresses "
    "suggested suggests warned warns explained explains thought thinks agreed agrees disagreed disagrees proposed "
    "proposes observed observes concluded concludes emphasised emphasized responded insisted remarked pointed wrote "
    "writes told believes believed countered objected recalled opened chaired spoke speaks presented was is had has".split()
)
_PARTICLES = frozenset("van von der den de del della di da dos du la le el al bin ibn ben ter ten af av zu zur".split())
_LEAD_TO_MONTHS = frozenset(
    "in since until till by from early late mid last next this every during before after of through to and".split()
)


@cache
def common_words() -> frozenset[str]:
    """Surnames that are also common English words, months or places; a list beside this file."""
    lines = Path(__file__).with_name("common_surnames.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _lookalikes() -> dict[int, str]:
    """Letters of other alphabets, each with the Latin letter that it can be mistaken for (Unicode's confusables)."""
    table: dict[int, str] = {}
    for character, others in confusables.confusables_data.items():
        if len(character) == 1 and not character.isascii() and character.isalpha():
            latin = next(
                (one["c"] for one in others if len(one["c"]) == 1 and one["c"].isascii() and one["c"].isalpha()), ""
            )
            if latin:
                table[ord(character)] = latin
    return table


@lru_cache(maxsize=100_000)
def folds(word: str) -> frozenset[str]:
    """Every plain form, in lower-case ASCII letters, that a word could be read as."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    readings = {anyascii(plain)}
    if not plain.isascii():
        readings.add(anyascii(plain.translate(_WRITTEN_OUT)))
        # Both before and after the marks are taken off: an accented lookalike is in no table of lookalikes.
        bare = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
        readings.add(anyascii(unicodedata.normalize("NFKC", word).translate(_lookalikes())))
        readings.add(anyascii(bare.translate(_lookalikes())))
    return frozenset("".join(filter(str.isalpha, reading.casefold())) for reading in readings) - {""}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: where it stands, and what it could be read as."""

    text: str
    start: int
    end: int
    forms: frozenset[str]
    starts_sentence: bool = False

    @property
    def is_capitalised(self) -> bool:
        return self.text[:1].isupper()


class Text:
    """A text taken apart into words; invisible characters are skipped, and places are those of the text as it came."""

    def __init__(self, text: str) -> None:
        self.original = text
        kept = [i for i, character in enumerate(text) if not _INVISIBLE.match(character)]
        clean = "".join(text[i] for i in kept)
        # Compose the marks that follow a letter, letter by letter, so that places stay those of the original.
        self.clean, self._places = _compose(clean, kept)
        self.words = list(self._read())

    def _read(self) -> Iterator[Word]:
        previous_end = 0
        for match in _WORD.finditer(self.clean):
            between = self.clean[previous_end : match.start()]
            yield Word(
                match[0],
                self._places[match.start()],
                self._places[match.end() - 1] + 1,
                folds(match[0]),
                starts_sentence=previous_end == 0 or bool(_SENTENCE_END.search(between)),
            )
            previous_end = match.end()

    def between(self, one: Word, other: Word) -> str:
        return self.original[one.end : other.start]

    def quote(self, start: int, end: int) -> str:
        return self.original[start:end]


def _compose(clean: str, kept: list[int]) -> tuple[str, list[int]]:
    characters: list[str] = []
    places: list[int] = []
    for character, place in zip(clean, kept, strict=True):
        if characters and unicodedata.combining(character):
            composed = unicodedata.normalize("NFC", characters[-1] + character)
            if len(composed) == 1:
                characters[-1] = composed
            continue  # a mark that makes no letter of its own is a disguise, or an ornament
        characters.append(character)
        places.append(place)
    return "".join(characters), places


@dataclass(frozen=True, slots=True)
class Match:
    """A name found in a text."""

    words: str  # as they stand in the text
    start: int
    end: int
    certain: bool  # else it may be a common word, or somebody else's given name


@dataclass(frozen=True, slots=True)
class Name:
    """A name to look for, as words: a person's with given names apart from the surname, or a body's as one."""

    family: tuple[str, ...]
    given: tuple[str, ...] = ()
    is_person: bool = True

    @classmethod
    def person(cls, family: str, given: str = "") -> Name:
        return cls(tuple(_WORD.findall(family)), tuple(_WORD.findall(given)))

    @classmethod
    def body(cls, name: str) -> Name:
        return cls(tuple(_WORD.findall(name)), is_person=False)


@dataclass
class NameFinder:
    """Looks for many names at once: building it costs a moment, a text then costs about what it takes to read it."""

    names: Iterable[Name]
    literal: Iterable[str] = ()  # found as they are: e-mail addresses, names in unspaced scripts
    _starts: dict[str, list[tuple[tuple[frozenset[str], ...], Name, bool]]] = field(init=False, repr=False)
    _joined: dict[str, Name] = field(init=False, repr=False)
    _given: dict[str, Name] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._starts, self._joined, self._given = defaultdict(list), {}, {}
        self.literal = [unicodedata.normalize("NFKC", one).casefold() for one in self.literal if one]
        for name in self.names:
            if not name.family:
                continue
            for sequence, whole in _sequences(name):
                forms = tuple(folds(word) for word in sequence)
                for form in forms[0]:
                    self._starts[form].append((forms, name, whole))
            for joined in _run_together(name):
                self._joined.setdefault(joined, name)
            for given in name.given:
                for form in folds(given):
                    if len(form) > 2 and form not in common_words():
                        self._given.setdefault(form, name)

    def find(self, text: str) -> list[Match]:
        """Every place where one of the names stands, in order; the certain and the longer win where they overlap."""
        read = Text(text)
        found = [*self._literally(text), *self._in_words(read)]
        found.sort(key=lambda match: (not match.certain, match.start - match.end))
        taken: list[Match] = []
        for match in found:
            if all(match.end <= other.start or other.end <= match.start for other in taken):
                taken.append(match)
        return sorted(taken, key=lambda match: match.start)

    def _literally(self, text: str) -> Iterator[Match]:
        if not self.literal:
            return
        shown = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
        for one in self.literal:
            if one in shown:
                start = max(text.casefold().find(one), 0)
                yield Match(
                    text[start : start + len(one)] if start or text.casefold().startswith(one) else one,
                    start,
                    start + len(one),
                    True,
                )

    def _in_words(self, text: Text) -> Iterator[Match]:
        words = text.words
        for i, word in enumerate(words):
            for form in word.forms:
                for forms, name, whole in self._starts.get(form, ()):
                    end = _follows(words, i, forms)
                    if end and (match := _judge(text, i, end, name, whole)):
                        yield match
            yield from self._run_together(text, i)
            if word.is_capitalised and (name := next(filter(None, map(self._given.get, word.forms)), None)):
                yield Match(text.quote(word.start, word.end), word.start, word.end, certain=False)

    def _run_together(self, text: Text, i: int) -> Iterator[Match]:
        """A name written as one word, broken by hyphens, or s p a c e d out."""
        word, end, forms = text.words[i], i + 1, text.words[i].forms
        candidates = [(forms, end)]
        letters = len(word.text) == 1
        while end < len(text.words) and end - i < 24:
            gap = text.between(text.words[end - 1], text.words[end])
            hyphen = re.fullmatch(r"[-‐‑'’.\u00b7]\s*", gap) is not None
            letters = letters and len(text.words[end].text) == 1 and len(gap) <= 2
            if not (hyphen or letters):
                break
            forms = frozenset(a + b for a in forms for b in text.words[end].forms)
            end += 1
            candidates.append((forms, end))
        for forms, stop in candidates:
            for form in forms:
                if form in self._joined:
                    last = text.words[stop - 1]
                    yield Match(text.quote(word.start, last.end), word.start, last.end, certain=True)


def _sequences(name: Name) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The orders of words that give a name away, each with whether it is the whole name."""
    family, given = name.family, name.given
    if given:
        yield given + family, True
        yield family + given, True
        yield (given[0], *family), True
        yield (*family, given[0]), True
    yield family, not name.is_person or bool(len(family) > 1)
    if name.is_person and len(family) > 1:
        # Dell'Era, van der Berg, García Márquez: the parts that people use alone
        for part in family:
            if len(part) > 3 and part.casefold() not in _PARTICLES:
                yield (part,), False


def _run_together(name: Name) -> Iterator[str]:
    """The name as one word: quillzarnecki, zarneckiquill, qzarnecki, dellera; also with the s of a genitive."""
    if not name.is_person:
        return
    families = _products(name.family)
    for family in families:
        if len(name.family) > 1 or len(family) > 4:
            if family not in common_words():
                yield family
                yield family + "s"
        for given in _products(name.given):
            yield given + family
            yield family + given
            yield given[0] + family
        for given in (form for word in name.given[:1] for form in folds(word)):
            yield given + family
            yield family + given


def _products(words: tuple[str, ...]) -> set[str]:
    joined = {""}
    for word in words:
        joined = {a + b for a in joined for b in folds(word)}
    return joined - {""}


def _follows(words: list[Word], i: int, forms: tuple[frozenset[str], ...]) -> int:
    """Where a sequence of words that starts at i ends; 0 if it isn't there."""
    if i + len(forms) > len(words):
        return 0
    return i + len(forms) if all(form & words[i + j].forms for j, form in enumerate(forms)) else 0


def _judge(text: Text, start: int, end: int, name: Name, whole: bool) -> Match | None:
    """How sure one may be that these words are the name, from how they are written and what stands around them."""
    words = text.words
    first, last = words[start], words[end - 1]
    certain: bool | None = True
    if end - start == 1 and not (whole and name.is_person):
        certain = _judge_one(text, start, name)
    if certain is None:
        return None
    return Match(text.quote(first.start, last.end), first.start, last.end, certain)


def _judge_one(text: Text, i: int, name: Name) -> bool | None:
    """A single word: certain, worth a look (False), or nothing (None)."""
    words, word = text.words, text.words[i]
    form = min(word.forms)
    shown = word.text
    if not name.is_person:
        # An acronym is written in capitals: US is not us.
        return True if len(form) > 5 or shown.isupper() or shown == name.family[0] else None
    common = bool(word.forms & common_words())
    if not common and len(form) > 3:
        return True
    if not word.is_capitalised:
        return None
    before = words[i - 1] if i else None
    after = words[i + 1] if i + 1 < len(words) else None
    given = {form for part in name.given for form in folds(part)}
    initials = {form[0] for form in given}
    if before and (before.forms & (given | _TITLES) or (len(before.text) == 1 and before.forms & initials)):
        return True
    if after and after.forms & given:
        return True
    if not common:  # short and rare: Li, Ng, Xu; in capitals it may be an acronym
        return not (shown.isupper() and len(shown) > 1)
    if _is_month(text, i, before, after):
        return None
    if after and after.text.casefold() in _SAYING:
        return True
    if re.match(r"['’]s\b", text.original[word.end : word.end + 3]) and not word.starts_sentence:
        return True
    return not (word.starts_sentence or _is_title_case(text, i) or form in _MONTHS)


_MONTHS = frozenset("march april may june august".split())


def _is_month(text: Text, i: int, before: Word | None, after: Word | None) -> bool:
    """May 2023; 6 May; since May; the words of a date, which never hide a name."""
    word = text.words[i]
    if not word.forms & _MONTHS:
        return False
    follows = text.original[word.end : word.end + 6]
    precedes = text.original[max(word.start - 6, 0) : word.start]
    return bool(
        re.match(r"[,\s]+\d", follows)
        or re.search(r"\d(?:st|nd|rd|th)?[\s.–-]+$", precedes)
        or (before and before.text.casefold() in _LEAD_TO_MONTHS and not (after and after.text.casefold() in _SAYING))
    )


def _is_title_case(text: Text, i: int) -> bool:
    """Whether the words around are capitalised as in a heading, so that a capital says nothing."""
    around = [word for word in text.words[max(i - 4, 0) : i + 5] if word is not text.words[i] and len(word.text) > 3]
    return len(around) > 1 and all(word.is_capitalised for word in around)
