"""Analysis: networks of who agrees with whom, as pages and as files."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from apps.public.analysis.account import FORMULAS, Origin, account, notation
from apps.public.analysis.asking import Asked, chosen, number
from apps.public.analysis.coverage import coverage
from apps.public.analysis.divergence import DRAWS, FEWEST_SOURCES
from apps.public.analysis.files import FILES
from apps.public.analysis.moving import BY, MEASURES
from apps.public.analysis.reading import TooManyActors, statements_of
from apps.public.analysis.results import TooLarge, network
from apps.public.catalogue.state import State
from apps.public.exports.site import Site
from apps.public.search.filters import Filter, Problem, UnusableFilter
from apps.public.search.folder import Bookmark
from apps.public.search.index import search_index
from apps.public.search.leanings import FEWEST
from apps.public.website import networks, opinions
from apps.public.website.comparing import choices
from apps.public.website.networks import Choice
from apps.public.website.views.conditional import of_the_catalogue, show
from apps.public.website.views.matrix import steps
from apps.taxonomy.vocabulary import vocabulary


@of_the_catalogue
def overview(request: HttpRequest, state: State) -> HttpResponse:
    """What can be asked, and how it is computed."""
    return show(request, state, "website/analysis/index.html", {"formulas": FORMULAS, "notation": notation()})


@of_the_catalogue
def network_page(request: HttpRequest, state: State) -> HttpResponse:
    """A network of the statements that a filter finds: drawn, as a matrix, and in tables."""
    asked, wanted = _asked(request, state)
    found = networks.made(asked, wanted, state, edition(state))
    context: dict[str, Any] = {
        "asked": asked,
        "wanted": wanted,
        "form": networks.form(wanted),
        "kept": [(name, value) for name, values in asked.selections.items() for value in values],
        "narrowed": asked.querystring(),
        "query": _address(asked, wanted),
        "files": FILES.values(),
    }
    if isinstance(found, networks.Refused):
        enough = replace(wanted, fewest=found.enough) if found.enough else None
        context |= {"refused": found, "enough": _address(asked, enough) if enough else ""}
    else:
        context |= {
            "found": found,
            "most": networks.MOST_ROWS,
            "left_out": [
                (
                    found.names.get(key, key),
                    _address(asked, replace(wanted, without=tuple(set(wanted.without) - {key}))),
                )
                for key in wanted.without
            ],
        }
    return show(request, state, "website/analysis/network.html", context, found)


@of_the_catalogue
def network_file(request: HttpRequest, state: State, extension: str) -> HttpResponse:
    """The same network for other programs, or how it was computed."""
    asked, wanted = _asked(request, state)
    try:
        read = statements_of(asked, state, wanted.actors)
        found = network(read.frame, read.names, wanted)
    except (TooLarge, TooManyActors) as error:
        raise UnusableFilter([Problem("fewest", "", str(error))]) from error
    site, query = Site.of(request), _address(asked, wanted)
    address = f"{site.root}/analysis/networks/" + (f"?{query}" if query else "")
    origin = Origin(site.name, address, asked, read.positions, read.undecided, read.change, _today())
    lines = account(found, origin)
    if extension == "txt":
        text = "\n".join(f"{line.label}: {line.value}" for line in lines)
        return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8")
    if extension not in FILES:
        raise Http404
    file = FILES[extension]
    response = HttpResponse(file.write(found, lines), content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{slugify(settings.SITE_NAME)}-network.{extension}"'
    return response


def _asked(request: HttpRequest, state: State) -> tuple[Filter, Asked]:
    """The filter and what is to be made of it; what is wrong with either is said at once."""
    problems: list[Problem] = []
    asked, wanted = Filter(), Asked()
    try:
        asked = Filter.from_params(request.GET, vocabulary(state.vocabulary)).alone().replace(kind=())
    except UnusableFilter as error:
        problems += error.problems
    try:
        wanted = Asked.from_params(request.GET)
    except UnusableFilter as error:
        problems += error.problems
    if problems:
        raise UnusableFilter(problems)
    return asked, wanted


def _address(asked: Filter, wanted: Asked) -> str:
    return "&".join(part for part in (asked.querystring(), wanted.querystring()) if part)


def _today() -> dt.date:
    return timezone.now().date()


@of_the_catalogue
def divergence_page(request: HttpRequest, state: State) -> HttpResponse:
    """Where two regions part, and where all agree."""
    words = vocabulary(state.vocabulary)
    asked = Filter.from_params(request.GET, words).alone().replace(kind=())
    regions = asked.region[:2] if len(asked.region) > 1 else ()
    found = opinions.parting(asked.replace(region=regions or asked.region), state, edition(state))
    picked = [*regions, "", ""][:2]
    context = {
        "found": found,
        "asked": asked,
        "narrowed": asked.querystring(),
        "menus": [
            (place, [Choice(value, label, value == one) for value, label in choices("region", words, [])])
            for place, one in enumerate(picked, start=1)
        ],
        "is_one_missing": len(asked.region) == 1 and bool(request.GET.getlist("region")),
        "kept": [(name, value) for name, values in asked.replace(region=()).selections.items() for value in values],
        "fewest": FEWEST_SOURCES,
        "draws": f"{DRAWS:,}",
    }
    return show(request, state, "website/analysis/divergence.html", context, found)


@of_the_catalogue
def moving_page(request: HttpRequest, state: State) -> HttpResponse:
    """How a measure moves from workshop to workshop, from year to year, or along a window of years."""
    problems: list[Problem] = []
    asked = Filter.from_params(request.GET, vocabulary(state.vocabulary)).alone().replace(kind=())
    usual = "stance" if len(asked.proposition) == 1 else "polarisation"
    wanted = opinions.Wanted(
        measure=chosen(request.GET, "measure", MEASURES, usual, problems),  # type: ignore[arg-type]
        by=chosen(request.GET, "by", BY, "year", problems),  # type: ignore[arg-type]
        window=max(1, min(100, round(number(request.GET, "window", 1, problems)))),
        of=chosen(request.GET, "of", ("everybody", "region", "holder"), "everybody", problems),
    )
    if problems:
        raise UnusableFilter(problems)
    notices = []
    if wanted.measure == "stance" and len(asked.proposition) != 1:
        notices.append("A mean stance says something of one proposition: choose one below.")
        wanted = wanted._replace(measure="polarisation")
    if wanted.measure == "density" and wanted.of != "everybody":
        notices.append("A density is one of pairs of actors, so that it is followed for everybody together.")
        wanted = wanted._replace(of="everybody")
    found = opinions.movement(asked, wanted, state, edition(state))
    context = {
        "found": found,
        "asked": asked,
        "wanted": wanted,
        "notices": notices,
        "narrowed": asked.querystring(),
        "kept": [(name, value) for name, values in asked.selections.items() for value in values],
        "rest": asked.querystring(proposition=()),
        "fewest": FEWEST,
        "is_wide": wanted.by == "year" and wanted.window > len(found.periods),
        "menus": [
            ("measure", "Measure", [Choice(one, _MEASURE_LABELS[one], one == wanted.measure) for one in MEASURES]),
            ("by", "From", [Choice(one, f"{one} to {one}", one == wanted.by) for one in BY]),
            ("of", "Of", [Choice(one, label, one == wanted.of) for one, label in _OF_LABELS.items()]),
        ],
        "label": _MEASURE_LABELS[wanted.measure],
    }
    return show(request, state, "website/analysis/moving.html", context, found)


_MEASURE_LABELS = {
    "stance": "Mean stance on one proposition",
    "polarisation": "Polarisation",
    "density": "Density of agreement",
    "statements": "Statements",
}
_OF_LABELS = {"everybody": "Everybody", "region": "Regions, each", "holder": "Holders, each"}


@of_the_catalogue
def coverage_page(request: HttpRequest, state: State) -> HttpResponse:
    """Themes by regions that have hardly been spoken on."""
    problems: list[Problem] = []
    asked = Filter.from_params(request.GET, vocabulary(state.vocabulary)).alone().replace(kind=())
    since = round(number(request.GET, "since", 0, problems))
    if problems:
        raise UnusableFilter(problems)
    found = coverage(asked, state, min(since, 9999) or None)
    names = {node.slug: node.name for node in (*found.themes, *found.regions)}
    context = {
        "found": found,
        "rows": [(theme, [found.cells[theme.slug, region.slug] for region in found.regions]) for theme in found.themes],
        "gaps": [(names[cell.theme], names[cell.region], cell) for cell in found.gaps[:MOST_GAPS]],
        "more": max(0, len(found.gaps) - MOST_GAPS),
        "asked": asked,
        "narrowed": asked.querystring(),
        "above": [(facet, steps(asked, facet, nodes)) for facet, nodes in found.above.items() if nodes],
        "kept": [(name, value) for name, values in asked.selections.items() for value in values],
    }
    return show(request, state, "website/analysis/coverage.html", context, found)


MOST_GAPS = 20  # that are listed


def edition(state: State) -> Bookmark:
    """Which index answers; with the catalogue's state, all that a result depends on. Raises SearchUnavailable."""
    return search_index().reader(state, vocabulary(state.vocabulary)).bookmark
