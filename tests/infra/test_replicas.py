"""A curation node, and public nodes that follow it by logical replication: two PostgreSQL clusters, web servers of both
roles, nothing between them but what the public tables carry."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from apps.public.serving.replica import NAME
from tests.infra.aftermath import NAMES
from tests.infra.running import run, serving
from tests.infra.test_faults import ACCOUNT, Site
from tests.postgres import private_server

CLOSED_MEETING = f"""
from apps.curation.models import Attendance, Organisation, Person, Position, Session, Workshop
meeting = Workshop.objects.create(
    slug="closed", title="A closed meeting", rule="chatham_house", date="2023-06-06", status="submitted"
)
session = Session.objects.create(slug="closed-1", title="Its session", workshop=meeting, number=1, status="submitted")
for name in {NAMES}:
    body = Organisation.objects.create(slug=name.lower(), name=f"{{name}} Institute")
    person = Person.objects.create(slug=name.lower(), family_name=name, given_names="Quill")
    Attendance.objects.create(workshop=meeting, person=person, affiliation=body)
    said = Position.objects.create(
        slug=f"said-{{name.lower()}}", title=f"Claim {{len(name) * person.pk}}", session=session, status="submitted"
    )
    said.speakers.add(person)
"""
ONE_POSITION = """
from apps.public.catalogue.models import Record
said = Record.objects.live().filter(kind="position", title__startswith="Claim ")
print(said.count(), said.first().identifier)
"""
TAKE_OUT = """
from apps.curation.models import Entry
from apps.gate.publication import withdraw
withdraw(Entry.objects.get(identifier="{}"))
"""


class Node:
    """A database and what stands on it."""

    def __init__(self, url: str, role: str, data: Path) -> None:
        self.url, self.folder = url, Path(parse_qs(urlsplit(url).query)["host"][0])
        self.settings = {"SECRET_KEY": "for the tests alone", "SITE_ROLE": role, "DATABASE_URL": url}
        self.settings |= {"DATA_DIR": str(data)}

    def manage(self, *command: str, status: int = 0) -> str:
        done = run(sys.executable, "manage.py", *command, **self.settings)
        assert done.returncode == status, done.stderr + done.stdout
        return done.stdout + done.stderr

    def kill(self) -> None:
        """As a machine fails: nothing is put in order."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGQUIT)

    def bytes_on_disk(self) -> bytes:
        return b"".join(one.read_bytes() for one in (self.folder / "data").rglob("*") if one.is_file())


@contextmanager
def served(node: Node, data: Path, reader: str = "kb_reader") -> Iterator[Site]:
    """A public web node: an index of its own, and an account that may read and nothing else."""
    ours = node.settings | {"DATA_DIR": str(data), "DATABASE_URL": node.url.replace("kb@", f"{reader}@")}
    done = run(sys.executable, "manage.py", "collectstatic", "--no-input", **ours)
    assert done.returncode == 0, done.stderr
    with serving(output=data.parent / f"{data.name}.said", **ours) as (port, server):
        yield Site(f"http://127.0.0.1:{port}", server)


def statuses(node: Site, *pages: str) -> list[int]:
    return [node.ask(page)[0] for page in pages]


def until(is_so: Callable[[], bool], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if is_so():
                return
        except OSError:
            pass
        time.sleep(0.05)
    pytest.fail(f"In {seconds} s not so: {what}")


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, Node]]:
    """The curation node with the demo published, and a public database that follows it."""
    made = tmp_path_factory.mktemp("nodes")
    with ExitStack() as stack:
        curation = Node(stack.enter_context(private_server(wal_level="logical")), "all", made / "curation")
        public = Node(stack.enter_context(private_server()), "public", made / "public")
        curation.manage("migrate", "--no-input")
        curation.manage("loaddata", "vocabulary", "demo")
        curation.manage("shell", "-c", ACCOUNT)
        curation.manage("shell", "--verbosity", "0", "-c", CLOSED_MEETING)
        curation.manage("publish_all", "--by", "rex")
        curation.manage("public_replica")
        public.manage("migrate", "--no-input")
        lay(curation)
        public.manage("public_replica", "--follow", f"host={curation.folder / 'wire'} dbname=postgres user=kb_replica")
        yield curation, public


def lay(node: Node) -> None:
    """The wire between the two databases: another way to the socket of one."""
    (node.folder / "wire").mkdir(exist_ok=True)
    (node.folder / "wire" / ".s.PGSQL.5432").symlink_to(node.folder / ".s.PGSQL.5432")


def senders(node: Node) -> list[int]:
    """The processes that tell the other database what changes."""
    with psycopg.connect(node.url) as asked:
        return [pid for (pid,) in asked.execute("SELECT pid FROM pg_stat_replication").fetchall()]


def rows(node: Node) -> list[tuple[object, ...]]:
    with psycopg.connect(node.url) as asked:
        return asked.execute("SELECT * FROM catalogue_record ORDER BY id").fetchall()


def test_what_is_published_and_taken_out_reaches_every_public_node_and_no_name_does(nodes, tmp_path):
    curation, public = nodes
    said, position = curation.manage("shell", "--verbosity", "0", "-c", ONE_POSITION).split()
    assert int(said) == len(NAMES)
    page = f"/positions/{position}/"
    with ExitStack() as stack:
        sites = [stack.enter_context(served(public, tmp_path / name)) for name in ("one", "two")]
        for node in sites:
            until(lambda node=node: statuses(node, "/ready/", page) == [200, 200], "the node has caught up")
        curation.manage("shell", "-c", TAKE_OUT.format(position))
        for node in sites:
            until(lambda node=node: statuses(node, page) == [410], "the withdrawal has arrived")

        # A node that is started empty, with all of it still to be indexed, catches up by itself.
        late = stack.enter_context(served(public, tmp_path / "late"))
        until(lambda: statuses(late, "/ready/", page) == [200, 410], "the late node has caught up")

        assert "follows" in public.manage("doctor", status=1)  # HTTPS is off here
        curation.kill()
        for node in (*sites, late):
            assert statuses(node, "/", "/browse/", "/map/", page) == [200, 200, 200, 410]
            assert "Traceback" not in node.server.words
        until(lambda: "does not follow" in public.manage("doctor", status=1), "the doctor says so")

    on_disk, at_home = public.bytes_on_disk(), curation.bytes_on_disk()
    assert [one for one in NAMES if one.encode() not in at_home] == []
    assert [one for one in NAMES if one.encode() in on_disk] == []


# --- What is refused


def test_it_says_what_is_lacking_and_doing_it_again_changes_nothing(tmp_path):
    with private_server(wal_level="logical") as url:
        node = Node(url, "all", tmp_path)
        node.manage("migrate", "--no-input")
        lacking = node.manage("public_replica", "--sql")
        assert f'CREATE PUBLICATION "{NAME}" FOR TABLE' in lacking
        assert "curation_" not in lacking
        assert node.manage("public_replica", "--sql") == lacking
        node.settings["ROLE_PASSWORD"] = "it's long"
        assert "LOGIN REPLICATION PASSWORD 'it''s long'" in node.manage("public_replica", "--sql")
        assert "Done: " in node.manage("public_replica")
        assert node.manage("public_replica") == "Nothing is lacking.\n"
        refused = node.manage("public_replica", "--follow", "host=nowhere", status=2)
        assert "SITE_ROLE=public" in refused
        node.settings["SITE_ROLE"] = "public"
        assert "has private tables" in node.manage("public_replica", "--follow", "host=nowhere", status=2)


def test_a_database_that_can_be_no_end_of_it_is_told_what_it_lacks(tmp_path):
    with private_server() as url:
        node = Node(url, "public", tmp_path)
        assert "ALTER SYSTEM SET wal_level" in node.manage("public_replica", status=2)
        assert "manage.py migrate" in node.manage("public_replica", "--follow", "host=nowhere", status=2)
        assert "small letters" in node.manage("public_replica", "--name", "A b", status=2)
    on_sqlite = run(sys.executable, "manage.py", "public_replica", **node.settings | {"DATABASE_URL": ""})
    assert (on_sqlite.returncode, on_sqlite.stderr.split(":")[0]) == (2, "CommandError")
