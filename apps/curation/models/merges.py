"""Merges that were made, and what they changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.taxonomy.fields import LinesField


class Merge(models.Model):
    """What was made one, or a theme that was split: by whom and when, and what it takes to undo that."""

    class What(models.TextChoices):
        TAG = "tag", "Tags"
        THEME = "theme", "Themes"
        PERSON = "person", "People"
        ORGANISATION = "organisation", "Organisations"
        PROPOSITION = "proposition", "Propositions"
        SPLIT = "split", "A theme, split"

    what = models.CharField(max_length=12, choices=What)
    kept = models.CharField(max_length=300)
    kept_pk = models.BigIntegerField()
    gone = LinesField("merged into it", help_text="What the others were called, one a line.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    rows = models.JSONField(default=list)  # of what analysts know, as apps/curation/journal.py has them
    public = models.JSONField(default=dict)  # of the catalogue, as apps/gate/merging.py has it
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=("tag", "theme", "person", "organisation", "proposition", "split")),
                name="merge_what",
            ),
        ]

    def __str__(self) -> str:
        if self.what == self.What.SPLIT:
            return f"“{', '.join(self.gone)}” split off “{self.kept}”"
        return f"“{'”, “'.join(self.gone)}” merged into “{self.kept}”"
