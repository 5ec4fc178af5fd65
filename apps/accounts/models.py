"""What signing in needs beside Django's accounts: second factors, codes for when those are lost, and attempts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Factor(models.Model):
    """What somebody has, beside the password that they know."""

    class Kind(models.TextChoices):
        APP = "app", "authenticator app"
        PASSKEY = "passkey", "passkey or security key"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=60)
    secret = models.TextField(help_text="An app's key, or the public key of a passkey with its number, as base64.")
    last = models.BigIntegerField(default=0, help_text="An app's last step of time, or a passkey's counter.")
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code that stands in for a second factor once. Only its digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


class Attempts(models.Model):
    """How often something was tried lately. Who tried and for which account is kept as keyed digests alone."""

    key = models.CharField(max_length=64, unique=True)
    whose = models.CharField(max_length=64, db_index=True)
    count = models.PositiveIntegerField()
    since = models.BigIntegerField(db_index=True, help_text="Seconds since 1970.")

    class Meta:
        default_permissions = ()
        verbose_name_plural = "attempts"

    def __str__(self) -> str:
        return f"{self.count} since {self.since}"
