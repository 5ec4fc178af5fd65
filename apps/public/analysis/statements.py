"""Statements as data frames: their columns, and which of them count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

COLUMNS = ("actor", "proposition", "stance", "source", "date")

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


def once_per(statements: pd.DataFrame, period: Period, of: Sequence[str] = ("actor",)) -> pd.DataFrame:
    """Statements without repetitions: of the same stance of one actor on one proposition the first is kept in each
    source, day, ISO week, month or year, or in the whole ``range``; for ``statement`` all are kept. Where several speak
    for one actor, such as holders for a region, ``of`` has the columns that tell them apart too.

    Weeks and months are those of their year: January 2020 and January 2021 are two. Statements without a date count
    once in each source. Rows keep their order and index. Raises ValueError for another period, or where a column is
    missing that is needed.
    """
    if period not in PERIODS:
        raise ValueError(f"{period!r} is no period: there are {', '.join(PERIODS)}.")
    needed = {"statement": (), "range": (), "source": ("source",)}.get(period, ("source", "date"))
    check_columns(statements, *of, "proposition", "stance", *needed)
    if period == "statement" or statements.empty:
        return statements
    same = statements[[*of, "proposition", "stance"]]
    if period == "source":
        same = same.assign(source=statements["source"])
    elif period != "range":
        undated = statements["date"].isna()
        same = same.assign(period=_number(statements["date"], period), source=statements["source"].where(undated))
    return statements[~same.duplicated()]


def check_columns(statements: pd.DataFrame, *needed: str) -> None:
    """Raises ValueError where a frame lacks a column, or has dates that are texts."""
    missing = [name for name in needed if name not in statements]
    if missing:
        raise ValueError(f"These statements have no column {', '.join(missing)}: see apps.public.analysis.frame.")
    if "date" in needed and not pd.api.types.is_datetime64_dtype(statements["date"]):
        raise ValueError("The column date has no dates: make them with pandas.to_datetime().")


def _number(dates: pd.Series[Any], period: Period) -> npt.NDArray[np.int64]:
    """The day, ISO week, month or year of each date, counted from 1970; the same for all that have none."""
    days = dates.to_numpy().astype("datetime64[D]")
    if period == "week":
        return (days.astype(np.int64) + _MONDAY) // 7
    return days.astype(f"datetime64[{period[0].upper()}]").astype(np.int64)


def without(
    statements: pd.DataFrame, actors: Iterable[str] = (), propositions: Iterable[str] = (), fewest: int = 1
) -> pd.DataFrame:
    """Statements without those of some actors and on some propositions, and then without actors that have fewer than
    ``fewest`` left."""
    unwanted = statements["actor"].isin(list(actors)) | statements["proposition"].isin(list(propositions))
    kept = statements[~unwanted]
    return kept[kept.groupby("actor", observed=True)["actor"].transform("size") >= fewest]
