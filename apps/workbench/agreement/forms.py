"""The forms of double coding: who is asked, and what is to hold of what two coders found."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from apps.curation.agreement.measures import VARIABLES, Variable
from apps.curation.models import Article, CodedUnit, Coder, Session, UnitPair
from apps.taxonomy.words import Quantifier, Stance
from apps.workbench.agreement.resolving import Taken
from apps.workbench.coding.fields import PropositionField, TermsField
from apps.workbench.people_named import who_may_have_spoken

ELSE = "else"
CLAIM = Variable("title", "Claim", lambda unit: " ".join(unit.title.split()), lambda unit: unit.title)
WORDS = Variable(
    "words", "Words", lambda unit: unit.places, lambda unit: " … ".join(one.quotation for one in unit.passages.all())
)
SHOWN = (CLAIM, *VARIABLES, WORDS)
_BEGINS_WITH_THE_FIRST = (CLAIM, WORDS)  # free wording: none of the variables, and hardly ever the same


class AskForm(forms.Form):
    """Two people who may code."""

    first = forms.ModelChoiceField(User.objects.none(), label="First coder: codes in the record, as ever")
    second = forms.ModelChoiceField(
        User.objects.none(), label="Second coder: codes apart from it", help_text="You may choose yourself."
    )

    def __init__(self, *args: Any, source: Article | Session, by: User, **kwargs: Any) -> None:
        last = source.positions.filter(modified_by__isnull=False).order_by("-modified_at").first()
        first = last.modified_by_id if last else by.pk
        initial = {"first": first, "second": by.pk if first != by.pk else None}
        super().__init__(*args, **{**kwargs, "label_suffix": "", "initial": initial})
        coders = User.objects.with_perm("curation.add_position", backend="django.contrib.auth.backends.ModelBackend")
        for name in ("first", "second"):
            self.fields[name].queryset = coders.filter(is_staff=True).order_by("username")  # type: ignore[attr-defined]


class ResolvingForm(forms.Form):
    """For each variable in which two coders differ: the first's, the second's, or something else."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, pair: UnitPair, data: Any = None) -> None:
        assert pair.first is not None
        assert pair.second is not None
        self.pair = pair
        self.of: dict[str, CodedUnit] = {Coder.FIRST.value: pair.first, Coder.SECOND.value: pair.second}
        super().__init__(data, label_suffix="", initial={"seen": stamp_of(pair)})
        self.differing = [one for one in SHOWN if one.value(pair.first) != one.value(pair.second)]
        for one in self.differing:
            names = [(coder.value, pair.double.name_of(coder)) for coder in Coder]
            choices = names if one is WORDS else [*names, (ELSE, "Something else")]
            former = pair.decision.get(one.name, {}).get("whose")
            self.fields[one.name] = forms.ChoiceField(
                label=one.label,
                choices=choices,
                widget=forms.RadioSelect,
                initial=former or (Coder.FIRST.value if one in _BEGINS_WITH_THE_FIRST else None),
                error_messages={"required": "Say whose is to hold, or write something else."},
            )
            if one is not WORDS:
                self.fields[f"{one.name}_else"] = self._other(one)

    def _other(self, one: Variable) -> forms.Field:
        field: forms.Field
        match one.name:
            case "title":
                field = forms.CharField(max_length=300)
            case "proposition":
                field = PropositionField()
            case "stance":
                field = forms.ChoiceField(choices=[("", "None"), *Stance.choices])
            case "quantifier":
                field = forms.ChoiceField(choices=[("", "Not said"), *Quantifier.choices])
            case "speakers":
                people = who_may_have_spoken(self.pair.double.source)
                field = forms.ModelMultipleChoiceField(people, widget=forms.CheckboxSelectMultiple)
            case _:
                field = TermsField("region" if one.name == "regions" else "theme")
        field.label, field.required = f"{one.label}: something else", False
        return field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (now := stamp_of(self.pair)) != cleaned.get("seen"):
            sent = self.data.copy()  # type: ignore[attr-defined]
            sent["seen"] = now
            self.data = sent
            who = f" by {self.pair.decided_by}" if self.pair.decided_by else ""
            self.add_error(
                None, f"This was decided or edited{who} while you looked at it. See what holds now, and save again."
            )
        if cleaned.get("title") == ELSE and not cleaned.get("title_else"):
            self.add_error("title_else", "Write the claim.")
        if cleaned.get("proposition") == ELSE and cleaned.get("proposition_else"):
            self._find_proposition(cleaned)
        return cleaned

    def _find_proposition(self, cleaned: dict[str, Any]) -> None:
        field: Any = self.fields["proposition_else"]
        title = " ".join(cleaned["proposition_else"].split())
        try:
            found = field.named(title)
        except ValidationError as error:
            self.add_error("proposition_else", error)
            return
        if found is None:
            self.add_error("proposition_else", f"{field.unknown(title)} Choose one that there is.")
        cleaned["proposition_else"] = found

    def taken(self) -> dict[str, Taken]:
        """What is to hold, by variable."""
        return {one.name: self._taken(one, self.cleaned_data[one.name]) for one in self.differing}

    def _taken(self, one: Variable, whose: str) -> Taken:
        if whose == ELSE:
            value: Any = self.cleaned_data[f"{one.name}_else"]
            value = list(value) if one.is_set else value
            return Taken(whose, value, ", ".join(map(str, value)) if one.is_set else str(value or ""))
        unit = self.of[whose]
        match one.name:
            case "proposition":
                value = unit.proposition or unit.on
            case "words":
                value = unit.places
            case "title" | "stance" | "quantifier":
                value = getattr(unit, one.name)
            case _:
                value = list(getattr(unit, one.name).all())
        return Taken(whose, value, one.words(unit))


def stamp_of(pair: UnitPair) -> str:
    """What a pair and its position are like: another one means that somebody has been there since."""
    position = pair.position
    return f"{pair.decided_at or 'waits'} {position.modified_at if position else 'gone'}"
