"""On which propositions two groups part, and on which everybody agrees, with how sure that is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from apps.public.analysis.opinions import (
    by_source,
    generator,
    interval,
    mean_stance,
    on_scale,
    polarisation,
    resampled,
)
from apps.taxonomy.words import SCALE

FEWEST_SOURCES = 3  # of each group: of fewer nothing is ranked
DRAWS = 1_000
SEED = 1

DIVERGENCE = (
    *("proposition", "first", "second", "apart", "low", "high"),
    *("first_statements", "first_sources", "second_statements", "second_sources"),
)
CONSENSUS = ("proposition", "agreement", "low", "high", "mean", "statements", "sources")


def divergence(
    statements: pd.DataFrame,
    first: str,
    second: str,
    most: int | None = None,
    fewest: int = FEWEST_SOURCES,
    draws: int = DRAWS,
    seed: int = SEED,
    scale: Mapping[str, float] = SCALE,
) -> pd.DataFrame:
    """How far two actors part on each proposition that both discuss: |mean of one - mean of the other|, from 0 to the
    width of the scale.

    Returns a frame with a row for each proposition on which both have ``fewest`` sources or more, the farthest apart
    first, ``most`` of them; its columns are the means on the scale, how far they are apart with a 95% interval from
    ``draws`` bootstrap samples of whole sources, seeded, and of how many statements and sources. The interval is that
    of the difference, taken without its sign: it begins at 0 where either may be above the other. What repeats is to
    be left out before, see ``once_per``.
    """
    said = on_scale(statements, scale)
    sides = {actor: _by_proposition(said[said["actor"] == actor], fewest) for actor in (first, second)}
    shared = sorted(sides[first].keys() & sides[second].keys())
    apart = {one: abs(_mean(sides[first][one]) - _mean(sides[second][one])) for one in shared}
    rows = []
    for one in sorted(shared, key=lambda one: (-apart[one], one))[:most]:
        chance = generator(seed, one)
        means = [_means(resampled(sides[actor][one], draws, chance)) for actor in (first, second)]
        low, high = _distances(*interval(means[0] - means[1]))
        sizes = [size for actor in (first, second) for size in _size(sides[actor][one])]
        rows.append((one, *(_mean(sides[actor][one]) for actor in (first, second)), apart[one], low, high, *sizes))
    return pd.DataFrame(rows, columns=list(DIVERGENCE))


def consensus(
    statements: pd.DataFrame,
    most: int | None = None,
    fewest: int = FEWEST_SOURCES,
    draws: int = DRAWS,
    seed: int = SEED,
    scale: Mapping[str, float] = SCALE,
) -> pd.DataFrame:
    """How much all agree on each proposition: 1 - ``polarisation``, from 0 (half at each end) to 1 (all the same).

    Returns a frame with a row for each proposition with ``fewest`` sources or more, what is agreed on most first, and
    with the same interval as ``divergence``; ``mean`` says what they agree on.
    """
    said = on_scale(statements, scale)
    found = _by_proposition(said, fewest)
    values = {str(one): part.to_numpy() for one, part in said.groupby("proposition", observed=True)["value"]}
    agreement = {one: 1 - polarisation(values[one], scale) for one in found}
    width = float(np.ptp(list(scale.values()))) or 1.0  # of one stance alone there is no variance to divide
    rows = []
    for one in sorted(found, key=lambda one: (-agreement[one], -len(values[one]), one))[:most]:
        drawn = resampled(found[one], draws, generator(seed, one))
        variance = np.maximum(drawn[:, 2] / drawn[:, 0] - _means(drawn) ** 2, 0.0)
        low, high = interval(1 - 4 * variance / width**2)
        rows.append((one, agreement[one], low, high, mean_stance(values[one]), *_size(found[one])))
    return pd.DataFrame(rows, columns=list(CONSENSUS))


def _distances(low: float, high: float) -> tuple[float, float]:
    """How near to 0 and how far from it a difference between two bounds may be. Percentiles of distances themselves
    would never begin at 0, and make two groups that say the same look apart."""
    near, far = sorted((abs(low), abs(high)))
    return (0.0 if low <= 0 <= high else near), far


def _by_proposition(said: pd.DataFrame, fewest: int) -> dict[str, pd.DataFrame]:
    """The sums of each source, of each proposition with sources enough."""
    return {one: sums for one, sums in by_source(said).items() if len(sums) >= max(1, fewest)}


def _mean(sums: pd.DataFrame) -> float:
    return float(sums["sum"].sum() / sums["count"].sum())


def _means(drawn: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    means: npt.NDArray[np.float64] = drawn[:, 1] / drawn[:, 0]
    return means


def _size(sums: pd.DataFrame) -> tuple[int, int]:
    return int(sums["count"].sum()), len(sums)
