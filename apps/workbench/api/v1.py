"""The workbench's API, in its first version: what can be asked and sent, of each kind the same."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import parse_etags, quote_etag
from ninja import Body, Field, Header, Path, Query, Schema, Status

from apps.curation.models import Entry
from apps.curation.tables.columns import MODELS, version_of
from apps.public.api.answers import JsonApi
from apps.public.api.schemas import ProblemDetails
from apps.taxonomy.words import Kind
from apps.workbench.api import drafts
from apps.workbench.api.access import BySession, ByToken, access_of
from apps.workbench.api.problems import answer_in_problems
from apps.workbench.api.shapes import Heading, draft_shape, heading, said, written_shape
from apps.workbench.models import Token

# Annotations are evaluated here, since the shapes of each kind are made as the operations are.

MOST_AT_ONCE = 100  # drafts in a list
_ONE_KIND = Query(None, description="Of one kind alone.")
_READ, _WRITE = Token.Scope.READ, Token.Scope.WRITE


class Place(Schema):
    place: str = Field(description="A JSON pointer into what was sent, or the name of a parameter or header.")
    message: str


class Problem(ProblemDetails):
    """RFC 9457, application/problem+json."""

    problems: list[Place] = []


class AccessOut(Schema):
    account: str
    scopes: list[Token.Scope]
    token: str | None = Field(description="What its owner calls it; null for somebody who is signed in.")
    expires: dt.datetime | None


class Drafts(Schema):
    drafts: list[Heading]
    next: int | None = Field(description="What to send as `after` for those that follow; null where none do.")


def _refusals(*more: int) -> dict[Any, Any]:
    return dict.fromkeys((400, 401, 403, 429, 503, *more), Problem)


api = JsonApi(
    title=f"{settings.SITE_NAME}: drafts",
    version="1",
    description="Drafts of the workbench, made and edited by programs as by hand. Nothing is published here: that is "
    "done by reviewers in the workbench.",
    urls_namespace="curation-1",
    auth=[ByToken(), BySession()],
    openapi_url=None,  # which would be anybody's
)
answer_in_problems(api)


@api.get("/openapi.json", url_name="openapi-json", include_in_schema=False)
def description(request: HttpRequest) -> HttpResponse:
    """The API in OpenAPI 3.1, for those who may ask it anything."""
    return JsonResponse(api.get_openapi_schema())


@api.get(
    "/access",
    operation_id="who_asks",
    summary="Who asks",
    response={200: AccessOut, **_refusals()},
)
def who_asks(request: HttpRequest) -> Any:
    """The account that a token opens, what it may be used for, and until when."""
    access = access_of(request)
    token = access.token
    return {
        "account": access.by.get_username(),
        "scopes": access.scopes,
        "token": token.name if token else None,
        "expires": token.expires_at if token else None,
    }


@api.get("/drafts", operation_id="find_drafts", summary="Find drafts", response={200: Drafts, **_refusals()})
def find_drafts(
    request: HttpRequest,
    kind: Kind | None = _ONE_KIND,
    slug: str = Query(
        "",
        max_length=120,
        pattern="^[-a-zA-Z0-9_]*$",
        description="With this slug: of each kind there is one at most.",
    ),
    after: int = Query(0, ge=0, le=2**62, description="The `next` of the answer before."),
    limit: int = Query(MOST_AT_ONCE, ge=1, le=MOST_AT_ONCE),
) -> Any:
    """Drafts, and those that a reviewer sent back, in the order in which they were entered."""
    access_of(request).needs(_READ)
    kinds = [kind] if kind else list(MODELS)
    found = drafts.found(request, kinds, slug, after, limit + 1)
    shown = found[:limit]
    return {"drafts": [heading(one) for one in shown], "next": shown[-1].pk if len(found) > limit else None}


def _answer(request: HttpRequest, entry: Entry, response: HttpResponse, told: list[str]) -> dict[str, Any]:
    response["ETag"] = quote_etag(version_of(entry))
    return said(request, entry) | {"notices": told}


def _plain(etag: str) -> str:
    """The version that an ETag was made of: a packed answer has it as a weak one."""
    return etag.strip().removeprefix("W/").strip('"')


def _operations(kind: Kind) -> None:
    """What can be done with the drafts of one kind."""
    draft, new, edited = draft_shape(kind), written_shape(kind, is_new=True), written_shape(kind, is_new=False)
    what, which = kind.label.lower(), Path(..., description="Eight letters and digits.")

    @api.post(
        f"/{kind.plural}",
        operation_id=f"make_{kind}",
        url_name=f"make_{kind}",
        summary=f"Make a draft of a {what}" if what[0] != "a" else f"Make a draft of an {what}",
        response={201: draft, **_refusals(409, 413, 415, 422)},
        exclude_unset=True,
    )
    def make(request: HttpRequest, response: HttpResponse, sent: Body[new]) -> Any:  # type: ignore[valid-type]
        """A new draft, through the checks of the workbench's form. A slug is made of the title where none is sent."""
        access_of(request).needs(_WRITE)
        entry, told = drafts.make(request, kind, sent.model_dump(exclude_unset=True))  # type: ignore[attr-defined]
        response["Location"] = reverse(f"curation-1:one_{kind}", args=[entry.identifier])
        return Status(201, _answer(request, entry, response, told))

    @api.get(
        f"/{kind.plural}/{{identifier}}",
        operation_id=f"one_{kind}",
        url_name=f"one_{kind}",
        summary=f"One {what}",
        response={200: draft, 304: None, **_refusals(404, 409)},
        exclude_unset=True,
    )
    def one(request: HttpRequest, response: HttpResponse, identifier: str = which) -> Any:
        """A draft with all that the workbench's form has of it."""
        access_of(request).needs(_READ)
        entry = drafts.one(request, kind, identifier)
        answer = _answer(request, entry, response, [])
        if version_of(entry) in map(_plain, parse_etags(request.headers.get("If-None-Match", ""))):
            return Status(304, None)
        return answer

    @api.patch(
        f"/{kind.plural}/{{identifier}}",
        operation_id=f"edit_{kind}",
        url_name=f"edit_{kind}",
        summary=f"Edit one {what}",
        response={200: draft, **_refusals(404, 409, 412, 413, 415, 422, 428)},
        exclude_unset=True,
    )
    def edit(
        request: HttpRequest,
        response: HttpResponse,
        sent: Body[edited],  # type: ignore[valid-type]
        identifier: str = which,
        seen: str = Header(
            ..., alias="If-Match", max_length=100, description="The ETag of the draft as you have seen it."
        ),
    ) -> Any:
        """What is sent is changed, the rest stays. Of lines all are sent: those with an `id` are edited, those without
        are new, and those that are left out are deleted. Answers with all of the draft, so it needs both scopes."""
        access_of(request).needs(_READ, _WRITE)
        entry, told = drafts.edit(request, kind, identifier, _plain(seen), sent.model_dump(exclude_unset=True))  # type: ignore[attr-defined]
        return _answer(request, entry, response, told)


for _kind in MODELS:
    _operations(_kind)
