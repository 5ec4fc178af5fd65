"""Loading notes: what is made, changed and left alone; each file wholly or not at all; in any order."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from apps.curation.models import (
    Article,
    Attendance,
    CrossReference,
    Entry,
    Passage,
    Person,
    Position,
    Session,
    Status,
    Workshop,
)
from apps.curation.notes import import_notes
from apps.taxonomy.models import Region, Theme

pytestmark = pytest.mark.django_db

PEOPLE = "---\nkind: people\n---\n## Kim, Ada\n## Roe, Jo\n"
ARTICLE = """
    ---
    kind: article
    authors: ada-kim
    status: ready for review
    tags: [one, two]
    ---
    # An article

    ## Positions

    - A claim
      - stance: supports
      - passage: paragraph 1
    - Another claim
"""


def counts(outcome):
    return tuple(sum(one.values()) for one in (outcome.made, outcome.changed, outcome.unchanged))


# --- again and again


def test_a_second_run_changes_nothing(load):
    assert counts(load(people=PEOPLE, article=ARTICLE)) == (5, 0, 0)
    before = list(Entry.objects.order_by("pk").values())
    outcome = load()
    assert counts(outcome) == (0, 0, 5)
    assert list(Entry.objects.order_by("pk").values()) == before


def test_a_change_is_counted_and_touches_that_entry_alone(load):
    load(people=PEOPLE, article=ARTICLE)
    before = dict(Entry.objects.values_list("slug", "modified_at"))
    assert counts(load(article=ARTICLE.replace("stance: supports", "stance: opposes"))) == (0, 1, 4)
    after = dict(Entry.objects.values_list("slug", "modified_at"))
    assert [slug for slug in after if after[slug] != before[slug]] == ["a-claim"]
    assert Position.objects.get(slug="a-claim").stance == "opposes"


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("tags: [one, two]", "tags: [one]", "article"),
        ("authors: ada-kim", "authors: [ada-kim, jo-roe]", "article"),
        ("- passage: paragraph 1", "- passage: paragraph 2", "a-claim"),
        ("- passage: paragraph 1", "- reference: cites article", "a-claim"),
    ],
)
def test_a_change_of_what_belongs_to_an_entry_touches_it(load, old, new, changed):
    load(people=PEOPLE, article=ARTICLE)
    before = dict(Entry.objects.values_list("slug", "modified_at"))
    assert old in ARTICLE
    outcome = load(article=ARTICLE.replace(old, new))
    assert outcome.problems == []
    after = dict(Entry.objects.values_list("slug", "modified_at"))
    assert [slug for slug in after if after[slug] != before[slug]] == [changed]
    assert counts(outcome) == (0, 1, 4)
    assert counts(load()) == (0, 0, 5)


def test_what_a_note_does_not_mention_stays_and_an_empty_field_is_emptied(load):
    load(people=PEOPLE, article=ARTICLE)
    Article.objects.update(outlet="The Outlet", doi="10.1/x")
    article = Article.objects.get()
    article.regions.add(Region.objects.create(slug="r", name="R"))
    load(article=ARTICLE.replace("authors:", "doi:\n    authors:"))
    article.refresh_from_db()
    assert (article.outlet, article.doi) == ("The Outlet", "")
    assert article.regions.count() == 1
    load(article=ARTICLE.replace("tags: [one, two]", "tags:"))
    assert not article.tags.exists()


def test_tags_are_the_same_however_they_are_capitalised(load):
    load(people=PEOPLE, article=ARTICLE)
    assert counts(load(article=ARTICLE.replace("[one, two]", "[Two, ONE]"))) == (0, 0, 5)


def test_a_published_entry_stays_published_with_unpublished_changes(load):
    load(people=PEOPLE, article=ARTICLE)
    Entry.objects.update(status=Status.PUBLISHED, published_at=timezone.now())
    assert counts(load()) == (0, 0, 5)
    load(article=ARTICLE.replace("# An article", "# A better title"))
    article = Article.objects.get()
    assert (article.status, article.title) == ("published", "A better title")
    assert article.has_unpublished_changes
    assert not any(position.has_unpublished_changes for position in Position.objects.all())


def test_the_status_is_submitted_and_taken_back_but_a_reviewers_word_stands(load):
    load(people=PEOPLE, article=ARTICLE)
    assert set(Entry.objects.values_list("status", flat=True)) == {"submitted"}
    load(article=ARTICLE.replace("ready for review", "draft"))
    assert set(Entry.objects.values_list("status", flat=True)) == {"draft"}
    Article.objects.update(status=Status.WITHDRAWN)
    load(article=ARTICLE)
    assert Article.objects.get().status == "withdrawn"
    assert Position.objects.filter(status="submitted").count() == 2


def test_without_a_status_an_entry_is_a_draft_and_stays_what_it_is(load):
    load(note="---\nkind: proposition\n---\n# P\n")
    assert Entry.objects.get().status == "draft"
    Entry.objects.update(status=Status.SUBMITTED)
    assert counts(load()) == (0, 0, 1)


def test_an_import_says_whose_edit_it_is(load, tmp_path):
    ada = User.objects.create(username="ada")
    load(people=PEOPLE, article=ARTICLE)
    import_notes([tmp_path], by=ada)
    assert not Entry.objects.filter(modified_by=ada).exists()
    (tmp_path / "notes" / "new.md").write_text("---\nkind: proposition\n---\n# P\n")
    import_notes([tmp_path / "notes" / "new.md"], by=ada)
    assert Entry.objects.get(modified_by=ada).slug == "new"


def test_what_is_taken_out_of_a_note_stays_and_is_remarked_on(load):
    load(people=PEOPLE, article=ARTICLE)
    outcome = load(article=ARTICLE.replace("- Another claim", ""))
    assert Position.objects.filter(slug="another-claim").exists()
    assert [(remark.line, remark.message.partition(",")[0]) for remark in outcome.remarks] == [
        (7, "The position “another-claim” is in the knowledge base")
    ]
    assert counts(outcome) == (0, 0, 4)


def test_a_list_in_a_note_is_the_whole_list(load):
    text = """
        ---
        kind: workshop
        attendance:
          - ada-kim
          - person: jo-roe
            role: chair
        references:
          - cites article
          - see also: article
        ---
        # W
    """
    load(people=PEOPLE, article=ARTICLE, workshop=text)
    assert (Attendance.objects.count(), CrossReference.objects.count()) == (2, 2)
    chair = Attendance.objects.get(role="chair").pk
    load(workshop=text.replace("          - ada-kim\n", "").replace("          - cites article\n", ""))
    assert [one.pk for one in Attendance.objects.all()] == [chair]
    assert [one.relation for one in CrossReference.objects.all()] == ["see_also"]


def test_passages_keep_their_rows_when_one_changes(load):
    load(people=PEOPLE, article=ARTICLE)
    before = Passage.objects.get().pk
    load(article=ARTICLE.replace("- passage: paragraph 1", "- passage: paragraph 9\n      - passage: paragraph 10"))
    assert [(one.pk == before, one.locator) for one in Passage.objects.order_by("number")] == [
        (True, "paragraph 9"),
        (False, "paragraph 10"),
    ]


def test_sessions_may_change_places(load):
    agenda = "---\nkind: workshop\n---\n# W\n## Sessions\n- Session 1: One\n- Session 2: Two\n"
    load(w=agenda)
    outcome = load(
        w=agenda.replace("- Session 1: One", "- Session 1: Zero\n- Session 2: One").replace("2: Two", "3: Two")
    )
    assert outcome.problems == []
    assert list(Session.objects.order_by("number").values_list("slug", flat=True)) == ["w-zero", "w-one", "w-two"]
    assert counts(outcome) == (1, 2, 1)
    assert counts(load()) == (0, 0, 4)


def test_a_theme_related_to_one_in_another_file_is_related_after_each_run(load):
    a = "---\nkind: themes\n---\n## A\n- related: b\n"
    b = "---\nkind: themes\n---\n## B\n- related: c\n## C\n"
    load(a=a, b=b)
    assert counts(load()) == (0, 0, 3)
    assert [theme.slug for theme in Theme.objects.get(slug="b").related.order_by("slug")] == ["a", "c"]


# --- wholly or not at all


def test_a_file_with_a_problem_leaves_no_trace_and_the_others_load(load):
    outcome = load(
        people=PEOPLE,
        article=ARTICLE.replace("# An article", "# An article\n").replace("stance: supports", "stance: maybe"),
        proposition="---\nkind: proposition\n---\n# P\n",
    )
    assert [Path(path).name for path in outcome.failed] == ["article.md"]
    assert (Person.objects.count(), list(Entry.objects.values_list("slug", flat=True))) == (2, ["proposition"])
    assert not Passage.objects.exists()


def test_a_change_that_fails_leaves_everything_as_it_was(load):
    load(people=PEOPLE, article=ARTICLE)
    before = list(Entry.objects.order_by("pk").values())
    worse = ARTICLE.replace("# An article", "# A new title").replace("paragraph 1", "p" * 101).replace("one,", "")
    assert [problem.line for problem in load(article=worse).problems] == [13]
    assert list(Entry.objects.order_by("pk").values()) == before
    assert sorted(Article.objects.get().tags.names()) == ["one", "two"]


def test_what_refers_to_a_file_with_a_problem_is_not_loaded_either(load):
    outcome = load(people=PEOPLE + "## No Comma\n", article=ARTICLE)
    assert [problem.message for problem in outcome.problems if "article" in problem.path] == [
        f"The person “ada-kim” stands in {outcome.failed[1]}:4, which has something wrong with it."
    ]
    assert not Entry.objects.exists()


def test_but_it_is_loaded_where_that_was_loaded_before(load):
    load(people=PEOPLE)
    outcome = load(people=PEOPLE + "## No Comma\n", article=ARTICLE)
    assert [Path(path).name for path in outcome.failed] == ["people.md"]
    assert Article.objects.exists()


def test_the_same_thing_in_two_files_is_a_problem(load):
    outcome = load(a=PEOPLE, b="---\nkind: people\n---\n## Kim, Ada\n")
    assert [(Path(one.path).name, one.line) for one in outcome.problems] == [("b.md", 4)]
    assert "stands already in" in outcome.problems[0].message


def test_a_dry_run_tells_all_and_keeps_nothing(load):
    outcome = load(dry_run=True, people=PEOPLE, article=ARTICLE)
    assert counts(outcome) == (5, 0, 0)
    assert (Entry.objects.count(), Person.objects.count()) == (0, 0)


# --- in any order

CROSSWISE = {
    "w": """
        ---
        kind: workshop
        references:
          - cites a
        ---
        # W
        """,
    "a": """
        ---
        kind: article
        authors: ada-kim
        references:
          - see also: position b-claim
        ---
        # A
        ## Positions
        - A claim
          - slug: a-claim
          - proposition: p
          - stance: supports
          - reported from: w
        """,
    "b": """
        ---
        kind: article
        references:
          - cites article a
        ---
        # B
        ## Positions
        - B claim
          - slug: b-claim
          - references:
            - responds to a-claim
        """,
    "p": "---\nkind: proposition\n---\n# P\n",
    "z": "---\nkind: people\n---\n## Kim, Ada\n",
}


@pytest.mark.parametrize("order", list(permutations("wabpz"))[::7])
def test_files_are_loaded_whatever_the_order(load, tmp_path, order):
    folder = tmp_path / "notes"
    load(dry_run=True, **CROSSWISE)
    outcome = import_notes([folder / f"{name}.md" for name in order])
    assert outcome.problems == []
    assert CrossReference.objects.count() == 4
    assert counts(outcome) == (7, 0, 0)


def test_files_that_refer_to_each_other_are_loaded_together_or_not_at_all(load):
    outcome = load(**{**CROSSWISE, "b": CROSSWISE["b"].replace("- responds to a-claim", "- responds to nothing")})
    assert [Path(path).name for path in outcome.failed] == ["a.md", "b.md", "w.md"]
    assert list(Entry.objects.values_list("slug", flat=True)) == ["p"]


def test_a_slug_that_names_two_entries_is_asked_about(load):
    outcome = load(
        x="---\nkind: workshop\nslug: same\n---\n# W\n",
        y="---\nkind: article\nslug: same\n---\n# A\n",
        z="---\nkind: proposition\nreferences:\n  - cites same\n---\n# P\n",
    )
    assert [problem.message for problem in outcome.problems] == [
        "“same” may be an article or a workshop: write “article same”."
    ]
    assert Workshop.objects.exists()


# --- which files


def test_a_readme_is_no_note_and_a_folder_without_notes_is_told(tmp_path):
    (tmp_path / "README.md").write_text("# About this folder\n")
    outcome = import_notes([tmp_path])
    assert [problem.message for problem in outcome.problems] == [
        "There is no note in this folder: no file that ends in .md."
    ]


def test_a_file_that_is_not_there_is_told(tmp_path):
    outcome = import_notes([tmp_path / "nowhere.md"])
    assert [str(problem) for problem in outcome.problems] == [
        f"{tmp_path}/nowhere.md:1: The file can't be read: No such file or directory."
    ]


def test_a_file_named_twice_is_read_once(load, tmp_path):
    load(people=PEOPLE)
    assert import_notes([tmp_path, tmp_path / "notes" / "people.md"]).files == 1


# --- passages and the texts that they stand in

WITH_TEXT = ARTICLE.replace(
    "# An article\n", "# An article\n\n    It was said that a plan which nobody sees deters nobody at all.\n"
).replace("- passage: paragraph 1\n", "- passage:\n        - quotation: a plan which nobody sees\n")


def test_a_passage_is_found_in_the_text_of_the_same_file_and_stays_found(load):
    assert counts(load(people=PEOPLE, article=WITH_TEXT)) == (5, 0, 0)
    passage = Passage.objects.get()
    assert (passage.state, passage.prefix) == ("exact", "It was said that ")
    assert counts(load()) == (0, 0, 5)


def test_an_edited_text_loses_passages_aloud(load):
    load(people=PEOPLE, article=WITH_TEXT)
    editor = User.objects.create_user("ed")
    outcome = load(article=WITH_TEXT.replace("It was said that a plan which nobody sees", "A plan"), by=editor)
    assert Passage.objects.get().state == "lost"
    assert [one.message for one in outcome.remarks] == [
        "A passage of “a-claim” no longer stands in this text as it did, and waits for somebody to look."
    ]
    assert Entry.objects.get(slug="a-claim").modified_by == editor


def test_an_edited_text_with_its_passages_edited_along_is_no_news(load):
    load(people=PEOPLE, article=WITH_TEXT)
    outcome = load(article=WITH_TEXT.replace("a plan which nobody sees", "a plan that nobody sees"))
    assert outcome.remarks == outcome.problems == []
    assert Passage.objects.get().state == "exact"
