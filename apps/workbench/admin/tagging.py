"""The page behind the bar: an entry's tags, regions and themes, its cross-references, and what is suggested for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme

from apps.curation.models import CrossReference, Entry
from apps.taxonomy.models import Theme
from apps.taxonomy.words import Relation
from apps.workbench.admin.base import judged_once
from apps.workbench.admin.gate import GateAdmin, form_of
from apps.workbench.apart import readable
from apps.workbench.references import doubles
from apps.workbench.signing_in import keeps_what_was_typed
from apps.workbench.tagging.bar import parts
from apps.workbench.tagging.forms import LinkForm, TermsForm
from apps.workbench.tagging.putting_away import offer_again, put_away_double, put_away_related, put_away_theme

Answer = HttpResponse | None  # a page to go on with; None where the step is done


class TaggingAdmin(GateAdmin):
    """Tags and cross-references, a click each."""

    def get_urls(self) -> list[URLPattern]:
        name = f"curation_{self.model._meta.model_name}_tagging"
        view = keeps_what_was_typed(self.admin_site, self.tagging_view)
        return [path("<path:object_id>/tagging/", view, name=name), *super().get_urls()]

    def tagging_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show it; do the one thing that was asked for, and go back to where that was."""
        entry = self.entry(request, object_id)
        if request.method != "POST":
            return self._tagging_page(request, entry)
        if not self.has_change_permission(request, entry):
            raise PermissionDenied
        return judged_once(request, self._tagging_step, entry)  # type: ignore[no-any-return]

    def _tagging_step(self, request: HttpRequest, entry: Any) -> HttpResponse:
        steps: dict[str, Callable[[HttpRequest, Any], Answer]] = {
            "_terms": self._terms,
            "_link": self._link,
            "_unlink": self._unlink,
            "_theme": self._add_theme,
            "_see_also": self._see_also,
            "_not_theme": self._put_away_theme,
            "_not_related": self._put_away_related,
            "_not_same": self._put_away_double,
            "_compare_again": self._compare_again,
            "_offer_again": self._offer_again,
            "_submit": lambda request, entry: self._submit(request, [entry]),
            "_publish": lambda request, entry: self._publish(request, [entry]),
        }
        step = next((steps[name] for name in steps if name in request.POST), None)
        return (step and step(request, entry)) or HttpResponseRedirect(_back(request) or request.path)

    # --- Steps

    def _terms(self, request: HttpRequest, entry: Any) -> Answer:
        form = TermsForm(request.POST, entry=entry, auto_id="bar_%s")
        if not form.is_valid():
            return self._tagging_page(request, entry, terms=form, status=422)
        if form.save():
            self._edited(request, entry, "Its tags, regions and themes are saved.")
        return None

    def _link(self, request: HttpRequest, entry: Any) -> Answer:
        _may_link(request, "add")
        form = LinkForm(request.POST, entry=entry, user=request.user, auto_id="bar_%s")
        if not form.is_valid():
            return self._tagging_page(request, entry, link=form, status=422)
        reference = form.save()
        self._edited(request, entry, f"The cross-reference to “{reference.target}” is saved.")
        return None

    def _unlink(self, request: HttpRequest, entry: Any) -> Answer:
        _may_link(request, "delete")
        key = request.POST["_unlink"]
        reference = CrossReference.objects.filter(source=entry.pk, pk=key).first() if key.isdecimal() else None
        if reference is None:
            messages.info(request, "That cross-reference is gone already.")
            return None
        reference.delete()
        self._edited(request, entry, f"The cross-reference to “{reference.target}” is taken out.")
        return None

    def _add_theme(self, request: HttpRequest, entry: Any) -> Answer:
        theme = _named_theme(request, "_theme")
        entry.themes.add(theme)
        self._edited(request, entry, f"“{theme}” is one of its themes now.")
        return None

    def _see_also(self, request: HttpRequest, entry: Any) -> Answer:
        _may_link(request, "add")
        target = _other(request, "_see_also")
        try:
            with transaction.atomic():
                CrossReference.objects.create(source_id=entry.pk, target=target, relation=Relation.SEE_ALSO)
        except IntegrityError:  # joined meanwhile, or an entry and itself
            messages.info(request, f"It refers to “{target}” already.")
            return None
        self._edited(request, entry, f"It refers to “{target}” now.")
        return None

    def _put_away_theme(self, request: HttpRequest, entry: Any) -> Answer:
        theme = _named_theme(request, "_not_theme")
        put_away_theme(entry, theme.slug, request.user)
        messages.success(request, f"“{theme}” is not suggested for it any more.")
        return None

    def _put_away_related(self, request: HttpRequest, entry: Any) -> Answer:
        other = _other(request, "_not_related")
        put_away_related(entry, other, request.user)
        messages.success(request, f"“{other}” is not suggested for it any more.")
        return None

    def _put_away_double(self, request: HttpRequest, entry: Any) -> Answer:
        other = _other(request, "_not_same")
        put_away_double(entry, other, request.user)
        messages.success(request, f"Noted: it is not the same as “{other}”.")
        return None

    def _compare_again(self, request: HttpRequest, entry: Any) -> Answer:
        other = _other(request, "_compare_again")
        doubles.compare_again(entry.pk, other.pk)
        messages.success(request, f"It is no longer said that it is not the same as “{other}”.")
        return None

    def _offer_again(self, request: HttpRequest, entry: Any) -> Answer:
        offer_again(entry)
        messages.success(request, "What was put away is suggested again.")
        return None

    def _edited(self, request: HttpRequest, entry: Any, said: str) -> None:
        entry.touch(request.user)
        self._note(request, entry, said)
        messages.success(request, said)

    # --- The page

    def _tagging_page(
        self,
        request: HttpRequest,
        entry: Any,
        terms: TermsForm | None = None,
        link: LinkForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            **parts(Entry.objects.get(pk=entry.pk), request.user, terms, link),
            "title": f"Tags and cross-references: {entry}",
            "opts": self.opts,
            "form_address": form_of(entry),
            "back": _back(request),
        }
        return TemplateResponse(request, "workbench/tagging/page.html", context, status=status)


def _may_link(request: HttpRequest, what: str) -> None:
    if not request.user.has_perm(f"curation.{what}_crossreference"):
        raise PermissionDenied


def _named_theme(request: HttpRequest, name: str) -> Theme:
    """The theme that a button names."""
    return get_object_or_404(Theme, slug=request.POST[name].replace("\x00", ""))


def _other(request: HttpRequest, name: str) -> Entry:
    """The entry that a button names, if they may read it."""
    identifier = request.POST[name].replace("\x00", "")
    return get_object_or_404(readable(Entry.objects.all(), request.user), identifier=identifier)


def _back(request: HttpRequest) -> str:
    """The page of this site that the step was taken on; empty for this one."""
    back = request.POST.get("back", "")
    return back if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else ""
