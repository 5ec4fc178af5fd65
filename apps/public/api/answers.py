"""What our APIs share: how what is sent is read, how an answer is written, and how errors are described."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from apps.public.api.limits import PerAddress
from apps.public.api.problems import CONTENT_TYPE, answer_in_problems


class _Orjson(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data)


class _Strictly(Parser):
    """JSON as RFC 8259 has it: NaN is none, nor is half a pair of surrogates, which no database holds."""

    def parse_body(self, request: HttpRequest) -> Any:
        return orjson.loads(request.body)


class JsonApi(NinjaAPI):
    """An API that answers in JSON and in problems, and asks nobody else's server for its documentation."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(docs_url=None, renderer=_Orjson(), parser=_Strictly(), throttle=PerAddress(), **kwargs)
        answer_in_problems(self)

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """With problems under the name that they are sent by."""
        schema = super().get_openapi_schema(*args, **kwargs)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if status >= 400:
                        answer["content"] = {CONTENT_TYPE: answer["content"].pop(_Orjson.media_type)}
        return schema
