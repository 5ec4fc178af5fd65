"""How a result was computed, in words: what stands in every file and on every page of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from apps.public.analysis.results import Network
from apps.public.search.filters import Filter
from apps.taxonomy.words import SCALE

FORMULAS = {
    "congruence": "w(i, i′) = Σj Σk Σk′ x(i,j,k) x(i′,j,k′) (1 − d(k,k′))",
    "conflict": "w(i, i′) = Σj Σk Σk′ x(i,j,k) x(i′,j,k′) d(k,k′)",
    "subtract": "w(i, i′) = Σj Σk Σk′ x(i,j,k) x(i′,j,k′) (1 − 2 d(k,k′))",
    "ignore": "w(i, i′) = Σj (Σk x(i,j,k)) (Σk x(i′,j,k))",
    "two-mode-ignore": "w(i, j) = Σk x(i,j,k)",
    "two-mode-subtract": "w(i, j) = Σk x(i,j,k) s(k)",
    "two-mode-combine": "w(i, j) = 0 for no side, 1 for, 2 against, 3 for and against",
}
DIVISORS = {
    "none": "1: weights as they are counted",
    "activity": "(a(i) + a(i′)) / 2, the average of their statements, a(i) = Σj Σk x(i,j,k)",
    "jaccard": "Σ x(i,j,k) [x(i′,j,k) = 0] + Σ x(i′,j,k) [x(i,j,k) = 0] + Σ x(i,j,k) x(i′,j,k)",
    "product": "a(i) a(i′), the product of their statements (called cosine in the Discourse Network Analyzer)",
    "cosine": "√Σ x(i,j,k)² √Σ x(i′,j,k)², the cosine of textbooks; stances in between, or ignored, may pass 1",
    "two-mode activity": "a(i) = Σj Σk x(i,j,k), the statements of the actor",
    "prominence": "Σi Σk x(i,j,k), the statements on the proposition",
}
MEASURES = {
    "stance": "m = mean of s(k), from −1 (all oppose) to 1 (all support)",
    "divergence": "d = |m(1) − m(2)|, from 0 to 2",
    "agreement": "1 − P, from 0 to 1",
    "polarisation": "P = 4 Var(s) / w², w = 2 the width of the scale, from 0 (all the same) to 1 (half at each end)",
    "density": "pairs of actors with a congruence above 0, as a share of all pairs, from 0 to 1",
    "statements": "how many there are",
    "expected": "a theme’s positions times a region’s, over all positions in the table",
}
_SOURCE = "Leifeld, Gruber and Bossner, Discourse Network Analyzer Manual, https://github.com/leifeld/dna"
_ONCE = {
    "statement": "All statements count, repetitions too.",
    "range": "Of one actor’s statements of the same stance on a proposition one counts.",
}


class Line(NamedTuple):
    label: str
    value: str


class Origin(NamedTuple):
    """Where a result comes from."""

    site: str  # what the site is called
    address: str  # which gives the same result as long as the catalogue says the same
    filter: Filter
    positions: int  # that the filter finds
    change: int  # the catalogue's last change that is in it
    on: dt.date


def account(found: Network, origin: Origin) -> list[Line]:
    """How a network was computed, line by line."""
    asked, ties = found.asked, found.how
    formula = FORMULAS[ties.how if ties.mode == "one-mode" else asked.ties]
    divisor = DIVISORS["two-mode activity" if found.is_two_mode and asked.normalise == "activity" else asked.normalise]
    if ties.of == "proposition":
        formula = f"{formula}, with propositions as i and actors as j"
    return [
        Line("Network", title_of(found)),
        Line("Formula", formula),
        Line("Divided by", divisor),
        Line("Notation", notation()),
        Line("Repetitions", _once(asked.once)),
        *_narrowed(found),
        *whence(origin),
        Line("Statements", f"{found.counted:,} counted; {found.repeated:,} repetitions left out"),
        Line("Source", _SOURCE),
        Line("Size", f"{len(found.weights.index):,} by {len(found.weights.columns):,}; {found.ties:,} ties"),
    ]


def in_lines(lines: Iterable[Line]) -> str:
    return "\n".join(f"{line.label}: {line.value}" for line in lines)


def notation() -> str:
    scale = ", ".join(f"{stance} {value:g}" for stance, value in SCALE.items())
    return (
        "x(i,j,k) counts the statements of i on j with stance k; "
        f"s(k) is the scale of stances ({scale}); d(k,k′) = |s(k) − s(k′)| / 2"
    )


def title_of(found: Network) -> str:
    actors = f"{found.asked.actors}s"
    if found.is_two_mode:
        return f"two-mode: {actors} by propositions, {found.how.how}"
    nodes = "propositions" if found.how.of == "proposition" else actors
    return f"one-mode: {nodes} by {nodes}, {found.how.how}"


def whence(origin: Origin) -> list[Line]:
    """Of what, from where, and when."""
    chosen = [f"{facet}: {', '.join(values)}" for facet, values in origin.filter.replace(kind=()).selections.items()]
    text = [f"words: {origin.filter.text}"] if origin.filter.text else []
    return [
        Line("Filter", "; ".join([*text, *chosen]) or "none: all positions"),
        Line("Positions", f"{origin.positions:,} found"),
        Line("Catalogue", f"{origin.site}, change {origin.change:,}, {origin.on.isoformat()}"),
        Line("Address", origin.address),
    ]


def _once(period: str) -> str:
    return _ONCE.get(period) or (
        f"Of one actor’s statements of the same stance on a proposition one counts in each {period}"
        + ("." if period == "source" else "; without a date, in each source.")
    )


def _narrowed(found: Network) -> Iterable[Line]:
    asked = found.asked
    if asked.without:
        yield Line("Left out", "; ".join(found.names.get(key, key) for key in asked.without))
    if asked.fewest > 1:
        yield Line("Threshold", f"actors with {asked.fewest} statements or more")
    if asked.least:
        yield Line("Threshold of weight", f"ties of {asked.least_in_full} or more, on either side of 0")
    kept = "are shown" if asked.isolates else "are left out"
    yield Line("Without a tie", f"{found.isolated:,}, which {kept}")
