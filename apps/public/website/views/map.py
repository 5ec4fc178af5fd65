"""The map: where positions are about."""

from django.http import HttpRequest, HttpResponse

from apps.public.catalogue.state import State
from apps.public.search.filters import Filter
from apps.public.search.spread import spread
from apps.public.website.mapping import map_of
from apps.public.website.views.conditional import of_the_catalogue, show
from apps.public.website.views.matrix import steps
from apps.taxonomy.vocabulary import vocabulary


@of_the_catalogue
def regions(request: HttpRequest, state: State) -> HttpResponse:
    """How many positions are about which part of the world; every region leads to its positions, and to its parts."""
    words = vocabulary(state.vocabulary)
    found = spread(Filter.from_params(request.GET, words), state)
    asked = found.filter
    context = {
        "found": found,
        "map": map_of(found, words.regions),
        "above": steps(asked, "region", found.above) if found.above else [],
        "closer": [
            (node.name, asked.querystring(region=(node.slug,), kind=())) for node in found.regions if node.below
        ],
        "is_narrowed": bool(asked.replace(region=(), kind=()).querystring()),
        "everywhere": asked.querystring(region=()),
        "browse": asked.querystring(),
    }
    return show(request, state, "website/map.html", context, found)
