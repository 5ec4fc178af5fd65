"""The admin of what gives its name to records: people, organisations, tags."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from apps.workbench.admin.merging import MergingAdmin
from apps.workbench.belonging import entries_naming, touch_all


class NamingAdmin(MergingAdmin):
    """To rename or delete one of these is an edit of every entry whose record has the name in it."""

    change_form_template = "workbench/thing_form.html"
    name_fields: tuple[str, ...] = ("name",)

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and set(self.name_fields) & set(form.changed_data):
            touch_all(entries_naming(obj), request.user)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        touch_all(entries_naming(obj), request.user)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        touch_all((entry for one in queryset for entry in entries_naming(one)), request.user)
        super().delete_queryset(request, queryset)
