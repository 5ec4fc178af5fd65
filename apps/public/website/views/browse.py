"""Search and filter."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from apps.public.catalogue.state import State
from apps.public.exports.formats import FORMATS
from apps.public.exports.site import Site
from apps.public.search.filters import Filter
from apps.public.search.results import search
from apps.public.website.reading import Card
from apps.public.website.views.conditional import of_the_catalogue, show
from apps.taxonomy.vocabulary import vocabulary


@of_the_catalogue
def browse(request: HttpRequest, state: State) -> HttpResponse:
    """The results of a filter with its facets; of these alone where htmx asks for them."""
    words = vocabulary(state.vocabulary)
    results = search(Filter.from_params(request.GET, words), state=state)
    site = Site.of(request)
    chosen = [value for facet in results.facets for value in facet.values if value.selected]
    context = {
        "filter": results.filter,
        "results": results,
        "chosen": chosen,
        "cards": [
            Card.of(hit.record, words, site, hit.links, hit.title_html, hit.snippet_html) for hit in results.hits
        ],
        "formats": FORMATS.values(),
        "querystring": results.filter.querystring(page=1, view=""),
        "views": [
            (name.title(), results.filter.querystring(view=value), value == results.filter.view)
            for name, value in (("cards", ""), ("table", "table"))
        ],
        "pages": page_links(results.filter, results.pages),
        "sorts": [
            (name, results.filter.querystring(sort=name, page=1))
            for name in ("relevance", "newest", "oldest")
            if results.filter.text or name != "relevance"
        ],
    }
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "results"
    template = "website/parts/results.html" if part else "website/browse.html"
    response = show(request, state, template, context, results)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def page_links(asked: Filter, last: int) -> list[tuple[int, str]]:
    """The pages worth a link: the first, the last, and those around this one; 0 stands for a gap."""
    near = sorted({1, *range(max(1, asked.page - 2), min(last, asked.page + 2) + 1), last} - {0})
    links: list[tuple[int, str]] = []
    for number in near:
        if links and number > links[-1][0] + 1:
            links.append((0, ""))
        links.append((number, asked.querystring(page=number)))
    return links
