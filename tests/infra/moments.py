"""Faults at random moments while somebody publishes: after each nothing published is lost, nothing protected is out.

`make faults` runs a few of each kind, `make faults MOMENTS=200` as many; no other run has time for them.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.infra.aftermath import Journal
from tests.infra.running import ROOT, environment, examined, run
from tests.infra.test_faults import Site, data, in_a_mount, made, settings, site  # noqa: F401 - two are fixtures
from tests.infra.test_replicas import TAKE_OUT, lay, nodes, rows, senders, served, statuses, until  # noqa: F401 - one is

MOMENTS = os.environ.get("FAULT_MOMENTS", "")
SEED = 1
FEW = {"publisher_killed": 3, "indexer_killed": 3, "index_damaged": 3, "clock_set_back": 1}
OF_A_DATABASE = {"postgresql": {"database_killed": 4}, "sqlite": {"power_lost": 4}}
LAST = {"disk_full": 2}  # a server leaves an index alone for half a minute when it could not write it
TAKE_OUT_SOME = """
import json
from apps.curation.models import Position
from apps.gate.publication import withdraw
out = list(Position.objects.filter(status="published", proposition=None).order_by("pk")[:12])
for one in out:
    withdraw(one)
print(json.dumps([(one.pk, one.identifier, one.title) for one in out]))
"""


@contextmanager
def small_disk() -> Iterator[tuple[Path, tuple[str, ...]]]:
    """A folder, and the command that mounts a small disk there for what it starts."""
    with tempfile.TemporaryDirectory(prefix="kb-faults-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's own user comes here too
        yield folder, in_a_mount(f"mount -t tmpfs -o size=160m,mode=755 tmpfs {folder}")


@pytest.mark.django_db
def test_nothing_published_is_lost_and_nothing_protected_is_out() -> None:
    moments = FEW | OF_A_DATABASE[connection.vendor] | LAST
    faults = [f"{fault}={MOMENTS or few}" for fault, few in moments.items()]
    with small_disk() as (folder, mounted):
        ours = {"DATA_DIR": str(folder / "site"), "DATABASE": connection.vendor, "TMPDIR": str(folder)}
        done = subprocess.run(
            [*mounted, sys.executable, "-m", "tests.infra.drill", str(SEED), *faults],
            cwd=ROOT,
            env=environment(LOG_LEVEL="ERROR", DJANGO_SETTINGS_MODULE="tests.settings", **ours),
            capture_output=True,
            text=True,
            check=False,
        )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [*moments]


def test_a_wire_that_is_silent_or_cut_for_a_time_loses_nothing(nodes, tmp_path) -> None:  # noqa: F811
    curation, public = nodes
    until(lambda: rows(public) == rows(curation), "it has followed")
    with psycopg.connect(curation.url) as asked:
        query = "SELECT identifier FROM catalogue_record WHERE title LIKE 'Claim %%' ORDER BY id LIMIT 2 OFFSET 5"
        first, second = (name for (name,) in asked.execute(query).fetchall())
    with served(public, tmp_path / "one") as node:
        pages = f"/positions/{first}/", f"/positions/{second}/"
        until(lambda: statuses(node, "/ready/", *pages) == [200, 200, 200], "the node has caught up")

        [silent] = senders(curation)
        os.kill(silent, signal.SIGSTOP)
        try:
            curation.manage("shell", "-c", TAKE_OUT.format(first))
            assert statuses(node, "/", "/browse/", "/ready/", *pages) == [200] * 5
        finally:
            os.kill(silent, signal.SIGCONT)
        until(lambda: statuses(node, *pages) == [410, 200], "what was done in silence has arrived")

        (curation.folder / "wire" / ".s.PGSQL.5432").unlink()
        with psycopg.connect(curation.url) as asked:
            asked.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
        until(lambda: not senders(curation), "it is cut")
        curation.manage("shell", "-c", TAKE_OUT.format(second))
        assert statuses(node, "/", "/browse/", "/ready/", *pages) == [200, 200, 200, 410, 200]
        lay(curation)
        until(lambda: statuses(node, *pages) == [410, 410], "what was done meanwhile has arrived")

        assert rows(public) == rows(curation)
        assert examined(**curation.settings) == ""
        assert examined(**public.settings | {"DATA_DIR": str(tmp_path / "one")}) == ""


def test_a_web_server_killed_while_it_publishes_has_done_a_thing_whole_or_not_at_all(data, tmp_path) -> None:  # noqa: F811
    chance, journal = random.Random(SEED), Journal(tmp_path / "journal")
    taken_out = run(sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", TAKE_OUT_SOME, **settings(data))
    waiting = json.loads(taken_out.stdout)
    assert len(waiting) > 6
    for moment in range(int(MOMENTS or 2)):
        with site(data, said=f"said-{moment}") as visited:
            visited.log_in()
            reviewer = threading.Thread(target=publish_by_hand, args=(visited, waiting, journal))
            steps = len(journal.read()) + chance.randrange(4)
            reviewer.start()
            try:
                while len(journal.read()) <= steps and reviewer.is_alive():
                    time.sleep(0.01)
                time.sleep(chance.uniform(0, 0.3))
            finally:
                visited.server.signal(signal.SIGKILL)
                reviewer.join()
        assert examined(journal.path, **settings(data)) == ""


def publish_by_hand(visited: Site, waiting: list[tuple[int, str, str]], journal: Journal) -> None:
    """As a reviewer does from the list, one after another, until the server is gone."""
    page = "/admin/curation/position/"
    try:
        token = visited.token(page)
        while waiting:
            pk, identifier, title = waiting.pop()
            journal.note("begun", {identifier: title})
            form = {"action": "publish_selected", "_selected_action": str(pk)}
            said = visited.ask(page, **form, **token)[1]
            journal.note("done" if "1 published." in said else "undone")
    except (OSError, HTTPException):
        pass
