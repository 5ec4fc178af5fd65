"""Pages for what went wrong: what happened, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from apps.public.catalogue.models import Record
from apps.public.search.filters import UnusableFilter


def bad_request(request: HttpRequest, exception: Any = None, message: str = "") -> HttpResponse:
    message = message or "Something in this address or form can't be read."
    return render(request, "website/errors/400.html", {"message": message}, status=400)


def unusable_filter(request: HttpRequest, unusable: UnusableFilter) -> HttpResponse:
    """Say what is wrong with each parameter, and offer the address without it."""
    problems = []
    for problem in unusable.problems:
        params = request.GET.copy()
        kept = [value for value in params.getlist(problem.parameter) if value != problem.value]
        params.setlist(problem.parameter, kept)
        problems.append({"problem": problem, "without": f"?{params.urlencode()}"})
    return render(request, "website/errors/400.html", {"problems": problems}, status=400)


def forbidden(request: HttpRequest, exception: Any = None, reason: str = "") -> HttpResponse:
    message = "This page is for those who may see it."
    return render(
        request, "website/errors/400.html", {"message": message, "heading": "Not for you, as it is"}, status=403
    )


def not_allowed(request: HttpRequest, allowed: Sequence[str]) -> HttpResponse:
    message = "This page can be read and nothing else, so there is nothing to send to it."
    response = render(
        request, "website/errors/400.html", {"message": message, "heading": "Only for reading"}, status=405
    )
    response["Allow"] = ", ".join(allowed)
    return response


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token, from a page that lay open too long or from another site: it is not offered to be sent
    again, but what was typed is there to be copied."""
    context = {
        "typed": [(name, value) for name, value in _fields(request) if not _is_secret(name)],
        "message": "This form has lain open for too long, or cookies are switched off.",
    }
    return render(request, "website/errors/stale.html", context, status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "website/errors/404.html", status=404)


class Withdrawn(Exception):  # noqa: N818
    """A record was asked for of which a tombstone is left."""

    def __init__(self, record: Record) -> None:
        super().__init__(record.identifier)
        self.record = record


class Moved(Exception):  # noqa: N818
    """A record was asked for that was merged with another one."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(old)
        self.old, self.new = old, new


def moved(request: HttpRequest, moved: Moved) -> HttpResponse:
    """The same page of the record that stands for it now; for a former version, which that has not, its page."""
    address = request.get_full_path().replace(f"/{moved.old}/", f"/{moved.new}/", 1)
    return for_now(re.sub(r"/versions/[0-9]+/", "/", address))


def for_now(address: str) -> HttpResponse:
    """A permanent redirect that readers ask about again, since a merge can be undone."""
    response = HttpResponsePermanentRedirect(address)
    response["Cache-Control"] = "no-cache"
    return response


def withdrawn(request: HttpRequest, record: Record) -> HttpResponse:
    return render(request, "website/errors/410.html", {"record": record}, status=410)


def unavailable(request: HttpRequest, message: str, progress: float | None = None) -> HttpResponse:
    """Say so, with how far the work is that is waited for (0 to 1); what was typed is offered to be sent again."""
    context = {"message": message, "percent": None if progress is None else 100 * progress, "typed": _typed(request)}
    response = render(request, "website/errors/503.html", context, status=503)
    response["Retry-After"] = "10"
    response["Cache-Control"] = "no-store"
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form sent, field by field; nothing of one with a password in it."""
    return [] if any(map(_is_secret, request.POST)) else _fields(request)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.POST.lists() for value in values]


def _is_secret(name: str) -> bool:
    return "password" in name or name in ("code", "second_factor_code", "passkey")


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs neither the database nor the search index."""
    return render(request, "website/errors/500.html", status=500)
