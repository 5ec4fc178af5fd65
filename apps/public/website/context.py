"""What every page may show of the site itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_name": settings.SITE_NAME,
        "has_admin": settings.SITE_ROLE == "all",
        "has_synthetic": (state := vars(request).get("state")) is not None and state.has_synthetic,
        "section": request.path.split("/")[1],  # which part of the main navigation is the present one
    }
