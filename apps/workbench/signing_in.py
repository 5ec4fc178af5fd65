"""Signing in again on the spot: whoever was signed out while writing sends the form once more; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.debug import sensitive_post_parameters

_AGAIN = "sign_in_again"  # the name of the button that sends it
_OURS = (_AGAIN, "username", "password", "csrfmiddlewaretoken")


def keeps_what_was_typed(site: AdminSite, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the admin that asks for a password beside what was typed, where the admin would drop it and send to its
    front door. A file can't be handed back by a browser, so it has to be chosen again."""
    admitted = site.admin_view(view)

    @sensitive_post_parameters("password")
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or site.has_permission(request):
            return admitted(request, *args, **kwargs)
        is_again = _AGAIN in request.POST
        form = AdminAuthenticationForm(request, data=request.POST if is_again else None)
        if is_again and form.is_valid():
            login(request, form.get_user())
            request.POST = _without_ours(request)  # type: ignore[assignment]
            return admitted(request, *args, **kwargs)
        return _ask(site, request, form)

    return wrapped


def _ask(site: AdminSite, request: HttpRequest, form: AdminAuthenticationForm) -> HttpResponse:
    typed = [(name, value) for name, values in _without_ours(request).lists() for value in values]
    context = {
        **site.each_context(request),
        "title": "You have been signed out",
        "form": form,
        "typed": typed,
        "files": [file.name for _, files in request.FILES.lists() for file in files],
        "again": _AGAIN,
    }
    # A script that sent the form sees by the status that it was not taken.
    return TemplateResponse(request, "workbench/sign_in_again.html", context, status=401)


def _without_ours(request: HttpRequest) -> Any:
    kept = request.POST.copy()
    for name in _OURS:
        kept.pop(name, None)
    return kept
