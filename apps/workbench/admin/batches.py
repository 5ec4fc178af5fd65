"""The pages of an edit of many entries: say what, see what it would change, make it, take it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from apps.audit.log import seen
from apps.curation.models import Entry
from apps.gate.findings import Finding
from apps.taxonomy.words import Kind
from apps.workbench.admin.together import TogetherForm
from apps.workbench.batches import (
    MANY,
    Clash,
    NotAsShown,
    done_so_far,
    gate_on,
    good_and_bad,
    in_words,
    is_under_way,
    make,
    plan_of,
    show,
    start,
    take_back,
    taken_back_in_words,
)
from apps.workbench.differences import marked
from apps.workbench.models import Batch
from apps.workbench.together import RELATIONS

ON_A_PAGE = 25  # rows; each is judged by the gate as it would be
SHOWN = {"all": "All", "changes": "Changed", "new": "New", "problems": "With a problem"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the preview."""

    number: int
    title: str
    entry: Entry | None
    changes: list[tuple[str, SafeString]]
    problems: list[tuple[str, str]]
    found: list[Finding]


def batch_of(request: HttpRequest, pk: int) -> Batch:
    """Somebody's own batch. Raises Http404 for another's, and PermissionDenied for who may not edit."""
    if not request.user.has_perm("curation.change_entry"):
        raise PermissionDenied
    batch = Batch.objects.filter(pk=pk, by=request.user.pk).first()
    if batch is None:
        raise Http404
    seen(batch)  # its rows say who said what, before and after
    return batch


def together_view(request: HttpRequest, pk: int, context: dict[str, Any]) -> HttpResponse:
    """Say what is to become of the entries that were chosen in a list."""
    batch = batch_of(request, pk)
    here = HttpResponseRedirect(reverse("admin:batch", args=[pk]))
    if batch.kind or batch.made_at:
        return here
    form = TogetherForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        batch.asked = form.asked(batch.asked["entries"])
        show(batch, plan_of(batch))
        batch.save()
        return here
    context |= {"title": "Edit together", "form": form, "batch": batch, "number": len(batch.asked["entries"])}
    context |= {step: [form[f"{step}_{relation}"] for relation in RELATIONS] for step in ("add", "remove")}
    return TemplateResponse(request, "workbench/together.html", context)


def batch_view(request: HttpRequest, pk: int, context: dict[str, Any]) -> HttpResponse:
    """What a batch would change, or changed; POST makes it, drops it or takes it back."""
    batch = batch_of(request, pk)
    if request.method == "POST":
        return _decided(request, batch)
    if batch.told:
        messages.info(request, batch.told)
        Batch.objects.filter(pk=batch.pk).update(told="")
    good, bad = good_and_bad(batch.rows)
    kinds = {"all": batch.rows, "problems": bad}
    kinds |= {"new": [row for row in good if _is_new(batch, row)]}
    kinds |= {"changes": [row for row in good if not _is_new(batch, row)]}
    asked = request.GET.get("show", "problems" if bad and not batch.made_at else "all")
    shown = asked if asked in SHOWN else "all"
    page = Paginator(kinds[shown], ON_A_PAGE).get_page(request.GET.get("page"))
    counts = {name: len(kinds[name]) for name in SHOWN}
    telling = {"all", *(name for name in SHOWN if 0 < counts[name] < counts["all"])}
    context |= {
        "title": batch.name if batch.made_at or batch.kind else "Edit together: what would change",
        "batch": batch,
        "page": page,
        "lines": _lines(request, batch, list(page.object_list)),
        "show": shown,
        "tabs": [(name, label, counts[name]) for name, label in SHOWN.items() if name in telling],
        "good": len(good),
        "bad": len(bad),
        "kind": Kind(batch.kind) if batch.kind else None,
        "is_under_way": is_under_way(batch),
        "done": done_so_far(batch),
    }
    return TemplateResponse(request, "workbench/batch.html", context)


def _is_new(batch: Batch, row: dict[str, Any]) -> bool:
    return bool(batch.kind) and not row["seen"]


def _found(request: HttpRequest, batch: Batch, rows: list[dict[str, Any]]) -> dict[int, list[Finding]]:
    """What the gate would have against some rows; to ask it, they are written for a moment."""
    try:
        return gate_on(batch, rows, request.user)  # type: ignore[arg-type]
    except OperationalError:
        messages.info(request, "The database is busy, so the gate was not asked about these rows. Look again later.")
        return {}


def _lines(request: HttpRequest, batch: Batch, rows: list[dict[str, Any]]) -> list[Line]:
    entries = Entry.objects.in_bulk([row["entry"] for row in rows if row["entry"]])
    found = {} if batch.made_at or is_under_way(batch) else _found(request, batch, rows)
    return [
        Line(
            row["number"],
            row["title"],
            entries.get(row["entry"]),
            [(name, marked(before, after)) for name, before, after in row["changes"]],
            [(name, words) for name, words in row["problems"]],
            found.get(row["number"], []),
        )
        for row in rows
    ]


# --- What somebody decides


def _decided(request: HttpRequest, batch: Batch) -> HttpResponse:
    here = HttpResponseRedirect(reverse("admin:batch", args=[batch.pk]))
    if is_under_way(batch):
        messages.info(request, "It is being made. Wait until that is done.")
        return here
    if "_drop" in request.POST and not batch.made_at:
        batch.delete()
        messages.success(request, "Nothing was changed, and what was prepared is forgotten.")
        return HttpResponseRedirect(reverse("admin:index"))
    try:
        if "_take_back" in request.POST:
            _take_back(request, batch)
        elif "_make" in request.POST or "_make_good" in request.POST:
            _make(request, batch, only_good="_make_good" in request.POST)
    except NotAsShown as changed:
        messages.warning(request, str(changed))
    except (Clash, ValueError) as error:
        messages.error(request, str(error))
    return here


def _make(request: HttpRequest, batch: Batch, only_good: bool) -> None:
    if any(_is_new(batch, row) for row in batch.rows) and not request.user.has_perm(f"curation.add_{batch.kind}"):
        raise PermissionDenied
    by: Any = request.user
    _do(request, batch, lambda batch: in_words(batch, make(batch, by, only_good)))


def _take_back(request: HttpRequest, batch: Batch) -> None:
    by: Any = request.user
    _do(request, batch, lambda batch: taken_back_in_words(*take_back(batch, by)))


def _do(request: HttpRequest, batch: Batch, work: Callable[[Batch], str]) -> None:
    """Do it while somebody waits for the page, or, where that would be long, in the background."""
    if len(batch.rows) > MANY:
        start(batch, work)
    else:
        messages.success(request, work(batch))
