"""The vocabulary's forms, the lists and the front page."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils.timezone import now

from apps.curation.models import (
    Entry,
    Position,
    Session,
    Workshop,
)
from apps.gate.publication import preview, publish
from apps.gate.rules import rule_of
from apps.public.catalogue.models import Record
from apps.taxonomy.models import Broader, Region, Theme
from tests.workbench.forms import ENTRIES, change, form_of, problems


def test_a_theme_gets_broader_ones_and_never_a_circle(analyst, entries):
    wide = Theme.objects.create(slug="wide", name="Wide")
    address = reverse("admin:taxonomy_theme_change", args=[entries.theme.pk])
    assert analyst.post(address, form_of(analyst, address) | {"above": [wide.pk]}).status_code == 302
    assert Broader.objects.get().broader == wide
    back = reverse("admin:taxonomy_theme_change", args=[wide.pk])
    response = analyst.post(back, form_of(analyst, back) | {"above": [entries.theme.pk]})
    assert "broader than itself" in problems(response)
    response = analyst.post(address, form_of(analyst, address) | {"related": [wide.pk]})
    assert "neither broader" in problems(response)


def test_a_region_is_never_put_beneath_itself(analyst, entries):
    address = reverse("admin:taxonomy_region_change", args=[entries.europe.pk])
    response = analyst.post(address, form_of(analyst, address) | {"parent": entries.baltic.pk})
    assert "lies within" in problems(response)


def test_the_slug_of_a_term_in_use_is_fixed(analyst, entries):
    """In use: on an entry, above one that is, or on a record that an entry no longer agrees with."""
    kept = Region.objects.create(slug="kept", name="Kept by a record alone")
    content = {**preview(entries.position), "regions": ["kept"]}
    Record.objects.create(
        identifier="23456789", kind="position", title="P", content=content, version=1, change=1, published_at=now()
    )
    unused = Region.objects.create(slug="unused", name="Unused")
    for region, is_fixed in ((entries.baltic, True), (entries.europe, True), (kept, True), (unused, False)):
        shown = form_of(analyst, reverse("admin:taxonomy_region_change", args=[region.pk]))
        assert ("slug" not in shown) == is_fixed, region


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"region": "europe"}, 1), ({"region": "baltic"}, 1), ({"theme": "calm"}, 1), ({"tag": "a-tag"}, 1),
        ({"stance__exact": "opposes"}, 0), ({"rule": "on_the_record"}, 1), ({"rule": "chatham_house"}, 0),
        ({"region": "narnia"}, 0), ({"status": "draft"}, 1), ({"status": "published"}, 0),
    ],
)  # fmt: skip
def test_lists_are_filtered(analyst, entries, parameters, found):
    response = analyst.get(reverse("admin:curation_position_changelist"), parameters)
    assert response.context["cl"].result_count == found


@pytest.mark.parametrize(
    ("dated", "found"),
    [("", "2023-06"), ("article", "2021-05"), ("reported_from", "2023-06"), ("position", "2019-02")],
)
def test_dates_are_drilled_by_the_date_that_applies(analyst, entries, dated, found):
    """Its own, else its session's, the workshop's it is reported from, or its article's: as its record says."""
    if dated:
        entries.article.date = "2021-05"
        entries.article.save()
    else:
        Position.objects.update(article=None, session=entries.session)
    if dated == "reported_from":
        Position.objects.update(reported_from=entries.workshop)
    if dated == "position":
        entries.position.date = "2019-02-03"
        entries.position.save()
    list_of_positions = reverse("admin:curation_position_changelist")
    for date, count in ((found, 1), (found[:4], 1), (f"{found[:5]}12", 0), ("1999", 0)):
        page = analyst.get(list_of_positions, {"date": date})
        assert page.context["cl"].result_count == count, date
    offered = BeautifulSoup(analyst.get(list_of_positions, {"date": found[:4]}).content, "html.parser")
    assert offered.select_one(f"#changelist-filter a[href*='date={found}']")
    assert preview(Position.objects.get())["date"].startswith(found)


@pytest.mark.parametrize(
    ("rule", "own", "applies"),
    [
        ("on_the_record", "", "on_the_record"),
        ("on_the_record", "chatham_house", "chatham_house"),
        ("off_the_record", "on_the_record", "off_the_record"),
    ],
)
def test_the_list_of_all_entries_shows_and_filters_by_the_rule_that_applies(analyst, entries, rule, own, applies):
    """The database works the rule out for this list; it is the one that the models work out for one entry."""
    Workshop.objects.update(rule=rule)
    Session.objects.update(rule=own)
    Position.objects.create(slug="z", title="Said there", session=entries.session)
    rows = {entry.pk: entry.applying for entry in analyst.get(ENTRIES).context["cl"].result_list}
    assert rows == {entry.pk: rule_of(entry.child) or "" for entry in Entry.objects.all()}
    found = {entry.pk for entry in analyst.get(ENTRIES, {"rule": applies}).context["cl"].result_list}
    assert found == {pk for pk, value in rows.items() if value == applies}


def test_publishing_many_goes_from_sources_to_what_they_hold(reviewer, entries):
    pks = [entries.position.pk, entries.proposition.pk, entries.article.pk]
    response = reviewer.post(ENTRIES, {"action": "publish_selected", "_selected_action": pks}, follow=True)
    assert "3 published." in response.content.decode()
    response = reviewer.post(ENTRIES, {"action": "submit_selected", "_selected_action": pks}, follow=True)
    assert "3 left as published" in response.content.decode()


def test_withdrawing_many_asks_first_and_leaves_what_is_not_public(reviewer, entries):
    publish(entries.article, by=reviewer.user)
    chosen = {"action": "withdraw_selected", "_selected_action": [entries.article.pk, entries.proposition.pk]}
    page = reviewer.post(ENTRIES, chosen).content.decode()
    assert "Not public, and left as it is: “A proposition”" in page
    reviewer.post(ENTRIES, chosen | {"confirmed": "Withdraw"})
    assert not Record.objects.live().exists()


def test_the_front_page_is_in_the_order_of_the_work(reviewer, analyst):
    page = BeautifulSoup(reviewer.get(reverse("admin:index")).content, "html.parser")
    captions = [one.get_text() for one in page.select("#content caption")]
    assert captions == ["Entries", "People", "Vocabulary"]
    assert page.select_one("#content th a").get_text() == "All entries"


def test_an_entry_of_any_kind_leads_to_the_form_of_its_kind(analyst, entries):
    response = analyst.get(reverse("admin:curation_entry_change", args=[entries.article.pk]))
    assert response.url == change(entries.article)
    assert Region.objects.exists()


@pytest.mark.parametrize("lookup", ["stance__regex", "title__iregex", "proposition__title__regex"])
def test_a_pattern_in_an_address_is_refused(analyst, entries, lookup):
    assert analyst.get(reverse("admin:curation_position_changelist"), {lookup: "("}).status_code == 400
