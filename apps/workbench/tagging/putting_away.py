"""Suggestions that somebody has put away: they are not made again until they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apps.curation.models import Entry
from apps.workbench.models import Dismissed
from apps.workbench.references.doubles import apart_from, say_apart


@dataclass(frozen=True, slots=True)
class PutAway:
    """What is not suggested for an entry any more: themes by slug, related entries by identifier, doubles by key."""

    themes: frozenset[str]
    related: frozenset[str]
    doubles: frozenset[int]

    @property
    def number(self) -> int:
        """How many are suggested again when that is asked for. That two are not the same was said of both of them, and
        not for want of interest: it is taken back one by one."""
        return len(self.themes) + len(self.related)


def put_away_of(entry: Entry) -> PutAway:
    rows = set(Dismissed.objects.filter(entry=entry.pk).values_list("what", "name"))
    return PutAway(
        themes=frozenset(name for what, name in rows if what == Dismissed.What.THEME),
        related=frozenset(name for what, name in rows if what == Dismissed.What.RELATED),
        doubles=frozenset(apart_from(entry)),
    )


def put_away_theme(entry: Entry, slug: str, by: Any) -> None:
    _keep(entry, Dismissed.What.THEME, slug, by)


def put_away_related(entry: Entry, other: Entry, by: Any) -> None:
    _keep(entry, Dismissed.What.RELATED, other.identifier, by)


def put_away_double(entry: Entry, other: Entry, by: Any) -> None:
    """The two are not the same, which goes for both of them."""
    if entry.pk != other.pk:
        say_apart(entry.pk, other.pk, by)


def offer_again(entry: Entry) -> None:
    """Forget the themes and the related entries that were put away for an entry."""
    Dismissed.objects.filter(entry=entry.pk).delete()


def _keep(entry: Entry, what: str, name: str, by: Any) -> None:
    Dismissed.objects.get_or_create(entry_id=entry.pk, what=what, name=name, defaults={"by": by})
