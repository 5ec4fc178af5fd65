"""Form fields where Django's or taggit's own would change what was typed, or read it otherwise than it was meant."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count
from taggit.models import Tag

from apps.curation.anchoring import flat
from apps.curation.models.entries import validate_tag
from apps.curation.names import join_tags, split_tags

LONGEST_LINE_OF_TAGS = 10_000  # well under what the reader of such lines takes
MOST_SUGGESTIONS = 500


class Prose(forms.CharField):
    """Text of several lines as the database holds it: for the LF that a browser is given it sends back CR LF.

    Otherwise an entry would count as edited by whoever saved it as it was, and a passage's place would shift.
    """

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.to_python(initial), data)


class SourceText(Prose):
    """The text that passages are anchored in by their place: the blanks at its beginning count."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "strip": False})


class Around(forms.CharField):
    """The words beside a passage, in one line: the blanks at their ends and where a line ended are no edit of them."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return flat(initial or "") != flat(data or "")


class TagInput(forms.TextInput):
    """One line for all tags; suggests those in use, the last word with JavaScript, the first without."""

    template_name = "workbench/tag_input.html"

    class Media:
        js = (forms.Script("workbench/tags.js", defer=True),)

    def format_value(self, value: Any) -> str:
        return value if isinstance(value, str) else join_tags([tag.name for tag in value or ()])

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, {**(attrs or {}), "list": "known-tags", "autocomplete": "off"})
        used = Tag.objects.annotate(uses=Count("tagged_entries")).order_by("-uses", "name")
        context["known_tags"] = sorted(used.values_list("name", flat=True)[:MOST_SUGGESTIONS], key=str.casefold)
        return context


class TagsField(forms.CharField):
    """Tags between commas. Taggit's own field takes two words without a comma for two tags."""

    widget = TagInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "required": False,
                "max_length": LONGEST_LINE_OF_TAGS,
                "help_text": "Separated by commas; a tag may have several words. Published.",
                **kwargs,
            }
        )

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        """The tags, each once. Raises ValidationError for one that the table of tags can't hold."""
        tags = split_tags(super().clean(value))
        for tag in tags:
            validate_tag(tag)
        return tags

    def has_changed(self, initial: Any, data: Any) -> bool:
        typed = split_tags((data or "")[: LONGEST_LINE_OF_TAGS + 1])
        return sorted(tag.name for tag in initial or ()) != sorted(typed)
