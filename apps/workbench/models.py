"""What the workbench itself remembers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import models
from django.utils import timezone

from apps.curation.models import Entry
from apps.taxonomy.words import Kind

UNDECIDED = dt.timedelta(days=7)  # after which an edit that nobody made is forgotten, with what was uploaded for it
TAKEN_BACK = dt.timedelta(days=30)  # how long one that was made can be taken back
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
    """Two entries of a kind that look the same and are not, as somebody has said."""

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


class Dismissed(models.Model):
    """A theme or a related entry that was suggested for an entry, and that somebody has put away.

    ``name`` is the theme's slug or the other entry's identifier: a merge then has no row of ours to move.
    """

    class What(models.TextChoices):
        THEME = "theme"
        RELATED = "related"

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="+")
    what = models.CharField(max_length=8, choices=What)
    name = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "what", "name"], name="dismissed_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.name}"


class BatchManager(models.Manager["Batch"]):
    def prepare(self, **columns: Any) -> Batch:
        """Keep an edit until somebody has decided; and forget those whose time is over."""
        now = timezone.now()
        self.filter(made_at=None, at__lt=now - UNDECIDED).delete()
        self.filter(made_at__lt=now - TAKEN_BACK).delete()
        return self.create(**columns)


class Batch(models.Model):
    """An edit of many entries at once: looked at before it is made, and taken back if it was wrong."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind, blank=True)  # of a table's rows; empty for entries of a list
    asked = models.JSONField(default=dict)  # the table, or the entries and what is to become of them
    rows = models.JSONField(default=list)  # what that would change, as somebody is shown it
    unchanged = models.PositiveIntegerField(default=0)
    remarks = models.JSONField(default=list)
    making_since = models.DateTimeField(null=True)
    told = models.TextField(blank=True)  # what came of it, where it was made in the background
    made_at = models.DateTimeField(null=True)
    revisions = models.JSONField(default=list)  # what it is kept as in the history
    taken_back_at = models.DateTimeField(null=True)

    objects = BatchManager()

    class Meta:
        verbose_name_plural = "batches"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name


class FileImportManager(models.Manager["FileImport"]):
    def forget_old_ones(self) -> None:
        """Those that nobody made, with what was uploaded, and those that can't be taken back any more."""
        now = timezone.now()
        self.filter(made_at=None, at__lt=now - UNDECIDED).delete()
        self.filter(made_at__lt=now - TAKEN_BACK).delete()


class FileImport(models.Model):
    """A file that somebody imports: looked at before it is made, and taken back if it was wrong."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=120)
    format = models.CharField(max_length=20)
    options = models.JSONField(default=dict)
    data = models.BinaryField(default=bytes)  # the file, until it is made
    report = models.JSONField(default=dict)  # what it would do, as somebody is shown it, or did
    changes = models.JSONField(default=list)  # what it changed of rows, to be put back
    working_since = models.DateTimeField(null=True)  # where it is looked at, made or taken back in the background
    told = models.TextField(blank=True)  # what came of that
    made_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    objects = FileImportManager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name


class SavedFilter(models.Model):
    """What somebody looks for in a list, under a name: for themselves, or for a group."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    group = models.ForeignKey(
        Group, models.CASCADE, null=True, blank=True, related_name="+", help_text="Empty: for yourself alone."
    )
    of = models.CharField(max_length=40)  # the model whose list it is of
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2_000)  # as it stands in the address

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["by", "of", "name"], name="saved_filter_name_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="saved_filter_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Token(models.Model):
    """A key by which a program curates in somebody's name, until a day.

    The key itself is not kept: ``digest`` knows it again, and ``ending`` tells its owner which one it is.
    """

    class Scope(models.TextChoices):
        READ = "drafts:read", "Read drafts"
        WRITE = "drafts:write", "Make and edit drafts"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256, in hexadecimal
    ending = models.CharField(max_length=4)
    scopes = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="token_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="token_expires_after_it_was_made"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_usable(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def scopes_in_words(self) -> str:
        return ", ".join(self.Scope(scope).label.lower() for scope in self.scopes)


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
