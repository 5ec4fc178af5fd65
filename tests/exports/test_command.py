"""``manage.py export``: the files of the website, byte for byte; what it says, and how it ends."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from apps.public.exports import formats, wholes
from apps.public.exports.formats import FORMATS
from apps.public.exports.wholes import WHOLES
from apps.public.website.management.commands import export
from apps.taxonomy.models import Region, VocabularyState
from tests.website.factory import join, make_record

pytestmark = pytest.mark.django_db
ADDRESS = "http://testserver"


@pytest.fixture(autouse=True)
def records(db) -> None:
    europe = Region.objects.create(slug="europe", name="Europe")
    Region.objects.create(slug="baltic", name="Baltic", parent=europe)
    VocabularyState.advance()
    article = make_record("article", "On calm", date="2023", earliest="2023-01-01", years=[2023])
    position = make_record("position", "Planning calms", regions=["baltic"], source=article.identifier)
    join(position, "cites", article)
    make_record("position", "=Dispersal deters")


def run(path: Path, *told: str, **options) -> None:
    call_command("export", str(path), *told, address=ADDRESS, **options)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "xlsx"])
@pytest.mark.parametrize("query", ["", "region=europe", "q=planning&kind=position"])
def test_a_list_is_the_websites(client, tmp_path, name, query):
    run(tmp_path / "file", format=name, query=query)
    assert (tmp_path / "file").read_bytes() == b"".join(client.get(f"/export/{name}/?{query}").streaming_content)


@pytest.mark.parametrize("name", [name for name in WHOLES if not WHOLES[name].keep])
def test_what_is_whole_is_the_websites(client, tmp_path, name):
    run(tmp_path / name)
    assert (tmp_path / name).read_bytes() == b"".join(client.get(f"/{name}"))


def test_the_whole_catalogue_as_a_database(tmp_path):
    run(tmp_path / "catalogue.sqlite")
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as connection:
        assert connection.execute("SELECT count(*) FROM records").fetchone() == (3,)


@pytest.mark.parametrize(
    ("told", "titles"),
    [
        ((), {"On calm", "Planning calms", "'=Dispersal deters"}),
        (("--filter", "kind=position"), {"Planning calms", "'=Dispersal deters"}),
        (("--filter", "region=europe"), {"Planning calms"}),
        (
            ("--filter", "kind=article", "--filter", "kind=position", "--filter", "q=calm"),
            {"On calm", "Planning calms"},
        ),
        (("--query", "?kind=position", "--filter", "region=baltic"), {"Planning calms"}),
        (("--filter", "q=region:europe"), {"Planning calms"}),
        (("--filter", "q=nothingatall"), set()),
    ],
)
def test_filters_are_those_of_the_website(tmp_path, told, titles):
    run(tmp_path / "out.csv", *told)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["title"] for row in csv.DictReader(file)} == titles


def test_a_dry_run_says_what_would_be_written_and_writes_nothing(tmp_path, capsys):
    run(tmp_path / "out.parquet", dry_run=True)
    run(tmp_path / "catalogue.sqlite", dry_run=True)
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "Dry run, nothing was written: 3 records as Parquet.",
        "Dry run, nothing was written: catalogue.sqlite, at change 3.",
    ]
    assert said.out == ""
    assert not list(tmp_path.glob("*.*"))


def test_the_standard_output_has_the_file_and_nothing_else(tmp_path, capfdbinary):
    run(Path("-"), format="jsonl")
    said = capfdbinary.readouterr()
    run(tmp_path / "out.jsonl")
    assert said.out == (tmp_path / "out.jsonl").read_bytes()
    assert b"Written: 3 records as JSON Lines." in said.err


@pytest.mark.parametrize(
    ("name", "told", "code", "why"),
    [
        ("out.csv", ("--query", "year=abc"), 1, "year"),
        ("out.csv", ("--filter", "region=atlantis"), 1, "atlantis"),
        ("out.csv", ("--filter", "colour=red"), 2, "There is no filter “colour”. There are q, "),
        ("out.csv", ("--filter", "red"), 2, "write red=VALUE"),
        ("out.docx", (), 2, "say --format"),
        ("catalogue.sqlite", ("--filter", "kind=article"), 2, "whole"),
        ("no-folder/out.csv", (), 2, "can't be written: No such file"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(tmp_path, name, told, code, why):
    with pytest.raises(CommandError, match=why) as error:
        run(tmp_path / name, *told)
    assert error.value.returncode == code
    assert not list(tmp_path.glob("out*"))


def test_a_database_that_does_not_answer_half_way_leaves_what_was_there(tmp_path, monkeypatch):
    def breaks(rows, site):
        yield b"half"
        raise OperationalError("database is locked")

    (tmp_path / "out.csv").write_text("before")
    monkeypatch.setitem(formats.FORMATS, "csv", formats.Format("csv", "CSV", "csv", "text/csv", breaks))
    with pytest.raises(CommandError, match="database is locked") as error:
        run(tmp_path / "out.csv")
    assert error.value.returncode == export.BUSY
    assert [one.name for one in tmp_path.glob("out*")] == ["out.csv"]
    assert (tmp_path / "out.csv").read_text() == "before"


def test_every_format_of_the_website_is_one_of_the_commands(client):
    assert not set(FORMATS) & set(WHOLES)
    for name in wholes.WHOLES:
        assert client.get(f"/{name}").status_code == 200
