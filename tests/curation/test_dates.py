"""Dates of partial precision: stored as known, sorted right, said in words."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.curation.dates import PartialDate


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "words"),
    [
        ("2023", "2023-01-01", "2023-12-31", "2023"),
        ("2023-06", "2023-06-01", "2023-06-30", "June 2023"),
        ("2024-02", "2024-02-01", "2024-02-29", "February 2024"),
        ("2023-06-06", "2023-06-06", "2023-06-06", "6 June 2023"),
        ("2023-06-06/2023-06-07", "2023-06-06", "2023-06-07", "6–7 June 2023"),
        ("2023-05-30/2023-06-02", "2023-05-30", "2023-06-02", "30 May – 2 June 2023"),
        ("2023-12-30/2024-01-02", "2023-12-30", "2024-01-02", "30 December 2023 – 2 January 2024"),
        ("2023-06/2023-09", "2023-06-01", "2023-09-30", "June – September 2023"),
        ("2019/2021", "2019-01-01", "2021-12-31", "2019 – 2021"),
        ("2023-06-06/2023-06-06", "2023-06-06", "2023-06-06", "6 June 2023"),
    ],
)
def test_each_precision(text, earliest, latest, words):
    date = PartialDate.parse(text)
    assert (date.earliest.isoformat(), date.latest.isoformat(), date.words()) == (earliest, latest, words)


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "23", "2023-13", "2023-00", "2023-02-30", "2023-6-6", "06/06/2023", "2024/2023", "0000", "0000-01",
        "2023/06/06", "2023/06",
        "2023-06-06/", "/2023", "2023-06-06/2023-06-05", "٢٠٢٣", "1800/2023", "2023\x00",
    ],
)  # fmt: skip
def test_what_is_no_date_says_so(text):
    with pytest.raises(ValueError, match=r"is no date|calendar|century|ends before"):
        PartialDate.parse(text)


@given(st.dates(), st.dates())
def test_a_range_of_days_keeps_its_ends(one: dt.date, other: dt.date):
    first, last = sorted((one, other))
    if last.year - first.year <= 100:
        date = PartialDate.parse(f"{first.isoformat()}/{last.isoformat()}")
        assert (date.earliest, date.latest) == (first, last)
        assert PartialDate.parse(str(date)) == date


@given(st.text())
def test_no_text_does_worse_than_a_value_error(text: str):
    with contextlib.suppress(ValueError):
        PartialDate.parse(text)
