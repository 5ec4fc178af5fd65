"""Which statements count."""

from __future__ import annotations

import pytest

from apps.public.analysis import COLUMNS, PERIODS, frame, once_per, without

# The same actor, proposition and stance throughout, but for the last.
SAID = frame(
    [
        ("A", "p", "supports", "s1", "2020-01-06"),  # a Monday
        ("A", "p", "supports", "s1", "2020-01-06"),
        ("A", "p", "supports", "s2", "2020-01-06"),
        ("A", "p", "supports", "s3", "2020-01-12"),  # the Sunday of that week
        ("A", "p", "supports", "s4", "2020-01-13"),
        ("A", "p", "supports", "s5", "2020-02-01"),
        ("A", "p", "supports", "s6", "2021-01-04"),  # the first week and the first month, as above, of another year
        ("A", "p", "supports", "s7", None),
        ("A", "p", "supports", "s7", None),
        ("A", "p", "supports", "s8", None),
        ("A", "p", "opposes", "s1", "2020-01-06"),
    ]
)


@pytest.mark.parametrize(
    ("period", "kept"),
    [
        ("statement", [*range(11)]),
        ("source", [0, 2, 3, 4, 5, 6, 7, 9, 10]),
        ("day", [0, 3, 4, 5, 6, 7, 9, 10]),
        ("week", [0, 4, 5, 6, 7, 9, 10]),
        ("month", [0, 5, 6, 7, 9, 10]),
        ("year", [0, 6, 7, 9, 10]),
        ("range", [0, 10]),
    ],
)
def test_repetitions_count_once(period, kept):
    assert list(once_per(SAID, period).index) == kept


def test_the_last_days_of_a_year_may_be_of_the_next_years_first_week():
    said = frame([("A", "p", "supports", "s", day) for day in ("2019-12-30", "2020-01-05", "2020-01-06")])
    assert list(once_per(said, "week").index) == [0, 2]


def test_before_1970_too():
    said = frame([("A", "p", "supports", "s", day) for day in ("1963-06-24", "1963-06-30", "1963-07-01")])
    assert list(once_per(said, "week").index) == [0, 2]
    assert list(once_per(said, "month").index) == [0, 2]


def test_another_period_is_refused():
    with pytest.raises(ValueError, match="'decade' is no period: there are statement, source, day"):
        once_per(SAID, "decade")


def test_a_column_that_is_missing_is_said():
    with pytest.raises(ValueError, match="no column date"):
        once_per(SAID.drop(columns="date"), "month")
    assert len(once_per(SAID.drop(columns=["source", "date"]), "range")) == 2


def test_what_is_left_out():
    said = frame([("A", "p", "supports"), ("A", "q", "supports"), ("B", "p", "opposes"), ("C", "q", "opposes")])
    assert list(without(said, actors=["C"])["actor"]) == ["A", "A", "B"]
    assert list(without(said, propositions=["q"])["actor"]) == ["A", "B"]
    assert list(without(said, fewest=2)["actor"]) == ["A", "A"]
    assert without(said, propositions=["q"], fewest=2).empty, "who has too few left goes, whatever went before"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("period", PERIODS)
def test_no_statements_are_no_trouble(period):
    none = frame([])
    assert tuple(none.columns) == COLUMNS
    assert once_per(none, period).empty
    assert without(none, actors=["A"], fewest=5).empty


def test_a_date_that_is_none_is_refused():
    with pytest.raises(ValueError, match="32"):
        frame([("A", "p", "supports", "s", "2020-01-32")])
