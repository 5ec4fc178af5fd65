"""The format can say everything that the models hold: a column that it can't say fails here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model

from apps.curation.models import (
    Article,
    Attendance,
    CrossReference,
    Entry,
    Passage,
    Person,
    Position,
    Proposition,
    Session,
    Workshop,
)
from apps.curation.notes import import_notes
from apps.taxonomy.models import Region, Theme

pytestmark = pytest.mark.django_db

KITCHEN_SINK = Path(__file__).with_name("kitchen_sink")
# What nobody writes into files of notes, and what is kept by the application itself.
READ_FROM_NOTES = ("candidate",)  # of another sort: an analyst's own, read in the workbench
OF_MERGING = ("merge",)  # what was done in the workbench, so that it can be undone
OF_TWO_CODERS = ("doublecoding", "codedunit", "codedpassage", "unitpair")  # the same
KEPT_BY_ITSELF = {"published_at", "modified_at", "modified_by"}
MODELS = [
    model
    for label in ("taxonomy", "curation")
    for model in apps.get_app_config(label).get_models()
    if model._meta.model_name not in ("vocabularystate", "submission", *READ_FROM_NOTES, *OF_MERGING, *OF_TWO_CODERS)
]


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Loaded once: each test works in a transaction within this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        outcome = import_notes([KITCHEN_SINK])
        assert outcome.problems == []
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_column_and_relation_can_be_written(model: type[Model]):
    rows = list(model._default_manager.all())
    fields = [field for field in model._meta.get_fields() if not field.auto_created and hasattr(field, "attname")]
    unwritten = [field.name for field in fields if not any(_holds_something(row, field) for row in rows)]
    assert set(unwritten) <= KEPT_BY_ITSELF


def _holds_something(row: Model, field) -> bool:
    if field.many_to_many:
        return getattr(row, field.name).exists()
    value = field.value_from_object(row)
    return bool(value) and (field.primary_key or value != field.get_default())


def test_many_to_many_relations_are_looked_at_too():
    """Guards the test above: Django lists these apart, and a tag manager has no column."""
    assert {field.name for field in Entry._meta.many_to_many} == {"regions", "themes", "tags"}
    for entry in (Proposition.objects.get(), Workshop.objects.get(), Session.objects.get(slug="first-session")):
        assert entry.tags.exists()
        assert entry.regions.exists()
        assert entry.themes.exists()


def test_a_workshop():
    workshop = Workshop.objects.get()
    assert workshop.slug == "kitchen-sink-workshop"
    assert workshop.title == "A title: with a colon"
    assert (workshop.host.slug, workshop.place, workshop.rule) == (
        "examples",
        "Oslo, and online",
        "not_for_attribution",
    )
    assert (workshop.date, workshop.earliest.isoformat(), workshop.latest.isoformat()) == (
        "2023-06-06/2023-06-07",
        "2023-06-06",
        "2023-06-07",
    )
    assert workshop.note == "A private note."
    assert workshop.summary == ("A published summary, *in Markdown*.\n\n### With a heading of its own\n\n- and a list")
    assert workshop.key_questions == ["What is complete?", "Who says so?"]
    assert sorted(workshop.tags.names()) == ["plain", "with, comma"]
    assert workshop.status == "submitted"


def test_attendance_at_the_whole_and_at_a_part():
    ada = Attendance.objects.get(person__slug="ada-kim")
    assert (ada.session, ada.role, ada.affiliation.slug, ada.sector, ada.country.code) == (
        None,
        "chair",
        "examples",
        "think_tank",
        "NO",
    )
    assert [region.slug for region in ada.expertise.all()] == ["inner"]
    jo = Attendance.objects.get(person__slug="jo-van-der-example")
    assert (jo.session.slug, jo.workshop.slug, jo.role) == ("first-session", "kitchen-sink-workshop", "speaker")


def test_sessions():
    first, second, third = Session.objects.order_by("number")
    assert (first.title, first.rule, first.embargo) == ("The first session", "off_the_record", "2023-07-01T12:30")
    assert first.text == "  Notes to the letter,\n## headings too."
    assert first.key_questions == ["Why?", "Why not?"]
    assert (second.text, second.slug) == (
        "Notes under no heading of their own.",
        "kitchen-sink-workshop-the-second-session",
    )
    assert (third.title, third.slug, third.text) == (
        "A session in a file of its own",
        "third-session",
        "Its notes.",
    )
    assert [first.status, third.status] == ["submitted", "draft"]


def test_positions():
    in_session = Position.objects.get(slug="session-position")
    assert in_session.title == "Some think: this is a title with a colon"
    assert (in_session.order, in_session.article, in_session.session.slug) == (1, None, "first-session")
    assert (in_session.descriptor_sector, in_session.descriptor_country.code) == ("think_tank", "NO")
    in_article = Position.objects.get(slug="article-position")
    assert in_article.title == "The claim in one sentence, over two lines"
    assert (in_article.order, in_article.status, in_article.quantifier) == (7, "draft", "a_few")
    assert in_article.summary == "First paragraph.\n\nSecond paragraph."
    assert in_article.session is None


def test_passages_are_numbered_by_their_place():
    first, second = Passage.objects.order_by("number")
    assert (first.number, first.locator, first.quotation) == (1, "paragraph 1", "a passage in it")
    assert (first.start, first.end, first.state) == (22, 37, "exact")
    assert (second.number, second.locator, second.start) == (2, "page 3", None)


def test_an_article():
    article = Article.objects.get()
    assert [person.slug for person in article.authors.order_by("authorships__order")] == ["ada-kim", "mononymous"]
    assert article.text == "The source text, with a passage in it.\n\n### And a heading\n\nMore of it."
    assert (article.unresolved, article.genre) == (True, "journal_article")


def test_cross_references_name_entries_of_any_kind_in_any_file():
    found = {
        (one.source.slug, one.relation, one.target.slug, one.note)
        for one in CrossReference.objects.select_related("source", "target")
    }
    assert found == {
        ("complete-examples", "see_also", "example-article", ""),
        ("kitchen-sink-workshop", "responds_to", "example-article", "A published note on the reference."),
        ("first-session", "elaborates", "complete-examples", ""),
        ("article-position", "draws_lesson_from", "session-position", "A note on the lesson."),
        ("article-position", "challenges", "complete-examples", ""),
    }


def test_the_vocabulary():
    inner = Region.objects.get(slug="inner")
    outer = inner.parent
    assert (outer.slug, outer.alternative_names) == ("outer-region", ["Everywhere", "外域"])
    assert [country.code for country in outer.countries] == ["JP", "NO"]
    assert (outer.definition, outer.scope_note) == ("What lies around.", "First line.\n\nSecond line.")
    narrow = Theme.objects.get(slug="narrow-theme")
    assert narrow.alternative_names == ["thin theme", "slim theme"]
    assert [theme.slug for theme in narrow.broader.all()] == ["wide-theme"]
    assert [theme.slug for theme in Theme.objects.get(slug="other-theme").related.all()] == ["narrow-theme"]


def test_people():
    ada = Person.objects.get(slug="ada-kim")
    assert (ada.given_names, ada.family_name, ada.aliases) == ("Ada Lovelace", "Kim", ["김에이다", "A. L. Kim"])
    assert Person.objects.get(slug="mononymous").name == "Mononymous"
    assert Person.objects.get(slug="jo-van-der-example").family_name == "Van der Example"


def test_loading_it_again_changes_nothing():
    before = list(Entry.objects.order_by("pk").values())
    outcome = import_notes([KITCHEN_SINK])
    assert (outcome.problems, outcome.remarks) == ([], [])
    assert (sum(outcome.made.values()), sum(outcome.changed.values())) == (0, 0)
    assert sum(outcome.unchanged.values()) == 17
    assert list(Entry.objects.order_by("pk").values()) == before
