"""People and organisations: private, unless a rule puts them on the record."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django_countries.fields import CountryField

from apps.taxonomy.fields import LinesField
from apps.taxonomy.words import Sector


class SlugManager(models.Manager):  # type: ignore[type-arg]
    def get_by_natural_key(self, slug: str) -> models.Model:
        return self.get(slug=slug)


class Named(models.Model):
    """What people and organisations share: a slug for notes, and other names they go by."""

    slug = models.SlugField(max_length=120, unique=True, help_text="How notes refer to it. Never shown in public.")
    aliases = LinesField(help_text="One a line: other spellings, former names, other scripts.")
    note = models.TextField("private note", blank=True)

    objects = SlugManager()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class Organisation(Named):
    """A body that people work for, or that hosts a workshop."""

    name = models.CharField(max_length=200, unique=True)
    acronym = models.CharField(max_length=20, blank=True)
    sector = models.CharField(max_length=20, choices=Sector, blank=True)
    country = CountryField(blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(sector__in=["", *Sector.values]), name="organisation_sector"),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Person(Named):
    """Somebody who wrote, spoke or attended."""

    given_names = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, help_text="The only name, for somebody who has just one.")
    email = models.EmailField(blank=True)

    class Meta:
        verbose_name_plural = "people"
        ordering = ["family_name", "given_names"]
        constraints = [models.CheckConstraint(condition=~Q(family_name=""), name="person_has_a_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.family_name}".strip()

    def clean(self) -> None:
        if self.name.casefold() in (alias.casefold() for alias in self.aliases):
            raise ValidationError({"aliases": "The name itself is no alias; take it out here."})
