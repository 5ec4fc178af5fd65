"""The gate's own, private memory."""

from __future__ import annotations

from django.db import models

from apps.taxonomy.words import Relation


class WaitingReference(models.Model):
    """A cross-reference that passed with its first entry and waits for its second one to be published."""

    source = models.CharField(max_length=8, db_index=True)  # identifiers of records
    target = models.CharField(max_length=8, db_index=True)
    relation = models.CharField(max_length=20, choices=Relation)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "relation"], name="waiting_reference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.relation} {self.target}"
