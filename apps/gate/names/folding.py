"""What a written word could be read as: its plain forms, in lower-case Latin letters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from anyascii import anyascii
from confusable_homoglyphs import confusables

LONGEST = 200  # letters of a word that are looked at: no name is longer

# Thai to Tibetan, Burmese, Khmer, kana, Han, Hangul: scripts that put no space between words, or hang endings on
# a name. Every character of these is a word of its own, so that a name is found within a run of them.
UNSPACED = (
    r"\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\uff66-\uffdc\U00020000-\U0003ffff"
)
_IS_UNSPACED = re.compile(f"[{UNSPACED}]")

_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
_DIGITS_LIKE_LETTERS = {"0": "o", "1": "il", "3": "e", "4": "a", "5": "s"}
_CYRILLIC_ENDING = re.compile(r"(?<=[\u0400-\u04ff]{4})(?:ого|ому|ым|им|ом|ем|ой|ей|ов|а|у|е|ы|и|я|ю)$")
_ARABIC_PREFIX = re.compile(r"^[وفبلك](?=[\u0620-\u064a]{3})")
# In this order: romanisations of one sound, each with the plainest of them.
_SOUNDS = [
    (re.compile(pattern), plain)
    for pattern, plain in (
        ("[yj]+[eo]", "e"),  # Yermakov, Andreyev, Solovyov: е and ё are romanised either way
        ("tsch|tch|cz", "c"),
        ("sch", "s"),
        ("(?<=[bcdfgkprstz])h", ""),
        ("ck", "k"),
        ("ph", "f"),
        ("w", "v"),
        ("ee|[iyj]+", "i"),
        ("oo|ou", "u"),
        (r"(.)\1+", r"\1"),
    )
]


@lru_cache(maxsize=50_000)
def folds(word: str) -> frozenset[str]:
    """Every plain form, in lower-case ASCII letters, that a word could be read as; none for what has no letters.

    Without accents; with ä, ö, ü written out; transliterated; with letters of other alphabets taken for the Latin
    ones that they look like.
    """
    word = word[:LONGEST]
    if word.isascii():
        return frozenset({_letters(word)}) - {""}
    shown = unicodedata.normalize("NFKC", word)
    plain = shown.casefold()
    # Both with and without the marks: an accented lookalike is in no table of lookalikes.
    bare = "".join(c for c in unicodedata.normalize("NFD", shown) if not unicodedata.combining(c))
    looks = _lookalikes()
    readings = {plain, plain.translate(_WRITTEN_OUT), bare, *(one.translate(looks) for one in (shown, bare, plain))}
    return frozenset(_letters(anyascii(reading)) for reading in readings) - {""}


@lru_cache(maxsize=50_000)
def forms_in_text(word: str) -> frozenset[str]:
    """The forms of a word as it stands in a text: those of its stem too, and the digits that look like letters."""
    if word.isascii() and word.isalpha():
        return folds(word)
    if word.isdecimal():
        digits = anyascii(word)[:LONGEST]
        return frozenset({digits, *_DIGITS_LIKE_LETTERS.get(digits, "")})
    if _IS_UNSPACED.match(word):
        return folds(word) | {unicodedata.normalize("NFKC", word)}
    return folds(word) | folds(_CYRILLIC_ENDING.sub("", word)) | folds(_ARABIC_PREFIX.sub("", word))


@lru_cache(maxsize=50_000)
def forms_of_name(word: str) -> tuple[str, ...]:
    """The forms of a word of a name, the plainest first: those with ae, oe, ue taken back to a, o, u too."""
    if word.isdecimal():
        return (anyascii(word)[:LONGEST],)
    forms = set(folds(word))
    if _IS_UNSPACED.match(word):
        forms.add(unicodedata.normalize("NFKC", word))
    forms |= {re.sub("(?<=[aou])e", "", form) for form in forms if len(form) > 5}
    return tuple(sorted(forms, key=lambda form: (len(form), form)))


@lru_cache(maxsize=50_000)
def sound(form: str) -> str:
    """A plain form with the differences between romanisations taken out: Naryshkin, Narishkin, Naryškin."""
    for pattern, plain in _SOUNDS:
        form = pattern.sub(plain, form)
    return form


def is_unspaced(word: str) -> bool:
    """Whether a word is one character of a script that puts no space between words."""
    return _IS_UNSPACED.match(word) is not None


def _letters(text: str) -> str:
    text = text.casefold()
    return text if text.isalpha() and text.isascii() else "".join(c for c in text if c.isascii() and c.isalpha())


@cache
def _lookalikes() -> dict[int, str]:
    """Letters of other alphabets, each with the Latin letter that it can be mistaken for (Unicode's confusables)."""
    table: dict[int, str] = {}
    for character, others in confusables.confusables_data.items():
        if len(character) == 1 and not character.isascii() and character.isalpha():
            plain = ("".join(c for c in one["c"] if not unicodedata.combining(c)) for one in others)
            latin = next((one for one in plain if len(one) == 1 and one.isascii() and one.isalpha()), "")
            if latin:
                table[ord(character)] = latin
    return table
