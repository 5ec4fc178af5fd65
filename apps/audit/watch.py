"""What Django tells of by signals: signing in, and changes of accounts and of what they may do, by whatever way."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from apps.audit.log import note
from apps.audit.models import What

_STANDING = ("username", "is_active", "is_staff", "is_superuser")
_CHANGES = {"post_add": "given", "pre_remove": "taken away", "pre_clear": "all taken away"}


def connect() -> None:
    """Listen; once, when the apps are ready."""
    account: Any = get_user_model()
    for signal, receiver, sender in (
        (user_logged_in, _signed_in, None),
        (user_logged_out, _signed_out, None),
        (user_login_failed, _not_signed_in, None),
        (pre_save, _before_account, account),
        (post_save, _after_account, account),
        (post_delete, _account_deleted, account),
        (m2m_changed, _given, account.groups.through),
        (m2m_changed, _given, account.user_permissions.through),
        (m2m_changed, _given, Group.permissions.through),
        (post_delete, _role_deleted, Group),
    ):
        signal.connect(receiver, sender=sender, dispatch_uid=("audit", receiver.__name__, str(sender)))


def _signed_in(user: Any, **_: Any) -> None:
    note(What.SIGNED_IN, by=user)


def _signed_out(user: Any, **_: Any) -> None:
    if user is not None:
        note(What.SIGNED_OUT, by=user)


def _not_signed_in(credentials: dict[str, Any], **_: Any) -> None:
    """A name that is no account's is not kept: it may be a password, typed into the wrong field."""
    typed = str(credentials.get("username", ""))
    known = User.objects.filter(username=typed).first() if len(typed) <= 150 and "\x00" not in typed else None
    note(What.NOT_SIGNED_IN, of=f"account {known.pk}" if known else "no such account", said=typed if known else "")


# --- Accounts and roles


def _before_account(instance: Any, raw: bool = False, **_: Any) -> None:
    kept = None if raw or instance.pk is None else type(instance)._base_manager.filter(pk=instance.pk).first()
    vars(instance)["_audited"] = {name: getattr(kept, name) for name in (*_STANDING, "password")} if kept else {}


def _after_account(instance: Any, created: bool, raw: bool = False, **_: Any) -> None:
    """What it was and is; of a password only that it is another."""
    before: dict[str, Any] = vars(instance).pop("_audited", {})
    if raw or created:
        said = "made" if not raw else "loaded"
        said += "".join(f"; {name}" for name in _STANDING[1:] if getattr(instance, name))
        return note(What.ACCOUNT, f"account {instance.pk}", f"{instance.get_username()}: {said}")
    changed = [
        f"{name} {before[name]} → {getattr(instance, name)}"
        for name in _STANDING
        if name in before and before[name] != getattr(instance, name)
    ]
    if before and before["password"] != instance.password:
        changed.append("another password")
    if changed:
        note(What.ACCOUNT, f"account {instance.pk}", f"{instance.get_username()}: {'; '.join(changed)}")
    return None


def _account_deleted(instance: Any, **_: Any) -> None:
    note(What.ACCOUNT, f"account {instance.pk}", f"{instance.get_username()}: deleted")


def _role_deleted(instance: Group, **_: Any) -> None:
    note(What.ROLE, f"role {instance.pk}", f"{instance.name}: deleted")


def _given(instance: Any, action: str, reverse: bool, model: Any, pk_set: set[Any] | None, **_: Any) -> None:
    """A role or a permission given to an account, or a permission to a role; from whichever end it was done."""
    if action not in _CHANGES:
        return
    others = model._base_manager.filter(pk__in=pk_set) if pk_set is not None else ()
    named = ", ".join(sorted(str(one) for one in others))
    if pk_set is not None and not named:
        return
    sort = "role" if isinstance(instance, Group) else "account"
    note(What.ROLE, f"{sort} {instance.pk}", f"{instance}: {_CHANGES[action]}{f': {named}' if named else ''}")
