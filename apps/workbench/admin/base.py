"""What all admins and inlines share: every relation is an autocomplete, and nothing sent to them is a server error."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Field, ForeignKey, ManyToManyField, Model, QuerySet, TextField
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from apps.curation.models.sources import SourceTextField
from apps.taxonomy.fields import LinesField
from apps.workbench.admin.fields import Prose, SourceText
from apps.workbench.admin.saved_filters import filters_of
from apps.workbench.apart import readable, tells_of_more, would_tell
from apps.workbench.editing import one_edit
from apps.workbench.labels import label_of, with_label
from apps.workbench.seeing import note_seen
from apps.workbench.uses import where_used

KEY = re.compile(r"[0-9]{1,18}", re.ASCII)  # what a primary key can be; a database refuses to look for more digits
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
        return value if not value or KEY.fullmatch(value) else _NOBODY


class SomeOf(AutocompleteSelectMultiple):
    """The same for several rows."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        values = super().value_from_datadict(data, files, name)
        return [value if KEY.fullmatch(str(value)) else _NOBODY for value in values]


class Readable(_Options):
    """Rows that somebody may not read yet are not there for them."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return readable(super().get_queryset(request), request.user)


class Autocompletes(Readable):
    """Every relation is an autocomplete: a list of all people or articles in one select serves nobody."""

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return relations(self.model)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **self._with_widget(OneOf, db_field, kwargs))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **self._with_widget(SomeOf, db_field, kwargs))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, SourceTextField):
            kwargs["form_class"] = SourceText
        elif type(db_field) is TextField:
            kwargs["form_class"] = Prose
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, LinesField):
            field.validators.append(_no_null_in_lines)
        if isinstance(field, ModelChoiceField) and field.queryset is not None:
            field.queryset = with_label(field.queryset)
            field.label_from_instance = label_of  # type: ignore[method-assign]
        if field is not None and hasattr(field.widget, "can_delete_related"):
            # Somebody new can be made from here; deleting an article from a position's form is a slip of the mouse.
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def _with_widget(self, widget: Any, db_field: Field[Any, Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        if db_field.name not in relations(self.model):
            return kwargs
        return {"widget": widget(db_field, self.admin_site), **kwargs}


class Rows(ChangeList):
    """A list of rows, which a date outside the calendar doesn't break."""

    def get_filters(self, request: HttpRequest) -> Any:
        return _readable(super().get_filters, request)

    def get_results(self, request: HttpRequest) -> None:
        _readable(super().get_results, request)


def _readable(step: Callable[..., Any], request: HttpRequest) -> Any:
    try:
        return step(request)
    except (OverflowError, ValueError) as error:
        raise IncorrectLookupParameters(error) from error


class Searchable(_Options):
    """A list whose search box takes anything."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        # A NUL can't be in any text that the database holds, and PostgreSQL refuses to look for one. Each word makes
        # a condition on every field, and no database takes conditions without end.
        words = search_term.replace("\x00", " ")[:500].split(" ")[:40]
        return super().get_search_results(request, queryset, " ".join(words))


class BaseAdmin(Searchable, Autocompletes, admin.ModelAdmin):  # type: ignore[type-arg]
    """The admin of anything that is curated."""

    list_per_page = 50
    change_list_template = "workbench/change_list.html"
    show_full_result_count = False

    # --- Whatever is changed here, what is public of it is judged again once, and whoever changed it is told

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return judged_once(request, super().changeform_view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return judged_once(request, super().delete_view, *args, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        context["uses"] = where_used(obj, request) if obj is not None else None
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    # --- Lists

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Rows

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # A pattern in an address can be a broken one, or one that a database works at for minutes.
        is_pattern = not {"regex", "iregex"}.isdisjoint(lookup.split("__"))
        return not is_pattern and super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        # What is typed into the search box is refused in words beside it.
        if any("\x00" in "".join(values) for name, values in request.GET.lists() if name != SEARCH_VAR):
            messages.warning(request, "A filter in that address can't be read, so the list is shown without any.")
            return HttpResponseRedirect(request.path)
        context = {**filters_of(request, self), **(extra_context or {})}
        return judged_once(request, super().changelist_view, context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        if would_tell(objs, request.user):
            return [], {}, set(), ["something in a text that two people are coding apart. Wait until both are done"]
        return super().get_deleted_objects(objs, request)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        if not from_field and not KEY.fullmatch(object_id):
            return None
        row = super().get_object(request, object_id, from_field)
        if row is None or tells_of_more(row, request.user):
            return None
        if self.has_view_permission(request, row):
            note_seen(row, request.user)
        return row

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        """Do what was chosen to the rows that were chosen; what can't be a row's key chooses none."""
        chosen = request.POST.copy()
        chosen.setlist(
            ACTION_CHECKBOX_NAME, [key for key in chosen.getlist(ACTION_CHECKBOX_NAME) if KEY.fullmatch(key)]
        )
        request.POST = chosen  # type: ignore[assignment]
        return super().response_action(request, *args, **kwargs)


def judged_once(request: HttpRequest, step: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Take a step that may be an edit, and tell whoever took it what became of what is public."""
    if request.method != "POST":
        return step(request, *args, **kwargs)
    with one_edit(request.user) as outcome:
        response = step(request, *args, **kwargs)
    if (done := outcome()) and done.changed_something:
        messages.warning(request, f"What is public was judged again by the facts as they are now: {done}")
    return response


class Inline(Autocompletes, admin.TabularInline):  # type: ignore[type-arg]
    """Rows that are edited along with what they belong to."""

    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            # A line has no labels of its own, and a screen reader doesn't join the column's heading to a field.
            getattr(field.widget, "widget", field.widget).attrs["aria-label"] = str(field.label)
        return field
