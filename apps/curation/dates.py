"""Dates of partial precision: a year, a month, a day, or a range of such, as EDTF level 0 (ISO 8601-2) writes them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

_POINT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class Point:
    """One end of a date: a year, with a month and a day as far as they are known."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> Point:
        match = _POINT.fullmatch(text)
        if not match:
            raise ValueError(f"“{text[:40]}” is no date: write 2023, 2023-06 or 2023-06-06.")
        year, month, day = (None if part is None else int(part) for part in match.groups())
        try:
            dt.date(year or 0, 1 if month is None else month, 1 if day is None else day)
        except ValueError:
            raise ValueError(f"“{text}” is not in the calendar.") from None
        return cls(year or 0, month, day)

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> dt.date:
        month = self.month or 12
        return dt.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        return "-".join(
            f"{part:0{4 if i == 0 else 2}d}" for i, part in enumerate((self.year, self.month, self.day)) if part
        )

    def words(self) -> str:
        month = calendar.month_name[self.month] if self.month else ""
        return " ".join(str(part) for part in (self.day, month, self.year) if part)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A point, or a range from one point to another."""

    start: Point
    end: Point

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read EDTF level 0. Raises ValueError, with what to write instead, on anything else."""
        if re.fullmatch(r"\s*\d+/\d{1,2}(/\d+)?\s*", text):
            raise ValueError(f"“{text[:40]}” is no date: a slash joins two dates to a range. Write 2023-06-06.")
        first, slash, second = text.strip().partition("/")
        start = Point.parse(first)
        end = Point.parse(second) if slash else start
        if end.last < start.first or end.first < start.first:
            raise ValueError(f"“{text}” ends before it begins.")
        if end.year - start.year > 100:
            raise ValueError(f"“{text}” is longer than a century: is a digit wrong?")
        return cls(start, end)

    @property
    def earliest(self) -> dt.date:
        return self.start.first

    @property
    def latest(self) -> dt.date:
        return self.end.last

    @property
    def years(self) -> list[int]:
        return list(range(self.earliest.year, self.latest.year + 1))

    def __str__(self) -> str:
        return str(self.start) if self.start == self.end else f"{self.start}/{self.end}"

    def words(self) -> str:
        """As pages print it: 2023; June 2023; 6 June 2023; 6–7 June 2023; 30 May – 2 June 2023."""
        start, end = self.start, self.end
        if start == end:
            return start.words()
        if start.day and end.day and (start.year, start.month) == (end.year, end.month):
            return f"{start.day}–{end.words()}"
        if start.month and end.month and start.year == end.year:
            return f"{start.words().removesuffix(str(start.year)).strip()} – {end.words()}"
        return f"{start.words()} – {end.words()}"


class PartialDateField(models.CharField):  # type: ignore[type-arg]
    """A partial date in its EDTF form, or empty where the date is unknown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 21, "blank": True, "default": "", "help_text": _HELP, **kwargs})

    def clean(self, value: Any, model_instance: models.Model | None) -> str:
        text = super().clean(value, model_instance).strip()
        if not text:
            return ""
        try:
            return str(PartialDate.parse(text))
        except ValueError as error:
            raise ValidationError(str(error)) from None


_HELP = "2023, 2023-06, 2023-06-06, or a range such as 2023-06-06/2023-06-07. Empty where it is not known."
