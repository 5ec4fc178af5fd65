"""Propositions, the positions taken on them, and the passages where these stand."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django_countries.fields import CountryField

from apps.curation.anchoring import Text, flat, normalised, reanchor, settle
from apps.curation.dates import PartialDate
from apps.curation.models.articles import Article
from apps.curation.models.entries import Entry, KindManager, entry_link
from apps.curation.models.meetings import Session, Workshop
from apps.curation.models.people import Person
from apps.curation.models.sources import InOneSource, in_one_source
from apps.taxonomy.models import Region
from apps.taxonomy.words import Anchoring, Kind, Quantifier, Role, Rule, Sector, Stance


class Proposition(Entry):
    """A debatable statement, in its title; people support, qualify or oppose it."""

    KIND = Kind.PROPOSITION

    entry = entry_link("as_proposition")

    objects = KindManager()

    def natural_key(self) -> tuple[str, str]:
        return self.entry.natural_key()

    natural_key.dependencies = ["curation.entry"]  # type: ignore[attr-defined]


class Position(InOneSource, Entry):
    """Who argued what: a stance on a proposition, or a claim of its own, found in one article or session."""

    KIND = Kind.POSITION

    entry = entry_link("as_position")
    proposition = models.ForeignKey(Proposition, models.PROTECT, null=True, blank=True, related_name="positions")
    stance = models.CharField(
        max_length=10, choices=Stance, blank=True, help_text="Towards the proposition; without one, towards the claim."
    )
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="positions")
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="positions")
    reported_from = models.ForeignKey(
        Workshop, models.PROTECT, null=True, blank=True, related_name="reported_positions",
        help_text="The workshop where an article says it was said.",
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Its place in the source: 1, 2, 3 ...")

    # The holder, private face: who it was.
    speakers = models.ManyToManyField(Person, blank=True, related_name="positions")
    named_in_source = models.BooleanField(
        default=False, help_text="The published article itself names these speakers as holding this position."
    )
    # The holder, public face: how many, and of what description.
    quantifier = models.CharField(max_length=10, choices=Quantifier, blank=True)
    reported_as = models.CharField(
        max_length=120, blank=True, help_text="How the published article describes the holder: Asia experts."
    )
    descriptor_expertise = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    descriptor_sector = models.CharField(max_length=20, choices=Sector, blank=True)
    descriptor_country = CountryField(blank=True)
    descriptor_role = models.CharField(max_length=20, choices=Role, blank=True)

    objects = KindManager()

    class Meta:
        constraints = [
            in_one_source("position_has_one_source"),
            models.CheckConstraint(
                condition=Q(proposition=None) | ~Q(stance=""), name="position_on_a_proposition_has_a_stance"
            ),
            models.CheckConstraint(
                condition=Q(session=None) | Q(reported_from=None, reported_as="", named_in_source=False),
                name="position_reported_only_by_an_article",
            ),
            models.CheckConstraint(condition=Q(stance__in=["", *Stance.values]), name="position_stance"),
            models.CheckConstraint(condition=Q(quantifier__in=["", *Quantifier.values]), name="position_quantifier"),
            models.CheckConstraint(condition=Q(descriptor_sector__in=["", *Sector.values]), name="position_sector"),
            models.CheckConstraint(condition=Q(descriptor_role__in=["", *Role.values]), name="position_role"),
        ]

    def natural_key(self) -> tuple[str, str]:
        return self.entry.natural_key()

    natural_key.dependencies = ["curation.entry"]  # type: ignore[attr-defined]

    @property
    def workshop(self) -> Workshop | None:
        """Where it was said: the session's workshop, or the one that an article reports from."""
        return self.session.workshop if self.session else self.reported_from

    @property
    def date_that_applies(self) -> PartialDate | None:
        """When it was taken: as it says itself, or its session, the workshop it is reported from, or the article."""
        dates = (one.date_that_applies for one in (self.session, self.reported_from, self.article) if one)
        return self.partial_date or next(filter(None, dates), None)

    @property
    def effective_rule(self) -> Rule:
        """The session's rule; articles are on the record."""
        return self.session.effective_rule if self.session else Rule.ON_THE_RECORD

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Where it comes to be found in another source, its passages are looked for there."""
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        place = {"article": self.article_id, "session": self.session_id}
        with transaction.atomic():
            stays = Position.objects.filter(pk=self.pk, **place).exists()
            super().save(*args, **kwargs)
            if not stays:
                reanchor(self.passages.all(), self.source.text)

    def clean(self) -> None:
        super().clean()
        if bool(self.article_id) == bool(self.session_id):
            raise ValidationError("Name the one source that it was found in: an article or a session.")
        if self.proposition_id and not self.stance:
            raise ValidationError({"stance": "Say where it stands towards the proposition."})
        if self.session_id:
            for field in ("reported_from", "reported_as", "named_in_source"):
                if getattr(self, f"{field}_id" if field == "reported_from" else field):
                    raise ValidationError({field: "Only for a position found in an article."})


class PassageManager(models.Manager["Passage"]):
    def get_by_natural_key(self, position: list[str], number: int) -> Passage:
        return self.get(position__entry__slug=position[1], number=number)


class Passage(models.Model):
    """Where in its source a position stands: W3C selectors of the quotation and, where we hold the text, its place."""

    position = models.ForeignKey(Position, models.CASCADE, related_name="passages")
    number = models.PositiveSmallIntegerField(default=1)
    locator = models.CharField(max_length=100, blank=True, help_text="For readers: paragraph 7, page 12.")
    quotation = models.TextField(blank=True, help_text="The exact words. Short, where they are somebody else's.")
    prefix = models.CharField(
        max_length=64, blank=True, help_text="The words just before, to tell it from a lookalike."
    )
    suffix = models.CharField(max_length=64, blank=True)
    start = models.PositiveIntegerField(
        null=True, blank=True, help_text="In Unicode code points from the text's start."
    )
    end = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=Anchoring, blank=True, help_text="Empty: never compared with the text."
    )

    objects = PassageManager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["position", "number"], name="passage_number_once_a_position"),
            models.CheckConstraint(
                condition=Q(start=None, end=None) | Q(start__isnull=False, end__isnull=False, start__lt=F("end")),
                name="passage_ends_after_it_starts",
                violation_error_message="Give both ends of a passage, the end after the start, or neither.",
            ),
            models.CheckConstraint(
                condition=~Q(locator="", quotation=""),
                name="passage_says_where",
                violation_error_message="Give the place of a passage, its exact words, or both.",
            ),
            models.CheckConstraint(condition=Q(state__in=["", *Anchoring.values]), name="passage_state"),
        ]

    def __str__(self) -> str:
        return self.locator or self.quotation[:60]

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            if kwargs.get("update_fields") is None:
                self._find()
            super().save(*args, **kwargs)

    def _find(self) -> None:
        """Look for its words in the source, unless that was done for the same ones. Whoever writes other words means
        another place, so what was noted of the former one goes, as far as it wasn't written anew."""
        for name in ("quotation", "prefix", "suffix"):
            setattr(self, name, normalised(getattr(self, name)))
        stored = Passage.objects.filter(pk=self.pk).first() if self.pk else None
        for name in ("prefix", "suffix") if stored else ():  # a form of one line gives them back without their lines
            if flat(getattr(self, name)) == flat(getattr(stored, name)):
                setattr(self, name, getattr(stored, name))
        if stored and _selector(stored) == _selector(self):
            self.state = stored.state if self.quotation else self.state
            return
        if stored and stored.quotation != self.quotation and _selector(stored)[1:] == _selector(self)[1:]:
            self.prefix = self.suffix = ""
            self.start = self.end = None
        if self.quotation and (text := self.position.source.stored_text()):
            settle(self, Text(text))

    def natural_key(self) -> tuple[Any, ...]:
        return (self.position.natural_key(), self.number)

    natural_key.dependencies = ["curation.position"]  # type: ignore[attr-defined]


def _selector(passage: Passage) -> tuple[Any, ...]:
    return passage.quotation, passage.prefix, passage.suffix, passage.start, passage.end
