"""Editing entries together: seen before it is done, told where somebody was quicker, and taken back."""

import re
import threading

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from apps.curation.models import Entry, Position, Proposition, Status
from apps.gate.publication import publish
from apps.public.catalogue.models import Record
from apps.workbench.batches import MANY, plan_of, show
from apps.workbench.models import Batch
from tests.workbench.forms import ENTRIES, save


def words(response) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True).split())


def choose(client, *entries: Entry, across: bool = False, address: str = ENTRIES):
    data = {"action": "edit_together", ACTION_CHECKBOX_NAME: [entry.pk for entry in entries]}
    return client.post(address, data | ({"select_across": "1"} if across else {}), follow=True)


def ask(client, batch: Batch, **wanted):
    return client.post(reverse("admin:together", args=[batch.pk]), wanted, follow=True)


def prepared(client, *entries: Entry, **wanted) -> Batch:
    choose(client, *entries)
    batch = Batch.objects.latest("pk")
    response = ask(client, batch, **wanted)
    assert response.redirect_chain, words(response)
    batch.refresh_from_db()
    return batch


def decide(client, batch: Batch, how: str = "_make"):
    response = client.post(reverse("admin:batch", args=[batch.pk]), {how: "1"}, follow=True)
    batch.refresh_from_db()
    return response


def terms(entry: Entry) -> tuple[list[str], list[str], list[str]]:
    entry = Entry.objects.get(pk=entry.pk)
    return tuple(sorted(one.name for one in getattr(entry, name).all()) for name in ("regions", "themes", "tags"))


def test_what_would_change_is_shown_before_it_does_and_then_made(analyst, entries):
    wanted = {"add_regions": "europe", "add_themes": "Calm", "add_tags": "b, c", "remove_tags": "A TAG"}
    batch = prepared(analyst, entries.position, entries.article, **wanted)
    page = words(analyst.get(reverse("admin:batch", args=[batch.pk])))
    assert "2 entries would change" in page
    assert terms(entries.position) == (["Baltic"], ["Calm"], ["a tag"])
    decide(analyst, batch)
    assert terms(entries.position) == (["Baltic", "Europe"], ["Calm"], ["b", "c"])
    assert terms(entries.article) == (["Europe"], ["Calm"], ["b", "c"])
    assert Entry.objects.get(slug="a").modified_by == analyst.user


def test_only_what_would_change_is_shown(analyst, entries):
    batch = prepared(analyst, entries.position, entries.article, add_themes="Calm")
    assert [row["title"] for row in batch.rows] == ["An article"]
    assert batch.unchanged == 1
    before = Position.objects.get().modified_at
    decide(analyst, batch)
    assert Position.objects.get().modified_at == before


def test_all_that_match_can_be_chosen(analyst, entries):
    for number in range(60):  # more than a page
        Proposition.objects.create(slug=f"p{number}", title="Another")
    choose(analyst, entries.proposition, across=True, address=f"{ENTRIES}?kind__exact=proposition")
    assert len(Batch.objects.get().asked["entries"]) == 61


def test_each_kinds_list_offers_it(analyst, entries):
    for kind in ("article", "workshop", "session", "proposition", "position"):
        page = analyst.get(reverse(f"admin:curation_{kind}_changelist"))
        assert 'value="edit_together"' in page.content.decode()


def test_an_entry_edited_meanwhile_is_shown_again_and_not_overwritten(analyst, reviewer, entries):
    batch = prepared(analyst, entries.position, remove_tags="a tag")
    save(reviewer, entries.position, tags="a tag, theirs")
    page = decide(analyst, batch)
    assert "“A position” would not become what you were shown" in words(page)
    assert terms(entries.position)[2] == ["a tag", "theirs"]
    decide(analyst, batch)
    assert terms(entries.position)[2] == ["theirs"]


def test_an_entry_deleted_meanwhile_is_told(analyst, entries):
    batch = prepared(analyst, entries.position, entries.article, add_tags="b")
    Position.objects.get().delete()
    assert "somebody has edited something meanwhile" in words(decide(analyst, batch))
    assert "1 of those chosen is deleted by now" in words(analyst.get(reverse("admin:batch", args=[batch.pk])))


def test_it_is_one_step_of_each_history_and_can_be_taken_back(analyst, entries):
    batch = prepared(analyst, entries.position, entries.article, add_regions="Europe", remove_tags="a tag")
    decide(analyst, batch)
    history = words(analyst.get(reverse("admin:curation_position_history", args=[entries.position.pk])))
    assert f"Edited together (no. {batch.pk})" in history
    assert "2 entries are as they were before" in words(decide(analyst, batch, "_take_back"))
    assert terms(entries.position) == (["Baltic"], ["Calm"], ["a tag"])
    assert terms(entries.article) == ([], [], [])
    assert "nothing to take back" in words(decide(analyst, batch, "_take_back"))


def test_what_somebody_went_on_from_stays(analyst, reviewer, entries):
    batch = prepared(analyst, entries.position, entries.article, add_tags="b")
    decide(analyst, batch)
    save(reviewer, entries.position, title="Another title")
    page = words(decide(analyst, batch, "_take_back"))
    assert "1 entries are as they were before" in page or "1 entry is as it was before" in page
    assert "1 was left. “A position”: it was edited since" in page
    assert terms(entries.position)[2] == ["a tag", "b"]
    assert terms(entries.article)[2] == []


def test_entries_are_handed_in_and_taken_back_from_review(analyst, entries):
    batch = prepared(analyst, entries.position, entries.article, status="submitted")
    decide(analyst, batch)
    assert set(Entry.objects.filter(slug__in="ao").values_list("status", flat=True)) == {Status.SUBMITTED}
    assert entries.article.submissions.count() == 1
    history = reverse("admin:curation_article_history", args=[entries.article.pk])
    assert "Submitted for review" in words(analyst.get(history))
    again = prepared(analyst, entries.position, entries.article, entries.workshop, status="draft")
    assert len(again.rows) == 2
    decide(analyst, again)
    assert not Entry.objects.exclude(status=Status.DRAFT).exists()


def test_where_they_stood_is_taken_back_too(analyst, entries):
    batch = prepared(analyst, entries.article, status="submitted", add_tags="b")
    decide(analyst, batch)
    decide(analyst, batch, "_take_back")
    article = Entry.objects.get(slug="a")
    assert (article.status, terms(article)[2]) == (Status.DRAFT, [])


def test_what_is_published_stays_as_it_was_and_is_not_a_draft_again(analyst, reviewer, entries):
    publish(entries.article, by=reviewer.user)
    assert prepared(analyst, entries.article, status="draft").rows == []
    assert prepared(analyst, entries.article, status="submitted").rows == []
    decide(analyst, prepared(analyst, entries.article, add_tags="b", status="submitted"))
    assert Entry.objects.get(slug="a").status == Status.SUBMITTED
    assert Record.objects.live().get(kind="article").content["tags"] == []


def test_the_gate_says_what_it_would_have_against_it(analyst, entries):
    Position.objects.update(article=None, session=entries.session)
    batch = prepared(analyst, entries.position, add_tags="Quill Zarnecki")
    page = words(analyst.get(reverse("admin:batch", args=[batch.pk])))
    assert "The gate would have" in page
    assert terms(entries.position)[2] == ["a tag"]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({}, "Say what is to be changed"),
        ({"add_regions": "Balttic"}, "Did you mean “Baltic”"),
        ({"add_tags": "x" * 300}, "too long for a tag"),
        ({"add_tags": "x, y", "remove_tags": "x"}, "can't add and remove the same"),
        ({"status": "published"}, "Select a valid choice"),
        ({"add_tags": "a\x00b"}, "Null characters"),
    ],
)
def test_what_can_not_be_done_is_told_with_what_was_typed_still_there(analyst, entries, wanted, said):
    choose(analyst, entries.position)
    response = ask(analyst, Batch.objects.get(), **wanted)
    assert said in words(response)
    if "add_regions" in wanted:
        assert 'value="Balttic"' in response.content.decode()


def test_nobody_edits_together_who_may_not_edit(looker, analyst, reviewer, entries):
    choose(looker, entries.position)
    assert not Batch.objects.exists()
    batch = prepared(analyst, entries.position, add_tags="b")
    for address in ("batch", "together"):
        assert looker.get(reverse(f"admin:{address}", args=[batch.pk])).status_code == 403
        assert reviewer.get(reverse(f"admin:{address}", args=[batch.pk])).status_code == 404


def test_a_preview_is_paged_and_costs_the_same_for_many(analyst, entries):
    for number in range(60):
        Proposition.objects.create(slug=f"p{number}", title=f"Another {number}")
    batch = prepared(analyst, *Proposition.objects.all(), add_tags="b")
    page = analyst.get(reverse("admin:batch", args=[batch.pk]), {"page": "3"})
    assert "Page 3 of 3" in words(page)
    assert len(re.findall(r"Another \d+", words(page))) == 11


def test_making_it_costs_the_same_queries_for_ten_entries_and_for_fifty(analyst, entries):
    for number in range(49):
        Proposition.objects.create(slug=f"p{number}", title=f"Another {number}")
    costs = []
    for number in (10, 50):
        batch = prepared(analyst, *Proposition.objects.all()[:number], add_tags=f"b{number}")
        with CaptureQueriesContext(connection) as done:
            decide(analyst, batch)
        costs.append(len(done))
    assert costs[1] - costs[0] < 5


@pytest.mark.django_db(transaction=True)
def test_much_is_made_in_the_background_and_told_on_its_page(analyst):
    made = [Proposition.objects.create(slug=f"p{number}", title=f"Another {number}") for number in range(MANY + 1)]
    batch = prepared(analyst, made[0], add_tags="b")
    batch.asked["entries"] = [one.pk for one in made]
    show(batch, plan_of(batch))
    batch.save()
    page = words(decide(analyst, batch))
    assert "Being made since" in page or "Made on" in page
    for thread in threading.enumerate():
        if thread.name == f"batch {batch.pk}":
            thread.join()
    page = words(analyst.get(reverse("admin:batch", args=[batch.pk])))
    assert f"Done: {MANY + 1} entries" in page
    assert "Made on" in page
    assert Entry.objects.filter(tagged__tag__name="b").count() == MANY + 1


def test_what_is_being_made_is_not_made_twice(analyst, entries):
    batch = prepared(analyst, entries.position, add_tags="b")
    Batch.objects.update(making_since=now())
    for how in ("_make", "_drop"):
        assert "Wait until that is done" in words(decide(analyst, batch, how))
    assert terms(entries.position)[2] == ["a tag"]
