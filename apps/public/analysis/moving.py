"""How a measure moves: from workshop to workshop, from year to year, or through a window that moves along the years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from apps.public.analysis.networks import one_mode
from apps.public.analysis.opinions import mean_stance, on_scale, polarisation
from apps.public.analysis.statements import check_columns
from apps.taxonomy.words import SCALE

By = Literal["workshop", "year"]
BY: tuple[By, ...] = get_args(By)
Measure = Literal["stance", "polarisation", "density", "statements"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
COLUMNS = ("period", "value", "statements", "sources", "actors")


def over_time(
    statements: pd.DataFrame,
    measure: Measure,
    by: By = "year",
    window: int = 1,
    scale: Mapping[str, float] = SCALE,
) -> pd.DataFrame:
    """A measure in each period, one after another.

    By ``workshop`` periods are workshops, which a further column of that name has, in the order of their first
    statement; by ``year`` they are windows of so many years, each one year after the one before, called by their last
    year. Statements without a date, or that were
    made in no workshop, belong to none.

    The measures: ``stance``, the mean on the scale, which says something of one proposition; ``polarisation``, as
    ``opinions.polarisation`` of each proposition, averaged over propositions by their statements; ``density``, the
    share of pairs of actors with a congruence above 0, of all pairs that speak; ``statements``, how many there are.

    Returns a frame with a row for each period that has statements and the columns COLUMNS; a value that can't be
    computed, such as the density of one actor, is NaN. Raises ValueError for another measure or way to divide time, a
    window below one year, or where a column is missing.
    """
    if measure not in MEASURES:
        raise ValueError(f"{measure!r} is no measure: there are {', '.join(MEASURES)}.")
    if by not in BY:
        raise ValueError(f"{by!r} is no way to divide time: there are {', '.join(BY)}.")
    if window < 1:
        raise ValueError("A window is one year wide, or more.")
    check_columns(statements, "actor", "proposition", "stance", "source", "workshop" if by == "workshop" else "date")
    said = on_scale(statements, scale)
    rows = [
        (period, _value(part, measure, scale), len(part), part["source"].nunique(), part["actor"].nunique())
        for period, part in (_workshops(said) if by == "workshop" else _years(said, window))
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _workshops(said: pd.DataFrame) -> Iterator[tuple[Any, pd.DataFrame]]:
    told = said[said["workshop"].notna()]
    parts = [(part["date"].min(), str(one), part) for one, part in told.groupby("workshop", observed=True)]
    for _, one, part in sorted(parts, key=lambda one: (pd.isna(one[0]), one[0] if pd.notna(one[0]) else 0, one[1])):
        yield one, part


def _years(said: pd.DataFrame, window: int) -> Iterator[tuple[Any, pd.DataFrame]]:
    years = said["date"].dt.year
    if years.notna().any():
        for last in range(int(years.min()), int(years.max()) + 1):
            part = said[(years > last - window) & (years <= last)]
            if len(part):
                yield last, part


def _value(part: pd.DataFrame, measure: Measure, scale: Mapping[str, float]) -> float:
    if measure == "statements":
        return float(len(part))
    if measure == "stance":
        return mean_stance(part["value"])
    if measure == "polarisation":
        groups = [one["value"].to_numpy() for _, one in part.groupby("proposition", observed=True)]
        return float(np.average([polarisation(one, scale) for one in groups], weights=[len(one) for one in groups]))
    weights = one_mode(part, "congruence", scale=scale).to_numpy()
    pairs = len(weights) * (len(weights) - 1)
    return float((weights > 0).sum() / pairs) if pairs else float("nan")
