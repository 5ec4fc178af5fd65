"""The public site at the root, the API below it; the analysts' admin beside it, where this site has one."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("api/", include("apps.public.api.urls")),
    path("", include("apps.public.serving.urls")),
    path("", include("apps.public.website.urls")),
]

if settings.SITE_ROLE == "all":
    from django.contrib import admin

    urlpatterns += [path("admin/api/v1/", include("apps.workbench.api.urls")), path("admin/", admin.site.urls)]

handler400 = "apps.public.website.views.errors.bad_request"
handler403 = "apps.public.website.views.errors.forbidden"
handler404 = "apps.public.website.views.errors.not_found"
handler500 = "apps.public.website.views.errors.server_error"
