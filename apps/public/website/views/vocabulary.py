"""Regions, themes and tags: what they mean, and what is said about them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_countries import countries

from apps.public.catalogue.models import Redirect
from apps.public.catalogue.state import State
from apps.public.exports.site import Site
from apps.public.exports.skos import SYNTAXES
from apps.public.search.filters import Filter
from apps.public.search.index import search_index
from apps.public.search.leanings import FEWEST
from apps.public.search.results import Results, search
from apps.public.search.usage import MOST_SOURCES, usage
from apps.public.website.reading import Card, lean
from apps.public.website.views.conditional import of_the_catalogue, show
from apps.public.website.views.errors import for_now
from apps.taxonomy.vocabulary import Facet, Node, vocabulary
from apps.taxonomy.words import Kind, Stance

MOST_POSITIONS = 50  # on the page of a region or theme; the rest is a click away


@of_the_catalogue
def regions(request: HttpRequest, state: State) -> HttpResponse:
    return _list(request, state, "region")


@of_the_catalogue
def themes(request: HttpRequest, state: State) -> HttpResponse:
    return _list(request, state, "theme")


@of_the_catalogue
def region(request: HttpRequest, state: State, slug: str) -> HttpResponse:
    return _page(request, state, "region", slug)


@of_the_catalogue
def theme(request: HttpRequest, state: State, slug: str) -> HttpResponse:
    return _page(request, state, "theme", slug)


@of_the_catalogue
def tag(request: HttpRequest, state: State, name: str) -> HttpResponse:
    results = search(Filter(tag=(name,)), state=state)
    if not results.total:
        if new := Redirect.followed("tag", name):
            return for_now(reverse("tag", args=[new]))
        known = search_index().known_value("tag", name)  # however it is capitalised
        if known is None or known == name:
            raise Http404
        return redirect("tag", known)
    return show(
        request, state, "website/vocabulary/tag.html", {"name": name} | _figures(request, results, state), results
    )


def _list(request: HttpRequest, state: State, facet: Facet) -> HttpResponse:
    """All regions or themes: as a tree, and from A to Z."""
    hierarchy = vocabulary(state.vocabulary).hierarchy(facet)
    positions = search(Filter(kind=(Kind.POSITION,)), page_size=1, state=state)
    counts = {value.value: value.count for one in positions.facets if one.name == facet for value in one.values}
    context = {
        "facet": facet,
        "tree": [(depth, node, counts.get(node.slug, 0)) for depth, node in hierarchy.tree],
        "syntaxes": SYNTAXES.values(),
        "alphabet": [(node, counts.get(node.slug, 0)) for node in hierarchy.nodes.values()],
    }
    return show(request, state, "website/vocabulary/list.html", context, positions)


def _page(request: HttpRequest, state: State, facet: Facet, slug: str) -> HttpResponse:
    hierarchy = vocabulary(state.vocabulary).hierarchy(facet)
    if slug not in hierarchy:
        if new := Redirect.followed(facet, slug, hierarchy.__contains__):
            return for_now(reverse(facet, args=[new]))
        raise Http404
    node = hierarchy[slug]
    chosen: Any = {facet: (slug,)}
    context: dict[str, Any] = {
        "facet": facet,
        "node": node,
        "above": [hierarchy[one] for one in node.above],
        "below": [hierarchy[one] for one in node.below],
        "related": [hierarchy[one] for one in node.related if one in hierarchy],
        "countries": _countries(node),
    }
    asked = Filter(**chosen, kind=(Kind.POSITION,))
    positions, used = search(asked, page_size=MOST_POSITIONS, state=state), usage(asked, state)
    figures = _figures(request, positions, state)
    workshops = figures["facets"]["workshop"].values[:MOST_SOURCES]
    context |= figures | {"usage": used, "workshops": workshops, "fewest": FEWEST}
    return show(request, state, "website/vocabulary/term.html", context, positions, used)


def _figures(request: HttpRequest, results: Results, state: State) -> dict[str, Any]:
    words, site = vocabulary(state.vocabulary), Site.of(request)
    facets = {facet.name: facet for facet in results.facets}
    sides = Stance.tally({value.value: value.count for value in facets["stance"].values})
    return {
        "results": results,
        "cards": [Card.of(hit.record, words, site, hit.links) for hit in results.hits],
        "stances": sides,
        "lean": lean(sides),
        "facets": facets,
    }


def _countries(node: Node) -> list[str]:
    return sorted(str(countries.name(code)) for code in node.countries)
