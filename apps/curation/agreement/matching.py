"""Which of the units of two coders are the same: those at the same words.

What counts as a unit is decided by sentences: one coder marks a clause and the other the whole sentence, and both mean
the same place. Two units are the same if they share at least half of the sentences that either touches, and some of the
very words. Where several would do, the most alike in place goes first; of those at the same words, the one whose claim
is worded most alike. Claims in free words are none of the variables that are measured, so this makes no figure better.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from apps.curation.intake.pieces import Kind, take_apart
from apps.curation.models import CodedUnit, Coder, DoubleCoding, UnitPair

LEAST_SHARED = 0.5  # of the sentences that either touches
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A unit with the places of its words, and the numbers of the sentences that these touch."""

    unit: CodedUnit
    places: list[Place]
    sentences: frozenset[int]


def pair_up(double: DoubleCoding) -> dict[str, int]:
    """Put the units of both coders side by side, and keep that. Returns in how many sentences both, the first, the
    second, or neither found something."""
    pieces = [one for one in take_apart(double.source.text) if one.kind is not Kind.HEADING]
    sentences = [(one.start, one.end) for one in pieces]
    units = list(double.units.select_related("position").prefetch_related("passages"))
    placed = [_Placed(one, one.places, _touched(one.places, sentences)) for one in units]
    first, second = ([one for one in placed if one.unit.coder == coder] for coder in Coder)
    matched = _matched(first, second)
    theirs = {id(mine): other for mine, other in matched}
    taken = {id(other) for _, other in matched}
    pairs: list[tuple[_Placed | None, _Placed | None]] = [(one, theirs.get(id(one))) for one in first]
    pairs += [(None, one) for one in second if id(one) not in taken]
    pairs.sort(key=lambda pair: min((one.places[0] if one.places else (-1, 0)) for one in pair if one))
    UnitPair.objects.bulk_create(_pair(double, number, *pair) for number, pair in enumerate(pairs, 1))
    return _coded_sentences(len(sentences), first, second)


def _pair(double: DoubleCoding, number: int, first: _Placed | None, second: _Placed | None) -> UnitPair:
    return UnitPair(
        double=double,
        number=number,
        first=first.unit if first else None,
        second=second.unit if second else None,
        is_placed=all(one.places for one in (first, second) if one),
        position=first.unit.position if first else None,
    )


def _matched(first: list[_Placed], second: list[_Placed]) -> list[tuple[_Placed, _Placed]]:
    likely = [
        (*likeness, fuzz.token_sort_ratio(one.unit.title, other.unit.title), -i, -j)
        for i, one in enumerate(first)
        for j, other in enumerate(second)
        if (likeness := _likeness(one, other))
    ]
    found: dict[int, int] = {}
    for *_, i, j in sorted(likely, reverse=True):
        if -i not in found and -j not in found.values():
            found[-i] = -j
    return [(first[i], second[j]) for i, j in found.items()]


def _likeness(one: _Placed, other: _Placed) -> tuple[float, float] | None:
    """How much of the sentences and of the words they share, if that makes them the same."""
    both = len(one.sentences & other.sentences)
    if not both or both / len(one.sentences | other.sentences) < LEAST_SHARED:
        return None
    mine, theirs = _points(one.places), _points(other.places)
    words = len(mine & theirs)
    return (both / len(one.sentences | other.sentences), words / len(mine | theirs)) if words else None


def _points(places: Iterable[Place]) -> set[int]:
    return {point for start, end in places for point in range(start, end)}


def _touched(places: Iterable[Place], sentences: list[Place]) -> frozenset[int]:
    """The sentences of which at least half is among some places, or that hold at least half of one of these."""
    return frozenset(
        number
        for start, end in places
        for number, (first, last) in enumerate(sentences)
        if 2 * (min(end, last) - max(start, first)) >= min(end - start, last - first)
    )


def _coded_sentences(number: int, first: list[_Placed], second: list[_Placed]) -> dict[str, int]:
    mine, theirs = (frozenset[int]().union(*(one.sentences for one in some)) for some in (first, second))
    return {
        "both": len(mine & theirs),
        "first": len(mine - theirs),
        "second": len(theirs - mine),
        "neither": number - len(mine | theirs),
    }
