"""The gate as the workbench shows it: findings beside the fields, submit, publish, withdraw, acknowledge, preview."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.curation.models import Attendance, Authorship, Candidate, CrossReference, Entry, Passage
from apps.curation.reviewing import last_return, submit
from apps.gate.findings import OF_ITS_PROPOSITION, Finding, Refused, Severity
from apps.gate.publication import (
    acknowledge,
    dependants,
    findings,
    objections,
    publish,
    unacknowledged,
    withdraw,
)
from apps.public.catalogue.models import Record
from apps.taxonomy.words import Kind
from apps.workbench.admin.base import BaseAdmin
from apps.workbench.apart import coded_apart_by, tellable
from apps.workbench.models import arrive, leave
from apps.workbench.preview import preview_page
from apps.workbench.roles import ACKNOWLEDGE, PUBLISH, may_review, may_withdraw


def form_of(entry: Entry, page: str = "change") -> str:
    """The address of an entry's form, or of another page about it."""
    return reverse(f"admin:curation_{entry.kind}_{page}", args=[entry.pk])


class GateAdmin(BaseAdmin):
    """What leads an entry to the public and back."""

    change_form_template = "workbench/change_form.html"
    actions = ("submit_selected", "publish_selected", "withdraw_selected")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PUBLISH)

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return may_withdraw(request.user)

    def has_acknowledge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ACKNOWLEDGE)

    # --- On the form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        context |= self.steps_of(request)
        if obj is not None:
            # As it was saved last: what stands in the form may not be fit to be judged yet.
            found = judged(Entry.objects.get(pk=obj.pk), request.user)
            form = context["adminform"].form
            _put_beside_fields(form, [one for one, is_acknowledged in found if not is_acknowledged])
            context |= {
                "found": [(one, _place(form, one.field), is_acknowledged) for one, is_acknowledged in found],
                "is_live": Record.objects.has_live(obj.identifier),
                "returned": last_return(obj),
                "others": arrive(obj, request.user) if self.has_change_permission(request, obj) else [],  # type: ignore[arg-type]
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        leave(obj, request.user)  # type: ignore[arg-type]
        return self._go_on(request, obj) or super().response_change(request, obj)

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._go_on(request, obj) or super().response_add(request, obj, *args, **kwargs)

    def _go_on(self, request: HttpRequest, entry: Entry) -> HttpResponse | None:
        """After saving with one of the buttons that also submit or publish."""
        if "_submit" in request.POST:
            self._submit(request, [entry])
        elif "_publish" in request.POST:
            self._publish(request, [entry])
        else:
            return None
        return HttpResponseRedirect(form_of(entry))

    # --- Pages about one entry

    def get_urls(self) -> list[URLPattern]:
        views = {"acknowledge": self.acknowledge_view, "withdraw": self.withdraw_view, "preview": self.preview_view}
        name = f"curation_{self.model._meta.model_name}"
        return [
            *(
                path(f"<path:object_id>/{page}/", self.admin_site.admin_view(view), name=f"{name}_{page}")
                for page, view in views.items()
            ),
            *super().get_urls(),
        ]

    def steps_of(self, request: HttpRequest) -> dict[str, bool]:
        """Which steps the user may take, for a template."""
        return {
            "may_publish": self.has_publish_permission(request),
            "may_withdraw": self.has_withdraw_permission(request),
            "may_acknowledge": self.has_acknowledge_permission(request),
            "may_review": may_review(request.user),
        }

    def entry(self, request: HttpRequest, object_id: str, may: bool = True) -> Any:
        """The entry of an address, where the user ``may`` do what it is asked for. Raises Http404, and PermissionDenied
        for what the user may not see or do."""
        entry = self.get_object(request, unquote(object_id))
        if entry is None:
            raise Http404
        if not (may and self.has_view_permission(request, entry)):
            raise PermissionDenied
        return entry

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """What isn't there for somebody may be there for others."""
        if not coded_apart_by(request.user):
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc,no-any-return]
        messages.info(
            request, "It is not there, or it tells of a text that you are coding apart: then it is once both are done."
        )
        return HttpResponseRedirect(reverse("admin:index"))

    def acknowledge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Keep the reason for letting one warning pass."""
        entry = self.entry(request, object_id, may=self.has_acknowledge_permission(request))
        here = HttpResponseRedirect(form_of(entry, "review" if request.POST.get("from") == "review" else "change"))
        if request.method != "POST":
            return here
        # A browser sends the ends of lines in its own way.
        key = tuple(request.POST.get(name, "").replace("\r\n", "\n") for name in ("code", "field", "words"))
        finding = next((one for one in findings(entry, by=request.user) if one.key == key), None)  # type: ignore[arg-type]
        if finding is None:
            messages.warning(request, "That warning stands no longer, so there is nothing to acknowledge.")
            return here
        if list(finding.sentences) != request.POST.getlist("sentence"):
            messages.warning(request, "The text has changed since you looked at it. Look again before you acknowledge.")
            return here
        try:
            acknowledge(entry, finding, request.POST.get("reason", "").replace("\x00", ""), request.user)  # type: ignore[arg-type]
            messages.success(request, "Your reason is kept.")
        except ValueError as error:
            messages.error(request, str(error))
        return here

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        entry = self.entry(request, object_id, may=self.has_withdraw_permission(request))
        return self._confirm_withdrawal(request, [entry]) or HttpResponseRedirect(form_of(entry))

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The public page as it would look."""
        return preview_page(request, self.entry(request, object_id))

    # --- On lists

    @admin.action(description="Submit for review", permissions=["change"])
    def submit_selected(self, request: HttpRequest, queryset: QuerySet[Entry]) -> None:
        self._submit(request, list(queryset))

    @admin.action(description="Publish", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Entry]) -> None:
        self._publish(request, list(queryset))

    @admin.action(description="Withdraw", permissions=["withdraw"])
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet[Entry]) -> HttpResponse | None:
        return self._confirm_withdrawal(request, list(queryset), is_action=True)

    # --- The steps themselves

    def _submit(self, request: HttpRequest, entries: list[Entry]) -> None:
        handed_in = submit(entries, request.user)  # type: ignore[arg-type]
        for entry in handed_in:
            self._note(request, entry, "Submitted for review.")
        if handed_in:
            messages.success(request, f"{len(handed_in)} submitted for review.")
        if rest := len(entries) - len(handed_in):
            messages.info(request, f"{rest} left as published: nothing has changed since.")

    def _publish(self, request: HttpRequest, entries: list[Entry]) -> None:
        if not self.has_publish_permission(request):
            raise PermissionDenied
        in_order = sorted(entries, key=lambda one: list(Kind).index(Kind(one.kind)))  # sources before what they hold
        if published := sum(self.publish_one(request, entry) for entry in in_order):
            messages.success(request, f"{published} published.")

    def publish_one(self, request: HttpRequest, entry: Entry) -> bool:
        """Publish an entry, or say why not."""
        try:
            publish(entry, by=request.user)  # type: ignore[arg-type]
        except Refused as refused:
            against = tellable(objections(entry, refused.findings), request.user)
            messages.error(request, _in_words(entry, against))
            return False
        self._note(request, entry, "Published.")
        return True

    def _confirm_withdrawal(
        self, request: HttpRequest, entries: list[Entry], is_action: bool = False
    ) -> HttpResponse | None:
        if request.method == "POST" and request.POST.get("confirmed"):
            gone = []
            for entry in entries:
                if records := withdraw(entry, by=request.user):  # type: ignore[arg-type]
                    self._note(request, entry, "Withdrawn.")
                    gone += records
            messages.success(request, f"{len(gone)} withdrawn.")
            return None
        live = set(
            Record.objects.live()
            .filter(identifier__in=[entry.identifier for entry in entries])
            .values_list("identifier", flat=True)
        )
        going = [entry for entry in entries if entry.identifier in live]
        hanging = {one.pk: one for entry in going for one in dependants(entry)}
        context = {
            **self.admin_site.each_context(request),
            "title": "Withdraw",
            "entries": going,
            "unpublished": [entry for entry in entries if entry.identifier not in live],
            "dependants": [one for pk, one in hanging.items() if pk not in {entry.pk for entry in going}],
            "opts": self.opts,
            "is_action": is_action,
            "back": request.get_full_path() if is_action else form_of(entries[0]),
        }
        return TemplateResponse(request, "workbench/withdraw.html", context)

    def _note(self, request: HttpRequest, entry: Entry, step: str) -> None:
        """Keep a step in the history of the entry, which is that of its kind's form."""
        self.log_change(request, entry.child, step)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        # Its parts are edited on the entry's own form, so whoever may delete the entry may delete them with it.
        parts = (Attendance, Authorship, Candidate, CrossReference, Passage)
        missing -= {str(part._meta.verbose_name) for part in parts}
        identifiers = [entry.identifier for entry in objs]
        live = set(Record.objects.live().filter(identifier__in=identifiers).values_list("identifier", flat=True))
        still = [f"“{entry}” is published: withdraw it first." for entry in objs if entry.identifier in live]
        return deleted, counts, missing, [*protected, *still]


def judged(entry: Entry, by: Any) -> list[tuple[Finding, bool]]:
    """What the gate finds in an entry, each with whether a reviewer has acknowledged it."""
    found = tellable(findings(entry, by=by), by)
    missing = {one.key for one in unacknowledged(entry, found)}
    return [(one, one.severity == Severity.WARNING and one.key not in missing) for one in found]


_PLACES = {  # of what is no field of the form: where on the page it is edited
    "passages": ("Passages", "passages-group"),
    "attendances": ("Attendance", "attendances-group"),
    "participants": ("Attendance", "attendances-group"),
    "authors": ("Authors", "authorships-group"),
}


def _place(form: Any, field: str) -> tuple[str, str]:
    """What a finding's field is called on the page, and the id to go to."""
    if field in form.fields:
        return form[field].label, f"id_{field}"
    if field.startswith("cross-references"):
        return "Cross-references", "references_out-group"
    if field.startswith(OF_ITS_PROPOSITION):
        return field.capitalize(), "id_proposition"
    return _PLACES.get(field, (in_plain(field), ""))


def in_plain(field: str) -> str:
    return field.replace("_", " ").capitalize() or "The whole entry"


def _put_beside_fields(form: Any, found: list[Finding]) -> None:
    """Say each finding that still stands where the field is that it concerns, under the field's help."""
    for finding in found:
        field = form.fields.get(finding.field)
        if field is not None:
            field.help_text = format_html(
                '{}<span class="finding finding-{}"><strong>{}:</strong> {}</span>',
                field.help_text, finding.severity, finding.severity.label, finding,
            )  # fmt: skip
            form._bound_fields_cache.pop(finding.field, None)


def _in_words(entry: Entry, found: list[Finding]) -> SafeString:
    lines = format_html_join("", "<li>{}: {}</li>", ((one.severity.label, one) for one in found))
    return format_html('<a href="{}">“{}”</a> was not published.<ul>{}</ul>', form_of(entry), entry, lines)
