"""What the gate has to say against an entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices


class Severity(TextChoices):
    REFUSAL = "refusal", "Refusal"
    WARNING = "warning", "Warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason against publishing: what was found, in which field, why it matters and what would cure it."""

    code: str
    severity: Severity
    field: str  # the form field it concerns; "" for the entry as a whole
    message: str
    words: str = ""  # as they stand in the field
    cure: str = ""
    sentences: tuple[str, ...] = ()  # each one of the field's in which the words stand, where that matters

    @property
    def key(self) -> tuple[str, str, str]:
        """What an acknowledgement is kept under: code, field, words as they stand. It covers the sentences it saw."""
        return (self.code, self.field, self.words[:300])

    def __str__(self) -> str:
        found = f" (“{self.words}”)" if self.words else ""
        return f"{self.message}{found} {self.cure}".strip()


def refusals(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == Severity.REFUSAL]


class Refused(Exception):  # noqa: N818 - a verdict, not a fault
    """The gate did not let an entry through; nothing has changed."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(" ".join(map(str, findings)))
        self.findings = findings
