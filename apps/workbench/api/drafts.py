"""Drafts as programs find, make and edit them; each edit is one step of the history, judged as any other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.messages.storage.base import BaseStorage
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from apps.curation.models import Entry, Status
from apps.curation.tables.columns import version_of
from apps.taxonomy.words import Kind
from apps.workbench.apart import readable
from apps.workbench.api.access import access_of
from apps.workbench.api.filling import Filled, Problem, plain
from apps.workbench.api.shapes import admin_of
from apps.workbench.editing import one_edit

DRAFTS = (Status.DRAFT, Status.RETURNED)


class NotADraft(Exception):  # noqa: N818 - an answer, not a fault
    """The entry has gone on from being a draft."""


class Edited(Exception):  # noqa: N818
    """Somebody has edited the draft since whoever writes to it has seen it."""


class Unusable(Exception):  # noqa: N818
    """What was sent can't be kept; ``problems`` say why, each with its place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("Nothing was saved.")
        self.problems = problems


class _Told(BaseStorage):
    """What the admin would say on the next page, for whoever has no pages; nothing of it is kept."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def _store(self, *args: Any, **kwargs: Any) -> list[Any]:
        return []

    @property
    def words(self) -> list[str]:
        return [plain(one.message) for one in self._queued_messages]  # type: ignore[attr-defined]


def found(request: HttpRequest, kinds: Iterable[Kind], slug: str, after: int, most: int) -> list[Entry]:
    """The drafts that the account may see, in the order in which they were entered, after the one with a key."""
    seen = [kind for kind in kinds if admin_of(kind).has_view_permission(request)]
    rows = readable(Entry.objects.filter(status__in=DRAFTS, kind__in=seen, pk__gt=after), request.user)
    return list((rows.filter(slug=slug) if slug else rows).order_by("pk")[:most])


def one(request: HttpRequest, kind: Kind, identifier: str) -> Entry:
    """A draft, as its kind. Raises NotADraft, Http404, and PermissionDenied for an account that may see none of them,
    which is not told either what there is."""
    of_kind = admin_of(kind)
    if not of_kind.has_view_permission(request):
        raise PermissionDenied(f"This account may not see {kind.plural}.")
    key = Entry.objects.filter(kind=kind, identifier=identifier).values_list("pk", flat=True).first()
    entry: Any = of_kind.get_object(request, str(key)) if key else None
    if entry is None:
        raise Http404(f"There is no {kind.label.lower()} {identifier[:20]}.")
    if entry.status not in DRAFTS:
        stands = entry.get_status_display().lower()
        raise NotADraft(
            f"“{entry}” is no draft any more: {stands}. What can be done with it, is done in the workbench."
        )
    return entry  # type: ignore[no-any-return]


def make(request: HttpRequest, kind: Kind, sent: dict[str, Any]) -> tuple[Entry, list[str]]:
    """A new draft, and what there is to say of it. Raises Unusable, and PermissionDenied."""
    if not admin_of(kind).has_add_permission(request):
        raise PermissionDenied(f"This account may not make {kind.plural}.")
    with one_edit(request.user, access_of(request).why):
        entry, told = _saved(request, kind, None, sent)
    return entry, told


def edit(request: HttpRequest, kind: Kind, identifier: str, seen: str, sent: dict[str, Any]) -> tuple[Entry, list[str]]:
    """Let a draft say what was sent, if it still is what whoever sends it has ``seen``: its version.

    Raises Http404, NotADraft, Edited, Unusable and PermissionDenied; then nothing has changed.
    """
    with one_edit(request.user, access_of(request).why) as outcome:
        # Whoever saves it at the same moment comes before or after: nobody's edit is written over unseen.
        list(Entry.objects.select_for_update().filter(kind=kind, identifier=identifier).values_list("pk"))
        entry = one(request, kind, identifier)
        if not admin_of(kind).has_change_permission(request, entry):
            raise PermissionDenied(f"This account may not edit {kind.plural}.")
        if seen != version_of(entry):
            by, at = entry.modified_by or "Somebody", f"{entry.modified_at:%-d %B %Y, %H:%M:%S} UTC"
            raise Edited(
                f"{by} has edited it since, on {at}. Nothing was saved: ask for it anew, and send your edit again."
            )
        entry, told = _saved(request, kind, entry, sent)
    if (done := outcome()) and done.changed_something:
        told.append(f"What is public was judged again by the facts as they are now: {done}")
    return entry, told


def _saved(request: HttpRequest, kind: Kind, entry: Entry | None, sent: dict[str, Any]) -> tuple[Entry, list[str]]:
    vars(request)["_messages"] = told = _Told(request)  # where django.contrib.messages puts what the admin says
    filled = Filled(request, kind, entry, sent)
    if problems := filled.problems():
        raise Unusable(problems)
    if entry is not None and not filled.changes_something:
        return entry, []
    saved = filled.save()
    return one(request, kind, saved.identifier), told.words
