"""The pages of an import: choose a file, see what it would do, do it, take it back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from apps.audit.log import seen
from apps.curation.intake.result import Unreadable
from apps.curation.journal import ChangedSince
from apps.curation.models import Entry
from apps.curation.parts import in_parts
from apps.curation.tables.columns import MODELS
from apps.workbench.admin.tables import prepared
from apps.workbench.apart import readable
from apps.workbench.differences import marked
from apps.workbench.importing.background import MANY, done_so_far, is_under_way, start
from apps.workbench.importing.formats import FORMATS, LARGEST, Options, check_size, guessed, read
from apps.workbench.importing.frame import Import, Progress
from apps.workbench.importing.keeping import NotAsShown, make, prepare, take_back
from apps.workbench.importing.report import CHANGED, MADE, SKIPPED, Report
from apps.workbench.importing.tables import FromTable
from apps.workbench.models import FileImport

ON_A_PAGE = 50  # things
_NAMED = 5  # of what stands in the way, in one message
SHOWN = {"all": "All", MADE: "New", CHANGED: "Changed", SKIPPED: "Skipped"}
_NEEDED = (
    *("curation.add_entry", "curation.change_entry", "curation.add_person", "curation.add_organisation"),
    *("taxonomy.add_theme", "taxonomy.change_theme", "taxonomy.add_region", "taxonomy.change_region"),
)


class FileForm(forms.Form):
    """A file, and what it doesn't say itself."""

    file = forms.FileField(
        label="The file",
        widget=forms.FileInput({"accept": ",".join(end for one in FORMATS.values() for end in one.extensions)}),
        help_text=f"Up to {LARGEST // 1_000_000} megabytes.",
    )
    format = forms.ChoiceField(
        label="Its format",
        required=False,
        choices=[("", "To be found out"), *((one.name, one.label) for one in FORMATS.values())],
    )
    kind = forms.ChoiceField(
        label="Of a table: what its rows are",
        required=False,
        choices=[("", "What its headings tell"), *((kind, kind.plural.capitalize()) for kind in MODELS)],
    )
    terms = forms.ChoiceField(
        label="Of a vocabulary (SKOS): what its concepts are",
        choices=[("themes", "Themes"), ("regions", "Regions")],
    )
    language = forms.RegexField(
        label="Of a vocabulary: the language of the names",
        regex=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z",
        initial="en",
        max_length=20,
        error_messages={"invalid": "Write a code such as en, ja or zh-Hant."},
    )
    codes = forms.ChoiceField(
        label="Of a project for coding (REFI-QDA): what its codes are",
        choices=[("themes", "Themes"), ("propositions", "Propositions")],
    )
    found: tuple[str, bytes, Import] | None = None

    def clean(self) -> dict[str, Any]:
        """Read the file, so that what can't be read is answered beside it."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.found = self._read(cleaned)
            except Unreadable as unreadable:
                self.add_error("file", str(unreadable))
        return cleaned

    @property
    def options(self) -> Options:
        return Options(**{name: self.cleaned_data[name] for name in ("kind", "terms", "codes", "language")})

    def _read(self, cleaned: dict[str, Any]) -> tuple[str, bytes, Import]:
        file = cleaned["file"]
        check_size(file.size)
        data = file.read()
        name = cleaned["format"] or guessed(file.name, data)
        return name, data, read(file.name, data, name, self.options)


def import_view(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Choose a file; what it would do is shown next."""
    _ask_for_permission(request)
    form = FileForm(*((request.POST, request.FILES) if request.method == "POST" else ()), label_suffix="")
    if request.method == "POST" and form.is_valid() and form.found:
        try:
            return HttpResponseRedirect(_prepared(request, form, *form.found))
        except Unreadable as unreadable:
            form.add_error("file", str(unreadable))
        except OperationalError:
            form.add_error("file", "The database is busy: somebody else saves something long. Try again in a moment.")
    mine = FileImport.objects.filter(by=request.user.pk).defer("data", "report", "changes")
    context |= {
        "title": "Import a file",
        "form": form,
        "formats": FORMATS.values(),
        "waiting": mine.filter(made_at=None),
        "made": mine.exclude(made_at=None)[:20],
    }
    return TemplateResponse(request, "workbench/import_file.html", context)


def _prepared(request: HttpRequest, form: FileForm, name: str, data: bytes, found: Import) -> str:
    """The address of the preview. Raises Unreadable for what would change what they may not read."""
    by: Any = request.user
    file_name = form.cleaned_data["file"].name[:120]
    if isinstance(found, FromTable):
        return reverse("admin:batch", args=[prepared(request, found.kind, found.sheet, file_name).pk])
    _ask_whether_readable(found, by)
    FileImport.objects.forget_old_ones()
    file = FileImport(by=by, name=file_name, format=name, options=asdict(form.options), data=data)
    if len(found) > MANY:
        file.save()
        start(file, _looked_at)
    else:
        with transaction.atomic():
            file.save()
            prepare(file, found)
    return reverse("admin:file_import", args=[file.pk])


def file_view(request: HttpRequest, pk: int, context: dict[str, Any]) -> HttpResponse:
    """What an import would do, or did; POST does it, drops it or takes it back."""
    _ask_for_permission(request)
    file = FileImport.objects.defer("data", "changes").filter(pk=pk, by=request.user.pk).first()
    if file is None:
        raise Http404
    seen(file)
    if request.method == "POST":
        return _decided(request, file)
    if file.told:
        messages.info(request, file.told)
        FileImport.objects.filter(pk=file.pk).update(told="")
    report = Report.of_kept(file.report)
    asked = request.GET.get("show", "all")
    shown = asked if asked in SHOWN else "all"
    steps = [step for step in report.steps if shown in ("all", step.what)]
    page = Paginator(steps, ON_A_PAGE).get_page(request.GET.get("page"))
    counts = {"all": len(report.steps), **report.counts}
    context |= {
        "title": file.name,
        "file": file,
        "format": FORMATS[file.format],
        "report": report,
        "is_looked_at": bool(file.report),
        "is_under_way": is_under_way(file),
        "done": done_so_far(file),
        "by_kind": list(report.by_kind()),
        "page": page,
        "steps": [(step, [(name, marked(*change)) for name, *change in step.changes]) for step in page.object_list],
        "show": shown,
        "tabs": [(name, label, counts[name]) for name, label in SHOWN.items() if counts.get(name)],
    }
    return TemplateResponse(request, "workbench/file_import.html", context)


def _decided(request: HttpRequest, file: FileImport) -> HttpResponse:
    here = HttpResponseRedirect(reverse("admin:file_import", args=[file.pk]))
    if is_under_way(file):
        messages.info(request, "It is under way. Wait until that is done.")
        return here
    if "_drop" in request.POST and not file.made_at:
        file.delete()
        messages.success(request, "Nothing was changed, and the file is forgotten.")
        return HttpResponseRedirect(reverse("admin:import_file"))
    work = _taken_back if "_take_back" in request.POST else _made if "_make" in request.POST else None
    try:
        if work and len(file.report.get("steps", ())) > MANY:
            start(file, work)
        elif work:
            messages.success(request, work(file, iter))
    except OperationalError:
        messages.error(request, "Nothing was changed: the database is busy. Try again in a moment.")
    except NotAsShown as changed:
        messages.warning(request, str(changed))
    except (Unreadable, ValueError) as error:
        messages.error(request, str(error))
    return here


def _again(file: FileImport) -> Import:
    """The file, read once more. Raises ValueError where it was made already, and so is not kept any more."""
    if file.made_at:
        raise ValueError("It was made already.")
    return read(file.name, bytes(file.data), file.format, Options(**file.options))


def _looked_at(file: FileImport, progress: Progress) -> str:
    prepare(file, _again(file), progress)
    return ""


def _made(file: FileImport, progress: Progress) -> str:
    found = _again(file)
    _ask_whether_readable(found, file.by)
    report = make(file, found, progress)
    if report.problems:
        raise ValueError("Nothing was imported, since it has problems.")
    told = f"Done: {report}"
    if report.recheck and report.recheck.changed_something:
        told += f" What is public was judged again by the facts as they are now: {report.recheck}"
    return told


def _taken_back(file: FileImport, progress: Progress) -> str:
    assert file.by is not None, "it is one's own"
    try:
        take_back(file, file.by)
    except ChangedSince as changed:
        more = f" And {len(changed.what) - _NAMED} more." if len(changed.what) > _NAMED else ""
        raise ValueError(f"Nothing was taken back. {' '.join(changed.what[:_NAMED])}{more}") from changed
    return "Taken back: everything is as it was before."


def _ask_for_permission(request: HttpRequest) -> None:
    if not request.user.has_perms(_NEEDED):  # type: ignore[union-attr]
        raise PermissionDenied


def _ask_whether_readable(found: Import, by: Any) -> None:
    """Raise Unreadable for what would show a second coder what they may not read yet, or change it unseen."""
    entries = sorted(pk for model, pks in found.here().items() if issubclass(model, Entry) for pk in pks)
    for some in in_parts(entries):
        if readable(Entry.objects.filter(pk__in=some), by).count() < len(some):
            raise Unreadable(
                "It has to do with a text that you code apart from somebody. Import it when both are done."
            )
