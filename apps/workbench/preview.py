"""The public page of an entry as publishing it now would make it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.curation.models import Entry
from apps.gate.case import Case
from apps.public.catalogue.models import Link, Record
from apps.public.catalogue.state import read_state
from apps.public.exports.site import Site
from apps.public.website.views.records import page_context


def preview_page(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Render the website's own template over what the gate would write; nothing is written."""
    case = Case.of_draft(entry)
    kept = Record.objects.filter(identifier=entry.identifier).first()
    record = Record(
        pk=kept.pk if kept else None,
        identifier=entry.identifier,
        kind=entry.kind,
        title=case.content["title"],
        content=case.content,
        version=kept.version + 1 if kept else 1,
        published_at=timezone.now(),
    )
    links = [Link(source=record, target_id=target, tie=tie, note=note) for target, tie, note in case.links.live]
    return render(
        request,
        f"website/records/{entry.kind}.html",
        page_context(record, read_state(), Site.of(request), links) | {"is_preview": True},
    )
