"""Suggestions for words that no record has: the nearest word that some have."""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from apps.public.search import schema
from apps.public.search.index import Reader
from apps.public.search.language import Typed

SHORTEST = 4  # letters; of shorter words too many are near


def suggestion(text: str, typed: Typed, reader: Reader) -> str:
    """The text with its unknown words put right; empty if none is unknown, or none has a near one."""
    parts, end = [], 0
    for clause in sorted(typed.clauses, key=lambda clause: clause.start):
        if clause.field == "text":
            parts += [text[end : clause.start], _put_right(text[clause.start : clause.end], reader)]
            end = clause.end
    better = "".join([*parts, text[end:]])
    return better if better != text else ""


def _put_right(part: str, reader: Reader) -> str:
    whole = part.encode("utf-8", "replace")  # tantivy counts in bytes
    for place, word in reversed(schema.places_of_words(part)):
        nearest = _nearest(word, reader)
        if nearest:
            whole = whole[: place.start] + nearest.encode() + whole[place.stop :]
    return whole.decode()


def _nearest(word: str, reader: Reader) -> str:
    """The most frequent of the nearest words, for a word that no record has in any form."""
    if len(word) < SHORTEST or any(reader.occurs("text", stem) for stem in schema.stems(word)):
        return ""
    apart = 1 if len(word) < 8 else 2
    near = process.extract(word, reader.spellings, scorer=OSA.distance, score_cutoff=apart, limit=50)
    # What was withdrawn can still be among the spellings until the index is written anew; it is never suggested.
    ranked = sorted((distance, -_frequency(spelling, reader), spelling) for spelling, distance, _ in near)
    return next((spelling for _, _, spelling in ranked if _occurs(spelling, reader)), "")


def _frequency(spelling: str, reader: Reader) -> int:
    return min((reader.frequency("text", stem) for stem in schema.stems(spelling)), default=0)


def _occurs(spelling: str, reader: Reader) -> bool:
    return all(reader.occurs("text", stem) for stem in schema.stems(spelling))
