"""Networks of statements: two-mode (actors by propositions) and one-mode (actors by actors).

With x_ijk statements of actor i on proposition j with stance k, and d(k, k') how far two stances are apart, from 0
(the same) to 1 (the ends of the scale), the formulas are those of the Discourse Network Analyzer, whose d for whole
numbers is |k - k'| / (|K| - 1) (Leifeld, Gruber and Bossner, Discourse Network Analyzer Manual, chapter on exporting
networks, https://github.com/leifeld/dna):

    one-mode    congruence     sum over j, k, k' of x_ijk x_i'jk' (1 - d(k, k'))
                conflict       sum over j, k, k' of x_ijk x_i'jk' d(k, k')
                subtract       congruence - conflict
                ignore         sum over j of (sum_k x_ijk) (sum_k x_i'jk)
    two-mode    ignore         sum over k of x_ijk
                subtract       sum over k of x_ijk s(k), with s the scale: those for less those against, for two sides
                combine        0 none, 1 for, 2 against, 3 both

What a one-mode weight is divided by, with a_i = sum over j, k of x_ijk:

    activity    (a_i + a_i') / 2, their average activity
    jaccard     sum x_ijk [x_i'jk = 0] + sum x_i'jk [x_ijk = 0] + sum x_ijk x_i'jk
    product     sqrt(a_i^2) sqrt(a_i'^2) = a_i a_i': called cosine there, though it isn't the one of textbooks
    cosine      sqrt(sum x_ijk^2) sqrt(sum x_i'jk^2): the cosine of textbooks, from 0 to 1 for the congruence of two
                sides; stances between them, and stances ignored, count pairs that it doesn't, so that it may pass 1

and a two-mode weight: by ``activity``, the statements of its actor; by ``prominence``, those on its proposition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from apps.public.analysis.statements import check_columns
from apps.taxonomy.words import SCALE

OneMode = Literal["congruence", "conflict", "subtract", "ignore"]
TwoMode = Literal["ignore", "subtract", "combine"]
Normalisation = Literal["none", "activity", "prominence", "jaccard", "product", "cosine"]
Of = Literal["actor", "proposition"]
Mode = Literal["one-mode", "two-mode"]
ONE_MODE: tuple[OneMode, ...] = get_args(OneMode)
TWO_MODE: tuple[TwoMode, ...] = get_args(TwoMode)
NORMALISATIONS: dict[str, tuple[Normalisation, ...]] = {
    "one-mode": ("none", "activity", "jaccard", "product", "cosine"),
    "two-mode": ("none", "activity", "prominence"),
}
Matrix = npt.NDArray[np.float64]


def one_mode(
    statements: pd.DataFrame,
    how: OneMode = "congruence",
    normalise: Normalisation = "none",
    scale: Mapping[str, float] = SCALE,
    of: Of = "actor",
) -> pd.DataFrame:
    """How strongly each two actors are tied by what they say on the same propositions.

    Statements without an actor, a proposition or a stance that is on the scale don't count. Returns a symmetric frame,
    n by n, in alphabetical order, the diagonal 0; a weight is in pairs of statements, or in shares of what it is
    divided by. ``of`` proposition ties propositions by the actors that they share. Raises ValueError for another way to
    count or to divide, or where a column is missing.
    """
    _check(how, ONE_MODE, "way to tie actors")
    _check(normalise, NORMALISATIONS["one-mode"], "way to normalise a one-mode network")
    counted = _counted(statements, scale, of)
    x, apart = counted.x, _distances(counted.levels)
    near = {"congruence": 1 - apart, "conflict": apart, "subtract": 1 - 2 * apart, "ignore": np.ones_like(apart)}[how]
    between = sparse.kron(sparse.eye_array(len(counted.others)), near, format="csr")
    weights: Matrix = np.asarray((x @ between @ x.T).todense(), dtype=float)
    weights = _divided(weights, _one_mode_divisor(x, normalise))
    np.fill_diagonal(weights, 0.0)
    return pd.DataFrame(weights, index=counted.names, columns=counted.names.rename(None))


def two_mode(
    statements: pd.DataFrame,
    how: TwoMode = "subtract",
    normalise: Normalisation = "none",
    scale: Mapping[str, float] = SCALE,
) -> pd.DataFrame:
    """What each actor says on each proposition.

    Statements without an actor, a proposition or a stance that is on the scale don't count. Returns a frame, actors by
    propositions, both in alphabetical order. ``combine`` says 0 where an actor has taken no side, 1 for, 2 against, 3
    for and against, which can't be divided. Raises ValueError for another way to count or to divide, or where a column
    is missing.
    """
    _check(how, TWO_MODE, "way to tie actors to propositions")
    _check(normalise, NORMALISATIONS["two-mode"], "way to normalise a two-mode network")
    if how == "combine" and normalise != "none":
        raise ValueError("What ‘combine’ says is a kind of tie and no weight, so that it can't be normalised.")
    counted = _counted(statements, scale, "actor")
    cube = counted.x.toarray().reshape(len(counted.names), len(counted.others), len(counted.levels))
    total: Matrix = cube.sum(axis=2)
    if how == "ignore":
        weights = total
    elif how == "subtract":
        weights = cube @ counted.levels
    else:
        weights = 1.0 * (cube[:, :, counted.levels > 0].sum(axis=2) > 0)
        weights += 2.0 * (cube[:, :, counted.levels < 0].sum(axis=2) > 0)
    if normalise == "activity":
        weights = _divided(weights, total.sum(axis=1, keepdims=True))
    elif normalise == "prominence":
        weights = _divided(weights, total.sum(axis=0, keepdims=True))
    return pd.DataFrame(weights, index=counted.names, columns=counted.others)


@dataclass(frozen=True)
class _Counted:
    """x_ijk as a matrix with a row for each i, and columns that go through the stances of each j in turn."""

    x: sparse.csr_array[Any]
    names: pd.Index[Any]  # of each i
    others: pd.Index[Any]  # of each j
    levels: Matrix  # where each stance k lies on the scale


def _counted(statements: pd.DataFrame, scale: Mapping[str, float], of: Of) -> _Counted:
    check_columns(statements, "actor", "proposition", "stance")
    known = statements[["actor", "proposition"]]
    statements = statements[(known.notna() & (known != "")).all(axis=1)]
    stances = list(scale)
    sides = pd.Index(stances).get_indexer(pd.Index(statements["stance"].astype(object)))
    taking, sides = statements[sides >= 0], sides[sides >= 0]
    rows, names = _numbered(taking[of])
    columns, others = _numbered(taking["proposition" if of == "actor" else "actor"])
    cells = columns * len(stances) + sides
    shape = (len(names), len(others) * len(stances))
    x = sparse.csr_array(sparse.coo_array((np.ones(len(rows)), (rows, cells)), shape=shape))
    return _Counted(x, names, others, np.array(list(scale.values()), dtype=float))


def _numbered(column: pd.Series[Any]) -> tuple[npt.NDArray[np.int64], pd.Index[Any]]:
    """The values that there are, in alphabetical order, and which of them each row has."""
    numbers, names = pd.factorize(column.astype(object), sort=True)
    return numbers, pd.Index(names, dtype=object, name=column.name)


def _distances(levels: Matrix) -> Matrix:
    """How far each two stances are apart, as shares of the whole scale."""
    width = float(np.ptp(levels)) if len(levels) else 0.0
    return np.abs(levels[:, None] - levels[None, :]) / (width or 1.0)


def _one_mode_divisor(x: sparse.csr_array[Any], normalise: Normalisation) -> Matrix | None:
    activity: Matrix = np.asarray(x.sum(axis=1), dtype=float)
    if normalise == "activity":
        return (activity[:, None] + activity[None, :]) / 2
    if normalise == "product":
        return np.outer(activity, activity)
    if normalise == "cosine":
        length = np.sqrt(np.asarray(x.multiply(x).sum(axis=1), dtype=float))
        return np.outer(length, length)
    if normalise == "jaccard":
        shared = np.asarray((x @ (x > 0).astype(float).T).todense())  # of each row's, where the other has any
        alone = activity[:, None] - shared
        both: Matrix = alone + alone.T + np.asarray((x @ x.T).todense())
        return both
    return None


def _divided(weights: Matrix, by: Matrix | None) -> Matrix:
    """Weights divided; 0 where there is nothing to divide by, since there is no statement then."""
    if by is None:
        return weights
    return np.divide(weights, by, out=np.zeros_like(weights, dtype=float), where=by != 0)


def _check(value: str, known: tuple[str, ...], what: str) -> None:
    if value not in known:
        raise ValueError(f"{value!r} is no {what}: there are {', '.join(known)}.")
