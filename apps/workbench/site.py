"""The workbench's front page and side bar, in the order of an analyst's work rather than of our apps."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.workbench.labels import label_of, with_label

_SECTIONS = {
    "Entries": "Entry Workshop Session Article Position Proposition Passage CrossReference Acknowledgement",
    "People": "Person Organisation Attendance Authorship",
    "Vocabulary": "Region Theme Tag",
    "Accounts": "User Group",
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
