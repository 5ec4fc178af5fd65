"""What the workbench's pages say of entries."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.admin import site
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from apps.curation.agreement.measures import RELIABLE, TENTATIVE
from apps.curation.models import Entry
from apps.workbench.admin.gate import form_of

register = template.Library()
register.filter("page_of", form_of)  # {{ entry|page_of:"change" }}


@register.filter
def against(waiting: object) -> str:
    """How much stands against an entry in review, in words."""
    counts = ((getattr(waiting, "refusals", 0), "refusal"), (getattr(waiting, "warnings", 0), "warning"))
    said = [f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts if number]
    return ", ".join(said) or "Nothing"


@register.filter
def coefficient(value: float | None) -> str:
    """An alpha or a kappa with two decimals; a dash for what can't be told."""
    return "–" if value is None else f"{value:.2f}".replace("-", "\u2212")


@register.filter
def differing(rows: list[Any]) -> list[Any]:
    """Of what two coders said of a unit, where they differ."""
    return [row for row in rows if row.differs]


@register.filter
def percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


@register.filter
def agreement_bar(value: float | None) -> SafeString:
    """An alpha as a bar from none to full agreement, with the two usual thresholds; the figure stands beside it."""
    if value is None:
        return SafeString("")
    level = "reliable" if value >= RELIABLE else "tentative" if value >= TENTATIVE else "unreliable"
    marks = "".join(f'<line x1="{at * 100:.1f}" x2="{at * 100:.1f}" y1="0" y2="12"/>' for at in (TENTATIVE, RELIABLE))
    return mark_safe(  # noqa: S308 - numbers alone
        '<svg class="agreement" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="reach" width="100" height="12"/><rect class="{level}" y="2" width="{max(value, 0) * 100:.1f}" '
        f'height="8"/>{marks}</svg>'
    )


@register.filter
def place_of(row: Any) -> str:
    """The address of a row's form; empty where it has none of its own."""
    if isinstance(row, Entry):
        return form_of(row)
    if type(row) not in site._registry:
        return ""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
