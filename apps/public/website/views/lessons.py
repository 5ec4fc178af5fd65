"""Lessons that travel from one theatre to another."""

from django.http import HttpRequest, HttpResponse

from apps.public.catalogue.state import State
from apps.public.website.lessons import MOST_FLOWS, Ends, lessons
from apps.public.website.views.conditional import of_the_catalogue, show
from apps.taxonomy.vocabulary import vocabulary


@of_the_catalogue
def travelling(request: HttpRequest, state: State) -> HttpResponse:
    """Which theatre draws on the practice of which, and every lesson with its source; those of a pair if asked for."""
    regions = vocabulary(state.vocabulary).regions
    asked = Ends.from_params(request.GET, regions)
    context = {"found": lessons(asked, regions), "asked": asked, "most_flows": MOST_FLOWS}
    return show(request, state, "website/lessons.html", context)
