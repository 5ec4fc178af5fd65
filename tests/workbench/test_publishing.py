"""A reviewer's work in the admin: findings, publishing, withdrawing."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from apps.curation.models import (
    Article,
    Entry,
    Position,
    Status,
    Workshop,
)
from apps.gate.models import Acknowledgement
from apps.gate.publication import publish
from apps.public.catalogue.models import Record
from tests.workbench.forms import change, form_of


def test_a_reviewer_publishes_and_an_analyst_can_not(analyst, reviewer, entries):
    form = form_of(analyst, change(entries.article))
    assert analyst.post(change(entries.article), form | {"_publish": "1"}).status_code == 403
    assert not Record.objects.exists()
    assert "_publish" not in analyst.get(change(entries.article)).content.decode()
    assert analyst.post(change(entries.article), form | {"_submit": "1"}).status_code == 302
    assert Entry.objects.get(pk=entries.article.pk).status == Status.SUBMITTED
    form = form_of(reviewer, change(entries.article))
    assert reviewer.post(change(entries.article), form | {"_publish": "1"}).status_code == 302
    assert Record.objects.get().title == "An article"


@pytest.mark.parametrize("action", ["publish_selected", "withdraw_selected"])
def test_an_analyst_is_not_offered_what_only_reviewers_may_do(analyst, entries, action):
    address = reverse("admin:curation_article_changelist")
    analyst.post(address, {"action": action, "_selected_action": [entries.article.pk]})
    assert not Record.objects.exists()


def test_findings_stand_beside_the_field_they_concern(analyst, entries):
    Workshop.objects.update(rule="chatham_house")
    position = Position.objects.create(slug="z", title="As Zarnecki said", session=entries.session)
    page = BeautifulSoup(analyst.get(change(position)).content, "html.parser")
    assert "Zarnecki" in page.select_one(".field-title .finding").get_text()
    assert "Take the name out" in page.select_one(".gate").get_text()


def test_a_refusal_is_told_in_plain_words(reviewer, entries):
    address = reverse("admin:curation_position_changelist")
    response = reviewer.post(
        address, {"action": "publish_selected", "_selected_action": [entries.position.pk]}, follow=True
    )
    told = BeautifulSoup(response.content, "html.parser").select_one(".messagelist").get_text()
    assert "“A position” was not published" in told
    assert "Publish that article first" in told


def test_a_warning_passes_with_a_reason_that_is_kept(officer, reviewer, entries):
    position = Position.objects.create(slug="z", title="On the Host Institute", session=entries.session)
    assert not BeautifulSoup(reviewer.get(change(position)).content, "html.parser").select("form.acknowledge")
    page = BeautifulSoup(officer.get(change(position)).content, "html.parser")
    form = page.select_one("form.acknowledge")
    data = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    officer.post(form["action"], data | {"reason": "It is the subject."})
    assert Acknowledgement.objects.get().reason == "It is the subject."
    page = BeautifulSoup(reviewer.get(change(position)).content, "html.parser")
    assert "acknowledged" in page.select_one(".findings").get_text()
    assert not page.select("form#position_form .finding-warning")  # nothing is asked for beside the field any more


def test_withdrawing_asks_first_and_names_what_goes_along(reviewer, entries):
    for entry in (entries.article, entries.proposition, entries.position):
        publish(entry, by=reviewer.user)
    address = reverse("admin:curation_article_withdraw", args=[entries.article.pk])
    page = reviewer.get(address).content.decode()
    assert "A position" in page
    assert Record.objects.live().count() == 3
    reviewer.post(address, {"confirmed": "Withdraw"})
    assert Record.objects.live().count() == 1


def test_what_is_published_can_not_be_deleted(reviewer, entries):
    publish(entries.article, by=reviewer.user)
    address = reverse("admin:curation_article_delete", args=[entries.article.pk])
    Position.objects.all().delete()
    assert "withdraw it first" in reviewer.get(address).content.decode()
    reviewer.post(address, {"post": "yes"})
    assert Article.objects.filter(pk=entries.article.pk).exists()


def test_a_preview_shows_the_public_page_and_writes_nothing(analyst, entries):
    response = analyst.get(reverse("admin:curation_position_preview", args=[entries.position.pk]))
    assert "A position" in response.content.decode()
    assert not Record.objects.exists()
