"""An admin for each kind of entry, and one over them all."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.db.models import QuerySet, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.audit.log import seen
from apps.curation.models import Article, Entry, Position, Proposition, Session, Workshop
from apps.taxonomy.words import Rule
from apps.workbench.admin import filters
from apps.workbench.admin.agreement import AgreementAdmin, FiguresAdmin
from apps.workbench.admin.candidates import ReadsNotes
from apps.workbench.admin.coding import CodingAdmin
from apps.workbench.admin.entry_base import EntryBaseAdmin
from apps.workbench.admin.forms import ArticleForm, PositionForm, SessionForm
from apps.workbench.admin.gate import form_of
from apps.workbench.admin.inlines import (
    REFERENCES,
    ArticlePositions,
    Attendances,
    Authorships,
    Passages,
    SessionAttendances,
    SessionPositions,
    Sessions,
)
from apps.workbench.admin.merging import MergingAdmin
from apps.workbench.admin.references import References
from apps.workbench.admin.tables import TableAdmin
from apps.workbench.board import gaps, lanes
from apps.workbench.roles import IDENTITIES


@admin.register(Article)
class ArticleAdmin(References, AgreementAdmin, CodingAdmin, ReadsNotes, TableAdmin, EntryBaseAdmin):
    form = ArticleForm
    inlines = (Authorships, ArticlePositions, *REFERENCES)
    search_fields = (*EntryBaseAdmin.search_fields, "outlet", "doi", "cited_as", "authors__family_name")
    change_list_template = "workbench/article_list.html"
    list_display = ("title", "outlet", "when", "unresolved", "standing")
    list_filter = (*EntryBaseAdmin.list_filter, "unresolved", "genre")
    formfield_overrides = {URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https"}}
    own_fields = ("outlet", "url", ("doi", "genre", "language"), "unresolved", "cited_as")
    own_fieldsets = (("Source text", {"fields": ("text",), "classes": ("collapse",)}),)


@admin.register(Workshop)
class WorkshopAdmin(FiguresAdmin, TableAdmin, EntryBaseAdmin):
    inlines = (Sessions, Attendances, *REFERENCES)
    list_display = ("title", "host", "when", "rule", "standing")
    list_filter = (*EntryBaseAdmin.list_filter, filters.RuleFilter)
    list_select_related = ("host",)
    own_fields = ("host", "place", ("rule", "rule_note"), ("embargo", "time_zone"), "key_questions")
    change_form_template = "workbench/workshop_form.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.board_view)
        return [path("<path:object_id>/board/", view, name="curation_workshop_board"), *super().get_urls()]

    def board_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How far the workshop's record has come."""
        workshop = self.entry(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{workshop}: how far it has come",
            "opts": self.opts,
            "workshop": workshop,
            "lanes": lanes(workshop, request.user),
            "gaps": gaps(workshop, request.user),
        }
        return TemplateResponse(request, "workbench/board.html", context)


@admin.register(Session)
class SessionAdmin(AgreementAdmin, CodingAdmin, ReadsNotes, TableAdmin, EntryBaseAdmin):
    form = SessionForm
    inlines = (SessionAttendances, SessionPositions, *REFERENCES)
    search_fields = (*EntryBaseAdmin.search_fields, "workshop__title")
    list_display = ("title", "number", "workshop", "when", "applying_rule", "standing")
    list_filter = (filters.DateFilter, *EntryBaseAdmin.list_filter, filters.RuleFilter)
    list_select_related = ("workshop",)
    date_hierarchy = None  # it knows a column alone; see DateFilter
    dated_by = ("latest", "workshop__latest")
    own_fields = (("workshop", "number"), ("rule", "embargo"), "key_questions")
    own_fieldsets = (("Notes", {"fields": ("text",), "classes": ("collapse",)}),)

    @admin.display(description="rule that applies")
    def applying_rule(self, session: Session) -> str:
        return session.effective_rule.label


@admin.register(Proposition)
class PropositionAdmin(MergingAdmin, TableAdmin, EntryBaseAdmin):
    inlines = REFERENCES


@admin.register(Position)
class PositionAdmin(TableAdmin, EntryBaseAdmin):
    form = PositionForm
    inlines = (Passages, *REFERENCES)
    search_fields = (*EntryBaseAdmin.search_fields, "proposition__title", "reported_as")
    asked_by_person = ("speakers__family_name",)
    list_display = ("title", "stance", "proposition", "found_in", "applying_rule", "when", "standing")
    list_filter = (filters.DateFilter, *EntryBaseAdmin.list_filter, "stance", filters.RuleFilter)
    list_select_related = ("proposition", "article", "session__workshop", "reported_from")
    date_hierarchy = None
    dated_by = ("latest", "session__latest", "session__workshop__latest", "reported_from__latest", "article__latest")
    own_fields = ("proposition", "stance")
    own_fieldsets = (
        ("Found in one article or one session", {"fields": ("article", "session", "reported_from", "order")}),
        (
            "Holder: who it was (private)",
            {"fields": ("speakers", "named_in_source"), "description": "Public only where the rule allows a name."},
        ),
        (
            "Holder: how the public may read it",
            {
                "fields": (
                    ("quantifier", "reported_as"),
                    "descriptor_expertise",
                    ("descriptor_sector", "descriptor_country", "descriptor_role"),
                )
            },
        ),
    )

    # What somebody said, wherever it was, is asked by those who may ask by a person.

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return (*self.search_fields, *(self.asked_by_person if request.user.has_perm(IDENTITIES) else ()))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        asks_by_person = lookup.split("__")[0] == "speakers" and not request.user.has_perm(IDENTITIES)
        return not asks_by_person and super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        asks = SEARCH_VAR in request.GET or any(name.startswith("speakers") for name in request.GET)
        if asks and request.user.has_perm(IDENTITIES) and self.has_view_permission(request):
            seen("list of positions by person")
        return super().changelist_view(request, *args, **kwargs)

    @admin.display(description="found in")
    def found_in(self, position: Position) -> str:
        return str(position.source)

    @admin.display(description="rule that applies")
    def applying_rule(self, position: Position) -> str:
        return position.effective_rule.label


@admin.register(Entry)
class EntryAdmin(EntryBaseAdmin):
    """Entries of all kinds in one list; each row leads to the form of its kind."""

    list_display = ("linked_title", "kind", "when", "standing", "applying_rule")
    list_display_links = None
    list_filter = ("kind", *EntryBaseAdmin.list_filter, filters.RuleFilter)
    prepopulated_fields = {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return super().get_queryset(request).annotate(applying=filters.rule_that_applies())

    @admin.display(description="title", ordering="title")
    def linked_title(self, entry: Entry) -> SafeString:
        return format_html('<a href="{}">{}</a>', form_of(entry), entry.title)

    @admin.display(description="rule that applies", ordering="applying")
    def applying_rule(self, entry: Any) -> str:
        return Rule(entry.applying).label if entry.applying else "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(form_of(self.entry(request, object_id)))
