"""What every test shares. The database is a real one; nothing of ours is mocked."""

from pathlib import Path

import pytest
from django.conf import settings as shipped

from apps.audit import log
from apps.taxonomy import vocabulary as vocabulary_module

_DATABASE = {"db", "transactional_db", "django_db_setup", "client", "admin_client", "live_server"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, only what asks a database: the rest has been tested on SQLite, and is the same. So has been that a
    test fails without the rule of the gate that it guards."""
    if "postgresql" not in shipped.DATABASES["default"]["ENGINE"]:
        return
    asks = [
        one
        for one in items
        if (one.get_closest_marker("django_db") or not _DATABASE.isdisjoint(getattr(one, "fixturenames", ())))
        and not getattr(getattr(one, "callspec", None), "params", {}).get("without")
    ]
    chosen = _of_each(asks)
    config.hook.pytest_deselected(items=[one for one in items if one not in {*chosen}])
    items[:] = chosen


def _of_each(asks: list[pytest.Item]) -> list[pytest.Item]:
    """Of a test with many cases, the first and the last: what tells the cases apart is our code, which all of them have
    been through on SQLite. All, where it is the database that answers."""
    by_function: dict[str, list[pytest.Item]] = {}
    for one in asks:
        by_function.setdefault(one.nodeid.partition("[")[0], []).append(one)
    kept = {
        one
        for cases in by_function.values()
        for one in (cases if cases[0].get_closest_marker("every_case") else (cases[0], cases[-1]))
    }
    return [one for one in asks if one in kept]


@pytest.fixture(scope="session")
def triggers_of_migrations(django_db_setup, django_db_blocker) -> list[str]:
    """The triggers that migrations made, by which the audit log stays as it is; and takes them away, since a test that
    commits has its database emptied. Whoever tests them makes them again."""
    from tests.audit.triggers import taken_away

    with django_db_blocker.unblock():
        return taken_away()


@pytest.fixture(scope="session", autouse=True)
def _a_database_that_can_be_emptied(request: pytest.FixtureRequest) -> None:
    if any(not _DATABASE.isdisjoint(getattr(one, "fixturenames", ())) for one in request.session.items):
        request.getfixturevalue("triggers_of_migrations")


@pytest.fixture(autouse=True)
def _own_index_folder(settings, tmp_path: Path) -> None:
    """Each test has a search index of its own, derived from its own catalogue."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.DOWNLOADS_DIR = tmp_path / "downloads"


@pytest.fixture(autouse=True)
def _fresh_vocabulary() -> None:
    """A rolled-back test leaves the version number as it was, so the snapshot in memory could be another test's."""
    vocabulary_module._current = None
    log._NOTED.clear()
