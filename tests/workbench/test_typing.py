"""What is typed is kept as it was meant, and what can be left out is filled in."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import reverse
from taggit.models import Tag

from apps.curation.models import Article, Entry, Passage, Position
from apps.workbench.admin.fields import join_tags, split_tags
from tests.workbench.forms import add, change, form_of, problems, save

TEXT = "  First line\nsecond  line\n\n\tand a third\n"


def test_a_source_text_keeps_every_character_since_passages_count_them(analyst, entries):
    save(analyst, entries.article, text=TEXT.replace("\n", "\r\n"))
    assert Article.objects.get(pk=entries.article.pk).text == TEXT


def test_text_of_several_lines_is_not_edited_by_saving_it_as_it_was(analyst, entries):
    Entry.objects.update(summary="one\ntwo", note="three\n\nfour")
    Article.objects.update(text=TEXT)
    Passage.objects.create(position=entries.position, quotation="First line\nsecond  line")
    assert Passage.objects.get().suffix == "\n\n\tand a third\n"
    for entry in (entries.article, entries.workshop, entries.session, entries.proposition, entries.position):
        assert save(analyst, entry).status_code == 302
    assert not Entry.objects.exclude(modified_by=None).exists()
    assert Article.objects.get().text == TEXT
    assert Passage.objects.get().suffix == "\n\n\tand a third\n"


# --- Tags


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("two words", ["two words"]),
        ("one, two words,three", ["one", "two words", "three"]),
        (' , one,, one ,"with, comma" ', ["one", "with, comma"]),
        ('say "when"', ['say "when"']),
        ('"unbalanced', ["unbalanced"]),
        ("  ", []),
    ],
)
def test_tags_stand_between_commas(typed, tags):
    assert split_tags(typed) == tags
    assert sorted(split_tags(join_tags(tags))) == sorted(tags)


def test_tags_of_an_entry_are_what_was_typed(analyst, entries):
    save(analyst, entries.position, tags='two words, "with, comma", 日本, 한국')
    position = Entry.objects.get(pk=entries.position.pk)
    assert set(position.tags.names()) == {"two words", "with, comma", "日本", "한국"}
    assert position.modified_by == analyst.user
    Entry.objects.update(modified_by=None)
    save(analyst, position)
    assert set(position.tags.names()) == {"two words", "with, comma", "日本", "한국"}
    assert Entry.objects.get(pk=position.pk).modified_by is None


@pytest.mark.parametrize("typed", ["t" * 101, "fine, " + "t" * 300, "t" * 200_000, "a\x00b", ",".join("abcdef" * 4000)])
def test_tags_that_no_table_holds_are_refused_and_kept_in_the_field(analyst, entries, typed):
    response = save(analyst, entries.position, tags=typed)
    assert response.status_code == 200
    assert problems(response)
    assert set(Tag.objects.values_list("name", flat=True)) == {"a tag"}


def test_tags_in_use_are_suggested(analyst, entries):
    page = BeautifulSoup(analyst.get(change(entries.article)).content, "html.parser")
    field = page.select_one("input[name=tags]")
    assert [one["value"] for one in page.select(f"datalist#{field['list']} option")] == ["a tag"]


# --- Slugs and numbers


def test_an_empty_slug_is_made_of_the_title(analyst, entries):
    for expected in ("an-idea", "an-idea-2", "an-idea-3"):
        response = add(analyst, "proposition", title="An idea!", slug="")
        assert response.status_code == 302, problems(response)
        assert Entry.objects.filter(kind="proposition", slug=expected).exists()
    lines = {"positions-TOTAL_FORMS": "2", "positions-1-title": "From a line", "positions-1-slug": ""}
    assert save(analyst, entries.article, **lines).status_code == 302
    assert Position.objects.get(slug="from-a-line").article == entries.article


def test_a_slug_made_of_a_title_is_never_one_that_another_entry_was_named_by(analyst, entries):
    Entry.objects.filter(pk=entries.article.pk).update(slug="renamed")
    assert add(analyst, "article", title="A", slug="").status_code == 302
    assert Article.objects.get(title="A").slug == "a-2"


def test_a_long_title_gives_a_slug_that_fits(analyst, entries):
    for _ in range(2):
        assert add(analyst, "article", title="long " * 59, slug="").status_code == 302
    assert Article.objects.filter(slug__startswith="long-long").count() == 2


def test_a_title_in_another_script_asks_for_a_slug(analyst, entries):
    assert "small Latin letters" in problems(add(analyst, "article", title="抑止力", slug=""))


def test_a_passage_and_an_author_without_a_number_come_after_the_others(analyst, entries):
    Passage.objects.create(position=entries.position, number=4, locator="p. 1")
    lines = {"passages-TOTAL_FORMS": "3", "passages-1-locator": "p. 2", "passages-2-locator": "p. 3"}
    response = save(analyst, entries.position, **lines)
    assert response.status_code == 302, problems(response)
    assert list(Passage.objects.values_list("number", "locator")) == [(4, "p. 1"), (5, "p. 2"), (6, "p. 3")]
    response = save(
        analyst, entries.article, **{"authorships-TOTAL_FORMS": "1", "authorships-0-person": entries.person.pk}
    )
    assert response.status_code == 302, problems(response)
    assert entries.article.authorships.get().order == 1


# --- Finding one among many


@pytest.mark.parametrize(
    ("model", "field", "found"),
    [
        ("position", "session", "A session (A workshop)"),
        ("crossreference", "target", "Session: A session"),
        ("position", "article", "An article"),
    ],
)
def test_an_autocomplete_tells_one_row_from_another(analyst, entries, model, field, found):
    where = {"app_label": "curation", "model_name": model, "field_name": field, "term": "a"}
    results = analyst.get(reverse("admin:autocomplete"), where).json()["results"]
    assert found in [one["text"] for one in results]


def test_what_was_chosen_is_called_the_same(analyst, entries):
    position = Position.objects.create(slug="z", title="Z", session=entries.session)
    page = BeautifulSoup(analyst.get(change(position)).content, "html.parser")
    assert page.select_one("select[name=session] option[selected]").get_text() == "A session (A workshop)"


# --- One look


def test_the_colours_are_those_of_the_website():
    """The stylesheets share no file, so each names the website's colours; they are the same, light and dark."""
    css = Path(settings.BASE_DIR, "apps/public/website/static/website/site.css").read_text()
    light = dict(re.findall(r"--([\w-]+): (#\w+);", css.split("prefers-color-scheme: dark")[0]))
    dark = dict(re.findall(r"--([\w-]+): (#\w+);", css.split("prefers-color-scheme: dark")[1].split("\n}\n")[0]))
    own = Path(settings.BASE_DIR, "apps/workbench/static/workbench/workbench.css").read_text()
    pairs = re.findall(r"--kb-([\w-]+): light-dark\((#\w+), (#\w+)\);", own)
    assert len(pairs) > 10
    for name, by_day, by_night in pairs:
        assert (by_day, by_night) == (light[name], dark[name]), name


def test_the_form_of_a_draft_is_filled_in_as_a_browser_would(analyst, entries):
    """Guards the helper: what these tests send is what the page holds."""
    sent = form_of(analyst, change(entries.position))
    assert sent["title"] == "A position"
    assert sent["tags"] == "a tag"
