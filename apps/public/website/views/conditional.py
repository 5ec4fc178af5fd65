"""Unchanged pages cost next to nothing: an ETag from what a page depends on, compared before anything is read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import quote_etag

from apps.public.catalogue.state import State, read_state
from apps.public.exports.kept import forget_others

P = ParamSpec("P")
PUBLIC = Path(__file__).parents[2]


@cache
def _build() -> str:
    """A fingerprint of what answers are made by, so that a new release is not answered from the old one's."""
    digest = hashlib.sha256()
    for part in sorted(one for one in PUBLIC.rglob("*") if one.suffix in (".html", ".xml", ".py")):
        digest.update(part.read_bytes())
    return digest.hexdigest()[:8]


def edition(state: State) -> str:
    """The catalogue's last change, the vocabulary's version and our code: an answer is a function of these."""
    return f"{state.change}-{state.vocabulary}-{_build()}"


_seen = ""


def _notice(current: str) -> None:
    """Whoever is the first of a process to ask after a change takes what was kept of other states from the disk."""
    global _seen
    if current != _seen:
        forget_others(current)
        _seen = current


def of_the_catalogue(
    view: Callable[Concatenate[HttpRequest, State, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A view that is told the state of the catalogue, and is not asked where the reader has its page already. A page
    with a bar above it is that of one person at one moment: nobody keeps it."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        state = read_state()
        _notice(edition(state))
        vars(request)["state"] = state  # for what every page says of it
        if getattr(request, "bar", ""):
            response: HttpResponseBase = view(request, state, *args, **kwargs)
            response["Cache-Control"] = "private, no-store"
            return response
        etag = quote_etag(edition(state))
        if etag in request.headers.get("If-None-Match", "").replace("W/", "").split(", "):
            response = HttpResponse(status=304)
        else:
            response = view(request, state, *args, **kwargs)
            if response.status_code != 200 or "Cache-Control" in response:
                return response
        response["ETag"] = etag
        response["Cache-Control"] = "no-cache"
        return response

    return answer


def show(request: HttpRequest, state: State, template: str, context: dict[str, Any], *found: Any) -> HttpResponse:
    """A page with what was found in the index, None where that could not be asked; not to be kept where it is behind
    the catalogue: the same state can come to other results when the index has caught up."""
    response = render(request, template, context)
    if any(results is None or results.change != state.change for results in found):
        response["Cache-Control"] = "no-store"
    return response
