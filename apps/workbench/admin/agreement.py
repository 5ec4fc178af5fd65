"""The pages of double coding: asking for it, saying that one is done, how far both agree, and what is decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify

from apps.curation.agreement.course import ask, go_on, say_done
from apps.curation.agreement.measures import FEWEST, Variable, pairs_of, report_on
from apps.curation.models import Coder, DoubleCoding, UnitPair
from apps.public.catalogue.models import Record
from apps.workbench.admin.base import BaseAdmin
from apps.workbench.admin.gate import form_of
from apps.workbench.agreement.figures import as_csv
from apps.workbench.agreement.forms import SHOWN, AskForm, ResolvingForm
from apps.workbench.agreement.resolving import Unresolved, drop, keep, settle
from apps.workbench.seeing import note_seen


@dataclass(frozen=True, slots=True)
class Row:
    """A variable of a pair: what either coder said of it and, where they differ, the fields that decide."""

    label: str
    first: str
    second: str
    differs: bool
    choice: Any = None
    other: Any = None


class FiguresAdmin(BaseAdmin):
    """How far two coders agree, in a source or in all of a workshop: a page, and a file to take along."""

    def get_urls(self) -> list[URLPattern]:
        name = f"curation_{self.model._meta.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/agreement/", view(self.agreement_view), name=f"{name}_agreement"),
            path("<path:object_id>/agreement/figures.csv", view(self.figures_view), name=f"{name}_figures"),
            *super().get_urls(),
        ]

    def agreement_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """All of a workshop's sources that two people coded."""
        workshop = self._about(request, object_id)
        doubles = list(DoubleCoding.objects.of_workshop(workshop).with_people())
        return self._agreement_page(
            request, workshop, "workshop", doubles, {"rows": [(one, _alone(one)) for one in doubles]}
        )

    def figures_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        thing = self._about(request, object_id)
        of_it = DoubleCoding.objects.of_workshop if thing.kind == "workshop" else DoubleCoding.objects.of
        compared = list(of_it(thing).filter(compared_at__isnull=False).with_people())
        if not compared:
            raise Http404
        response = HttpResponse(as_csv(compared), content_type="text/csv; charset=utf-8")
        name = slugify(thing.title)[:60] or thing.identifier
        response["Content-Disposition"] = f'attachment; filename="agreement-{name}.csv"'
        return response

    def _about(self, request: HttpRequest, object_id: str) -> Any:
        """The entry of an address, also for somebody who codes it apart: these pages tell nothing before its time."""
        key = unquote(object_id)
        thing = get_object_or_404(self.model, pk=key) if key.isascii() and key.isdecimal() and len(key) < 19 else None
        if thing is None:
            raise Http404
        if not self.has_view_permission(request, thing):
            raise PermissionDenied
        note_seen(thing, request.user)
        return thing

    def _agreement_page(
        self, request: HttpRequest, thing: Any, template: str, doubles: list[DoubleCoding], context: dict[str, Any]
    ) -> HttpResponse:
        report = report_on(doubles) if any(one.compared_at for one in doubles) else None
        context = {
            **self.admin_site.each_context(request),
            "title": f"Two coders: {thing}",
            "opts": self.opts,
            "thing": thing,
            "report": report,
            "fewest": FEWEST,
            **context,
        }
        return TemplateResponse(request, f"workbench/agreement/{template}.html", context, status=context.get("status"))


class AgreementAdmin(FiguresAdmin):
    """A source that two people code: the course of it, and what is decided in the end."""

    def get_urls(self) -> list[URLPattern]:
        name = f"curation_{self.model._meta.model_name}_pair"
        view = self.admin_site.admin_view(self.pair_view)
        return [path("<path:object_id>/agreement/<int:number>/", view, name=name), *super().get_urls()]

    def agreement_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How it stands with the two coders of a source; POST takes it a step further."""
        source = self._about(request, object_id)
        double = DoubleCoding.objects.of(source).with_people().first()
        form = AskForm(request.POST if "ask" in request.POST else None, source=source, by=request.user)  # type: ignore[arg-type]
        if request.method == "POST":
            if not request.user.has_perm("curation.change_position"):
                raise PermissionDenied
            if self._coders_step(request, source, double, form):
                return HttpResponseRedirect(form_of(source, "agreement"))
        compared = [double] if double and double.compared_at else []
        pairs = [(pair, _rows(pair)) for pair in pairs_of(compared)]
        role = double.role_of(request.user) if double else None
        context = {
            "double": double,
            "form": form,
            "role": role,
            "orphans": double.orphans if double and not double.compared_at else [],
            "is_done": bool(double and role and double.done_at(role)),
            "pairs": pairs,
            "undecided": sum(pair.decided_at is None for pair, _ in pairs),
            "public": Record.objects.live().filter(identifier__in=source.positions.values("identifier")).count(),
            "may_code": request.user.has_perm("curation.change_position"),
            "status": 422 if form.errors else 200,
        }
        return self._agreement_page(request, source, "source", compared, context)

    def _coders_step(self, request: HttpRequest, source: Any, double: DoubleCoding | None, form: AskForm) -> bool:
        """Ask two people, or go on from there; whether that was done."""
        if "ask" in request.POST:
            return self._ask(request, source, form)
        if double is None:
            messages.info(request, "It is over already.")
        elif "remove" in request.POST:
            double.delete()
            messages.success(request, "The double coding is removed. The record is as it was.")
        elif (coder := _who_is_meant(request, double)) is None:
            raise PermissionDenied
        elif "done" in request.POST:
            double = say_done(double, coder)
            messages.success(
                request, "Both of you are done: here is how far you agree." if double.compared_at else "You are done."
            )
        elif "go_on" in request.POST:
            try:
                go_on(double, coder)
                messages.success(request, "You may go on.")
            except ValueError as error:
                messages.warning(request, str(error))
        return True

    def _ask(self, request: HttpRequest, source: Any, form: AskForm) -> bool:
        if not form.is_valid():
            return False
        try:
            double = ask(source, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            return False
        messages.success(request, f"Asked. {double.second} finds it on the workbench’s front page.")
        return True

    def pair_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """One unit with what both coders said of it; POST decides."""
        source = self._about(request, object_id)
        compared = DoubleCoding.objects.of(source).filter(compared_at__isnull=False)
        pair = get_object_or_404(pairs_of(compared).select_related("double__first", "double__second"), number=number)
        form = ResolvingForm(pair, request.POST if "settle" in request.POST else None) if pair.is_matched else None
        if request.method == "POST" and self._resolved(request, pair, form):
            return HttpResponseRedirect(_next(source, pair))
        context = {
            "pair": pair,
            "double": pair.double,
            "form": form,
            "rows": _rows(pair, form),
            "last": pair.double.pairs.count(),
            "may_code": request.user.has_perm("curation.change_position"),
            "status": 422 if form and form.errors else 200,
        }
        return self._agreement_page(request, source, "pair", [], context)

    def _resolved(self, request: HttpRequest, pair: UnitPair, form: ResolvingForm | None) -> bool:
        needed = "delete" if "drop" in request.POST else "change"
        if not request.user.has_perms((f"curation.{needed}_position", "curation.add_position")):
            raise PermissionDenied
        try:
            if form is not None:
                if not form.is_valid():
                    return False
                messages.success(request, f"“{settle(pair, form.taken(), request.user)}” is as you decided.")  # type: ignore[arg-type]
            elif "keep" in request.POST:
                messages.success(request, f"“{keep(pair, request.user)}” is kept.")  # type: ignore[arg-type]
            elif "drop" in request.POST:
                drop(pair, request.user)  # type: ignore[arg-type]
                messages.success(request, f"“{pair}” is dropped.")
        except Unresolved as unresolved:
            messages.error(request, str(unresolved))
            return False
        return True


def _who_is_meant(request: HttpRequest, double: DoubleCoding) -> Coder | None:
    """Which of the two is done: whoever says so, or one whose account is gone, for whom anybody may say it."""
    named = request.POST.get("done")
    return next((one for one in double.orphans if one == named), None) or double.role_of(request.user)


def _next(source: Any, pair: UnitPair) -> str:
    """The next unit that waits for a decision; where none does, all of them."""
    waiting = pair.double.pairs.filter(decided_at=None)
    after = waiting.filter(number__gt=pair.number).first() or waiting.first()
    if after is None:
        return form_of(source, "agreement")
    return reverse(f"admin:curation_{source.kind}_pair", args=[source.pk, after.number])


def _alone(double: DoubleCoding) -> Any:
    return report_on([double]) if double.compared_at else None


def _rows(pair: UnitPair, form: ResolvingForm | None = None) -> list[Row]:
    return [_row(one, pair, form) for one in SHOWN]


def _row(one: Variable, pair: UnitPair, form: ResolvingForm | None) -> Row:
    mine, theirs = (one.words(unit) if unit else "" for unit in (pair.first, pair.second))
    differs = bool(pair.first and pair.second and one.value(pair.first) != one.value(pair.second))
    choice = form[one.name] if form and one.name in form.fields else None
    other = form[f"{one.name}_else"] if form and f"{one.name}_else" in form.fields else None
    return Row(one.label, mine, theirs, differs, choice, other)
