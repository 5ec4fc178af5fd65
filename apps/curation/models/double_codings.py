"""Double coding: the same source coded by two analysts apart from one another, to see how far they agree."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.curation.models.articles import Article
from apps.curation.models.meetings import Session, Workshop
from apps.curation.models.people import Person
from apps.curation.models.positions import Position, Proposition
from apps.curation.models.sources import InOneSource, in_one_source
from apps.taxonomy.models import Region, Theme
from apps.taxonomy.words import Anchoring, Quantifier, Stance


class Coder(models.TextChoices):
    """The first codes in the record; what the second finds is kept apart from it."""

    FIRST = "first", "First coder"
    SECOND = "second", "Second coder"


class DoubleCodingQuerySet(models.QuerySet["DoubleCoding"]):
    def of(self, source: Article | Session) -> DoubleCodingQuerySet:
        return self.filter(**{source.KIND.value: source.pk})

    def of_workshop(self, workshop: Workshop) -> DoubleCodingQuerySet:
        """Those of its sessions, in the order of its agenda, and of the articles that report from it."""
        theirs = Q(session__workshop=workshop) | Q(article__positions__reported_from=workshop)
        return self.filter(theirs).distinct().order_by("session__number", "pk")

    def under_way(self) -> DoubleCodingQuerySet:
        """Those where one of the two isn't done, so that neither may see what the other found."""
        return self.filter(compared_at=None)

    def coded_apart_by(self, user: Any) -> DoubleCodingQuerySet:
        """Those under way in which somebody is the second coder."""
        return self.under_way().filter(second=user.pk, second__isnull=False)

    def with_people(self) -> DoubleCodingQuerySet:
        return self.select_related("article", "session__workshop", "first", "second")


class DoubleCoding(InOneSource, models.Model):
    """A source that two analysts code, neither of whom sees what the other finds until both are done."""

    article = models.OneToOneField(Article, models.PROTECT, null=True, blank=True, related_name="double_coding")
    session = models.OneToOneField(Session, models.PROTECT, null=True, blank=True, related_name="double_coding")
    first = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    first_done_at = models.DateTimeField(null=True)
    second_done_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True, help_text="When both were done; what is measured is that of then.")
    sentences = models.JSONField(
        default=dict, help_text="Of the text's sentences, in how many something was found by both, one, or neither."
    )

    objects = DoubleCodingQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-pk"]
        constraints = [
            in_one_source("double_coding_has_one_source"),
            models.CheckConstraint(
                condition=~Q(first=F("second")),
                name="double_coding_by_two",
                violation_error_message="Choose two different people: nobody codes a text independently of themselves.",
            ),
            models.CheckConstraint(
                condition=Q(compared_at=None) | Q(first_done_at__isnull=False, second_done_at__isnull=False),
                name="double_coding_compared_when_both_are_done",
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.source}”, coded by {self.name_of(Coder.FIRST)} and {self.name_of(Coder.SECOND)}"

    def role_of(self, user: Any) -> Coder | None:
        """Which of the two somebody is, if either."""
        roles = {self.first_id: Coder.FIRST, self.second_id: Coder.SECOND}
        return roles.get(user.pk) if user.pk else None

    @property
    def orphans(self) -> list[Coder]:
        """Whose account is gone before they said that they are done."""
        return [one for one in Coder if getattr(self, f"{one}_id") is None and not self.done_at(one)]

    def name_of(self, coder: Coder) -> str:
        return str(getattr(self, coder) or "somebody whose account is gone")

    def done_at(self, coder: Coder) -> Any:
        return getattr(self, f"{coder}_done_at")


class CodedUnit(models.Model):
    """A claim as one of two coders found it: what a position would say, and none."""

    double = models.ForeignKey(DoubleCoding, models.CASCADE, related_name="units")
    coder = models.CharField(max_length=6, choices=Coder)
    position = models.ForeignKey(
        Position, models.SET_NULL, null=True, editable=False, related_name="+",
        help_text="What the first coder's was copied from.",
    )  # fmt: skip
    title = models.CharField("claim", max_length=300)
    proposition = models.ForeignKey(Proposition, models.SET_NULL, null=True, blank=True, related_name="+")
    on = models.CharField(max_length=300, blank=True, help_text="The proposition's title, also of one not made yet.")
    stance = models.CharField(
        max_length=10, choices=Stance, blank=True, help_text="Towards the proposition; without one, towards the claim."
    )
    quantifier = models.CharField(max_length=10, choices=Quantifier, blank=True)
    reported_as = models.CharField(
        max_length=120, blank=True, help_text="How the published article describes the holder: Asia experts."
    )
    named_in_source = models.BooleanField(
        default=False, help_text="The published article itself names these speakers as holding this position."
    )
    speakers = models.ManyToManyField(Person, blank=True, related_name="coded_units")
    regions = models.ManyToManyField(Region, blank=True, related_name="+")
    themes = models.ManyToManyField(Theme, blank=True, related_name="+")
    modified_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(coder__in=Coder.values), name="coded_unit_coder"),
            models.CheckConstraint(condition=~Q(title=""), name="coded_unit_claims_something"),
            models.CheckConstraint(
                condition=Q(on="") | ~Q(stance=""), name="coded_unit_on_a_proposition_has_a_stance"
            ),
            models.CheckConstraint(condition=Q(stance__in=["", *Stance.values]), name="coded_unit_stance"),
            models.CheckConstraint(condition=Q(quantifier__in=["", *Quantifier.values]), name="coded_unit_quantifier"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def source(self) -> Article | Session:
        return self.double.source

    @property
    def places(self) -> list[tuple[int, int]]:
        """Where its passages stand in the text as it is now, in the order of the text."""
        return sorted((one.start, one.end) for one in self.passages.all() if one.start is not None)

    def clean(self) -> None:
        if self.on and not self.stance:
            raise ValidationError({"stance": "Say where it stands towards the proposition."})


class CodedPassage(models.Model):
    """Where in its source a coded unit stands, as a passage of a position would say it."""

    unit = models.ForeignKey(CodedUnit, models.CASCADE, related_name="passages")
    quotation = models.TextField()
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=Anchoring, default=Anchoring.EXACT)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start=None, end=None) | Q(start__isnull=False, end__isnull=False, start__lt=F("end")),
                name="coded_passage_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=Q(state__in=["", *Anchoring.values]), name="coded_passage_state"),
        ]

    def __str__(self) -> str:
        return self.quotation[:60]


class UnitPair(models.Model):
    """What both coders found at the same words, or one of them alone; and what was decided about it in the end."""

    double = models.ForeignKey(DoubleCoding, models.CASCADE, related_name="pairs")
    number = models.PositiveSmallIntegerField(help_text="Its place in the text: 1, 2, 3 ...")
    first = models.OneToOneField(CodedUnit, models.CASCADE, null=True, related_name="+")
    second = models.OneToOneField(CodedUnit, models.CASCADE, null=True, related_name="+")
    is_placed = models.BooleanField(
        default=True,
        help_text="Whether its words stood in the text when the two were compared; if not, it isn't measured.",
    )
    position = models.ForeignKey(
        Position, models.SET_NULL, null=True, related_name="+", help_text="What it is in the record."
    )
    decision = models.JSONField(default=dict, help_text="Whose was taken, by variable; or whether it was kept.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["double", "number"], name="unit_pair_number_once"),
            models.CheckConstraint(
                condition=Q(first__isnull=False) | Q(second__isnull=False), name="unit_pair_was_found_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return str(self.first or self.second)

    @property
    def is_matched(self) -> bool:
        return self.first_id is not None and self.second_id is not None
