"""Means, polarisation, divergence, consensus and how they move: against figures that were computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.public.analysis import (
    SCALE,
    consensus,
    divergence,
    frame,
    mean_stance,
    on_scale,
    once_per,
    over_time,
    polarisation,
)
from apps.public.analysis.opinions import by_source, generator, resampled


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 1, 1], 0),  # all the same
        ([0], 0),
        ([1, -1], 1),  # half at each end
        ([1, 1, -1, -1], 1),
        ([1, 0.5, 0, -1], 0.546875),  # as many of each stance: the mean is 1/8, that of the squares 9/16
        ([1, 0], 0.25),
        ([1, 1, 1, -1], 0.75),  # the mean is 1/2: 1 - 1/4
    ],
)
def test_polarisation(values, expected):
    assert polarisation(values) == pytest.approx(expected)


def test_of_nothing_there_is_no_mean_and_no_polarisation():
    assert math.isnan(mean_stance([]))
    assert math.isnan(polarisation([]))


@given(st.lists(st.sampled_from(list(SCALE.values())), min_size=1, max_size=30), st.randoms())
def test_polarisation_lies_between_0_and_1_whatever_the_order_and_the_direction(values, chance):
    found = polarisation(values)
    turned = [-value for value in values]
    chance.shuffle(values)
    assert 0 <= found <= 1 + 1e-12
    assert polarisation(values) == pytest.approx(found)
    assert polarisation(turned) == pytest.approx(found)


SAID = [
    # Europe: 1, 1, -1 in three sources; Asia: -1, -1, 0.5
    *(("europe", "p", stance, f"e{i}", "2021-01-01") for i, stance in enumerate(("supports", "supports", "opposes"))),
    *(("asia", "p", stance, f"a{i}", "2022-01-01") for i, stance in enumerate(("opposes", "opposes", "qualifies"))),
    # both the same
    *(("europe", "q", "supports", f"e{i}", "2021-01-01") for i in range(3)),
    *(("asia", "q", "supports", f"a{i}", "2023-01-01") for i in range(3)),
    # too few sources in Asia
    *(("europe", "r", "supports", f"e{i}", "2021-01-01") for i in range(3)),
    *(("asia", "r", "opposes", f"a{i}", "2021-01-01") for i in range(2)),
]


def test_divergence_is_the_difference_of_means():
    found = divergence(frame(SAID), "europe", "asia").set_index("proposition")
    assert list(found.index) == ["p", "q"]  # the farthest first, and nothing of r
    assert found.loc["p", ["first", "second", "apart"]].tolist() == pytest.approx([1 / 3, -1 / 2, 5 / 6])
    assert found.loc["q", ["first", "second", "apart", "low", "high"]].tolist() == [1, 1, 0, 0, 0]
    assert found.loc["p", ["first_statements", "first_sources", "second_sources"]].tolist() == [3, 3, 3]
    assert found.loc["p", "low"] <= 5 / 6 <= found.loc["p", "high"]


def test_two_that_say_the_same_are_not_held_apart():
    """Both support or oppose at even chance, so that 0 is the truth: about 95 of 100 intervals begin there."""
    chance = np.random.default_rng(2)
    said = [
        (actor, f"p{i}", "supports" if chance.random() < 0.5 else "opposes", f"{actor} {k}", None)
        for i in range(200)
        for actor, many in (("europe", 31), ("asia", 37))
        for k in range(many)
    ]
    found = divergence(frame(said), "europe", "asia", draws=300)
    assert 0.9 <= (found["low"] == 0).mean() <= 0.99
    assert ((found["low"] <= found["apart"]) & (found["apart"] <= found["high"])).all()


def test_divergence_is_symmetric_and_seeded():
    one, other = divergence(frame(SAID), "europe", "asia"), divergence(frame(SAID), "asia", "europe")
    assert one["apart"].tolist() == other["apart"].tolist()
    pd.testing.assert_frame_equal(one, divergence(frame(SAID).sample(frac=1, random_state=1), "europe", "asia"))


def test_consensus_is_what_polarisation_leaves():
    found = consensus(frame(SAID)).set_index("proposition")
    # q: all the same. r: 1, 1, 1, -1, -1, whose variance is 24/25. p: 1, 1, -1, -1, -1, 1/2: mean -1/12.
    assert next(iter(found.index)) == "q"
    assert found.loc["q", ["agreement", "low", "high", "mean"]].tolist() == [1, 1, 1, 1]
    assert found.loc["r", "agreement"] == pytest.approx(1 - 24 / 25)
    assert found.loc["p", "agreement"] == pytest.approx(1 - (5.25 / 6 - 1 / 144))
    assert ((found["low"] <= found["high"]) & found["low"].between(0, 1)).all()


def test_nothing_is_ranked_of_too_few_sources():
    assert divergence(frame(SAID), "europe", "asia", fewest=4).empty
    assert consensus(frame(SAID), fewest=7).empty
    assert divergence(frame([]), "europe", "asia").empty
    assert consensus(frame([])).empty


@pytest.mark.filterwarnings("error")
def test_of_one_stance_alone_all_agree():
    found = consensus(frame(SAID), scale={"supports": 1.0})
    assert found[["agreement", "low", "high"]].to_numpy().tolist() == [[1, 1, 1]] * 2  # of q and r


def test_whole_sources_are_drawn():
    """A source with two statements that part counts with both or not at all: of it alone the mean is always 0."""
    said = on_scale(frame([("a", "p", "supports", "s", None), ("a", "p", "opposes", "s", None)]))
    drawn = resampled(by_source(said)["p"], 50, np.random.default_rng(1))
    assert drawn[:, 0].tolist() == [2.0] * 50
    assert not drawn[:, 1].any()


def test_an_interval_covers_the_truth_as_often_as_it_says():
    """Of 200 samples of 40 statements, 1 or -1 at even chance, one a source, about 95% have the mean 0 inside."""
    chance, covered = np.random.default_rng(5), 0
    for i in range(200):
        stances = np.where(chance.random(40) < 0.5, "supports", "opposes")
        said = on_scale(frame([("a", "p", stance, f"s{k}", None) for k, stance in enumerate(stances)]))
        drawn = resampled(by_source(said)["p"], 400, generator(1, f"sample {i}"))
        low, high = np.quantile(drawn[:, 1] / drawn[:, 0], [0.025, 0.975])
        covered += low <= 0 <= high
    assert 180 <= covered <= 198


def test_who_says_the_same_twice_in_one_source_is_counted_once_and_others_beside():
    said = frame([("asia", "p", "supports", "s", None)] * 3).assign(holder=[1, 1, 2])
    assert len(once_per(said, "source")) == 1
    assert len(once_per(said, "source", ("actor", "holder"))) == 2


# --- Over time


def moving(rows: list[tuple[str, str, str, str, str | None, str]]) -> pd.DataFrame:
    return frame([row[:5] for row in rows]).assign(workshop=pd.Categorical([row[5] or None for row in rows]))


TOLD = moving(
    [
        ("a", "p", "supports", "s1", "2019-05-01", "w9"),
        ("b", "p", "supports", "s1", "2019-05-01", "w9"),
        ("a", "p", "supports", "s2", "2020-05-01", "w1"),
        ("b", "p", "opposes", "s2", "2020-05-01", "w1"),
        ("c", "q", "qualifies", "s3", "2022-05-01", ""),
        ("c", "q", "opposes", "s4", None, "w1"),
    ]
)


def test_from_year_to_year():
    found = over_time(TOLD, "stance").set_index("period")
    assert found["value"].to_dict() == {2019: 1.0, 2020: 0.0, 2022: 0.5}
    assert found["statements"].tolist() == [2, 2, 1]
    assert over_time(TOLD, "polarisation")["value"].tolist() == [0, 1, 0]


def test_along_a_window_of_years():
    found = over_time(TOLD, "statements", window=2).set_index("period")["value"].to_dict()
    assert found == {2019: 2, 2020: 4, 2021: 2, 2022: 1}


def test_a_window_that_is_wider_than_the_data_holds_all_that_was_said_until_then():
    assert over_time(TOLD, "statements", window=50)["value"].tolist() == [2, 4, 4, 5]


def test_from_workshop_to_workshop_in_the_order_of_time():
    found = over_time(TOLD, "statements", "workshop")
    assert list(found["period"]) == ["w9", "w1"]
    assert found["value"].tolist() == [2, 3]


def test_polarisation_is_averaged_over_propositions_by_their_statements():
    """In w1, p has two statements and polarisation 1, q one and 0."""
    assert over_time(TOLD, "polarisation", "workshop")["value"].tolist() == pytest.approx([0, 2 / 3])


@pytest.mark.filterwarnings("error")
def test_density_of_agreement_is_a_share_of_pairs_or_nothing_of_one_actor():
    found = over_time(TOLD, "density")["value"].tolist()
    assert found[:2] == [1, 0]
    assert math.isnan(found[2])


@pytest.mark.parametrize("measure", ["stance", "polarisation", "density", "statements"])
@pytest.mark.filterwarnings("error")
def test_nothing_moves_where_nothing_was_said(measure):
    for by in ("year", "workshop"):
        assert over_time(moving([]), measure, by).empty
    assert over_time(moving([("a", "p", "supports", "s", None, "")]), measure).empty


@pytest.mark.parametrize("wrong", [{"measure": "mood"}, {"by": "decade"}, {"window": 0}])
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"measure|time|window"):
        over_time(TOLD, **({"measure": "stance"} | wrong))


def test_a_column_that_is_missing_is_said():
    with pytest.raises(ValueError, match="no column workshop"):
        over_time(frame(SAID), "stance", by="workshop")
    with pytest.raises(ValueError, match="no column stance"):
        divergence(TOLD.drop(columns="stance"), "a", "b")
    with pytest.raises(ValueError, match=r"pandas.to_datetime"):
        over_time(TOLD.astype({"date": str}), "stance")
