"""What the workbench itself remembers."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from apps.curation.models import Entry

A_WHILE = dt.timedelta(minutes=20)  # after which somebody who opened a form and did not save is taken to have left


class Presence(models.Model):
    """Somebody who has the form of an entry open, and since when."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "by"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.by} at {self.entry}"


class Apart(models.Model):
    """Two articles that look the same and are not, as somebody has said."""

    one = models.ForeignKey(Entry, models.CASCADE, related_name="+")
    other = models.ForeignKey(Entry, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="apart_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one} is not {self.other}"


def arrive(entry: Entry, user: User) -> list[Presence]:
    """Note that somebody opened an entry's form; returns who else has it open."""
    now = timezone.now()
    Presence.objects.update_or_create(entry_id=entry.pk, by=user, defaults={"at": now})
    Presence.objects.filter(at__lt=now - A_WHILE).delete()
    others = Presence.objects.filter(entry=entry.pk).exclude(by=user)
    return list(others.select_related("by").order_by("at"))


def leave(entry: Entry, user: User) -> None:
    """Note that somebody saved an entry, and so is done with its form."""
    Presence.objects.filter(entry=entry.pk, by=user).delete()
