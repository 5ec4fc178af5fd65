"""Databases of the Discourse Network Analyzer: what becomes of each table, and what is refused."""

from __future__ import annotations

from collections import Counter

import pytest
from django.contrib.auth.models import User

from apps.curation.intake.result import Unreadable
from apps.curation.models import Article, Entry, Organisation, Passage, Person, Position, Proposition
from apps.gate.publication import publish
from apps.public.catalogue.models import Record
from tests.imports.conftest import told
from tests.imports.dna_files import SCHEMA, TEXT, as_large_as_the_sample, database, small, state


def test_a_document_becomes_an_article(imported):
    report = imported("debate.dna", database(small))
    assert told(report) == []
    article = Article.objects.get()
    assert (article.title, article.outlet, article.genre, article.date) == (
        *("A debate", "The Herald", "news", "2023-06-06"),
    )
    assert article.text == TEXT.replace("\r\n", "\n")
    assert article.note == "Author: Correspondent\nSection: Politics\nNotes: Seen"


def test_a_statement_becomes_a_position_at_the_same_characters(imported):
    imported("debate.dna", database(small))
    first, second = Position.objects.order_by("order")
    assert (first.title, first.stance, first.proposition.title) == ("calm is good", "supports", "Calm is good")
    assert (second.title, second.stance, second.proposition) == ("calm is bad", "opposes", first.proposition)
    text = Article.objects.get().text
    for passage in Passage.objects.all():
        assert passage.state == "exact"
        assert text[passage.start : passage.end] == passage.quotation == passage.position.title
    assert Position.objects.count() == 2


def test_who_says_it_is_named_by_the_document(imported):
    imported("debate.dna", database(small))
    first, second = Position.objects.order_by("order")
    assert [one.name for one in first.speakers.all()] == ["Jane Doe"]
    assert (first.named_in_source, first.reported_as) == (True, "")
    assert first.note == "Organisation: The Agency (the-agency)"
    assert (second.speakers.count(), second.named_in_source, second.reported_as) == (0, False, "The Institute")


def test_attributes_come_along(imported):
    imported("debate.dna", database(small))
    person, agency = Person.objects.get(), Organisation.objects.get(slug="the-agency")
    assert (person.given_names, person.family_name, person.aliases) == ("Jane", "Doe", ["J. Doe"])
    assert person.note == "Type: minister"
    assert (agency.name, agency.sector, agency.aliases) == ("The Agency", "government", ["TA"])
    assert Proposition.objects.get().note == "Notes: Since 2020"


def test_what_has_no_place_is_told(imported):
    remarks = " ".join(map(str, imported("debate.dna", database(small)).remarks))
    assert "statements of the type “Annotation”, which has no variable “concept” (1)" in remarks
    assert "coders, and who coded what (1)" in remarks


def test_a_second_run_makes_nothing(imported):
    imported("debate.dna", database(small))
    before = [list(model.objects.order_by("pk").values()) for model in (Entry, Passage, Person, Organisation)]
    report = imported("debate.dna", database(small))
    assert dict(report.counts) == {"skipped": 7}
    assert [list(model.objects.order_by("pk").values()) for model in (Entry, Passage, Person, Organisation)] == before


def test_what_was_coded_anew_is_shown_as_a_change(imported):
    imported("debate.dna", database(small))

    def recoded(connection):
        small(connection)
        connection.execute("UPDATE DATABOOLEAN SET Value = 1")

    report = imported("debate.dna", database(recoded))
    assert [(step.place, step.changes) for step in report.steps if step.what == "changed"] == [
        ("statement 8", [("stance", "opposes", "supports")])
    ]
    assert Position.objects.filter(stance="supports").count() == 2


def test_who_is_here_already_is_that_person_and_stays_as_analysts_wrote_them(imported):
    jane = Person.objects.create(slug="jd", given_names="Jane", family_name="Doe", note="Met in 2019.")
    calm = Proposition.objects.create(slug="calm", title="Calm is good")
    imported("debate.dna", database(small))
    jane.refresh_from_db()
    assert (jane.note, jane.aliases) == ("Met in 2019.", ["J. Doe"])  # only what was empty is filled
    assert list(Position.objects.order_by("order").first().speakers.all()) == [jane]
    assert set(Position.objects.values_list("proposition", flat=True)) == {calm.pk}


def test_one_as_large_as_the_sample(imported):
    report = imported("hearing.dna", database(as_large_as_the_sample))
    assert told(report) == []
    kinds = Counter(step.kind for step in report.steps)
    assert kinds == {"article": 1, "position": 40, "proposition": 6, "organisation": 7}
    assert set(Passage.objects.values_list("state", flat=True)) == {"exact"}


def test_whom_a_published_document_names_is_named_in_public(imported):
    imported("debate.dna", database(small))
    rex = User.objects.create_superuser("rex")
    for entry in (*Article.objects.all(), *Proposition.objects.all(), *Position.objects.all()):
        publish(entry.entry, by=rex)
    first, second = Position.objects.order_by("order")
    assert "Jane Doe" in str(Record.objects.get(identifier=first.identifier).content)
    assert "The Institute" in str(Record.objects.get(identifier=second.identifier).content)


def changed(sql: str):
    def fill(connection):
        small(connection)
        connection.execute(sql)

    return fill


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("UPDATE STATEMENTS SET Stop = 5000 WHERE ID = 7", "statement 7: Its place, 37 to 5000, isn't in the text"),
        ("UPDATE STATEMENTS SET DocumentId = 99 WHERE ID = 8", "statement 8: There is no document 99"),
        ("UPDATE DOCUMENTS SET Title = ''", "document 1: It has no title."),
        ("UPDATE DOCUMENTS SET Date = 'yesterday'", "document 1: Its date, yesterday, is no number of seconds"),
        ("UPDATE DOCUMENTS SET Date = 99999999999999", "document 1: Its date, 99999999999999, is no number"),
    ],
)
def test_what_is_wrong_is_told_by_its_number_and_nothing_is_imported(imported, sql, problem):
    report = imported("debate.dna", database(changed(sql)))
    assert any(one.startswith(problem) for one in told(report)), told(report)
    assert not Entry.objects.exists()
    assert not Person.objects.exists()


def test_without_a_concept_or_an_agreement_it_is_on_no_proposition(imported):
    def fill(connection):
        small(connection)
        connection.execute("DELETE FROM DATABOOLEAN WHERE StatementId = 7")
        connection.execute("UPDATE DATASHORTTEXT SET Entity = 5 WHERE StatementId = 8 AND VariableId = 3")

    report = imported("debate.dna", database(fill))
    assert set(Position.objects.values_list("proposition", "stance")) == {(None, "")}
    remarks = [str(one) for one in report.remarks]
    assert "statement 7: It says no agreement with “Calm is good”, so it is on no proposition." in remarks
    assert "statement 8: It names no concept, so the position is on no proposition." in remarks


def test_two_documents_of_one_title_are_two_articles(imported):
    def fill(connection):
        small(connection)
        connection.execute("INSERT INTO DOCUMENTS (ID, Title, Text, Date) VALUES (2, 'A debate', 'Calm is fine.', 0)")
        state(connection, 10, 2, "Calm is fine.", "Calm is fine", concept=4)

    imported("debate.dna", database(fill))
    assert sorted(Article.objects.values_list("positions__title", flat=True)) == [
        *("Calm is fine", "calm is bad", "calm is good"),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (database(small)[:-4_096], "no whole SQLite database|malformed"),
        (database(small)[:50], "no whole SQLite database"),
        (b"SQLite format 3\0" + b"\xff" * 10_000, "no whole SQLite database"),
        (database(schema="CREATE TABLE t(a);"), "none of the Discourse Network Analyzer"),
        (database(schema=SCHEMA.replace("3.0.11", "2.0 beta 25")), "Its version is “2.0 beta 25”"),
        (database(schema=SCHEMA.replace("3.0.11", "4.1")), "Its version is “4.1”; databases of DNA 3 can be read"),
        (database(schema=SCHEMA.replace("('version', '3.0.11'),", "")), "Its version is nowhere told"),
        (database(schema=SCHEMA.replace("TABLE ENTITIES", "TABLE ENTITIES_OLD")), "lacks the tables ENTITIES"),
        (database(schema=SCHEMA.replace("Stop INTEGER NOT NULL,", "")), "lacks the columns Stop"),
    ],
)
def test_another_database_is_refused_in_words(imported, data, words):
    with pytest.raises(Unreadable, match=words):
        imported("debate.dna", data, format="dna")
    assert not Entry.objects.exists()
