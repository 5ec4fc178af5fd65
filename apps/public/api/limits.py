"""How often one address may ask, and the headers that say how often it still may."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.throttling import AnonRateThrottle

_WINDOW = 60  # seconds


class PerAddress(AnonRateThrottle):
    """So many requests a minute from one address, counted by each server process for itself.

    Behind a proxy the address is the last that this one put into X-Forwarded-For: what stands before it is the client's
    own word.
    """

    def __init__(self) -> None:
        super().__init__("1/min")  # of the setting's number, see allow_request

    def get_ident(self, request: HttpRequest) -> str | None:
        forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
        return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR")

    def get_cache_key(self, request: HttpRequest) -> Any:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}

    def allow_request(self, request: HttpRequest) -> bool:
        self.num_requests = limit = settings.API_REQUESTS_A_MINUTE
        is_allowed = super().allow_request(request)
        oldest = self.history[-1] if self.history else self.now
        vars(request)["rate"] = {
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": str(max(0, limit - len(self.history))),
            "RateLimit-Reset": str(max(0, round(_WINDOW - (self.now - oldest)))),
        }
        return is_allowed
