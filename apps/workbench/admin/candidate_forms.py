"""The forms for notes and for what was read from them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from apps.curation.intake.reading import ACCEPTED, check_size, read_file, read_pasted
from apps.curation.intake.result import Reading, Unreadable
from apps.curation.models import Article, Candidate, Person, Position
from apps.taxonomy.models import Region, Theme
from apps.taxonomy.vocabulary import Facet, vocabulary
from apps.workbench.admin.fields import SourceText
from apps.workbench.admin.forms import PositionForm
from apps.workbench.coding.on_proposition import OnProposition
from apps.workbench.people_named import people_of

_OF_A_SESSION = ("descriptor_expertise", "descriptor_sector", "descriptor_country", "descriptor_role")
APPEND, REPLACE = "append", "replace"


class NotesForm(forms.Form):
    """Notes, pasted or in a file, and where they go."""

    pasted = SourceText(
        required=False, label="Paste your notes", widget=forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"})
    )
    file = forms.FileField(
        required=False,
        label="Or choose a file",
        help_text="Markdown, Word (DOCX), PDF or plain text.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    how = forms.ChoiceField(
        required=False,
        label="The text that is there already",
        choices=[(APPEND, "Keep it, and put this after it"), (REPLACE, "Put this in its place")],
        widget=forms.RadioSelect,
        initial=APPEND,
    )

    def __init__(self, *args: Any, has_text: bool, may_replace: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        how: Any = self.fields["how"]
        if not has_text:
            del self.fields["how"]
        elif not may_replace:
            how.choices = how.choices[:1]
            how.help_text = "Passages stand in it, so it can't be replaced."
        self.reading: Reading | None = None

    def clean(self) -> dict[str, Any]:
        """Read what was given, so that what can't be read is answered beside its field."""
        cleaned = super().clean() or self.cleaned_data
        pasted, file = cleaned.get("pasted", ""), cleaned.get("file")
        if pasted.strip() and file:
            raise ValidationError("Paste notes or choose a file, one at a time.")
        if not (pasted.strip() or file or self.errors):
            raise ValidationError("Paste your notes, or choose a file.")
        try:
            if file:
                check_size(file.size)
                self.reading = read_file(file.name, file.read())
            elif pasted.strip():
                self.reading = read_pasted(pasted)
        except Unreadable as unreadable:
            self.add_error("file" if file else "pasted", str(unreadable))
        return cleaned


class _Indented(forms.ModelMultipleChoiceField):
    """Terms of the vocabulary in one list, each as deep as it lies: it works without a script."""

    def __init__(self, facet: Facet, model: type[Region] | type[Theme]) -> None:
        super().__init__(model.objects.all(), required=False, widget=forms.SelectMultiple(attrs={"size": 9}))
        self._facet: Facet = facet

    def offer(self) -> None:
        """Offer the terms that there are now."""
        keys = dict(self.queryset.values_list("slug", "pk"))  # type: ignore[union-attr]
        self.choices = [
            (keys[node.slug], "\u2003" * depth + node.name)
            for depth, node in vocabulary().hierarchy(self._facet).tree
            if node.slug in keys
        ]


class CandidateForm(OnProposition, PositionForm):
    """A candidate as the position that it would be, judged by the rules of positions."""

    tags = None  # type: ignore[assignment]
    regions = _Indented("region", Region)
    themes = _Indented("theme", Theme)

    class Meta:
        model = Position
        fields = (
            "title", "stance", "quantifier", "reported_as", *_OF_A_SESSION, "speakers", "regions", "themes", "slug",
        )  # fmt: skip
        labels = {"title": "Claim"}
        widgets = {
            "title": forms.Textarea(attrs={"rows": 3, "autofocus": True}),
            "speakers": forms.CheckboxSelectMultiple,
        }

    field_order = ("title", "proposition", "is_new")

    def __init__(self, candidate: Candidate, data: Any = None) -> None:
        source = candidate.source
        super().__init__(data, instance=Position(article=candidate.article, session=candidate.session),
                         initial=values_of(candidate))  # fmt: skip
        for name in _OF_A_SESSION if isinstance(source, Article) else ("reported_as",):
            del self.fields[name]
        speakers: Any = self.fields["speakers"]
        speakers.queryset = _with(people_of(source), candidate)
        if not speakers.queryset:
            del self.fields["speakers"]
        self.fields["slug"].widget = forms.HiddenInput()
        self.fields["proposition"].widget.attrs["data-suggest"] = ""
        for name in ("regions", "themes"):
            self.fields[name].offer()  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.instance.proposition = self.named_proposition(cleaned)
        return cleaned

    def keep(self, candidate: Candidate, by: Any) -> None:
        """Put what was typed into the candidate, which goes on waiting."""
        for name in self.fields.keys() - {"proposition", "is_new", "speakers", "regions", "themes", "slug"}:
            setattr(candidate, name, self.cleaned_data[name])
        self.make_proposition(by)
        candidate.proposition = self.instance.proposition
        candidate.no_claim = ""
        candidate.save()
        for name in self.fields.keys() & {"speakers", "regions", "themes"}:
            getattr(candidate, name).set(self.cleaned_data[name])


def values_of(candidate: Candidate) -> dict[str, Any]:
    """What a form of this candidate sends if nobody changes anything."""
    many = {name: [one.pk for one in getattr(candidate, name).all()] for name in ("speakers", "regions", "themes")}
    plain = ("title", "stance", "quantifier", "reported_as", "descriptor_sector", "descriptor_role")
    return {
        **{name: getattr(candidate, name) for name in plain},
        "descriptor_country": candidate.descriptor_country.code or "",  # type: ignore[attr-defined]
        "descriptor_expertise": candidate.descriptor_expertise_id or "",  # type: ignore[attr-defined]
        "proposition": candidate.proposition.title if candidate.proposition else "",
        "slug": "",
        **many,
    }


def _with(people: list[Person], candidate: Candidate) -> QuerySet[Person]:
    """Those people as a queryset, with whoever is noted on the candidate already."""
    keys = {one.pk for one in people} | {one.pk for one in candidate.speakers.all()}
    return Person.objects.filter(pk__in=keys)
