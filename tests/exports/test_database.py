"""The catalogue as one SQLite file, read back by SQLite and by Datasette."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette

from apps.public.catalogue.models import Record
from apps.public.exports import database, kept
from apps.taxonomy.models import Broader, Region, Theme, VocabularyState
from tests.website.factory import author, bury, join, make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def records(db) -> dict[str, Record]:
    """One record of each kind, joined as the gate joins them, and a theme that is narrower than another."""
    europe = Region.objects.create(slug="europe", name="Europe", countries=["PL"], alternative_names=["The Continent"])
    Region.objects.create(slug="baltic", name="Baltic", parent=europe)
    calm, peace = (Theme.objects.create(slug=name, name=name.title()) for name in ("calm", "peace"))
    Broader.objects.create(narrower=calm, broader=peace)
    VocabularyState.advance()
    found = {
        "workshop": make_record("workshop", "A workshop", host="An institute", key_questions=["Why?"]),
        "article": make_record("article", "An article", authors=[author("Alice", "Dell’Era", "A college")]),
        "proposition": make_record("proposition", "Allies should plan"),
        "session": make_record("session", "A session", number=2),
        "position": make_record(
            "position", "Planning calms", summary="Escalating is rehearsed.", regions=["baltic", "gone"],
            themes=["calm"], tags=["a", "b"],
            passages=[
                {"quotation": "it “calms”", "prefix": "", "suffix": "", "locator": "page 3", "start": 4, "end": 9}
            ],
        ),
    }  # fmt: skip
    join(found["session"], "part_of", found["workshop"])
    for tie, name in (("found_in", "session"), ("takes_side_on", "proposition"), ("reported_from", "workshop")):
        join(found["position"], tie, found[name])
    join(found["position"], "cites", found["article"], note="It says so.")
    return found


def download(client) -> bytes:
    response = client.get("/catalogue.sqlite")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


@pytest.fixture
def file(client, records, tmp_path: Path) -> Path:
    path = tmp_path / "taken.sqlite"
    path.write_bytes(download(client))
    return path


@pytest.fixture
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file)) as connection:
        yield connection


def test_every_key_leads_somewhere_and_the_file_is_sound(opened):
    assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
    assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_each_kind_has_its_table(opened, records):
    for kind, record in records.items():
        rows = opened.execute(f"SELECT identifier, title FROM {kind}s").fetchall()
        assert rows == [(record.identifier, record.title)]
    assert opened.execute("SELECT count(*) FROM records").fetchone() == (5,)
    assert opened.execute(
        "SELECT p.stance, o.title, s.title, w.title, p.holder FROM positions p JOIN propositions o "
        "ON o.identifier = p.proposition JOIN records s ON s.identifier = p.source "
        "JOIN workshops w ON w.identifier = p.workshop"
    ).fetchall() == [("supports", "Allies should plan", "A session", "A workshop", "some Asia experts")]
    assert opened.execute("SELECT quotation, locator, start_position, end_position FROM passages").fetchall() == [
        ("it “calms”", "page 3", 4, 9)
    ]
    assert opened.execute("SELECT name, family, affiliation FROM authors").fetchall() == [
        ("Alice Dell’Era", "Dell’Era", "A college")
    ]


def test_what_a_record_is_about_are_rows(opened, records):
    for table, expected in (
        ("record_regions", {"baltic"}),  # what is no region any more leads nowhere
        ("record_themes", {"calm"}),
        ("record_tags", {"a", "b"}),
    ):
        rows = opened.execute(f"SELECT * FROM {table}").fetchall()
        assert set(rows) == {(records["position"].identifier, one) for one in expected}
    assert opened.execute("SELECT * FROM theme_broader").fetchall() == [("calm", "peace")]
    assert opened.execute("SELECT * FROM region_broader").fetchall() == [("baltic", "europe")]
    assert opened.execute("SELECT * FROM region_countries").fetchall() == [("europe", "PL")]
    assert opened.execute("SELECT * FROM region_names").fetchall() == [("europe", "The Continent")]


def test_cross_references_are_those_of_the_network(opened, records):
    position, article = records["position"].identifier, records["article"].identifier
    assert opened.execute("SELECT * FROM cross_references").fetchall() == [(position, article, "cites", "It says so.")]


@pytest.mark.parametrize("vacuumed", [False, True])
def test_words_are_found_in_any_form(opened, records, vacuumed):
    if vacuumed:
        opened.execute("VACUUM")
    for table, word in (("records", "escalation"), ("positions", "calming"), ("positions", "asia")):
        found = opened.execute(
            f"SELECT identifier FROM {table} WHERE rowid IN (SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH ?)",
            (word,),
        ).fetchall()
        assert found == [(records["position"].identifier,)], (table, word)
    assert opened.execute("SELECT count(*) FROM passages_fts WHERE passages_fts MATCH 'calm'").fetchone() == (1,)


def test_it_says_what_it_is(client, records, settings, tmp_path):
    settings.LICENCE = "CC-BY-4.0"
    (tmp_path / "a").write_bytes(download(client))
    with closing(sqlite3.connect(tmp_path / "a")) as connection:
        said = dict(connection.execute("SELECT name, value FROM metadata"))
    assert (said["licence"], said["source"]) == ("CC-BY-4.0", "http://testserver")
    assert int(said["change"]) == 5


def test_datasette_shows_labels_and_searches(file, records):
    """The names of what keys lead to, and the search box that it offers where it finds an index."""

    async def asked() -> list[dict]:
        site = Datasette([str(file)])
        await site.invoke_startup()
        paths = ("positions.json?_labels=on&_shape=array", "records.json?_search=escalation&_shape=array")
        return [(await site.client.get(f"/taken/{path}")).json() for path in paths]

    [[position], found] = asyncio.run(asked())
    assert position["proposition"]["label"] == "Allies should plan"
    assert position["source"]["label"] == "A session"
    assert [row["identifier"] for row in found] == [records["position"].identifier]


def test_it_is_made_once_for_each_state_of_the_catalogue(client, records, settings, monkeypatch):
    first = download(client)
    [path] = Path(settings.DOWNLOADS_DIR).glob("*.sqlite")
    made = path.stat().st_mtime_ns
    assert download(client) == first
    assert path.stat().st_mtime_ns == made
    etag = client.get("/catalogue.sqlite")["ETag"]
    assert client.get("/catalogue.sqlite", headers={"if-none-match": etag}).status_code == 304
    make_record("article", "Another")
    assert download(client) != first
    assert not path.exists()


def test_what_was_withdrawn_is_gone_from_the_disk_as_soon_as_anybody_asks_for_a_page(client, records, settings):
    download(client)
    download_dir = Path(settings.DOWNLOADS_DIR)
    writing = download_dir / "1-1-a.b.catalogue.sqlite.123"
    writing.touch()
    bury(records["session"])
    make_record("article", "Another change")
    client.get("/about/")
    client.get("/browse/")
    assert list(download_dir.glob("*.sqlite")) == []
    assert writing.exists()  # somebody else is at it


def test_of_a_site_with_many_names_a_few_files_are_kept(client, records, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for number in range(6):
        answer = client.get("/catalogue.sqlite", headers={"host": f"kb{number}.example"})
        assert f"https://kb{number}.example/".replace("https", "http").encode() in b"".join(answer.streaming_content)
    assert len(list(Path(settings.DOWNLOADS_DIR).glob("*.sqlite"))) == kept._MOST


def test_what_was_not_finished_is_not_kept(client, records, settings, monkeypatch):
    def breaks() -> Iterator[Sequence[Record]]:
        raise OSError("No space left on device")

    monkeypatch.setattr(database, "_batches", breaks)
    with pytest.raises(OSError, match="No space"):
        client.get("/catalogue.sqlite")
    assert [one.suffix for one in Path(settings.DOWNLOADS_DIR).iterdir()] == [".lock"]


def test_what_was_withdrawn_meanwhile_leads_nowhere(client, records, tmp_path, monkeypatch):
    """As the file is begun the session is there; before the records are read it is taken out."""
    read = database._batches

    def interrupted() -> Iterator[Sequence[Record]]:
        bury(records["session"])
        yield from read()

    monkeypatch.setattr(database, "_batches", interrupted)
    (tmp_path / "a").write_bytes(download(client))
    with closing(sqlite3.connect(tmp_path / "a")) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT source FROM positions").fetchall() == [(None,)]


def test_an_empty_catalogue_is_a_file_with_empty_tables(client, db, tmp_path):
    (tmp_path / "a").write_bytes(download(client))
    with closing(sqlite3.connect(tmp_path / "a")) as connection:
        assert connection.execute("SELECT count(*) FROM records").fetchone() == (0,)
