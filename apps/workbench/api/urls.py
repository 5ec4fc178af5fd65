"""The API's addresses. What isn't among them is a problem, where the admin would send to its front door."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path

from apps.workbench.api.v1 import api


def nothing(request: HttpRequest) -> HttpResponse:
    raise Http404


urlpatterns = [path("", api.urls), re_path("", nothing)]
