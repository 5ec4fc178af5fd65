"""Figures for Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/

Each server process counts for itself. Where there are several on one machine, PROMETHEUS_MULTIPROC_DIR, an empty
folder, lets any of them answer for all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from apps.public.serving.health import Health, look

METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"))
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

REQUESTS = Counter("kb_requests", "Requests that were answered.", ("method", "view", "status"))
SECONDS = Histogram(
    "kb_request_seconds",
    "Seconds until the answer began.",
    ("view",),
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class _Catalogue(Collector):
    """How the site is at the moment it is asked."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        health = self._health
        yield GaugeMetricFamily("kb_ready", "1 if the site can answer everything.", float(health.is_ready))
        if health.change is not None:
            yield GaugeMetricFamily("kb_catalogue_change", "The catalogue's last change number.", health.change)
        if health.indexed is not None:
            yield GaugeMetricFamily("kb_index_change", "The last change that the search index holds.", health.indexed)


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Catalogue(look()))
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(REGISTRY) + generate_latest(registry)
