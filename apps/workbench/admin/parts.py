"""What belongs to entries, found across all of them; it is edited on the form of the entry that it belongs to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.audit.log import seen
from apps.curation.models import Attendance, Authorship, CrossReference, Passage
from apps.workbench.admin.base import BaseAdmin
from apps.workbench.admin.gate import form_of
from apps.workbench.belonging import entries_of
from apps.workbench.roles import IDENTITIES


class PartAdmin(BaseAdmin):
    """A list to search and to look at."""

    @admin.display(description="edited on")
    def edited_on(self, part: Model) -> SafeString:
        entry = next(entries_of(part))
        return format_html('<a href="{}">{}</a>', form_of(entry), entry)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Attendance)
class AttendanceAdmin(PartAdmin):
    """Who was where, by person; the form of a workshop has its own lines."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and request.user.has_perm(IDENTITIES)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.has_view_permission(request):
            seen("list of attendance")
        return super().changelist_view(request, *args, **kwargs)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        line = super().get_object(request, *args, **kwargs)
        if line is not None and self.has_view_permission(request):
            seen(line)
        return line

    list_display = ("person", "role", "affiliation", "sector", "country", "session", "edited_on")
    list_filter = ("role", "sector")
    list_select_related = ("person", "affiliation", "workshop", "session")
    search_fields = ("person__family_name", "person__given_names", "affiliation__name", "workshop__title")


@admin.register(Authorship)
class AuthorshipAdmin(PartAdmin):
    list_display = ("person", "order", "affiliation", "edited_on")
    list_select_related = ("person", "affiliation", "article")
    search_fields = ("person__family_name", "person__given_names", "affiliation__name", "article__title")


@admin.register(Passage)
class PassageAdmin(PartAdmin):
    list_display = ("__str__", "quotation", "state", "edited_on")
    list_filter = ("state",)
    list_select_related = ("position",)
    search_fields = ("locator", "quotation", "position__title")


@admin.register(CrossReference)
class CrossReferenceAdmin(PartAdmin):
    list_display = ("relation", "target", "note", "edited_on")
    list_filter = ("relation",)
    list_select_related = ("source", "target")
    search_fields = ("note", "source__title", "target__title")
