"""Unchanged pages cost next to nothing: an ETag from what a page depends on, compared before anything is read."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils.http import quote_etag

from apps.public.catalogue.state import State

TEMPLATES = Path(__file__).parent.parent / "templates"


@cache
def _build() -> str:
    """A fingerprint of the templates, so that a new release is not answered from the old one's pages."""
    digest = hashlib.sha256()
    for template in sorted(TEMPLATES.rglob("*.html")):
        digest.update(template.read_bytes())
    return digest.hexdigest()[:8]


def etag_of(state: State) -> str:
    """The catalogue's last change, the vocabulary's version and the templates: a page is a function of these."""
    return quote_etag(f"{state.change}-{state.vocabulary}-{_build()}")


def not_modified(request: HttpRequest, etag: str) -> HttpResponse | None:
    """304, if that is what the browser has already."""
    if etag in request.headers.get("If-None-Match", "").replace("W/", "").split(", "):
        return tagged(HttpResponse(status=304), etag)
    return None


def tagged(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return response
