"""Pages that say what they say whatever the catalogue holds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.safestring import SafeString

from apps.public.website.reading import Card, lean
from apps.taxonomy.vocabulary import Node
from apps.taxonomy.words import Kind, Rule, Stance


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "website/about.html", {"rules": list(Rule), "stances": list(Stance)})


def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("website/favicon.svg"))


def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def patterns(request: HttpRequest) -> HttpResponse:
    """Every component in every state, on one page; its words are examples and say so."""
    region, theme = Node("example", "An example region"), Node("example", "An example theme")
    cards = [
        Card(
            url="#",
            kind=kind.value,
            title=SafeString(f"An example: {kind.label.lower()}"),
            stance=stance,
            holder="some participants" if kind == Kind.POSITION else "",
            date="6–7 June 2023",
            source="An example workshop" if kind in (Kind.POSITION, Kind.SESSION) else "",
            source_url="#",
            regions=[region],
            themes=[theme],
            synthetic=kind == Kind.SESSION,
            unresolved=kind == Kind.ARTICLE,
        )
        for kind in Kind
        for stance in (Stance.values if kind == Kind.POSITION else [""])
    ]
    stances = {"supports": 4, "qualifies": 2, "neutral": 1, "opposes": 3}
    return render(
        request,
        "website/patterns.html",
        {"cards": cards, "stances": stances, "lean": lean(stances), "rules": list(Rule)},
    )
