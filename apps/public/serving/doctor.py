"""A look at an installation in plain words: what is well, what is amiss, and what to do about it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.db import DatabaseError, connection
from django.utils import timezone

from apps.public.catalogue.models import Record
from apps.public.catalogue.state import read_state
from apps.public.search import folder
from apps.public.search.index import is_damage
from apps.public.serving.health import migrations_to_come
from apps.public.serving.replica import private_tables

_ROOM = 1_000_000_000  # bytes that a busy site should have free
_CLOCKS = timedelta(seconds=5)


class Verdict(StrEnum):
    WELL = "well"
    CAREFUL = "careful"  # it works; somebody should know
    AMISS = "amiss"  # something does not work, or is not safe


class Word(NamedTuple):
    """What the doctor says of one thing."""

    verdict: Verdict
    about: str
    what: str
    cure: str = ""


def settings_are_safe() -> Iterator[Word]:
    """What Django's own checks for deployment say."""
    if settings.DEBUG:
        yield Word(
            Verdict.CAREFUL, "Settings", "DEBUG is on: errors show code to whoever meets one.", "Take DEBUG away."
        )
        return
    found = checks.run_checks(include_deployment_checks=True)
    said = [one for one in found if one.level >= checks.WARNING and not one.is_silenced()]
    for one in said:
        verdict = Verdict.AMISS if one.level >= checks.ERROR else Verdict.CAREFUL
        yield Word(verdict, "Settings", " ".join(f"{one.msg} ({one.id})".split()), " ".join((one.hint or "").split()))
    if not said:
        yield Word(Verdict.WELL, "Settings", "Safe for serving.")


def database_answers() -> Iterator[Word]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        waiting = migrations_to_come()
        here, there = timezone.now(), _its_clock()
    except DatabaseError as error:
        yield Word(
            Verdict.AMISS,
            "Database",
            f"It does not answer: {str(error).strip()}",
            "Is it running, and DATABASE_URL right?",
        )
        return
    if waiting:
        named = ", ".join(waiting[:3]) + (" …" if len(waiting) > 3 else "")
        yield Word(Verdict.AMISS, "Database", f"It lacks {len(waiting)} migrations ({named}).", "manage.py migrate")
    else:
        version = ".".join(map(str, connection.get_database_version()))
        yield Word(Verdict.WELL, "Database", f"{connection.display_name} {version}, up to date.")
    if abs(here - there) > _CLOCKS:
        apart = abs(here - there).total_seconds()
        yield Word(
            Verdict.AMISS,
            "Clock",
            f"The database's clock is {apart:.0f} s apart from this machine's.",
            "Set both by NTP: embargoes end by the clock.",
        )
    if not waiting and (ahead := Record.objects.filter(published_at__gt=here + _CLOCKS).count()):
        yield Word(
            Verdict.AMISS,
            "Clock",
            f"{ahead} records were published in the future.",
            "The clock went wrong, now or then: set it by NTP.",
        )


def _its_clock():  # type: ignore[no-untyped-def]
    if connection.vendor != "postgresql":
        return timezone.now()  # it is in this process
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def database_is_whole() -> Iterator[Word]:
    """SQLite's own look at its file; PostgreSQL has tools of its own for that."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(3)")
        said = [row[0] for row in cursor.fetchall()]
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
    if said == ["ok"]:
        yield Word(Verdict.WELL, "Database", "Its file is whole.")
    else:
        yield Word(Verdict.AMISS, "Database", f"Its file is damaged: {'; '.join(said)}", "Restore the last backup.")
    if mode not in ("wal", "memory"):
        yield Word(
            Verdict.CAREFUL,
            "Database",
            f"Its journal is “{mode}”, so readers wait for writers.",
            "Is DATA_DIR on a network drive? SQLite wants a disk of its own.",
        )


def wings_are_apart() -> Iterator[Word]:
    """A public site has no private tables, and may change nothing."""
    if settings.SITE_ROLE != "public":
        return
    if private := private_tables():
        yield Word(
            Verdict.AMISS,
            "Public site",
            f"Its database has private tables: {', '.join(private[:3])} …",
            "Give it a database that only the public tables are replicated to, or a role that cannot see the others.",
        )
    else:
        yield Word(Verdict.WELL, "Public site", "Its database has no private table.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege(%s, 'INSERT, UPDATE, DELETE')", [Record._meta.db_table])
            may_write = cursor.fetchone()[0]
        if may_write:
            yield Word(
                Verdict.CAREFUL,
                "Public site",
                "Its database account may change the catalogue.",
                "An account with SELECT on the public tables is enough.",
            )


def replica_follows() -> Iterator[Word]:
    """Whether a public node that is fed by replication still hears from the curation node."""
    if settings.SITE_ROLE != "public" or connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT subname, pid IS NOT NULL, latest_end_time FROM pg_stat_subscription WHERE relid IS NULL")
        found = cursor.fetchall()
    for name, is_running, heard in found:
        if is_running:
            yield Word(Verdict.WELL, "Replication", f"{name} follows; it heard from the curation node at {heard}.")
        else:
            yield Word(
                Verdict.AMISS,
                "Replication",
                f"{name} does not follow: what readers see is as it was.",
                "Does the curation node's PostgreSQL answer from here? This one's log says what it met.",
            )


def folder_is_safe() -> Iterator[Word]:
    """Who may read the data folder, and how much room it has."""
    place = Path(settings.DATA_DIR)
    if not os.access(place, os.W_OK):
        yield Word(
            Verdict.AMISS, "Data folder", f"{place} cannot be written by this account.", "Give it to this account."
        )
        return
    names = [place / "db.sqlite3"] if connection.vendor == "sqlite" and settings.SITE_ROLE == "all" else []
    is_open = [one for one in names if one.exists() and one.stat().st_mode & 0o007 and place.stat().st_mode & 0o001]
    if is_open:
        yield Word(
            Verdict.CAREFUL,
            "Data folder",
            f"Every account of this machine may read {is_open[0]}, with all names in it.",
            f"chmod 700 {place}",
        )
    free = shutil.disk_usage(place).free
    if free < _ROOM:
        yield Word(
            Verdict.CAREFUL, "Data folder", f"{free / 1e6:,.0f} MB are left on the disk of {place}.", "Make room."
        )
    if not is_open and free >= _ROOM:
        yield Word(Verdict.WELL, "Data folder", f"{place}, with {free / 1e9:,.0f} GB free.")


def index_follows() -> Iterator[Word]:
    """Whether the search index is there, whole, and has what the catalogue has."""
    place = Path(settings.SEARCH_INDEX_DIR)
    bookmark, change = folder.read_bookmark(place), read_state().change
    if bookmark is None:
        verdict = Verdict.CAREFUL if change else Verdict.WELL
        yield Word(verdict, "Search index", f"There is none in {place} yet.", "manage.py index" if change else "")
    elif not _opens(place / bookmark.generation):
        yield Word(Verdict.AMISS, "Search index", "Its files are damaged.", "manage.py index --rebuild")
    elif bookmark.change > change:
        yield Word(Verdict.CAREFUL, "Search index", "It is of another catalogue.", "manage.py index --rebuild")
    elif bookmark.change < change:
        behind = change - bookmark.change
        yield Word(
            Verdict.CAREFUL,
            "Search index",
            f"It is {behind:,} changes behind; the next reader brings it up to date.",
            "manage.py index",
        )
    else:
        yield Word(Verdict.WELL, "Search index", f"Up to date with change {change:,}.")


def _opens(generation: Path) -> bool:
    try:
        folder.open_searcher(generation)
    except BaseException as error:  # tantivy panics
        if not isinstance(error, OSError) and not is_damage(error):
            raise
        return False
    return True


def styles_are_there() -> Iterator[Word]:
    if settings.DEBUG:
        return
    try:
        staticfiles_storage.url("website/site.css")
    except ValueError:
        yield Word(
            Verdict.AMISS,
            "Static files",
            "They were not collected for this release, so pages have no style.",
            "manage.py collectstatic --no-input",
        )
    else:
        yield Word(Verdict.WELL, "Static files", "Collected.")


def people_can_work() -> Iterator[Word]:
    """Four eyes are two people."""
    if settings.SITE_ROLE != "all":
        return
    users = apps.get_model("auth.User").objects.filter(is_active=True)
    if not users.filter(is_superuser=True).exists():
        yield Word(Verdict.CAREFUL, "Accounts", "There is no administrator.", "manage.py createsuperuser")
    if users.filter(is_staff=True).count() < 2:
        yield Word(
            Verdict.CAREFUL,
            "Accounts",
            "Fewer than two people can sign in to the admin: what a protected session holds is "
            "published by somebody other than its last editor.",
            "Add accounts in the admin.",
        )
    if settings.SECOND_FACTOR_FOR == "nobody" and not settings.DEBUG:
        yield Word(
            Verdict.CAREFUL,
            "Signing in",
            "A password alone opens what is protected: SECOND_FACTOR_FOR is “nobody”.",
            "Take SECOND_FACTOR_FOR away; who sees names then sets up a second factor at the next sign-in.",
        )
    without = users.filter(is_superuser=True, factors=None).count()
    if without and settings.SECOND_FACTOR_FOR != "nobody":
        yield Word(
            Verdict.CAREFUL,
            "Signing in",
            f"{without} administrator{' has' if without == 1 else 's have'} no second factor yet: until then, whoever "
            "has the password can set up one of their own.",
            "Have them sign in once.",
        )
    roles: list[str] = apps.get_app_config("workbench").roles  # type: ignore[attr-defined]
    lacking = set(roles) - set(apps.get_model("auth.Group").objects.values_list("name", flat=True))
    if lacking:
        yield Word(
            Verdict.CAREFUL,
            "Accounts",
            f"There is no group {' and no group '.join(sorted(lacking))}.",
            "manage.py make_roles",
        )


EXAMINATIONS: tuple[Callable[[], Iterator[Word]], ...] = (
    settings_are_safe,
    database_answers,
    database_is_whole,
    wings_are_apart,
    replica_follows,
    folder_is_safe,
    index_follows,
    styles_are_there,
    people_can_work,
)


def examine() -> Iterator[Word]:
    """Everything, one after the other. What needs the database is left out where that does not answer or is not up to
    date: it has been said then."""
    for examination in EXAMINATIONS:
        try:
            yield from examination()
        except DatabaseError:
            continue
