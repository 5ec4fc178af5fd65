"""What the pages on how opinions part, agree and move show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from apps.public.analysis.divergence import consensus, divergence
from apps.public.analysis.moving import By, Measure, over_time
from apps.public.analysis.opinions import on_scale
from apps.public.analysis.reading import Actors, statements_of, titles_of
from apps.public.analysis.statements import once_per
from apps.public.catalogue.state import State
from apps.public.search.filters import Filter
from apps.public.search.folder import Bookmark
from apps.public.search.leanings import FEWEST
from apps.public.website.reading import url_of
from apps.taxonomy.words import Kind

MOST_LISTED = 20  # propositions of a list
MOST_LINES = 6  # of a picture of how something moves

HOLDERS = ("actor", "holder")  # who says the same twice in one source is counted once


class Ranked(NamedTuple):
    """A proposition in a list."""

    title: str
    address: str
    value: float
    low: float
    high: float
    means: tuple[float, ...]
    statements: tuple[int, ...]
    sources: tuple[int, ...]


@dataclass(frozen=True)
class Parting:
    """Where two regions part, if two were chosen, and where all agree."""

    names: tuple[str, ...]
    apart: list[Ranked]
    agreed: list[Ranked]
    propositions: int  # that anybody takes a side on
    positions: int
    change: int


@lru_cache(maxsize=64)
def parting(asked: Filter, state: State, bookmark: Bookmark) -> Parting:
    """Propositions ranked by how far the two regions of a filter part, and by how much everybody agrees on them."""
    everybody = statements_of(asked, state, "holder")
    agreed = consensus(once_per(everybody.frame, "source", HOLDERS), MOST_LISTED)
    names: dict[str, str] = {}
    apart = pd.DataFrame()
    if len(asked.region) == 2:
        read = statements_of(asked, state, "region")
        names = read.names
        apart = divergence(once_per(read.frame, "source", HOLDERS), *asked.region, most=MOST_LISTED)
    return Parting(
        names=tuple(names.get(slug, slug) for slug in asked.region) if names else (),
        apart=[
            Ranked(
                *_proposition(one.proposition, names),
                *(one.apart, one.low, one.high),
                (one.first, one.second),
                (one.first_statements, one.second_statements),
                (one.first_sources, one.second_sources),
            )
            for one in _rows(apart)
        ],
        agreed=[
            Ranked(
                *_proposition(one.proposition, everybody.names),
                *(one.agreement, one.low, one.high),
                *((one.mean,), (one.statements,), (one.sources,)),
            )
            for one in _rows(agreed)
        ],
        propositions=everybody.frame["proposition"].nunique(),
        positions=everybody.positions,
        change=everybody.change,
    )


def _rows(frame: pd.DataFrame) -> list[Any]:
    """Rows whose values go by the names of their columns."""
    return list(frame.itertuples(index=False))


def _proposition(identifier: str, names: dict[str, str]) -> tuple[str, str]:
    return names.get(identifier, identifier), url_of(Kind.PROPOSITION, identifier)


class Point(NamedTuple):
    period: str
    value: float | None  # None where it can't be computed
    statements: int
    sources: int
    is_few: bool  # too few statements to say much


class Moving(NamedTuple):
    """A measure of one actor, or of everybody, period by period; None where it has no statement."""

    name: str
    points: tuple[Point | None, ...]


class Topic(NamedTuple):
    """A proposition that was spoken on in several periods."""

    identifier: str
    title: str
    periods: int
    statements: int


@dataclass(frozen=True)
class Movement:
    periods: list[tuple[str, str]]  # what each is called, and its address, if any
    lines: list[Moving]
    topics: list[Topic]
    left_out: int  # actors that there is no room for
    positions: int
    change: int


class Wanted(NamedTuple):
    """How a measure is to be followed."""

    measure: Measure
    by: By
    window: int
    of: str  # everybody, region or holder


@lru_cache(maxsize=64)
def movement(asked: Filter, wanted: Wanted, state: State, bookmark: Bookmark) -> Movement:
    """A measure over time, of everybody or of each actor with the most statements."""
    actors: Actors = "region" if wanted.of == "region" else "holder"
    read = statements_of(asked, state, actors)
    said = on_scale(once_per(read.frame, "source", HOLDERS))
    counts = said["actor"].value_counts()
    shown = [str(key) for key, count in counts.items() if count][:MOST_LINES] if wanted.of != "everybody" else []
    parts = {read.names[key]: said[said["actor"] == key] for key in sorted(shown)} if shown else {"Everybody": said}
    found = {
        name: over_time(part, wanted.measure, wanted.by, wanted.window).set_index("period")
        for name, part in parts.items()
    }
    order = list(over_time(said, "statements", wanted.by, wanted.window)["period"])
    return Movement(
        periods=_periods(order, wanted),
        lines=[Moving(name, tuple(_point(one, period) for period in order)) for name, one in found.items()],
        topics=_topics(said, read.names, wanted.by),
        left_out=max(0, int((counts > 0).sum()) - MOST_LINES) if shown else 0,
        positions=read.positions,
        change=read.change,
    )


def _point(found: pd.DataFrame, period: str | int) -> Point | None:
    if period not in found.index:
        return None
    row: Any = found.loc[period]
    value, statements, sources = float(row["value"]), int(row["statements"]), int(row["sources"])
    return Point(str(period), None if math.isnan(value) else value, statements, sources, statements < FEWEST)


def _periods(order: list[str | int], wanted: Wanted) -> list[tuple[str, str]]:
    if wanted.by == "workshop":
        titles = titles_of([str(one) for one in order], withdrawn="A withdrawn workshop")
        return [(title, url_of(Kind.WORKSHOP, one)) for one, title in titles.items()]
    return [(str(one) if wanted.window == 1 else f"{int(one) - wanted.window + 1}–{one}", "") for one in order]


def _topics(said: pd.DataFrame, names: dict[str, str], by: By) -> list[Topic]:
    """Propositions that can be followed, those spoken on in the most periods first."""
    if said.empty:
        return []
    period = said["workshop"].astype(object) if by == "workshop" else said["date"].dt.year
    groups = pd.DataFrame({"proposition": said["proposition"].astype(object), "period": period}).groupby("proposition")
    sizes = groups["period"].agg(["nunique", "size"]).sort_values(["nunique", "size"], ascending=False, kind="stable")
    return [
        Topic(str(one), names.get(str(one), str(one)), int(row[0]), int(row[1]))
        for one, row in zip(sizes.index[:MOST_LISTED], sizes.to_numpy()[:MOST_LISTED].tolist(), strict=True)
        if row[0] > 1
    ]
