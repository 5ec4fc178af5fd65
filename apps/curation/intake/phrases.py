"""Tables of phrases as patterns: whole words, any kind of space, hyphen or apostrophe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from apps.curation.intake.tables.stances import IRREGULAR

Key = TypeVar("Key")


def split(table: str) -> list[str]:
    """“a few | a couple of” as its phrases."""
    return [" ".join(phrase.split()) for phrase in table.split("|")]


def pattern(phrases: Iterable[str]) -> str:
    """A pattern for any of some phrases, the longest first. Capitals of a table have to stand in the text."""
    ordered = sorted(set(phrases), key=len, reverse=True)
    return "(?:" + "|".join(map(_phrase, ordered)) + ")"


def words(phrases: Iterable[str]) -> re.Pattern[str]:
    """The same, ready to look for as whole words."""
    return re.compile(rf"(?<![\w’'-]){pattern(phrases)}(?![\w-])")


def keys(table: Mapping[Key, str]) -> dict[str, Key]:
    """The phrases of a table, in small letters, each with its key."""
    return {phrase.casefold(): key for key, phrases in table.items() for phrase in split(phrases)}


def plain(text: str) -> str:
    """A stretch of text as the tables write it: one space between words, a straight apostrophe, small letters."""
    return " ".join(text.replace("’", "'").split()).casefold()


@lru_cache(maxsize=1000)
def verbs(phrase: str) -> tuple[str, ...]:
    """A verb, or a phrase that begins with one, in all its forms: argue, argues, argued, arguing."""
    verb, _, rest = phrase.partition(" ")
    if verb in IRREGULAR:
        forms = [
            *([] if verb == "be" else [verb, f"{verb}s", f"{verb.removesuffix('e')}ing"]),
            *IRREGULAR[verb].split(),
        ]
    elif verb.endswith("e"):
        forms = [verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"]
    else:
        forms = [verb, f"{verb}{'es' if verb.endswith(('s', 'sh', 'ch')) else 's'}", f"{verb}ed", f"{verb}ing"]
    return tuple(f"{form} {rest}".strip() for form in forms)


def _phrase(phrase: str) -> str:
    """Small letters of a table stand for either; a space may be a hyphen or a line's end."""
    return r"[\s-]+".join(_word(word) for word in phrase.split())


def _word(word: str) -> str:
    escaped = re.escape(word).replace("'", "[’']").replace(r"\-", r"[\s-]?")
    return escaped if word != word.lower() else f"(?i:{escaped})"
