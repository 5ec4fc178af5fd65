"""A filter: what to show, parsed once from a query string; pages, exports and feeds share it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from django.conf import settings
from django.http import QueryDict

from apps.public.catalogue.models import Record, Redirect
from apps.public.search import language
from apps.public.search.index import search_index
from apps.public.search.schema import FACETS, SELECTIONS
from apps.taxonomy.vocabulary import Vocabulary
from apps.taxonomy.words import Kind, Rule, Stance

__all__ = ["DEEPEST", "FACETS", "SORTS", "Filter", "Problem", "UnusableFilter"]

SORTS = ("relevance", "newest", "oldest")
VIEWS = ("cards", "table")
DEEPEST = 10_000  # results that paging reaches
MOST_VALUES = 50  # of one facet
LONGEST_VALUE = 300  # characters

_CLOSED = {"kind": Kind.values, "stance": Stance.values, "rule": Rule.values}
_YEARS = re.compile(r"(\d{4})(?:\.\.(\d{4}))?", re.ASCII)
_IDENTIFIER = re.compile(r"[0-9a-z]{1,8}", re.ASCII)


@lru_cache(maxsize=10_000)
def _quoted(value: str) -> str:
    return quote_plus(value, errors="replace")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value of one URL parameter, in plain English."""

    parameter: str
    value: str
    message: str


class UnusableFilter(Exception):  # noqa: N818
    """URL parameters that make no sense; every problem with them is listed."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Filter:
    """What to show. Values of one facet are alternatives; text and facets must all hold.

    Regions and themes are slugs and include what is beneath them; workshops, propositions and sources (an article or a
    session that positions are found in) are identifiers; a year is ``2021`` or ``2018..2023``; tags and holders are the
    text itself. ``sort`` is empty for the usual order: by relevance where there is text, else newest first; ``view`` is
    how results are laid out, empty for cards.
    """

    text: str = ""
    kind: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    stance: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    workshop: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    holder: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    proposition: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    sort: str = ""
    view: str = ""
    page: int = 1
    notices: tuple[str, ...] = field(default=(), compare=False)  # about how the text was read

    @classmethod
    def from_params(cls, params: QueryDict, vocabulary: Vocabulary) -> Filter:
        """Parse a query string. Raises UnusableFilter, with all that is wrong with it; what is typed never is wrong.

        Operators in the text (``region:``, ``year:`` ...) become selections where their value is known.
        """
        problems: list[Problem] = []
        asked = {facet: _as_called_now(facet, params.getlist(facet), vocabulary) for facet in SELECTIONS}
        values = {facet: _usable(facet, asked[facet], vocabulary, problems) for facet in SELECTIONS}
        page = _page(params.get("page", ""), problems)
        sort = params.get("sort", "")
        if sort and sort not in SORTS:
            problems.append(Problem("sort", sort, f"Results cannot be sorted by “{sort[:40]}”: {', '.join(SORTS)}."))
        view = params.get("view", "")
        if view and view not in VIEWS:
            problems.append(Problem("view", view, f"Results are shown as {' or '.join(VIEWS)}, not as “{view[:40]}”."))
        if problems:
            raise UnusableFilter(problems)
        text, notices = language.tidy(params.get("q", ""))
        typed = language.take_operators(text, lambda name, value: _known(name, value, vocabulary))
        for name, value in typed.chosen:
            facet = "holder" if name == "by" else name
            if len(values[facet]) < MOST_VALUES:
                values[facet].append(value)
            elif value not in values[facet]:
                notices.append(f"At most {MOST_VALUES} values of {facet} are used; the others are left out.")
        if sort == "relevance" or (sort == "newest" and not typed.text):
            sort = ""  # as it is anyway
        chosen = {facet: tuple(sorted(set(found))) for facet, found in values.items()}
        view = "" if view == VIEWS[0] else view
        said = tuple(dict.fromkeys((*notices, *typed.notices)))
        return cls(typed.text, **chosen, sort=sort, view=view, page=page, notices=said)

    @property
    def order(self) -> str:
        """The order that holds: relevance, newest or oldest."""
        if self.text:
            return self.sort or "relevance"
        return "oldest" if self.sort == "oldest" else "newest"

    @property
    def selections(self) -> dict[str, tuple[str, ...]]:
        """The facets that have a selection."""
        return {facet: values for facet in SELECTIONS if (values := self.selected(facet))}

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each selection, as a form keeps them that chooses something else."""
        return [(facet, value) for facet, values in self.selections.items() for value in values]

    def selected(self, facet: str) -> tuple[str, ...]:
        values: tuple[str, ...] = getattr(self, facet)
        return values

    def querystring(self, **changes: Any) -> str:
        """The same filter, or one with changes, as URL parameters; always written the same way, empty for no filter."""

        def of(name: str) -> Any:
            return changes[name] if name in changes else getattr(self, name)

        pairs = [(facet, value) for facet in SELECTIONS if (values := of(facet)) for value in sorted(values)]
        pairs += [("q", text)] if (text := of("text")) else []
        pairs += [(name, value) for name in ("sort", "view") if (value := of(name))]
        pairs += [("page", str(page))] if (page := of("page")) != 1 else []
        return "&".join(f"{name}={_quoted(value)}" for name, value in sorted(pairs))

    def querystrings(self, facet: str) -> Callable[[Iterable[str]], str]:
        """Writes the first page's query string with any values of one facet: for the many links that a facet has."""
        others = self.querystring(**{facet: ()}, page=1).split("&")
        before = [one for one in others if one and one.partition("=")[0] < facet]
        after = others[len(before) :] if others != [""] else []
        return lambda values: "&".join([*before, *(f"{facet}={_quoted(value)}" for value in sorted(values)), *after])

    def replace(self, **changes: Any) -> Filter:
        return dataclasses.replace(self, **changes)

    def alone(self) -> Filter:
        """What it finds, whatever the order, the layout and the page."""
        return self.replace(sort="", view="", page=1)

    def toggle(self, facet: str, value: str) -> Filter:
        """With a value added or taken away, from the first page."""
        values = self.selected(facet)
        if value in values:
            return self.without(facet, value)
        return self.replace(**{facet: tuple(sorted((*values, value)))}, page=1)

    def without(self, facet: str, value: str | None = None) -> Filter:
        """Without one value of a facet, or without any, from the first page."""
        kept = tuple(one for one in self.selected(facet) if value is not None and one != value)
        return self.replace(**{facet: kept}, page=1)


def years_of(value: str) -> tuple[str, str]:
    """The first and the last year of a value: 2021, or 2018..2023."""
    first, _, last = value.partition("..")
    return first, last or first


def years_within(value: str) -> list[str]:
    """Every year of a value."""
    first, last = years_of(value)
    return [f"{year:04d}" for year in range(int(first), int(last) + 1)]


def _as_called_now(facet: str, values: list[str], vocabulary: Vocabulary) -> list[str]:
    """The values, each that was merged with another as that other one: a saved address finds what it found."""
    if facet not in Redirect.What.values or len(values) > MOST_VALUES:
        return values
    is_there = {"theme": vocabulary.themes.__contains__, "proposition": Record.objects.has_live}.get(facet)
    old = [value for value in values if value and not (facet == "theme" and value in vocabulary.themes)]
    if not old or any(_is_none(value) for value in old):
        return values
    keys = {Redirect.key(facet, value): value for value in old}
    merged = Redirect.objects.filter(what=facet, old__in=keys).values_list("old", flat=True)
    now = {keys[key]: Redirect.followed(facet, keys[key], is_there) for key in merged}
    return [now.get(value) or value for value in values]


def _usable(facet: str, values: list[str], vocabulary: Vocabulary, problems: list[Problem]) -> list[str]:
    """The values that make sense; what is wrong with the others goes to ``problems``. Empty ones come from forms."""
    values = [value for value in dict.fromkeys(values) if value]
    if len(values) > MOST_VALUES:
        problems.append(Problem(facet, "", f"At most {MOST_VALUES} values of {facet} can be chosen at a time."))
        return []
    found = []
    for value in values:
        message = _complaint(facet, value, vocabulary)
        if message:
            problems.append(Problem(facet, value, message))
        else:
            first, last = years_of(value) if facet == "year" else (value, "")
            found.append(first if first == last else value)
    return found


def _is_none(value: str) -> bool:
    """Whether nothing can be called so: it is too long, or has characters that no text has."""
    return len(value) > LONGEST_VALUE or bool(language.tidy(value)[1])


def _complaint(facet: str, value: str, vocabulary: Vocabulary) -> str:
    """What is wrong with a value, or nothing."""
    shown = value[:40]
    if _is_none(value):
        return f"“{shown} …” cannot be a {facet}."
    if facet == "region" or facet == "theme":
        known = value in vocabulary.hierarchy(facet)  # type: ignore[arg-type]
        return "" if known else f"There is no {facet} called “{shown}”."
    if facet in _CLOSED:
        return "" if value in _CLOSED[facet] else f"“{shown}” is no {facet}: there are {', '.join(_CLOSED[facet])}."
    if facet == "year":
        match = _YEARS.fullmatch(value)
        if not match:
            return f"“{shown}” is no year: write 2021, or 2018..2023."
        return f"“{shown}” ends before it begins." if match[2] and match[2] < match[1] else ""
    if facet in ("workshop", "proposition", "source") and not _IDENTIFIER.fullmatch(value):
        return f"“{shown}” does not name a {facet}."
    return ""


def _page(value: str, problems: list[Problem]) -> int:
    last = max(1, DEEPEST // settings.PAGE_SIZE)
    if not value:
        return 1
    if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) < 1:
        problems.append(Problem("page", value, f"“{value[:40]}” is no page number."))
    elif int(value) > last:
        problems.append(
            Problem("page", value, f"Pages end at {last}, after {DEEPEST:,} results. Narrow the filter instead.")
        )
    else:
        return int(value)
    return 1


def _known(name: str, value: str, vocabulary: Vocabulary) -> str | None:
    if name not in ("tag", "by"):
        return language.known_value(name, value, vocabulary)
    return search_index().known_value("holder" if name == "by" else name, value)
