"""Views that are imported when somebody first asks for them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class Later:
    """A module of views, for URLs that lead to it. The analysis brings pandas, scipy and networkx along: as much memory
    as all the rest, and more time than all else takes to start, which no other page and no command needs."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Callable[..., HttpResponseBase]:
        def view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            found: Callable[..., HttpResponseBase] = getattr(import_module(self._module), name)
            return found(request, *args, **kwargs)

        return view
