"""Programs that ask the workbench's API."""

import json

from django.contrib.auth.models import User
from django.test import Client

from apps.taxonomy.words import Kind
from apps.workbench.api import tokens
from apps.workbench.models import Token

ROOT = "/admin/api/v1/"


class Program:
    """Asks with a token, and has no cookies."""

    def __init__(self, by: User, *scopes: str, days: int = 7) -> None:
        self.token, self.key = tokens.make(by, "My script", scopes or Token.Scope.values, days)

    def __call__(self, method: str, path: str, sent=None, status: int = 200, **headers):
        response = Client().generic(
            method, path if path.startswith("/") else ROOT + path, json.dumps(sent) if sent is not None else "",
            content_type="application/json", headers={"Authorization": f"Bearer {self.key}"} | headers,
        )  # fmt: skip
        assert response.status_code == status, response.content
        kind = "application/problem+json" if status >= 400 else "application/json; charset=utf-8"
        assert response["Content-Type"] == kind
        assert "Access-Control-Allow-Origin" not in response
        assert not response.cookies
        return response

    def make(self, kind: str, **said) -> dict:
        return self("POST", f"{Kind(kind).plural}", said, 201).json()

    def edit(self, draft: dict, status: int = 200, **said):
        path = f"{Kind(draft['kind']).plural}/{draft['identifier']}"
        return self("PATCH", path, said, status, **{"If-Match": f'"{draft["version"]}"'})

    def refused(self, kind: str, **said) -> dict[str, str]:
        answer = self("POST", Kind(kind).plural, said, 422).json()
        return {one["place"]: one["message"] for one in answer["problems"]}


def draft_of(program: Program, entry) -> dict:
    return program("GET", f"{Kind(entry.kind).plural}/{entry.identifier}").json()
