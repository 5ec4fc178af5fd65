"""The API's first version: what can be asked, and what is answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Path, Query
from ninja.decorators import decorate_view

from apps.public.api.answers import JsonApi
from apps.public.api.cursors import Cursor
from apps.public.api.schemas import (
    MOST_AT_ONCE,
    MOST_LINKS,
    Changes,
    FilterParams,
    Page,
    Problem,
    RecordOut,
    RecordWithLinks,
    StateOut,
    Term,
)
from apps.public.catalogue.models import Record, Redirect
from apps.public.catalogue.state import State
from apps.public.exports.site import Site
from apps.public.search.facets import Facet
from apps.public.search.filters import DEEPEST, Filter, UnusableFilter
from apps.public.search.filters import Problem as OfFilter
from apps.public.search.results import Hit, search
from apps.public.website.views.conditional import of_the_catalogue
from apps.public.website.views.errors import Moved, Withdrawn, for_now
from apps.taxonomy.vocabulary import Facet as Hierarchical
from apps.taxonomy.vocabulary import vocabulary

_IDENTIFIER = re.compile("[2-9a-z]{8}")
_MOST_DIGITS = 9
_REFUSALS: dict[int, Any] = {301: None, 400: Problem, 404: Problem, 410: Problem, 429: Problem, 503: Problem}


api = JsonApi(
    title=settings.SITE_NAME,
    version="1",
    description="The catalogue for programs: read-only, without a key, free to ask again while nothing has changed.",
    urls_namespace="api-1",
)


@api.exception_handler(Moved)
def _moved(request: HttpRequest, error: Moved) -> HttpResponse:
    """To the record that stands for it now, as the website does; for a former version too, which that has not."""
    return for_now(reverse("api-1:one_record", args=[error.new]))


def _conditional(operation: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """304 where whoever asks has the answer already; the state of the catalogue is kept with the request."""

    def answer(request: HttpRequest, state: State, **parts: Any) -> HttpResponseBase:
        return operation(request, **parts)

    return of_the_catalogue(answer)


def _state(request: HttpRequest) -> State:
    state: State = vars(request)["state"]
    return state


@api.get(
    "/",
    operation_id="what_there_is",
    summary="What there is",
    response={200: dict[str, str], 429: Problem},
    tags=["All"],
)
@decorate_view(_conditional)
def what_there_is(request: HttpRequest) -> Any:
    """The addresses that need nothing to be known, and the description of all of them."""
    names = ("records", "changes", "regions", "themes", "state", "openapi.json")
    return {name: f"{Site.of(request).root}/api/v1/{name}" for name in names}


@api.get(
    "/records",
    operation_id="find_records",
    summary="Find records",
    response={200: Page, 400: Problem, 429: Problem, 503: Problem},
    tags=["Records"],
)
@decorate_view(_conditional)
def find_records(
    request: HttpRequest,
    response: HttpResponse,
    asked: Query[FilterParams],
    limit: int = Query(20, ge=1, le=MOST_AT_ONCE, description="Records a page."),
    cursor: str = Query("", max_length=40, description="The `next` of the page before."),
) -> Any:
    """What a filter finds, page by page, with the counts of every facet.

    Pages reach 10,000 results; /export/ gives all that a filter finds in one answer, and /changes the whole catalogue.
    """
    state = _state(request)
    words = vocabulary(state.vocabulary)
    place = Cursor.read(cursor) if cursor else Cursor(1, limit)
    if place.size > MOST_AT_ONCE or place.page * place.size > DEEPEST:
        raise UnusableFilter([OfFilter("cursor", cursor, f"Pages end after {DEEPEST:,} results: narrow the filter.")])
    wanted = _without(request, "page", "view", "limit", "cursor")
    found = search(Filter.from_params(wanted, words).replace(page=place.page), place.size, state)
    if found.change != state.change:  # the index is behind; the same question may soon be answered otherwise
        response["Cache-Control"] = "no-store"
    goes_on = place.page < found.pages and (place.page + 1) * place.size <= DEEPEST
    site = Site.of(request)
    return {
        "total": found.total,
        "records": [_found(hit, site) for hit in found.hits],
        "facets": [_facet(facet) for facet in found.facets],
        "next": str(Cursor(place.page + 1, place.size)) if goes_on else None,
        "notices": [*found.filter.notices, *found.notices],
        "change": found.change,
    }


@api.get(
    "/records/{identifier}",
    operation_id="one_record",
    summary="One record",
    response={200: RecordWithLinks, **_REFUSALS},
    tags=["Records"],
)
@decorate_view(_conditional)
def one_record(request: HttpRequest, identifier: str = Path(..., description="Eight letters and digits.")) -> Any:
    """A record with the links that start at it and lead to it. 301 leads on where it was merged with another record,
    410 says that it was withdrawn."""
    record = _live(identifier)
    into = _links(record.links_in, "source")
    return _record(record, Site.of(request)) | {
        "links_out": _links(record.links_out, "target"),
        "links_in": into,
        "is_capped": len(into) == MOST_LINKS,
    }


@api.get(
    "/records/{identifier}/versions/{number}",
    operation_id="one_version",
    summary="One version of a record",
    response={200: RecordOut, **_REFUSALS},
    tags=["Records"],
)
@decorate_view(_conditional)
def one_version(
    request: HttpRequest,
    identifier: str = Path(..., description="Eight letters and digits."),
    number: str = Path(..., description="1 for the first."),
) -> Any:
    """What a record said in one of its versions; versions can be taken back, and are then not found."""
    record = _live(identifier)
    wanted = int(number) if number.isdecimal() and len(number) < _MOST_DIGITS else 0
    if wanted != record.version:
        former = record.versions.filter(version=wanted).first()
        if former is None:
            raise Http404(f"There is no version {number[:20]} of it.")
        record.title, record.content = former.title, former.content
        record.version, record.published_at = former.version, former.published_at
    return _record(record, Site.of(request))


@api.get(
    "/changes",
    operation_id="changes",
    summary="What has changed",
    response={200: Changes, 400: Problem, 429: Problem},
    tags=["Following along"],
)
@decorate_view(_conditional)
def changes(
    request: HttpRequest,
    since: int = Query(0, ge=0, le=2**62, description="The `last` of the answer before; 0 for all there is."),
    limit: int = Query(MOST_AT_ONCE, ge=1, le=MOST_AT_ONCE),
) -> Any:
    """What was published and withdrawn since a change number, each record once, as it is now.

    Whoever follows misses none, since numbers become visible in their order. A tombstone says: forget this record.
    """
    found = list(Record.objects.since(since)[: limit + 1])
    site = Site.of(request)
    shown = found[:limit]
    gone = [one.identifier for one in shown if one.withdrawn_at]
    merged = set(Redirect.objects.filter(old__in=gone).values_list("old", flat=True)) if gone else set()
    return {
        "changes": [_tombstone(one, merged) if one.withdrawn_at else _record(one, site) for one in shown],
        "last": shown[-1].change if shown else since,
        "more": len(found) > limit,
    }


@api.get(
    "/regions",
    operation_id="regions",
    summary="All regions",
    response={200: list[Term], 429: Problem},
    tags=["Vocabulary"],
)
@decorate_view(_conditional)
def regions(request: HttpRequest) -> Any:
    """Every region, with what it lies in and what lies in it."""
    return _terms(request, "region")


@api.get(
    "/themes",
    operation_id="themes",
    summary="All themes",
    response={200: list[Term], 429: Problem},
    tags=["Vocabulary"],
)
@decorate_view(_conditional)
def themes(request: HttpRequest) -> Any:
    """Every theme, as SKOS has them: broader, narrower and related."""
    return _terms(request, "theme")


@api.get(
    "/state",
    operation_id="where_it_stands",
    summary="Where the catalogue stands",
    response={200: StateOut, 429: Problem},
    tags=["Following along"],
)
@decorate_view(_conditional)
def where_it_stands(request: HttpRequest) -> Any:
    """The catalogue's last change number, and the version of the vocabulary."""
    return _state(request)._asdict()


# --- How things are given


def _live(identifier: str) -> Record:
    """Raises Http404; where a tombstone is left of it Moved, if it was merged, else Withdrawn."""
    found = Record.objects.filter(identifier=identifier).first() if _IDENTIFIER.fullmatch(identifier) else None
    if found is None:
        raise Http404(f"There is no record {identifier[:20]}.")
    if found.withdrawn_at:
        if new := _stands_for(found):
            raise Moved(identifier, new)
        raise Withdrawn(found)
    return found


def _stands_for(record: Record) -> str | None:
    """The identifier of the public record that a withdrawn one was merged with; None for most, which were not."""
    return Redirect.followed(record.kind, record.identifier, Record.objects.has_live)


def _record(record: Record, site: Site) -> dict[str, Any]:
    return {
        "identifier": record.identifier,
        "kind": record.kind,
        "title": record.title,
        "version": record.version,
        "change": record.change,
        "published": record.published_at,
        "synthetic": record.synthetic,
        "permalink": site.permalink(record),
        "content": record.content,
    }


def _tombstone(record: Record, merged: set[str]) -> dict[str, Any]:
    return {
        "identifier": record.identifier,
        "kind": record.kind,
        "change": record.change,
        "withdrawn": record.withdrawn_at,
        "merged_into": _stands_for(record) if record.identifier in merged else None,
    }


def _found(hit: Hit, site: Site) -> dict[str, Any]:
    return _record(hit.record, site) | {
        "links_out": [link._asdict() for link in hit.links],
        "highlights": {"title": hit.title_html, "excerpt": hit.snippet_html},
    }


def _facet(facet: Facet) -> dict[str, Any]:
    names = ("value", "label", "count", "selected")
    values = [{name: getattr(value, name) for name in names} for value in facet.values]
    return {"name": facet.name, "label": facet.label, "values": values, "more": facet.more}


def _links(links: Any, end: str) -> list[dict[str, str]]:
    """The first of some links, with the record at one end of each."""
    names = {"tie": "tie", "note": "note"} | {name: f"{end}__{name}" for name in ("identifier", "kind", "title")}
    rows = links.order_by("tie", "pk").values_list(*names.values())[:MOST_LINKS]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _terms(request: HttpRequest, facet: Hierarchical) -> list[dict[str, Any]]:
    names = ("slug", "name", "alternative_names", "definition", "scope_note", "above", "below", "related", "countries")
    nodes = vocabulary(_state(request).vocabulary).hierarchy(facet).nodes.values()
    return [{name: getattr(node, name) for name in names} for node in nodes]


def _without(request: HttpRequest, *names: str) -> Any:
    """The parameters without those that are about pages, which are the API's own here."""
    params = request.GET.copy()
    for name in names:
        params.pop(name, None)
    return params
