"""Making one of two, judged once it is done: in between, both are there and neither is whole."""

from __future__ import annotations

from apps.curation import merging
from apps.curation.models import Person
from apps.gate.recheck import Recheck
from apps.gate.watch import one_recheck


def merge_people(keep: Person, double: Person) -> Recheck | None:
    """Merge somebody who was entered twice; says what became of what is public, unless an outer block will.

    Raises ValueError as `apps.curation.merging.merge_people` does; then nothing has changed.
    """
    with one_recheck() as outcome:
        merging.merge_people(keep, double)
    return outcome()
