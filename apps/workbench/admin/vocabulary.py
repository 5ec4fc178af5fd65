"""Regions, themes and tags."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from taggit.admin import TagAdmin as TaggitTagAdmin
from taggit.models import Tag

from apps.taxonomy.models import Broader, Region, Theme
from apps.workbench.admin.base import BaseAdmin


class TermAdmin(BaseAdmin):
    search_fields = ("name", "alternative_names", "slug", "definition")
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(uses=Count("entries", distinct=True))

    @admin.display(description="entries", ordering="uses")
    def used(self, term: Any) -> int:
        return term.uses

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Records and addresses carry the slug of a term that is in use.
        return ("slug",) if obj and obj.entries.exists() else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if "slug" in self.get_readonly_fields(request, obj) else dict(self.prepopulated_fields)


@admin.register(Region)
class RegionAdmin(TermAdmin):
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
        self.fields["above"].widget = AutocompleteSelectMultiple(Theme._meta.get_field("broader"), admin.site)
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
class ThemeAdmin(TermAdmin):
    form = ThemeForm
    list_display = ("name", "used")
    fields = ("name", "slug", "above", "related", "alternative_names", "definition", "scope_note")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        wanted = {theme.pk for theme in form.cleaned_data["above"]}
        for link in form.instance.broader_links.exclude(broader__in=wanted):
            link.delete()
        for pk in wanted:
            Broader.objects.get_or_create(narrower=form.instance, broader_id=pk)


admin.site.unregister(Tag)


@admin.register(Tag)
class TagAdmin(TaggitTagAdmin):
    inlines: list[Any] = []
    list_display = ("name", "slug", "used")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return super().get_queryset(request).annotate(uses=Count("tagged_entries"))

    @admin.display(description="entries", ordering="uses")
    def used(self, tag: Any) -> int:
        return tag.uses
