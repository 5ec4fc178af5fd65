"""A real server in trouble: an index that is gone or cut short, a disk that takes nothing, a database that is locked.

What is asked for is answered, or is answered with 503 in words; nothing that was typed is lost; there is no 500, and
when the trouble is over all is as it was.
"""

from __future__ import annotations

import html
import http.cookiejar
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.infra.running import Running, run, serving

PASSWORD = "a long enough password"
ACCOUNT = f"""
from django.contrib.auth.models import User
from apps.workbench.roles import make_roles
User.objects.create_user('rex', password='{PASSWORD}', is_staff=True).groups.set(make_roles())
"""


def settings(data: Path) -> dict[str, str]:
    return {"SECRET_KEY": "for the tests alone", "DATA_DIR": str(data), "DATABASE_URL": "", "DATABASE_PATIENCE": "1"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, published, with its index: to be copied."""
    data = tmp_path_factory.mktemp("made")
    for command in (
        ("migrate", "--no-input"),
        ("loaddata", "vocabulary", "demo"),
        ("shell", "-c", ACCOUNT),
        ("publish_all", "--by", "rex"),
        ("index",),
        ("collectstatic", "--no-input"),
    ):
        done = run(sys.executable, "manage.py", *command, **settings(data))
        assert done.returncode == 0, done.stderr
    return data


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


class Site:
    """A server of ours, and somebody who visits it with cookies as a browser does."""

    def __init__(self, address: str, server: Running) -> None:
        self.address, self.server = address, server
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)

    def ask(self, path: str, **form: str) -> tuple[int, str]:
        """The status and the text of an answer; what is given as a form is posted."""
        posted = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self._browser.open(self.address + path, posted, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def log_in(self) -> tuple[int, str]:
        return self.ask(
            "/admin/login/", username="rex", password=PASSWORD, **self.token("/admin/login/"), next="/admin/"
        )

    def token(self, path: str) -> dict[str, str]:
        [token, *_] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.ask(path)[1])
        return {"csrfmiddlewaretoken": token}

    def found(self) -> tuple[int, str]:
        """How many records the browse page finds, as it says, or what it says instead."""
        status, page = self.ask("/browse/")
        counts = re.findall(r"(\d+) results", page)
        return status, counts[0] if counts else page


@contextmanager
def site(data: Path, *before: str, said: str = "said") -> Iterator[Site]:
    with serving(*before, output=data.parent / said, **settings(data)) as (port, server):
        visited = Site(f"http://127.0.0.1:{port}", server)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if visited.ask("/health/")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield visited
    assert "Traceback" not in server.words, server.words


@pytest.fixture
def total(data: Path) -> str:
    """How many records there are to be found."""
    with closing(sqlite3.connect(data / "db.sqlite3")) as database:
        return str(database.execute("SELECT count(*) FROM catalogue_record WHERE withdrawn_at IS NULL").fetchone()[0])


# --- The index


def gone(index: Path) -> None:
    shutil.rmtree(index)


def cut_short(index: Path) -> None:
    for file in index.glob("generation-*/*"):
        os.truncate(file, file.stat().st_size // 2)


def full_of_rubbish(index: Path) -> None:
    for file in index.glob("generation-*/*"):
        file.write_bytes(os.urandom(file.stat().st_size))


def with_a_bookmark_of_rubbish(index: Path) -> None:
    (index / "bookmark.json").write_bytes(b"\x00{")


def a_file(index: Path) -> None:
    shutil.rmtree(index)
    index.touch()


@pytest.mark.parametrize("harm", [gone, cut_short, full_of_rubbish, with_a_bookmark_of_rubbish])
def test_an_index_that_is_harmed_under_a_running_server_heals(data: Path, total: str, harm) -> None:
    with site(data) as visited:
        assert visited.found() == (200, total)
        harm(data / "index")
        assert settled(visited) == (200, total)
        assert visited.server.process.poll() is None


def test_an_index_that_cannot_be_is_said_in_words(data: Path, total: str) -> None:
    a_file(data / "index")
    with site(data) as visited:
        status, page = visited.found()
        assert status == 503
        assert "The search index cannot be read or written" in page
        assert visited.ask("/about/")[0] == 200


def settled(visited: Site, seconds: float = 20) -> tuple[int, str]:
    """What is found once the index is whole again; until then the site says that it is being built."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        status, found = visited.found()
        if status == 200:
            break
        assert status == 503
        assert "index is being built" in found
        time.sleep(0.2)
    return status, found


# --- The disk


def in_a_mount(script: str) -> tuple[str, ...]:
    """Run what follows where that was mounted, for itself alone."""
    alone = ("unshare", "-m") if os.geteuid() == 0 else ("unshare", "-r", "-m")
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("This machine lets nobody mount anything.")
    return (*alone, "sh", "-c", f'{script} && exec "$0" "$@"')


def test_a_database_on_a_read_only_disk_is_said_at_the_start(data: Path) -> None:
    read_only = in_a_mount(f"mount --bind {data} {data} && mount -o remount,ro,bind {data}")
    done = run(*read_only, sys.executable, "manage.py", "check", **settings(data))
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].endswith(f"{data} cannot be written, and the SQLite database in it has to be.")


def test_a_full_disk_takes_nothing_and_loses_nothing(data: Path, total: str) -> None:
    filled = data / "filled"
    small = in_a_mount(
        f"cp -a {data} {data}.copy && mount -t tmpfs -o size=24m tmpfs {data} && cp -a {data}.copy/. {data}"
    )
    with site(data, *small) as visited:
        visited.log_in()
        inside = ("nsenter", "-t", str(visited.server.process.pid), "-m")
        subprocess.run([*inside, "dd", "if=/dev/zero", f"of={filled}", "bs=4k"], capture_output=True, check=False)
        form = {"slug": "typed", "name": "Typed by hand", **visited.token("/admin/curation/organisation/add/")}
        status, page = visited.ask("/admin/curation/organisation/add/", **form, aliases="One\nTwo " * 100_000)
        assert status == 503
        assert "Nothing was saved, and nothing is lost" in page
        assert visited.found() == (200, total)
        subprocess.run([*inside, "rm", str(filled)], check=True)
        status, page = visited.ask("/admin/curation/organisation/add/", **form, aliases="One\nTwo")
        assert "Typed by hand" in visited.ask("/admin/curation/organisation/")[1]


# --- The database


def test_a_locked_database_answers_in_words_and_what_was_typed_can_be_sent_again(data: Path, total: str) -> None:
    where = "/admin/curation/organisation/add/"
    with site(data) as visited:
        visited.log_in()
        form = {"slug": "typed", "name": "Typed “by hand”", "note": "Line\r\nand line", **visited.token(where)}
        with closing(sqlite3.connect(data / "db.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            status, page = visited.ask(where, **form)
            assert status == 503
            assert "busy or out of reach" in page
            assert visited.found() == (200, total), "whoever reads need not wait for whoever writes"
            other.execute("ROLLBACK")
        again = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page))
        again = {name: html.unescape(value) for name, value in again.items()}
        assert again == form
        assert visited.ask(where, **again)[0] == 200
        with closing(sqlite3.connect(data / "db.sqlite3")) as database:
            kept = database.execute("SELECT name, note FROM curation_organisation WHERE slug = 'typed'").fetchall()
        assert kept == [("Typed “by hand”", "Line\nand line")]


def test_a_password_is_not_written_onto_a_page(data: Path) -> None:
    with site(data) as visited, closing(sqlite3.connect(data / "db.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        status, page = visited.log_in()
        other.execute("ROLLBACK")
    assert status == 503
    assert PASSWORD not in page


# --- Fixtures


@pytest.mark.parametrize(
    ("fixture", "words"),
    [
        ('[{"model": "curation.article", ', "It is no JSON"),
        ('[{"model": "curation.nothing", "fields": {}}]', "Invalid model identifier: curation.nothing"),
        ('[{"model": "taxonomy.region", "fields": {"slug": "x", "name": "X", "parent": ["nowhere"]}}]', "nowhere"),
        ('[{"model": "taxonomy.region", "fields": {"slug": "x", "colour": "red"}}]', "colour"),
        ("\xff\xfe", "can't decode"),
    ],
)
def test_a_malformed_fixture_is_named_and_nothing_of_it_is_loaded(data: Path, fixture: str, words: str) -> None:
    path = data / "broken.json"
    good = '{"model": "taxonomy.region", "fields": {"slug": "good", "name": "Good"}}, '
    path.write_text(fixture.replace("[", f"[{good}", 1) if fixture.endswith("]") else fixture, encoding="latin-1")
    done = run(sys.executable, "manage.py", "loaddata", str(path), **settings(data))
    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert words in done.stderr
    assert str(path) in done.stderr
    with closing(sqlite3.connect(data / "db.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM taxonomy_region WHERE slug = 'good'").fetchone() == (0,)
