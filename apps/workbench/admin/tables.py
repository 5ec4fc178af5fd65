"""Tables come in and go out: a page to import one, and each list to be edited in a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.audit.log import note
from apps.audit.models import What
from apps.curation.intake.result import Unreadable
from apps.curation.parts import in_parts
from apps.curation.tables.columns import MODELS, WRONG, entries_of, headings
from apps.curation.tables.planning import plan
from apps.curation.tables.sheets import ACCEPTED, LARGEST_UPLOAD, MOST_ROWS, Sheet, check_size, read_table
from apps.curation.tables.writing import CONTENT_TYPES, as_csv, as_xlsx, explained, table_of
from apps.taxonomy.words import Kind
from apps.workbench.admin.base import BaseAdmin
from apps.workbench.admin.batches import batch_of
from apps.workbench.batches import good_and_bad, kept_sheet, show
from apps.workbench.models import Batch
from apps.workbench.roles import IDENTITIES

_NAMES = ("speakers",)  # columns: a table of all positions is asked by person with one click


class TableForm(forms.Form):
    """A table, and what its rows are."""

    kind = forms.ChoiceField(label="What its rows are", choices=[(kind, kind.plural.capitalize()) for kind in MODELS])
    file = forms.FileField(
        label="The table",
        widget=forms.FileInput({"accept": ACCEPTED}),
        help_text=f"XLSX or CSV, up to {LARGEST_UPLOAD // 1_000_000} megabytes and {MOST_ROWS:,} rows.",
    )
    sheet: Sheet | None = None

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            check_size(file.size)
            self.sheet = read_table(file.read())
        except Unreadable as unreadable:
            raise forms.ValidationError(str(unreadable)) from None
        return file


def import_view(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Choose a table; what it would change is shown next."""
    if not request.user.has_perm("curation.change_entry"):
        raise PermissionDenied
    kind = request.GET.get("kind", "")
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = TableForm(*sent, initial={"kind": kind if kind in MODELS else None}, label_suffix="")
    if request.method == "POST" and form.is_valid() and form.sheet:
        try:
            file = form.cleaned_data["file"]
            batch = prepared(request, Kind(form.cleaned_data["kind"]), form.sheet, file.name)
        except Unreadable as unreadable:
            form.add_error("file", str(unreadable))
        else:
            return HttpResponseRedirect(reverse("admin:batch", args=[batch.pk]))
    context |= {
        "title": "Import a table",
        "form": form,
        "kinds": [(kind, list(explained(kind))) for kind in MODELS],
        "waiting": Batch.objects.filter(by=request.user.pk, made_at=None).exclude(kind=""),
    }
    return TemplateResponse(request, "workbench/import.html", context)


def prepared(request: HttpRequest, kind: Kind, sheet: Sheet, file_name: str) -> Batch:
    """A table kept until somebody has decided. Raises Unreadable for headings that say nothing."""
    if not request.user.has_perm(f"curation.change_{kind}"):
        raise PermissionDenied
    found = plan(kind, sheet)
    batch = Batch(by=request.user, name=f"Table “{file_name[:80]}”", kind=kind, asked=kept_sheet(sheet))
    show(batch, found)
    kept = ("by", "name", "kind", "asked", "rows", "unchanged", "remarks")
    return Batch.objects.prepare(**{column: getattr(batch, column) for column in kept})


def empty_view(request: HttpRequest, kind: str, extension: str) -> HttpResponse:
    """A table of a kind to be filled in."""
    if not request.user.has_perm("curation.change_entry"):
        raise PermissionDenied
    if kind not in MODELS or extension not in CONTENT_TYPES:
        raise Http404
    return _file([headings(Kind(kind))], Kind(kind), extension, f"{Kind(kind).plural}-empty")


def wrong_view(request: HttpRequest, pk: int, extension: str) -> HttpResponse:
    """The rows of a table that have a problem, as they were uploaded, with what is wrong."""
    batch = batch_of(request, pk)
    if not batch.kind or extension not in CONTENT_TYPES:
        raise Http404
    _, bad = good_and_bad(batch.rows)
    words = {row["number"]: " ".join(": ".join(filter(None, one)) for one in row["problems"]) for row in bad}
    asked = batch.asked
    kept = [place for place, heading in enumerate(asked["headings"]) if heading.casefold() != WRONG]
    rows = [[asked["headings"][place] for place in kept] + [WRONG]]
    rows += [[cells[place] for place in kept] + [words[number]] for number, cells in asked["rows"] if number in words]
    return _file(rows, Kind(batch.kind), extension, f"{Kind(batch.kind).plural}-wrong")


def _file(rows: Any, kind: Kind, extension: str, name: str) -> HttpResponse:
    data = as_csv(rows) if extension == "csv" else as_xlsx(rows, kind)
    response = HttpResponse(data, content_type=CONTENT_TYPES[extension])
    response["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return response


class TableAdmin(BaseAdmin):
    """A list that can be taken along for editing."""

    def get_urls(self) -> list[URLPattern]:
        name = f"curation_{self.model._meta.model_name}_table"
        view = self.admin_site.admin_view(self.table_view)
        return [path("table.<str:extension>", view, name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        context = {"table_kind": self.model.KIND, "may_import": self.has_change_permission(request)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def table_view(self, request: HttpRequest, extension: str) -> HttpResponse:
        """The entries of the list as it is filtered, up to what can be read back."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if extension not in CONTENT_TYPES:
            raise Http404
        kind = Kind(self.model.KIND)
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:  # an address that somebody typed: the list says that it asks for nothing
            return HttpResponseRedirect(f"{reverse(f'admin:curation_{kind}_changelist')}?{request.GET.urlencode()}")
        keys = list(rows.values_list("pk", flat=True)[:MOST_ROWS])
        entries = (one for some in in_parts(keys) for one in _in_order(kind, some))
        shows_names = request.user.has_perm(IDENTITIES)
        note(What.TAKEN_ALONG, f"table of {kind.plural}", f"{len(keys):,} rows{', with speakers' * shows_names}")
        return _file(table_of(kind, entries, () if shows_names else _NAMES), kind, extension, kind.plural)


def _in_order(kind: Kind, keys: Sequence[int]) -> list[Any]:
    found = entries_of(kind).in_bulk(keys)
    return [found[key] for key in keys if key in found]
