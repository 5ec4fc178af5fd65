"""Writing lines of the audit log: ``note`` for what somebody does, ``seen`` for what somebody looks at."""

from __future__ import annotations

import hashlib
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from apps.audit.models import AuditLine, What
from apps.public.serving.logs import request_id

asking: ContextVar[HttpRequest | None] = ContextVar("asking", default=None)  # the request that is being answered

_LONGEST = 4_000  # characters of what is said in a line
_NOTED: dict[str, None] = {}  # what this process has noted in this hour, or an earlier one; the oldest first
_MOST_NOTED = 10_000


def note(what: What, of: Model | str = "", said: str = "", by: Any = None) -> None:
    """Add a line, in the transaction of what it tells of: both are kept, or neither.

    ``of`` is a row, which the line names by its kind and number and never by its title, or words for what is no row.
    ``by`` is an account; without one it is whose request is being answered, or nobody: a command.
    """
    AuditLine.objects.create(**_columns(what, of, said, by))


def seen(of: Model | str, said: str = "") -> None:
    """Note that whoever asks sees who said what, or who was there: once an hour for each account and thing.

    Whether it has been noted costs nothing where this process knows, and else one statement: no page is slower for it
    when it is opened again. Raises DatabaseError where it can't be noted: then nothing may be shown either.
    """
    columns = _columns(What.SEEN, of, said, None)
    hour = columns["at"].strftime("%Y-%m-%d %H")
    key = "\x00".join((str(columns["account"]), columns["of"], columns["said"], hour))
    once = hashlib.sha256(key.encode()).hexdigest()
    if once in _NOTED:
        return
    AuditLine.objects.bulk_create([AuditLine(**columns, once=once)], ignore_conflicts=True)
    transaction.on_commit(lambda: _remember(once))  # what is rolled back has not been noted


def _remember(once: str) -> None:
    _NOTED[once] = None
    while len(_NOTED) > _MOST_NOTED:
        _NOTED.pop(next(iter(_NOTED)), None)


def named(row: Model) -> str:
    """A row in the words of the log: a number, which a deleted row keeps and which says nothing to others."""
    if kind := getattr(row, "kind", None):
        return f"{kind} {getattr(row, 'identifier', row.pk)}"
    return f"{row._meta.verbose_name} {row.pk}"


def _columns(what: What, of: Model | str, said: str, by: Any) -> dict[str, Any]:
    request = asking.get()
    account: Any = by or getattr(request, "user", None)
    is_known = account is not None and account.pk is not None
    return {
        "at": timezone.now(),
        "what": what,
        "by": account.get_username() if is_known else "",
        "account": account.pk if is_known else None,
        "of": (of if isinstance(of, str) else named(of))[:120],
        "said": said.replace("\x00", "")[:_LONGEST],
        "request": request_id.get(),
    }
