"""Measures of agreement give the values of published worked examples, and say so where there is nothing to say."""

import pytest

from apps.curation.agreement.measures import FEWEST, NOTHING, agreement, alpha, kappa

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), examples A to C. A * is a unit left out.
BINARY = ("0100000010", "1110010000")
NOMINAL = ("aabbdcccedda", "babbbccceddd")
FOUR_CODERS = ("123321412***", "1233224125*3", "*3332342251*", "12332441251*")


def units(coders: tuple[str, ...]) -> list[tuple[str | None, ...]]:
    return [tuple(None if value == "*" else value for value in unit) for unit in zip(*coders, strict=True)]


@pytest.mark.parametrize(
    ("coders", "published"), [(BINARY, 0.095), (NOMINAL, 0.692), (FOUR_CODERS, 0.743)], ids=["A", "B", "C"]
)
def test_alpha_of_krippendorffs_own_examples(coders, published):
    assert alpha(units(coders)) == pytest.approx(published, abs=0.0005)


def test_kappa_of_a_textbook_table():
    """Fifty proposals read by two: 20 both would accept, 15 neither, 5 and 10 one of them; kappa is 0.40."""
    said = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert kappa(said) == pytest.approx(0.4)


def test_a_set_within_another_is_nearer_than_one_that_only_overlaps():
    """Passonneau (2006): Jaccard's measure, times 1, 2/3, 1/3 or 0; against the distances that chance would give."""
    same, within, overlapping = frozenset("ab"), frozenset("a"), frozenset("bc")
    base = [(same, same), (frozenset("d"), frozenset("d"))] * 5
    nearer, further = (alpha([*base, (same, other)], is_set=True) for other in (within, overlapping))
    assert further < nearer < 1
    # Two of 22 values make a distance of 2/3 in 1 of 11 units: 1 - (2 * 2/3 / 22) / expected.
    pairs = {("ab", "d"): 11 * 10, ("a", "d"): 10, ("ab", "a"): 11}
    expected = 2 * (pairs["ab", "d"] + pairs["a", "d"] + pairs["ab", "a"] * 2 / 3) / (22 * 21)
    assert nearer == pytest.approx(1 - (2 * 2 / 3 / 22) / expected)


def test_two_who_name_nothing_agree():
    found = agreement("Regions", [(NOTHING, NOTHING)] * 9 + [(frozenset({1}), NOTHING)] * 3, is_set=True)
    assert (found.number, found.same) == (12, 9)
    assert found.alpha < 0.1


def test_few_units_say_nothing():
    found = agreement("Stance", [("a", "b")] * (FEWEST - 1))
    assert (found.alpha, found.kappa) == (None, None)
    assert "Not enough to say" in found.verdict


@pytest.mark.parametrize("number", [0, 1, FEWEST, 500])
def test_no_variation_is_said_in_words_and_is_no_number(number):
    found = agreement("Stance", [("supports", "supports")] * number)
    assert found.alpha is None
    assert found.kappa is None
    assert found.same == number
    assert found.verdict


@pytest.mark.parametrize(
    ("wrong", "verdict"), [(1, "Reliable"), (4, "For tentative conclusions"), (10, "Not reliable")]
)
def test_the_verdict_goes_by_krippendorffs_thresholds(wrong, verdict):
    said = [("a", "a"), ("b", "b")] * 15
    assert agreement("Stance", [*said[wrong:], *[("a", "b")] * wrong]).verdict == verdict
