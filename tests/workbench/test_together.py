"""Two people on the same entry: nobody overwrites the other unseen, and both are told."""

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from apps.curation.models import Article, Attendance, Person, Position
from apps.workbench.models import A_WHILE, Presence
from tests.workbench.forms import change, form_of, problems, save


def test_what_somebody_edited_meanwhile_is_not_overwritten_unseen(analyst, reviewer, entries):
    form = form_of(analyst, change(entries.article))
    save(reviewer, entries.article, title="By the reviewer")
    response = analyst.post(change(entries.article), form | {"summary": "By the analyst"})
    assert "rex has edited “By the reviewer” since you opened this" in problems(response)
    assert "By the analyst" in response.content.decode()
    assert Article.objects.get().title == "By the reviewer"


def test_who_has_been_told_may_save_over_it(analyst, reviewer, entries):
    form = form_of(analyst, change(entries.article))
    save(reviewer, entries.article, title="By the reviewer")
    response = analyst.post(change(entries.article), form)
    again = _seen(response)
    assert analyst.post(change(entries.article), form | {"seen": again}).status_code == 302
    assert Article.objects.get().title == "An article"


def _seen(response) -> str:
    return BeautifulSoup(response.content, "html.parser").select_one("input[name=seen]")["value"]


def test_what_belongs_to_an_entry_counts_as_edited_too(analyst, reviewer, entries):
    form = form_of(analyst, change(entries.workshop))
    person = Person.objects.create(slug="y", family_name="Other")
    other = form_of(reviewer, change(entries.workshop))
    other |= {"attendances-TOTAL_FORMS": "2", "attendances-1-person": person.pk, "attendances-1-role": "participant"}
    assert reviewer.post(change(entries.workshop), other).status_code == 302
    assert "rex has edited" in problems(analyst.post(change(entries.workshop), form))
    assert Attendance.objects.count() == 2


def test_a_line_on_another_form_is_guarded_like_a_form(analyst, reviewer, entries):
    form = form_of(analyst, change(entries.article))
    save(reviewer, entries.position, title="By the reviewer")
    response = analyst.post(change(entries.article), form | {"positions-0-stance": "opposes"})
    assert "rex has edited “By the reviewer”" in problems(response)
    assert Position.objects.get().stance == "supports"


def test_a_line_that_nobody_edited_is_nobodys_conflict(analyst, reviewer, entries):
    form = form_of(analyst, change(entries.article))
    assert analyst.post(change(entries.article), form | {"positions-0-stance": "opposes"}).status_code == 302
    assert analyst.post(change(entries.article), form_of(analyst, change(entries.article))).status_code == 302


@pytest.mark.parametrize("seen", ["rubbish", "\x00", "2020-01-01"])
def test_a_moment_that_is_none_is_an_old_one(analyst, entries, seen):
    assert "edited" in problems(save(analyst, entries.article, seen=seen))


# --- Who else is here


def others(client, entry) -> str:
    page = BeautifulSoup(client.get(change(entry)).content, "html.parser")
    return " ".join(one.get_text(" ", strip=True) for one in page.select(".others"))


def test_who_else_has_the_form_open_is_told(analyst, reviewer, entries):
    assert others(analyst, entries.article) == ""
    assert "ana has had this form open for 0" in others(reviewer, entries.article)
    assert "rex has had" in others(analyst, entries.article)
    assert others(analyst, entries.proposition) == ""


def test_who_saved_or_left_long_ago_is_not_here_any_more(analyst, reviewer, entries):
    save(analyst, entries.article, title="Done")
    assert others(reviewer, entries.article) == ""
    Presence.objects.update(at=timezone.now() - A_WHILE)
    assert others(analyst, entries.article) == ""


def test_who_may_only_look_is_in_nobodys_way(analyst, looker, entries):
    others(looker, entries.article)
    assert others(analyst, entries.article) == ""
