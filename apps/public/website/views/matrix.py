"""Themes by regions: who has spoken on what where, and how it leans."""

from django.http import HttpRequest, HttpResponse

from apps.public.catalogue.state import State
from apps.public.search.crosstab import crosstab
from apps.public.search.filters import Filter
from apps.public.website.views.conditional import of_the_catalogue, show
from apps.taxonomy.vocabulary import Node, vocabulary
from apps.taxonomy.words import Stance


@of_the_catalogue
def matrix(request: HttpRequest, state: State) -> HttpResponse:
    """How many positions there are on each theme about each region; every figure leads to its positions."""
    table = crosstab(Filter.from_params(request.GET, vocabulary(state.vocabulary)), state)
    context = {
        "table": table,
        "stances": list(Stance),
        "above": [(facet, steps(table.filter, facet, nodes)) for facet, nodes in table.above.items() if nodes],
        "browse": table.filter.querystring(),
    }
    return show(request, state, "website/matrix.html", context, table)


def steps(asked: Filter, facet: str, nodes: list[Node]) -> list[tuple[str, str]]:
    """The way up from what rows, columns or areas are parts of: names, each with the address that shows its parts."""
    top = (f"All {facet}s", asked.querystring(**{facet: (), "kind": ()}))
    return [top, *((node.name, asked.querystring(**{facet: (node.slug,), "kind": ()})) for node in nodes)]
