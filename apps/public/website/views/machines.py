"""What programs ask a site for: feeds, sitemaps, records by unAPI, and what robots may read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from apps.public.catalogue.models import Record
from apps.public.catalogue.state import State
from apps.public.exports import feed
from apps.public.exports.formats import FORMATS
from apps.public.exports.rows import row_of, rows_for
from apps.public.exports.site import Site
from apps.public.exports.wholes import WHOLES
from apps.public.search.filters import Filter
from apps.public.search.results import latest_matches
from apps.public.website.reading import url_of
from apps.public.website.views.conditional import of_the_catalogue
from apps.taxonomy.vocabulary import vocabulary


@of_the_catalogue
def atom(request: HttpRequest, state: State) -> HttpResponse:
    """What a filter finds, as a feed, the latest published first."""
    asked = Filter.from_params(request.GET, vocabulary(state.vocabulary)).alone()
    keys = latest_matches(asked, state, feed.MOST)
    records = Record.objects.live().in_bulk(keys)
    rows = rows_for([records[key] for key in keys if key in records], state)
    query = f"?{asked.querystring()}" if asked.querystring() else ""
    written = feed.atom(rows, Site.of(request), _title(asked), f"/feed/{query}", f"/browse/{query}")
    return HttpResponse(written, content_type=feed.CONTENT_TYPE)


def _title(asked: Filter) -> str:
    """The site's name, and what the feed is narrowed down to."""
    chosen = [f"{facet}: {', '.join(values)}" for facet, values in asked.selections.items()]
    return " – ".join([settings.SITE_NAME, *([f"“{asked.text}”"] if asked.text else []), *chosen])


# --- Sitemaps


class _Place(NamedTuple):
    kind: str
    identifier: str
    published_at: dt.datetime


class _Records(Sitemap):  # type: ignore[type-arg]
    limit = 10_000

    def items(self) -> QuerySet[Record, Any]:
        return Record.objects.live().order_by("pk").values_list("kind", "identifier", "published_at", named=True)

    def location(self, item: _Place) -> str:
        return url_of(item.kind, item.identifier)

    def lastmod(self, item: _Place) -> dt.datetime:
        return item.published_at

    def get_latest_lastmod(self) -> None:
        """Not said: to find it out would mean to read every record."""


class _Paths(Sitemap):  # type: ignore[type-arg]
    def location(self, item: str) -> str:
        return item


class _Vocabulary(_Paths):
    def items(self) -> list[str]:
        words = vocabulary()
        return [f"/{facet}s/{slug}/" for facet in ("region", "theme") for slug in words.hierarchy(facet).nodes]


class _Pages(_Paths):
    def items(self) -> Iterable[str]:
        names = ("browse", "map", "matrix", "compare", "analysis", "lessons", "workshops", "regions", "themes", "about")
        return ("/", *(f"/{name}/" for name in names))


_SITEMAPS: dict[str, Any] = {"records": _Records, "vocabulary": _Vocabulary, "pages": _Pages}


@of_the_catalogue
def sitemaps(request: HttpRequest, state: State) -> HttpResponseBase:
    return views.index(request, _SITEMAPS, sitemap_url_name="sitemap")


@of_the_catalogue
def sitemap(request: HttpRequest, state: State, section: str) -> HttpResponseBase:
    return views.sitemap(request, _SITEMAPS, section)


# --- unAPI: https://unapi.info/specs/unapi-revision-1.html

_OFFERED = [FORMATS[name] for name in ("ris", "bibtex", "csl-json", "json")]  # the first that a reader knows is taken


@of_the_catalogue
def unapi(request: HttpRequest, state: State) -> HttpResponseBase:
    """The formats there are, those of one record (300), or a record in one of them; 404 and 406 for others."""
    identifier, name = request.GET.get("id", ""), request.GET.get("format", "")
    is_one = re.fullmatch("[2-9a-z]{8}", identifier)  # what is none may be no text that a database takes
    record = Record.objects.live().filter(identifier=identifier).first() if is_one else None
    if identifier and record is None:
        raise Http404
    if record is None or not name:
        offered = [(one.name, one.content_type.partition(";")[0]) for one in _OFFERED]
        context = {"identifier": identifier, "formats": offered}
        status = 300 if record else 200
        return render(request, "website/unapi.xml", context, content_type="application/xml", status=status)
    format_ = next((one for one in _OFFERED if one.name == name), None)
    if format_ is None:
        names = ", ".join(one.name for one in _OFFERED)
        return HttpResponse(f"There is no “{name[:40]}” here: {names}.\n", status=406, content_type="text/plain")
    written = format_.write(iter([row_of(record, state)]), Site.of(request))
    return StreamingHttpResponse(written, content_type=format_.content_type)


def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /browse/?*&",
        "Disallow: /export/",
        *(f"Disallow: /{one.name}" for one in WHOLES.values() if one.keep),
        "Disallow: /feed/?",
        "Disallow: /unapi/",
        "Disallow: /compare/?",
        "Disallow: /analysis/*?",
        "Disallow: /analysis/*.",
    ]
    if settings.SITE_ROLE == "all":
        lines.append("Disallow: /admin/")
    lines.append(f"Sitemap: {Site.of(request).root}/sitemap.xml")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")
