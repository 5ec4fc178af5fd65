"""The page of tokens: whose they are makes and revokes them, an administrator revokes anybody's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from apps.workbench.api import tokens
from apps.workbench.models import Token

SHOWN = 200


class TokenForm(forms.Form):
    """What a token is for, and for how long."""

    name = forms.CharField(
        label="What it is for", max_length=60, help_text="The history of what it edits says this: “Survey of 2026”."
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=Token.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose one of them, or both."},
    )
    days = forms.TypedChoiceField(
        label="It expires after", choices=[(days, f"{days} days") for days in tokens.LIVES], coerce=int, initial=30
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self._by = by

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if Token.objects.filter(by=self._by, name=name, revoked_at=None, expires_at__gt=timezone.now()).exists():
            raise forms.ValidationError("You have a token of this name. Revoke that first, or choose another name.")
        return name


@sensitive_variables("key")
def tokens_view(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Tokens with their last use; a new one is shown on the answer to the form, and on no page after it."""
    by: Any = request.user
    form = TokenForm(request.POST if request.method == "POST" else None, by=by)
    made = key = None
    if request.method == "POST" and form.is_valid():
        made, key = tokens.make(by, **form.cleaned_data)
        form = TokenForm(by=by)
    is_administrator = _is_administrator(request)
    rows = Token.objects.select_related("by", "revoked_by")
    context |= {
        "title": "Tokens for programs",
        "form": form,
        "made": made,
        "key": key,
        "tokens": (rows if is_administrator else rows.filter(by=by.pk))[:SHOWN],
        "is_administrator": is_administrator,
    }
    return TemplateResponse(request, "workbench/tokens.html", context)  # no browser keeps pages of the admin


def revoke_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a token of one's own, or as an administrator anybody's."""
    rows = Token.objects.all() if _is_administrator(request) else Token.objects.filter(by=request.user.pk)
    token = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        tokens.revoke(token, request.user)  # type: ignore[arg-type]
        messages.success(request, f"“{token}” is revoked: it opens nothing any more.")
    return HttpResponseRedirect(reverse("admin:tokens"))


def _is_administrator(request: HttpRequest) -> bool:
    return request.user.has_perm("workbench.change_token")  # which superusers have, and whom they give it to
