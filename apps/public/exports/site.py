"""Where the site stands, for addresses that are taken away from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest

from apps.public.catalogue.models import Record


class Known(NamedTuple):
    """What is known of a record beside its content, for those who read very many."""

    pk: int
    identifier: str
    kind: str
    version: int
    published_at: dt.datetime
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Site:
    name: str
    root: str  # https://kb.example, without a slash at the end

    @classmethod
    def of(cls, request: HttpRequest) -> Site:
        return cls(settings.SITE_NAME, f"{request.scheme}://{request.get_host()}")

    def permalink(self, record: Record | Known) -> str:
        return f"{self.root}/{record.kind}s/{record.identifier}/"

    def version(self, record: Record | Known) -> str:
        """The address of what a record says now, whatever it comes to say later."""
        return f"{self.permalink(record)}versions/{record.version}/"


def usual_address() -> str:
    """Where the site stands, as far as the settings say."""
    host = settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS else "localhost"
    return f"{'https' if settings.SECURE_SSL_REDIRECT else 'http'}://{host.lstrip('*.') or 'localhost'}"
