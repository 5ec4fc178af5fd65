"""Themes by regions: every figure is the number of positions after the click."""

import random

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.search import factory

pytestmark = pytest.mark.django_db
THEMES = ("assurance", "assurance/planning", "assurance/consultation", "resilience")
REGIONS = ("asia", "asia/japan", "asia/korea", "europe", "europe/baltic")


def slugs(paths: tuple[str, ...]) -> list[str]:
    return [path.rpartition("/")[2] for path in paths]


@pytest.fixture
def catalogue(db):
    """Sixty positions, some on two themes or about two regions, and an article that is none."""
    factory.add_themes(*THEMES)
    factory.add_regions(*REGIONS)
    chance = random.Random(3)
    for i in range(60):
        factory.add(
            f"Claim {i} {'alpha' if i % 3 else 'beta'}",
            themes=sorted(chance.sample(slugs(THEMES)[1:3], chance.randint(1, 2))),
            regions=sorted(chance.sample(slugs(REGIONS)[:4], chance.randint(1, 2))),
            stance=chance.choice(["supports", "opposes", "qualifies", ""]),
            years=[2020 + i % 4],
        )
    factory.add("No position", kind="article", themes=["planning"], regions=["japan"])


def table(client: Client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def headings(page: BeautifulSoup, selector: str) -> list[str]:
    return [one.get_text() for one in page.select(f".matrix {selector}")]


@pytest.mark.parametrize(
    "asked", ["", "region=asia", "theme=assurance", "q=alpha", "year=2020..2021&theme=assurance&region=asia"]
)
def test_every_figure_is_the_number_of_positions_after_the_click(client, catalogue, asked):
    page = table(client, f"/matrix/?{asked}")
    cells = page.select(".matrix td a")
    assert cells
    for cell in cells:
        results = factory.look_for(cell["href"].removeprefix("/browse/?"), page_size=100)
        assert cell.select_one(".figure").get_text() == str(results.total)
        assert {hit.record.kind for hit in results.hits} == {"position"}
        sides = factory.counts(results, "stance")
        assert cell["title"].partition(": ")[2] == (
            ", ".join(
                f"{sides[one]} {one}" for one in ("supports", "qualifies", "neutral", "opposes") if sides.get(one)
            )
            or "none takes a side"
        )


def test_the_widest_are_shown_first_and_lead_to_their_parts(client, catalogue):
    page = table(client, "/matrix/")
    assert headings(page, "tbody th") == ["Assurance", "Resilience"]
    assert headings(page, "thead th") == ["Theme", "Asia", "Europe"]
    narrower = table(client, page.select_one(".matrix tbody th a")["href"])
    assert headings(narrower, "tbody th") == ["Consultation", "Planning"]
    assert headings(narrower, "thead th") == ["Theme", "Asia", "Europe"]
    up = narrower.select_one("nav[aria-label='Up from these themes'] a")
    assert (up.get_text(), up["href"]) == ("All themes", "/matrix/")


def test_several_that_are_chosen_are_compared(client, catalogue):
    page = table(client, "/matrix/?region=japan&region=europe&theme=planning")
    assert headings(page, "thead th") == ["Theme", "Europe", "Japan"]
    assert headings(page, "tbody th") == ["Planning"]


def test_what_nobody_has_spoken_on_is_a_gap(client, catalogue):
    page = table(client, "/matrix/")
    rows = page.select(".matrix tbody tr")
    assert [len(row.select("td.gap")) for row in rows] == [0, 2]
    assert rows[1].select_one("td.gap").get_text() == "none"


def test_no_vocabulary_and_no_positions(client, db):
    assert "no themes or no regions" in table(client, "/matrix/").get_text()
    factory.add_themes("assurance")
    factory.add_regions("asia")
    assert len(table(client, "/matrix/").select("td.gap")) == 1


def test_a_filter_that_makes_no_sense_is_400(client, catalogue):
    assert client.get("/matrix/?region=atlantis").status_code == 400


def test_it_costs_one_query_and_none_of_the_table_s_size(client, catalogue, django_assert_num_queries):
    """The state; names come from the vocabulary in memory, figures from the index."""
    client.get("/matrix/")
    with django_assert_num_queries(1):
        page = client.get("/matrix/?theme=assurance&region=asia")
    with django_assert_num_queries(1):
        assert client.get("/matrix/", headers={"if-none-match": page["ETag"]}).status_code == 304
