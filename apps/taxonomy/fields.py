"""A model field for a short list of names, written one a line."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models


def split_lines(value: str) -> list[str]:
    """The non-empty lines of a text, trimmed, each once, in order."""
    return list(dict.fromkeys(line for line in map(str.strip, value.splitlines()) if line))


class LinesFormField(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return split_lines("\n".join(value) if isinstance(value, list) else value or "")

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


if TYPE_CHECKING:
    _TextField = models.TextField[list[str], list[str]]
else:
    _TextField = models.TextField


class LinesField(_TextField):
    """Alternative names, key questions: a list in Python, lines in the form and in the database.

    Lines rather than JSON, so that a plain ``icontains`` searches them on every database.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"blank": True, "default": list, **kwargs})

    def from_db_value(self, value: str | None, *args: Any) -> list[str]:
        return split_lines(value or "")

    def to_python(self, value: Any) -> list[str]:
        return split_lines("\n".join(value) if isinstance(value, list) else value or "")

    def get_prep_value(self, value: Any) -> str:
        # A plain string arrives from lookups such as ``icontains`` and is searched as it is.
        return value if isinstance(value, str) else "\n".join(value or [])

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:  # type: ignore[override]
        return models.Field.formfield(self, **{"form_class": LinesFormField, **kwargs})
