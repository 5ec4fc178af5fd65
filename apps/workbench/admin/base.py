"""What all admins and inlines share: every relation is an autocomplete, and nothing sent to them is a server error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Field, ForeignKey, ManyToManyField, Model, QuerySet
from django.http import HttpRequest

from apps.taxonomy.fields import LinesField

_KEY = re.compile(r"[0-9]{1,18}", re.ASCII)  # what a primary key can be; a database refuses to look for more digits
_NOBODY = "0"  # the key of no row

if TYPE_CHECKING:
    _Options = admin.options.BaseModelAdmin[Any]
else:
    _Options = object


def relations(model: type[Model]) -> list[str]:
    """The relations of a model that its form edits."""
    return [
        field.name
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if isinstance(field, ForeignKey | ManyToManyField)
        and field.editable
        and not field.remote_field.parent_link
        and (not isinstance(field, ManyToManyField) or field.remote_field.through._meta.auto_created)
    ]


def _no_null_in_lines(lines: list[str]) -> None:
    ProhibitNullCharactersValidator()("\n".join(lines))


class OneOf(AutocompleteSelect):
    """Finds one row as its name is typed; what can't be a key is the key of no row, which the field refuses."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value if not value or _KEY.fullmatch(value) else _NOBODY


class SomeOf(AutocompleteSelectMultiple):
    """The same for several rows."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        values = super().value_from_datadict(data, files, name)
        return [value if _KEY.fullmatch(str(value)) else _NOBODY for value in values]


class Autocompletes(_Options):
    """Every relation is an autocomplete: a list of all people or articles in one select serves nobody."""

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return relations(self.model)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **self._with_widget(OneOf, db_field, kwargs))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **self._with_widget(SomeOf, db_field, kwargs))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, LinesField):
            field.validators.append(_no_null_in_lines)
        if field is not None and hasattr(field.widget, "can_delete_related"):
            # Somebody new can be made from here; deleting an article from a position's form is a slip of the mouse.
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def _with_widget(self, widget: Any, db_field: Field[Any, Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        if db_field.name not in relations(self.model):
            return kwargs
        return {"widget": widget(db_field, self.admin_site), **kwargs}


class BaseAdmin(Autocompletes, admin.ModelAdmin):  # type: ignore[type-arg]
    """The admin of anything that is curated."""

    list_per_page = 50
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        # No row holds a NUL, and PostgreSQL refuses to look for one.
        request.GET = request.GET.copy()  # type: ignore[assignment]
        for name, values in list(request.GET.lists()):
            request.GET.setlist(name, [value.replace("\x00", " ") for value in values])
        return super().changelist_view(request, extra_context)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        # A NUL can't be in any text that the database holds, and PostgreSQL refuses to look for one. Each word makes
        # a condition on every field, and no database takes conditions without end.
        words = search_term.replace("\x00", " ")[:500].split(" ")[:40]
        return super().get_search_results(request, queryset, " ".join(words))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        if not from_field and not _KEY.fullmatch(object_id):
            return None
        return super().get_object(request, object_id, from_field)


class Inline(Autocompletes, admin.TabularInline):  # type: ignore[type-arg]
    """Rows that are edited along with what they belong to."""

    extra = 0
