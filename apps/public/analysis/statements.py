"""Statements as data frames: their columns, and which of them count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from apps.taxonomy.words import Stance

COLUMNS = ("actor", "proposition", "stance", "source", "date")

# Where a stance lies between against (-1) and for (1). That who qualifies goes half the way is a convention of ours,
# which comparisons keep to as well.
SCALE: Mapping[str, float] = {
    Stance.SUPPORTS.value: 1.0,
    Stance.QUALIFIES.value: 0.5,
    Stance.NEUTRAL.value: 0.0,
    Stance.OPPOSES.value: -1.0,
}

Period = Literal["statement", "source", "day", "week", "month", "year", "range"]
PERIODS: tuple[Period, ...] = get_args(Period)

_MONDAY = 3  # days from a Monday to 1 January 1970, a Thursday, which numpy counts from


def frame(rows: Iterable[Mapping[str, Any] | tuple[Any, ...]]) -> pd.DataFrame:
    """Statements from rows: mappings, or tuples in the order of COLUMNS; what is missing is empty.

    Returns a frame with the five COLUMNS: texts, but for ``date``, which is a day or NaT. Raises ValueError for a date
    that is none.
    """
    said = [dict(row) if isinstance(row, Mapping) else dict(zip(COLUMNS, row, strict=False)) for row in rows]
    columns = {name: [row.get(name) for row in said] for name in COLUMNS}
    made = pd.DataFrame(
        {
            name: pd.Categorical(["" if value is None else str(value) for value in columns[name]])
            for name in COLUMNS[:-1]
        }
    )
    made["date"] = pd.to_datetime(pd.Series(columns["date"], dtype=object)).astype("datetime64[s]")
    return made


def once_per(statements: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Statements without repetitions: of the same stance of one actor on one proposition the first is kept in each
    source, day, ISO week, month or year, or in the whole ``range``; for ``statement`` all are kept.

    Weeks and months are those of their year: January 2020 and January 2021 are two. Statements without a date count
    once in each source. Rows keep their order and index. Raises ValueError for another period.
    """
    if period not in PERIODS:
        raise ValueError(f"{period!r} is no period: there are {', '.join(PERIODS)}.")
    if period == "statement" or statements.empty:
        return statements
    same = [codes(statements[column]) for column in ("actor", "proposition", "stance")]
    if period == "source":
        same.append(codes(statements["source"]))
    elif period != "range":
        number, undated = _number(statements["date"], period), statements["date"].isna().to_numpy()
        same += [np.where(undated, 0, number), np.where(undated, codes(statements["source"]) + 1, 0)]
    key = np.zeros(len(statements), dtype=np.int64)
    for column in same:  # one number for each combination; the middle step keeps it from growing beyond 64 bits
        _, key = np.unique(key, return_inverse=True)
        _, column = np.unique(column, return_inverse=True)
        key = key * (int(column.max()) + 1) + column
    _, first = np.unique(key, return_index=True)
    return statements.iloc[np.sort(first)]


def _number(dates: pd.Series[Any], period: Period) -> npt.NDArray[np.int64]:
    """The day, ISO week, month or year of each date, counted from 1970."""
    days = dates.to_numpy().astype("datetime64[D]")
    if period == "week":
        counted: npt.NDArray[np.int64] = (days.astype(np.int64) + _MONDAY) // 7
        return counted
    return days.astype({"day": "datetime64[D]", "month": "datetime64[M]", "year": "datetime64[Y]"}[period]).astype(
        np.int64
    )


def codes(column: pd.Series[Any]) -> npt.NDArray[np.int64]:
    """A number for each value of a column."""
    return as_categories(column).cat.codes.to_numpy().astype(np.int64)


def as_categories(column: pd.Series[Any]) -> pd.Series[Any]:
    return column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype("category")


def without(
    statements: pd.DataFrame, actors: Iterable[str] = (), propositions: Iterable[str] = (), fewest: int = 1
) -> pd.DataFrame:
    """Statements without those of some actors and on some propositions, and then without actors that have fewer than
    ``fewest`` left."""
    unwanted = statements["actor"].isin(list(actors)) | statements["proposition"].isin(list(propositions))
    kept = statements[~unwanted]
    if fewest > 1 and len(kept):
        numbers = codes(kept["actor"])
        kept = kept[np.bincount(numbers)[numbers] >= fewest]
    return kept
