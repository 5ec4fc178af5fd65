"""A session counts as somebody's only with what they need for it, and ends when nothing was done in it for long."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from apps.accounts.standing import BY, needs_second

_SEEN = "seen"


class Standing:
    """Stands after Django's own. Looks at no session that nobody else looks at: public pages stay the same for all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(partial(_with_enough, request, request.user))  # type: ignore[assignment]
        response = self.get_response(request)
        session = request.session
        if response.status_code >= 500:  # as Django does: it may be that the session could not be read
            return response
        if session.accessed and not session.is_empty() and "_auth_user_id" in session:
            now = int(time.time())
            # Not on each request: that would be a write for each page.
            if abs(now - session.get(_SEEN, 0)) > settings.SESSION_COOKIE_AGE // 20:
                session[_SEEN] = now
        return response


def begun(request: Any, **_: Any) -> None:
    """A session that begins was seen now."""
    if request is not None:
        request.session[_SEEN] = int(time.time())


def _with_enough(request: HttpRequest, user: Any) -> Any:
    """Somebody, or nobody where they had to give a second factor and this session began without: a role may have been
    given since, or the setting changed."""
    if not user.is_authenticated or BY in request.session or not needs_second(user):
        return user
    return AnonymousUser()
