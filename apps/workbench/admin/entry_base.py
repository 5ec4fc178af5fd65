"""What the admins of all kinds of entry share: the list, the form's order, and noting who edited what."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from apps.curation.anchoring import Reanchored
from apps.curation.models import Entry, Status
from apps.public.catalogue.models import Record
from apps.public.website.reading import url_of
from apps.workbench.admin import filters
from apps.workbench.admin.forms import EntryForm
from apps.workbench.admin.gate import form_of
from apps.workbench.admin.history import HistoryAdmin
from apps.workbench.admin.review import ReviewAdmin
from apps.workbench.admin.tagging import TaggingAdmin
from apps.workbench.admin.together import TogetherAdmin
from apps.workbench.belonging import entries_of, touch_all


def _first_of(columns: tuple[str, ...]) -> Any:
    return Coalesce(*columns) if len(columns) > 1 else F(*columns)


class EntryBaseAdmin(TogetherAdmin, ReviewAdmin, TaggingAdmin, HistoryAdmin):
    """An entry of one kind: find it, write it, and lead it through the gate."""

    form = EntryForm
    actions = ("edit_together", *ReviewAdmin.actions)
    search_fields = ("title", "summary", "note", "slug", "identifier")
    prepopulated_fields = {"slug": ("title",)}
    date_hierarchy: str | None = "latest"
    dated_by: tuple[str, ...] = ("latest",)  # where date_that_applies looks, as columns
    list_filter: tuple[Any, ...] = (
        filters.StatusFilter, filters.RegionFilter, filters.ThemeFilter, filters.TagFilter,
    )  # fmt: skip
    list_display: tuple[Any, ...] = ("title", "when", "standing")
    readonly_fields = ("identifier", "standing", "permalink", "edited")

    own_fields: tuple[Any, ...] = ()
    own_fieldsets: tuple[Any, ...] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        own = [(None, {"fields": self.own_fields})] if self.own_fields else []
        return [
            (None, {"fields": ("title", "slug", ("date", "standing"))}),
            *own,
            *self.own_fieldsets,
            ("What it is about", {"fields": ("summary", "regions", "themes", "tags")}),
            (
                "Behind the scenes",
                {"fields": ("note", "edited", ("identifier", "permalink")), "classes": ("collapse",)},
            ),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        live = Record.objects.live().filter(identifier=OuterRef("identifier"))
        return super().get_queryset(request).annotate(is_live=Exists(live), dated=_first_of(self.dated_by))

    @admin.display(description="status", ordering="status")
    def standing(self, entry: Entry) -> SafeString | str:
        if entry.pk is None:
            return "–"
        mark = format_html('<span class="standing standing-{}">{}</span>', entry.status, entry.get_status_display())
        if getattr(entry, "is_live", False):
            if entry.published_at is None or entry.modified_at > entry.published_at:
                mark += mark_safe(' <span class="standing standing-changes">unpublished changes</span>')
            if entry.status != Status.PUBLISHED:
                mark += mark_safe(' <span class="standing standing-published">public</span>')
        return mark

    @admin.display(description="date", ordering="dated")
    def when(self, entry: Entry) -> str:
        return entry.date_that_applies.words() if entry.date_that_applies else "–"

    @admin.display(description="last edited")
    def edited(self, entry: Entry) -> str:
        if entry.pk is None:
            return "–"
        return f"{localtime(entry.modified_at):%-d %B %Y, %H:%M}, by {entry.modified_by or 'nobody known'}"

    @admin.display(description="public page")
    def permalink(self, entry: Entry) -> SafeString | str:
        if not getattr(entry, "is_live", False):
            return "Not public"
        return format_html('<a href="{0}">{0}</a>', url_of(entry.kind, entry.identifier))

    # --- Whatever of an entry was really edited, its own row says so: that is what four eyes and the flag
    # 'unpublished changes' go by.

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if found := getattr(obj, "reanchored", None):
            touch_all(found.edited, request.user)
            messages.add_message(request, messages.WARNING if found.waiting else messages.INFO, in_words(found))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change or form.has_changed():
            form.instance.touch(request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        changed = [*formset.new_objects, *(row for row, _ in formset.changed_objects), *formset.deleted_objects]
        touch_all((entry for row in changed for entry in entries_of(row)), request.user)


_NAMED = 10  # positions that wait; the list of passages has the rest under their state


def in_words(found: Reanchored) -> SafeString:
    """What became of the passages of a text, and which positions wait for that."""
    if not found.waiting:
        return format_html("{}", str(found))
    named = format_html_join(", ", '<a href="{}">“{}”</a>', ((form_of(one), one) for one in found.waiting[:_NAMED]))
    more = f" and {len(found.waiting) - _NAMED} more" if len(found.waiting) > _NAMED else ""
    return format_html("{} Not to be published until somebody has looked at them: {}{}.", str(found), named, more)
