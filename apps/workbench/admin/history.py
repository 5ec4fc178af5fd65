"""The history of an entry: every change as a readable difference, each of which can be restored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from reversion.models import Revision

from apps.curation import history
from apps.curation.models import Entry
from apps.workbench.admin.base import judged_once
from apps.workbench.admin.gate import GateAdmin, form_of
from apps.workbench.apart import readable_when_deleted
from apps.workbench.differences import Difference, differences

ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a history: a change that can be restored, or a step towards the public."""

    at: dt.datetime
    by: Any
    what: str
    revision: int | None = None
    differences: list[Difference] = field(default_factory=list)
    is_new: bool = False  # nothing was kept before


class HistoryAdmin(GateAdmin):
    """Who changed what, when; and how it was before."""

    def get_urls(self) -> list[URLPattern]:
        name = f"curation_{self.model._meta.model_name}_restore"
        view = self.admin_site.admin_view(self.restore_view)
        return [path("<path:object_id>/history/<int:revision>/", view, name=name), *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        entry = self.entry(request, object_id)
        steps = history.steps(entry.pk)
        page = Paginator(steps, ON_A_PAGE).get_page(request.GET.get("page"))
        former = steps[page.end_index()] if page.has_next() else None
        rows = _rows(entry, list(page.object_list), former, is_first=page.number == 1)
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {entry}",
            "opts": self.opts,
            "entry": entry,
            "rows": rows,
            "page": page,
            "may_restore": self.has_change_permission(request, entry),
        }
        return TemplateResponse(request, "workbench/history.html", context)

    def restore_view(self, request: HttpRequest, object_id: str, revision: int) -> HttpResponse:
        """Make the entry what it was after a change; in public nothing changes until it is published."""
        entry = self.entry(request, object_id)
        if not self.has_change_permission(request, entry):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(form_of(entry, "history"))
        kept = get_object_or_404(Revision, pk=revision)
        try:
            restored = judged_once(request, restore, entry.pk, kept)
        except history.CannotRestore as error:
            messages.error(request, f"It was not restored. {error}")
            return HttpResponseRedirect(form_of(entry, "history"))
        self.log_change(request, restored, f"Restored as it was on {kept.date_created:%-d %B %Y, %H:%M}.")
        messages.success(request, "It is as it was then. What readers see has not changed: publish it for that.")
        return HttpResponseRedirect(form_of(restored))


def restore(request: HttpRequest, entry: int, kept: Revision) -> Entry:
    """Restore an entry as an edit by whoever asks for it. Raises history.CannotRestore."""
    restored = history.restore(entry, kept)
    restored.touch(request.user)
    return restored


def bring_back(request: HttpRequest) -> HttpResponse:
    """Restore a deleted entry as it was when it was deleted."""
    number = request.POST.get("version", "")
    there = readable_when_deleted(history.deleted(), request.user)
    version = there.filter(pk=number).first() if number.isdecimal() else None
    if version is None:
        messages.warning(request, "It is not among the deleted entries any more.")
        return HttpResponseRedirect(request.path)
    try:
        entry = judged_once(request, restore, int(version.object_id), version.revision)
    except history.CannotRestore as error:
        messages.error(request, f"“{version.object_repr}” was not restored. {error}")
        return HttpResponseRedirect(request.path)
    messages.success(request, f"“{entry}” is back, as a draft.")
    return HttpResponseRedirect(form_of(entry))


def _rows(entry: Entry, revisions: list[Revision], former: Revision | None, is_first: bool) -> list[Row]:
    """Some changes, the latest first, and the steps towards the public that were taken in their time."""
    rows = [
        Row(
            one.revision.date_created, one.revision.user, one.revision.comment, one.revision.pk, changed, not one.before
        )
        for one in history.read(entry.pk, revisions, former)
        if (changed := differences(one.before, one.after)) or one.revision.comment
    ]
    steps = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(type(entry)), object_id=str(entry.pk)
    ).exclude(change_message__startswith="[")  # those only say which fields were changed
    if revisions:
        steps = steps.filter(action_time__gte=revisions[-1].date_created)
    if revisions and not is_first:
        steps = steps.filter(action_time__lt=revisions[0].date_created)
    rows += [Row(one.action_time, one.user, one.change_message) for one in steps.select_related("user")]
    return sorted(rows, key=lambda row: row.at, reverse=True)
