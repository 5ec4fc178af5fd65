"""The pages of the coding view, beside the form of an article or a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.curation.models import Position
from apps.workbench.admin.gate import GateAdmin
from apps.workbench.coding.forms import CodingForm
from apps.workbench.coding.page import coded_in, paragraphs_of
from apps.workbench.coding.passages import PassageFormSet, lines_of
from apps.workbench.coding.saving import save, undo
from apps.workbench.editing import one_edit

View = Callable[..., HttpResponse]
_OF_SIGNING_IN = ("csrfmiddlewaretoken", "username", "password", "_sign_in")


class CodingAdmin(GateAdmin):
    """What is coded: an article or a session, with its text on the one side and its positions on the other."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        pages: list[tuple[str, View, str]] = [
            ("code/", self.code_view, "code"),
            ("code/<int:position>/", self.code_view, "code_position"),
            ("code/undo/", self.undo_view, "code_undo"),
        ]
        return [
            *(
                path(f"<path:object_id>/{page}", self._keeping_what_was_typed(view), name=f"{name}_{what}")
                for page, view, what in pages
            ),
            *super().get_urls(),
        ]

    def code_view(self, request: HttpRequest, object_id: str, position: int | None = None) -> HttpResponse:
        """Show a source with its positions and the form for one; save that."""
        source = self.entry(request, object_id)
        instance = get_object_or_404(source.positions, pk=position) if position else None
        if request.method == "POST" and not request.user.has_perm(
            f"curation.{'change' if instance else 'add'}_position"
        ):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        was = lines_of(instance.passages.all(), source.text) if instance else []
        form = CodingForm(data, source=source, instance=instance)
        lines = PassageFormSet(data, initial=was, prefix="passages", form_kwargs={"text": source.text})
        valid = [form.is_valid(), lines.is_valid()] if data else [False]
        if form.made_proposition and not request.user.has_perm("curation.add_proposition"):
            raise PermissionDenied
        if all(valid):
            return self._saved(request, source, form, lines.places())  # type: ignore[attr-defined]
        return self._coding_page(request, source, form, lines, status=422 if data else 200)

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take back what was saved last in this source."""
        source = self.entry(request, object_id)
        deed = request.session.pop(self._deed(source), None) if request.method == "POST" else None
        if not request.user.has_perm("curation.change_position"):
            raise PermissionDenied
        if deed is None:
            messages.info(request, "There is nothing to take back.")
        else:
            try:
                with one_edit(request.user):
                    messages.success(request, undo(deed, request.user))  # type: ignore[arg-type]
            except ValueError as error:
                messages.warning(request, str(error))
        return HttpResponseRedirect(self._here(source))

    # --- Answers

    def _saved(
        self, request: HttpRequest, source: Any, form: CodingForm, places: list[tuple[int, int]]
    ) -> HttpResponse:
        was_there = form.instance.pk is not None
        with one_edit(request.user):
            position, deed = save(form, places, request.user)  # type: ignore[arg-type]
        log = self.admin_site.get_model_admin(Position)
        (log.log_change if was_there else log.log_addition)(request, position, f"Coded in “{source}”.")
        request.session[self._deed(source)] = deed
        if _asks_for_part(request):
            coded = coded_in(source, self._here(source), _form_address(), only=position.pk)
            return render(request, "workbench/coding/positions.html", {"positions": coded})
        messages.success(request, f"“{position}” is saved as a draft." if not was_there else f"“{position}” is saved.")
        return HttpResponseRedirect(f"{self._here(source)}#position-{position.pk}")

    def _coding_page(
        self, request: HttpRequest, source: Any, form: CodingForm, lines: Any, status: int
    ) -> HttpResponse:
        context = {"form": form, "lines": lines, "source": source, "opts": self.opts, "here": request.path}
        if _asks_for_part(request):
            return render(request, "workbench/coding/form.html", context, status=status)
        positions = coded_in(source, self._here(source), _form_address())
        context |= {
            **self.admin_site.each_context(request),
            "title": f"Code: {source}",
            "paragraphs": paragraphs_of(source.text, positions),
            "positions": positions,
            "address": self._here(source),
            "may_code": request.user.has_perm("curation.add_position"),
            "deed": request.session.get(self._deed(source)),
            "language": getattr(source, "language", ""),
        }
        return TemplateResponse(request, "workbench/coding/page.html", context, status=status)

    def _here(self, source: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_code", args=[source.pk])

    def _deed(self, source: Any) -> str:
        return f"coded in {source.identifier}"

    # --- Whoever was signed out while writing

    def _keeping_what_was_typed(self, view: View) -> View:
        """The view for those who may see it; others sign in first, and what they had sent comes along."""
        inner = self.admin_site.admin_view(view)

        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not self.admin_site.has_permission(request):
                return self._sign_in(request) or inner(request, *args, **kwargs)
            return inner(request, *args, **kwargs)

        return kept

    def _sign_in(self, request: HttpRequest) -> HttpResponse | None:
        """Ask who it is; None once that is answered."""
        if _asks_for_part(request):
            return HttpResponse("You were signed out.", status=401, content_type="text/plain")
        form = AdminAuthenticationForm(request, data=request.POST if "_sign_in" in request.POST else None)
        if form.is_bound and form.is_valid():
            login(request, form.get_user())
            return None
        typed = [(name, one) for name, some in request.POST.lists() for one in some if name not in _OF_SIGNING_IN]
        context = {**self.admin_site.each_context(request), "form": form, "typed": typed, "title": "Sign in to go on"}
        return render(request, "workbench/coding/sign_in.html", context)


def _asks_for_part(request: HttpRequest) -> bool:
    """Whether the page's own script asks, which puts the answer into the page."""
    return request.headers.get("X-Requested-With") == "coding"


def _form_address() -> str:
    """That of a position's own form, with 0 for its number."""
    return reverse("admin:curation_position_change", args=[0])
