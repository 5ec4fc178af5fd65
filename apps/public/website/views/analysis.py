"""Analysis: networks of who agrees with whom, as pages and as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol, cast

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone

from apps.public.analysis.account import FORMULAS, MEASURES, Line, Origin, account, in_lines, notation
from apps.public.analysis.asking import Asked, together
from apps.public.analysis.files import FILES, File, Table
from apps.public.analysis.reading import Actors, TooManyActors, statements_of
from apps.public.analysis.results import Network, TooLarge, network
from apps.public.catalogue.state import State
from apps.public.exports.site import Site
from apps.public.search.filters import Filter, Problem, UnusableFilter
from apps.public.search.folder import Bookmark
from apps.public.search.index import search_index
from apps.public.website import networks
from apps.public.website.views.conditional import of_the_catalogue, show
from apps.public.website.views.exports import as_attachment
from apps.taxonomy.vocabulary import vocabulary


@of_the_catalogue
def overview(request: HttpRequest, state: State) -> HttpResponse:
    """What can be asked, and how it is computed."""
    return show(
        request,
        state,
        "website/analysis/index.html",
        {"formulas": FORMULAS, "measures": MEASURES, "notation": notation()},
    )


@of_the_catalogue
def network_page(request: HttpRequest, state: State) -> HttpResponseBase:
    """A network of the statements that a filter finds: drawn, as a matrix, and in tables. While a large one is in the
    making, its page says how far that is."""
    asked, wanted = _asked(request, state)
    index = bookmark_of(state)
    context = {
        "asked": asked,
        "wanted": wanted,
        "form": networks.form(wanted),
        "kept": asked.pairs,
        "narrowed": asked.querystring(),
        "query": _address(asked, wanted),
        "files": FILES.values(),
    }
    if not networks.is_long(asked, wanted, state, index):
        found = networks.made(asked, wanted, state, index)
        return show(request, state, _PAGE, context | _result(found, asked, wanted), found)
    response = StreamingHttpResponse(_meanwhile(request, context, networks.steps(asked, wanted, state, index)))
    response["Content-Encoding"] = "identity"  # compressed, the first words would wait for the last
    if index.change != state.change:
        response["Cache-Control"] = "no-store"
    return response


_PAGE = "website/analysis/network.html"
_RESULT = "<!-- The result -->"  # in the page, before what is made of the statements


def _meanwhile(
    request: HttpRequest, context: dict[str, Any], steps: Iterable[str | networks.Made | networks.Refused]
) -> Iterator[str]:
    """The page up to its result; what is being done, each step hidden by the next; and the rest of the page."""
    yield "".join(render_to_string(_PAGE, context, request).partition(_RESULT)[:2])
    for step in steps:
        if isinstance(step, str):
            yield f'<p class="notice working" role="status">{step}</p>'
        else:
            whole = context | _result(step, context["asked"], context["wanted"])
            yield render_to_string(_PAGE, whole, request).partition(_RESULT)[2]


def _result(found: networks.Made | networks.Refused, asked: Filter, wanted: Asked) -> dict[str, Any]:
    if isinstance(found, networks.Refused):
        enough = replace(wanted, fewest=found.enough) if found.enough else None
        return {"refused": found, "enough": _address(asked, enough) if enough else ""}
    left_out = [
        (found.names.get(key, key), _address(asked, replace(wanted, without=tuple(set(wanted.without) - {key}))))
        for key in wanted.without
    ]
    return {"found": found, "most": networks.MOST_ROWS, "left_out": left_out}


@of_the_catalogue
def network_file(request: HttpRequest, state: State, extension: str) -> HttpResponse:
    """The same network for other programs, or how it was computed."""
    if extension not in (*FILES, "txt"):
        raise Http404
    asked, wanted = _asked(request, state)
    try:
        read = statements_of(asked, state, cast("Actors", wanted.actors))
        found = network(read.frame, read.names, wanted)
    except (TooLarge, TooManyActors) as error:
        raise UnusableFilter([Problem("fewest", "", str(error))]) from error
    lines = account(found, origin_of(request, "networks", _address(asked, wanted), asked, read))
    return as_file(None if extension == "txt" else FILES[extension], found, lines, "network")


def as_file(file: File | None, found: Network | Table, lines: Sequence[Line], name: str) -> HttpResponse:
    """A result as a file to keep, or, without one, how it was computed as text to read."""
    if file is None:
        return HttpResponse(f"{in_lines(lines)}\n", content_type="text/plain; charset=utf-8")
    content = HttpResponse(file.write(found, lines), content_type=file.content_type)
    return as_attachment(content, f"{name}.{file.extension}")


class Found(Protocol):
    """What a result says of what it was computed from."""

    @property
    def positions(self) -> int: ...
    @property
    def change(self) -> int: ...


def origin_of(request: HttpRequest, page: str, query: str, asked: Filter, found: Found) -> Origin:
    """Where a result comes from, with the address of the page that shows it."""
    site = Site.of(request)
    address = f"{site.root}/analysis/{page}/" + (f"?{query}" if query else "")
    return Origin(site.name, address, asked, found.positions, found.change, timezone.now().date())


def filter_of(request: HttpRequest, state: State) -> Filter:
    """Which positions are asked for. Raises UnusableFilter."""
    return Filter.from_params(request.GET, vocabulary(state.vocabulary)).alone().replace(kind=())


def _asked(request: HttpRequest, state: State) -> tuple[Filter, Asked]:
    """The filter and what is to be made of it; what is wrong with either is said at once."""
    problems: list[Problem] = []
    asked, wanted = Filter(), Asked()
    try:
        asked = filter_of(request, state)
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
    return together(asked.querystring(), wanted.querystring())


def bookmark_of(state: State) -> Bookmark:
    """How far the index is that answers; with the catalogue's state, all that a result depends on.

    Raises SearchUnavailable.
    """
    return search_index().reader(state, vocabulary(state.vocabulary)).bookmark
