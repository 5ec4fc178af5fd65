"""Where something is used: on its form, through every relation that leads to it."""

import pytest
from bs4 import BeautifulSoup
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from taggit.models import Tag

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    Candidate,
    CrossReference,
    Position,
    Proposition,
)
from apps.taxonomy.models import Broader, Theme
from apps.workbench.uses import _HEADINGS, _relations, where_used


@pytest.fixture
def used(entries):
    """Everything there is, referred to in every way that there is."""
    e = entries
    Authorship.objects.create(article=e.article, person=e.person, affiliation=e.host)
    CrossReference.objects.create(source=e.article.entry, target=e.proposition.entry, relation="cites")
    Position.objects.create(slug="r", title="Reported", article=e.article, reported_from=e.workshop)
    said = Position.objects.create(slug="said", title="Said", session=e.session, descriptor_expertise=e.baltic)
    said.speakers.add(e.person)
    attendance = Attendance.objects.create(workshop=e.workshop, session=e.session, person=e.person)
    attendance.expertise.add(e.baltic)
    candidate = Candidate.objects.create(
        session=e.session, title="C", quotation="c", start=0, end=1, descriptor_expertise=e.baltic, position=said
    )
    candidate.regions.add(e.baltic)
    candidate.themes.add(e.theme)
    candidate.speakers.add(e.person)
    narrower = Theme.objects.create(slug="narrower", name="Narrower")
    Broader.objects.create(narrower=narrower, broader=e.theme)
    e.theme.related.add(Theme.objects.create(slug="beside", name="Beside"))
    e.tag = Tag.objects.get()
    return e


def uses(client, row) -> dict[str, tuple[int, str, list[str]]]:
    meta = row._meta
    page = client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk]))
    section = BeautifulSoup(page.content, "html.parser").select_one(".uses")
    return {
        one.a.get_text(): (
            int(one.select_one(".count").get_text()),
            one.a["href"],
            [link["href"] for link in one.find_next_sibling("ul").select("a")],
        )
        for one in section.select("h3")
    }


EXPECTED = {
    "article": {"Positions found in it"},
    "workshop": {"Its sessions", "Positions reported from it"},
    "session": {"Positions found in it", "Who attended it", "Candidates read from it"},
    "proposition": {"Positions on it", "What refers to it"},
    "person": {"Articles by them", "Meetings that they attended", "Positions that they hold (private)",
               "Candidates that they may hold (private)"},
    "host": {"Workshops that it hosts", "Attendance from there", "Authors from there"},
    "baltic": {"Entries about it", "Positions whose holders it describes", "Attendance of experts on it",
               "Candidates about it", "Candidates whose holders it describes"},
    "europe": {"Regions within it"},
    "theme": {"Entries about it", "Narrower themes", "Related themes", "Candidates about it"},
    "tag": {"Entries with it"},
}  # fmt: skip


@pytest.mark.parametrize("what", EXPECTED)
def test_all_that_refers_to_something_is_counted_and_leads_to_a_list_of_just_that(officer, used, what):
    found = uses(officer, getattr(used, what))
    assert set(found) == EXPECTED[what]
    for name, (number, address, links) in found.items():
        page = BeautifulSoup(officer.get(address).content, "html.parser")
        assert len(page.select("#result_list tbody tr")) == number, name
        assert len(links) == number
        for link in links:
            assert officer.get(link).status_code == 200


def test_what_a_person_said_is_told_to_a_disclosure_officer_alone(analyst, reviewer, used):
    for client in (analyst, reviewer):
        assert set(uses(client, used.person)) == {"Articles by them"}


def test_every_relation_has_a_heading_in_words():
    models = [one for one in admin.site._registry if one._meta.app_label in ("curation", "taxonomy", "taggit")]
    names = {f"{one.related_model.__name__}.{one.field.name}" for model in models for one in _relations(model)}
    assert names <= set(_HEADINGS)


def test_what_is_used_nowhere_says_so(reviewer, entries):
    alone = Proposition.objects.create(slug="alone", title="Alone")
    page = reviewer.get(reverse("admin:curation_proposition_change", args=[alone.pk]))
    assert "Nowhere: nothing refers to it." in page.content.decode()


def test_only_the_first_few_are_shown(reviewer, entries):
    for i in range(7):
        Position.objects.create(
            slug=f"o{i}",
            title=f"On it {i}",
            article=entries.article,
            proposition=entries.proposition,
            stance="supports",
        )
    number, _, links = uses(reviewer, entries.proposition)["Positions on it"]
    assert (number, len(links)) == (8, 5)


def test_who_may_not_see_something_is_not_told_of_it(client, entries):
    user = User.objects.create_user("vo", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_theme", "change_theme"]))
    client.force_login(user)
    assert uses(client, entries.theme) == {}


@pytest.mark.parametrize("what", ["baltic", "proposition", "person"])
def test_it_costs_no_more_for_many_uses_than_for_some(rf, officer, used, what):
    """Three queries for each relation: the first keys, how many there are if these aren't all, and the rows."""
    request = rf.get("/")
    request.user = officer.user
    request.user.has_perm("curation.view_entry")  # asks for all of them at once
    counts = []
    for start in (10, 40):
        for i in range(start):
            position = Position.objects.create(
                slug=f"m{start}-{i}", title="M", article=used.article, proposition=used.proposition, stance="opposes"
            )
            position.regions.add(used.baltic)
            position.speakers.add(used.person)
        with CaptureQueriesContext(connection) as queries:
            where_used(getattr(used, what), request)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_deleting_still_asks_first(reviewer, entries):
    article = Article.objects.create(slug="gone", title="Gone")
    address = reverse("admin:curation_article_delete", args=[article.pk])
    assert "Are you sure" in reviewer.get(address).content.decode()
