"""Reviewing: an entry as it is, as it would be, what the gate says, and the two ways on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.curation.models import Status
from apps.curation.reviewing import send_back
from apps.public.catalogue.models import Record
from apps.workbench.admin.gate import GateAdmin, form_of, in_plain, judged
from apps.workbench.differences import unpublished_differences
from apps.workbench.roles import may_review


class ReviewAdmin(GateAdmin):
    """A page for the reviewer of an entry."""

    def get_urls(self) -> list[URLPattern]:
        name = f"curation_{self.model._meta.model_name}_review"
        view = self.admin_site.admin_view(self.review_view)
        return [path("<path:object_id>/review/", view, name=name), *super().get_urls()]

    def review_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what would change, and publish it or send it back."""
        entry = self.entry(request, object_id, may=may_review(request.user))
        if request.method == "POST" and not self.has_publish_permission(request):
            raise PermissionDenied
        comment = request.POST.get("comment", "").replace("\x00", "")
        if request.method == "POST":
            done = (
                self._send_back(request, entry, comment) if "_return" in request.POST else self._approve(request, entry)
            )
            if done:
                return HttpResponseRedirect(reverse("admin:review"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Review: {entry}",
            "entry": entry,
            "opts": self.opts,
            "is_live": Record.objects.has_live(entry.identifier),
            "is_in_review": entry.status == Status.SUBMITTED,
            "differences": unpublished_differences(entry),
            "found": [(one, (in_plain(one.field), ""), is_known) for one, is_known in judged(entry, request.user)],
            **self.steps_of(request),
            "submissions": entry.submissions.select_related("by", "returned_by"),
            "comment": comment,
            "form": form_of(entry),
        }
        return TemplateResponse(request, "workbench/review.html", context)

    def _approve(self, request: HttpRequest, entry: Any) -> bool:
        if not self.publish_one(request, entry):
            return False
        messages.success(request, f"“{entry}” is published.")
        return True

    def _send_back(self, request: HttpRequest, entry: Any, comment: str) -> bool:
        try:
            send_back(entry, comment, request.user)  # type: ignore[arg-type]
        except ValueError as error:
            messages.error(request, str(error))
            return False
        self._note(request, entry, f"Sent back: {comment}")
        messages.success(request, f"“{entry}” went back with your comment.")
        return True
