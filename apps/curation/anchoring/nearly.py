"""Looks for a passage whose words were changed, by what stands around it and what is left of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from apps.curation.anchoring.selectors import Selector, Span, flat
from apps.curation.anchoring.surroundings import Surroundings

LEAST = 0.75  # the score below which nothing is a passage: quotation 50, words before 20, words after 20, in all 90
LEAST_WORDS = 0.5  # likeness of the quotation itself
LEAST_SIDE = 0.6  # likeness of the text before, and of that after: a lookalike seldom has both
CLEARLY = 0.1  # by which the best place must be better than the next
PIECE = 10  # code points of a piece that is looked for as it is
_HITS = 40  # places of a piece beyond which it says nothing
_TRIED = 6  # places that are looked at more closely

_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Near:
    """A place with nearly the same words, and its score."""

    place: Span
    score: float


def nearly_there(text: str, selector: Selector, around: Surroundings, apart_from: list[Span]) -> Near | None:
    """The one place where nearly the same words stand between the same others, or None.

    Places in ``apart_from`` hold the same words and were found not to be it.
    """
    pattern = selector.prefix + selector.quotation + selector.suffix
    first = len(selector.prefix)
    last = first + len(selector.quotation)
    found: dict[Span, float] = {}
    for window in _windows(text, pattern, slack=len(selector.quotation) // 2 + 2 * PIECE):
        place = _trimmed(text, _mapped(text, window, pattern, first, last))
        if place and not any(place[0] < end and start < place[1] for start, end in apart_from):
            found[place] = _score(text, place, selector, around)
    ranked = sorted(((score, place) for place, score in found.items()), reverse=True)
    if not ranked or ranked[0][0] < LEAST:
        return None
    (best, (start, end)), rest = ranked[0], ranked[1:]
    if any(best - score < CLEARLY for score, other in rest if other[1] <= start or other[0] >= end):
        return None
    return Near((start, end), best)


def _windows(text: str, pattern: str, slack: int) -> list[Span]:
    """Stretches of the text that share pieces with the pattern, in about the same order; the likeliest first."""
    hits = []
    for offset in range(0, max(1, len(pattern) - PIECE + 1), PIECE // 2):
        hits += [(at - offset, offset, at) for at in _places(text, pattern[offset : offset + PIECE])]
    hits.sort()
    groups: list[list[tuple[int, int, int]]] = []
    for hit in hits:  # those on about the same diagonal belong together
        if groups and hit[0] - groups[-1][0][0] <= slack:
            groups[-1].append(hit)
        else:
            groups.append([hit])
    groups.sort(key=lambda group: len({offset for _, offset, _ in group}), reverse=True)
    windows = []
    for group in groups[:_TRIED]:
        _, first, at = min(group, key=lambda hit: (hit[1], hit[2]))
        _, last, until = max(group, key=lambda hit: (hit[1], hit[2]))
        windows.append((max(0, at - first), min(len(text), max(at, until) + len(pattern) - last)))
    return windows


def _places(text: str, piece: str) -> list[int]:
    found: list[int] = []
    at = text.find(piece)
    while at >= 0 and len(found) <= _HITS:
        found.append(at)
        at = text.find(piece, at + 1)
    return found if len(found) <= _HITS else []


def _mapped(text: str, window: Span, pattern: str, first: int, last: int) -> Span:
    """Where the part of the pattern between two offsets comes to stand when the pattern is laid over the window."""
    steps = Levenshtein.opcodes(pattern, text[slice(*window)])
    start = end = window[1]
    for step in steps:
        if step.src_start <= first <= step.src_end:
            start = window[0] + min(step.dest_end, step.dest_start + first - step.src_start)
            if step.tag == "equal" or first < step.src_end:
                break
    for step in steps:
        if step.src_start <= last <= step.src_end:
            end = window[0] + min(step.dest_end, step.dest_start + last - step.src_start)
            if step.tag != "equal" and last == step.src_end:
                end = window[0] + step.dest_end
            break
    return start, max(start, end)


def _trimmed(text: str, place: Span) -> Span | None:
    """Without blanks at its ends, and with no word cut in two."""
    start, end = place
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return None
    while start and _WORD.match(text[start]) and _WORD.match(text[start - 1]):
        start -= 1
    while end < len(text) and _WORD.match(text[end - 1]) and _WORD.match(text[end]):
        end += 1
    return start, end


def _score(text: str, place: Span, selector: Selector, around: Surroundings) -> float:
    """From 0 to 1; 0 too where the words themselves, or those on one side, are too far from what they were."""
    words = Levenshtein.normalized_similarity(flat(text[slice(*place)]), flat(selector.quotation))
    sides = around.likeness(text, place)
    if words < LEAST_WORDS or min(sides) < LEAST_SIDE:
        return 0.0
    return (50 * words + 20 * sum(sides)) / 90
