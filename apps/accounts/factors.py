"""Second factors: making them, and checking what is given of them. An app's codes are those of RFC 6238."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import Any

import pyotp
import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Factor, RecoveryCode
from apps.accounts.standing import end_sessions
from apps.audit.log import note
from apps.audit.models import What

CODES = 10
_STEP = 30  # seconds
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read as something else
_LETTERS = 16  # of 31: 79 bits, so a plain digest is enough
MOST = 10  # factors of one account


def has_second(user: Any) -> bool:
    return Factor.objects.filter(user=user).exists()


# --- Apps


def new_secret() -> str:
    return pyotp.random_base32()


def picture(secret: str, user: Any) -> str:
    """What an app scans, as the address of an image that holds itself: nobody else is asked for it."""
    address = pyotp.TOTP(secret, name=user.get_username(), issuer=settings.SITE_NAME).provisioning_uri()
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="white"))


def step_of(secret: str, code: str) -> int:
    """The step of time that a code is of, one before and one after the present included; 0 if it is of none."""
    digits = "".join(code.split())
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return 0
    totp, now = pyotp.TOTP(secret), int(time.time()) // _STEP
    found = 0
    for step in (now - 1, now, now + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits):
            found = step
    return found


# --- Making and taking away


@transaction.atomic
def keep(user: Any, kind: Factor.Kind, name: str, secret: str, last: int, session: Any) -> list[str]:
    """Keep a factor that was shown to work, and end all other sessions of the account. Returns recovery codes, if
    these are the first."""
    is_first = not has_second(user)
    factor = Factor.objects.create(user=user, kind=kind, name=name, secret=secret, last=last)
    _note(user, f"second factor added: {factor.get_kind_display()}", by=user)
    end_sessions(user, but=session.session_key)
    return new_codes(user) if is_first else []


@transaction.atomic
def remove(factor: Factor, session: Any) -> None:
    """Take away one. With the last one go the recovery codes, which stand in for nothing then."""
    user = factor.user
    _note(user, f"second factor removed: {factor.get_kind_display()}")
    factor.delete()
    if not has_second(user):
        RecoveryCode.objects.filter(user=user).delete()
    end_sessions(user, but=session.session_key)


@transaction.atomic
def take_away(user: Any, by: Any = None) -> int:
    """Take away all second factors of an account and end its sessions: they are lost. Returns how many there were."""
    taken = Factor.objects.filter(user=user).delete()[0]
    RecoveryCode.objects.filter(user=user).delete()
    if taken:
        _note(user, "second factor reset", by=by)
    end_sessions(user)
    return taken


def _note(user: Any, said: str, by: Any = None) -> None:
    note(What.ACCOUNT, f"account {user.pk}", f"{user.get_username()}: {said}", by=by)


# --- Recovery codes


@transaction.atomic
def new_codes(user: Any) -> list[str]:
    """Ten codes, which replace former ones. They can't be shown again."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(user=user, digest=_digest(code)) for code in codes])
    _note(user, "new recovery codes", by=user)
    return ["-".join(code[at : at + 4] for at in range(0, _LETTERS, 4)) for code in codes]


def _digest(code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


# --- Checking


def by_code(user: Any, code: str) -> bool:
    """Whether a code is an app's of this moment that was not used before, or a recovery code, which is used up."""
    if len(code) > 100:
        return False
    for factor in Factor.objects.filter(user=user, kind=Factor.Kind.APP):
        step = step_of(factor.secret, code)
        # One statement, so that of two who come at once with the same code one is let in.
        if step and Factor.objects.filter(pk=factor.pk, last__lt=step).update(last=step, used_at=timezone.now()):
            return True
    if RecoveryCode.objects.filter(user=user, digest=_digest(code)).delete()[0]:
        left = RecoveryCode.objects.filter(user=user).count()
        _note(user, f"recovery code used, {left} left", by=user)
        return True
    return False
