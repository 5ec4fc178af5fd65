"""Pages that say what they say whatever the catalogue holds."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static

from apps.public.website.reading import lean
from apps.public.website.views.browse import page_links
from apps.taxonomy.words import Rule, Stance


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "website/about.html", {"rules": list(Rule), "stances": list(Stance)})


def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("website/favicon.svg"))


_TO_EXAMPLES = re.compile(rb'href="[^"]*example[^"]*"')  # there is nothing where these would lead


def patterns(request: HttpRequest) -> HttpResponse:
    """Every component in every state, on one page; its words are examples and say so."""
    from apps.public.website import examples  # which has the whole analysis in it: see Later

    context = examples.context()
    extra = {"lean": lean(context["stances"]), "pages": page_links(context["filter"], 9)}
    response = render(request, "website/patterns.html", context | extra)
    response.content = _TO_EXAMPLES.sub(b'href="#main"', response.content)
    return response
