"""Fields of the coding form: what is found by its name as it is typed, and needs no script to be found."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.curation.models import Proposition
from apps.curation.names import instead, join_tags, split_tags
from apps.taxonomy.models import Region, Theme
from apps.taxonomy.vocabulary import Facet, vocabulary

LONGEST_LINE = 2_000


class KnownLine(forms.TextInput):
    """A line of names between commas; those known are suggested, the last word with JavaScript, the first without.

    Names in ``suggested`` stand beneath it, each with a tick that puts it in.
    """

    template_name = "workbench/coding/known_line.html"

    class Media:
        js = (forms.Script("workbench/tags.js", defer=True),)

    def __init__(self, facet: Facet) -> None:
        super().__init__({"list": f"known-{facet}s", "autocomplete": "off", "data-line": ""})
        self.facet = facet
        self.suggested: list[str] = []

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        line = super().value_from_datadict(data, files, name)
        ticked = data.getlist(_ticks(name)) if hasattr(data, "getlist") else []
        return ", ".join(filter(None, [(line or "").strip(" ,"), *ticked])) if ticked else line

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        there = split_tags(value or "")
        context["suggested"] = [one for one in self.suggested if split_tags(one)[0] not in there]
        context["ticks"] = _ticks(name)
        nodes = vocabulary().hierarchy(self.facet).nodes.values()
        context["known"] = sorted((join_tags([node.name]) for node in nodes), key=str.casefold)
        return context


def _ticks(name: str) -> str:
    return f"{name}-suggested"


class TermsField(forms.CharField):
    """Regions or themes by their names, alternative names or slugs, between commas."""

    def __init__(self, facet: Facet) -> None:
        help_text = "As you type; several between commas."
        super().__init__(required=False, max_length=LONGEST_LINE, widget=KnownLine(facet), help_text=help_text)
        self.facet = facet

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else join_tags([term.name for term in value])

    def clean(self, value: Any) -> list[Region | Theme]:  # type: ignore[override]
        hierarchy = vocabulary().hierarchy(self.facet)
        found, problems = [], []
        for name in split_tags(super().clean(value)):
            if node := hierarchy.find(name):
                found.append(node.slug)
            else:
                names = (one for node in hierarchy.nodes.values() for one in (node.name, *node.alternative_names))
                problems.append(f"There is no {self.facet} “{name[:80]}”.{instead(name, names)}")
        if problems:
            raise ValidationError(problems)
        model = Region if self.facet == "region" else Theme
        return list(model.objects.filter(slug__in=found))


class PropositionField(forms.CharField):
    """A proposition by its title; of those with the same title, which is left to the analyst."""

    def __init__(self) -> None:
        widget = forms.TextInput({"list": "known-propositions", "autocomplete": "off", "size": 60})
        help_text = "As you type. Leave it empty for a claim of its own."
        super().__init__(required=False, max_length=300, widget=widget, help_text=help_text)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else value.title

    def named(self, title: str) -> Proposition | None:
        """The one of that title. Raises ValidationError where there are several."""
        found = list(Proposition.objects.filter(title__iexact=title)[:2])
        if len(found) > 1:
            raise ValidationError("Several propositions have this title: choose one on the position's own form.")
        return found[0] if found else None

    def unknown(self, title: str) -> str:
        """That there is none of that title, with the nearest that there are."""
        return f"There is none of that title.{instead(title, Proposition.objects.values_list('title', flat=True))}"
