"""What a number of statements come to on a scale: where they stand, and how far they lie apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from apps.public.analysis.statements import check_columns
from apps.taxonomy.words import SCALE


def on_scale(statements: pd.DataFrame, scale: Mapping[str, float] = SCALE) -> pd.DataFrame:
    """Statements that take a side, with its place on the scale as a further column, ``value``. Raises ValueError
    where there is no column ``stance``."""
    check_columns(statements, "stance")
    values = statements["stance"].astype(object).map(scale).astype(float)
    return statements.assign(value=values)[values.notna()]


def mean_stance(values: npt.ArrayLike) -> float:
    """Where statements stand on the scale, on average; NaN of none."""
    found = np.asarray(values, dtype=float)
    return float(found.mean()) if found.size else float("nan")


def polarisation(values: npt.ArrayLike, scale: Mapping[str, float] = SCALE) -> float:
    """How far statements lie apart, from 0 (all take the same side) to 1 (half of them at each end of the scale).

    Their variance as a share of the greatest that a scale allows, a quarter of its squared width: P = 4 Var(s) / w².
    Dispersion is the first of the marks of polarisation in DiMaggio, Evans and Bryson (1996, "Have Americans' Social
    Attitudes Become More Polarized?", American Journal of Sociology 102(3), https://doi.org/10.1086/230995); the bound
    is Popoviciu's (1935). NaN of no statements.
    """
    found = np.asarray(values, dtype=float)
    levels = np.array(list(scale.values()), dtype=float)
    width = float(np.ptp(levels)) if levels.size else 0.0
    if not found.size:
        return float("nan")
    return float(4 * found.var() / width**2) if width else 0.0


def by_source(statements: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Of each proposition, for each source, the number of its statements, the sum of their values and of their squares:
    all that means and variances of any choice of sources need. Takes what on_scale() returns."""
    values = statements["value"]
    sums = statements[["proposition", "source"]].assign(count=1.0, sum=values, squares=values**2)
    totals = sums.groupby(["proposition", "source"], observed=True, sort=True).sum()
    return {str(one): part.droplevel(0) for one, part in totals.groupby(level=0, observed=True)}


def resampled(sums: pd.DataFrame, draws: int, chance: np.random.Generator) -> npt.NDArray[np.float64]:
    """Sums over sources drawn with replacement, as many as there are, of which there has to be one: draws by three
    (count, sum, squares).

    Whole sources are drawn, since the statements of one are not made independently of one another (Davison and Hinkley
    1997, Bootstrap Methods and their Application, section 3.8).
    """
    many = len(sums)
    taken = chance.integers(0, many, (draws, many)) + many * np.arange(draws)[:, None]  # numbered through all draws
    times = np.bincount(taken.ravel(), minlength=draws * many).reshape(draws, many)
    drawn: npt.NDArray[np.float64] = times @ sums.to_numpy(dtype=float)
    return drawn


def interval(values: npt.NDArray[np.float64], share: float = 0.95) -> tuple[float, float]:
    """Between which the middle ``share`` of values lies: a percentile interval (Efron and Tibshirani 1993, An
    Introduction to the Bootstrap, chapter 13)."""
    low, high = np.quantile(values, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)


def generator(seed: int, name: Any) -> np.random.Generator:
    """Chance that is the same for the same name, whatever else is computed before."""
    return np.random.default_rng([seed, *str(name).encode()])
