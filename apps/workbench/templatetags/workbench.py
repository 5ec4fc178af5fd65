"""What the workbench's pages say of entries."""

from __future__ import annotations

from django import template

from apps.workbench.admin.gate import form_of

register = template.Library()
register.filter("page_of", form_of)  # {{ entry|page_of:"change" }}


@register.filter
def against(waiting: object) -> str:
    """How much stands against an entry in review, in words."""
    counts = ((getattr(waiting, "refusals", 0), "refusal"), (getattr(waiting, "warnings", 0), "warning"))
    said = [f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts if number]
    return ", ".join(said) or "Nothing"
