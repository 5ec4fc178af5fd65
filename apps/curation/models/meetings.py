"""Workshops, their sessions, and who was there."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django_countries.fields import CountryField

from apps.curation.dates import PartialDate
from apps.curation.models.entries import Entry, KindManager, entry_link
from apps.curation.models.people import Organisation, Person
from apps.curation.models.sources import Source, SourceTextField
from apps.taxonomy.fields import LinesField
from apps.taxonomy.models import Region
from apps.taxonomy.words import Kind, Role, Rule, Sector

LOCAL_TIME = "%Y-%m-%dT%H:%M"
_EMBARGO = "Nothing is published before this local time: 2023-06-08T09:00."


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is no time zone: write one such as Asia/Tokyo or Europe/Brussels.")


def validate_local_time(text: str) -> None:
    try:
        dt.datetime.strptime(text, LOCAL_TIME)
    except ValueError:
        raise ValidationError(f"“{text}” is no local time: write 2023-06-08T09:00.") from None


def _moment(local: str, time_zone: str) -> dt.datetime | None:
    """A local time as a moment. Where clocks go back it happens twice, where they go forward never: the later reading
    counts."""
    if not local:
        return None
    readings = (
        dt.datetime.strptime(local, LOCAL_TIME).replace(tzinfo=ZoneInfo(time_zone or "UTC"), fold=i) for i in (0, 1)
    )
    return max(readings, key=dt.datetime.timestamp)


class Workshop(Entry):
    """A meeting with a host, dates and a rule of attribution."""

    KIND = Kind.WORKSHOP

    entry = entry_link("as_workshop")
    host = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="hosted")
    place = models.CharField(max_length=200, blank=True, help_text="A city, a venue, or online.")
    rule = models.CharField("rule of attribution", max_length=20, choices=Rule, default=Rule.CHATHAM_HOUSE)
    time_zone = models.CharField(
        max_length=40,
        blank=True,
        validators=[validate_time_zone],
        help_text="Asia/Tokyo, Europe/Brussels ... Empty: UTC.",
    )
    embargo = models.CharField(max_length=16, blank=True, validators=[validate_local_time], help_text=_EMBARGO)
    rule_note = models.CharField(
        max_length=300, blank=True, help_text="Published: how the rule is known, if it is inferred."
    )
    key_questions = LinesField(help_text="One a line. Published.")

    objects = KindManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(rule__in=Rule.values), name="workshop_rule")]

    def natural_key(self) -> tuple[str, str]:
        return self.entry.natural_key()

    natural_key.dependencies = ["curation.entry"]  # type: ignore[attr-defined]

    @property
    def effective_rule(self) -> Rule:
        return Rule(self.rule)

    @property
    def embargo_ends(self) -> dt.datetime | None:
        return _moment(self.embargo, self.time_zone)


class Session(Entry, Source):
    """A part of a workshop, which may be held under a stricter rule of its own."""

    KIND = Kind.SESSION

    entry = entry_link("as_session")
    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Its place on the agenda.")
    rule = models.CharField(
        "rule of attribution", max_length=20, choices=Rule, blank=True, help_text="Empty: the workshop's rule."
    )
    embargo = models.CharField(max_length=16, blank=True, validators=[validate_local_time], help_text=_EMBARGO)
    key_questions = LinesField(help_text="One a line. Published.")
    text = SourceTextField(
        "notes", blank=True, help_text="The analyst's notes, for anchoring passages. Never published."
    )

    objects = KindManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "number"],
                name="session_number_once_a_workshop",
                violation_error_message="Another session of this workshop has this number.",
            ),
            models.CheckConstraint(condition=Q(rule__in=["", *Rule.values]), name="session_rule"),
        ]

    def natural_key(self) -> tuple[str, str]:
        return self.entry.natural_key()

    natural_key.dependencies = ["curation.entry"]  # type: ignore[attr-defined]

    @property
    def date_that_applies(self) -> PartialDate | None:
        return self.partial_date or self.workshop.partial_date

    @property
    def effective_rule(self) -> Rule:
        """The stricter of the session's own rule and its workshop's."""
        own = Rule(self.rule or self.workshop.rule)
        return max(own, self.workshop.effective_rule, key=lambda rule: rule.strictness)

    @property
    def embargo_ends(self) -> dt.datetime | None:
        """The later of the session's own embargo and its workshop's."""
        own = _moment(self.embargo, self.workshop.time_zone)
        return max(filter(None, (own, self.workshop.embargo_ends)), default=None)


class AttendanceManager(models.Manager["Attendance"]):
    def get_by_natural_key(self, workshop: list[str], session: list[str] | None, person: list[str]) -> Attendance:
        where = {"session__entry__slug": session[1]} if session else {"session": None}
        return self.get(workshop__entry__slug=workshop[1], person__slug=person[0], **where)


class Attendance(models.Model):
    """A person at a workshop, or at one session of it, as they came: role, affiliation, country, expertise."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="attendances")
    session = models.ForeignKey(
        Session,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attendances",
        help_text="Empty: the whole workshop.",
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendances")
    role = models.CharField(max_length=20, choices=Role, default=Role.PARTICIPANT)
    affiliation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="attendances")
    sector = models.CharField(max_length=20, choices=Sector, blank=True)
    country = CountryField(blank=True)
    expertise = models.ManyToManyField(Region, blank=True, related_name="+", help_text="Regions they are expert on.")

    objects = AttendanceManager()

    class Meta:
        verbose_name_plural = "attendance"
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                name="attendance_once_a_session",
                violation_error_message="This person is entered for this session already.",
            ),
            models.UniqueConstraint(
                fields=["workshop", "person"],
                condition=Q(session=None),
                name="attendance_once_a_workshop",
                violation_error_message="This person is entered for the whole workshop already.",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="attendance_role"),
            models.CheckConstraint(condition=Q(sector__in=["", *Sector.values]), name="attendance_sector"),
        ]

    def __str__(self) -> str:
        return f"{self.person} at {self.session or self.workshop}"

    def natural_key(self) -> tuple[Any, ...]:
        return (
            self.workshop.natural_key(),
            self.session.natural_key() if self.session else None,
            self.person.natural_key(),
        )

    natural_key.dependencies = ["curation.workshop", "curation.session", "curation.person"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        if self.session_id and self.session and self.session.workshop_id != self.workshop_id:
            raise ValidationError({"session": "That session belongs to another workshop."})
