"""Taking records along: any list, and any record, in the formats that others read."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify

from apps.public.catalogue.state import State
from apps.public.exports.formats import FORMATS, Format
from apps.public.exports.rows import Row, row_of, rows_of
from apps.public.exports.site import Site
from apps.public.search.filters import Filter
from apps.public.website.views import errors
from apps.public.website.views.conditional import of_the_catalogue
from apps.public.website.views.records import find
from apps.taxonomy.vocabulary import vocabulary


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
    if record.withdrawn_at:
        return errors.withdrawn(request, record)
    return _taken_along(request, format_, iter([row_of(record, state)]), f"{record.kind}-{record.identifier}")


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise Http404
    return FORMATS[name]


def _taken_along(request: HttpRequest, format_: Format, rows: Iterator[Row], what: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(format_.write(rows, Site.of(request)), content_type=format_.content_type)
    name = f"{slugify(settings.SITE_NAME)}-{what}.{format_.extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
