"""The gate's own, private memory."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from apps.curation.models import Entry, Organisation, Person
from apps.gate.names.keys import LONGEST_KEY
from apps.taxonomy.words import Relation

LONGEST_ADDRESS = 500  # of what is kept of one


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


class Publication(models.Model):
    """How an entry last passed the gate: by whom, and the descriptor that its record words, for later re-checks."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="publication")
    descriptor = models.JSONField(default=dict)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.entry}, {self.published_at:%d %B %Y}"


class KnownAs(models.Model):
    """A name that somebody, or an organisation, goes by: a key that every way to write it has in common."""

    is_made_of_the_row = True  # that it belongs to, whenever that is saved

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="known_as")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="known_as")
    key = models.CharField(max_length=LONGEST_KEY, db_index=True)
    is_acronym = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(organisation__isnull=True),
                name="known_as_is_somebody_s",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class PublishedName(models.Model):
    """A name that stands in an entry's record, or in a former version of it, and whose it is, if we know that still."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="published_names")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="published_names")
    key = models.CharField(max_length=LONGEST_KEY, db_index=True)  # as in KnownAs

    def __str__(self) -> str:
        return self.key


class PublishedTag(models.Model):
    """A tag that an entry's record, or a former version of it, carries, whatever tags its draft has by now."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="published_tags")
    name = models.CharField(max_length=100, db_index=True)
    former = models.BooleanField(default=False)  # in former versions only, so that no list of the tag has the entry

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "name"], name="published_tag_once")]

    def __str__(self) -> str:
        return self.name


class PublishedAddress(models.Model):
    """An address in a text of an entry's record, or of a former version: what it leads to is judged by who is named
    where it stands."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="published_addresses")
    address = models.CharField(max_length=LONGEST_ADDRESS, db_index=True)  # an identifier, or as plain_address() has it

    def __str__(self) -> str:
        return self.address


class Acknowledgement(models.Model):
    """A reviewer's reason for letting a warning pass; it holds for the sentences that it was given for."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="acknowledgements")
    code = models.CharField(max_length=40)
    field = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=300, blank=True)
    sentences = models.JSONField(default=list)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="acknowledgement_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.words}"
