"""Whether the site is well, and its figures, where there is a key to them."""

from django.conf import settings
from django.urls import path

from apps.public.serving import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("ready/", views.ready, name="ready"),
    *([path("metrics/", views.figures, name="metrics")] if settings.METRICS_KEY else []),
]
