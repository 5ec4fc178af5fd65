"""What every answer of the workbench's API has. No other site may read it in somebody's browser: there is no CORS."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from apps.public.api.middleware import ForPrograms
from apps.public.api.problems import problem


class ForCurators(ForPrograms):
    """Stands around all that answers below /admin/api/v1/."""

    root = "/admin/api/v1/"
    instead = ForPrograms.instead | {
        404: "There is nothing at this address. /admin/api/ says what there is.",
        405: "That can't be done at this address. /admin/api/ says what can.",
    }

    def at_the_door(self, request: HttpRequest) -> HttpResponse | None:
        """What another site's form could send, or an upload, is not even read to see who sends it."""
        if request.method not in ("POST", "PATCH") or request.content_type == "application/json":
            return None
        return problem(415, "Send JSON, as Content-Type: application/json.")

    def finish(self, response: HttpResponse) -> None:
        response.headers["Cache-Control"] = "private, no-store"  # drafts may name whom a rule protects
        patch_vary_headers(response, ("Authorization",))
