"""Dates as references write them, read to a partial date."""

from __future__ import annotations

import re

from apps.curation.dates import PartialDate
from apps.taxonomy.references import MONTHS

_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?(/\d{4}(-\d{2}(-\d{2})?)?)?")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*", re.DOTALL)
_SLASHED = re.compile(r"(\d{4})[/-](\d{1,2})?(?:[/-](\d{1,2})?)?(?:[/-](.*))?")  # RIS: year/month/day/anything else
_IN_WORDS = (
    re.compile(r"(?P<day>\d{1,2})\.?\s+(?P<month>[a-z]{3,9})\.?,?\s+(?P<year>\d{4})", re.IGNORECASE),
    re.compile(r"(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})", re.IGNORECASE),
    re.compile(r"(?P<year>\d{4})[\s,]+(?P<month>[a-z]{3,9})\.?(\s+(?P<day>\d{1,2}))?", re.IGNORECASE),
    re.compile(r"(?P<month>[a-z]{3,9})\.?,?\s+(?P<year>\d{4})", re.IGNORECASE),
)
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")


def read_date(text: str) -> tuple[str, str]:
    """A date in its EDTF form, or empty; and what an analyst should know about how it was read, if anything."""
    text = " ".join(text.split())
    if not text:
        return "", ""
    if time := _TIME.fullmatch(text):
        text = time[1]
    written = _in_parts(text)
    if written:
        try:
            return str(PartialDate.parse(written)), ""
        except ValueError as error:
            return "", f"The date is left empty: {error}"
    years = set(_YEAR.findall(text))
    if len(years) == 1:
        [year] = years
        return year, f"Of the date “{text[:60]}” only the year was read."
    return "", f"“{text[:60]}” is no date that can be read, so the date is left empty."


def _in_parts(text: str) -> str:
    """What a text says in parts as EDTF would, true or not; empty where it says it otherwise."""
    if _ISO.fullmatch(text):
        return text
    if (match := _SLASHED.fullmatch(text)) and not match[4]:
        return "-".join(f"{int(part):02d}" for part in match.groups()[:3] if part)
    for pattern in _IN_WORDS:
        if (match := pattern.fullmatch(text)) and (month := month_of(match["month"])):
            day = match.groupdict().get("day")
            return f"{match['year']}-{month:02d}" + (f"-{int(day):02d}" if day else "")
    return ""


def month_of(text: str) -> int | None:
    """The number of a month by its number, its English name or the beginning of that."""
    text = text.strip().casefold()
    if text.isascii() and text.isdigit():
        return int(text) if 1 <= int(text) <= 12 else None
    return MONTHS.index(text[:3]) + 1 if text[:3] in MONTHS and text.isalpha() else None
