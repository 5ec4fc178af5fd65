"""Articles: publications, and works that are only cited so far."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from apps.curation.models.entries import Entry, KindManager, entry_link
from apps.curation.models.people import Organisation, Person
from apps.curation.models.sources import Source, SourceTextField
from apps.taxonomy.words import Genre, Kind


class DOIField(models.CharField):  # type: ignore[type-arg]
    """A DOI by itself, however it was pasted: https://doi.org/10.1000/182 and doi:10.1000/182 are the same."""

    default_validators = [RegexValidator(r"^10\.\d{4,9}/\S+\Z", "A DOI looks like 10.1000/182.")]

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return (
            re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", value.strip(), flags=re.IGNORECASE) if value else value
        )


class Article(Entry, Source):
    """A publication, or a work that is only cited so far and waits to be matched."""

    KIND = Kind.ARTICLE

    entry = entry_link("as_article")
    authors = models.ManyToManyField(Person, through="Authorship", related_name="articles", blank=True)
    outlet = models.CharField(
        max_length=200, blank=True, help_text="The journal, institution or site that published it."
    )
    genre = models.CharField(max_length=20, choices=Genre, blank=True)
    doi = DOIField("DOI", max_length=120, blank=True)
    url = models.URLField("web address", max_length=500, blank=True)
    language = models.CharField(
        max_length=8,
        blank=True,
        validators=[RegexValidator(r"^[a-z]{2,3}(-[a-zA-Z]{2,4})?\Z", "Write a code such as en, ja, fr or zh-Hant.")],
        help_text="ISO 639: en, ja, fr ...",
    )
    unresolved = models.BooleanField(
        default=False, help_text="Only cited so far: the work itself is still to be found."
    )
    cited_as = models.CharField(max_length=300, blank=True, help_text="How the citing text points to it.")
    text = SourceTextField(blank=True, help_text="The source text, for anchoring passages. Never published.")

    objects = KindManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["doi"],
                condition=~Q(doi=""),
                name="article_doi_once",
                violation_error_message="Another article has this DOI, so it may be the same work.",
            ),
            models.CheckConstraint(condition=Q(genre__in=["", *Genre.values]), name="article_genre"),
            models.CheckConstraint(
                condition=Q(unresolved=False) | ~Q(cited_as=""),
                name="article_unresolved_says_how_it_is_cited",
                violation_error_message="Say how the citing text points to it (“cited as”), since the work itself "
                "isn't found yet.",
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.unresolved and not self.cited_as:
            raise ValidationError(
                {"cited_as": "Say how the citing text points to it, since the work itself isn't found yet."}
            )

    def natural_key(self) -> tuple[str, str]:
        return self.entry.natural_key()

    natural_key.dependencies = ["curation.entry"]  # type: ignore[attr-defined]


class AuthorshipManager(models.Manager["Authorship"]):
    def get_by_natural_key(self, article: list[str], person: list[str]) -> Authorship:
        return self.get(article__entry__kind=article[0], article__entry__slug=article[1], person__slug=person[0])


class Authorship(models.Model):
    """A person among the authors of an article, with the affiliation given in it."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="authorships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="authorships")
    order = models.PositiveSmallIntegerField(default=1)
    affiliation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AuthorshipManager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "person"], name="author_once_an_article")]

    def __str__(self) -> str:
        return f"{self.person}, {self.article}"

    def natural_key(self) -> tuple[Any, ...]:
        return (self.article.natural_key(), self.person.natural_key())

    natural_key.dependencies = ["curation.article", "curation.person"]  # type: ignore[attr-defined]
