"""What each foreign format keeps of what goes out, and what it has no place for: what the importer makes of it in an
instance that has none of it.

References (RIS, BibTeX, CSL-JSON), vocabularies (SKOS) and analysts' tables: tests/imports/test_round_trips.py.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import networkx
import polars
import pytest
from django.contrib.auth.models import User

from apps.curation.models import Article, Candidate, Entry, Passage, Person, Position
from apps.gate.publication import publish
from apps.taxonomy.models import Broader, Theme, VocabularyState
from tests.imports.conftest import ann, imported  # noqa: F401

pytestmark = pytest.mark.django_db
TEXT = "He said: calm is good 🛡️, for all. And then it was noon."


def taken(client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response)


@pytest.fixture
def position(db) -> Position:
    """A position that a named author takes in an article, with its words."""
    theme = Theme.objects.create(slug="calm", name="Calm")
    VocabularyState.advance()
    person = Person.objects.create(slug="d", given_names="Alice", family_name="Dell’Era")
    article = Article.objects.create(slug="a", title="An article", text=TEXT, url="https://press.example/a")
    article.authorships.create(person=person)
    position = Position.objects.create(
        slug="p", title="Calm helps everybody", article=article, named_in_source=True, stance=""
    )
    position.speakers.add(person)
    position.themes.add(theme)
    Passage.objects.create(position=position, quotation="calm is good 🛡️", prefix="He said: ", locator="page 3")
    reviewer = User.objects.create_superuser("rex")
    for one in (article, position):
        publish(one, by=reviewer)
    return position


def test_an_annotation_keeps_the_words_their_place_the_claim_and_the_themes(client, imported, position):  # noqa: F811
    """It has no place for the holder, the stance, the summary, tags and the locator; it comes in as a candidate, since
    a claim that others make is for an analyst to judge."""
    data = taken(client, "/export/annotations/")
    for lost in ("Dell", "page 3"):
        assert lost not in data.decode()
    Entry.objects.filter(kind="position").delete()
    report = imported("out.jsonld", data)
    assert report.problems == report.remarks == []
    candidate = Candidate.objects.get()
    assert candidate.quotation == TEXT[candidate.start : candidate.end] == "calm is good 🛡️"
    assert "Calm helps everybody" in candidate.remark
    assert [one["value"] if isinstance(one, dict) else str(one) for one in candidate.themes.all()] == ["Calm"]


def test_a_codebook_keeps_names_definitions_and_one_broader_theme(client, imported, db):  # noqa: F811
    """It has no place for other labels, a second broader theme or related ones; the scope note joins the definition."""
    above, other = (Theme.objects.create(slug=name, name=name.title()) for name in ("assurance", "deterrence"))
    theme = Theme.objects.create(
        slug="sharing", name="Sharing", definition="It is so.", scope_note="In.", alternative_names=["NS"]
    )
    for broader in (above, other):
        Broader.objects.create(narrower=theme, broader=broader)
    theme.related.add(Theme.objects.create(slug="calm", name="Calm"))
    VocabularyState.advance()
    data = taken(client, "/themes.qdc")
    assert dict(imported("themes.qdc", data).counts) == {"skipped": 4}
    Theme.objects.all().delete()
    assert dict(imported("themes.qdc", data).counts) == {"made": 4}
    again = Theme.objects.get(name="Sharing")
    assert (again.slug, again.definition, again.scope_note) == ("sharing", "It is so.\n\nIn.", "")
    assert [one.name for one in again.broader.all()] == ["Assurance"]
    assert (again.alternative_names, again.related.count()) == ([], 0)
    assert taken(client, "/themes.qdc") == data  # so what goes out again is the same


def test_a_project_keeps_what_is_quoted_the_claim_the_holder_and_the_themes(client, imported, position):  # noqa: F811
    """It has no place for the source's own text, and says what is public of it instead; the source's authors and date
    are lost, and what stands in variables isn't read. What is coded comes in as a candidate."""
    data = taken(client, "/export/refi-qda/")
    assert TEXT.encode() not in data
    Entry.objects.filter(kind="position").delete()
    Entry.objects.all().delete()
    report = imported("out.qdpx", data)
    assert report.problems == []
    assert "cases (1)" in str(report.remarks)
    article, candidate = Article.objects.get(), Candidate.objects.get()
    assert (article.title, candidate.article) == ("An article", article)
    assert candidate.quotation == article.text[candidate.start : candidate.end] == "calm is good 🛡️"
    assert "Calm helps everybody\nHeld by Alice Dell’Era (author). Found in “An article”, page 3." in candidate.remark
    assert [one.name for one in candidate.themes.all()] == ["Calm"]
    assert dict(imported("out.qdpx", data).counts) == {"skipped": 3}


def test_tables_say_the_same_in_every_format(client, position):
    """JSON, JSON Lines and Parquet keep lists; CSV joins them, and cannot tell a text with a semicolon from two."""
    rows = json.loads(taken(client, "/export/json/"))
    assert polars.read_parquet(io.BytesIO(taken(client, "/export/parquet/"))).to_dicts() == rows
    assert polars.read_ndjson(io.BytesIO(taken(client, "/export/jsonl/")))["title"].to_list() == [
        row["title"] for row in rows
    ]
    columns = ("identifier", "title", "themes", "authors", "quotation", "permalink")
    frame = polars.read_csv(io.BytesIO(taken(client, "/export/csv/")), infer_schema=False).select(columns)
    joined = [{name: "; ".join(one) if isinstance(one, list) else one for name, one in row.items()} for row in rows]
    assert frame.fill_null("").to_dicts() == [{name: row[name] for name in columns} for row in joined]


def test_the_database_and_the_data_package_hold_the_same_rows(client, position, tmp_path: Path):
    """A CSV cannot tell what is empty from what is not there."""
    (tmp_path / "a").write_bytes(taken(client, "/catalogue.sqlite"))
    with (
        closing(sqlite3.connect(tmp_path / "a")) as database,
        zipfile.ZipFile(io.BytesIO(taken(client, "/datapackage.zip"))) as package,
    ):
        for table in json.loads(package.read("datapackage.json"))["resources"]:
            kept = database.execute(f"SELECT * FROM {table['name']}").fetchall()
            frame = polars.read_csv(package.read(table["path"]), infer_schema=False).fill_null("")
            assert frame.rows() == [tuple("" if one is None else str(one) for one in row) for row in kept]


def test_every_graph_has_the_same_nodes_and_edges(client, position):
    """A list of edges names no record that nothing refers to; neither do the others."""
    graphml = networkx.parse_graphml(taken(client, "/cross-references.graphml").decode())
    gexf = networkx.read_gexf(io.BytesIO(taken(client, "/cross-references.gexf")))
    assert set(graphml) == set(gexf)
    assert len(taken(client, "/cross-references.csv").splitlines()) == 1 + graphml.number_of_edges()
