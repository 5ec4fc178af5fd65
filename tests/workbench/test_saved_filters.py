"""Filters of the lists under a name: one's own, and a group's."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.urls import reverse

from apps.taxonomy.models import Region
from apps.workbench.models import SavedFilter
from tests.workbench.forms import problems

POSITIONS = "/admin/curation/position/"


def words(response) -> str:
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def links(client, address: str = POSITIONS) -> dict[str, str]:
    page = BeautifulSoup(client.get(address).content, "html.parser")
    return {link.get_text(strip=True): link["href"] for link in page.select(".saved-filters a")}


def keep(client, query: str = "region=baltic&stance__exact=supports", **typed):
    address = links(client, f"{POSITIONS}?{query}")["Save this filter"]
    return client.post(address, {"name": "Baltic", **typed}, follow=True)


def test_a_filter_is_kept_under_a_name_and_leads_to_its_list(analyst, entries):
    assert "Save this filter" not in links(analyst)
    keep(analyst)
    page = analyst.get(links(analyst)["Baltic"], follow=True)
    assert page.request["QUERY_STRING"] == "region=baltic&stance__exact=supports"
    assert "A position" in words(page)
    assert links(analyst, "/admin/curation/article/") == {}


def test_a_filter_that_is_shared_is_there_for_its_group_alone(analyst, reviewer, entries):
    group = Group.objects.get(name="Analysts")
    keep(analyst, group=group.pk)
    assert "Baltic" not in links(reviewer)
    reviewer.user.groups.add(group)
    shared = links(reviewer)
    assert "Baltic" in shared
    assert "change" not in shared
    kept = SavedFilter.objects.get()
    assert reviewer.get(reverse("admin:change_filter", args=[kept.pk])).status_code == 404
    assert reviewer.post(reverse("admin:change_filter", args=[kept.pk]), {"_delete": "1"}).status_code == 404
    assert "Baltic" in links(analyst)


def test_a_filter_of_ones_own_is_nobody_elses(analyst, reviewer, entries):
    keep(analyst)
    assert reviewer.get(reverse("admin:saved_filter", args=[SavedFilter.objects.get().pk])).status_code == 404


def test_a_filter_is_shared_with_groups_of_ones_own_only(analyst, entries):
    response = keep(analyst, group=Group.objects.get(name="Reviewers").pk)
    assert "Select a valid choice" in problems(response)
    assert not SavedFilter.objects.exists()


def test_a_filter_is_renamed_and_deleted_by_whoever_made_it(analyst, entries):
    keep(analyst)
    address = links(analyst)["change"]
    analyst.post(address, {"name": "  The   Baltic "})
    assert "The Baltic" in links(analyst)
    analyst.post(address, {"_delete": "1"})
    assert links(analyst) == {}


@pytest.mark.parametrize(
    ("name", "said"),
    [("Baltic", "You have a filter of this name"), ("", "required"), ("x" * 61, "at most 60"), ("a\x00", "Null")],
)
def test_a_name_that_can_not_be_is_refused_and_stays_in_the_form(analyst, entries, name, said):
    keep(analyst)
    response = keep(analyst, query="region=europe", name=name)
    assert said in problems(response)
    assert SavedFilter.objects.count() == 1
    if name == "Baltic":
        assert 'value="Baltic"' in response.content.decode()


def test_a_filter_that_asks_for_what_is_gone_says_so(analyst, entries):
    keep(analyst, query="region=baltic")
    entries.position.regions.clear()
    Region.objects.filter(slug="baltic").delete()
    page = analyst.get(links(analyst)["Baltic"], follow=True)
    assert page.status_code == 200
    assert "no entry is of the region “baltic” any more" in words(page)


@pytest.mark.parametrize("query", ["no_such_column=1", "id__exact=x", "kind__nonsense__x=1"])
def test_a_filter_that_the_list_does_not_know_any_more_says_so(analyst, entries, query):
    kept = SavedFilter.objects.create(by=analyst.user, of="curation.position", name="Old", query=query)
    page = analyst.get(reverse("admin:saved_filter", args=[kept.pk]), follow=True)
    assert page.status_code == 200
    assert "The filter “Old” can't be used" in words(page)
    assert "A position" in words(page)


def test_the_page_and_the_order_of_parameters_are_no_part_of_a_filter(analyst, entries):
    keep(analyst, query="stance__exact=supports&region=baltic&p=1")
    assert SavedFilter.objects.get().query == "region=baltic&stance__exact=supports"


@pytest.mark.parametrize("query", ["", "?of=curation.position", "?of=x&query=a%3D1", "?of=auth.user&query=a%3D1"])
def test_there_is_no_filter_to_keep_without_a_list(analyst, entries, query):
    assert analyst.get(reverse("admin:keep_filter") + query).status_code in (403, 404)


def test_every_list_says_what_is_kept_for_it_in_two_queries(analyst, entries, django_assert_num_queries):
    from apps.workbench.admin.saved_filters import shown_to

    keep(analyst)
    with django_assert_num_queries(1):  # filters with whoever made them and their groups
        assert [str(one.by) for one in shown_to(analyst.user, "curation.position")] == ["ana"]
