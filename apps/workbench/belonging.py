"""Which entries are edited when something else is: what belongs to them, or is named by what they publish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model
from taggit.models import Tag

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CrossReference,
    Entry,
    Organisation,
    Passage,
    Person,
    Position,
    Session,
    Workshop,
)
from apps.gate.rules import may_list_participants, may_name_speakers


def entries_of(row: Model) -> Iterator[Entry]:
    """The entries whose record a row is part of: a position on the form of its article is its own."""
    match row:
        case Entry():
            yield row
        case CrossReference():
            yield row.source
        case Passage():
            yield row.position
        case Authorship():
            yield row.article
        case Attendance():
            yield row.workshop
            if row.session:
                yield row.session


def entries_naming(thing: Model) -> Iterator[Entry]:
    """The entries whose record has the name of a tag, a person or an organisation in it, or would have."""
    match thing:
        case Tag():
            yield from Entry.objects.filter(tagged__tag=thing)
        case Person():
            yield from Article.objects.filter(authors=thing)
            yield from filter(may_name_speakers, Position.objects.filter(speakers=thing))
            yield from _listing(Attendance.objects.filter(person=thing))
        case Organisation():
            yield from Workshop.objects.filter(host=thing)
            yield from Article.objects.filter(authorships__affiliation=thing).distinct()
            yield from _listing(Attendance.objects.filter(affiliation=thing))


def _listing(attendances: Any) -> Iterator[Entry]:
    """The meetings that would list these attendances in public."""
    meetings: list[Workshop | Session] = [
        *Workshop.objects.filter(pk__in=attendances.values("workshop")),
        *Session.objects.filter(attendances__in=attendances).distinct(),
    ]
    yield from filter(may_list_participants, meetings)


def touch_all(entries: Iterable[Entry], by: Any) -> None:
    """Note on each entry that it was edited just now: that is what four eyes and 'unpublished changes' go by."""
    for entry in {entry.pk: entry for entry in entries}.values():
        entry.touch(by)
