"""Who asks: somebody who is signed in, or a program with a token; and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables
from ninja.security import APIKeyCookie, HttpBearer

from apps.workbench.api import tokens
from apps.workbench.models import Token


@dataclass(frozen=True, slots=True)
class Access:
    """An account, by itself or through a token. What the account may not do, no token of its may."""

    by: User
    token: Token | None = None

    @property
    def why(self) -> str:
        """What the history says of an edit."""
        return f"Through the API, with the token “{self.token}”" if self.token else "Through the API"

    @property
    def scopes(self) -> list[str]:
        return list(self.token.scopes) if self.token else Token.Scope.values

    def needs(self, *scopes: Token.Scope) -> None:
        """Raises PermissionDenied for a token that was not made for all of this."""
        for scope in scopes:
            if scope not in self.scopes:
                raise PermissionDenied(
                    f"This token was not made to {scope.label.lower()}: make one with {scope.value}."
                )


class ByToken(HttpBearer):
    """A token, as Authorization: Bearer."""

    @sensitive_variables("token")
    def authenticate(self, request: HttpRequest, token: str) -> Access | None:
        found = tokens.known(token)
        if found is None:
            return None
        request.user = found.by  # the admin asks the request who may do what
        return Access(found.by, found)


class BySession(APIKeyCookie):
    """The session of somebody who is signed in to the workbench. What changes something needs the CSRF token too."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        # Who came with a token that opens nothing is told so, whatever their browser is signed in to.
        if "Authorization" in request.headers or not admin.site.has_permission(request):
            return None
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Access:
        return Access(request.user)  # type: ignore[arg-type]


def access_of(request: HttpRequest) -> Access:
    access: Access = vars(request)["auth"]
    return access
