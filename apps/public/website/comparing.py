"""A comparison as a page shows it, now or as a frozen copy, which is all in its address and depends on nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.core import signing
from django.http import QueryDict

from apps.public.catalogue.models import Record
from apps.public.catalogue.state import State
from apps.public.search.comparison import AXES, MOST_SHOWN, Axis, Comparison, Count, Line, Listed, arranged
from apps.public.search.filters import Filter, UnusableFilter
from apps.public.search.index import search_index
from apps.public.website.reading import url_of
from apps.taxonomy.vocabulary import Vocabulary
from apps.taxonomy.words import Kind

_SALT = "frozen comparison"
_VERSION = 1  # of what is written into an address


class Illegible(Exception):  # noqa: N818
    """The address of a frozen copy is incomplete, or was changed."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A comparison as it was, and what its groups were called."""

    comparison: Comparison
    names: tuple[str, ...]
    made_at: dt.datetime


def freeze(found: Comparison, names: tuple[str, ...], made_at: dt.datetime) -> str:
    """What a frozen copy's address holds: figures, and identifiers of what must be looked up, so that what has been
    withdrawn since is in it no longer. Signed, so that nobody makes one up. Of long lists the first propositions, since
    an address has to be short."""
    held = [
        _VERSION,
        int(made_at.timestamp()),
        found.change,
        AXES.index(found.axis),
        found.values,
        ["" if found.axis == "workshop" else name for name in names],  # a workshop's title is looked up
        found.filter.querystring(),
        found.counts,
        [[one.total, [[line.proposition, *line.counts] for line in one.lines[:MOST_SHOWN]]] for one in found.lists],
    ]
    return signing.dumps(held, salt=_SALT, compress=True)


def thaw(token: str, words: Vocabulary, state: State) -> Frozen:
    """Raises Illegible, and SearchUnavailable where it can't be said whether a tag is public still."""
    try:
        version, at, change, axis, values, names, query, counts, lists = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise Illegible from error
    if version != _VERSION:
        raise Illegible
    try:
        rest = Filter.from_params(QueryDict(query), words)
    except UnusableFilter:  # it was narrowed down to a region or theme that there is no longer
        rest = Filter()
    rest = _still_public(rest, words, state)
    lines = {line[0]: tuple(Count(*one) for one in line[1:]) for _, one in lists for line in one}
    of_groups = [Count(*one) for one in counts]
    again = arranged(AXES[axis], values, rest, of_groups, lines, change)
    agree, part, few, *only = (Listed(one.lines, total) for one, (total, _) in zip(again.lists, lists, strict=True))
    whole = replace(again, agree=agree, part=part, few=few, only=tuple(only))
    return Frozen(whole, tuple(names), dt.datetime.fromtimestamp(at, dt.UTC))


def _still_public(asked: Filter, words: Vocabulary, state: State) -> Filter:
    """A filter without the tags and holders that no record has any more: they may be what had to go."""
    if not (asked.tag or asked.holder):
        return asked
    reader = search_index().reader(state, words)
    kept = {name: tuple(one for one in asked.selected(name) if reader.occurs(name, one)) for name in ("tag", "holder")}
    return asked.replace(**kept)


# --- Names and titles


def names_of(axis: Axis, values: tuple[str, ...], words: Vocabulary) -> dict[str, str]:
    """What the values of an axis are called; those that are no longer anything are left out."""
    if axis == "workshop":
        live = Record.objects.live().filter(identifier__in=values, kind=Kind.WORKSHOP)
        return dict(live.values_list("identifier", "title"))
    if axis == "year":
        return {value: value.replace("..", "–") for value in values}
    nodes = words.hierarchy(axis).nodes
    return {value: nodes[value].name for value in values if value in nodes}


@dataclass(frozen=True, slots=True)
class Shown:
    """A list of propositions with titles; ``withdrawn`` of them are not public any more."""

    rows: list[tuple[str, str, Line]]  # title, address
    total: int
    withdrawn: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows) - self.withdrawn


def shown(found: Comparison) -> dict[str, Any]:
    """The lists of a comparison with the titles of now, in one query."""
    wanted = {line.proposition for one in found.lists for line in one.lines}
    titles = dict(
        Record.objects.live().filter(identifier__in=wanted, kind=Kind.PROPOSITION).values_list("identifier", "title")
    )
    agree, part, few, *only = (_titled(one, titles) for one in found.lists)
    return {"agree": agree, "part": part, "few": few, "only": only}


def _titled(listed: Listed, titles: dict[str, str]) -> Shown:
    rows = [
        (titles[line.proposition], url_of(Kind.PROPOSITION, line.proposition), line)
        for line in listed.lines
        if line.proposition in titles
    ]
    return Shown(rows, listed.total, len(listed.lines) - len(rows))


# --- The form

MOST_CHOICES = 500  # workshops of a menu, the latest ones


def choices(axis: Axis, words: Vocabulary, years: list[str]) -> list[tuple[str, str]]:
    """What may be chosen on an axis: values with their labels, deeper ones set in."""
    if axis == "workshop":
        newest = Record.objects.live().filter(kind=Kind.WORKSHOP).order_by("-content__earliest", "title")
        return list(newest.values_list("identifier", "title")[:MOST_CHOICES])
    if axis == "year":
        return [(year, year) for year in years]
    return [(node.slug, "\u2003" * depth + node.name) for depth, node in words.hierarchy(axis).tree]
