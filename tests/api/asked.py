"""Questions that schemathesis makes up from the description of an API."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS

# What means nothing here, such as a slug that nobody has, no description tells from what does: it may be refused.
CHECKED = [check for check in CHECKS.get_all() if check.__name__ != "positive_data_acceptance"]
Ask = Callable[[Case, GenerationMode], object]


def ask_all(schema: Any, times: int, ask: Ask) -> int:
    """Ask up to so many different questions of each operation that make sense, and as many that don't where there is
    something to get wrong; the same ones each time. Returns how many were asked."""
    asked = 0

    def one(mode: GenerationMode, case: Case) -> None:
        nonlocal asked
        asked += 1
        ask(case, mode)

    for operation in (one.ok() for one in schema.get_all_operations()):
        for mode in GenerationMode:
            if mode == GenerationMode.POSITIVE or operation.query or operation.body or operation.headers:
                _draw(operation.as_strategy(generation_mode=mode), times, partial(one, mode))
    return asked


def _draw(strategy: Any, times: int, use: Callable[[Case], None]) -> None:
    """Use so many examples of a strategy. All in one go: the first of any go is always the simplest there is."""

    @settings(
        max_examples=times, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def draw(case: Case) -> None:
        use(case)

    draw()
