"""What an import made, changed and skipped, or would; what was wrong with the file, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from apps.curation.imports.plan import Told
from apps.curation.notes.writing import Change
from apps.gate.recheck import Recheck

MADE, CHANGED, SKIPPED = "made", "changed", "skipped"
_LONGEST = 300  # characters of a value that a report tells


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one thing that the file tells of."""

    place: str
    what: str  # made, changed or skipped
    kind: str  # what sort of thing it is
    title: str
    changes: list[Change] = field(default_factory=list)
    why: str = ""  # it was skipped; empty where it is here already, just so

    @classmethod
    def of(
        cls, place: str, what: str, kind: str, title: str, changes: list[Change] | None = None, why: str = ""
    ) -> Step:  # fmt: skip
        shown = [(name, before[:_LONGEST], after[:_LONGEST]) for name, before, after in changes or ()]
        return cls(place, what, kind, title[:_LONGEST], shown, why)

    def __str__(self) -> str:
        said = "; ".join(f"{name}: {before or '–'} → {after or '–'}" for name, before, after in self.changes)
        why = self.why or ("it is here already, just so" if self.what == SKIPPED else said)
        return f"{self.place}: {self.what}: {self.kind} “{self.title}”{f' ({why})' if why else ''}"


@dataclass(slots=True)
class Report:
    """An import, thing by thing. With a problem nothing was kept."""

    steps: list[Step] = field(default_factory=list)
    problems: list[Told] = field(default_factory=list)
    remarks: list[Told] = field(default_factory=list)
    recheck: Recheck | None = None  # what became of what is public

    @property
    def counts(self) -> Counter[str]:
        return Counter(step.what for step in self.steps)

    @property
    def does_something(self) -> bool:
        return any(step.what != SKIPPED for step in self.steps)

    def by_kind(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Each sort of thing with how many of it are made, changed and skipped."""
        for kind in dict.fromkeys(step.kind for step in self.steps):
            of_kind = Counter(step.what for step in self.steps if step.kind == kind)
            yield kind, {what: of_kind[what] for what in (MADE, CHANGED, SKIPPED)}

    def kept(self) -> dict[str, Any]:
        """As it can be kept as JSON, and compared with what would be done later."""
        told = {name: [asdict(one) for one in getattr(self, name)] for name in ("steps", "problems", "remarks")}
        for step in told["steps"]:
            step["changes"] = [list(change) for change in step["changes"]]
        return told

    @classmethod
    def of_kept(cls, kept: dict[str, Any]) -> Report:
        steps = kept.get("steps", ())
        return cls(
            [Step(**{**one, "changes": [tuple(change) for change in one["changes"]]}) for one in steps],
            [Told(**one) for one in kept.get("problems", ())],
            [Told(**one) for one in kept.get("remarks", ())],
        )

    def __str__(self) -> str:
        counts = self.counts
        return f"{counts[MADE]:,} made, {counts[CHANGED]:,} changed, {counts[SKIPPED]:,} skipped."
