"""SITE_ROLE=public: a site that has the public tables and no other, and may only read them."""

from __future__ import annotations

import http.client
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from apps.gate.publication import Outcome, awaiting_publication, publish_many
from apps.public.catalogue.models import Record
from apps.public.website.reading import url_of
from tests.gate.visitor import Answer, Visitor, addresses, crawl, parameters
from tests.infra.running import Running, run, serving

READER = "kb_reader"
PRIVATE = ("curation_", "gate_", "audit_", "auth_", "admin_", "taggit_", "django_session", "django_content_type")


class OverHttp(Visitor):
    """Asks a server, as a browser does."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def get(self, url: str, method: str = "GET", **headers: str) -> Answer:
        self._connection.request(
            method, quote(url, safe="/?&=%:;,+@~!*'()-._$"), headers={"Host": "localhost"} | headers
        )
        answer = self._connection.getresponse()
        return Answer(url, answer.status, tuple(answer.getheaders()), answer.read())


@pytest.fixture
def published(db, django_user_model, tmp_path: Path) -> Path:
    """What is public of the demo, in a file. Only what the public apps know is in it."""
    call_command("loaddata", "vocabulary", "demo", verbosity=0)
    reviewer, outcome = django_user_model.objects.create_user("reviewer"), Outcome()
    for _ in publish_many(awaiting_publication(), outcome, by=reviewer):
        pass
    assert not outcome.refused
    path = tmp_path / "public.json"
    labels = [config.label for config in public_configs()]
    call_command("dumpdata", *labels, output=str(path), verbosity=0)
    return path


def public_configs():
    return [
        config for config in apps.get_app_configs() if config.name in settings.PUBLIC_APPS and [*config.get_models()]
    ]


def public_tables() -> set[str]:
    return {model._meta.db_table for one in public_configs() for model in one.get_models(include_auto_created=True)}


@contextmanager
def database(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """An empty database of its own: how its owner reaches it, and how the website does."""
    if connection.vendor == "sqlite":
        yield "", ""
        return
    known = connection.settings_dict
    name, host = f"public_{os.getpid()}", quote(known["HOST"], safe="/")
    with closing(psycopg.connect(host=known["HOST"], user=known["USER"], dbname="postgres", autocommit=True)) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield f"postgresql://{known['USER']}@/{name}?host={host}", f"postgresql://{READER}@/{name}?host={host}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
            server.execute(f"DROP ROLE IF EXISTS {READER}")


def let_read(url: str) -> None:
    """A role that may read the public tables, and nothing else."""
    with closing(psycopg.connect(url, autocommit=True)) as owner:
        owner.execute(f"CREATE ROLE {READER} LOGIN")
        owner.execute(f"GRANT SELECT ON {', '.join(sorted(public_tables()))} TO {READER}")


def test_the_whole_site_works_and_the_private_wing_is_not_there(published: Path, tmp_path: Path) -> None:
    with database(tmp_path) as (owner, reader):
        site = {"SITE_ROLE": "public", "SECRET_KEY": "for the tests alone", "DATA_DIR": str(tmp_path / "data")}
        for command in (("migrate", "--no-input"), ("loaddata", str(published)), ("collectstatic", "--no-input")):
            done = run(sys.executable, "manage.py", *command, **site, DATABASE_URL=owner)
            assert done.returncode == 0, done.stderr
        if reader:
            let_read(owner)
        with serving(output=tmp_path / "said", **site, DATABASE_URL=reader) as (port, server):
            look_at_everything(when_it_answers(port, server))
        assert "Traceback" not in server.words
        assert no_private_table(owner, tmp_path / "data")
        if reader:
            assert_it_may_only_read(reader)


def when_it_answers(port: int, server: Running, seconds: float = 60) -> Visitor:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            visitor = OverHttp(port)
            if visitor.get("/browse/").status == 200:  # it has built its index by then
                return visitor
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"It did not answer: {server.words}")


def look_at_everything(visitor: Visitor) -> None:
    """Every record has its page, every page that is linked answers, and the doors of the admin lead nowhere."""
    for record in Record.objects.live():
        assert visitor.get(url_of(record.kind, record.identifier)).status == 200
    statuses = Counter()
    for answer in crawl(visitor, ["/", *addresses()], lambda url: parameters(url) < 2):
        # The patterns page shows links that lead nowhere, and the description of the API has templates of addresses.
        if "example" not in answer.url and "{" not in answer.url:
            assert answer.status in (200, 302), answer.url
        assert not re.search(rb'href="/admin/', answer.body), answer.url
        statuses[answer.status] += 1
    assert statuses[200] > 300
    drafts = "/admin/api/v1/"
    for door in (
        "/admin/", "/admin/login/", "/admin/curation/person/", "/accounts/login/", drafts, f"{drafts}openapi.json",
    ):  # fmt: skip
        assert visitor.get(door).status == 404


def no_private_table(owner: str, data: Path) -> bool:
    if owner:
        with closing(psycopg.connect(owner)) as database:
            names = [row[0] for row in database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    else:
        import sqlite3

        with closing(sqlite3.connect(data / "db.sqlite3")) as database:
            names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert public_tables() <= set(names)
    return not [name for name in names if name.startswith(PRIVATE)]


def assert_it_may_only_read(reader: str) -> None:
    with closing(psycopg.connect(reader, autocommit=True)) as database:
        assert database.execute("SELECT count(*) FROM catalogue_record").fetchone() == (Record.objects.count(),)
        for forbidden in (
            "UPDATE catalogue_record SET title = ''",
            "DELETE FROM catalogue_link",
            "INSERT INTO catalogue_cataloguestate (id, change) VALUES (1, 1)",
            "SELECT * FROM django_migrations",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                database.execute(forbidden)
