"""Networks of statements, against matrices computed by hand. Each case is small enough to check on paper."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from apps.public.analysis import NORMALISATIONS, ONE_MODE, SCALE, TWO_MODE, frame, one_mode, two_mode

# A says twice that p, and once that not q; B that p, that not p, and that not q; C that not p.
#
#          p for   p against   q against   statements   length
#   A        2         0           1           3        sqrt(5)
#   B        1         1           1           3        sqrt(3)
#   C        0         1           0           1        1
TWICE = [
    *[("A", "p", "supports")] * 2,
    ("A", "q", "opposes"),
    ("B", "p", "supports"),
    ("B", "p", "opposes"),
    ("B", "q", "opposes"),
    ("C", "p", "opposes"),
]
WEIGHTS = {  # of A and B, of A and C, of B and C
    "congruence": (2 * 1 + 1 * 1, 0, 1 * 1),
    "conflict": (2 * 1, 2 * 1, 1 * 1),
    "subtract": (3 - 2, 0 - 2, 1 - 1),
    "ignore": (2 * 2 + 1 * 1, 2 * 1, 2 * 1),
}
DIVISORS = {
    "none": (1, 1, 1),
    "activity": (3, 2, 2),
    "jaccard": (0 + 1 + 3, 3 + 1 + 0, 2 + 0 + 1),
    "product": (9, 3, 3),
    "cosine": (math.sqrt(15), math.sqrt(5), math.sqrt(3)),
}


def square(names: str, ab: float, ac: float, bc: float) -> pd.DataFrame:
    return pd.DataFrame([[0, ab, ac], [ab, 0, bc], [ac, bc, 0]], index=list(names), columns=list(names), dtype=float)


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(found, expected, check_names=False, check_index_type=False, check_column_type=False)


@pytest.mark.parametrize("normalise", NORMALISATIONS["one-mode"])
@pytest.mark.parametrize("how", ONE_MODE)
def test_actors_tied_to_actors(how, normalise):
    expected = [weight / by for weight, by in zip(WEIGHTS[how], DIVISORS[normalise], strict=True)]
    same(one_mode(frame(TWICE), how, normalise), square("ABC", *expected))


@pytest.mark.parametrize(
    ("how", "normalise", "of_a", "of_b", "of_c"),
    [  # on p, on q
        ("ignore", "none", (2, 1), (2, 1), (1, 0)),
        ("ignore", "activity", (2 / 3, 1 / 3), (2 / 3, 1 / 3), (1, 0)),
        ("ignore", "prominence", (2 / 5, 1 / 2), (2 / 5, 1 / 2), (1 / 5, 0)),
        ("subtract", "none", (2, -1), (0, -1), (-1, 0)),
        ("subtract", "activity", (2 / 3, -1 / 3), (0, -1 / 3), (-1, 0)),
        ("subtract", "prominence", (2 / 5, -1 / 2), (0, -1 / 2), (-1 / 5, 0)),
        ("combine", "none", (1, 2), (3, 2), (2, 0)),
    ],
)
def test_actors_tied_to_propositions(how, normalise, of_a, of_b, of_c):
    expected = pd.DataFrame([of_a, of_b, of_c], index=list("ABC"), columns=list("pq"), dtype=float)
    same(two_mode(frame(TWICE), how, normalise), expected)


# By the scale: for 1, qualified ½, neutral 0, against -1; so that for and against are 2 apart, which is all of it.
@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("supports", "supports", 0),
        ("supports", "qualifies", 0.25),
        ("supports", "neutral", 0.5),
        ("supports", "opposes", 1),
        ("qualifies", "neutral", 0.25),
        ("qualifies", "opposes", 0.75),
        ("neutral", "opposes", 0.5),
    ],
)
def test_stances_are_more_or_less_apart(one, other, apart):
    statements = frame([("A", "p", one), ("B", "p", other)])
    assert one_mode(statements, "conflict").loc["A", "B"] == apart
    assert one_mode(statements, "congruence").loc["A", "B"] == 1 - apart
    assert one_mode(statements, "subtract").loc["A", "B"] == 1 - 2 * apart


@pytest.mark.parametrize(("stance", "weight", "tie"), [("supports", 1, 1), ("qualifies", 0.5, 1), ("neutral", 0, 0)])
def test_one_statement_weighs_what_its_stance_does(stance, weight, tie):
    statements = frame([("A", "p", stance)])
    assert two_mode(statements, "subtract").loc["A", "p"] == weight
    assert two_mode(statements, "combine").loc["A", "p"] == tie


def test_whole_numbers_as_the_discourse_network_analyzer_has_them():
    """Levels 1 to 5: congruence 1 - |k - k'| / (|K| - 1), so that 2 and 5 agree by a quarter."""
    likert = {str(level): float(level) for level in range(1, 6)}
    statements = frame([("A", "p", "2"), ("B", "p", "5")])
    assert one_mode(statements, "congruence", scale=likert).loc["A", "B"] == 0.25
    assert one_mode(statements, "conflict", scale=likert).loc["A", "B"] == 0.75


def test_propositions_tied_by_the_actors_that_they_share():
    """A says p twice and not q once; B p and not p, and not q: p and q are never taken the same side on but by B."""
    found = one_mode(frame(TWICE), "congruence", of="proposition")
    same(found, pd.DataFrame([[0, 1], [1, 0]], index=list("pq"), columns=list("pq"), dtype=float))
    assert one_mode(frame(TWICE), "conflict", of="proposition").loc["p", "q"] == 2 * 1 + 1 * 1


def test_what_takes_no_side_does_not_count():
    statements = frame([*TWICE, ("A", "p", ""), ("D", "p", "")])
    same(one_mode(statements), one_mode(frame(TWICE)))
    same(two_mode(statements), two_mode(frame(TWICE)))


@pytest.mark.parametrize("nobody", ["", None, math.nan])
def test_what_nobody_says_or_on_nothing_does_not_count(nobody):
    said = pd.DataFrame(
        [("A", "p", "supports"), ("B", "p", "opposes"), (nobody, "p", "supports"), ("A", nobody, "opposes")]
    )
    said.columns = ["actor", "proposition", "stance"]
    assert one_mode(said, "conflict").to_numpy().tolist() == [[0, 1], [1, 0]]
    assert two_mode(said).to_numpy().tolist() == [[1], [-1]]


def test_a_column_that_is_missing_is_said():
    with pytest.raises(ValueError, match="no column proposition, stance"):
        one_mode(pd.DataFrame({"actor": ["A"]}))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "rows",
    [[], [("A", "p", "supports")], [("A", "p", ""), ("B", "p", "")], [("A", "p", "neutral"), ("B", "q", "neutral")]],
)
def test_next_to_nothing_is_answered_without_a_warning(rows):
    for how in ONE_MODE:
        for normalise in NORMALISATIONS["one-mode"]:
            assert np.isfinite(one_mode(frame(rows), how, normalise).to_numpy()).all()
    for two in TWO_MODE:
        for normalise in NORMALISATIONS["two-mode"] if two != "combine" else ("none",):
            assert np.isfinite(two_mode(frame(rows), two, normalise).to_numpy()).all()


def test_one_stance_level_alone():
    statements = frame([("A", "p", "supports"), ("B", "p", "supports")])
    only = {"supports": SCALE["supports"]}
    assert one_mode(statements, "congruence", scale=only).loc["A", "B"] == 1
    assert one_mode(statements, "conflict", scale=only).loc["A", "B"] == 0


@pytest.mark.parametrize(
    ("count", "how", "normalise", "said"),
    [
        (one_mode, "agreement", "none", "'agreement' is no way to tie actors: there are congruence, conflict"),
        (one_mode, "ignore", "prominence", "'prominence' is no way to normalise a one-mode network"),
        (two_mode, "congruence", "none", "'congruence' is no way to tie actors to propositions"),
        (two_mode, "ignore", "cosine", "'cosine' is no way to normalise a two-mode network"),
        (two_mode, "combine", "activity", "can't be normalised"),
    ],
)
def test_what_is_not_known_is_said(count, how, normalise, said):
    with pytest.raises(ValueError, match=said):
        count(frame(TWICE), how, normalise)
