"""A text as a reader sees it, with where each of its characters stood in what was typed."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from anyascii import anyascii

# What may not be what it seems: letters with marks, percent-encoding, HTML's character references.
_ODD = re.compile(r"[^\x00-\x7f]|(?:%[0-9A-Fa-f]{2})+|&#?[0-9A-Za-z]{1,31};")
_ENCLOSED = re.compile("[\u249c-\u24e9\U0001f110-\U0001f189]")  # letters in circles, squares and brackets
_TATWEEL_AND_FILLERS = "\u0640\u115f\u1160\u3164\uffa0"  # letters to Unicode, nothing to a reader


def clean(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The text with marks on their letters and codes resolved, with where each character starts and ends in it."""
    if _ODD.search(text) is None:
        return text, range(len(text)), range(1, len(text) + 1)
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in _ODD.finditer(text):
        characters.extend(text[done : match.start()])
        starts.extend(range(done, match.start()))
        ends.extend(range(done + 1, match.start() + 1))
        for character, start, end in _resolved(match[0], match.start()):
            if not unicodedata.category(character).startswith("M"):
                characters.append(_shown(character))
                starts.append(start)
                ends.append(end)
            elif characters:
                composed = unicodedata.normalize("NFC", characters[-1] + character)
                if len(composed) == 1:
                    characters[-1] = composed
                # A mark that makes no letter of its own is a disguise, or an ornament: it goes.
                ends[-1] = end
        done = match.end()
    characters.extend(text[done:])
    starts.extend(range(done, len(text)))
    ends.extend(range(done + 1, len(text) + 1))
    return "".join(characters), starts, ends


def _resolved(odd: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The characters that a code stands for, or the character itself, each with its place."""
    if odd.startswith("%"):
        try:
            decoded = bytes.fromhex(odd.replace("%", "")).decode()
        except UnicodeDecodeError:
            decoded = ""  # 50%Edwards: no code
        for character in decoded:
            end = start + 3 * len(character.encode())
            yield character, start, end
            start = end
        odd = "" if decoded else odd
    elif odd.startswith("&") and (decoded := html.unescape(odd)) != odd:
        yield from ((character, start, start + len(odd)) for character in decoded)
        odd = ""
    yield from ((character, start + i, start + i + 1) for i, character in enumerate(odd))


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    """A character as one letter, where it is a letter in an ornament; a space where it is none to a reader."""
    if character in _TATWEEL_AND_FILLERS:
        return "\u200b"
    if _ENCLOSED.match(character):
        return next(filter(str.isalpha, anyascii(character)), character)
    return character
