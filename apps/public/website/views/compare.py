"""Regions, themes, workshops or years side by side."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from apps.public.catalogue.state import State
from apps.public.search.comparison import (
    AXES,
    FEWEST_GROUPS,
    MOST_GROUPS,
    MOST_IN_ALL,
    MOST_SHOWN,
    Axis,
    Comparison,
    compare,
    years_of_positions,
)
from apps.public.search.facets import LABELS
from apps.public.search.filters import Filter, Problem, UnusableFilter
from apps.public.search.leanings import FEWEST
from apps.public.website.comparing import MOST_CHOICES, Illegible, choices, freeze, names_of, shown, thaw
from apps.public.website.views.conditional import of_the_catalogue, show
from apps.taxonomy.vocabulary import Vocabulary, vocabulary


@of_the_catalogue
def comparison(request: HttpRequest, state: State) -> HttpResponse:
    """Two to four groups on any filter, with the whole lists if asked for; without as many, the form to choose them."""
    words = vocabulary(state.vocabulary)
    asked = Filter.from_params(request.GET, words).alone().replace(kind=())
    axis = _axis(request.GET.get("by", ""), asked)
    names = names_of(axis, asked.selected(axis), words)
    asked = asked.replace(**{axis: tuple(value for value in asked.selected(axis) if value in names)})
    years = years_of_positions(state) if axis == "year" else []
    context = _form(axis, asked, words, years) | {"problem": _problem(axis, len(request.GET.getlist(axis)), len(names))}
    if not FEWEST_GROUPS <= len(names) <= MOST_GROUPS:
        return show(request, state, "website/compare.html", context)
    is_whole = request.GET.get("lists") == "whole"
    found = compare(asked, axis, state, MOST_IN_ALL if is_whole else MOST_SHOWN)
    of_groups = tuple(names[value] for value in found.values)
    context |= _page(found, of_groups, words) | {"token": freeze(found, of_groups, timezone.now()), "is_linked": True}
    context["whole"] = "" if is_whole else f"by={axis}&{asked.querystring()}&lists=whole"
    return show(request, state, "website/compare.html", context, found)


@of_the_catalogue
def frozen(request: HttpRequest, state: State, token: str) -> HttpResponse:
    """A comparison as it was when the address was made."""
    words = vocabulary(state.vocabulary)
    try:
        copy = thaw(token, words, state)
    except Illegible as error:
        raise Http404 from error
    found = copy.comparison
    now = names_of(found.axis, found.values, words) if found.axis == "workshop" else {}
    names = tuple(
        name or now.get(value, "A withdrawn workshop") for value, name in zip(found.values, copy.names, strict=True)
    )
    query = found.filter.querystring(**{found.axis: found.values, "kind": ()})
    context = _page(found, names, words) | {
        "made_at": copy.made_at,
        "now": f"by={found.axis}&{query}",
        "is_linked": False,
    }
    return show(request, state, "website/compare.html", context)


def _axis(by: str, asked: Filter) -> Axis:
    """What is compared: what is said, else the first of which there are several. Raises UnusableFilter."""
    if by and by not in AXES:
        raise UnusableFilter([Problem("by", by, f"“{by[:40]}” can’t be compared: {', '.join(AXES)} can.")])
    chosen = (axis for axis in AXES if len(asked.selected(axis)) >= FEWEST_GROUPS)
    return cast("Axis", by) if by else next(chosen, "region")


def _problem(axis: Axis, asked: int, known: int) -> str:
    """What is wrong with what was chosen, in a sentence."""
    if known > MOST_GROUPS:
        return f"That is {known}; at most {MOST_GROUPS} can be seen side by side. Choose which."
    if asked and known < FEWEST_GROUPS:
        return f"Choose at least {FEWEST_GROUPS} {axis}s."
    return ""


def _form(axis: Axis, asked: Filter, words: Vocabulary, years: list[str]) -> dict[str, Any]:
    chosen = [*asked.selected(axis)[:MOST_GROUPS], *[""] * MOST_GROUPS][:MOST_GROUPS]
    rest = asked.replace(**{axis: ()})
    return {
        "axes": [(LABELS[one], f"by={one}&{rest.querystring(**{one: ()})}".rstrip("&"), one == axis) for one in AXES],
        "menus": list(enumerate(chosen, start=1)),
        "choices": choices(axis, words, years),
        "axis": axis,
        "kept": rest.pairs,
        "text": rest.text,
        "most_choices": MOST_CHOICES,
    }


def _page(found: Comparison, names: tuple[str, ...], words: Vocabulary) -> dict[str, Any]:
    rest, lists = found.filter.querystring(kind=()), shown(found)
    return lists | {
        "only": list(zip(names, lists["only"], strict=True)),
        "found": found,
        "names": names,
        "fewest": FEWEST,
        "narrowed": rest,
        "within": _within(found, words),
    }


def _within(found: Comparison, words: Vocabulary) -> list[tuple[str, str]]:
    """Which of the groups lie within which others: their positions count in both."""
    if found.axis not in ("region", "theme"):
        return []
    nodes = words.hierarchy(found.axis)
    known = [value for value in found.values if value in nodes]
    return [
        (nodes[one].name, nodes[other].name)
        for one in known
        for other in known
        if one != other and other in nodes.ancestors(one)
    ]
