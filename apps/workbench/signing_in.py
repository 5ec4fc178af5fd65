"""Signing in again on the spot: whoever was signed out while writing sends the form once more; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.forms import PasswordForm
from apps.accounts.pages import answered, with_code

_AGAIN = "sign_in_again"  # the name of the button that sends it
_OURS = (_AGAIN, "username", "password", "second_factor_code", "csrfmiddlewaretoken")


def keeps_what_was_typed(site: AdminSite, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the admin that asks for a password beside what was typed, where the admin would drop it and send to its
    front door. A file can't be handed back by a browser, so it has to be chosen again."""
    admitted = site.admin_view(view)

    @sensitive_post_parameters("password", "second_factor_code")
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or site.has_permission(request):
            return admitted(request, *args, **kwargs)
        is_again = _AGAIN in request.POST
        form = PasswordForm(request, data=request.POST if is_again else None)
        if is_again and form.is_valid() and _is_in(request, form):
            request.POST = _without_ours(request)  # type: ignore[assignment]
            return admitted(request, *args, **kwargs)
        return _ask(site, request, form)

    return wrapped


def _is_in(request: HttpRequest, form: PasswordForm) -> bool:
    """Whether they are signed in now; else the form says what is missing."""
    try:
        return with_code(request, form.get_user(), request.POST.get("second_factor_code", "").strip())
    except ValidationError as missing:
        form.add_error(None, missing)
        return False


def _ask(site: AdminSite, request: HttpRequest, form: PasswordForm) -> HttpResponse:
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
    page = TemplateResponse(request, "workbench/sign_in_again.html", context, status=401)
    return answered(page, form.locked)


def _without_ours(request: HttpRequest) -> Any:
    kept = request.POST.copy()
    for name in _OURS:
        kept.pop(name, None)
    return kept
