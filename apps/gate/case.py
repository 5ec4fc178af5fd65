"""What the gate judges: what is, or would be, public, set against what is private."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from django.contrib.auth.models import User
from django.utils import timezone

from apps.curation.models import Entry, Person, Position, Session, Workshop
from apps.gate.descriptors import Descriptor
from apps.gate.meetings import Known, Meeting
from apps.gate.records import Links, build, links_of
from apps.gate.rules import is_protected, may_name_speakers, rule_of
from apps.taxonomy.words import Rule

# Words of our own closed lists and vocabulary, and the identifiers of other records: nobody's name.
CONTROLLED = frozenset(
    "regions themes rule stance date date_text earliest genre language proposition source workshop state".split()
)
_FORM_FIELDS = {"holder": "reported_as"}


@dataclass
class Run:
    """What is read once for all the cases of one run. Facts don't change while they are judged."""

    meetings: dict[int, Meeting] = field(default_factory=dict)  # by primary keys
    signed: dict[frozenset[Person], list[tuple[str, str]]] = field(
        default_factory=dict
    )  # titles and texts, by who signed


@dataclass
class Case:
    """An entry as it stands, or as it was published, with the private facts that decide what may be said of it."""

    entry: Entry  # as its kind
    content: dict[str, Any]  # what is, or would be, public
    links: Links
    descriptor: Descriptor
    purpose: Literal["look", "publish", "re-check"] = "look"
    by: User | None = None
    at: dt.datetime = field(default_factory=timezone.now)
    run: Run = field(default_factory=Run)

    @classmethod
    def of_draft(cls, entry: Entry, **more: Any) -> Case:
        """The entry as publishing it now would show it."""
        entry = entry.child
        descriptor = Descriptor.of(entry) if isinstance(entry, Position) else Descriptor()
        return cls(entry, build(entry), links_of(entry), descriptor, **more)

    @cached_property
    def rule(self) -> Rule | None:
        return rule_of(self.entry)

    @cached_property
    def is_protected(self) -> bool:
        return is_protected(self.rule)

    @cached_property
    def where(self) -> Workshop | Session | None:
        """Where it was said; for a position from an article, the workshop that the article reports from."""
        if isinstance(self.entry, Position):
            return self.entry.session or self.entry.reported_from
        return self.entry if isinstance(self.entry, Workshop | Session) else None

    @cached_property
    def meeting(self) -> Meeting | None:
        if self.where is None:
            return None
        if self.where.pk not in self.run.meetings:
            self.run.meetings[self.where.pk] = Meeting(self.where)
        return self.run.meetings[self.where.pk]

    @cached_property
    def speakers(self) -> frozenset[Person]:
        return frozenset(self.entry.speakers.all()) if isinstance(self.entry, Position) else frozenset()

    @cached_property
    def protected_people(self) -> frozenset[Known]:
        """Those whom nothing public may name: who held it and all who were there, unless a rule lets them be named."""
        position = self.entry if isinstance(self.entry, Position) else None
        people: frozenset[Known] = frozenset()
        if self.meeting and self.where and is_protected(self.where.effective_rule):
            people |= self.meeting.people
        speakers = frozenset(map(Known.of, self.speakers))
        if position and not may_name_speakers(position):
            people |= speakers
        elif position:
            people -= speakers
        if position and position.article:
            people -= frozenset(map(Known.of, position.article.authors.all()))
        return people

    @cached_property
    def protected_bodies(self) -> frozenset[Known]:
        """The organisations of those who were there."""
        if self.meeting and self.where and is_protected(self.where.effective_rule):
            return self.meeting.bodies
        return frozenset()

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every free text that is, or would be, public, with the form field it comes from.

        It walks the content itself, so a field that is added to a record is searched from then on.
        """
        for key, value in self.content.items():
            if key not in CONTROLLED:
                for text in _strings(value):
                    yield _FORM_FIELDS.get(key, key), text
        for _, tie, note in sorted((*self.links.live, *self.links.waiting), key=str):
            if note:
                yield f"cross-references ({tie})", note


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)
