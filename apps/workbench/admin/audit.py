"""The audit log, to be read, searched and taken along by those who may."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import URLPattern, path, reverse

from apps.audit.log import note
from apps.audit.models import AuditLine, What
from apps.curation.tables.cells import harmless
from apps.workbench.admin.parts import PartAdmin

_COLUMNS = ("at", "what", "by", "account", "of", "said", "request")


class _Echo:
    """Hands on what csv writes."""

    def write(self, text: str) -> str:
        return text


@admin.register(AuditLine)
class AuditLineAdmin(PartAdmin):
    change_list_template = "workbench/audit_list.html"
    list_display = ("at", "what", "by", "of", "said", "request")
    list_filter = ("what",)
    date_hierarchy = "at"
    search_fields = ("by", "of", "said", "request")
    fields = ("at", "what", "by", "account", "of", "said", "request")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.file_view)
        return [path("audit-log.csv", view, name="audit_auditline_file"), *super().get_urls()]

    def file_view(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """The lines of the list as it is filtered, the latest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            lines = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:  # an address that somebody typed: the list says that it asks for nothing
            address = reverse("admin:audit_auditline_changelist")
            return HttpResponseRedirect(f"{address}?{request.GET.urlencode()}")
        note(What.TAKEN_ALONG, "audit log", request.GET.urlencode())
        response = StreamingHttpResponse(_rows(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="audit-log.csv"'
        return response


def _rows(lines: Any) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(_COLUMNS)
    for at, *others in lines.values_list(*_COLUMNS).iterator(1000):
        yield writer.writerow([at.isoformat(), *(harmless("" if one is None else str(one)) for one in others)])
