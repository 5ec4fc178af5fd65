"""`make demo` for real, in data folders of its own. Not collected by name: `make test-demo` asks for it."""

import http.cookiejar
import re
import signal
import socket
import sqlite3
import time
import urllib.parse
import urllib.request
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from tests.infra.running import Running, free_port, running

READY = "Ctrl-C stops it."


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("a place with spaces")


@pytest.fixture
def port() -> int:
    return free_port()


def demo(place: Path, port: int) -> AbstractContextManager[Running]:
    command = ("make", "demo", f"PORT={port}", f"DATA_DIR={place / 'data folder'}")
    return running(*command, output=place / "said")


def query(place: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(place / "data folder" / "db.sqlite3")) as connection, connection:
        return connection.execute(sql).fetchall()


def content(place: Path) -> dict[str, object]:
    tables = ("curation_entry", "curation_crossreference", "catalogue_record", "taxonomy_region", "auth_user")
    return {table: query(place, f"SELECT count(*) FROM {table}")[0][0] for table in tables}


def browser() -> urllib.request.OpenerDirector:
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)


def can_connect(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def first(place: Path) -> dict[str, object]:
    """The first run: what it says is true, and Ctrl-C ends it."""
    port = free_port()
    with demo(place, port) as run:
        run.wait_for(READY)
        said = dict(re.findall(r"^  (Read|Curate|Account|Password) +(\S+)$", run.words, re.M))
        visitor = browser()
        assert said["Read"] == f"http://127.0.0.1:{port}/"
        assert visitor.open(said["Read"] + "health/").read() == b"ok"
        home = visitor.open(said["Read"]).read().decode()
        for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', home):
            assert visitor.open(urllib.parse.urljoin(said["Read"], path)).status == 200
        log_in(visitor, said)
        run.signal(signal.SIGINT)
        assert "Traceback" not in run.words
        assert not can_connect(port)
    return content(place)


def log_in(visitor: urllib.request.OpenerDirector, said: dict[str, str]) -> None:
    form = visitor.open(said["Curate"])
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.read().decode())
    assert token
    answers = {"username": said["Account"], "password": said["Password"], "csrfmiddlewaretoken": token.group(1)}
    page = visitor.open(form.url, urllib.parse.urlencode(answers).encode())
    assert page.url == said["Curate"]
    assert "logout" in page.read().decode()


def test_the_first_run_has_the_content(first: dict[str, object]) -> None:
    assert all(first.values()), first


def test_a_second_run_loads_nothing_anew_and_keeps_what_analysts_changed(
    first: dict[str, object], place: Path, port: int
) -> None:
    query(
        place,
        "UPDATE curation_entry SET title = 'As an analyst left it' WHERE id = (SELECT min(id) FROM curation_entry)",
    )
    password = (place / "data folder" / "demo-account.txt").read_text().strip()
    with demo(place, port) as run:
        run.wait_for(READY)
        assert not re.search("Making an account|Loading|Publishing|Building", run.words)
        assert password in run.words
        run.signal(signal.SIGTERM)
        assert "Traceback" not in run.words
        assert not can_connect(port)
    assert content(place) == first
    assert query(place, "SELECT title FROM curation_entry ORDER BY id LIMIT 1") == [("As an analyst left it",)]


@pytest.mark.parametrize("step", ["Preparing the database", "Publishing what passes"])
def test_a_first_run_killed_half_way_is_made_whole(
    step: str, first: dict[str, object], tmp_path: Path, port: int
) -> None:
    with demo(tmp_path, port) as run:
        run.wait_for(step)
        time.sleep(0.7)
        run.signal(signal.SIGKILL)
    with demo(tmp_path, port) as run:
        run.wait_for(READY)
        run.signal(signal.SIGINT)
    assert content(tmp_path) == first
