"""An admin for each kind of entry, with what an analyst edits along with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.db.models import QuerySet, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CrossReference,
    Entry,
    Passage,
    Position,
    Proposition,
    Session,
    Workshop,
)
from apps.workbench.admin import filters
from apps.workbench.admin.base import EntryBaseAdmin, Inline


class ReferencesOut(Inline):
    model = CrossReference
    fk_name = "source"
    verbose_name = "cross-reference from here"
    verbose_name_plural = "cross-references from here"
    show_change_link = False


class ReferencesIn(Inline):
    model = CrossReference
    fk_name = "target"
    verbose_name = "cross-reference to here"
    verbose_name_plural = "cross-references to here"
    show_change_link = False


class Attendances(Inline):
    model = Attendance
    fields = ("person", "session", "role", "affiliation", "sector", "country", "expertise")
    verbose_name_plural = "attendance"


class SessionAttendances(Attendances):
    """On a session the workshop is known, so it isn't asked for."""

    fk_name = "session"
    fields = ("person", "role", "affiliation", "sector", "country", "expertise")

    class Formset(forms.BaseInlineFormSet):  # type: ignore[type-arg]
        def _construct_form(self, i: int, **kwargs: Any) -> Any:
            form = super()._construct_form(i, **kwargs)
            if self.instance.workshop_id:
                form.instance.workshop_id = self.instance.workshop_id
            return form

        def save_new(self, form: Any, commit: bool = True) -> Any:
            form.instance.workshop_id = self.instance.workshop_id
            return super().save_new(form, commit)

    formset = Formset


class Sessions(Inline):
    model = Session
    fk_name = "workshop"
    fields = ("number", "title", "slug", "rule")
    prepopulated_fields = {"slug": ("title",)}


class Positions(Inline):
    """The positions found in a source, each in a line; the rest is on its own form."""

    model = Position
    fields = ("order", "title", "slug", "proposition", "stance", "quantifier")
    prepopulated_fields = {"slug": ("title",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Position]:
        return super().get_queryset(request).order_by("order", "pk")


class ArticlePositions(Positions):
    fk_name = "article"


class SessionPositions(Positions):
    fk_name = "session"


class Authorships(Inline):
    model = Authorship
    fields = ("order", "person", "affiliation")
    show_change_link = False


class Passages(admin.StackedInline):  # type: ignore[type-arg]
    model = Passage
    fk_name = "position"
    extra = 0
    fields = ("number", "locator", "quotation", ("prefix", "suffix"), ("start", "end", "state"))


REFERENCES = (ReferencesOut, ReferencesIn)


@admin.register(Article)
class ArticleAdmin(EntryBaseAdmin):
    inlines = (Authorships, ArticlePositions, *REFERENCES)
    search_fields = (*EntryBaseAdmin.search_fields, "outlet", "doi", "cited_as", "authors__family_name")
    list_display = ("title", "outlet", "date", "unresolved", "standing")
    list_filter = (*EntryBaseAdmin.list_filter, "unresolved", "genre")
    formfield_overrides = {URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https"}}
    own_fields = (("outlet", "genre"), ("doi", "url", "language"), ("unresolved", "cited_as"))
    own_fieldsets = (("Source text", {"fields": ("text",), "classes": ("collapse",)}),)


@admin.register(Workshop)
class WorkshopAdmin(EntryBaseAdmin):
    inlines = (Sessions, Attendances, *REFERENCES)
    list_display = ("title", "host", "date", "rule", "standing")
    list_filter = (*EntryBaseAdmin.list_filter, "rule")
    list_select_related = ("host",)
    own_fields = ("host", "place", ("rule", "rule_note"), ("embargo", "time_zone"), "key_questions")


class SessionRuleFilter(filters.RuleFilter):
    session = ""


@admin.register(Session)
class SessionAdmin(EntryBaseAdmin):
    inlines = (SessionAttendances, SessionPositions, *REFERENCES)
    search_fields = (*EntryBaseAdmin.search_fields, "workshop__title")
    list_display = ("title", "number", "workshop", "date", "applying_rule", "standing")
    list_filter = (*EntryBaseAdmin.list_filter, SessionRuleFilter)
    list_select_related = ("workshop",)
    own_fields = (("workshop", "number"), ("rule", "embargo"), "key_questions")
    own_fieldsets = (("Notes", {"fields": ("text",), "classes": ("collapse",)}),)

    @admin.display(description="rule that applies")
    def applying_rule(self, session: Session) -> str:
        return session.effective_rule.label


@admin.register(Proposition)
class PropositionAdmin(EntryBaseAdmin):
    inlines = REFERENCES


@admin.register(Position)
class PositionAdmin(EntryBaseAdmin):
    inlines = (Passages, *REFERENCES)
    search_fields = (*EntryBaseAdmin.search_fields, "proposition__title", "reported_as", "speakers__family_name")
    list_display = ("title", "stance", "proposition", "found_in", "applying_rule", "date", "standing")
    list_filter = (*EntryBaseAdmin.list_filter, "stance", filters.PositionRuleFilter)
    list_select_related = ("proposition", "article", "session__workshop")
    own_fields = (("proposition", "stance"),)
    own_fieldsets = (
        ("Found in one article or one session", {"fields": (("article", "session"), ("reported_from", "order"))}),
        (
            "Holder: who it was (private)",
            {"fields": ("speakers", "named_in_source"), "description": "Public only where the rule allows a name."},
        ),
        (
            "Holder: how the public may read it",
            {
                "fields": (
                    ("quantifier", "reported_as"),
                    ("descriptor_expertise", "descriptor_sector"),
                    ("descriptor_country", "descriptor_role"),
                )
            },
        ),
    )

    @admin.display(description="found in")
    def found_in(self, position: Position) -> str:
        return str(position.source)

    @admin.display(description="rule that applies")
    def applying_rule(self, position: Position) -> str:
        return position.effective_rule.label


@admin.register(Entry)
class EntryAdmin(EntryBaseAdmin):
    """Entries of all kinds in one list; each row leads to the form of its kind."""

    list_display = ("linked_title", "kind", "date", "standing")
    list_display_links = None
    list_filter = ("kind", *EntryBaseAdmin.list_filter)
    prepopulated_fields = {}

    @admin.display(description="title", ordering="title")
    def linked_title(self, entry: Entry) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse(f"admin:curation_{entry.kind}_change", args=[entry.pk]), entry.title
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = self._entry(request, object_id, may_publish=False)
        return HttpResponseRedirect(reverse(f"admin:curation_{entry.kind}_change", args=[entry.pk]))
