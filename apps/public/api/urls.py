"""The API's addresses: what there is of each version, and a page that says how to use it."""

from django.urls import path

from apps.public.api.documentation import documentation
from apps.public.api.v1 import api

urlpatterns = [
    path("", documentation, name="api"),
    path("v1/", api.urls),
]
