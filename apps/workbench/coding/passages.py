"""The passages on the coding form: the words, and where they stand in the text as it is now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.curation.anchoring import WAITING, Selector, Text, normalised
from apps.curation.anchoring.lookup import occurrences
from apps.curation.models import Passage
from apps.taxonomy.words import Anchoring
from apps.workbench.admin.fields import Prose

MOST = 20  # passages of one position
LONGEST = 10_000  # code points of one


class PassageLine(forms.Form):
    """Some words of the text. With a script their place comes along; without one they are looked for."""

    quotation = Prose(
        label="Words of the text", required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 3, "cols": 40}),
        help_text="Exactly as they stand there.",
    )  # fmt: skip
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, text: str, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        self.text = text
        self.place: tuple[int, int] | None = None

    @property
    def was(self) -> Passage | None:
        """The passage that the line stands for, if it was there and waits."""
        passage = self.initial.get("was")
        return passage if passage and passage.state in WAITING else None

    def clean(self) -> dict[str, Any]:
        """Find the words. Raises ValidationError where they stand nowhere, or more than once with no place given."""
        cleaned = super().clean() or self.cleaned_data
        words = normalised(cleaned.get("quotation") or "").strip()
        if not words or self.cleaned_data.get("DELETE"):
            return cleaned
        start, end = cleaned.get("start"), cleaned.get("end")
        if start is not None and end is not None and self.text[start:end] == words:
            self.place = (start, end)
            return cleaned
        found = Text(self.text).find(Selector(words))
        if found.state == Anchoring.LOST or found.start is None or found.end is None:
            raise ValidationError({"quotation": self._why_not(words)})
        self.place = (found.start, found.end)
        return cleaned

    def _why_not(self, words: str) -> str:
        times = len(occurrences(self.text, Selector(words)))
        if times:
            return (
                f"These words stand {times} times in the text. Add some of those before or after, until they say which."
            )
        return "These words don't stand in the text. Copy them from there, each as it is written."


class PassageLines(forms.BaseFormSet):  # type: ignore[type-arg]
    """The passages of one position; there is at least one."""

    def clean(self) -> None:
        if not any(self.errors) and not self.places():
            raise ValidationError("Quote the words of the text that this stands on.")

    def places(self) -> list[tuple[int, int]]:
        """Where those that are kept stand, in the order of the text, each once."""
        kept = (form for form in self.forms if form not in self.deleted_forms)
        return sorted({form.place for form in kept if getattr(form, "place", None)})


PassageFormSet = forms.formset_factory(
    PassageLine, formset=PassageLines, extra=1, can_delete=True, max_num=MOST, validate_max=True
)


def lines_of(passages: Iterable[Passage], text: str) -> list[dict[str, Any]]:
    """What is already there, as the form begins with it: of what has changed, the words as they are now."""
    lines = []
    for one in passages:
        if one.quotation:
            has_changed = one.state == Anchoring.CHANGED
            words = text[one.start : one.end].strip() if has_changed else one.quotation
            lines.append({"quotation": words, "start": one.start, "end": one.end, "was": one})
    return lines
