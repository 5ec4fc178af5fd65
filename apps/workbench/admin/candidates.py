"""From notes to candidates: an analyst pastes or uploads notes, and decides about each sentence with one key."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.curation.intake.candidates import Reader
from apps.curation.intake.result import Unreadable
from apps.curation.intake.waiting import Outcome, may_replace, read_into, take
from apps.curation.models import Candidate
from apps.taxonomy.vocabulary import vocabulary
from apps.workbench.admin.candidate_forms import REPLACE, CandidateForm, NotesForm, values_of
from apps.workbench.admin.gate import GateAdmin, form_of
from apps.workbench.admin.parts import PartAdmin
from apps.workbench.deciding import Decided, accept, drop, offer, undo
from apps.workbench.editing import one_edit
from apps.workbench.people_named import named_among, people_of
from apps.workbench.signing_in import keeps_what_was_typed
from apps.workbench.source_text import marked

ON_A_PAGE = 50
SHOWN = {"waiting": "Waiting", "accepted": "Accepted", "dropped": "Dropped", "folded": "No claim"}


class ReadsNotes(GateAdmin):
    """What the admins of sessions and articles do with notes."""

    def get_urls(self) -> list[URLPattern]:
        name = f"curation_{self.model._meta.model_name}"
        views: dict[str, Callable[..., HttpResponse]] = {
            "notes": self.notes_view, "candidates": self.candidates_view, "candidate": self.candidate_view,
        }  # fmt: skip
        tails = {"notes": "notes/", "candidates": "candidates/", "candidate": "candidates/<int:key>/"}
        return [
            *(
                path(
                    f"<path:object_id>/{tails[page]}",
                    keeps_what_was_typed(self.admin_site, view),
                    name=f"{name}_{page}",
                )
                for page, view in views.items()
            ),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None and self._may_read(request, obj):
            context["reads_notes"] = True
            context["waiting"] = Candidate.objects.of(obj).waiting().count()
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    # --- Pages

    def notes_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Notes come in: pasted, in a file, or those that are there already."""
        source = self._source(request, object_id)
        about = {"has_text": bool(source.text.strip()), "may_replace": may_replace(source)}
        if request.method == "POST" and "reread" in request.POST:
            return self._told(request, source, read_into(source, _reader_of(source)))
        form = NotesForm(request.POST or None, request.FILES or None, **about)
        if request.method == "POST" and form.is_valid() and form.reading:
            try:
                return self._take(request, source, form)
            except Unreadable as unreadable:
                form.add_error(None, str(unreadable))
        context = {"form": form, "counts": _counts(source), **about}
        return self._candidates_page(request, source, "workbench/notes.html", "Read candidates from notes", context)

    def candidates_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Candidates beside the text; POST takes back what was decided last."""
        source = self._source(request, object_id)
        if request.method == "POST":
            return self._undo_last(request, source)
        show = request.GET.get("show", "waiting")
        show = show if show in SHOWN else "waiting"
        page = Paginator(_shown(source, show), ON_A_PAGE).get_page(request.GET.get("page"))
        rows = list(page.object_list)
        folded = list(_folded_among(source, rows, page.has_next())) if show == "waiting" else []
        context = {
            "rows": rows, "page": page, "show": show, "folded": folded, "counts": _counts(source), "shown": SHOWN,
            "text": marked(source.text, rows, folded),
        }  # fmt: skip
        return self._candidates_page(request, source, "workbench/candidates.html", "Candidates from notes", context)

    def candidate_view(self, request: HttpRequest, object_id: str, key: int) -> HttpResponse:
        """One candidate: GET to edit it, POST to decide about it."""
        source = self._source(request, object_id)
        candidate = Candidate.objects.of(source).filter(pk=key).first()
        if candidate is None:
            raise Http404
        action = request.POST.get("action", "")
        is_filled_in = "title" in request.POST
        form = CandidateForm(candidate, request.POST if is_filled_in else values_of(candidate) if action else None)
        if request.method == "POST":
            if action not in ("accept", "save") or form.is_valid():
                if form.made_proposition and not request.user.has_perm("curation.add_proposition"):
                    raise PermissionDenied
                return self._decided(request, candidate, action, form)
            if _is_script(request):  # what stands in the way is shown on the page where it can be mended
                return HttpResponse(status=422)
        several = [form[name] for name in ("speakers", "regions", "themes") if name in form.fields]
        short = [one for one in form.visible_fields() if one.name != "title" and one not in several]
        context = {
            "form": form, "candidate": candidate, "back": _back(request, candidate, candidate),
            "several": several, "short": short,
            "show": _asked(request, "show"), "number": _asked(request, "page"),
        }  # fmt: skip
        return self._candidates_page(request, source, "workbench/candidate.html", "Edit a candidate", context)

    # --- Steps

    def _take(self, request: HttpRequest, source: Any, form: NotesForm) -> HttpResponse:
        assert form.reading is not None
        before = source.text
        with one_edit(request.user):
            outcome = take(
                source, form.reading.text, _reader_of(source), replace=form.cleaned_data.get("how") == REPLACE
            )
            if source.text != before:
                source.touch(request.user)
                self.log_change(request, source, "Notes were read into its text.")
        for remark in form.reading.remarks:
            messages.info(request, remark)
        return self._told(request, source, outcome)

    def _told(self, request: HttpRequest, source: Any, outcome: Outcome) -> HttpResponse:
        messages.success(
            request,
            f"{outcome.new} new candidates; {outcome.folded} lines that claim nothing are folded away; "
            f"{outcome.known} were known already and stay as they are.",
        )
        return HttpResponseRedirect(form_of(source, "candidates"))

    def _decided(self, request: HttpRequest, candidate: Candidate, action: str, form: CandidateForm) -> HttpResponse:
        back = _back(request, candidate)
        try:
            with one_edit(request.user):
                message = self._do(request, candidate, action, form)
        except Decided as decided:
            messages.warning(request, str(decided))
        else:
            if not _is_script(request):
                messages.success(request, message)
        if _is_script(request):
            return self._row(request, Candidate.objects.get(pk=candidate.pk))
        return HttpResponseRedirect(back)

    def _do(self, request: HttpRequest, candidate: Candidate, action: str, form: CandidateForm) -> SafeString | str:
        """Carry out what was decided, and say so. Raises Decided, and Http404 for what can't be done."""
        if action == "accept":
            position = accept(candidate, form, request.user)
            self.log_addition(request, position, "Accepted from notes.")
            return format_html('Accepted as a draft: <a href="{}">{}</a>.', form_of(position), position)
        if action == "save":
            form.keep(candidate, request.user)
            return f"Kept, and it goes on waiting: “{candidate}”."
        if action == "drop":
            drop(candidate, request.user)
            return f"Dropped: “{candidate}”."
        if action == "offer":
            offer(candidate)
            return f"It waits among the others now: “{candidate}”."
        if action == "undo":
            undo(candidate, request.user)
            return f"It waits again: “{candidate}”."
        raise Http404

    def _undo_last(self, request: HttpRequest, source: Any) -> HttpResponse:
        mine = Candidate.objects.of(source).exclude(status=Candidate.Status.WAITING).filter(decided_by=request.user.pk)
        last = mine.order_by("-decided_at").first()
        if last is None:
            messages.info(request, "You have decided about nothing here that could be taken back.")
            return HttpResponseRedirect(form_of(source, "candidates"))
        try:
            with one_edit(request.user):
                undo(last, request.user)
            messages.success(request, f"It waits again: “{last}”.")
        except Decided as decided:
            messages.warning(request, str(decided))
        place = list(_shown(source, "waiting").values_list("pk", flat=True))
        number = place.index(last.pk) // ON_A_PAGE + 1 if last.pk in place else 1
        return HttpResponseRedirect(f"{form_of(source, 'candidates')}?page={number}#c-{last.pk}")

    # --- What pages share

    def _may_read(self, request: HttpRequest, source: Any) -> bool:
        return self.has_change_permission(request, source) and request.user.has_perm("curation.add_position")

    def _source(self, request: HttpRequest, object_id: str) -> Any:
        source = self.entry(request, object_id)
        if not self._may_read(request, source):
            raise PermissionDenied
        return source

    def _candidates_page(
        self, request: HttpRequest, source: Any, template: str, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        return TemplateResponse(
            request,
            template,
            {**self.admin_site.each_context(request), "title": title, "source": source, "opts": self.opts, **context},
        )

    def _row(self, request: HttpRequest, candidate: Candidate) -> HttpResponse:
        """A row as it is now, for a script that puts it in the place of the old one."""
        context = {"row": candidate, "opts": self.opts, "source": candidate.source, "show": "waiting"}
        response = TemplateResponse(request, "workbench/candidate_row.html", context)
        response["X-Counts"] = json.dumps(_counts(candidate.source))
        return response


def _reader_of(source: Any) -> Reader:
    return Reader(vocabulary(), named_among(people_of(source)))


def _shown(source: Any, show: str) -> Any:
    rows = Candidate.objects.of(source)
    chosen = {"waiting": rows.waiting, "folded": rows.folded}.get(show)
    found = chosen() if chosen else rows.filter(status=show)
    return found.select_related(
        "descriptor_expertise", "position", "proposition", "article", "session"
    ).prefetch_related("speakers", "regions", "themes")


def _folded_among(source: Any, rows: list[Candidate], goes_on: bool) -> Any:
    """What was taken for no claim in the stretch of text that a page shows."""
    folded = Candidate.objects.of(source).folded()
    if rows and goes_on:
        folded = folded.filter(start__lt=rows[-1].end)
    return folded.filter(start__gte=rows[0].start) if rows and rows[0].start > 0 and goes_on else folded


def _counts(source: Any) -> dict[str, int]:
    rows = Candidate.objects.of(source)
    status = Candidate.Status
    return {
        "waiting": rows.waiting().count(),
        "accepted": rows.filter(status=status.ACCEPTED).count(),
        "dropped": rows.filter(status=status.DROPPED).count(),
        "folded": rows.folded().count(),
    }


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _asked(request: HttpRequest, name: str) -> str:
    """What part of the list somebody came from, by a parameter of the form or of the address."""
    value = request.POST.get(name) or request.GET.get(name) or ""
    return value if value.isalnum() and value.isascii() and len(value) < 20 else ""


def _back(request: HttpRequest, candidate: Candidate, at: Candidate | None = None) -> str:
    """The list again, at a candidate, or else at the one that follows this: it is the next to be decided."""
    after = at or _shown(candidate.source, "waiting").filter(start__gt=candidate.start).first()
    asked = "&".join(f"{name}={value}" for name in ("show", "page") if (value := _asked(request, name)))
    address = form_of(candidate.source, "candidates") + (f"?{asked}" if asked else "")
    return f"{address}#c-{after.pk}" if after else address


@admin.register(Candidate)
class CandidateAdmin(PartAdmin):
    """Candidates of all sources, to look something up; they are decided beside their text."""

    list_display = ("title", "status", "no_claim", "decided_by", "read_from")
    list_filter = ("status",)
    list_select_related = ("article", "session", "decided_by")
    search_fields = ("title", "quotation")

    @admin.display(description="read from")
    def read_from(self, candidate: Candidate) -> SafeString:
        source = candidate.source
        address = reverse(f"admin:curation_{source.kind}_candidates", args=[source.pk])
        return format_html('<a href="{}">{}</a>', address, source)
