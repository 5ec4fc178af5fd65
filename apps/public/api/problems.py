"""Errors as RFC 9457 has them: application/problem+json, with what to do about it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import Throttled, ValidationError

from apps.public.search.filters import UnusableFilter
from apps.public.search.index import SearchUnavailable
from apps.public.website.views.errors import Withdrawn

CONTENT_TYPE = "application/problem+json"


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    response = HttpResponse(orjson.dumps(body), content_type=CONTENT_TYPE, status=status)
    response["Cache-Control"] = "no-store"
    return response


def answer_in_problems(api: NinjaAPI) -> None:
    """Let an API answer so, whatever goes wrong in it."""

    @api.exception_handler(UnusableFilter)
    def unusable(request: HttpRequest, error: UnusableFilter) -> HttpResponse:
        said = [
            {"parameter": one.parameter, "value": one.value[:100], "message": one.message} for one in error.problems
        ]
        return problem(400, str(error), problems=said)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        said = [
            {
                "parameter": (name := str(one["loc"][-1])),
                "value": request.GET.get(name, "")[:100],
                "message": one["msg"],
            }
            for one in error.errors
        ]
        detail = " ".join(f"{one['parameter']}: {one['message']}." for one in said)
        return problem(400, detail, problems=said)

    @api.exception_handler(Withdrawn)
    def withdrawn(request: HttpRequest, error: Withdrawn) -> HttpResponse:
        record = error.record
        return problem(410, f"The {record.kind} {record.identifier} was withdrawn on {record.withdrawn_at:%-d %B %Y}.")

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, str(error) or "There is no such record.")

    @api.exception_handler(SearchUnavailable)
    def unavailable(request: HttpRequest, error: SearchUnavailable) -> HttpResponse:
        response = problem(503, str(error))
        response["Retry-After"] = "10"
        return response

    @api.exception_handler(Throttled)
    def too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
        wait = vars(request)["rate"]["RateLimit-Reset"]
        response = problem(429, f"Too many questions at once: ask again in {wait} s.")
        response["Retry-After"] = wait
        return response
