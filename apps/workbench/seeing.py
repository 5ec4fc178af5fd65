"""What tells who said what, or who was there, where a rule protects that: whoever sees it is noted in the audit log."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from apps.audit.log import seen
from apps.curation.models import Entry, Person
from apps.gate.rules import is_protected, rule_of
from apps.workbench.roles import IDENTITIES


def note_seen(row: Model, user: Any) -> None:
    """Note that somebody opens a page about a row, if it tells that: an entry under a rule, whichever page about it;
    and a person, for those who are shown all that they said."""
    if isinstance(row, Entry):
        tells = is_protected(rule_of(row if type(row) is not Entry else row.child))
    else:
        tells = isinstance(row, Person) and user.has_perm(IDENTITIES)
    if tells:
        seen(row)
