"""How far two coders agree: Krippendorff's alpha and Cohen's kappa, each with what it was counted from.

Finding the same units and coding them alike are two questions (Krippendorff 2019, chapter 12): the first is answered
sentence by sentence, the second variable by variable, over the units that both found. Regions, themes and speakers are
sets, whose distance is Passonneau's MASI (2006): a set within another is nearer than one that only overlaps with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from apps.curation.models import CodedUnit, DoubleCoding, UnitPair
from apps.taxonomy.words import Quantifier, Stance

FEWEST = 10  # units that a coefficient is stated from
RELIABLE, TENTATIVE = 0.8, 0.667  # Krippendorff's thresholds: to rely on; for tentative conclusions alone
NOTHING = frozenset({""})  # an empty set, as a value that can be agreed on


@dataclass(frozen=True, slots=True)
class Variable:
    """Something that is coded of each unit: its value to compare, and in words."""

    name: str
    label: str
    value: Callable[[CodedUnit], Any]
    words: Callable[[CodedUnit], str]
    is_set: bool = False


def _proposition(unit: CodedUnit) -> str:
    """By its title: one may have made a proposition that the other only named."""
    return " ".join((unit.proposition.title if unit.proposition else unit.on).casefold().split())


def _set_of(name: str, label: str) -> Variable:
    def value(unit: CodedUnit) -> frozenset[Any]:
        return frozenset(one.pk for one in getattr(unit, name).all()) or NOTHING

    def words(unit: CodedUnit) -> str:
        return ", ".join(sorted(map(str, getattr(unit, name).all())))

    return Variable(name, label, value, words, is_set=True)


VARIABLES = (
    Variable("proposition", "Proposition", _proposition, lambda unit: str(unit.proposition or unit.on)),
    Variable(
        "stance", "Stance", lambda unit: unit.stance, lambda unit: str(Stance(unit.stance).label) if unit.stance else ""
    ),
    Variable(
        "quantifier",
        "How many",
        lambda unit: unit.quantifier,
        lambda unit: str(Quantifier(unit.quantifier).label) if unit.quantifier else "",
    ),
    _set_of("regions", "Regions"),
    _set_of("themes", "Themes"),
    _set_of("speakers", "Speakers"),
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two coders agree in one thing; where a coefficient would say nothing, why."""

    label: str
    number: int  # of units, or of sentences
    same: int  # in which they say the same
    alpha: float | None = None
    kappa: float | None = None
    why_not: str = ""

    @property
    def verdict(self) -> str:
        if self.alpha is None:
            return self.why_not
        if self.alpha >= RELIABLE:
            return "Reliable"
        return "For tentative conclusions" if self.alpha >= TENTATIVE else "Not reliable"


@dataclass(frozen=True, slots=True)
class Report:
    """What two coders found in one source or several, and how far they agree."""

    doubles: list[DoubleCoding]
    first: int  # units that the first found, without those whose words stood nowhere
    second: int
    matched: int
    unplaced: int
    lines: list[Agreement]
    is_same_two: bool  # whether the same two coded all of it

    @property
    def found_by_both(self) -> float | None:
        """Of all that either found, how much both did: Dice's measure, or positive specific agreement."""
        found = self.first + self.second
        return 2 * self.matched / found if found else None


def report_on(doubles: Iterable[DoubleCoding]) -> Report:
    """The report on double codings that are compared, taken together."""
    compared = [one for one in doubles if one.compared_at]
    pairs = list(pairs_of(compared))
    placed = [one for one in pairs if one.is_placed]
    both = [(one.first, one.second) for one in placed if one.first and one.second]
    is_same_two = len({(one.first_id, one.second_id) for one in compared}) <= 1
    lines = [agreement("Where something is claimed", _sentences(compared), with_kappa=is_same_two)]
    lines += [
        agreement(
            one.label,
            [(one.value(mine), one.value(theirs)) for mine, theirs in both],
            one.is_set,
            is_same_two and not one.is_set,
        )
        for one in VARIABLES
    ]
    return Report(
        doubles=compared,
        first=sum(one.first_id is not None for one in placed),
        second=sum(one.second_id is not None for one in placed),
        matched=len(both),
        unplaced=len(pairs) - len(placed),
        lines=lines,
        is_same_two=is_same_two,
    )


def pairs_of(doubles: Iterable[DoubleCoding]) -> QuerySet[UnitPair]:
    """What was found, side by side, with all that a page says of it."""
    of_a_unit = ("regions", "themes", "speakers", "passages")
    sides = [f"{side}__{name}" for side in ("first", "second") for name in of_a_unit]
    rows = UnitPair.objects.filter(double__in=[one.pk for one in doubles]).order_by("double", "number")
    return rows.select_related(
        "first__proposition", "second__proposition", "position", "decided_by"
    ).prefetch_related(*sides)  # fmt: skip


def agreement(label: str, values: list[tuple[Any, Any]], is_set: bool = False, with_kappa: bool = True) -> Agreement:
    """How far pairs of values agree: nominal, or as sets by MASI. Too few of them, or all the same, say nothing."""
    same = sum(mine == theirs for mine, theirs in values)
    if len(values) < FEWEST:
        return Agreement(label, len(values), same, why_not=f"Not enough to say: fewer than {FEWEST}")
    if len({value for pair in values for value in pair}) == 1:
        return Agreement(label, len(values), same, why_not="Not to be told: neither ever said anything else")
    return Agreement(label, len(values), same, alpha(values, is_set), kappa(values) if with_kappa else None)


def alpha(values: Iterable[tuple[Any, ...]], is_set: bool = False) -> float:
    """Krippendorff's alpha of what each coder said of each unit; None is a unit that a coder left out. The values may
    not all be the same."""
    return float(_task(values, is_set).alpha())


def kappa(values: Iterable[tuple[Any, Any]]) -> float:
    """Cohen's kappa of what two coders said of each unit. The values may not all be the same."""
    return float(_task(values).kappa())


def _task(values: Iterable[tuple[Any, ...]], is_set: bool = False) -> Any:
    # The library takes a fifth of a second to load, and nothing else needs it.
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import binary_distance, masi_distance

    said = [(coder, unit, value) for unit, row in enumerate(values) for coder, value in enumerate(row)]
    return AnnotationTask([one for one in said if one[2] is not None], masi_distance if is_set else binary_distance)


def _sentences(doubles: Iterable[DoubleCoding]) -> list[tuple[bool, bool]]:
    """For each sentence whether the first coder, and whether the second, found something in it."""
    said = {"both": (True, True), "first": (True, False), "second": (False, True), "neither": (False, False)}
    return [pair for one in doubles for name, pair in said.items() for _ in range(one.sentences.get(name, 0))]
