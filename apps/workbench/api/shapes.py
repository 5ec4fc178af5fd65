"""What an entry says as JSON: the fields of the admin's form of its kind, and the lines that are edited with it.

All of it is read off the admin, so a field that the form comes to have is one of the API, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.utils import flatten, flatten_fieldsets
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django_countries.fields import CountryField
from ninja import Field
from pydantic import BaseModel, ConfigDict, create_model, model_validator
from pydantic_core import PydanticCustomError

from apps.curation.models import Entry
from apps.curation.tables.columns import MODELS, version_of
from apps.taxonomy.fields import LinesField
from apps.taxonomy.words import Kind
from apps.workbench.admin.entry_base import EntryBaseAdmin
from apps.workbench.admin.inlines import Attendances, Authorships, Passages, ReferencesOut, SessionAttendances

if TYPE_CHECKING:
    Line = type[InlineModelAdmin[Any, Any]]
else:
    Line = type

# What is edited along with an entry, by its name in the API. Entries that hang on an entry are drafts of their own.
_LINES: dict[Line, str] = {
    Passages: "passages",
    Authorships: "authors",
    Attendances: "attendance",
    SessionAttendances: "attendance",
    ReferencesOut: "references",
}
MOST_LINES = 500  # of one sort, with one entry
_LARGEST = {"PositiveSmallIntegerField": 32_767, "PositiveIntegerField": 2_147_483_647}  # that every database holds
_LONGEST_NAME = 300


def admin_of(kind: Kind) -> EntryBaseAdmin:
    found: Any = admin.site.get_model_admin(MODELS[kind])
    return found


def fields_of(kind: Kind) -> list[str]:
    """The fields of a kind's form that can be written."""
    of_kind = admin_of(kind)
    return [
        one for one in flatten_fieldsets(of_kind.get_fieldsets(HttpRequest())) if one not in of_kind.readonly_fields
    ]


def lines_of(kind: Kind) -> dict[str, Line]:
    return {_LINES[one]: one for one in admin_of(kind).inlines if one in _LINES}


def columns_of(line: Line, written: bool = False) -> list[str]:
    """What a line says; of that, what can be written."""
    names = flatten(line.fields or ())
    return [name for name in names if not (written and name in line.readonly_fields)]


# --- As values


def value_of(row: Model, name: str) -> Any:
    """What a row says in a field, as JSON; another row by the name that means it alone."""
    field: Any = row._meta.get_field(name)
    if name == "tags":
        return sorted(tag.name for tag in row.tags.all())  # type: ignore[attr-defined]
    if field.many_to_many:
        return sorted(name_of(one) for one in getattr(row, name).all())
    value = getattr(row, name)
    if field.many_to_one:
        return name_of(value) if value else None
    return value.code if isinstance(field, CountryField) else value


def name_of(row: Any) -> str:
    return str(row.identifier if isinstance(row, Entry) else row.slug)


def said(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    """What the admin's form of a draft, given as its kind, says to whoever asks."""
    kind = Kind(entry.kind)
    values: dict[str, Any] = heading(entry) | {name: value_of(entry, name) for name in fields_of(kind)}
    for inline in admin_of(kind).get_inline_instances(request, entry):
        if type(inline) in _LINES and inline.has_view_permission(request, entry):
            rows, columns = _rows(request, inline, entry), columns_of(type(inline))
            values[_LINES[type(inline)]] = [
                {"id": row.pk} | {name: value_of(row, name) for name in columns} for row in rows
            ]
    return values


def _rows(request: HttpRequest, line: InlineModelAdmin[Any, Any], entry: Entry) -> QuerySet[Any]:
    """The lines of an entry, in their order, with all that they name."""
    fields: list[Any] = [line.model._meta.get_field(name) for name in columns_of(type(line))]
    rows = line.get_queryset(request).filter(**{line.fk_name or entry.kind: entry.pk})
    rows = rows.prefetch_related(*(field.name for field in fields if field.many_to_many))
    if named := [field.name for field in fields if field.many_to_one]:
        rows = rows.select_related(*named)
    return rows.order_by(*(line.model._meta.ordering or ()), "pk")


def heading(entry: Entry) -> dict[str, Any]:
    """What a list says of a draft."""
    return {
        "identifier": entry.identifier,
        "kind": entry.kind,
        "title": entry.title,
        "slug": entry.slug,
        "status": entry.status,
        "modified": entry.modified_at,
        "version": version_of(entry),
    }


# --- As OpenAPI describes it


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _not_endless(cls, sent: Any) -> Any:
        """Each name that means nothing is a problem of its own, and a million of them take all memory there is."""
        if isinstance(sent, dict) and len(sent) > 2 * len(cls.model_fields):
            raise PydanticCustomError("too_many", "There are more names here than there is anything to say.")
        return sent


class Heading(BaseModel):
    identifier: str
    kind: Kind
    title: str
    slug: str
    status: str = Field(description="draft, or returned where a reviewer sent it back.")
    modified: Any = Field(json_schema_extra={"type": "string", "format": "date-time"})
    version: str = Field(description="Changes with every edit; the ETag is made of it.")


def _type(field: Any) -> Any:
    if field.many_to_many:
        return list[str]
    if field.many_to_one:
        return str | None
    internal = field.get_internal_type()
    if isinstance(field, LinesField):
        return list[str]
    if internal == "BooleanField":
        return bool
    if internal in _LARGEST:
        return int | None
    if field.choices and not isinstance(field, CountryField):
        values = [value for value, _ in field.flatchoices if value]
        return Literal[tuple([*values, ""] if field.blank else values)]  # type: ignore[misc]
    return str


def _limits(field: Any) -> dict[str, Any]:
    internal = field.get_internal_type()
    if field.many_to_many or isinstance(field, LinesField):
        return {"max_length": MOST_LINES}
    if field.many_to_one:
        return {"max_length": _LONGEST_NAME}
    if internal in _LARGEST:
        return {"ge": 0, "le": _LARGEST[internal]}
    if internal in ("BooleanField",) or (field.choices and not isinstance(field, CountryField)):
        return {}
    return {"max_length": field.max_length} if field.max_length else {}


def _is_needed(field: Any) -> bool:
    """Whether a new row can't be without it. A slug can be made of the title."""
    return not (field.blank or field.has_default() or field.many_to_many or field.name == "slug")


def _nothing() -> None:
    """Stands for what is left out, which stays as it is: a default in the description would say otherwise."""


def _shape(
    title: str, model: type[Model], names: Sequence[str], extra: dict[str, Any], needed: Iterable[str], base: Any
) -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for name in names:
        field: Any = model._meta.get_field(name)
        about = _help(field)
        left_out: dict[str, Any] = {} if name in needed else {"default_factory": _nothing}
        fields[name] = (_type(field), Field(description=about, **_limits(field), **left_out))
    return create_model(title, __base__=base, **fields, **extra)


def _help(field: Any) -> str:
    """What may stand in a field, in the words of its form."""
    if field.name == "tags":
        return "Words of your own; a new word makes a new tag. Published."
    words = str(field.help_text or "")
    if field.many_to_one or field.many_to_many:
        model = field.related_model
        named = "identifier or slug" if issubclass(model, Entry) else "slug or name"
        words = f"{model._meta.verbose_name.capitalize()}, by {named}. {words}"
    return words.strip()


@cache
def _line(kind: Kind, line: Line, name: str, written: bool) -> type[BaseModel]:
    names = columns_of(line, written)
    title = f"{kind.label}{name.capitalize()}{'In' if written else ''}"
    if written:
        which = Field(
            description="Of a line that is there. Without it, a new line.", default_factory=_nothing, ge=1, le=2**62
        )
        return _shape(title, line.model, names, {"id": (int, which)}, (), _Strict)
    return _shape(title, line.model, names, {"id": (int, ...)}, names, BaseModel)


def draft_shape(kind: Kind) -> type[BaseModel]:
    """What is given of a draft."""
    hidden = "Left out for an account that may not see these."
    lines: dict[str, Any] = {
        name: (list[_line(kind, line, name, False)], Field(description=hidden, default_factory=_nothing))  # type: ignore[misc]
        for name, line in lines_of(kind).items()
    }
    lines["notices"] = (list[str], Field(description="What the workbench would say after saving it."))
    names = [name for name in fields_of(kind) if name not in Heading.model_fields]
    return _shape(f"{kind.label}Draft", MODELS[kind], names, lines, names, Heading)


def written_shape(kind: Kind, is_new: bool) -> type[BaseModel]:
    """What can be sent: of a new draft, with what it can't be without."""
    about = "All lines of this sort: one that is left out is deleted."
    lines = {
        name: (
            list[_line(kind, line, name, True)],  # type: ignore[misc]
            Field(description=about, max_length=MOST_LINES, default_factory=_nothing),
        )
        for name, line in lines_of(kind).items()
    }
    names, model = fields_of(kind), MODELS[kind]
    needed = [name for name in names if is_new and _is_needed(model._meta.get_field(name))]
    return _shape(f"{'New' if is_new else 'Edited'}{kind.label}", model, names, lines, needed, _Strict)
