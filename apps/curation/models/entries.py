"""The entry: what analysts curate, whatever its kind, and how entries refer to one another."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

import reversion
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from taggit.managers import TaggableManager
from taggit.models import ItemBase, Tag

from apps.curation.dates import PartialDate, PartialDateField
from apps.taxonomy.models import Region, Theme
from apps.taxonomy.vocabulary import vocabulary
from apps.taxonomy.words import Kind, Relation


class Status(models.TextChoices):
    """Where an entry is on its way to the public."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "In review"
    RETURNED = "returned", "Returned"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # no 0 o 1 i l u: read aloud and copied by hand without mistakes


def identifier_of(kind: str, slug: str) -> str:
    """The eight characters that name an entry for ever, in public too.

    Derived from kind and slug, so that the same notes give the same permalinks wherever they are loaded.
    """
    number = int.from_bytes(hashlib.sha256(f"{kind}:{slug}".encode()).digest()[:8])
    digits = []
    for _ in range(8):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)


class EntryQuerySet(models.QuerySet["Entry"]):
    def published(self) -> EntryQuerySet:
        return self.filter(status=Status.PUBLISHED)

    def with_unpublished_changes(self) -> EntryQuerySet:
        return self.published().filter(modified_at__gt=F("published_at"))

    def in_region(self, region: Region) -> EntryQuerySet:
        """About a region or one beneath it."""
        return self.filter(regions__slug__in=vocabulary().regions.descendants(region.slug)).distinct()

    def about(self, theme: Theme) -> EntryQuerySet:
        """About a theme or one beneath it."""
        return self.filter(themes__slug__in=vocabulary().themes.descendants(theme.slug)).distinct()


class EntryManager(models.Manager.from_queryset(EntryQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, kind: str, slug: str) -> Entry:
        return self.get(kind=kind, slug=slug)


class Entry(models.Model):
    """Something an analyst brought home: a publication, a meeting, a part of one, a statement, or who argued it."""

    KIND: ClassVar[Kind]

    identifier = models.CharField(max_length=8, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=Kind, editable=False)
    title = models.CharField(max_length=300, validators=[ProhibitNullCharactersValidator()])
    slug = models.SlugField(max_length=120, help_text="How notes and colleagues refer to it. Never shown in public.")
    summary = models.TextField(blank=True, help_text="Published. Markdown.")
    note = models.TextField("private note", blank=True, help_text="For colleagues. Never published.")
    date = PartialDateField()
    earliest = models.DateField(null=True, editable=False)
    latest = models.DateField(null=True, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    modified_at = models.DateTimeField(default=timezone.now, editable=False)
    modified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    regions = models.ManyToManyField(Region, blank=True, related_name="entries")
    themes = models.ManyToManyField(Theme, blank=True, related_name="entries")
    tags = TaggableManager(through="curation.TaggedEntry", blank=True)

    objects = EntryManager()

    class Meta:
        verbose_name_plural = "entries"
        permissions = [
            ("publish_entry", "Can publish and withdraw entries"),
            ("withdraw_entry", "Can withdraw entries"),
            ("acknowledge_finding", "Can let a warning of the gate pass"),
            ("see_identities", "Can ask by a person what they said and where they were"),
        ]
        ordering = [F("latest").desc(nulls_last=True), "title"]
        indexes = [
            models.Index(fields=["kind", "status"], name="entry_kind_status"),
            models.Index(fields=["latest"], name="entry_latest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="entry_slug_once_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="entry_kind"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="entry_status"),
            models.CheckConstraint(condition=~Q(title=""), name="entry_has_a_title"),
            models.CheckConstraint(condition=~Q(slug=""), name="entry_has_a_slug"),
            models.CheckConstraint(
                condition=Q(date="", earliest=None, latest=None)
                | (
                    # Said outright, since a check that compares with NULL lets the row pass.
                    ~Q(date="") & Q(earliest__isnull=False, latest__isnull=False, earliest__lte=F("latest"))
                ),
                name="entry_date_and_its_bounds",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str, str]:
        return (self.kind, self.slug)

    @property
    def partial_date(self) -> PartialDate | None:
        return PartialDate.parse(self.date) if self.date else None

    @property
    def date_that_applies(self) -> PartialDate | None:
        """Its own date; for a kind that is part of something, else that one's. The entry is given as its kind."""
        return self.partial_date

    @property
    def has_unpublished_changes(self) -> bool:
        return self.status == Status.PUBLISHED and (self.published_at is None or self.modified_at > self.published_at)

    @property
    def child(self) -> Entry:
        """This entry as its kind: an Article, a Workshop ... For one entry; lists never downcast."""
        return self if hasattr(type(self), "KIND") else getattr(self, f"as_{self.kind}")

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.kind:
            self.kind = self.KIND
        if not self.identifier:
            self.identifier = identifier_of(self.kind, self.slug)
        date = self.partial_date
        self.earliest, self.latest = (date.earliest, date.latest) if date else (None, None)
        super().save(*args, **kwargs)

    def touch(self, by: Any = None) -> None:
        """Note that the entry, or something that belongs to it, was edited just now."""
        self.modified_at = timezone.now()
        self.modified_by = by
        Entry.objects.filter(pk=self.pk).update(modified_at=self.modified_at, modified_by=by)
        if reversion.is_active():  # what belongs to an entry is a part of its history
            reversion.add_to_revision(Entry.objects.get(pk=self.pk))


class Submission(models.Model):
    """An entry handed in for review; where a reviewer sent it back, with what comment."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="submissions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    comment = models.TextField(blank=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_at=None) | ~Q(comment=""), name="submission_returned_with_a_word"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}, {self.at:%d %B %Y}"


class KindManager(models.Manager):  # type: ignore[type-arg]
    """The manager of each kind: an entry's natural key names its child too."""

    def get_by_natural_key(self, kind: str, slug: str) -> Any:
        return self.get(entry__kind=kind, entry__slug=slug)


def entry_link(related_name: str) -> Any:
    """The column that joins a kind to its entry."""
    return models.OneToOneField(Entry, models.CASCADE, parent_link=True, primary_key=True, related_name=related_name)


LONGEST_TAG: int = Tag._meta.get_field("name").max_length


def validate_tag(name: str) -> None:
    """Raise ValidationError for a tag that can't be kept or can't have a page."""
    if len(name) > LONGEST_TAG:
        raise ValidationError(
            f"“{name[:40]}…” is too long for a tag: {LONGEST_TAG} characters at most. Put commas between tags."
        )
    if not any(character.isalnum() for character in name):
        raise ValidationError(f"“{name}” is no tag: it needs a letter or a digit.")


class TaggedEntryManager(models.Manager["TaggedEntry"]):
    def get_by_natural_key(self, entry: list[str], tag: list[str]) -> TaggedEntry:
        return self.get(content_object__kind=entry[0], content_object__slug=entry[1], tag__name=tag[0])


class TaggedEntry(ItemBase):
    """A tag on an entry."""

    content_object = models.ForeignKey(Entry, models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="tagged_entries")

    objects = TaggedEntryManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="tag_once_an_entry")]

    def natural_key(self) -> tuple[Any, ...]:
        return (self.content_object.natural_key(), self.tag.natural_key())

    natural_key.dependencies = ["curation.entry", "taggit.tag"]  # type: ignore[attr-defined]


class CrossReferenceManager(models.Manager["CrossReference"]):
    def get_by_natural_key(self, source: list[str], target: list[str], relation: str) -> CrossReference:
        return self.get(
            source__kind=source[0],
            source__slug=source[1],
            target__kind=target[0],
            target__slug=target[1],
            relation=relation,
        )


class CrossReference(models.Model):
    """What one entry has to do with another, in a word and, where it helps, a note."""

    source = models.ForeignKey(Entry, models.CASCADE, related_name="references_out", verbose_name="from")
    target = models.ForeignKey(Entry, models.CASCADE, related_name="references_in", verbose_name="to")
    relation = models.CharField(max_length=20, choices=Relation)
    note = models.TextField(blank=True, help_text="Published with the reference.")

    objects = CrossReferenceManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "relation"], name="cross_reference_once"),
            models.CheckConstraint(
                condition=~Q(source=F("target")),
                name="cross_reference_joins_two",
                violation_error_message="A cross-reference joins two entries; this one leads back to where it starts.",
            ),
            models.CheckConstraint(condition=Q(relation__in=Relation.values), name="cross_reference_relation"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_relation_display().lower()} {self.target}"

    def natural_key(self) -> tuple[Any, ...]:
        return (self.source.natural_key(), self.target.natural_key(), self.relation)

    natural_key.dependencies = ["curation.entry"]  # type: ignore[attr-defined]
