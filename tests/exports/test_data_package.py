"""The catalogue as a data package, validated and read by Frictionless's own library."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from frictionless import Package, validate

from apps.taxonomy.models import Broader, Region, Theme, VocabularyState
from tests.website.factory import author, join, make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def records(db) -> None:
    europe = Region.objects.create(slug="europe", name="Europe", countries=["PL"])
    Region.objects.create(slug="baltic", name="Baltic", parent=europe)
    calm, peace = (Theme.objects.create(slug=name, name=name.title()) for name in ("calm", "peace"))
    Broader.objects.create(narrower=calm, broader=peace)
    VocabularyState.advance()
    workshop = make_record("workshop", "A workshop", key_questions=["Why?", "=1+1"])
    article = make_record("article", "An article", authors=[author("Alice", "Dell’Era")], summary="Two\nlines, “so”")
    position = make_record("position", "=Planning calms", regions=["baltic"], themes=["calm"], tags=["@a", "b"])
    join(position, "found_in", article)
    join(position, "reported_from", workshop)
    join(position, "cites", article, note="It says so.")


def download(client) -> bytes:
    response = client.get("/datapackage.zip")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


@pytest.fixture
def file(client, records, settings, tmp_path: Path) -> Path:
    settings.LICENCE = "CC-BY-4.0"
    path = tmp_path / "datapackage.zip"
    path.write_bytes(download(client))
    return path


def test_it_is_valid_with_every_key_and_type(file):
    report = validate(str(file))
    assert report.valid, report.flatten(["title", "message"])
    assert len(report.tasks) == len(Package(str(file)).resources) > 20


def test_its_keys_are_really_looked_at(file, tmp_path):
    """A package with a key that leads nowhere is none, so the former test can fail."""
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"calm,peace", b"calm,nothing") if name == "theme_broader.csv" else data)
    assert not validate(str(broken)).valid


def test_what_is_in_it(file):
    package = Package(str(file))
    assert (package.title, package.licenses) == ("Deterrence KB", [{"name": "CC-BY-4.0"}])
    rows = {name: package.get_resource(name).read_rows() for name in ("positions", "records", "cross_references")}
    assert [row["title"] for row in rows["positions"]] == ["'=Planning calms"]  # no formula for a spreadsheet
    assert {row["summary"] for row in rows["records"]} == {None, "Two\nlines, “so”"}
    assert [row["note"] for row in rows["cross_references"]] == ["It says so."]


def test_without_a_licence_nothing_is_said_of_one(client, records, settings):
    settings.LICENCE = ""
    with zipfile.ZipFile(io.BytesIO(download(client))) as package:
        assert "licenses" not in json.loads(package.read("datapackage.json"))


def test_the_same_catalogue_is_the_same_bytes(client, records, settings, tmp_path):
    first = download(client)
    settings.DOWNLOADS_DIR = tmp_path / "elsewhere"
    assert download(client) == first
