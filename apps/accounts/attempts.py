"""How often a password or a code may be tried: counted in the database, so that all processes and nodes count as one.

An attempt is counted before it is judged, and given back when it was right: of many that come at once, no more are
judged than may be. A name that is no account's is counted like one that is, so the answer tells nothing about it.
"""

from __future__ import annotations

import ipaddress
import time

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from apps.accounts.models import Attempts

_FOR_A_NAME = 10  # times as many from everywhere: one who guesses can't easily lock somebody else out
_FOR_AN_ADDRESS = 20  # times as many at all names: an office may be behind one address
_SKEW = 300  # seconds by which the clocks of nodes may differ; a count from further ahead is from a clock set back
_COUNT = """
INSERT INTO accounts_attempts (key, whose, count, since) VALUES (%(key)s, %(whose)s, 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN accounts_attempts.since BETWEEN %(after)s AND %(before)s THEN accounts_attempts.count + 1
    ELSE 1 END,
  since = CASE WHEN accounts_attempts.since BETWEEN %(after)s AND %(before)s THEN accounts_attempts.since
    ELSE excluded.since END
RETURNING count, since
"""


class Locked(Exception):  # noqa: N818
    """Tried too often. ``until`` is in seconds since 1970; ``is_new`` of the first attempt that is turned away."""

    def __init__(self, until: int, is_new: bool) -> None:
        super().__init__(until)
        self.until, self.is_new = until, is_new

    @property
    def seconds(self) -> int:
        return max(1, self.until - int(time.time()))


def at_password(name: str, address: str) -> None:
    """Count an attempt at the password of an account. Raises Locked, before the password may be looked at."""
    for key, whose, most in _keys(name, address):
        _count(key, whose, most)


def was_right(name: str, address: str) -> None:
    """The password was right: what was tried from here before counts no longer, and of the others this does not."""
    pair, *others = (key for key, _, _ in _keys(name, address))
    Attempts.objects.filter(key=pair).delete()
    for row in Attempts.objects.filter(key__in=others, count__gt=0):
        Attempts.objects.filter(pk=row.pk, count=row.count).update(count=row.count - 1)
    Attempts.objects.filter(since__lt=int(time.time()) - _window()).delete()  # it counts no more


def at_code(name: str) -> None:
    """Count an attempt at the second factor of an account, from wherever. Raises Locked."""
    _count(_digest("code", name), _digest("name", name), settings.SIGN_IN_ATTEMPTS)


def code_was_right(name: str) -> None:
    Attempts.objects.filter(key=_digest("code", name)).delete()


def forget(name: str = "") -> int:
    """Lift the lock of an account, or all that there are. Returns how many counts were taken away."""
    rows = Attempts.objects.all()
    return (rows.filter(whose=_digest("name", name)) if name else rows).delete()[0]


def _keys(name: str, address: str) -> list[tuple[str, str, int]]:
    """What is counted: the name from here, all from here, the name from everywhere. What is turned away by one is not
    counted by the next, so that what is kept stays small."""
    few, whose, place = settings.SIGN_IN_ATTEMPTS, _digest("name", name), _network(address)
    return [
        (_digest("pair", name, place), whose, few),
        (_digest("address", place), "", few * _FOR_AN_ADDRESS),
        (_digest("anywhere", name), whose, few * _FOR_A_NAME),
    ]


def _count(key: str, whose: str, most: int) -> None:
    now = int(time.time())
    values: dict[str, str | int] = {
        "key": key,
        "whose": whose,
        "now": now,
        "after": now - _window() + 1,
        "before": now + _SKEW,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        count, since = cursor.fetchone()
    if count > most:
        raise Locked(since + _window(), is_new=count == most + 1)


def _window() -> int:
    return int(settings.LOCKED_MINUTES) * 60


def _digest(*parts: str) -> str:
    """Case and spaces at the ends make no other name: who guesses gains nothing by them."""
    plain = "\x00".join(part.strip().casefold() for part in parts)
    return salted_hmac("attempts", plain, algorithm="sha256").hexdigest()


def _network(address: str) -> str:
    """Of IPv6 the network of 64 bits, since one machine has all the addresses in it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
