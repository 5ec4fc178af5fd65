"""Who needs a second factor, and what a session has to have gone through to count as theirs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

# Who sees the people behind what was said, decides what readers see, or says who may.
_TRUSTED = (
    "curation.view_person",
    "curation.see_identities",
    "curation.publish_entry",
    "curation.withdraw_entry",
    "curation.acknowledge_finding",
    "audit.view_auditline",
    "auth.add_user",
    "auth.change_user",
)
BY = "second_factor"  # in a session: that it was begun with one


def needs_second(user: Any) -> bool:
    """Whether this account has to sign in with a second factor, by the setting SECOND_FACTOR_FOR."""
    if settings.SECOND_FACTOR_FOR == "trusted":
        return bool(user.is_superuser or any(user.has_perm(one) for one in _TRUSTED))
    return bool(settings.SECOND_FACTOR_FOR == "everybody")


def end_sessions(user: Any, but: str | None = None) -> None:
    """End what this account is signed in to anywhere, and what it is half signed in to, but one session.

    Sessions can be found by what is in them alone; there are few, and this is rare.
    """
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.session_key == but:
            continue
        inside = session.get_decoded()
        half = inside.get("half_signed_in") or {}
        if str(user.pk) in (str(inside.get("_auth_user_id")), str(half.get("account"))):
            session.delete()
