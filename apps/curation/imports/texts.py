"""Texts of other programs, as they can be kept here."""

from __future__ import annotations

from typing import Any

from apps.curation.anchoring import normalised
from apps.curation.intake.plain import CONTROLS


def clean(value: Any) -> str:
    """A text as it is kept here; only what no text of ours may hold is left out."""
    return CONTROLS.sub("", normalised(str(value or "")))


def shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
