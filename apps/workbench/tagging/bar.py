"""The bar above a record's public page, for analysts who are signed in: what a reader's page doesn't say, and can't do.

The website knows no more of it than that something may stand there. Readers get the page that they always got: nobody
is asked who they are unless they come with the cookie of somebody who has signed in.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from apps.curation.models import CrossReference, Entry
from apps.public.website.reading import url_of
from apps.taxonomy.words import Kind
from apps.workbench.apart import readable, tells_of_more
from apps.workbench.differences import unpublished_differences
from apps.workbench.tagging.forms import LinkForm, TermsForm
from apps.workbench.tagging.suggesting import suggestions


class Bar:
    """Puts the bar on the pages of records."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        is_record = request.resolver_match is not None and request.resolver_match.url_name == "record"
        if is_record and settings.SESSION_COOKIE_NAME in request.COOKIES:
            # A database that doesn't answer the bar doesn't answer the page either, which then says so.
            with suppress(OperationalError):
                vars(request)["bar"] = _bar(request, kwargs["kinds"].removesuffix("s"), kwargs["identifier"])


def _bar(request: HttpRequest, kind: str, identifier: str) -> str:
    """The bar of a record; empty where there is no such entry, or none that this user may see."""
    if not (request.user.is_staff and request.user.has_perm(f"curation.view_{kind}")):
        return ""
    entry = readable(Entry.objects.filter(kind=kind, identifier=identifier), request.user).first()
    if entry is None or tells_of_more(entry, request.user):
        return ""
    return render_to_string("workbench/tagging/bar.html", parts(entry, request.user) | {"is_bar": True}, request)


def parts(entry: Entry, user: Any, terms: TermsForm | None = None, link: LinkForm | None = None) -> dict[str, Any]:
    """What the bar and its own page show of an entry."""
    ids = "bar_%s"  # the page has ids of its own
    may_edit = user.has_perm(f"curation.change_{entry.kind}")
    references = (
        readable(CrossReference.objects.filter(source=entry.pk), user)
        .select_related("target")
        .order_by("relation", "pk")
    )
    return {
        "entry": entry,
        "address": reverse(f"admin:curation_{entry.kind}_tagging", args=[entry.pk]),
        "public": url_of(entry.kind, entry.identifier),
        "differences": unpublished_differences(entry),
        "may_edit": may_edit,
        "may_link": may_edit and user.has_perm("curation.add_crossreference"),
        "may_publish": user.has_perm("curation.publish_entry"),
        "terms": terms or TermsForm(entry=entry, auto_id=ids),
        "link": link or LinkForm(entry=entry, user=user, auto_id=ids),
        "references": references,
        "suggestions": suggestions(entry, user),
        "merge": _merge_page(entry, user),
    }


def _merge_page(entry: Entry, user: Any) -> str:
    """Where an entry is made one with its double; empty for a kind of which that can't be done, or not by this user."""
    if entry.kind != Kind.PROPOSITION or not user.has_perms(
        ["curation.change_proposition", "curation.delete_proposition"]
    ):
        return ""
    return f"{reverse('admin:curation_proposition_merge')}?of={entry.pk}"
