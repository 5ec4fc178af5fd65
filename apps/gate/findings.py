"""What the gate has to say against an entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices


class Severity(TextChoices):
    REFUSAL = "refusal", "Refusal"
    WARNING = "warning", "Warning"


OF_ITS_PROPOSITION = "proposition ("  # begins a field of the proposition that a position takes a side on


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason against publishing: what was found, in which field, why it matters and what would cure it."""

    code: str
    severity: Severity
    field: str  # the form field it concerns; "" for the entry as a whole
    message: str
    words: str = ""  # as they stand in the field
    cure: str = ""
    sentences: tuple[str, ...] = ()  # in which the words stand, or what else a reason given for it is about
    about: str = ""  # what tells it from others of its code and field, where words may change that say the same
    others: tuple[str, ...] = ()  # identifiers of entries at whose end the same is found: a reason given there holds

    @property
    def key(self) -> tuple[str, str, str]:
        """What acknowledgements are kept under: code, field, words. Each covers the sentences that it was given for."""
        return (self.code, self.field, (self.about or self.words)[:300])

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
