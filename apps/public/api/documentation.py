"""The page that documents the API, out of the description that programs read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.public.api.v1 import api
from apps.public.catalogue.models import Record
from apps.public.catalogue.state import State
from apps.public.exports.site import Site
from apps.public.website.views.conditional import of_the_catalogue

_TRIED_WITH = {"q": "escalation", "kind": "position", "limit": "5", "since": "0"}  # what stands in the forms at first


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    description: str
    is_in_path: bool
    example: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    path: str
    title: str
    description: str
    parameters: list[Parameter]
    answers: list[tuple[str, str]]  # status and name of what is given

    @property
    def example(self) -> str:
        """An address that can be asked, with an example in each place of the path."""
        path = self.path
        for one in self.parameters:
            path = path.replace(f"{{{one.name}}}", one.example)
        return path


@of_the_catalogue
def documentation(request: HttpRequest, state: State) -> HttpResponse:
    """How to ask, each question as a form that asks it, and what comes back."""
    some = Record.objects.live().order_by("pk").values_list("identifier", flat=True).first() or "abcdefgh"
    schema = api.get_openapi_schema()
    endpoints = [
        _endpoint(path, methods["get"], _TRIED_WITH | {"identifier": some, "number": "1"})
        for path, methods in schema["paths"].items()
    ]
    context = {"endpoints": endpoints, "root": Site.of(request).root, "a_minute": settings.API_REQUESTS_A_MINUTE}
    return render(request, "api/documentation.html", context)


def _endpoint(path: str, said: dict[str, Any], examples: dict[str, str]) -> Endpoint:
    parameters = [
        Parameter(
            name=one["name"],
            description=one["schema"].get("description", ""),
            is_in_path=one["in"] == "path",
            example=examples.get(one["name"], ""),
        )
        for one in said["parameters"]
    ]
    answers = [(str(status), _name(answer)) for status, answer in said["responses"].items()]
    return Endpoint(path, said["summary"], said.get("description", ""), parameters, answers)


def _name(answer: dict[str, Any]) -> str:
    """What the shape of an answer is called in the description; of one that has none, what it means."""
    if "content" not in answer:
        return str(answer["description"])
    schema = next(iter(answer["content"].values()))["schema"]
    of_many = schema.get("items", {}).get("$ref", "")
    return f"list of {of_many.rpartition('/')[2]}" if of_many else schema.get("$ref", "").rpartition("/")[2]
