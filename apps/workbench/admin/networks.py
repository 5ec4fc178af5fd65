"""The page of private networks: who agrees with whom by name, for those who may see positions and people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apps.audit.log import seen
from apps.public.analysis.asking import Asked, together
from apps.public.analysis.results import TooLarge
from apps.public.search.filters import UnusableFilter
from apps.public.website.networks import MOST_ROWS, form
from apps.workbench import networks
from apps.workbench.roles import IDENTITIES

_NEEDED = (
    *("curation.view_position", "curation.view_person", "curation.view_organisation", "curation.view_attendance"),
    IDENTITIES,
)


def network_view(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """A network of persons or organisations, drawn as on the website; what makes no sense is said above it."""
    if not request.user.has_perms(_NEEDED):  # type: ignore[union-attr]
        raise PermissionDenied
    seen("networks of people")
    problems: list[str] = []
    choices = networks.workshops(request.user)
    workshop = request.GET.get("workshop", "")
    chosen = next((key for key, _ in choices if str(key) == workshop), None)
    if workshop and chosen is None:
        problems.append("There is no such workshop, or you may not read it yet: all of them are counted.")
    wanted = Asked(actors="person")
    try:
        wanted = Asked.from_params(request.GET, tuple(networks.ACTORS))
    except UnusableFilter as error:
        problems += [problem.message for problem in error.problems]
    context |= {
        "title": "Networks of people",
        "wanted": wanted,
        "form": form(wanted, networks.ACTORS),
        "query": _query(wanted, chosen),
        "workshops": [(key, title, key == chosen) for key, title in choices],
        "problems": problems,
        "most": MOST_ROWS,
    }
    try:
        context["found"] = found = networks.drawn(wanted, request.user, chosen)
        context["left_out"] = [
            (found.names[key], _query(replace(wanted, without=tuple(set(wanted.without) - {key})), chosen))
            for key in wanted.without
        ]
    except TooLarge as error:
        problems.append(f"{error} Ask for actors with {error.enough} statements or more.")
    return TemplateResponse(request, "workbench/network.html", context, status=400 if problems else 200)


def _query(wanted: Asked, workshop: int | None) -> str:
    return together(wanted.querystring(), f"workshop={workshop}" if workshop else "")
