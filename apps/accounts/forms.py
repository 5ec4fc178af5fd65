"""What is typed at signing in, each part counted before it is judged."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model
from django.template.defaultfilters import date
from django.utils import timezone

from apps.accounts import attempts
from apps.accounts.factors import by_code
from apps.audit.log import note
from apps.audit.models import What
from apps.public.api.limits import address_of


class PasswordForm(AdminAuthenticationForm):
    """A name and a password. Once tried too often, neither is looked at."""

    locked: attempts.Locked | None = None

    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if name is None or not password:
            return self.cleaned_data
        address = address_of(self.request) or ""  # type: ignore[arg-type]
        try:
            attempts.at_password(name, address)
        except attempts.Locked as locked:
            self.locked = locked
            if locked.is_new:
                note_locked(name)
            raise forms.ValidationError(too_often(locked), code="locked") from None
        cleaned = super().clean()
        attempts.was_right(name, address)
        return cleaned


class CodeForm(forms.Form):
    """A code of an app, or a recovery code."""

    code = forms.CharField(
        max_length=100,
        label="Code",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false", "autocapitalize": "none"}
        ),
        error_messages={"required": "Type the six digits that your app shows, or a recovery code."},
    )
    locked: attempts.Locked | None = None

    def __init__(self, data: Any = None, *, user: Any) -> None:
        super().__init__(data, label_suffix="")
        self._user = user

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            check_code(self._user, code)
        except attempts.Locked as locked:
            self.locked = locked
            raise forms.ValidationError(too_often(locked), code="locked") from None
        return code


def check_code(user: Any, code: str) -> None:
    """Raises Locked after too many, and ValidationError for a wrong one."""
    name = user.get_username()
    try:
        attempts.at_code(name)
    except attempts.Locked as locked:
        if locked.is_new:
            note_locked(name)
        raise
    if not by_code(user, code):
        note(What.NOT_SIGNED_IN, f"account {user.pk}", f"{name}: wrong second factor")
        raise forms.ValidationError(
            "That is not the code of this moment, or it was used already. Wait for the next one; and does the clock "
            "of your device go right?"
        )
    attempts.code_was_right(name)


def too_often(locked: attempts.Locked) -> str:
    """What happened, and when to try again. The same for a name that is no account's."""
    until = timezone.localtime(datetime.fromtimestamp(locked.until, tz=UTC))
    minutes = -(-locked.seconds // 60)
    return (
        f"There were too many attempts to sign in. For safety, none is looked at before {date(until, 'H:i')}: "
        f"try again in {minutes} minute{'' if minutes == 1 else 's'}, or ask an administrator to let you in sooner."
    )


def note_locked(name: str) -> None:
    """A name that is no account's is not kept: it may be a password, typed into the wrong field."""
    known = get_user_model().objects.filter(username=name).first() if "\x00" not in name else None
    note(
        What.NOT_SIGNED_IN,
        of=f"account {known.pk}" if known else "no such account",
        said=f"{name}: locked out" if known else "locked out",
    )
