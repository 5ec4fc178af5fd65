"""Whoever saves another text for an article or a session, its passages are looked for in the same transaction."""

import io

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.curation.models import Article, Entry, Passage, Position, Session, Workshop
from apps.taxonomy.words import Anchoring
from tests.curation.mutated import SENTENCES

KEPT, REWORDED, DELETED = SENTENCES[2], SENTENCES[5], SENTENCES[8]
TEXT = " ".join(SENTENCES[:12])
EDITED = "Before all that. " + TEXT.replace("planning staffs", "staffs").replace(DELETED + " ", "").replace(
    "consultation was described", "consulting was said to be described"
)
KINDS = pytest.mark.parametrize("kind", ["article", "session"])


def source_of(kind: str) -> Article | Session:
    if kind == "article":
        return Article.objects.create(slug="a", title="An article", text=TEXT)
    workshop = Workshop.objects.create(slug="w", title="A workshop")
    return Session.objects.create(slug="s", title="A session", workshop=workshop, text=TEXT)


def positions_in(source) -> dict[str, Passage]:
    """A position for each of three sentences, with its passage."""
    found = {}
    for name, words in (("kept", KEPT), ("reworded", REWORDED), ("deleted", DELETED)):
        position = Position.objects.create(slug=name, title=name, **{source.kind: source})
        found[name] = Passage.objects.create(position=position, quotation=words)
    return found


def states() -> dict[str, str]:
    return dict(Passage.objects.values_list("position__slug", "state"))


AFTERWARDS = {"kept": Anchoring.MOVED, "reworded": Anchoring.CHANGED, "deleted": Anchoring.LOST}


@KINDS
def test_saving_another_text_looks_for_every_passage(db, kind):
    source = source_of(kind)
    passages = positions_in(source)
    assert set(states().values()) == {Anchoring.EXACT}
    assert TEXT[slice(*_place(passages["kept"]))] == KEPT

    source.text = EDITED
    source.save()
    assert states() == AFTERWARDS
    assert EDITED[slice(*_place(passages["kept"]))] == KEPT
    assert EDITED[slice(*_place(passages["reworded"]))] == REWORDED.replace(
        "consultation was", "consulting was said to be"
    )
    assert _place(passages["deleted"]) == (None, None)
    assert [one.title for one in source.reanchored.waiting] == ["reworded", "deleted"]
    assert str(source.reanchored).endswith("1 moved along, 1 changed, 1 lost.")


def _place(passage: Passage) -> tuple[int | None, int | None]:
    passage.refresh_from_db()
    return passage.start, passage.end


@KINDS
def test_the_text_and_its_passages_change_together_or_not_at_all(db, kind):
    source = source_of(kind)
    positions_in(source)
    with transaction.atomic():
        source.text = EDITED
        source.save()
        transaction.set_rollback(True)
    assert set(states().values()) == {Anchoring.EXACT}


def test_the_number_of_queries_is_the_same_for_many_passages(db):
    counts = []
    for slug, many in (("few", 2), ("more", 40)):
        article = Article.objects.create(slug=slug, title="An article", text=TEXT)
        for i in range(many):
            position = Position.objects.create(slug=f"{slug}-{i}", title="P", article=article)
            Passage.objects.create(position=position, quotation=SENTENCES[i % 12])
        article.text = "One. " + TEXT
        with CaptureQueriesContext(connection) as queries:
            article.save()
        counts.append(len(queries))
        assert str(article.reanchored).endswith(f"text: {many} moved along.")
    assert counts[0] == counts[1] <= 32  # most of them the gate's, which judges again what is public


def test_what_is_otherwise_for_a_reader_or_waits_counts_as_edited_and_the_rest_does_not(db):
    article = source_of("article")
    positions_in(article)
    stood = dict(Entry.objects.values_list("slug", "modified_at"))
    article.text = EDITED
    article.save()
    now = dict(Entry.objects.filter(kind="position").values_list("slug", "modified_at"))
    assert {slug for slug, at in now.items() if at != stood[slug]} == {"reworded", "deleted"}


def test_a_text_that_is_taken_out_leaves_nothing_to_compare_with(db):
    article = source_of("article")
    positions_in(article)
    for text in (EDITED, ""):
        article.text = text
        article.save()
    assert states() == {"kept": "", "reworded": Anchoring.CHANGED, "deleted": Anchoring.LOST}
    assert not Passage.objects.exclude(start=None).exists()
    article.text = TEXT
    article.save()
    assert set(states().values()) == {Anchoring.EXACT}


def test_a_text_that_comes_later_is_compared_too(db):
    article = Article.objects.create(slug="a", title="An article")
    position = Position.objects.create(slug="p", title="P", article=article)
    Passage.objects.create(position=position, quotation=KEPT)
    Passage.objects.create(position=position, number=2, quotation="Words of nobody at all")
    Passage.objects.create(position=position, number=3, locator="page 4")
    assert list(Passage.objects.values_list("state", flat=True)) == ["", "", ""]
    article.text = TEXT
    article.save()
    assert list(Passage.objects.values_list("state", flat=True)) == [Anchoring.EXACT, Anchoring.LOST, ""]


def test_a_passage_is_compared_with_the_text_as_it_is_stored(db):
    article = Article.objects.create(slug="a", title="An article")
    position = Position.objects.create(slug="p", title="P", article=article)
    Article.objects.filter(pk=article.pk).update(text=TEXT)  # behind the back of what the position knows of it
    assert Passage.objects.create(position=position, quotation=KEPT).state == Anchoring.EXACT


def test_a_position_that_moves_to_another_source_takes_its_passages_along(db):
    session, article = source_of("session"), source_of("article")
    Article.objects.filter(pk=article.pk).update(text=TEXT.replace(DELETED, ""))
    positions_in(session)
    for position in Position.objects.all():
        position.session, position.article = None, Article.objects.get()
        position.save()
    assert states() == {"kept": Anchoring.EXACT, "reworded": Anchoring.EXACT, "deleted": Anchoring.LOST}


def test_other_words_mean_another_place(db):
    article = source_of("article")
    passage = positions_in(article)["kept"]
    passage.quotation = REWORDED
    passage.save()
    passage.refresh_from_db()
    assert (passage.state, passage.start) == (Anchoring.EXACT, TEXT.index(REWORDED))
    assert TEXT[: passage.start].endswith(passage.prefix)


def test_nobody_says_by_hand_that_a_lost_passage_stands(db):
    article = source_of("article")
    passage = positions_in(article)["deleted"]
    article.text = EDITED
    article.save()
    passage.refresh_from_db()
    passage.state, passage.locator = Anchoring.EXACT, "page 1"
    passage.save()
    assert states()["deleted"] == Anchoring.LOST


@pytest.mark.parametrize("text", ["E\u0301tat", "one\r\ntwo\rthree"])
def test_a_text_is_kept_normalised_whoever_writes_it(db, text):
    clean = {"E\u0301tat": "État"}.get(text, "one\ntwo\nthree")
    article = Article.objects.create(slug="a", title="A", text=text)
    assert article.text == Article.objects.get().text == clean
    Article.objects.update(text=text)
    assert Article.objects.get().text == clean


def test_a_fixture_with_another_text_is_a_text_edited(db, tmp_path):
    article = source_of("article")
    passages = positions_in(article)
    natural = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
    rows = serializers.serialize("json", [article.entry, article, passages["kept"]], **natural)
    fixture = tmp_path / "edited.json"
    for name, index in (("start", EDITED.index(KEPT)), ("end", EDITED.index(KEPT) + len(KEPT))):
        rows = rows.replace(f'"{name}": {getattr(passages["kept"], name)}', f'"{name}": {index}')
    fixture.write_text(rows.replace(TEXT, EDITED))
    call_command("loaddata", str(fixture), stdout=io.StringIO())
    assert states() == AFTERWARDS | {"kept": Anchoring.EXACT}
