"""The workbench's front page and side bar, in the order of an analyst's work rather than of our apps."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from apps.accounts.pages import SignIn, factors_view, make_view, second_view
from apps.curation.history import deleted
from apps.public.website.views.later import Later
from apps.workbench.apart import readable_when_deleted
from apps.workbench.desk import desk, in_review, judged
from apps.workbench.labels import label_of, with_label
from apps.workbench.roles import may_review

ON_A_PAGE = 20  # entries in review: each is judged, so that the page says what is ready

_SECTIONS = {
    "Entries": "Entry Workshop Session Article Position Proposition Passage Candidate CrossReference Acknowledgement",
    "People": "Person Organisation Attendance Authorship",
    "Vocabulary": "Region Theme Tag Merge",
    "Accounts": "User Group AuditLine",
}


class _Found(AutocompleteJsonView):
    """What an autocomplete finds, each row under a name that tells it from the others."""

    def get_queryset(self) -> QuerySet[Any]:
        return with_label(super().get_queryset())

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return super().serialize_result(obj, to_field_name) | {"text": label_of(obj)}


class WorkbenchSite(AdminSite):
    site_header = "Deterrence KB workbench"
    site_title = "Workbench"
    index_title = "What you curate"
    index_template = "workbench/index.html"

    def get_urls(self) -> list[Any]:
        return [
            path("login/second/", never_cache(partial(second_view, site=self)), name="second_factor"),
            path("second-factor/", self.admin_view(partial(factors_view, site=self)), name="factors"),  # type: ignore[type-var]
            path("second-factor/new/", self.admin_view(partial(make_view, site=self)), name="make_factor"),  # type: ignore[type-var]
            path("review/", self.admin_view(self.queue_view), name="review"),
            path("deleted/", self.admin_view(self.deleted_view), name="deleted"),
            *self._other_pages(),
            *super().get_urls(),
        ]

    def _other_pages(self) -> list[Any]:
        """The pages on which many entries are edited at once, and those about programs that do."""
        from apps.workbench.admin import api, batches, importing, saved_filters, tables, tokens

        networks = Later("apps.workbench.admin.networks")

        def page(address: str, view: Any, name: str) -> Any:
            def with_context(request: HttpRequest, **kwargs: Any) -> HttpResponse:
                return view(request, context=self.each_context(request), **kwargs)

            return path(address, self.admin_view(with_context), name=name)

        return [
            page("imports/", importing.import_view, "import_file"),
            page("imports/<int:pk>/", importing.file_view, "file_import"),
            page("networks/", networks.network_view, "networks"),
            page("tokens/", tokens.tokens_view, "tokens"),
            path("tokens/<int:pk>/revoke/", self.admin_view(tokens.revoke_view), name="revoke_token"),
            page("api/", api.api_view, "api"),
            page("tables/", tables.import_view, "import"),
            path("tables/<str:kind>/empty.<str:extension>", self.admin_view(tables.empty_view), name="empty_table"),
            page("batches/<int:pk>/", batches.batch_view, "batch"),
            page("batches/<int:pk>/together/", batches.together_view, "together"),
            path("batches/<int:pk>/wrong.<str:extension>", self.admin_view(tables.wrong_view), name="wrong_rows"),
            page("filters/", partial(saved_filters.keep_view, site=self), "keep_filter"),
            page("filters/<int:pk>/change/", partial(saved_filters.keep_view, site=self), "change_filter"),
            path(
                "filters/<int:pk>/",
                self.admin_view(partial(saved_filters.filter_view, site=self)),  # type: ignore[type-var]
                name="saved_filter",
            ),
        ]

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        return SignIn.as_view(site=self)(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**(extra_context or {}), **desk(request.user)})  # type: ignore[arg-type]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """What waits for a reviewer, with how much stands against each."""
        if not may_review(request.user):
            raise PermissionDenied
        page = Paginator(in_review(request.user), ON_A_PAGE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
        waiting = judged(list(page.object_list), request.user)  # type: ignore[arg-type]
        context = {**self.each_context(request), "title": "In review", "page": page, "waiting": waiting}
        return TemplateResponse(request, "workbench/queue.html", context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Our sections; what an app of somebody else brings along follows as it comes. For one app, Django's list."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        models = {model["object_name"]: model for app in apps for model in app["models"]}
        sections = []
        for name, members in _SECTIONS.items():
            rows = [models.pop(member) for member in members.split() if member in models]
            if rows:
                sections.append({"name": name, "app_label": name.lower(), "app_url": "", "models": rows})
        for app in apps:
            app["models"] = [model for model in app["models"] if model["object_name"] in models]
        return [*sections, *(app for app in apps if app["models"])]

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return _Found.as_view(admin_site=self)(request)

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """Entries that are deleted, each of which can be brought back."""
        from apps.workbench.admin.history import bring_back  # the admins need this site

        if not request.user.has_perm("curation.add_entry"):
            raise PermissionDenied
        if request.method == "POST":
            return bring_back(request)
        page = Paginator(readable_when_deleted(deleted(), request.user), ON_A_PAGE).get_page(request.GET.get("page"))
        context = {**self.each_context(request), "title": "Deleted entries", "page": page}
        return TemplateResponse(request, "workbench/deleted.html", context)
