"""The catalogue: entries as published. Only the gate writes here; everything public is read from here."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from apps.taxonomy.words import Kind, Relation


class CatalogueState(models.Model):
    """A single row: the last change number handed out. Its lock makes changes visible in order."""

    change = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="catalogue_state_is_one_row")]

    def __str__(self) -> str:
        return f"change {self.change}"


class RecordQuerySet(models.QuerySet["Record"]):
    def live(self) -> RecordQuerySet:
        return self.filter(withdrawn_at=None)

    def has_live(self, identifier: str) -> bool:
        return self.live().filter(identifier=identifier).exists()

    def since(self, change: int) -> RecordQuerySet:
        """What changed after a change number, tombstones too, in order of change."""
        return self.filter(change__gt=change).order_by("change")

    def with_something_taken_out(self) -> RecordQuerySet:
        """Tombstones, and records of which a former version is no longer there."""
        former = RecordVersion.objects.filter(record=OuterRef("pk")).values("record").annotate(n=Count("pk"))
        kept = Coalesce(Subquery(former.values("n")), 0)
        return self.annotate(former=kept).filter(Q(withdrawn_at__isnull=False) | Q(former__lt=F("version") - 1))


class Record(models.Model):
    """An entry as published, stored the way it is read; when withdrawn, a tombstone with nothing left in it."""

    identifier = models.CharField(max_length=8, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=300, blank=True)
    content = models.JSONField(null=True)
    version = models.PositiveIntegerField()
    change = models.PositiveBigIntegerField(unique=True)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    synthetic = models.BooleanField(default=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        indexes = [
            # Whether there are any is asked for every page, and answered without reading the others.
            models.Index(fields=["synthetic"], condition=Q(synthetic=True, withdrawn_at=None), name="record_synthetic"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="record_kind"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, content__isnull=False)
                | Q(withdrawn_at__isnull=False, content=None, title=""),
                name="record_is_live_or_a_bare_tombstone",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.identifier


class RecordVersion(models.Model):
    """What a record said before it was published again."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    content = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["record", "version"], name="record_version_once")]

    def __str__(self) -> str:
        return f"{self.title} (version {self.version})"


class Tie(models.TextChoices):
    """What a link says: the relations of cross-references, and those that hold records together."""

    FOUND_IN = "found_in", "Found in"  # position -> article or session
    TAKES_SIDE_ON = "takes_side_on", "Takes a side on"  # position -> proposition
    REPORTED_FROM = "reported_from", "Reported from"  # position -> workshop
    PART_OF = "part_of", "Part of"  # session -> workshop
    CITES = Relation.CITES.value, Relation.CITES.label
    SUPPORTS = Relation.SUPPORTS.value, Relation.SUPPORTS.label
    CHALLENGES = Relation.CHALLENGES.value, Relation.CHALLENGES.label
    RESPONDS_TO = Relation.RESPONDS_TO.value, Relation.RESPONDS_TO.label
    ELABORATES = Relation.ELABORATES.value, Relation.ELABORATES.label
    DRAWS_LESSON_FROM = Relation.DRAWS_LESSON_FROM.value, Relation.DRAWS_LESSON_FROM.label
    SEE_ALSO = Relation.SEE_ALSO.value, Relation.SEE_ALSO.label


class Link(models.Model):
    """From one live record to another."""

    source = models.ForeignKey(Record, models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Record, models.CASCADE, related_name="links_in")
    tie = models.CharField(max_length=20, choices=Tie)
    note = models.TextField(blank=True)  # of a position's link to its proposition: the stance

    class Meta:
        indexes = [
            # How many take which side is counted on every proposition's page, from the index alone.
            models.Index(fields=["target", "note"], condition=Q(tie="takes_side_on"), name="link_sides_taken"),
            # One link in thousands is a lesson; the latest of them are read from a table of millions.
            models.Index(fields=["id"], condition=Q(tie="draws_lesson_from"), name="link_lessons"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "tie"], name="link_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="link_joins_two"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_tie_display()} {self.target}"


class Redirect(models.Model):
    """An old address of what was merged with something else (a record's identifier, a theme's slug, a tag), and what
    stands for it now."""

    class What(models.TextChoices):
        PROPOSITION = "proposition", "Proposition"
        THEME = "theme", "Theme"
        TAG = "tag", "Tag"

    what = models.CharField(max_length=12, choices=What)
    old = models.CharField(max_length=120)
    new = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["what", "old"], name="redirect_once"),
            models.CheckConstraint(condition=Q(what__in=("proposition", "theme", "tag")), name="redirect_what"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="redirect_leads_elsewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.old} is {self.new}"

    @classmethod
    def key(cls, what: str, name: str) -> str:
        """What an old name is kept as. A tag that nothing carries any more is a word that nobody judges, so it isn't
        kept as it is written."""
        return sha256(f"tag:{name}".encode()).hexdigest() if what == cls.What.TAG else name

    @classmethod
    def followed(cls, what: str, old: str, is_there: Callable[[str], bool] | None = None) -> str | None:
        """What stands for something now, however often it was merged; None if that was never merged, or if nothing that
        ``is_there`` stands for it. Without that whatever was not merged itself will do."""
        found, seen = None, {old}
        while (new := cls._leads(what, old)) and new not in seen:
            if is_there and is_there(new):
                return new
            found = new
            seen.add(old := new)
        return None if is_there else found

    @classmethod
    def _leads(cls, what: str, old: str) -> str | None:
        return cls.objects.filter(what=what, old=cls.key(what, old)).values_list("new", flat=True).first()
