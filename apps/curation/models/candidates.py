"""What was read from notes and waits for an analyst."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django_countries.fields import CountryField

from apps.curation.models.articles import Article
from apps.curation.models.meetings import Session
from apps.curation.models.people import Person
from apps.curation.models.positions import Position, Proposition
from apps.curation.models.sources import InOneSource, in_one_source
from apps.taxonomy.models import Region, Theme
from apps.taxonomy.words import Quantifier, Role, Sector, Stance


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def of(self, source: Article | Session) -> CandidateQuerySet:
        """Those read from one source, in the order of its text."""
        return self.filter(**{source.KIND.value: source}).order_by("start", "pk")

    def waiting(self) -> CandidateQuerySet:
        return self.filter(status=Candidate.Status.WAITING, no_claim="")

    def folded(self) -> CandidateQuerySet:
        """What was taken for no claim, and nobody has said otherwise."""
        return self.filter(status=Candidate.Status.WAITING).exclude(no_claim="")


class Candidate(InOneSource, models.Model):
    """A sentence or bullet of somebody's notes that may be a position, until an analyst accepts or drops it."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        ACCEPTED = "accepted", "Accepted"
        DROPPED = "dropped", "Dropped"

    article = models.ForeignKey(Article, models.CASCADE, null=True, blank=True, related_name="candidates")
    session = models.ForeignKey(Session, models.CASCADE, null=True, blank=True, related_name="candidates")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    no_claim = models.CharField(
        max_length=60, blank=True, help_text="Why it was taken for no claim; empty for a claim."
    )
    fingerprint = models.CharField(max_length=32, help_text="Of its words: read again, they are the same candidate.")

    # Where it stands in the source's text, as a passage would say it.
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quotation = models.TextField()
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)

    # What it would be as a position.
    title = models.CharField("claim", max_length=300)
    proposition = models.ForeignKey(Proposition, models.SET_NULL, null=True, blank=True, related_name="candidates")
    stance = models.CharField(max_length=10, choices=Stance, blank=True)
    quantifier = models.CharField(max_length=10, choices=Quantifier, blank=True)
    reported_as = models.CharField(max_length=120, blank=True)
    descriptor_expertise = models.ForeignKey(Region, models.SET_NULL, null=True, blank=True, related_name="+")
    descriptor_sector = models.CharField(max_length=20, choices=Sector, blank=True)
    descriptor_country = CountryField(blank=True)
    descriptor_role = models.CharField(max_length=20, choices=Role, blank=True)
    speakers = models.ManyToManyField(Person, blank=True, related_name="candidates")
    regions = models.ManyToManyField(Region, blank=True, related_name="+")
    themes = models.ManyToManyField(Theme, blank=True, related_name="+")
    remark = models.CharField(max_length=500, blank=True, help_text="What the analyst should look at.")

    position = models.OneToOneField(
        Position, models.SET_NULL, null=True, blank=True, related_name="candidate", help_text="What it was accepted as."
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["start", "pk"]
        constraints = [
            in_one_source("candidate_has_one_source"),
            models.UniqueConstraint(fields=["article", "fingerprint"], name="candidate_once_an_article"),
            models.UniqueConstraint(fields=["session", "fingerprint"], name="candidate_once_a_session"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="candidate_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(title=""), name="candidate_claims_something"),
            models.CheckConstraint(
                condition=Q(status__in=("waiting", "accepted", "dropped")), name="candidate_status"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.WAITING

    def decide(self, status: str, by: Any) -> None:
        """Note what became of it, and who said so."""
        self.status, self.decided_at, self.decided_by = status, timezone.now(), by
        self.save(update_fields=["status", "decided_at", "decided_by", "position", "no_claim"])
