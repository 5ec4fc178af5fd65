"""Themes by regions: who has spoken on what where, and how it leans."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.public.catalogue.state import read_state
from apps.public.search.crosstab import crosstab
from apps.public.search.filters import Filter
from apps.public.website.views.conditional import etag_of, not_modified, tagged
from apps.taxonomy.vocabulary import vocabulary
from apps.taxonomy.words import Stance


def matrix(request: HttpRequest) -> HttpResponse:
    """How many positions there are on each theme about each region; every figure leads to its positions."""
    state = read_state()
    etag = etag_of(state)
    if unchanged := not_modified(request, etag):
        return unchanged
    table = crosstab(Filter.from_params(request.GET, vocabulary(state.vocabulary)), state)
    context = {
        "table": table,
        "stances": list(Stance),
        "above": [(facet, _steps(table.filter, facet, nodes)) for facet, nodes in table.above.items() if nodes],
        "browse": table.filter.querystring(),
    }
    response = render(request, "website/matrix.html", context)
    return tagged(response, etag) if table.change == state.change else response


def _steps(asked: Filter, facet: str, nodes: list) -> list[tuple[str, str]]:  # type: ignore[type-arg]
    """The way up from what rows or columns are parts of: names, each with the address that shows its parts."""
    top = (f"All {facet}s", asked.querystring(**{facet: (), "kind": ()}))
    return [top, *((node.name, asked.querystring(**{facet: (node.slug,), "kind": ()})) for node in nodes)]
