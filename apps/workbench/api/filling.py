"""What a program sent, put into the admin's form as somebody would have typed it; what is wrong, with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any

from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db.models import Model, Q
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from apps.curation.models import Entry
from apps.curation.names import join_tags
from apps.curation.tables.columns import MODELS
from apps.curation.tables.known import Known
from apps.taxonomy.fields import LinesField
from apps.taxonomy.words import Kind
from apps.workbench.admin.entry_base import EntryBaseAdmin
from apps.workbench.apart import readable
from apps.workbench.api.shapes import Line, admin_of, columns_of, fields_of, lines_of

_Filled = tuple[int | None, dict[str, Any], Model]  # a line's place in what was sent, what that says, and its row


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with what was sent. Its place is a JSON pointer (RFC 6901) in it, with # for all of it."""

    place: str
    message: str


def plain(words: Any) -> str:
    """What pages say, as text: of HTML, what a reader of it sees."""
    return unescape(strip_tags(words)) if isinstance(words, SafeString) else str(words)


class Filled:
    """The form of an entry, and its lines, as they would be sent by somebody who typed this into them."""

    def __init__(self, request: HttpRequest, kind: Kind, entry: Entry | None, sent: dict[str, Any]) -> None:
        """``entry`` is given as its kind; None for a new one. What isn't among what was sent stays as it is.

        Raises PermissionDenied for lines that the account may not edit.
        """
        self.request, self.kind, self.entry, self._sent = request, kind, entry, sent
        self.admin: EntryBaseAdmin = admin_of(kind)
        self._known = Known()
        self._readable = cache(lambda model: readable(model._default_manager.all(), request.user))
        self._unknown: list[Problem] = []
        self.form = self._form()
        self.form.is_valid()  # before the lines, which ask what they belong to
        self._places: dict[str, list[int | None]] = {}
        self.formsets = {name: self._formset(name, line) for name, line in lines_of(kind).items() if name in sent}

    def problems(self) -> list[Problem]:
        """All that is wrong, in the order of the form; none where it can be saved."""
        found = [*self._unknown]
        found += self._of_form(self.form, "#")
        for name, formset in self.formsets.items():
            if not formset.is_valid():
                found += [Problem(f"#/{name}", plain(words)) for words in formset.non_form_errors()]
            for form, place in zip(formset.forms, self._places[name], strict=True):
                if form.instance.pk is None and not form.has_changed():
                    found.append(Problem(f"#/{name}/{place}", "This line says nothing."))
                found += self._of_form(form, f"#/{name}" if place is None else f"#/{name}/{place}")
        return found

    @property
    def changes_something(self) -> bool:
        return self.form.has_changed() or any(formset.has_changed() for formset in self.formsets.values())

    def save(self) -> Entry:
        """As the admin saves what has no problem, within a transaction."""
        change, formsets = self.entry is not None, list(self.formsets.values())
        entry: Entry = self.admin.save_form(self.request, self.form, change)
        self.admin.save_model(self.request, entry, self.form, change)
        self.admin.save_related(self.request, self.form, formsets, change)
        said = self.admin.construct_change_message(self.request, self.form, formsets, not change)  # type: ignore[arg-type]
        (self.admin.log_change if change else self.admin.log_addition)(self.request, entry, said)
        return entry

    # --- Filling in

    def _form(self) -> Any:
        row: Model = self.entry or MODELS[self.kind]()
        data: MultiValueDict[str, str] = MultiValueDict()
        for name in fields_of(self.kind):
            data.setlist(name, self._typed(row, name, self._sent, "#"))
        form = self.admin.get_form(self.request, self.entry, change=self.entry is not None)
        return form(data, instance=self.entry)

    def _formset(self, name: str, line: Line) -> Any:
        """The lines of one sort: those that are there first, as a formset wants them, then the new ones."""
        formset_class, inline = self._allowed(name, line)
        rows = inline.get_queryset(self.request)
        there = rows.filter(**{line.fk_name or self.kind: self.entry}).in_bulk() if self.entry else {}
        unnumbered = {line.form.number: None} if hasattr(line.form, "number") else {}
        old: list[_Filled] = []
        new: list[_Filled] = []
        for place, one in enumerate(self._sent[name]):
            if "id" not in one:
                new.append((place, one, line.model(**unnumbered)))
            elif row := there.pop(one["id"], None):
                old.append((place, one, row))
            else:
                words = "There is no such line here, or another one has this id. Leave it out for a new line."
                self._unknown.append(Problem(f"#/{name}/{place}/id", words))
        old += [(None, {}, row) for row in there.values()]  # which are deleted
        data: MultiValueDict[str, str] = MultiValueDict()
        for number, (at, one, row) in enumerate([*old, *new]):
            before = f"{name}-{number}-"
            if row.pk:
                data[f"{before}id"] = str(row.pk)
            if at is None:
                data[f"{before}DELETE"] = "on"
            for column in columns_of(line, written=True):
                data.setlist(f"{before}{column}", self._typed(row, column, one, f"#/{name}/{at}"))
        self._places[name] = [place for place, _, _ in (*old, *new)]
        data[f"{name}-TOTAL_FORMS"], data[f"{name}-INITIAL_FORMS"] = str(len(old) + len(new)), str(len(old))
        return formset_class(data, instance=self.form.instance, prefix=name, queryset=rows)

    def _allowed(self, name: str, line: Line) -> tuple[Any, Any]:
        for formset_class, inline in self.admin.get_formsets_with_inlines(self.request, self.entry):
            may = (inline.has_add_permission, inline.has_change_permission, inline.has_delete_permission)
            if type(inline) is line and all(allows(self.request, self.entry) for allows in may):
                return formset_class, inline
        raise PermissionDenied(f"This account may not edit {name}.")

    def _typed(self, row: Model, name: str, sent: dict[str, Any], place: str) -> list[str]:
        """A field as a browser would send it: what was sent for it, else what the row says."""
        field: Any = row._meta.get_field(name)
        if name in sent:
            value = sent[name]
            if field.many_to_one:
                value = self._key(field.related_model, value, f"{place}/{name}") if value else None
            elif field.many_to_many and name != "tags":
                keys = (self._key(field.related_model, one, f"{place}/{name}/{n}") for n, one in enumerate(value))
                return [str(key) for key in keys if key]
        elif name == "tags":
            value = [tag.name for tag in row.tags.all()] if row.pk else []  # type: ignore[attr-defined]
        elif field.many_to_many:
            return [str(one.pk) for one in getattr(row, name).all()] if row.pk else []
        else:
            value = getattr(row, field.attname)
        return self._as_text(field, value)

    def _as_text(self, field: Any, value: Any) -> list[str]:
        if field.name == "tags":
            return [join_tags(value)]
        if isinstance(field, LinesField):
            return ["\n".join(value)]
        if isinstance(value, bool):
            return ["on"] if value else []
        return ["" if value is None else str(value)]

    def _key(self, model: type[Model], name: str, place: str) -> int | None:
        """The key of the row that a name means; a problem where none does."""
        try:
            self._may_look(model)
            return self._entry(model, name) if issubclass(model, Entry) else self._known.names_of(model).find(name)[0]
        except ValueError as error:
            self._unknown.append(Problem(place, str(error)))
            return None

    def _may_look(self, model: type[Model]) -> None:
        """A name that is nearly right is answered with those that there are, which not everybody may see."""
        if not admin.site.get_model_admin(model).has_view_permission(self.request):
            raise ValueError(f"This account may not see {model._meta.verbose_name_plural}.")

    def _entry(self, model: type[Entry], name: str) -> int:
        what = model._meta.verbose_name
        name = name.replace("\x00", " ")  # which PostgreSQL refuses to look for
        found = dict(
            self._readable(model).filter(Q(identifier=name) | Q(slug=name)).values_list("pk", "identifier")[:6]
        )
        exact = [pk for pk, identifier in found.items() if identifier == name]
        if len(keys := exact or list(found)) == 1:
            return keys[0]
        if keys:
            raise ValueError(f"There are several entries “{name[:80]}”: write the identifier of one.")
        raise ValueError(f"There is no {what} “{name[:80]}”: write its identifier or its slug.")

    # --- What is wrong

    def _of_form(self, form: BaseForm, place: str) -> Iterator[Problem]:
        """What a form refuses, but for what it has not got since a name means nothing: that is told already."""
        told = {one.place for one in self._unknown}
        for name, errors in form.errors.items():
            here = place if name == NON_FIELD_ERRORS else f"{place}/{name}"
            if not any(one == here or one.startswith(f"{here}/") for one in told):
                yield from (Problem(here, plain(words)) for words in errors)
