"""A stretch of a source's text with the places of candidates marked in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from apps.curation.models import Candidate

_AROUND = 300  # characters shown before the first candidate and after the last


@dataclass(frozen=True, slots=True)
class Run:
    """Some text, and the candidate that it is the words of."""

    text: str
    candidate: Candidate | None = None


def marked(text: str, rows: Iterable[Candidate], folded: Iterable[Candidate]) -> list[Run]:
    """The text around the candidates of a page, in runs. A candidate whose words have moved is marked nowhere."""
    standing = [one for one in (*rows, *folded) if text[one.start : one.end] == one.quotation]
    standing.sort(key=lambda one: one.start)
    if not standing:
        return [Run(text[: 10 * _AROUND])] if text else []
    place = _paragraph_before(text, max(0, standing[0].start - _AROUND))
    runs: list[Run] = []
    for one in standing:
        if one.start < place:
            continue
        runs += [Run(text[place : one.start]), Run(one.quotation, one)]
        place = one.end
    runs.append(Run(text[place : place + _AROUND]))
    return [run for run in runs if run.text]


def _paragraph_before(text: str, place: int) -> int:
    end = text.find("\n", place) if place else -1
    return end + 1 if 0 <= end <= place + _AROUND else place
