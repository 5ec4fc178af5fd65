"""Regions, themes and tags."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from taggit import admin as taggits
from taggit.models import Tag

from apps.curation.models import Attendance, Entry, Position
from apps.curation.models.entries import validate_tag
from apps.public.catalogue.models import Record
from apps.taxonomy.models import Broader, Region, Theme
from apps.taxonomy.vocabulary import Facet, vocabulary
from apps.workbench.admin.base import BaseAdmin, SomeOf
from apps.workbench.admin.merging import SplittingAdmin
from apps.workbench.admin.naming import NamingAdmin


class TermAdmin(BaseAdmin):
    facet: Facet
    ordering = ("name",)  # said here too, since counting uses drops the model's own
    search_fields = ("name", "alternative_names", "slug", "definition")
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(uses=Count("entries", distinct=True))

    @admin.display(description="entries", ordering="uses")
    def used(self, term: Any) -> int:
        return term.uses

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj and self.is_in_use(obj) else ()

    def is_in_use(self, term: Any) -> bool:
        """Whether entries or records carry the term or one beneath it, and so its address is known."""
        beneath = vocabulary().hierarchy(self.facet).descendants(term.slug)
        if Entry.objects.filter(**{f"{self.facet}s__slug__in": beneath}).exists():
            return True
        carried = (Q(**{f"content__{self.facet}s__icontains": f'"{slug}"'}) for slug in beneath)
        return Record.objects.filter(reduce(or_, carried)).exists()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if "slug" in self.get_readonly_fields(request, obj) else dict(self.prepopulated_fields)


@admin.register(Region)
class RegionAdmin(TermAdmin):
    facet = "region"

    def is_in_use(self, term: Any) -> bool:
        """By descriptions of holders, too, which are counted by its slug."""
        beneath = vocabulary().hierarchy("region").descendants(term.slug)
        described = Position.objects.filter(descriptor_expertise__slug__in=beneath)
        known = Attendance.objects.filter(expertise__slug__in=beneath)
        return super().is_in_use(term) or described.exists() or known.exists()

    list_display = ("name", "parent", "used")
    list_select_related = ("parent",)
    fields = ("name", "slug", "parent", "alternative_names", "definition", "scope_note", "countries")


class ThemeForm(forms.ModelForm):  # type: ignore[type-arg]
    # Not called broader: the admin refuses a relation that has a model of its own, even on a form that saves it.
    above = forms.ModelMultipleChoiceField(
        Theme.objects.all(), required=False, label="Broader", help_text="Concepts above this one."
    )

    class Meta:
        model = Theme
        fields = ("name", "slug", "related", "alternative_names", "definition", "scope_note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["above"].widget = SomeOf(Theme._meta.get_field("broader"), admin.site)
        self.fields["above"].widget.choices = self.fields["above"].choices  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["above"].initial = self.instance.broader.all()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        broader, related = cleaned.get("above") or [], cleaned.get("related") or []
        if self.instance.pk:
            try:
                self.instance.check_broader(broader)
            except ValidationError as error:
                self.add_error("above", error.message_dict["broader"])
        try:
            self.instance.check_related(related, broader)
        except ValidationError as error:
            self.add_error("related", error.message_dict["related"])
        return cleaned


@admin.register(Theme)
class ThemeAdmin(SplittingAdmin, TermAdmin):
    facet = "theme"
    change_form_template = "workbench/thing_form.html"
    form = ThemeForm
    list_display = ("name", "used")
    fields = ("name", "slug", "above", "related", "alternative_names", "definition", "scope_note")

    @admin.display(description="broader")
    def above(self, theme: Theme) -> str:
        """What somebody who may only look sees in the place of the form's field."""
        return ", ".join(map(str, theme.broader.all())) or "–"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        wanted = {theme.pk for theme in form.cleaned_data["above"]}
        for link in form.instance.broader_links.exclude(broader__in=wanted):
            link.delete()
        for pk in wanted:
            Broader.objects.get_or_create(narrower=form.instance, broader_id=pk)


taggits.admin.site.unregister(Tag)  # importing theirs registers it; ours takes its place


class TagForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_name(self) -> str:
        validate_tag(self.cleaned_data["name"])
        return str(self.cleaned_data["name"])


@admin.register(Tag)
class TagAdmin(NamingAdmin):
    form = TagForm
    list_display = ("name", "slug", "used")
    ordering = ("name",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return super().get_queryset(request).annotate(uses=Count("tagged_entries"))

    @admin.display(description="entries", ordering="uses")
    def used(self, tag: Any) -> int:
        return tag.uses
