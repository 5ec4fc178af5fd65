"""Whether two names may be one: what they have in common however they are written."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from apps.gate.names.cleaning import clean
from apps.gate.names.folding import forms_of_name
from apps.gate.names.text import HYPHENS, INVISIBLE

LONGEST_KEY = 300
_WORD = re.compile(r"[^\s,;/_]+")
_HYPHEN = re.compile(f"[{''.join(map(re.escape, sorted(HYPHENS)))}]")


@lru_cache(maxsize=50_000)
def keys_of(name: str) -> frozenset[str]:
    """What is the same for every way to write a name: with or without capitals, accents, points and hyphens, composed
    or not, transliterated, the family name first or last. An e-mail address is a name of one word. None for what has
    no letters and digits.

    Two that share a key may be one; some who share one are two, which makes the gate careful for nothing.
    """
    shown = unicodedata.normalize("NFKC", INVISIBLE.sub("", clean(name)[0]))
    texts = {_HYPHEN.sub("", shown), _HYPHEN.sub(" ", shown)}
    keys = ("".join(sorted(map(form, _WORD.findall(text)))) for text in texts for form in (_plain, _transliterated))
    return frozenset(key[:LONGEST_KEY] for key in keys if key)


def _plain(word: str) -> str:
    """A word's plainest form; its letters and digits themselves where it has others than Latin letters have."""
    bare = "".join(c for c in word if c.isalnum())
    forms = forms_of_name(bare) if bare.isalpha() else ()
    return forms[0] if forms else bare.casefold()


def _transliterated(word: str) -> str:
    """A word's Latin letters, by their sounds rather than by their looks."""
    return "".join(c for c in anyascii(word.casefold()).casefold() if c.isalnum())
