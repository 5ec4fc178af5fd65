"""The pages of the coding view, beside the form of an article or a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.curation.models import DoubleCoding, Position
from apps.workbench.admin.gate import GateAdmin
from apps.workbench.apart import coded_apart_by
from apps.workbench.coding.books import Apart, Record
from apps.workbench.coding.forms import CodingForm
from apps.workbench.coding.page import paragraphs_of
from apps.workbench.coding.passages import LONGEST, PassageFormSet, lines_of
from apps.workbench.coding.suggesting import named_in
from apps.workbench.coding.taking_back import Deeds
from apps.workbench.signing_in import keeps_what_was_typed

View = Callable[..., HttpResponse]


class CodingAdmin(GateAdmin):
    """What is coded: an article or a session, with its text on the one side and its positions on the other."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        pages: list[tuple[str, View, str]] = [
            ("code/", self.code_view, "code"),
            ("code/<int:position>/", self.code_view, "code_position"),
            ("code/undo/", self.undo_view, "code_undo"),
            ("code/suggested/", self.suggested_view, "code_suggested"),
            ("code/<int:position>/take-out/", self.take_out_view, "code_take_out"),
        ]
        return [
            *(
                path(f"<path:object_id>/{page}", keeps_what_was_typed(self.admin_site, view), name=f"{name}_{what}")
                for page, view, what in pages
            ),
            *super().get_urls(),
        ]

    def code_view(self, request: HttpRequest, object_id: str, position: int | None = None) -> HttpResponse:
        """Show a source with its positions and the form for one; save that."""
        book = self._book(request, object_id)
        instance = _row(book, position) if position else None
        if request.method == "POST" and not request.user.has_perm(
            f"curation.{'change' if instance else 'add'}_position"
        ):
            raise PermissionDenied
        data = request.POST if request.method == "POST" and book.is_open else None
        was = lines_of(instance.passages.all(), book.source.text) if instance else []
        form = book.form(data, instance)
        lines = PassageFormSet(data, initial=was, prefix="passages", form_kwargs={"text": book.source.text})
        valid = [form.is_valid(), lines.is_valid()] if data else [False]
        if form.made_proposition and not request.user.has_perm("curation.add_proposition"):
            raise PermissionDenied
        if data and "_suggest" in data:  # asked without a script
            named = named_in("\n".join(one["quotation"].value() or "" for one in lines)[:LONGEST])
            for name, names in named.items():
                form.fields[name].widget.suggested = names  # type: ignore[attr-defined]
            return self._coding_page(request, book, form, lines, status=200)
        if all(valid):
            return self._saved(request, book, form, lines.places())  # type: ignore[attr-defined]
        return self._coding_page(request, book, form, lines, status=422 if data else 200)

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take back what was done last in this source, then what was done before that."""
        book = self._book(request, object_id)
        if not request.user.has_perm("curation.change_position"):
            raise PermissionDenied
        deeds = _deeds(request, book)
        deed = deeds.take_last() if request.method == "POST" and book.is_open else None
        if deed is None:
            messages.info(request, "There is nothing to take back.")
        else:
            try:
                done, now = book.undo(deed)
                deeds.was_taken_back(deed, now)
                messages.success(request, done)
            except ValueError as error:
                messages.warning(request, str(error))
        return HttpResponseRedirect(self._here(book.source))

    def suggested_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The regions and themes that some words of the text name, for the form that quotes them."""
        self._book(request, object_id)
        return JsonResponse(named_in("\n".join(request.POST.getlist("words"))[:LONGEST]))

    def take_out_view(self, request: HttpRequest, object_id: str, position: int) -> HttpResponse:
        """Delete what a second coder found. A position of the record is deleted on its own form, and not here."""
        book = self._book(request, object_id)
        if not isinstance(book, Apart) or not request.user.has_perm("curation.change_position"):
            raise PermissionDenied
        unit = book.rows.filter(pk=position).first()
        if request.method == "POST" and book.is_open and unit:
            _deeds(request, book).add(book.take_out(unit))
            messages.success(request, f"“{unit}” is out.")
        return HttpResponseRedirect(self._here(book.source))

    def _book(self, request: HttpRequest, object_id: str) -> Record:
        """Where what this reader codes in a source is kept. Whoever codes it apart sees the source here alone."""
        if double := self._coded_apart(request, object_id):
            return Apart(double, request.user)  # type: ignore[arg-type]
        return Record(self.entry(request, object_id), request.user)  # type: ignore[arg-type]

    def _coded_apart(self, request: HttpRequest, object_id: str) -> DoubleCoding | None:
        doubles = coded_apart_by(request.user) if self.has_view_permission(request) else []
        here = (self.model.KIND, unquote(object_id))
        return next((one for one in doubles if (one.source.kind, str(one.source.pk)) == here), None)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Of a source that somebody codes apart, the form isn't there for them; its text is."""
        if double := self._coded_apart(request, object_id):
            messages.info(request, "Until both of you are done, you see of this its text and what you code in it.")
            return HttpResponseRedirect(self._here(double.source))
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc,no-any-return]

    # --- Answers

    def _saved(
        self, request: HttpRequest, book: Record, form: CodingForm, places: list[tuple[int, int]]
    ) -> HttpResponse:
        was_there = form.instance.pk is not None
        row, deed = book.save(form, places)
        if not book.double:
            log = self.admin_site.get_model_admin(Position)
            (log.log_change if was_there else log.log_addition)(request, row, f"Coded in “{book.source}”.")
        _deeds(request, book).add(deed)
        here = self._here(book.source)
        if _asks_for_part(request):
            coded = book.coded(here, _form_address(), only=row.pk)
            return render(request, "workbench/coding/positions.html", {"positions": coded, "double": book.double})
        messages.success(request, f"“{row}” is saved{'' if was_there or book.double else ' as a draft'}.")
        return HttpResponseRedirect(f"{here}#position-{row.pk}")

    def _coding_page(
        self, request: HttpRequest, book: Record, form: CodingForm, lines: Any, status: int
    ) -> HttpResponse:
        source = book.source
        context = {"form": form, "lines": lines, "source": source, "opts": self.opts, "here": request.path}
        if _asks_for_part(request):
            return render(request, "workbench/coding/form.html", context, status=status)
        positions = book.coded(self._here(source), _form_address())
        context |= {
            **self.admin_site.each_context(request),
            "title": f"Code: {source}",
            "paragraphs": paragraphs_of(source.text, positions),
            "positions": positions,
            "double": book.double,
            "address": self._here(source),
            "may_code": request.user.has_perm("curation.add_position") and book.is_open,
            "may_undo": bool(_deeds(request, book)),
            "language": getattr(source, "language", ""),
        }
        return TemplateResponse(request, "workbench/coding/page.html", context, status=status)

    def _here(self, source: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_code", args=[source.pk])


def _row(book: Record, key: int) -> Any:
    try:
        return get_object_or_404(book.rows, pk=key)
    except OverflowError as error:  # a number in the address that no database has room for
        raise Http404 from error


def _deeds(request: HttpRequest, book: Record) -> Deeds:
    return Deeds(request.session, f"{book.source.identifier}{' apart' if book.double else ''}")


def _asks_for_part(request: HttpRequest) -> bool:
    """Whether the page's own script asks, which puts the answer into the page."""
    return request.headers.get("X-Requested-With") == "coding"


def _form_address() -> str:
    """That of a position's own form, with 0 for its number."""
    return reverse("admin:curation_position_change", args=[0])
