"""Typed readers for the environment variables that drive the settings.

Each reader answers with a value of its type or raises ``ImproperlyConfigured``
with the variable's name, what it holds and what it may hold.
"""

import os
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def boolean(name: str, default: bool) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in TRUE + FALSE:
        return value in TRUE
    raise ImproperlyConfigured(f"{name} is {value!r}: say 1 or 0.")


def integer(name: str, default: int, minimum: int = 0) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or int(value) < minimum:
        raise ImproperlyConfigured(f"{name} is {value!r}: say a whole number of {minimum} or more.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas or spaces."""
    return text(name, default).replace(",", " ").split()


def choice(name: str, choices: Iterable[str], default: str) -> str:
    value = text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}: say one of {', '.join(choices)}.")
    return value


def postgresql(url: str, patience: int, longest: int) -> dict[str, object]:
    """Django's connection settings for a PostgreSQL URL.

    ``postgresql://user:password@host:port/name``; a socket folder goes into the query:
    ``postgresql://user@/name?host=/run/postgresql``. A statement waits ``patience`` seconds for what others have
    locked, and takes ``longest`` seconds, 0 for as long as it takes; who leaves a transaction open for ten minutes is
    cut off.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise ImproperlyConfigured(
            "DATABASE_URL must read postgresql://user:password@host:port/name; leave it empty to use SQLite."
        )
    limits = {"lock_timeout": patience, "statement_timeout": longest, "idle_in_transaction_session_timeout": 600}
    said = [f"-c {name}={seconds}s" for name, seconds in limits.items()]
    query["options"] = " ".join([*said, query.get("options", "")]).strip()  # the last one said holds
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**query, "pool": {"min_size": 1, "max_size": 8}},
    }
