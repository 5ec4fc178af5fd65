"""Every request has a number, by which its log lines and its answer are known, and is counted and timed."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.public.serving.logs import request_id
from apps.public.serving.metrics import METHODS, REQUESTS, SECONDS

HEADER = "X-Request-ID"
_USABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")  # of a proxy, which may give one before we do

logger = logging.getLogger(__name__)


class Requests:
    """Numbers requests, counts them and says of each what it was: the view and not the address, since that may hold
    what somebody looks for; and nothing of who asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
        number = given if _USABLE.fullmatch(given) else secrets.token_hex(8)
        vars(request)["number"] = number  # which a page that says something went wrong gives to the reader
        token, started = request_id.set(number), time.perf_counter()
        try:
            response = self.get_response(request)
            if "REMOTE_ADDR" in request.META:  # none where the site asks itself, as for a static copy
                _tell(request, response, time.perf_counter() - started)
        finally:
            request_id.reset(token)
        response[HEADER] = number
        return response


def _tell(request: HttpRequest, response: HttpResponse, took: float) -> None:
    match = request.resolver_match
    view = (match.view_name or match.route) if match else "none"
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(method, view, response.status_code).inc()
    SECONDS.labels(view).observe(took)
    said = {"method": method, "view": view, "status": response.status_code, "ms": round(took * 1e3, 1)}
    logger.info("%(method)s %(view)s %(status)s in %(ms)s ms", said, extra=said)
