"""What is asked of an analysis, parsed once from a query string; pages and files share it. Words are those of discourse
network analysis, and what they mean is said in ``apps.public.analysis.networks``."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict

from apps.public.analysis.networks import NORMALISATIONS, Mode, Normalisation, Of
from apps.public.analysis.reading import ACTORS
from apps.public.analysis.statements import PERIODS, Period
from apps.public.search.filters import LONGEST_VALUE, MOST_VALUES, Problem, UnusableFilter


class Ties(NamedTuple):
    """A way to tie the nodes of a network."""

    mode: Mode
    how: str
    of: Of = "actor"

    @property
    def is_signed(self) -> bool:
        """Whether weights below zero have a meaning of their own."""
        return self.how == "subtract"


TIES: dict[str, Ties] = {
    **{how: Ties("one-mode", how) for how in ("congruence", "conflict", "subtract", "ignore")},
    **{f"two-mode-{how}": Ties("two-mode", how) for how in ("ignore", "subtract", "combine")},
    **{f"propositions-{how}": Ties("one-mode", how, "proposition") for how in ("congruence", "conflict", "ignore")},
}


@dataclass(frozen=True)
class Asked:
    """Which network is to be made of the statements that a filter finds."""

    actors: str = "holder"
    ties: str = "congruence"  # a key of TIES
    normalise: Normalisation = "none"
    once: Period = "source"
    least: float = 0.0  # ties whose weight lies nearer to 0 are left out
    fewest: int = 1  # statements that an actor has
    isolates: bool = False  # whether those without a tie are shown
    without: tuple[str, ...] = ()  # keys of actors and propositions that are left out

    @property
    def least_in_full(self) -> str:
        return f"{self.least:.15g}"

    @classmethod
    def from_params(cls, params: QueryDict, actors: Sequence[str] = ACTORS) -> Asked:
        """Parse a query string; what is empty is as it usually is, the first of ``actors`` too. Raises UnusableFilter,
        with all that is wrong."""
        problems: list[Problem] = []
        ties = chosen(params, "ties", TIES, cls.ties, problems)
        asked = cls(
            actors=chosen(params, "actors", actors, actors[0], problems),
            ties=ties,
            normalise=chosen(params, "normalise", NORMALISATIONS[TIES[ties].mode], cls.normalise, problems),  # type: ignore[arg-type]
            once=chosen(params, "once", PERIODS, cls.once, problems),  # type: ignore[arg-type]
            least=number(params, "least", cls.least, problems),
            fewest=round(number(params, "fewest", cls.fewest, problems)),
            isolates=params.get("isolates", "") not in ("", "0"),
            without=tuple(sorted({value for value in params.getlist("without") if value})),
        )
        if len(asked.without) > MOST_VALUES or any(len(one) > LONGEST_VALUE for one in asked.without):
            problems.append(Problem("without", "", f"At most {MOST_VALUES} actors and propositions can be left out."))
        if TIES[ties].how == "combine" and asked.normalise != "none":
            said = "What ‘combine’ says is a kind of tie and no weight, so that it can’t be normalised."
            problems.append(Problem("normalise", asked.normalise, said))
        if problems:
            raise UnusableFilter(problems)
        return asked

    def querystring(self) -> str:
        """What differs from what is usual, as URL parameters; always written the same way."""
        pairs: list[tuple[str, str]] = []
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name == "without":
                pairs += [("without", key) for key in value]
            elif value != one.default:
                pairs.append(
                    (
                        one.name,
                        f"{value:.15g}"
                        if isinstance(value, float)
                        else str(int(value) if isinstance(value, bool) else value),
                    )
                )
        return urlencode(sorted(pairs), errors="replace")


def together(*queries: str) -> str:
    """Query strings as one; those that are empty add nothing."""
    return "&".join(filter(None, queries))


def chosen(params: QueryDict, name: str, known: Collection[str], usual: str, problems: list[Problem]) -> str:
    """One of a closed list of words; what else is said goes to ``problems``."""
    value = params.get(name, "") or usual
    if value in known:
        return value
    problems.append(Problem(name, value, f"“{value[:40]}” is no choice of {name}: there are {', '.join(known)}."))
    return usual


def number(params: QueryDict, name: str, usual: float, problems: list[Problem]) -> float:
    """A number that isn't below zero."""
    value = params.get(name, "").strip()
    try:
        found = float(value) if value else usual
    except ValueError:
        found = math.nan
    if not 0 <= found <= 1e9:
        problems.append(Problem(name, value, f"“{value[:40]}” is no number from 0: write 3, or 0.5."))
        return usual
    return found
