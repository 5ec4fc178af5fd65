"""The front door."""

from django.http import HttpRequest, HttpResponse

from apps.public.catalogue.state import State
from apps.public.exports.site import Site
from apps.public.search.filters import Filter
from apps.public.search.results import search
from apps.public.website.reading import Card, lean
from apps.public.website.views.conditional import of_the_catalogue, show
from apps.taxonomy.vocabulary import vocabulary
from apps.taxonomy.words import Kind, Stance


@of_the_catalogue
def home(request: HttpRequest, state: State) -> HttpResponse:
    """A search box, what is new, and ways in by region, theme and workshop."""
    positions = search(Filter(kind=(Kind.POSITION,)), page_size=6, state=state)
    workshops = search(Filter(kind=(Kind.WORKSHOP,)), page_size=5, state=state)
    everything = search(Filter(), page_size=1, state=state)
    words, site = vocabulary(state.vocabulary), Site.of(request)
    kinds = next(facet.values for facet in everything.facets if facet.name == "kind")
    facets = {facet.name: facet for facet in positions.facets}
    sides = Stance.tally({value.value: value.count for value in facets["stance"].values})
    return show(
        request,
        state,
        "website/home.html",
        {
            "total": positions.total,
            "kinds": [value for value in kinds if value.value != Kind.SESSION],
            "lean": lean(sides),
            "stances": sides,
            "new": [Card.of(hit.record, words, site, hit.links) for hit in positions.hits],
            "workshops": [Card.of(hit.record, words, site) for hit in workshops.hits],
            "regions": sorted(facets["region"].values, key=lambda value: -value.count)[:14],
            "themes": sorted(facets["theme"].values, key=lambda value: -value.count)[:18],
        },
        positions,
        workshops,
        everything,
    )
