"""The two small forms: what an entry is about, and what it has to do with another."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from taggit.models import Tag

from apps.curation.models import CrossReference, Entry
from apps.curation.names import join_tags, split_tags
from apps.taxonomy.vocabulary import Facet, vocabulary
from apps.taxonomy.words import Kind
from apps.workbench.admin.fields import TagsField
from apps.workbench.apart import readable
from apps.workbench.coding.fields import TermsField

Entries = QuerySet[Entry, Any]

MOST_OFFERED = 8  # entries to choose from, where what was typed names none
_IDENTIFIER = re.compile(rf"(?:^|/(?:{'|'.join(kind.plural for kind in Kind)})/)([2-9a-z]{{8}})(?:/|$)")
_KINDS = {kind.label.casefold(): kind for kind in Kind}


class TermsForm(forms.Form):
    """What an entry is about.

    The form carries what stood in it at first, and what somebody put in or took out since is what is saved: two people
    who tag the same entry at once don't undo one another.
    """

    regions, themes = TermsField("region"), TermsField("theme")
    tags = TagsField(help_text="As you type; several between commas.")

    def __init__(self, data: Any = None, *, entry: Entry, auto_id: str = "id_%s") -> None:
        self.entry = entry
        initial = {
            "regions": entry.regions.all(),
            "themes": entry.themes.all(),
            "tags": join_tags([tag.name for tag in entry.tags.all()]),
        }
        super().__init__(data, initial=initial, label_suffix="", auto_id=auto_id)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def save(self) -> bool:
        """Put in and take out; whether that was anything."""
        return any(
            [
                self._change(self.entry.regions, self._terms("region"), self.cleaned_data["regions"]),
                self._change(self.entry.themes, self._terms("theme"), self.cleaned_data["themes"]),
                self._change(self.entry.tags, self._tags(), self.cleaned_data["tags"]),
            ]
        )

    def _change(self, relation: Any, before: list[Any], after: list[Any]) -> bool:
        added = [one for one in after if one not in before]
        removed = [one for one in before if one not in after]
        relation.add(*added)
        relation.remove(*removed)
        return bool(added or removed)

    def _at_first(self, name: str) -> list[str]:
        return split_tags(self.data.get(self[name].html_initial_name, "").replace("\x00", ""))

    def _terms(self, facet: Facet) -> list[Any]:
        """The regions or themes that stood in the form; one that was renamed or deleted since is not among them."""
        nodes = map(vocabulary().hierarchy(facet).find, self._at_first(f"{facet}s"))
        relation = self.entry.regions if facet == "region" else self.entry.themes
        return list(relation.model._default_manager.filter(slug__in=[node.slug for node in nodes if node]))

    def _tags(self) -> list[str]:
        return list(Tag.objects.filter(name__in=self._at_first("tags")).values_list("name", flat=True))


class LinkForm(forms.ModelForm):  # type: ignore[type-arg]
    """A cross-reference from an entry to another, which is named by its title, its identifier or its address."""

    target = forms.CharField(
        max_length=500,
        label="To",
        help_text="Its title as you type, its identifier, or the address of its page.",
        widget=forms.TextInput({"autocomplete": "off", "list": "known-entries", "data-suggest": ""}),
    )
    chosen = forms.CharField(required=False, widget=forms.HiddenInput)  # of those offered

    class Meta:
        model = CrossReference
        fields = ("relation", "note")
        widgets = {"note": forms.Textarea({"rows": 2, "cols": 40})}

    field_order = ("relation", "target", "note")

    def __init__(self, data: Any = None, *, entry: Entry, user: Any, auto_id: str = "id_%s") -> None:
        instance = CrossReference(source=Entry.objects.get(pk=entry.pk))
        super().__init__(data, instance=instance, label_suffix="", auto_id=auto_id)
        self.offered: list[Entry] = []
        self._among = readable(Entry.objects.all(), user)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if typed := cleaned.get("chosen") or cleaned.get("target", ""):
            found = find_entries(typed, self._among)
            if len(found) == 1:
                self.instance.target = found[0]
            else:
                self.offered = found or offer_entries(typed, self._among)
                self.add_error("target", _which(typed, bool(found), bool(self.offered)))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """The whole row is judged: that it joins two entries, and isn't there yet."""
        without_target = {"target"} if "target" in self.errors else set()
        return (super()._get_validation_exclusions() - {"source", "target"}) | without_target  # type: ignore[misc]

    def _update_errors(self, errors: ValidationError) -> None:
        told = [
            "The two are joined by this relation already." if one.code == "unique_together" else one
            for one in _each(errors)
        ]
        super()._update_errors(ValidationError(told))  # type: ignore[misc]


def _each(errors: ValidationError) -> list[ValidationError]:
    return [one for some in errors.error_dict.values() for one in some] if hasattr(errors, "error_dict") else [errors]


def _which(typed: str, is_ambiguous: bool, are_offered: bool) -> str:
    if is_ambiguous:
        return "Several entries are called so. Choose one of them."
    if are_offered:
        return f"No entry is called “{typed[:80]}”. Choose one of these, or type another."
    return f"No entry is called “{typed[:80]}”, and none has these words in its title."


def find_entries(typed: str, among: Entries) -> list[Entry]:
    """Those of some entries that somebody's typing names: by an address, an identifier, a title, or kind and title."""
    if (named := _IDENTIFIER.search(typed.strip())) and (found := among.filter(identifier=named[1]).first()):
        return [found]
    kind, title = _kind_and_title(typed)
    return list(_of_kind(kind, among).filter(title__iexact=title)[:MOST_OFFERED])


def offer_entries(typed: str, among: Entries) -> list[Entry]:
    """Those of some entries that have all these words in their titles, the shortest titles first."""
    kind, title = _kind_and_title(typed)
    words = [Q(title__icontains=word) for word in title.split()[:10]]
    return sorted(_of_kind(kind, among).filter(*words)[:MOST_OFFERED], key=lambda one: len(one.title)) if words else []


def _of_kind(kind: Kind | None, among: Entries) -> Entries:
    return among.filter(kind=kind) if kind else among


def _kind_and_title(typed: str) -> tuple[Kind | None, str]:
    """“Position: The sea” as its kind and its title, which is how the list of suggestions names an entry."""
    before, colon, after = typed.partition(":")
    kind = _KINDS.get(before.strip().casefold()) if colon else None
    return (kind, " ".join(after.split())) if kind else (None, " ".join(typed.split()))
