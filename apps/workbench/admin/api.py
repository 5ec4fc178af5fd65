"""The page that documents the workbench's API, out of the description that programs read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    title: str
    description: str
    parameters: list[dict[str, Any]]
    fields: list[tuple[str, str, str]]  # of what is sent: name, what may stand there, and in words
    answers: list[int]


def api_view(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """What can be asked and sent, and what comes back."""
    from apps.workbench.api.v1 import api  # which reads the admins off this site

    schema = api.get_openapi_schema()
    shapes = schema["components"]["schemas"]
    context |= {
        "title": "Drafts, for programs",
        "operations": [
            _operation(method.upper(), path, said, shapes)
            for path, methods in schema["paths"].items()
            for method, said in methods.items()
        ],
        "root": request.build_absolute_uri(reverse("curation-1:api-root")),
    }
    return TemplateResponse(request, "workbench/api.html", context)


def _operation(method: str, path: str, said: dict[str, Any], shapes: dict[str, Any]) -> Operation:
    sent = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    shape = shapes.get(_name(sent), {})
    fields = [
        (
            name,
            f"{_words(one, shapes)}{', required' if name in shape.get('required', ()) else ''}",
            one.get("description", ""),
        )
        for name, one in shape.get("properties", {}).items()
    ]
    answers = [int(status) for status in said["responses"]]
    return Operation(
        method, path, said["summary"], said.get("description", ""), said.get("parameters", []), fields, answers
    )


def _name(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _words(schema: dict[str, Any], shapes: dict[str, Any]) -> str:
    """What may stand in a field, in a few words."""
    if name := _name(schema):
        inner = shapes[name].get("properties", {})
        return f"with {', '.join(inner)}" if inner else name
    if "anyOf" in schema:
        return " or ".join(_words(one, shapes) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(value or "“”" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list: {_words(schema['items'], shapes)}"
    return str(schema.get("type", ""))
