"""The pages of regions and themes: how each is used, and what it means wherever it is named."""

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from apps.public.catalogue.models import Record, Tie
from apps.public.search import usage
from apps.taxonomy.models import Region, Theme
from tests.search.factory import add_regions, add_themes, look_for
from tests.website.factory import join, make_record

pytestmark = pytest.mark.django_db
MARKUP = "<script>alert(1)</script> & “quotes” \" '"


def page(client: Client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def section(found: BeautifulSoup, heading: str) -> Tag | None:
    title = found.find("h2", string=heading)
    return title.find_parent("section") if title else None


def position(title: str, date: str = "", **content) -> Record:
    given = {"regions": ["japan"], "themes": ["planning"], "earliest": date, "date_text": date}
    return make_record("position", title, **(given | content))


@pytest.fixture(autouse=True)
def vocabulary(db) -> None:
    add_regions("asia/japan", "europe")
    add_themes("assurance/planning")


@pytest.fixture(params=["/regions/asia/", "/themes/assurance/"])
def address(request) -> str:
    return request.param


class TestFirstAndLatest:
    def test_each_leads_to_its_position_whatever_was_published_first(self, client, address):
        for title, date in (
            ("Middle", "2020-06-01"),
            ("Latest", "2023-01-01"),
            ("First", "2018-01-01"),
            ("Undated", ""),
        ):
            position(title, date)
        found = section(page(client, address), "First and latest")
        assert [p.get_text() for p in found.select("p")] == ["2018-01-01: First", "2023-01-01: Latest"]
        for link in found.select("a"):
            assert page(client, link["href"]).h1.get_text() == link.get_text()

    def test_what_has_no_date_is_neither(self, client, address):
        position("Undated")
        assert section(page(client, address), "First and latest") is None

    def test_the_only_one_with_a_date_is_named_once(self, client, address):
        position("Undated")
        position("Alone", "2020-06-01")
        (only,) = section(page(client, address), "First and latest").select("p")
        assert only.get_text() == "2020-06-01, the only one with a date: Alone"


class TestLeadingPropositions:
    @pytest.fixture
    def debated(self) -> list[Record]:
        """Seven propositions, the first with most positions; as many elsewhere on the last of them."""
        made = [make_record("proposition", f"Proposition {i}") for i in range(7)]
        for i, proposition in enumerate(made):
            for n in range(8 - i):
                stance = "opposes" if n % 3 else "supports"
                join(position(f"{i}/{n}", stance=stance), Tie.TAKES_SIDE_ON, proposition, stance)
        for n in range(20):
            one = position(f"Elsewhere {n}", regions=["europe"], themes=[])
            join(one, Tie.TAKES_SIDE_ON, made[-1], "supports")
        return made

    def test_those_with_most_positions_here_come_first_and_lead_to_their_pages(self, client, address, debated):
        rows = section(page(client, address), "Leading propositions").select("tbody tr")
        assert [row.th.a.get_text() for row in rows] == [f"Proposition {i}" for i in range(5)]
        assert page(client, rows[0].th.a["href"]).h1.get_text() == "Proposition 0"

    def test_every_figure_is_the_number_of_positions_after_the_click(self, client, address, debated):
        for row in section(page(client, address), "Leading propositions").select("tbody tr"):
            link = row.select_one("td a")
            results = look_for(link["href"].removeprefix("/browse/?"), page_size=50)
            assert link.get_text() == f"{results.total} positions"
            opposing = sum(hit.record.content["stance"] == "opposes" for hit in results.hits)
            assert row.select("td")[1].get_text() == (str(opposing) or "–")

    def test_a_bar_is_drawn_of_five_positions_and_not_of_four(self, client, address, debated):
        rows = section(page(client, address), "Leading propositions").select("tbody tr")
        assert [bool(row.svg) for row in rows] == [True, True, True, True, False]

    def test_without_any_the_heading_is_left_out(self, client, address):
        position("A claim of its own")
        assert section(page(client, address), "Leading propositions") is None


class TestSources:
    def test_workshops_lead_to_their_positions_and_articles_to_their_pages(self, client, address):
        busy, quiet = make_record("workshop", "Busy"), make_record("workshop", "Quiet")
        article = make_record("article", "An article")
        for n in range(3):
            one = position(f"Reported {n}")
            join(one, Tie.REPORTED_FROM, busy)
            join(one, Tie.FOUND_IN, article)
        join(position("Once"), Tie.REPORTED_FROM, quiet)
        found = page(client, address)
        workshops = section(found, "Workshops with most positions").select("a")
        assert [link.get_text(" ") for link in workshops] == ["Busy 3", "Quiet 1"]
        for link in workshops:
            results = look_for(link["href"].removeprefix("/browse/?"))
            assert results.total == int(link.select_one(".count").get_text())
        (link,) = section(found, "Articles with most positions").select("a")
        assert link.get_text(" ") == "An article 3"
        assert page(client, link["href"]).h1.get_text() == "An article"

    def test_how_many_positions_articles_were_counted_over_is_said_where_it_is_not_all(
        self, client, address, monkeypatch
    ):
        article = make_record("article", "An article")
        for n in range(3):
            join(position(f"Claim {n}"), Tie.FOUND_IN, article)
        said = "newest positions"
        assert said not in section(page(client, address), "Articles with most positions").get_text()
        monkeypatch.setattr(usage, "MOST_READ", 2)
        assert "Counted over the 2 newest positions." in page(client, address).get_text()


@pytest.mark.parametrize("count", [2, 20])
def test_a_page_costs_five_queries_however_much_is_said(client, address, django_assert_num_queries, count):
    """The state; the records listed with those that facets name, and their links; articles; the records named."""
    for n in range(count):
        one = position(f"Claim {n}", "2020-06-01")
        join(one, Tie.TAKES_SIDE_ON, make_record("proposition", f"Proposition {n}"), "supports")
        join(one, Tie.FOUND_IN, make_record("article", f"Article {n}"))
    client.get(address)
    with django_assert_num_queries(5):
        client.get(address)


class TestDefinitions:
    @pytest.fixture
    def defined(self) -> None:
        Theme.objects.filter(slug="planning").update(definition=MARKUP)
        Region.objects.filter(slug="europe").update(definition="A part of the world")
        add_themes()

    @staticmethod
    def told(found: BeautifulSoup) -> dict[str, list[str]]:
        """What describes the links to each term."""
        said: dict[str, list[str]] = {}
        for link in found.select("a.term"):
            tips = [found.find(id=link["aria-describedby"])] if link.has_attr("aria-describedby") else []
            assert all(tip["role"] == "tooltip" and tip.parent == link.parent for tip in tips)
            said.setdefault(link["href"], []).extend(tip.get_text() for tip in tips)
        return said

    @pytest.mark.parametrize("where", ["record", "browse", "theme"])
    def test_a_term_is_defined_wherever_it_is_named_and_one_without_a_definition_is_not(self, client, defined, where):
        one = position("A claim")
        addresses = {"record": f"/positions/{one.identifier}/", "browse": "/browse/", "theme": "/themes/assurance/"}
        said = self.told(page(client, addresses[where]))
        assert set(said["/themes/planning/"]) == {MARKUP}
        assert said.get("/regions/japan/", []) == []
        assert not page(client, addresses[where]).select("main script")

    def test_no_two_definitions_on_a_page_have_the_same_identifier(self, client, defined):
        for n in range(5):
            position(f"Claim {n}", regions=["japan", "europe"])
        for where in ("/browse/", "/themes/assurance/", "/themes/planning/", "/regions/europe/"):
            names = [tag["id"] for tag in page(client, where).select("[id]")]
            assert len(names) == len(set(names))

    def test_a_long_definition_is_cut_short_beside_a_link_and_whole_on_its_own_page(self, client, defined):
        Theme.objects.filter(slug="planning").update(definition="Long words " * 100)
        add_themes()
        position("A claim")
        (shown,) = self.told(page(client, "/browse/"))["/themes/planning/"]
        assert len(shown) <= 240
        assert shown.endswith("…")
        assert page(client, "/themes/planning/").select_one(".lede").get_text() == "Long words " * 100

    def test_definitions_make_no_page_half_as_heavy_again(self, client, defined):
        for n in range(50):
            position(f"A claim of usual length about what allies should do {n}", regions=["japan", "europe"])
        heavy = len(client.get("/browse/").content)
        for model in (Region, Theme):
            model.objects.update(definition="")
        add_themes()
        assert heavy < 1.5 * len(client.get("/browse/").content)

    def test_the_list_from_a_to_z_says_what_each_means(self, client, defined):
        item = page(client, "/themes/").select_one(".glossary a[href='/themes/planning/']").find_parent("li")
        assert MARKUP in item.get_text()
