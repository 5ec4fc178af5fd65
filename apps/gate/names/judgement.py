"""How sure one may be that some words of a text are somebody's name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from apps.gate.names.common import COMMON, EVERYDAY, MONTHS, PARTICLES, SHORT
from apps.gate.names.folding import is_unspaced
from apps.gate.names.spelling import Kind, Spelling, given_forms
from apps.gate.names.surroundings import Surroundings
from apps.gate.names.text import HYPHENS, Start, Text, Word

_LEAST_TOGETHER = 7  # letters of a name without its spaces that are no word by chance: liwei, mali
_LONGEST_ACRONYM = 5


class Reading(NamedTuple):
    """Some words of a text, from first to last, that could be read as a spelling of a name."""

    text: Text
    spelling: Spelling
    first: int
    last: int
    is_broken: bool  # a word of the name stands in pieces
    is_together: bool  # words of the name stand without anything between


def judge(reading: Reading) -> bool | None:
    """True for a name that is certain, False for what may be one, None for what is none."""
    return _JUDGES[reading.spelling.kind](reading)


def _whole(reading: Reading) -> bool | None:
    """Given names and surname. Theresa may doubt it, and a will power through: they need their capitals."""
    text, spelling, first, last, _, together = reading
    if together and len(spelling.letters) < _LEAST_TOGETHER and first == last:
        return False if text.is_address(first) and text.is_segment(first, last) else None
    if not spelling.is_common:
        return True
    capitals = {word.is_capitalised for word in _telling_words(reading)}
    if text.is_address(first):
        return True if not spelling.is_ordinary else False if text.is_segment(first, last) else None
    if len(capitals) > 1 or (spelling.is_ordinary and capitals == {False}):
        return None
    if not spelling.is_ordinary:
        return True
    around = Surroundings(text, first, last)
    opens = around.start is not Start.NO and not around.acts_as_name()  # Will power decide?
    return not (opens or around.is_title_case() or around.is_followed_by_capital())


def _initials(reading: Reading) -> bool | None:
    """Initials and surname, either way round: Q. Zarnecki; Zarnecki, Q.; qzarnecki@."""
    text, spelling, first, last, _, _ = reading
    words = text.words[first : last + 1]
    doubtful = spelling.is_common or spelling.is_short
    if text.is_address(first):
        if not doubtful:
            return True
        return False if text.is_segment(first, last) else None
    if first == last:  # qzarnecki in the middle of a sentence; treason is no T. Reason
        return False if not spelling.is_common and len(spelling.letters) >= _LEAST_TOGETHER else None
    if not all(word.is_capitalised for word in words if len(word.text) == 1):
        return None
    if not doubtful:
        return True
    if not all(word.is_capitalised for word in words):
        return None
    if len(words[0].text) > 1:  # the surname comes first
        return True if "," in text.gap(first + 1) or text.gap(last + 1).startswith(".") else None
    gap = text.gap(next((i for i in range(first, last) if len(text.words[i].text) > 1), last))
    if gap in HYPHENS:  # X-Force
        return None
    return True if "." in gap or words[0].text not in "AI" else None


def _surname(reading: Reading) -> bool | None:
    text, spelling, first, last, broken, together = reading
    word = text.words[first]
    if is_unspaced(word.text) and spelling.letters.isascii() and last - first < 2:
        return None  # one syllable of many: only the whole of a name is read in transliteration
    doubtful = spelling.is_common or spelling.is_short
    if text.is_address(first):
        if not doubtful:
            return True
        return False if text.is_segment(first, last) and not _is_dated(Surroundings(text, first, last)) else None
    if is_unspaced(word.text):
        return len(spelling.letters) > 1
    if broken and len(spelling.letters) <= SHORT:
        return None
    if not _has_case(word.text):
        return _in_its_script(reading)
    if spelling.letters in EVERYDAY and first == last:
        return _everyday(reading)
    if spelling.is_common or (together and spelling.letters in COMMON):
        if not word.text.isascii():  # the name as it is, with its accents; or a disguise
            return word.is_capitalised
        return Surroundings(text, first, last).judge(given_forms(spelling.name)) if word.is_capitalised else None
    if spelling.is_short:
        return _short(reading)
    if word.is_capitalised or (spelling.kind is Kind.SURNAME and not together):
        return True
    return False if len(spelling.letters) > SHORT + 1 else None  # era is not Dell'Era


def _has_case(word: str) -> bool:
    return (plain := unicodedata.normalize("NFKC", word)).lower() != plain.upper()


def _in_its_script(reading: Reading) -> bool | None:
    """A surname in a script without capitals: short, or in pieces, it is one only as it is written."""
    text, spelling, first, last, broken, _ = reading
    if not (broken or spelling.is_short):
        return True
    shown = "".join(word.text for word in text.words[first : last + 1])
    return True if shown == "".join(word.text for word in Text(spelling.name.family).words) else None


def _everyday(reading: Reading) -> bool | None:
    """He, Some, Participants: somebody's name where only a name has its capital, and may be one where it speaks."""
    text, spelling, first, last, *_ = reading
    around = Surroundings(text, first, last)
    if not around.word.is_capitalised or around.text.is_glued(first, last):
        return None
    if around.is_introduced(given_forms(spelling.name)):
        return True
    if around.word.text.isupper() and len(around.word.text) > 1:  # US
        return False
    if around.start is Start.NO and not around.is_title_case():
        return not around.is_followed_by_capital()
    return False if around.is_speaking() else None


def _short(reading: Reading) -> bool | None:
    """A surname of one to three letters: as a name it is written Li, and stands alone."""
    text, spelling, first, last, _, _ = reading
    around = Surroundings(text, first, last)
    shown = text.clean[text.words[first].start : text.words[last].end]
    if not shown[:1].isupper() or text.is_glued(first, last):
        return None
    if around.is_introduced(given_forms(spelling.name)):
        return not around.is_followed_by_capital()
    if len(spelling.letters) == 1:
        return None if _is_among_letters(around) else around.is_speaking()
    acronym = len(shown) > 1 and shown.isupper()
    return not (acronym or around.is_joined() or around.is_followed_by_capital())


def _given(reading: Reading) -> bool | None:
    """A given name alone is somebody's, but whose?"""
    text, spelling, first, last, _, _ = reading
    word = text.words[first]
    if is_unspaced(word.text):
        return None if spelling.letters.isascii() or len(spelling.letters) < 2 else False
    if text.is_address(first):
        whole = text.is_segment(first, last) and not spelling.is_common and len(spelling.letters) > SHORT
        return False if whole else None
    if not word.is_capitalised or reading.is_broken:
        return None
    if spelling.is_common:
        return None if Surroundings(text, first, last).judge(frozenset()) is None else False
    return None if len(spelling.letters) <= SHORT and (word.text.isupper() or text.is_glued(first, last)) else False


def _body(reading: Reading) -> bool | None:
    """An organisation: certain by its whole name; a single word or an acronym, by how it is written."""
    text, spelling, first, last, _, together = reading
    if "@" in spelling.name.family:
        return True
    shown = "".join(word.text for word in text.words[first : last + 1])
    if is_unspaced(shown):
        return len(spelling.letters) > 1
    name = spelling.name.family.strip()
    if " " in name:
        if together and len(spelling.letters) < _LEAST_TOGETHER:
            return None
        return text.is_address(first) or _capitals(text.words[first : last + 1]) >= _capitals(Text(name).words)
    if text.is_address(first) and not shown.isupper():
        return False if text.is_segment(first, last) else None
    if len(spelling.letters) == 1:
        around = Surroundings(text, first, last)
        return False if shown.isupper() and not _is_among_letters(around) else None
    if len(spelling.letters) <= _LONGEST_ACRONYM and not (shown.isupper() or shown == name):
        is_title = shown.istitle() and len(spelling.letters) > 2  # Nato, as British papers write it
        return False if is_title and not spelling.is_common else None
    if spelling.is_common and not shown.isupper():
        return Surroundings(text, first, last).judge(frozenset()) if shown[:1].isupper() else None
    return shown[:1].isupper() or not name[:1].isupper()


_JUDGES = {
    Kind.WHOLE: _whole,
    Kind.INITIALS: _initials,
    Kind.SURNAME: _surname,
    Kind.PART: _surname,
    Kind.GIVEN: _given,
    Kind.BODY: _body,
}


def _telling_words(reading: Reading) -> Iterator[Word]:
    """The words of a reading that carry a capital in a name: not van, not the second half of Jong-su."""
    for i in range(reading.first, reading.last + 1):
        word = reading.text.words[i]
        if word.text.casefold() not in PARTICLES and (i == reading.first or reading.text.gap(i) not in HYPHENS):
            yield word


def _capitals(words: list[Word]) -> int:
    return sum(word.is_capitalised for word in words if word.text.casefold() != "the")


def _is_dated(around: Surroundings) -> bool:
    """/2023/may/ in an address."""
    return not around.word.forms.isdisjoint(MONTHS) and around.is_dated()


def _is_among_letters(around: Surroundings) -> bool:
    """Whether a letter is one of several that make an abbreviation: U.S., R&D, P5, Q-ship."""
    before = len(around.before.text) and len(around.gap_before) < 2 and not around.gap_before.isspace()
    after = len(around.after.text) and len(around.gap_after) < 2 and not around.gap_after.isspace()
    return bool(before or after) and around.gap_after not in ("'", "’")
