"""Who may not read what yet. Whoever codes a source as its second coder sees the source's text and their own coding,
and nothing else of it until both are done; what they find, nobody else sees until then.

Lists, forms, autocompletes and counts ask here. The coding view shows the second coder, at the same address, their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.utils import NestedObjects
from django.db import DEFAULT_DB_ALIAS
from django.db.models import ForeignKey, Model, Q, QuerySet
from reversion.models import Version

from apps.curation.models import (
    Article,
    Candidate,
    CodedPassage,
    CodedUnit,
    CrossReference,
    DoubleCoding,
    Entry,
    Passage,
    Position,
    Session,
    Submission,
)
from apps.gate.findings import Finding
from apps.gate.models import Acknowledgement

# Rows that tell of an entry, by the columns that lead to it.
_LEADING: dict[type[Model], tuple[str, ...]] = {
    **dict.fromkeys((Entry, Article, Session, Position), ("pk",)),
    Passage: ("position",),
    CrossReference: ("source", "target"),
    Candidate: ("article", "session"),
    Submission: ("entry",),
    Acknowledgement: ("entry",),
}


def readable(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Of some rows, those that somebody may read."""
    columns = _LEADING.get(rows.model, ())
    hidden = _hidden_from(user) if columns else None
    if hidden is not None:
        for column in columns:
            rows = rows.exclude(**{f"{column}__in": hidden})
    return rows


def tells_of_more(row: Model, user: Any) -> bool:
    """Whether pages about an entry would tell somebody of one that they may not read yet: a reference joins them."""
    hidden = _hidden_from(user) if isinstance(row, Entry) else None
    if hidden is None:
        return False
    joined = Q(source=row.pk, target__in=hidden) | Q(target=row.pk, source__in=hidden)
    return CrossReference.objects.filter(joined).exists()


def tellable(found: list[Finding], user: Any) -> list[Finding]:
    """Of what the gate finds in an entry, what somebody may be told: nothing that quotes the title of a position that
    they may not read yet."""
    hidden = _hidden_from(user) if found else None
    if hidden is None:
        return found
    titles = list(Position.objects.filter(pk__in=hidden).values_list("title", flat=True))
    return [one for one in found if not any(title in str(one) for title in titles)]


def readable_when_deleted(versions: QuerySet[Version], user: Any) -> QuerySet[Version]:
    """Of the last versions of deleted entries, those that somebody may read."""
    for double in coded_apart_by(user):
        source = double.source
        found_there = Version.objects.get_for_model(Position).filter(
            serialized_data__contains=f'"{source.kind}": {source.pk},'
        )
        versions = versions.exclude(revision__in=found_there.values("revision"))
    return versions


def coded_apart_by(user: Any) -> list[DoubleCoding]:
    """What somebody codes as the second of two at the moment."""
    return list(DoubleCoding.objects.coded_apart_by(user).with_people())


def would_tell(rows: Iterable[Model], user: Any) -> bool:
    """Whether a page that lists all that goes with some rows would tell somebody what they may not read yet; or would
    take from a second coder, unseen, what they found."""
    if not DoubleCoding.objects.under_way().exists():
        return False
    collector = NestedObjects(using=DEFAULT_DB_ALIAS)
    collector.collect(list(rows))
    touched = [row for some in collector.data.values() for row in some] + list(collector.protected)
    if any(isinstance(row, _COUNTED_APART) for row in touched):
        return True
    hidden = _hidden_from(user)
    entries = {key for row in touched for key in _entries_of(row)}
    return hidden is not None and Entry.objects.filter(pk__in=hidden).filter(pk__in=entries).exists()


def _entries_of(row: Model) -> Iterable[int]:
    """The keys of the entries that a row is, or leads to."""
    if isinstance(row, Entry):
        yield row.pk
    for column in row._meta.concrete_fields:
        if isinstance(column, ForeignKey) and issubclass(column.related_model, Entry):  # type: ignore[arg-type]
            yield getattr(row, column.attname)


_COUNTED_APART = (
    CodedUnit, CodedPassage, CodedUnit.speakers.through, CodedUnit.regions.through, CodedUnit.themes.through,
)  # fmt: skip


def _hidden_from(user: Any) -> QuerySet[Any] | None:
    """The keys of the entries that somebody may not read yet; None for most, who may read all."""
    doubles = coded_apart_by(user)
    if not doubles:
        return None
    sources = [double.source.pk for double in doubles]
    positions = Q(as_position__article__in=sources) | Q(as_position__session__in=sources)
    return Entry.objects.filter(Q(pk__in=sources) | positions).values("pk")
