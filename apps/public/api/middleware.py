"""What every answer of the API has, whoever gives it: any site may read it, and errors are problems, not pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.public.api.problems import problem

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, Content-Type",
    "Access-Control-Max-Age": "86400",
}
_INSTEAD: dict[int, str] = {
    400: "Something in this address can't be read.",
    404: "There is nothing at this address. /api/ says what there is.",
    405: "This can be read and nothing else.",
    500: "Something went wrong here, and those who run the site are told. Try again later.",
    503: "The database is busy or out of reach at the moment.",
}


class ForPrograms:
    """Stands around all that answers below /api/v1/."""

    root = "/api/v1/"
    instead = _INSTEAD  # what is said of an error that came as a page, by its status

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(self.root):
            return self.get_response(request)
        response = self.at_the_door(request) or self._answered(request)
        for name, value in getattr(request, "rate", {}).items():
            response[name] = value
        self.finish(response)
        return response

    def at_the_door(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to what no operation is asked about, such as a browser's question whether it may ask."""
        return HttpResponse(status=204, headers=_PREFLIGHT) if request.method == "OPTIONS" else None

    def finish(self, response: HttpResponse) -> None:
        """Say who may read an answer, and keep it."""
        for name, value in _CORS.items():
            response[name] = value

    def _answered(self, request: HttpRequest) -> HttpResponse:
        if request.method == "HEAD":  # the operations know of GET alone
            request.method = "GET"
            return _head_of(self._answered(request))
        response = self.get_response(request)
        if response.status_code < 400 or "json" in response.get("Content-Type", ""):
            return response
        instead = problem(response.status_code, self.instead.get(response.status_code, ""))
        for name in ("Allow", "Retry-After"):
            if name in response:
                instead[name] = response[name]
        return instead


def _head_of(response: HttpResponse) -> HttpResponse:
    """An answer without what it would say, but with how long that is."""
    response["Content-Length"] = str(len(response.content))
    response.content = b""
    return response
