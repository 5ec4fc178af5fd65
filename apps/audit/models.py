"""The audit log: who did what, when. Lines are added to it, and never changed or taken out."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone


class What(models.TextChoices):
    """What is worth a line."""

    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"
    OVERRIDDEN = "overridden", "Let a warning pass"
    MERGED = "merged", "Merged in public"
    SEEN = "seen", "Saw who said what"
    TAKEN_ALONG = "taken along", "Took private data along"
    SIGNED_IN = "signed in", "Signed in"
    SIGNED_OUT = "signed out", "Signed out"
    NOT_SIGNED_IN = "not signed in", "Failed to sign in"
    ACCOUNT = "account", "Changed an account"
    ROLE = "role", "Changed who may do what"
    TOKEN = "token", "Changed a token"


class Kept(models.QuerySet["AuditLine"]):
    """Lines that stay. The database refuses too, whoever asks it."""

    def update(self, **_: Any) -> NoReturn:
        raise TypeError("The audit log is only added to.")

    def delete(self) -> NoReturn:
        raise TypeError("The audit log is only added to.")


class AuditLine(models.Model):
    """Something that somebody did or saw which others may have to answer for: kept for good.

    It names accounts and things in words and refers to no row, so that nothing that is deleted changes it; and it says
    nothing that a rule of attribution protects but the reasons that were typed into it.
    """

    at = models.DateTimeField("when", default=timezone.now, db_index=True)
    what = models.CharField(max_length=20, choices=What)
    by = models.CharField("who", max_length=150, blank=True, help_text="An account; empty for a command.")
    account = models.BigIntegerField("its number", null=True)  # since a name may be somebody else's by now
    of = models.CharField("of what", max_length=120, blank=True)
    said = models.TextField("in what words", blank=True)
    request = models.CharField("request", max_length=64, blank=True)  # its number, as in the log lines of the server
    once = models.CharField(max_length=64, null=True, unique=True, editable=False)  # what is noted once an hour

    objects = Kept.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        verbose_name = "line of the audit log"
        verbose_name_plural = "audit log"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.by or 'a command'}: {self.get_what_display().lower()} {self.of}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The audit log is only added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("The audit log is only added to.")
