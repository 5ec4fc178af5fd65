"""Filters of the lists that are kept under a name: for oneself, or for a group."""

from __future__ import annotations

import copy
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from apps.workbench.models import SavedFilter

_NO_FILTER = ("p", "e", "all", "_popup", "_to_field", "_facets")  # what addresses of lists say beside the filter


class FilterForm(forms.ModelForm):  # type: ignore[type-arg]
    """A filter's name, and whom it is for."""

    class Meta:
        model = SavedFilter
        fields = ("name", "group")
        labels = {"name": "Name", "group": "For"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        field: Any = self.fields["group"]
        field.queryset, field.empty_label, field.help_text = self.instance.by.groups.all(), "Myself alone", ""

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = SavedFilter.objects.filter(by=self.instance.by, of=self.instance.of, name=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("You have a filter of this name for this list. Choose another name.")
        return name


def shown_to(user: Any, of: str | None = None) -> QuerySet[SavedFilter]:
    """The filters that somebody may use: their own, and those of their groups."""
    groups = Group.objects.filter(user=user.pk)
    found = SavedFilter.objects.filter(Q(by=user.pk) | Q(group__in=groups)).select_related("by", "group")
    return found.filter(of=of) if of else found


def filters_of(request: HttpRequest, admin: ModelAdmin[Any]) -> dict[str, Any]:
    """What a list says of the filters that are kept for it."""
    query = _query_of(request.GET)
    of = admin.opts.label_lower
    return {
        "saved_filters": [(one, one.query == query) for one in shown_to(request.user, of)],
        "keep_filter": f"{reverse('admin:keep_filter')}?{urlencode({'of': of, 'query': query})}" if query else "",
    }


def _query_of(parameters: QueryDict) -> str:
    """The filter in an address: always in the same order."""
    kept = [(name, value) for name, values in parameters.lists() if name not in _NO_FILTER for value in values if value]
    return urlencode(sorted(kept))


# --- Pages


def filter_view(request: HttpRequest, pk: int, site: Any) -> HttpResponse:
    """The list as a filter shows it; where it can't any more, the list with a word on why."""
    kept = get_object_or_404(shown_to(request.user), pk=pk)
    admin = _admin_of(site, kept.of)
    address = _list_of(kept)
    if not admin.has_view_permission(request):
        raise PermissionDenied
    if why := wrong_in(kept.query, request, admin):
        whose = "Change it or delete it" if kept.by_id == request.user.pk else f"Tell {kept.by}, whose it is"
        messages.warning(request, f"The filter “{kept}” can't be used as it is: {why} {whose}.")
        if why == _UNREADABLE:
            return HttpResponseRedirect(address)
    return HttpResponseRedirect(f"{address}?{kept.query}")


_UNREADABLE = "this list isn't filtered that way any more, so it is shown without."


def wrong_in(query: str, request: HttpRequest, admin: ModelAdmin[Any]) -> str:
    """What a filter asks for that its list doesn't know any more, in words; empty where it knows everything."""
    asking = copy.copy(request)
    asking.GET = QueryDict(query)  # type: ignore[assignment]
    try:
        specs = admin.get_changelist_instance(asking).filter_specs
    except (IncorrectLookupParameters, SuspiciousOperation, ValueError):
        return _UNREADABLE
    gone = []
    for one in admin.get_list_filter(request):
        if not (isinstance(one, type) and issubclass(one, SimpleListFilter)):
            continue
        if (value := asking.GET.get(str(one.parameter_name))) is None:
            continue
        spec: Any = next((spec for spec in specs if isinstance(spec, one)), None)
        known = {str(value) for value, _ in spec.lookup_choices} if spec else set()
        if value not in known:
            gone.append(f"no entry is of the {one.title} “{value}” any more")
    return f"{'; '.join(gone)}." if gone else ""


def keep_view(request: HttpRequest, context: dict[str, Any], site: Any, pk: int | None = None) -> HttpResponse:
    """Give a filter a name, or another one; share it; delete it."""
    kept = get_object_or_404(SavedFilter, pk=pk, by=request.user.pk) if pk else _new(request, site)
    address = f"{_list_of(kept)}?{kept.query}"
    if pk and "_delete" in request.POST:
        kept.delete()
        messages.success(request, f"The filter “{kept}” is deleted.")
        return HttpResponseRedirect(address)
    form = FilterForm(request.POST if request.method == "POST" else None, instance=kept)
    if request.method == "POST" and form.is_valid():
        form.save()
        whom = f"everybody in {kept.group}" if kept.group else "you"
        messages.success(request, f"The filter “{kept}” stands above the list, for {whom}.")
        return HttpResponseRedirect(address)
    context |= {"title": "Change a filter" if pk else "Save this filter", "form": form, "kept": kept, "back": address}
    return TemplateResponse(request, "workbench/filter.html", context)


def _new(request: HttpRequest, site: Any) -> SavedFilter:
    of, query = request.GET.get("of", ""), _query_of(QueryDict(request.GET.get("query", "").replace("\x00", "")))
    if not query or len(query) > SavedFilter._meta.get_field("query").max_length:  # type: ignore[operator]
        raise Http404
    if not _admin_of(site, of).has_view_permission(request):
        raise PermissionDenied
    return SavedFilter(by=request.user, of=of, query=query)  # type: ignore[misc]


def _list_of(kept: SavedFilter) -> str:
    return reverse(f"admin:{kept.of.replace('.', '_')}_changelist")


def _admin_of(site: Any, of: str) -> ModelAdmin[Any]:
    """The admin of a list. Raises Http404 where there is none."""
    found = next((admin for model, admin in site._registry.items() if model._meta.label_lower == of), None)
    if found is None:
        raise Http404
    return found
