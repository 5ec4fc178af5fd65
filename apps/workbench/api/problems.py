"""What goes wrong in the API of the workbench, as problems (RFC 9457) with the place of each in what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from apps.public.api.limits import PerAddress
from apps.public.api.problems import problem
from apps.workbench.api.drafts import Edited, NotADraft, Unusable

_NO_KEY = (
    "Send a token that is not expired or revoked, as Authorization: Bearer …; or be signed in to the workbench. Tokens "
    "are made at /admin/tokens/."
)


def answer_in_problems(api: NinjaAPI) -> None:
    """Let the API answer so, beside what all our APIs do."""

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        if not PerAddress().allow_request(request):  # which is asked of those alone who were let in
            return api.on_exception(request, Throttled(wait=None))
        response = problem(401, _NO_KEY)
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        if error.status_code == 403:
            return problem(403, "Send the CSRF token as X-CSRFToken, as forms do.")
        return problem(error.status_code, f"What was sent can't be read as JSON: {error.__cause__}.")

    @api.exception_handler(PermissionDenied)
    def denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return problem(403, str(error) or "This account may not do this.")

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        said = [{"place": _place(one["loc"]), "message": one["msg"]} for one in error.errors]
        if any(one["place"] == "If-Match" for one in said):
            words = "Send the ETag of the draft as you have seen it as If-Match, so that nobody’s edit is lost."
            return problem(428, words, problems=said)
        return _problems(422 if any(one["loc"][0] == "body" for one in error.errors) else 400, said)

    @api.exception_handler(Unusable)
    def unusable(request: HttpRequest, error: Unusable) -> HttpResponse:
        return _problems(422, [{"place": one.place, "message": one.message} for one in error.problems])

    @api.exception_handler(Edited)
    def edited(request: HttpRequest, error: Edited) -> HttpResponse:
        return problem(412, str(error))

    @api.exception_handler(NotADraft)
    def gone_on(request: HttpRequest, error: NotADraft) -> HttpResponse:
        return problem(409, str(error))

    @api.exception_handler(IntegrityError)
    def clash(request: HttpRequest, error: IntegrityError) -> HttpResponse:
        words = (
            "Nothing was saved: at the same moment somebody took what only one may have, such as a slug. Send it again."
        )
        return problem(409, words)

    @api.exception_handler(RequestDataTooBig)
    def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return problem(413, "This is more than can be sent at once.")


def _problems(status: int, said: list[dict[str, str]]) -> HttpResponse:
    detail = " ".join(f"{one['place']}: {one['message'].rstrip('.')}." for one in said)
    return problem(status, f"Nothing was saved. {detail}"[:2_000], problems=said)


def _place(loc: Sequence[Any]) -> str:
    """Where in a request something is: a JSON pointer into its body, else the name of a parameter or header."""
    source, *names = loc
    if source != "body":
        return str(names[-1])
    return "/".join(["#", *(str(name).replace("~", "~0").replace("/", "~1") for name in names[1:])])
