"""The small form of the coding view: one position, as far as its source tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.timezone import localtime

from apps.curation.models import Article, CodedUnit, Person, Position, Proposition, Session
from apps.workbench.admin.forms import free_slug
from apps.workbench.coding.fields import TermsField
from apps.workbench.coding.on_proposition import OnProposition
from apps.workbench.coding.page import version_of
from apps.workbench.people_named import who_may_have_spoken

_OF_ARTICLES = ("named_in_source", "reported_as")


class CodingForm(OnProposition):
    """A position found in a source. What was edited meanwhile is said once, with what was typed still in its place."""

    regions, themes = TermsField("region"), TermsField("theme")
    seen_text = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = (
        "title",
        "proposition",
        "is_new",
        "stance",
        "quantifier",
        "reported_as",
        "speakers",
        "named_in_source",
    )

    class Meta:
        model = Position
        fields = ("title", "stance", "quantifier", "reported_as", "speakers", "named_in_source")
        labels = {"title": "Claim"}
        widgets = {
            "title": forms.Textarea({"rows": 2, "cols": 40}),
            "speakers": forms.CheckboxSelectMultiple,
            "stance": forms.RadioSelect,
        }
        help_texts = {"title": "In one sentence. Published.", "speakers": "Private, unless the rule allows names."}

    def __init__(self, *args: Any, source: Article | Session, instance: Any = None, **kwargs: Any) -> None:
        self.source = source
        instance = self._begun(instance)
        initial: dict[str, Any] = {
            "seen_text": version_of(source.text),
            "seen": _stamp(instance.modified_at) if instance.pk else "",
        }
        if instance.pk:
            initial |= {"proposition": instance.proposition, "regions": instance.regions.all()}
            initial["themes"] = instance.themes.all()
        super().__init__(*args, **{**kwargs, "instance": instance, "initial": initial, "label_suffix": ""})
        speakers = who_may_have_spoken(source)
        if instance.pk:
            or_is_named = Q(pk__in=speakers.values("pk")) | Q(pk__in=instance.speakers.values("pk"))
            speakers = Person.objects.filter(or_is_named)
        self.fields["speakers"].queryset = speakers  # type: ignore[attr-defined]
        self.fields["stance"].choices = [("", "None"), *Position._meta.get_field("stance").choices]  # type: ignore[attr-defined,misc]
        if not isinstance(source, Article):
            for name in _OF_ARTICLES:
                del self.fields[name]

    def _begun(self, position: Position | None) -> Position:
        position = position or Position()
        source = self.source
        position.article, position.session = (source, None) if isinstance(source, Article) else (None, source)
        return position

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.instance.proposition = self.named_proposition(cleaned)
        self._say_what_changed(cleaned)
        return cleaned

    def _say_what_changed(self, cleaned: dict[str, Any]) -> None:
        """Refuse once what was written over a text or a position that somebody has edited since; the form then goes
        by what is there now, so that saving again is a decision."""
        sent: QueryDict = self.data.copy()  # type: ignore[attr-defined]
        if cleaned.get("seen_text") != (now := version_of(self.source.text)):
            self.add_error(
                None,
                f"The text was edited{_since(self.source)} while you wrote. The passages were looked for in the text "
                "as it is now: see whether they are still what you mean, and save again.",
            )
            sent[self.add_prefix("seen_text")] = now
        if self.instance.pk and cleaned.get("seen") != (stamp := _stamp(self.instance.modified_at)):
            stored = self._meta.model._default_manager.select_related("proposition").get(pk=self.instance.pk)
            self.add_error(
                None,
                f"This position was edited{_since(stored)} while you wrote. It is now “{stored.title}”, "
                f"{stored.get_stance_display().lower() or 'without a stance'}, on {_named(stored.proposition)}. "
                "What you typed is still here; save again to put it in that one's place.",
            )
            sent[self.add_prefix("seen")] = stamp
        self.data = sent

    def _post_clean(self) -> None:
        if self.instance.pk is None and "title" in self.cleaned_data:
            self.instance.slug = free_slug(Position.KIND, self.cleaned_data["title"], or_else=self.source.slug)
        super()._post_clean()  # type: ignore[misc]

    def _get_validation_exclusions(self) -> set[str]:
        """The model judges all of the row that somebody may write, not only what this form asks for. The source is
        judged in words by its clean()."""
        fields = self._meta.model._meta.fields
        unwritten = {field.name for field in fields if not field.editable}
        failed = {name for name in self.errors if name in {field.name for field in fields}}
        return {*unwritten, *failed, "entry", "article", "session", "proposition"}

    def _update_errors(self, errors: ValidationError) -> None:
        """What the model says of a column that isn't asked for here is said of the whole."""
        if hasattr(errors, "error_dict"):
            known = {name: list for name, list in errors.error_dict.items() if name in self.fields}
            others = [one for name, some in errors.error_dict.items() if name not in self.fields for one in some]
            errors = ValidationError({**known, **({"__all__": others} if others else {})})
        super()._update_errors(errors)  # type: ignore[misc]


class UnitForm(CodingForm):
    """The same for what a second coder finds: a proposition that isn't there yet is named, and not made."""

    class Meta(CodingForm.Meta):
        model = CodedUnit  # type: ignore[assignment]

    def __init__(self, *args: Any, instance: CodedUnit, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        if instance.on and not instance.proposition:
            self.initial.update(proposition=instance.on, is_new=True)

    def _begun(self, unit: Any) -> Any:
        return unit

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        proposition = self.instance.proposition or self.made_proposition
        self.instance.on = proposition.title if proposition and "stance" not in self.errors else ""
        self.made_proposition = None
        return cleaned

    def _post_clean(self) -> None:
        super(CodingForm, self)._post_clean()  # type: ignore[misc]


def _stamp(moment: datetime) -> str:
    return moment.isoformat()


def _since(entry: Any) -> str:
    by = f" by {entry.modified_by}" if getattr(entry, "modified_by", None) else ""
    return f"{by} at {localtime(entry.modified_at):%H:%M}"


def _named(proposition: Proposition | None) -> str:
    return f"“{proposition}”" if proposition else "no proposition"
