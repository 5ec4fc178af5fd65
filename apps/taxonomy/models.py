"""The shared words: regions (a tree) and themes (SKOS concepts)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django_countries.fields import CountryField

from apps.taxonomy.fields import LinesField

models.CharField.register_lookup(Length)


class VocabularyState(models.Model):
    """A single row whose number grows whenever the vocabulary changes, so that readers know when to read it again."""

    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="vocabulary_state_is_one_row")]

    def __str__(self) -> str:
        return f"version {self.version}"

    @classmethod
    def advance(cls) -> None:
        """Take a number that is greater by chance: one that is rolled back must not come again with another vocabulary,
        since a reader may have kept that under it."""
        step = secrets.randbelow(1_000_000) + 1
        if not cls.objects.filter(pk=1).update(version=F("version") + step):
            cls.objects.get_or_create(pk=1, defaults={"version": step})


class TermManager(models.Manager):  # type: ignore[type-arg]
    def get_by_natural_key(self, slug: str) -> Any:
        return self.get(slug=slug)


class Term(models.Model):
    """What regions and themes share: a slug that never changes once used, since addresses and records carry it."""

    slug = models.SlugField(
        max_length=80, unique=True, help_text="Part of the public address. Never changes once used."
    )
    name = models.CharField("preferred label", max_length=120, unique=True)
    alternative_names = LinesField("alternative labels", help_text="One a line: synonyms, spellings, abbreviations.")
    definition = models.TextField(blank=True)
    scope_note = models.TextField(blank=True, help_text="What is in, what is out, when to use it.")

    objects = TermManager()

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def clean(self) -> None:
        # SKOS S13: preferred and alternative labels are disjoint.
        if self.name.casefold() in (name.casefold() for name in self.alternative_names):
            raise ValidationError({"alternative_names": "The preferred label is already the name; take it out here."})


class Region(Term):
    """A part of the world that positions are about: a node of a tree, with the ISO 3166 countries it covers."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    countries = CountryField(
        multiple=True, blank=True, help_text="ISO 3166 countries; a region may share some with another."
    )

    class Meta(Term.Meta):
        constraints = [models.CheckConstraint(condition=~Q(parent=F("pk")), name="region_is_not_its_own_parent")]

    def clean(self) -> None:
        super().clean()
        ancestor = self.parent
        while ancestor is not None:
            if ancestor.pk == self.pk:
                raise ValidationError({"parent": f"{self.parent} lies within {self}, so it cannot contain it."})
            ancestor = ancestor.parent


class Theme(Term):
    """A topic of debate: a SKOS concept with broader and related concepts."""

    broader = models.ManyToManyField("self", through="Broader", symmetrical=False, related_name="narrower", blank=True)
    related = models.ManyToManyField("self", blank=True, help_text="Neither broader nor narrower, but worth a look.")

    def check_broader(self, broader: Iterable[Theme]) -> None:
        """Raise ValidationError if these broader concepts would close a circle through this one."""
        seen: set[int] = set()
        queue = [theme.pk for theme in broader]
        while queue:
            current = queue.pop()
            if current == self.pk:
                raise ValidationError({"broader": f"{self} would be broader than itself."})
            if current not in seen:
                seen.add(current)
                queue += Broader.objects.filter(narrower=current).values_list("broader", flat=True)

    def check_related(self, related: Iterable[Theme], broader: Iterable[Theme]) -> None:
        """Raise ValidationError if a related concept is also broader (SKOS S27, over the direct links)."""
        both = {theme.pk for theme in related} & {theme.pk for theme in broader}
        if both or self.pk in {theme.pk for theme in related}:
            raise ValidationError({"related": "A related concept is neither broader nor the concept itself."})


class BroaderManager(models.Manager["Broader"]):
    def get_by_natural_key(self, narrower: list[str], broader: list[str]) -> Broader:
        return self.get(narrower__slug=narrower[0], broader__slug=broader[0])


class Broader(models.Model):
    """One concept above another."""

    narrower = models.ForeignKey(Theme, models.CASCADE, related_name="broader_links")
    broader = models.ForeignKey(Theme, models.CASCADE, related_name="narrower_links")

    objects = BroaderManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["narrower", "broader"], name="broader_once"),
            models.CheckConstraint(condition=~Q(narrower=F("broader")), name="broader_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.narrower} under {self.broader}"

    def natural_key(self) -> tuple[tuple[str], tuple[str]]:
        return (self.narrower.natural_key(), self.broader.natural_key())

    natural_key.dependencies = ["taxonomy.theme"]  # type: ignore[attr-defined]
