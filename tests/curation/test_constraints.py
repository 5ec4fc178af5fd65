"""What the database itself refuses, whoever writes: rules about one row."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, models, transaction

from apps.curation.models import (
    Article,
    Attendance,
    CrossReference,
    Entry,
    Organisation,
    Passage,
    Person,
    Position,
    Proposition,
    Session,
    Workshop,
)
from apps.curation.models.entries import identifier_of
from apps.public.catalogue.models import CatalogueState, Record

pytestmark = [pytest.mark.django_db, pytest.mark.every_case]


@pytest.fixture
def rows(db) -> SimpleNamespace:
    workshop = Workshop.objects.create(slug="w", title="W")
    session = Session.objects.create(slug="s", title="S", workshop=workshop, number=1)
    article = Article.objects.create(slug="a", title="A", doi="10.1/x")
    proposition = Proposition.objects.create(slug="p", title="P")
    position = Position.objects.create(slug="o", title="O", article=article)
    person = Person.objects.create(slug="x", family_name="X")
    CrossReference.objects.create(source=article, target=workshop, relation="cites")
    Attendance.objects.create(workshop=workshop, person=person)
    Attendance.objects.create(workshop=workshop, session=session, person=person)
    return SimpleNamespace(**locals())


def update(model: type[models.Model], **values: object) -> Callable[[SimpleNamespace], object]:
    return lambda rows: model._default_manager.update(**values)


BAD_ROWS: dict[str, Callable[[SimpleNamespace], object]] = {
    "a title that is empty": update(Entry, title=""),
    "a slug that is empty": update(Proposition, slug=""),
    "a kind that is not one": update(Entry, kind="opinion"),
    "a status that is not one": update(Entry, status="secret"),
    "a date without its bounds": update(Entry, date="2023"),
    "bounds without a date": update(Entry, earliest="2023-01-01", latest="2023-12-31"),
    "the same slug twice in a kind": lambda rows: Article.objects.create(slug="a", title="B"),
    "a DOI twice": lambda rows: Article.objects.create(slug="b", title="B", doi="10.1/x"),
    "unresolved, but cited as nothing": update(Article, unresolved=True),
    "a genre that is not one": update(Article, genre="poem"),
    "a rule that is not one": update(Workshop, rule="whatever"),
    "a session's rule that is not one": update(Session, rule="whatever"),
    "a session number twice": lambda rows: Session.objects.create(
        slug="t", title="T", workshop=rows.workshop, number=rows.session.number
    ),
    "a position with no source": update(Position, article=None),
    "a position with two sources": lambda rows: Position.objects.update(session=rows.session),
    "a side without a stance": lambda rows: Position.objects.update(proposition=rows.proposition),
    "a stance that is not one": update(Position, stance="hesitates"),
    "a quantifier that is not one": update(Position, quantifier="several"),
    "a session's position reported by an article": lambda rows: Position.objects.create(
        slug="q", title="Q", session=rows.session, reported_as="Asia experts"
    ),
    "a passage that says nothing": lambda rows: Passage.objects.create(position=rows.position),
    "a passage that ends before it starts": lambda rows: Passage.objects.create(
        position=rows.position, locator="1", start=5, end=4
    ),
    "a passage that starts and does not end": lambda rows: Passage.objects.create(
        position=rows.position, locator="1", start=5
    ),
    "a cross-reference twice": lambda rows: CrossReference.objects.create(
        source=rows.article, target=rows.workshop, relation="cites"
    ),
    "a cross-reference to itself": lambda rows: CrossReference.objects.create(
        source=rows.article, target=rows.article, relation="see_also"
    ),
    "a relation that is not one": update(CrossReference, relation="likes"),
    "attendance twice at a workshop": lambda rows: Attendance.objects.create(
        workshop=rows.workshop, person=rows.person
    ),
    "attendance twice at a session": lambda rows: Attendance.objects.create(
        workshop=rows.workshop, session=rows.session, person=rows.person
    ),
    "a role that is not one": update(Attendance, role="spy"),
    "a person without a name": update(Person, family_name=""),
    "an organisation without a name": lambda rows: Organisation.objects.create(slug="n", name=""),
    "a second row of state": lambda rows: CatalogueState.objects.create(pk=2),
    "a live record with nothing in it": lambda rows: Record.objects.create(
        identifier="abcdefgh", kind="article", version=1, change=1, published_at="2026-01-01T00:00Z"
    ),
    "a tombstone with something left in it": lambda rows: Record.objects.create(
        identifier="abcdefgh",
        kind="article",
        content={},
        version=1,
        change=1,
        published_at="2026-01-01T00:00Z",
        withdrawn_at="2026-01-01T00:00Z",
    ),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_the_database_refuses(rows, name):
    with pytest.raises(IntegrityError), transaction.atomic():
        BAD_ROWS[name](rows)


def test_the_same_slug_may_name_entries_of_two_kinds(rows):
    Proposition.objects.create(slug="a", title="Another")


def test_an_identifier_outlives_a_change_of_title_and_slug(rows):
    before = rows.article.identifier
    rows.article.title, rows.article.slug = "New", "new"
    rows.article.save()
    assert Article.objects.get(slug="new").identifier == before


def test_identifiers_are_the_same_wherever_the_notes_are_loaded():
    assert identifier_of("article", "a") == identifier_of("article", "a")
    assert identifier_of("article", "a") != identifier_of("position", "a")
    assert len(identifier_of("article", "a")) == 8


def test_dates_sort_by_the_latest_day_that_they_allow(rows):
    for slug, date in (("d1", "2023"), ("d2", "2023-06"), ("d3", "2023-06-06/2023-06-07"), ("d4", "2022-12-31")):
        Proposition.objects.create(slug=slug, title=slug, date=date)
    dated = Proposition.objects.exclude(date="").order_by("-latest", "-earliest").values_list("slug", flat=True)
    assert list(dated) == ["d1", "d2", "d3", "d4"]
