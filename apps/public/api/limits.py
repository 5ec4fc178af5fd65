"""How often one address may ask, and the headers that say how often it still may."""

from __future__ import annotations

import threading
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

_WINDOW = 60  # seconds
_counting = threading.Lock()


def address_of(request: HttpRequest) -> str | None:
    """Where a request comes from. Behind a proxy the last that this one put into X-Forwarded-For: what stands before
    it is the client's own word."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR")


class PerAddress(BaseThrottle):
    """So many requests a minute from one address, counted by each server process for itself, over all that it asks.

    Ninja's own throttles keep what they count on themselves from one step to the next, and one serves all threads: two
    addresses that ask at once would be counted as each other.
    """

    def get_ident(self, request: HttpRequest) -> str | None:
        return address_of(request)

    def allow_request(self, request: HttpRequest) -> bool:
        limit, now, key = settings.API_REQUESTS_A_MINUTE, time.time(), f"api-{self.get_ident(request)}"
        with _counting:
            asked = [at for at in cache.get(key, ()) if at > now - _WINDOW]
            is_allowed = len(asked) < limit
            if is_allowed:
                asked.append(now)
                cache.set(key, asked, _WINDOW)
        vars(request)["rate"] = {
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": str(max(0, limit - len(asked))),
            "RateLimit-Reset": str(max(1, round(_WINDOW - (now - asked[0])))),
        }
        return is_allowed
