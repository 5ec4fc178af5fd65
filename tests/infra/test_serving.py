"""What whoever runs a site sees of it: is it well, how quick is it, what does it do; and nothing that is private."""

from __future__ import annotations

import json
import logging
import shutil
import signal
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from prometheus_client.parser import text_string_to_metric_families

from apps.accounts.models import Factor
from apps.public.catalogue.models import Record
from apps.public.search.building import bring_up_to_date
from apps.public.search.folder import read_bookmark
from apps.public.serving import health, metrics, views
from apps.public.serving.doctor import Verdict, Word, examine
from apps.workbench.roles import make_roles
from deterrence_kb.urls import urlpatterns as shipped
from tests.infra.running import serving
from tests.infra.test_faults import Site, made, site  # noqa: F401 - the fixture
from tests.infra.test_faults import settings as environment
from tests.website.factory import make_record

KEY = "a long enough key"


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Something that nobody thought of.")


urlpatterns = [*shipped, path("metrics/", views.figures), path("fails/", fails)]
handler500 = "apps.public.website.views.errors.server_error"


@contextmanager
def database_gone():
    def refuse(execute, sql, params, many, context):
        raise DatabaseError("server closed the connection unexpectedly")

    with connection.execute_wrapper(refuse):
        yield


# --- Is it well?


@pytest.mark.django_db
def test_a_site_that_can_answer_everything_is_ready(client):
    record = make_record("position")
    answer = client.get("/ready/")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "change": record.change, "indexed": record.change, "missing": []}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_without_its_database_a_site_is_alive_and_not_ready(client):
    with database_gone():
        alive, ready = client.get("/health/"), client.get("/ready/")
    assert (alive.status_code, alive.content) == (200, b"ok")
    assert ready.status_code == 503
    assert ready.json()["missing"] == ["The database does not answer."]


@pytest.mark.django_db
def test_an_index_that_cannot_be_written_is_said(client, settings, tmp_path):
    make_record("position")
    (tmp_path / "file").write_text("")
    settings.SEARCH_INDEX_DIR = tmp_path / "file" / "index"
    answer = client.get("/ready/")
    assert answer.status_code == 503
    assert "search index" in answer.json()["missing"][0]


@pytest.mark.django_db
def test_asking_whether_it_is_ready_begins_to_build_the_index(client, settings):
    make_record("position")
    assert read_bookmark(settings.SEARCH_INDEX_DIR) is None
    client.get("/ready/")
    assert read_bookmark(settings.SEARCH_INDEX_DIR) is not None


@pytest.mark.django_db
def test_a_database_of_an_older_release_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "_has_all", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'search' OR app = 'catalogue'")
    answer = client.get("/ready/")
    assert answer.status_code == 503
    assert "manage.py migrate" in answer.json()["missing"][0]
    assert not health._has_all


# --- Figures


@pytest.fixture
def with_key(settings):
    settings.ROOT_URLCONF, settings.METRICS_KEY = __name__, KEY


def figures(client) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    answer = client.get("/metrics/", headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == 200
    return {
        family.name: {
            tuple(sorted(one.labels.items())): one.value for one in family.samples if one.name[-7:] != "created"
        }
        for family in text_string_to_metric_families(answer.content.decode())
    }


@pytest.mark.django_db
def test_answers_are_counted_by_their_views(client, with_key):
    record = make_record("position")
    view = (("method", "GET"), ("status", "200"), ("view", "record"))
    before = figures(client)["kb_requests"].get(view, 0)
    for _ in range(3):
        assert client.get(f"/positions/{record.identifier}/").status_code == 200
    after = figures(client)
    assert after["kb_requests"][view] == before + 3
    assert after["kb_catalogue_change"][()] == record.change
    assert after["kb_ready"][()] == 1


@pytest.mark.django_db
def test_what_is_asked_for_is_in_no_figure(client, with_key):
    client.get("/browse/?q=Zarnecki")
    client.get("/positions/zarnecki/")
    client.get("/zarnecki/")
    client.generic("ZARNECKI", "/browse/")
    assert "zarnecki" not in metrics.exposition().decode().lower()


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", f"Basic {KEY}", "Bearer \xe9"])
def test_figures_are_for_who_holds_the_key(client, with_key, given):
    assert client.get("/metrics/", headers={"Authorization": given}).status_code == 404


def test_without_a_key_there_is_no_such_page(client, db):
    assert not settings.METRICS_KEY
    assert client.get("/metrics/", headers={"Authorization": "Bearer "}).status_code == 404


# --- What is logged


@pytest.mark.django_db
def test_an_answer_has_the_number_of_its_log_lines(client, caplog):
    with caplog.at_level(logging.INFO):
        answers = [client.get("/about/"), client.get("/about/")]
    numbers = [one["X-Request-ID"] for one in answers]
    assert len({*numbers}) == 2
    lines = [one for one in caplog.records if one.name == "apps.public.serving.requests"]
    assert [(one.view, one.status, one.method) for one in lines] == [("about", 200, "GET")] * 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("behind", "given", "taken"),
    [(True, "proxy-gave-this-1", True), (False, "proxy-gave-this-1", False), (True, "x\r\nSet-Cookie: a", False)],
)
def test_a_proxy_may_number_requests(client, settings, behind, given, taken):
    settings.BEHIND_PROXY = behind
    answer = client.get("/about/", headers={"X-Request-ID": given})
    assert (answer["X-Request-ID"] == given) == taken


@pytest.mark.django_db
def test_whoever_meets_a_fault_of_ours_is_told_its_number(client, with_key):
    client.raise_request_exception = False
    answer = client.get("/fails/")
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()


def test_a_server_logs_what_programs_can_read_and_nothing_of_who_asked(made, tmp_path):  # noqa: F811
    data = Path(shutil.copytree(made, tmp_path / "data"))
    with serving(output=tmp_path / "said", **environment(data), LOG_FORMAT="json") as (port, server):
        server.wait_for("Started worker")
        visited = Site(f"http://127.0.0.1:{port}", server)
        for address in (
            "/health/",
            "/browse/?q=Zarnecki",
            "/positions/zarnecki/",
            "/zarnecki/",
            "/browse/?region=zarnecki",
        ):
            visited.ask(address)
        deadline = time.monotonic() + 20
        while server.words.count("requests") < 5 and time.monotonic() < deadline:
            time.sleep(0.05)
    ours = [json.loads(line) for line in server.words.splitlines() if line.startswith("{")]
    assert [(one["view"], one["status"]) for one in ours if "view" in one] == [
        ("health", 200),
        ("browse", 200),
        ("record", 404),
        ("none", 404),
        ("browse", 400),
    ]
    assert all({"time", "level", "logger", "message", "request"} <= one.keys() for one in ours)
    assert "zarnecki" not in server.words.lower()
    assert "127.0.0.1" not in "".join(map(str, ours))


def test_a_server_is_renewed_without_a_reader_noticing(made, tmp_path, monkeypatch):  # noqa: F811
    """SIGHUP has granian start a new worker, and let the old one go some seconds later."""
    data = Path(shutil.copytree(made, tmp_path / "data"))
    statuses: list[object] = []
    is_over = threading.Event()
    monkeypatch.setenv("GRANIAN_RESPAWN_INTERVAL", "8")
    with site(data) as visited:

        def read() -> None:
            while not is_over.wait(0.005):
                try:
                    statuses.append(visited.ask("/about/")[0])
                except OSError as error:
                    statuses.append(str(error))

        reader = threading.Thread(target=read)
        reader.start()
        try:
            visited.server.process.send_signal(signal.SIGHUP)
            visited.server.wait_for("Stopped old worker-1", seconds=60)
            time.sleep(0.5)
        finally:
            is_over.set()
            reader.join()
    assert len(statuses) > 10
    assert {*statuses} == {200}


# --- The doctor


def said(capsys) -> str:
    try:
        call_command("doctor")
    except CommandError as error:
        return capsys.readouterr().out + f"ENDED: {error}"
    return capsys.readouterr().out


def verdicts(about: str) -> list[tuple[Verdict, str]]:
    return [(one.verdict, one.what) for one in examine() if one.about == about]


@pytest.mark.django_db
def test_the_doctor_finds_a_healthy_site_well(settings, capsys):
    make_roles()
    settings.SECOND_FACTOR_FOR = "trusted"
    ada = User.objects.create_superuser("ada", is_staff=True)
    Factor.objects.create(user=ada, kind="app", name="Phone", secret="x")
    User.objects.create_user("rex", is_staff=True)
    make_record("position")
    bring_up_to_date(settings.SEARCH_INDEX_DIR, False, 1, lambda done, total: None)
    words = list(examine())
    assert {one.verdict for one in words if one.about not in ("Settings", "Data folder")} == {Verdict.WELL}
    assert {"Settings", "Database", "Search index", "Static files"} <= {one.about for one in words}


@pytest.mark.django_db
def test_the_doctor_says_what_is_unsafe(settings):
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = False
    words = [one for one in examine() if one.about == "Settings"]
    assert any("SECURE_SSL_REDIRECT" in one.what and one.verdict == Verdict.CAREFUL for one in words)


@pytest.mark.django_db
def test_the_doctor_says_that_the_database_does_not_answer(capsys):
    with database_gone():
        words = said(capsys)
    assert "AMISS Database: It does not answer: server closed the connection" in words
    assert "ENDED: 1 amiss" in words
    assert "Traceback" not in words


@pytest.mark.django_db
def test_the_doctor_finds_a_clock_that_went_wrong():
    Record.objects.filter(pk=make_record("position").pk).update(published_at="2999-01-01T00:00Z")
    assert (Verdict.AMISS, "1 records were published in the future.") in verdicts("Clock")


@pytest.mark.django_db
def test_the_doctor_looks_at_the_index(settings):
    make_record("position")
    assert verdicts("Search index")[0][0] == Verdict.CAREFUL
    bring_up_to_date(settings.SEARCH_INDEX_DIR, False, 1, lambda done, total: None)
    assert verdicts("Search index")[0][0] == Verdict.WELL
    make_record("position")
    assert "1 changes behind" in verdicts("Search index")[0][1]
    for file in Path(settings.SEARCH_INDEX_DIR).glob("*/*"):
        if file.suffix not in (".json", ".lock"):
            begun = file.read_bytes()[:10]
            file.unlink()  # what this process has mapped stays as it was: cut short in its place, it would end us
            file.write_bytes(begun)
    assert verdicts("Search index")[0][0] == Verdict.AMISS


@pytest.mark.django_db
def test_the_doctor_finds_that_style_sheets_were_not_collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "nothing"
    hashed = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}
    assert verdicts("Static files")[0][0] == Verdict.AMISS


@pytest.mark.django_db
def test_the_doctor_finds_private_tables_on_a_public_site(settings):
    settings.SITE_ROLE = "public"
    assert verdicts("Public site")[0][0] == Verdict.AMISS


@pytest.mark.django_db
def test_the_doctor_asks_for_two_people():
    assert verdicts("Accounts")[0][1] == "There is no administrator."
    assert any("Fewer than two" in what for _, what in verdicts("Accounts"))


@pytest.mark.django_db
def test_the_doctor_says_who_signs_in_with_a_password_alone(settings):
    User.objects.create_superuser("ada")
    settings.SECOND_FACTOR_FOR = "nobody"
    assert "A password alone" in verdicts("Signing in")[0][1]
    settings.SECOND_FACTOR_FOR = "trusted"
    assert "1 administrator has no second factor yet" in verdicts("Signing in")[0][1]


def test_every_word_that_is_not_good_has_a_cure(db):
    assert all(one.cure for one in examine() if isinstance(one, Word) and one.verdict == Verdict.AMISS)
