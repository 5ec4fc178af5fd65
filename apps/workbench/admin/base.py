"""What all admins share, and what those of all kinds of entry share: search, filters, findings, publication."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, ForeignKey, ManyToManyField, Model, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from taggit.models import Tag

from apps.curation.models import Entry, Status
from apps.gate.findings import Finding, Refused, Severity
from apps.gate.publication import acknowledge, dependants, findings, publish, unacknowledged, withdraw
from apps.gate.watch import one_recheck
from apps.public.catalogue.models import Record
from apps.public.website.reading import url_of
from apps.workbench.admin import filters
from apps.workbench.preview import preview_page

LONGEST_TAG = Tag._meta.get_field("name").max_length


class BaseAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Every relation is an autocomplete: a list of all people or articles in one select serves nobody."""

    list_per_page = 50
    show_full_result_count = False

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return relations(self.model)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        # A NUL can't be in any text that the database holds, and PostgreSQL refuses to look for one.
        return super().get_search_results(request, queryset, search_term.replace("\x00", " ")[:500])


def relations(model: type[Model]) -> list[str]:
    """The relations of a model that its form edits."""
    return [
        field.name
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if isinstance(field, ForeignKey | ManyToManyField)
        and field.editable
        and not field.remote_field.parent_link
        and (not isinstance(field, ManyToManyField) or field.remote_field.through._meta.auto_created)
    ]


class Inline(admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    show_change_link = True

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return relations(self.model)


class EntryForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_tags(self) -> list[str]:
        """Tags as the tag table can hold them; the field of taggit itself lets anything through."""
        tags = self.cleaned_data["tags"]
        for tag in tags:
            if "\x00" in tag or len(tag) > LONGEST_TAG:
                raise ValidationError(
                    f"“{tag[:40]}…” is no tag: {LONGEST_TAG} characters at most, separated by commas."
                )
        return tags


class EntryBaseAdmin(BaseAdmin):
    """An entry of one kind: write it, submit it, see what the gate says, publish and withdraw it."""

    form = EntryForm
    change_form_template = "workbench/change_form.html"
    search_fields = ("title", "summary", "note", "slug", "identifier")
    prepopulated_fields = {"slug": ("title",)}
    date_hierarchy = "latest"
    list_filter: tuple[Any, ...] = (
        filters.StatusFilter, filters.RegionFilter, filters.ThemeFilter, filters.TagFilter,
    )  # fmt: skip
    list_display: tuple[Any, ...] = ("title", "date", "standing")
    readonly_fields = ("identifier", "standing", "permalink")
    actions = ("submit_selected", "publish_selected", "withdraw_selected")

    about_fields = ("title", "slug", "summary", "date", "regions", "themes", "tags", "note")
    own_fields: tuple[Any, ...] = ()
    own_fieldsets: tuple[Any, ...] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        own = [(None, {"fields": self.own_fields})] if self.own_fields else []
        return [
            (None, {"fields": ("title", "slug", ("date", "standing"))}),
            *own,
            *self.own_fieldsets,
            ("What it is about", {"fields": ("summary", "regions", "themes", "tags")}),
            ("Behind the scenes", {"fields": ("note", ("identifier", "permalink")), "classes": ("collapse",)}),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        live = Record.objects.live().filter(identifier=OuterRef("identifier"))
        return super().get_queryset(request).annotate(is_live=Exists(live))

    @admin.display(description="status", ordering="status")
    def standing(self, entry: Entry) -> SafeString | str:
        if entry.pk is None:
            return "–"
        marks = [format_html('<span class="standing standing-{}">{}</span>', entry.status, entry.get_status_display())]
        if entry.has_unpublished_changes:
            marks.append(SafeString('<span class="standing standing-changes">unpublished changes</span>'))
        return format_html("{}" + " {}" * (len(marks) - 1), *marks)

    @admin.display(description="public page")
    def permalink(self, entry: Entry) -> SafeString | str:
        if not getattr(entry, "is_live", False):
            return "Not public"
        return format_html('<a href="{0}">{0}</a>', url_of(entry.kind, entry.identifier))

    # --- Saving: whatever of an entry was really edited, its own row says so.

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return super().changeform_view(request, object_id, *args, **kwargs)
        with one_recheck() as outcome:
            response = super().changeform_view(request, object_id, *args, **kwargs)
        if (done := outcome()) and (done.withdrawn or done.mended):
            gone, mended = len(done.withdrawn), len(done.mended)
            messages.warning(
                request,
                f"What is public was judged again by the facts as they are now: {mended} records were published anew "
                f"without what the rule protects, {gone} were withdrawn.",
            )
        return response

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change or form.has_changed() or any(formset.has_changed() for formset in formsets):
            form.instance.touch(request.user)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._go_on(request, obj) or super().response_change(request, obj)

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._go_on(request, obj) or super().response_add(request, obj, *args, **kwargs)

    def _go_on(self, request: HttpRequest, entry: Entry) -> HttpResponse | None:
        """After saving with one of the buttons that also submit, publish or withdraw."""
        here = HttpResponseRedirect(reverse(f"admin:curation_{entry.kind}_change", args=[entry.pk]))
        if "_submit" in request.POST:
            self._submit(request, [entry])
            return here
        if "_publish" in request.POST:
            self._publish(request, [entry])
            return here
        if "_withdraw" in request.POST:
            return HttpResponseRedirect(reverse(f"admin:curation_{entry.kind}_withdraw", args=[entry.pk]))
        return None

    # --- The gate

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("curation.publish_entry")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            # As it was saved last: what stands in the form may not be fit to be judged yet.
            found = findings(Entry.objects.get(pk=obj.pk), by=request.user)  # type: ignore[arg-type]
            missing = {one.key for one in unacknowledged(obj, found)}
            _put_beside_fields(context["adminform"].form, found)
            context |= {
                "found": [(one, one.severity == Severity.WARNING and one.key not in missing) for one in found],
                "may_publish": self.has_publish_permission(request),
                "is_live": Record.objects.live().filter(identifier=obj.identifier).exists(),
                "references_in": obj.references_in.select_related("source"),
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        name = f"curation_{self.model._meta.model_name}"
        return [
            path(
                "<path:object_id>/acknowledge/",
                self.admin_site.admin_view(self.acknowledge_view),
                name=f"{name}_acknowledge",
            ),
            path("<path:object_id>/withdraw/", self.admin_site.admin_view(self.withdraw_view), name=f"{name}_withdraw"),
            path("<path:object_id>/preview/", self.admin_site.admin_view(self.preview_view), name=f"{name}_preview"),
            *super().get_urls(),
        ]

    def _entry(self, request: HttpRequest, object_id: str, may_publish: bool) -> Any:
        entry = self.get_object(request, unquote(object_id))
        if entry is None:
            raise Http404
        if not self.has_view_permission(request, entry) or (may_publish and not self.has_publish_permission(request)):
            raise PermissionDenied
        return entry

    def acknowledge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Keep the reviewer's reason for letting one warning pass."""
        entry = self._entry(request, object_id, may_publish=True)
        key = tuple(request.POST.get(name, "") for name in ("code", "field", "words"))
        for finding in findings(entry, by=request.user) if request.method == "POST" else []:  # type: ignore[arg-type]
            if finding.key == key:
                try:
                    acknowledge(entry, finding, request.POST.get("reason", "").replace("\x00", ""), request.user)  # type: ignore[arg-type]
                    messages.success(request, "Your reason is kept.")
                except ValueError as error:
                    messages.error(request, str(error))
                break
        return HttpResponseRedirect(reverse(f"admin:curation_{entry.kind}_change", args=[entry.pk]))

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        entry = self._entry(request, object_id, may_publish=True)
        return self._confirm_withdrawal(request, [entry]) or HttpResponseRedirect(
            reverse(f"admin:curation_{entry.kind}_change", args=[entry.pk])
        )

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The public page as it would look."""
        return preview_page(request, self._entry(request, object_id, may_publish=False))

    @admin.action(description="Submit for review", permissions=["change"])
    def submit_selected(self, request: HttpRequest, queryset: QuerySet[Entry]) -> None:
        self._submit(request, list(queryset))

    @admin.action(description="Publish", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Entry]) -> None:
        self._publish(request, list(queryset))

    @admin.action(description="Withdraw", permissions=["publish"])
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet[Entry]) -> HttpResponse | None:
        return self._confirm_withdrawal(request, list(queryset), queryset=queryset)

    def _submit(self, request: HttpRequest, entries: list[Entry]) -> None:
        waiting = [entry.pk for entry in entries if entry.status != Status.PUBLISHED or entry.has_unpublished_changes]
        Entry.objects.filter(pk__in=waiting).update(status=Status.SUBMITTED)
        messages.success(request, f"{len(waiting)} submitted for review.")

    def _publish(self, request: HttpRequest, entries: list[Entry]) -> None:
        if not self.has_publish_permission(request):
            raise PermissionDenied
        published = 0
        for entry in entries:
            try:
                publish(entry, by=request.user)  # type: ignore[arg-type]
                published += 1
            except Refused as refused:
                messages.error(request, _in_words(entry, refused.findings))
        if published:
            messages.success(request, f"{published} published.")

    def _confirm_withdrawal(
        self, request: HttpRequest, entries: list[Entry], queryset: QuerySet[Entry] | None = None
    ) -> HttpResponse | None:
        if request.POST.get("confirmed"):
            gone = [record for entry in entries for record in withdraw(entry, by=request.user)]  # type: ignore[arg-type]
            messages.success(request, f"{len(gone)} withdrawn.")
            return None
        hanging = {one.pk: one for entry in entries for one in dependants(entry)}
        context = {
            **self.admin_site.each_context(request),
            "title": "Withdraw",
            "entries": entries,
            "dependants": [one for pk, one in hanging.items() if pk not in {entry.pk for entry in entries}],
            "opts": self.opts,
            "is_action": queryset is not None,
        }
        return TemplateResponse(request, "workbench/withdraw.html", context)

    # --- Deleting

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        identifiers = [entry.identifier for entry in objs]
        live = set(Record.objects.live().filter(identifier__in=identifiers).values_list("identifier", flat=True))
        still = [f"“{entry}” is published: withdraw it first." for entry in objs if entry.identifier in live]
        return deleted, counts, missing, [*protected, *still]


def _put_beside_fields(form: Any, found: list[Finding]) -> None:
    """Say each finding where the field stands that it concerns, under the field's help."""
    for finding in found:
        field = form.fields.get(finding.field)
        if field is not None:
            field.help_text = format_html(
                '{}<span class="finding finding-{}"><strong>{}:</strong> {}</span>',
                field.help_text, finding.severity, finding.severity.label, finding,
            )  # fmt: skip
            form._bound_fields_cache.pop(finding.field, None)


def _in_words(entry: Entry, found: list[Finding]) -> SafeString:
    lines = "".join(format_html("<li>{}: {}</li>", one.severity.label, one) for one in found)
    return format_html("“{}” was not published.<ul>{}</ul>", entry, SafeString(lines))
