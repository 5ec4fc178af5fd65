"""Passkeys and security keys by WebAuthn, as second factors. The site's name is what its address says: no setting."""

from __future__ import annotations

import base64
import ipaddress
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from apps.accounts.models import Factor

_LONGEST = 20_000  # characters of what a browser answers


def can_be_used(request: HttpRequest) -> bool:
    """Browsers have passkeys for a name, by HTTPS or on the same machine; never for a number such as 127.0.0.1."""
    name = _name(request)
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return request.is_secure() or name == "localhost" or name.endswith(".localhost")
    return False


def to_make(request: HttpRequest, user: Any) -> tuple[str, Any]:
    """What the browser is asked for a new one, as JSON, and what to keep until it answers."""
    options, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(
            id=str(user.pk).encode(), name=user.get_username(), display_name=user.get_full_name() or user.get_username()
        ),
        credentials=[one for _, one in _kept(user)],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.DISCOURAGED,  # the password is asked for already
    )
    return json.dumps(dict(options.public_key)), state


def made(request: HttpRequest, state: Any, answer: str) -> tuple[str, int] | None:
    """What to keep of a new one, and its counter; nothing if the answer is not one to what was asked."""
    try:
        found = _server(request).register_complete(state, _read(answer))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None
    if found.credential_data is None:
        return None
    return base64.b64encode(found.credential_data).decode(), found.counter


def to_give(request: HttpRequest, user: Any) -> tuple[str, Any]:
    """What the browser is asked for at signing in, as JSON, and what to keep until it answers."""
    options, state = _server(request).authenticate_begin(
        [one for _, one in _kept(user)], user_verification=UserVerificationRequirement.DISCOURAGED
    )
    return json.dumps(dict(options.public_key)), state


def given(request: HttpRequest, user: Any, state: Any, answer: str) -> bool:
    """Whether the answer is by a passkey of this account, to what was asked. One whose counter goes back is a copy."""
    kept = _kept(user)
    try:
        read = _read(answer)
        found = _server(request).authenticate_complete(state, [one for _, one in kept], read)
        counter = AuthenticationResponse.from_dict(read).response.authenticator_data.counter
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        return False
    factor = next(factor for factor, one in kept if one.credential_id == found.credential_id)
    rows = Factor.objects.filter(pk=factor.pk)
    if counter or factor.last:  # those that are on several devices have none
        rows = rows.filter(last__lt=counter)
    return bool(rows.update(last=counter, used_at=timezone.now()))


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > _LONGEST:
        raise ValueError("too long")
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise ValueError("not an object")
    return read


def _name(request: HttpRequest) -> str:
    host = request.get_host()
    return host if host.endswith("]") else host.rpartition(":")[0] or host


def _server(request: HttpRequest) -> Fido2Server:
    return Fido2Server(PublicKeyCredentialRpEntity(id=_name(request), name=settings.SITE_NAME))


def _kept(user: Any) -> list[tuple[Factor, AttestedCredentialData]]:
    rows = Factor.objects.filter(user=user, kind=Factor.Kind.PASSKEY)
    return [(one, AttestedCredentialData(base64.b64decode(one.secret))) for one in rows]
