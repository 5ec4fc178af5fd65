"""What goes out comes in again: what each format keeps, and what it has no place for."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from apps.curation.models import Article, Authorship, Entry, Person, Proposition
from apps.curation.tables.columns import UNCHANGEABLE, entries_of
from apps.curation.tables.writing import as_csv, as_xlsx, table_of
from apps.gate.publication import publish
from apps.taxonomy.models import Broader, Region, Theme, VocabularyState
from apps.taxonomy.words import Kind


@pytest.fixture
def article(db) -> Article:
    person = Person.objects.create(slug="d", given_names="Alice", family_name="Dell’Era")
    article = Article.objects.create(
        slug="on-calm", title="On “calm” & Łódź", outlet="A press", genre="report", date="2021-09-03",
        doi="10.1000/182", url="https://press.example/a_b", language="en", summary="On $5 #1 zones.",
        note="Private.", text="It is so.",
    )  # fmt: skip
    Authorship.objects.create(article=article, person=person)
    return article


@pytest.mark.parametrize("name", ["csl-json", "ris", "bibtex"])
def test_references_keep_the_work_and_not_what_we_hold_of_it(client, imported, article, settings, name):
    settings.ALLOWED_HOSTS = ["*"]
    publish(article, by=User.objects.create_superuser("rex"))
    data = b"".join(client.get(f"/export/{name}/?kind=article", HTTP_HOST="kb.example"))
    assert dict(imported(f"out.{name}", data).counts) == {"skipped": 1}
    kept = ("title", "outlet", "genre", "date", "doi", "url", "language", "summary")
    before = {column: getattr(article, column) for column in kept}
    article.delete()
    Person.objects.all().delete()
    assert dict(imported(f"out.{name}", data).counts) == {"made": 1}
    again = Article.objects.get()
    assert {column: getattr(again, column) for column in kept} == before
    assert [str(one) for one in again.authors.all()] == ["Alice Dell’Era"]
    # No format of references has a place for these.
    assert (again.text, again.note) == ("", "")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_tables_keep_every_cell_but_those_that_name_the_entry_here(imported, article, kind):
    Theme.objects.create(slug="calm", name="Calm")
    proposition = Proposition.objects.create(slug="p", title="=Calm is “good”, isn't it?", note="'=1+1\nTwo lines")
    proposition.themes.add(Theme.objects.get())
    proposition.tags.add("a tag", "one, two")
    table = list(table_of(Kind.PROPOSITION, entries_of(Kind.PROPOSITION)))

    def file(rows):
        return as_csv(rows) if kind == "csv" else as_xlsx(rows, Kind.PROPOSITION)

    assert dict(imported(f"t.{kind}", file(table), kind="proposition").counts) == {"skipped": 1}
    Entry.objects.filter(kind="proposition").delete()
    left = [place for place, heading in enumerate(table[0]) if heading not in UNCHANGEABLE]
    rows = [[row[place] for place in left] for row in table]
    assert dict(imported(f"t.{kind}", file(rows), kind="proposition").counts) == {"made": 1}
    again = list(table_of(Kind.PROPOSITION, entries_of(Kind.PROPOSITION)))
    assert [[row[place] for place in left] for row in again] == rows
    assert again[1][0] == table[1][0]  # the identifier comes of the slug


@pytest.mark.parametrize("extension", ["ttl", "rdf", "jsonld"])
def test_the_public_vocabulary_comes_in_again_byte_for_byte(client, imported, db, extension):
    """But for what SKOS has no place for: the order of alternative labels."""
    above = Theme.objects.create(slug="deterrence", name="Deterrence", definition="It is <so> & so.\nTwo lines.")
    theme = Theme.objects.create(
        slug="nuclear-sharing", name="Sharing", alternative_names=["NS", "Ł"], scope_note="In."
    )
    beside = Theme.objects.create(slug="calm", name="Calm")
    Broader.objects.create(narrower=theme, broader=above)
    theme.related.add(beside)
    asia = Region.objects.create(slug="asia", name="Asia")
    Region.objects.create(slug="east", name="East Asia", parent=asia, countries=["JP", "KR"])
    VocabularyState.advance()
    for terms, model in (("themes", Theme), ("regions", Region)):
        data = client.get(f"/{terms}.{extension}").content
        count = model.objects.count()
        assert dict(imported(f"v.{extension}", data, terms=terms).counts) == {"skipped": count}
        Region.objects.filter(parent__isnull=False).delete()
        model.objects.all().delete()
        assert dict(imported(f"v.{extension}", data, terms=terms).counts) == {"made": count}
        assert client.get(f"/{terms}.{extension}").content == data
