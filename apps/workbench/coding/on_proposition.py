"""A position's proposition, named by its title or made along with the position."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.curation.models import Proposition
from apps.workbench.admin.forms import free_slug
from apps.workbench.coding.fields import PropositionField


class OnProposition(forms.ModelForm):  # type: ignore[type-arg]
    """A form of a position in which its proposition is typed."""

    proposition = PropositionField()
    is_new = forms.BooleanField(required=False, label="Make it a new proposition, if there is none of that title")
    made_proposition: Proposition | None = None

    def named_proposition(self, cleaned: dict[str, Any]) -> Proposition | None:
        """The one of the title that was typed; one that is to be made is noted, and not there yet."""
        title = " ".join((cleaned.get("proposition") or "").split())
        if not title:
            return None
        try:
            found = self.fields["proposition"].named(title)  # type: ignore[attr-defined]
        except ValidationError as error:
            self.add_error("proposition", error)
            return None
        if found or not cleaned.get("is_new"):
            if not found:
                unknown = self.fields["proposition"].unknown(title)  # type: ignore[attr-defined]
                self.add_error("proposition", f"{unknown} Choose one, or tick that it is new.")
            return found  # type: ignore[no-any-return]
        self.made_proposition = new_proposition(title)
        if not cleaned.get("stance"):  # the model asks only where there is a proposition, and this one isn't there yet
            self.add_error("stance", "Say where it stands towards the proposition.")
        return None

    def make_proposition(self, by: Any) -> Proposition | None:
        """Keep the one that is made along, if any is, and put the position on it."""
        made = self.made_proposition
        if made is not None:
            self.instance.proposition = keep_made(made, by)
        return made


def new_proposition(title: str) -> Proposition:
    """A draft of that title, not kept yet."""
    return Proposition(title=title, slug=free_slug(Proposition.KIND, title, or_else="proposition"))


def keep_made(made: Proposition, by: Any) -> Proposition:
    """Keep a proposition that is made along with a position. Raises ValidationError where it can't be."""
    made.full_clean(exclude=["identifier", "kind", "modified_by", "entry"])
    made.modified_by = by
    made.save()
    return made
