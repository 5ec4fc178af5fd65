"""What a supervisor, a proxy or Prometheus asks."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from apps.public.serving import metrics
from apps.public.serving.health import look


@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """That this process answers: asked of the supervisor, which starts it anew if not. Whatever else is down."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Whether to send readers here: asked of the proxy, which takes them elsewhere if not."""
    found = look()
    said = {"ready": found.is_ready, "change": found.change, "indexed": found.indexed, "missing": found.missing}
    return JsonResponse(said, status=200 if found.is_ready else 503)


@never_cache
def figures(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, to whoever holds the key; to others there is no such page."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not secrets.compare_digest(given.encode(), settings.METRICS_KEY.encode()):
        raise Http404
    return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE)
