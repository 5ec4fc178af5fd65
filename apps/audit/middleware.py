"""The log knows whose request is being answered, so that not every function has to hand on who it works for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.audit.log import asking


class Asking:
    """Stands after what finds out who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = asking.set(request)
        try:
            return self.get_response(request)
        finally:
            asking.reset(token)
