"""Edit together: what many entries are about, and where they stand, from their list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from apps.curation.models import Entry
from apps.workbench.admin.base import BaseAdmin
from apps.workbench.admin.fields import TagsField
from apps.workbench.coding.fields import TermsField
from apps.workbench.models import Batch
from apps.workbench.together import RELATIONS, STATUSES, Asked

MOST_ENTRIES = 10_000


class TogetherForm(forms.Form):
    """What is to become of the entries that were chosen."""

    add_regions, add_themes = TermsField("region"), TermsField("theme")
    add_tags = TagsField()
    remove_regions, remove_themes = TermsField("region"), TermsField("theme")
    remove_tags = TagsField(help_text="Separated by commas.")
    status = forms.ChoiceField(
        required=False, label="Review", choices=[("", "Leave them where they stand"), *STATUSES.items()]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        for step in ("add", "remove"):
            for relation in RELATIONS:
                self.fields[f"{step}_{relation}"].label = relation.capitalize()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for relation in RELATIONS:
            both = {_key(one) for one in cleaned.get(f"add_{relation}", ())} & {
                _key(one) for one in cleaned.get(f"remove_{relation}", ())
            }
            if both:
                self.add_error(f"remove_{relation}", "You can't add and remove the same.")
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError("Say what is to be changed.")
        return cleaned

    def asked(self, entries: list[int]) -> Asked:
        """What was asked for, as a batch keeps it."""
        steps = {
            step: {relation: [_key(one) for one in self.cleaned_data[f"{step}_{relation}"]] for relation in RELATIONS}
            for step in ("add", "remove")
        }
        return {"entries": entries, **steps, "status": self.cleaned_data["status"]}


def _key(term: Any) -> Any:
    return term if isinstance(term, str) else term.pk


class TogetherAdmin(BaseAdmin):
    """The lists from which entries are edited together."""

    @admin.action(description="Edit together …", permissions=["change"])
    def edit_together(self, request: HttpRequest, queryset: QuerySet[Entry]) -> HttpResponse | None:
        keys = list(queryset.values_list("pk", flat=True)[: MOST_ENTRIES + 1])
        if len(keys) > MOST_ENTRIES:
            messages.error(
                request, f"{MOST_ENTRIES:,} entries at most are edited together. Filter the list, and do it in parts."
            )
            return None
        asked: Asked = {"entries": keys, "add": {}, "remove": {}, "status": ""}
        batch = Batch.objects.prepare(by=request.user, name="Edited together", asked=asked)
        return HttpResponseRedirect(reverse("admin:together", args=[batch.pk]))
