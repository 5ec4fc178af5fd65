"""What an analyst edits along with an entry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet, TextField
from django.http import HttpRequest

from apps.curation.models import Attendance, Authorship, CrossReference, Passage, Position, Session
from apps.workbench.admin.base import Autocompletes, Inline
from apps.workbench.admin.forms import (
    AuthorForm,
    EntryLineForm,
    LinesOfAttendance,
    LinesOfEntries,
    LinesOfSessionAttendance,
    NumberedLines,
    PassageForm,
    ReferenceForm,
)

_SHORT = {TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 30})}}


class ReferencesOut(Inline):
    model = CrossReference
    form = ReferenceForm
    fk_name = "source"
    verbose_name = "cross-reference from here"
    verbose_name_plural = "cross-references from here"
    fields = ("relation", "target", "note")
    formfield_overrides = _SHORT


class ReferencesIn(Inline):
    model = CrossReference
    form = ReferenceForm
    fk_name = "target"
    verbose_name = "cross-reference to here"
    verbose_name_plural = "cross-references to here"
    fields = ("source", "relation", "note")
    formfield_overrides = _SHORT


REFERENCES = (ReferencesOut, ReferencesIn)


class Attendances(Inline):
    model = Attendance
    formset = LinesOfAttendance
    fields = ("person", "session", "role", "affiliation", "sector", "country", "expertise")
    verbose_name_plural = "attendance"


class SessionAttendances(Inline):
    model = Attendance
    formset = LinesOfSessionAttendance
    fk_name = "session"
    fields = ("person", "role", "affiliation", "sector", "country", "expertise")
    verbose_name_plural = "attendance"


class EntryLines(Inline):
    """Entries that belong to this one, each in a line; the rest of it, and deleting it, is on its own form."""

    form = EntryLineForm
    formset = LinesOfEntries
    can_delete = False
    show_change_link = True
    prepopulated_fields = {"slug": ("title",)}
    number: str

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).order_by(self.number, "pk")


class Sessions(EntryLines):
    model = Session
    fk_name = "workshop"
    fields = ("number", "title", "slug", "rule")
    number = "number"


class ArticlePositions(EntryLines):
    model = Position
    fk_name = "article"
    fields = ("order", "title", "slug", "proposition", "stance", "quantifier")
    number = "order"


class SessionPositions(ArticlePositions):
    fk_name = "session"


class Authorships(Inline):
    model = Authorship
    form = AuthorForm
    formset = NumberedLines
    fields = ("order", "person", "affiliation")
    verbose_name = "author"
    verbose_name_plural = "authors"


class Passages(Autocompletes, admin.StackedInline):  # type: ignore[type-arg]
    model = Passage
    form = PassageForm
    formset = NumberedLines
    fk_name = "position"
    extra = 0
    fields = ("number", "locator", "quotation", ("prefix", "suffix"), ("start", "end", "state"))
    readonly_fields = ("state",)  # found by looking, where we hold the text
    formfield_overrides = {TextField: {"widget": forms.Textarea(attrs={"rows": 3})}}
