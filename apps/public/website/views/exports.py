"""Taking records along: any list, and any record, in the formats that others read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify

from apps.public.catalogue.state import State
from apps.public.exports.bibliography import DOCX, docx, reading_list, sessions_of
from apps.public.exports.formats import FORMATS, Format
from apps.public.exports.kept import kept
from apps.public.exports.rows import Row, row_of, rows_of
from apps.public.exports.site import Site
from apps.public.exports.wholes import WHOLES
from apps.public.search.filters import Filter
from apps.public.website.views.conditional import edition, of_the_catalogue
from apps.public.website.views.records import find
from apps.taxonomy.vocabulary import vocabulary

R = TypeVar("R", bound=HttpResponseBase)


@of_the_catalogue
def listed(request: HttpRequest, state: State, name: str) -> StreamingHttpResponse:
    """All that a filter finds, in its order; pages are of no account here."""
    asked = Filter.from_params(request.GET, vocabulary(state.vocabulary)).replace(page=1)
    return _taken_along(request, _format(name), rows_of(asked, state), "records")


@of_the_catalogue
def single(request: HttpRequest, state: State, kinds: str, identifier: str, name: str) -> HttpResponseBase:
    """One record; 410 where it was withdrawn."""
    format_ = _format(name)
    record = find(kinds, identifier)
    return _taken_along(request, format_, iter([row_of(record, state)]), f"{record.kind}-{record.identifier}")


@of_the_catalogue
def bibliography(request: HttpRequest, state: State, identifier: str, name: str) -> HttpResponseBase:
    """A workshop's reading list: for Word, with annotations, or as any list of records is taken along."""
    workshop = find("workshops", identifier)
    what = f"reading-list-{workshop.identifier}"
    if name == "docx":
        document = docx(workshop, reading_list(workshop, sessions_of(workshop), state), Site.of(request))
        return _attached(iter([document]), DOCX, f"{what}.docx")
    format_, works = _format(name), reading_list(workshop, sessions_of(workshop), state)
    return _taken_along(request, format_, (work.row for work in works), what)


@of_the_catalogue
def whole(request: HttpRequest, state: State, name: str) -> HttpResponseBase:
    """The catalogue, or all of something in it, whatever was searched for."""
    one, site = WHOLES[name], Site.of(request)
    make = partial(one.write, state, site)
    if one.inline:
        response = HttpResponse(b"".join(make()), content_type=one.content_type)
        response["Content-Disposition"] = f'inline; filename="{name}"'
        return response
    return _attached(kept(name, edition(state), site, make) if one.keep else make(), one.content_type, name)


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise Http404
    return FORMATS[name]


def _taken_along(request: HttpRequest, format_: Format, rows: Iterator[Row], what: str) -> StreamingHttpResponse:
    return _attached(format_.write(rows, Site.of(request)), format_.content_type, f"{what}.{format_.extension}")


def _attached(content: Iterator[bytes], content_type: str, name: str) -> StreamingHttpResponse:
    return as_attachment(StreamingHttpResponse(content, content_type=content_type), name)


def as_attachment(response: R, name: str) -> R:
    """A file to be taken along, called by the site's name and its own."""
    response["Content-Disposition"] = f'attachment; filename="{slugify(settings.SITE_NAME)}-{name}"'
    return response
