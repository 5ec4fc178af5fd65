"""Where a row is used: all that refers to it, so that whoever deletes or changes it knows what that touches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from apps.curation.history import BELONGINGS
from apps.workbench.apart import readable
from apps.workbench.belonging import entries_of
from apps.workbench.roles import IDENTITIES

SHOWN = 5  # of each sort

_HEADINGS = {
    "Acknowledgement.entry": "Reasons given to let a warning pass",
    "Article.authors": "Articles by them",
    "Attendance.affiliation": "Attendance from there",
    "Attendance.expertise": "Attendance of experts on it",
    "Attendance.person": "Meetings that they attended",
    "Attendance.session": "Who attended it",
    "Authorship.affiliation": "Authors from there",
    "Candidate.article": "Candidates read from it",
    "Candidate.descriptor_expertise": "Candidates whose holders it describes",
    "Candidate.position": "The candidate that it was",
    "Candidate.proposition": "Candidates on it",
    "Candidate.regions": "Candidates about it",
    "Candidate.session": "Candidates read from it",
    "Candidate.speakers": "Candidates that they may hold (private)",
    "Candidate.themes": "Candidates about it",
    "CrossReference.target": "What refers to it",
    "Entry.regions": "Entries about it",
    "Entry.tags": "Entries with it",
    "Entry.themes": "Entries about it",
    "Position.article": "Positions found in it",
    "Position.descriptor_expertise": "Positions whose holders it describes",
    "Position.proposition": "Positions on it",
    "Position.reported_from": "Positions reported from it",
    "Position.session": "Positions found in it",
    "Position.speakers": "Positions that they hold (private)",
    "Region.parent": "Regions within it",
    "Session.workshop": "Its sessions",
    "Theme.broader": "Narrower themes",
    "Theme.related": "Related themes",
    "Workshop.host": "Workshops that it hosts",
}
_ASKED_BY_PERSON = {"Position.speakers", "Candidate.speakers", "Attendance.person"}
_ASKED_BY_SLUG = {"Entry.tags": "tag"}  # lists that know the relation by a filter of their own


@dataclass(frozen=True, slots=True)
class Use:
    """One way in which a row is used: how often, the list of all, and the first few with where they are edited."""

    name: str
    number: int
    address: str
    rows: list[tuple[str, str]]


def where_used(row: Model, request: HttpRequest) -> list[Use]:
    """Each relation that leads to a row, many-to-many too, of which whoever asks may see something; three queries each.

    What has no list in the workbench is none of it, nor is what belongs to the row and stands on its own form.
    """
    found = (_use(row, relation, request) for relation in _relations(type(row)))
    return [one for one in found if one is not None]


def _relations(model: type[Model]) -> Iterator[Any]:
    reverse_ones: list[Any] = [
        one
        for one in model._meta.get_fields(include_hidden=True)
        if one.auto_created and not one.concrete and one.related_model in admin.site._registry
    ]
    through = {one.through for one in reverse_ones if one.many_to_many}
    for one in reverse_ones:
        belongs = one.related_model in BELONGINGS and BELONGINGS[one.related_model][0] == one.field.name
        if not (belongs or one.related_model in through or getattr(one, "parent_link", False)):
            yield one


def _use(row: Model, relation: Any, request: HttpRequest) -> Use | None:
    model, field = relation.related_model, relation.field
    shown_by = admin.site._registry[model]
    if not shown_by.has_view_permission(request):
        return None
    if f"{model.__name__}.{field.name}" in _ASKED_BY_PERSON and not request.user.has_perm(IDENTITIES):  # type: ignore[union-attr]
        return None
    rows = readable(model._base_manager.filter(**{field.name: row}), request.user)
    keys = list(rows.order_by("-pk").values_list("pk", flat=True)[: SHOWN + 1])  # alone, they come from an index
    if not keys:
        return None
    number = rows.count() if len(keys) > SHOWN else len(keys)
    few = model._base_manager.filter(pk__in=keys[:SHOWN]).order_by("-pk")
    with_names = shown_by.list_select_related
    first = few.select_related(*with_names) if isinstance(with_names, tuple) else few
    name = f"{model.__name__}.{field.name}"
    heading = _HEADINGS.get(name, f"{model._meta.verbose_name_plural} ({field.verbose_name})".capitalize())
    return Use(heading, number, _list_of(row, name, model, field), [(str(one), _form_of(one)) for one in first])


def _list_of(row: Any, name: str, model: type[Model], field: Any) -> str:
    by_slug = _ASKED_BY_SLUG.get(name)
    asked = {by_slug: row.slug} if by_slug else {f"{field.name}__exact": row.pk}
    return f"{reverse(f'admin:{model._meta.app_label}_{model._meta.model_name}_changelist')}?{urlencode(asked)}"


def _form_of(row: Model) -> str:
    """Where a row is edited: what belongs to an entry, on the form of that."""
    row = next(iter(entries_of(row)), row)
    name = row.kind if hasattr(row, "kind") else row._meta.model_name
    return reverse(f"admin:{row._meta.app_label}_{name}_change", args=[row.pk])
