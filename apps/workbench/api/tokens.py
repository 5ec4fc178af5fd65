"""The keys by which programs curate: made, known again, revoked. A key is told once and kept nowhere."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from apps.audit.log import note
from apps.audit.models import What
from apps.workbench.models import Token

LIVES = (7, 30, 90, 365)  # days
_MARK = "kb_"  # by which programs that look for keys in texts know ours
_USE_NOTED = dt.timedelta(minutes=1)  # how exact the time of the last use is: a row is not written for each question


@sensitive_variables("key")
def make(by: User, name: str, scopes: Sequence[str], days: int) -> tuple[Token, str]:
    """A token that expires after some days, and its key, which is told here and never again."""
    key = _MARK + secrets.token_urlsafe(32)
    now = timezone.now()
    token = Token.objects.create(
        by=by, name=name, digest=_digest(key), ending=key[-4:], scopes=list(scopes), made_at=now,
        expires_at=now + dt.timedelta(days=days),
    )  # fmt: skip
    note(What.TOKEN, token, f"made for {by}: {token.scopes_in_words}, {days} days", by=by)
    return token, key


@sensitive_variables("key")
def known(key: str) -> Token | None:
    """The token of a key, if it still opens anything: not expired, not revoked, and its owner still works here."""
    token = Token.objects.filter(digest=_digest(key)).select_related("by").first()
    if token is None or not token.is_usable or not (token.by.is_active and token.by.is_staff):
        return None
    now = timezone.now()
    long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - _USE_NOTED)
    Token.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)
    return token


def revoke(token: Token, by: User) -> None:
    """Let a token open nothing from now on; who did that first stays noted."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now(), revoked_by=by):
        note(What.TOKEN, token, f"revoked, of {token.by}", by=by)


@sensitive_variables("key")
def _digest(key: str) -> str:
    # Of 256 random bits: there is no list of words to try, so it needs no slow hash, which would cost each question.
    return hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()
