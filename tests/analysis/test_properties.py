"""What holds of every network, whatever the statements."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.public.analysis import NORMALISATIONS, ONE_MODE, PERIODS, frame, once_per, one_mode, two_mode
from apps.taxonomy.words import Stance

DAYS = st.dates(min_value=pd.Timestamp("2019-12-25").date(), max_value=pd.Timestamp("2021-01-10").date())
ROWS = st.lists(
    st.tuples(
        st.sampled_from("ABCDE"),
        st.sampled_from("pqr"),
        st.sampled_from([*Stance.values, ""]),
        st.sampled_from(["s1", "s2"]),
        st.none() | DAYS,
    ),
    max_size=25,
)
# Data frames take their time to be made, the more so on a busy machine.
cases = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
BINARY = ROWS.map(lambda rows: [row for row in rows if row[2] in ("supports", "opposes")])


@pytest.mark.parametrize("normalise", NORMALISATIONS["one-mode"])
@pytest.mark.parametrize("how", ONE_MODE)
@cases
@given(rows=ROWS)
def test_a_one_mode_network_is_symmetric_and_nobody_is_tied_to_themselves(how, normalise, rows):
    weights = one_mode(frame(rows), how, normalise).to_numpy()
    assert np.allclose(weights, weights.T)
    assert not np.diag(weights).any()
    assert np.isfinite(weights).all()


@cases
@given(rows=ROWS)
def test_the_textbooks_cosine_lies_between_0_and_1(rows):
    weights = one_mode(frame(rows), "congruence", "cosine", scale={"supports": 1, "opposes": -1}).to_numpy()
    assert (weights >= 0).all()
    assert (weights <= 1 + 1e-12).all()


@cases
@given(rows=ROWS)
def test_a_side_per_statement_lies_between_against_and_for(rows):
    weights = two_mode(frame(rows), "subtract", "activity").to_numpy()
    assert (np.abs(weights) <= 1 + 1e-12).all()


@cases
@given(rows=ROWS)
def test_congruence_and_conflict_are_all_there_is(rows):
    said = frame(rows)
    both = one_mode(said, "congruence") + one_mode(said, "conflict")
    pd.testing.assert_frame_equal(both, one_mode(said, "ignore"))
    difference = one_mode(said, "congruence") - one_mode(said, "conflict")
    pd.testing.assert_frame_equal(difference, one_mode(said, "subtract"))


@cases
@given(rows=BINARY)
def test_with_two_sides_all_weights_are_whole_numbers(rows):
    for how in ONE_MODE:
        weights = one_mode(frame(rows), how).to_numpy()
        assert (weights == weights.round()).all()


@cases
@given(rows=ROWS, chance=st.randoms(use_true_random=False))
def test_the_order_of_statements_and_what_actors_are_called_change_nothing(rows, chance):
    called = dict(zip("ABCDE", "VWXYZ", strict=True))
    others = [(called[actor], *rest) for actor, *rest in rows]
    chance.shuffle(others)
    for how in ONE_MODE:
        found, other = one_mode(frame(rows), how, "jaccard"), one_mode(frame(others), how, "jaccard")
        assert list(other.index) == [called[actor] for actor in found.index]
        assert np.allclose(found.to_numpy(), other.to_numpy())


@cases
@given(rows=ROWS)
def test_two_mode_ignore_sums_to_the_statements_that_take_a_side(rows):
    assert two_mode(frame(rows), "ignore").to_numpy().sum() == sum(bool(row[2]) for row in rows)


@cases
@given(rows=ROWS, period=st.sampled_from(PERIODS))
def test_counting_once_again_changes_nothing(rows, period):
    once = once_per(frame(rows), period)
    pd.testing.assert_frame_equal(once_per(once, period), once)


@cases
@given(rows=ROWS)
def test_the_longer_the_period_the_fewer_statements(rows):
    dated = frame([row for row in rows if row[4]])
    counts = [len(once_per(dated, period)) for period in ("statement", "day", "week", "year", "range")]
    whole_weeks = counts[:3] + counts[4:]  # a year may begin in the middle of a week
    assert whole_weeks == sorted(whole_weeks, reverse=True)
    months = [len(once_per(dated, period)) for period in ("day", "month", "year", "range")]
    assert months == sorted(months, reverse=True)
