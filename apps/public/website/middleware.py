"""Answers in words to what no page can use."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from apps.public.search.filters import UnusableFilter
from apps.public.search.results import SearchUnavailable
from apps.public.website.views import errors

logger = logging.getLogger(__name__)
LONGEST_URL = 16_000
READING = ("GET", "HEAD", "OPTIONS")  # all that anybody can do with a public page


class UnusableInput:
    """Turns unusable addresses into 400 or 404, those of withdrawn records into 410, of merged ones
    into 301, passing trouble into 503: never
    a 500 for what somebody typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.META.get("QUERY_STRING", "")) + len(request.path) > LONGEST_URL:
            return errors.bad_request(request, message="This address is too long to be one of ours.")
        if "\x00" in request.path or not _is_text(request.path):
            return errors.not_found(request)
        if request.method not in READING and not request.path.startswith("/admin/"):
            return errors.not_allowed(request, READING)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, UnusableFilter):
            return errors.unusable_filter(request, exception)
        if isinstance(exception, errors.Moved):
            return errors.moved(request, exception)
        if isinstance(exception, errors.Withdrawn):
            return errors.withdrawn(request, exception.record)
        if isinstance(exception, SearchUnavailable):
            return errors.unavailable(request, str(exception), exception.progress)
        if isinstance(exception, OperationalError):
            logger.warning("The database did not answer: %s", exception)
            return errors.unavailable(request, "The database is busy or out of reach at the moment.")
        if isinstance(exception, UnicodeError | RequestDataTooBig | SuspiciousOperation):
            return errors.bad_request(request)
        return None


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
