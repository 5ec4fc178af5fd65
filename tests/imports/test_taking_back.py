"""An import is taken back whole, or not at all where somebody has gone on from it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from apps.curation import history
from apps.curation.journal import ChangedSince
from apps.curation.models import Article, CrossReference, Entry, Organisation, Person, Position, Proposition
from apps.gate.publication import publish
from apps.public.catalogue.models import Record
from apps.taxonomy.models import Region, Theme
from apps.workbench.importing.keeping import take_back
from apps.workbench.models import FileImport

PEOPLE = "---\nkind: people\n---\n## Doe, Jane\n\n- aliases: J. Doe\n"
REPORT = """---
kind: article
slug: report
regions: europe
themes: calm
tags: words
authors:
  - jane-doe
---
# A report

It is so, some say.

## Positions

- It is so
  - slug: so
  - passages:
    - quotation: It is so
"""


@pytest.fixture
def words(db):
    Region.objects.create(slug="europe", name="Europe")
    Theme.objects.create(slug="calm", name="Calm")


def everything() -> dict[str, list]:
    models = (Entry, Article, Position, Person, Organisation, Proposition, Region, Theme, CrossReference)
    volatile = {"modified_at", "modified_by_id"}
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name not in volatile}
            for row in model.objects.order_by("pk").values()
        ]
        for model in models
    }


def test_what_it_made_is_gone_and_what_it_changed_is_as_it_was(imported, ann, words):
    imported("people.md", PEOPLE)
    before = everything()
    imported("report.md", REPORT)
    imported("people.md", PEOPLE.replace("J. Doe", "J. D."))
    assert Person.objects.get().aliases == ["J. D."]
    for file in FileImport.objects.order_by("-pk")[:2]:
        take_back(file, ann)
    assert everything() == before
    assert {one.taken_back_at is None for one in FileImport.objects.order_by("-pk")[:2]} == {False}


def test_an_entry_that_was_changed_gets_its_former_words_and_keeps_its_history(imported, ann, words):
    imported("p.md", "---\nkind: proposition\n---\n# Calm is good\n")
    imported("p.md", "---\nkind: proposition\n---\n# Calm is bad\n")
    take_back(FileImport.objects.latest("pk"), ann)
    entry = Entry.objects.get()
    assert entry.title == "Calm is good"
    assert [one.comment for one in history.steps(entry.pk)][:2] == ["Taken back: p.md", "Imported from p.md"]


def test_not_where_somebody_went_on_from_it(imported, ann, words):
    imported("people.md", PEOPLE)
    imported("report.md", REPORT)
    position = Position.objects.get()
    position.title = "It may be so"
    position.save()
    before = everything()
    with pytest.raises(ChangedSince, match="It may be so” was changed since: title"):
        take_back(FileImport.objects.latest("pk"), ann)
    assert everything() == before


def test_not_where_something_else_needs_it(imported, ann, words):
    imported("p.md", "---\nkind: proposition\n---\n# Calm is good\n")
    article = Article.objects.create(title="Another", slug="another")
    Position.objects.create(
        title="Yes", slug="yes", article=article, stance="supports", proposition=Proposition.objects.get()
    )
    with pytest.raises(ChangedSince, match="is used by something that was entered since: Yes"):
        take_back(FileImport.objects.latest("pk"), ann)
    assert Proposition.objects.exists()


def test_not_where_it_is_public_by_now(imported, ann, words):
    imported("p.md", "---\nkind: proposition\n---\n# Calm is good\n")
    publish(Entry.objects.get(), by=User.objects.create_superuser("rex"))
    with pytest.raises(ChangedSince, match="on its way to the public"):
        take_back(FileImport.objects.latest("pk"), ann)
    assert Record.objects.live().count() == 1


def test_once_and_no_more(imported, ann, words):
    imported("p.md", "---\nkind: proposition\n---\n# Calm is good\n")
    file = FileImport.objects.get()
    take_back(file, ann)
    with pytest.raises(ValueError, match="nothing to take back"):
        take_back(file, ann)


def test_a_table_and_references_are_taken_back_too(imported, ann, words):
    imported("t.csv", "title,slug,themes\nOne,one,Calm\n", kind="proposition")
    imported("refs.bib", "@report{a, title = {A report of sorts}, author = {Doe, Jane}, year = {2020}}")
    for file in FileImport.objects.all():
        take_back(file, ann)
    assert not Entry.objects.exists()
    assert not Person.objects.exists()
