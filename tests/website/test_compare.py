"""Comparisons: every figure is that of the list that it leads to, and a frozen copy stays as it was."""

import random
import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from apps.public.catalogue.models import Record
from apps.public.search.comparison import Count, difference
from apps.taxonomy.models import Region
from tests.search import factory

pytestmark = pytest.mark.django_db
STANCES = ("supports", "qualifies", "neutral", "opposes")


def take_sides(proposition: Record | None, regions: list[str], sides: str, **more) -> None:
    """Positions about regions: s, q, n and o for the sides that they take."""
    for letter in sides:
        stance = next(one for one in STANCES if one[0] == letter)
        name = proposition.identifier if proposition else ""
        factory.add("Claim", regions=regions, stance=stance, proposition=name, **more)


@pytest.fixture
def propositions(db) -> dict[str, Record]:
    """Asia and Europe agree on one, part on another, have too few positions on a third, and each has one of its own."""
    factory.add_regions("asia", "asia/japan", "europe", "arctic", "africa", "america")
    found = {
        name: factory.add(name, kind="proposition") for name in ("agreed", "contested", "rare", "asian", "european")
    }
    take_sides(found["agreed"], ["japan"], "sssss")
    take_sides(found["agreed"], ["europe"], "sssqqqq")
    take_sides(found["contested"], ["asia"], "ssssso", years=[2021])
    take_sides(found["contested"], ["europe"], "oooooo", years=[2022])
    take_sides(found["rare"], ["asia", "europe"], "so")
    take_sides(found["asian"], ["asia"], "s")
    take_sides(found["european"], ["europe"], "oo")
    take_sides(None, ["europe"], "n")
    return found


def page(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    return BeautifulSoup(response.content, "html.parser")


BOTH = "/compare/?region=asia&region=europe"


def lists(shown: BeautifulSoup) -> dict[str, list[str]]:
    """The propositions under each heading."""
    return {
        section.h2.get_text(): [row.th.get_text() for row in section.select(".compared tbody tr")]
        for section in shown.select("section")
        if section.select(".compared")
    }


def test_it_says_where_they_agree_where_they_part_and_what_one_alone_discussed(client, propositions):
    assert lists(page(client, BOTH)) == {
        "Where they part": ["contested"],
        "Where they agree": ["agreed"],
        "Shared, with too few positions to say": ["rare"],
        "Only Asia": ["asian"],
        "Only Europe": ["european"],
    }


@pytest.mark.parametrize(
    "asked",
    [
        "region=asia&region=europe",
        "region=japan&region=europe&region=asia&year=2021..2022",
        "by=year&year=2021&year=2022&region=europe",
        "by=region&region=asia&region=europe&stance=supports&stance=opposes",
    ],
)
def test_every_figure_is_the_number_of_positions_after_the_click(client, propositions, asked):
    shown = page(client, f"/compare/?{asked}")
    cells = shown.select(".compared td a")
    for cell in cells:
        results = factory.look_for(cell["href"].removeprefix("/browse/?"), page_size=100)
        assert cell.select_one(".figure").get_text() == str(results.total)
        taken = [hit.record.content["stance"] for hit in results.hits]
        said = ", ".join(f"{taken.count(stance)} {stance}" for stance in STANCES if stance in taken)
        assert cell.select_one(".small").get_text() == said
    rows = shown.select(".leanings tbody tr")
    assert rows
    for row in rows:
        results = factory.look_for(row.a["href"].removeprefix("/browse/?"))
        assert row.select("td")[-1].get_text() == str(results.total)


def test_how_far_apart_they_are_follows_the_formula_on_the_page():
    def count(sides: str) -> Count:
        return Count(len(sides), *(sides.count(stance[0]) for stance in STANCES))

    assert difference([count("sssss"), count("ooooo")]) == 2
    assert difference([count("sssss"), count("qqqqq"), count("")]) == 0.5
    assert difference([count("ssnno"), count("qqqqo")]) == pytest.approx(0)
    assert difference([count("sssss"), count("ssss")]) is None, "too few to say"
    assert difference([count("sssss"), count("")]) is None, "one alone"


def test_workshops_can_be_compared(client, propositions):
    workshops = [factory.add(f"Workshop {i}", kind="workshop") for i in range(2)]
    for workshop, sides in zip(workshops, ("sssss", "ooooo"), strict=True):
        take_sides(propositions["agreed"], ["asia"], sides, workshop=workshop.identifier)
    address = "&".join(f"workshop={one.identifier}" for one in workshops)
    shown = page(client, f"/compare/?{address}")
    assert lists(shown) == {"Where they part": ["agreed"]}
    assert shown.select_one(".compared td.apart").get_text() == "2.00"
    assert {option.get_text() for option in shown.select("option[selected]")} == {"Workshop 0", "Workshop 1"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", "What two to four regions share"),
        ("region=asia", "Choose at least 2 regions"),
        (
            "region=" + "&region=".join(["asia", "japan", "europe", "arctic", "africa", "america"]),
            "That is 6; at most 4",
        ),
        ("by=workshop&workshop=22222222&workshop=33333333", "Choose at least 2 workshops"),
        ("region=arctic&region=africa", "They share no proposition"),
    ],
)
def test_what_cannot_be_compared_is_answered_with_the_form(client, propositions, asked, said):
    shown = page(client, f"/compare/?{asked}")
    assert said in " ".join(shown.main.get_text().split())
    assert shown.select(".compare-form select")


def test_what_is_unknown_is_answered_as_everywhere(client, propositions):
    page(client, "/compare/?region=narnia&region=asia", 400)
    page(client, "/compare/?by=colour", 400)


def test_one_within_another_is_said(client, propositions):
    assert "Japan lies within Asia" in page(client, "/compare/?region=asia&region=japan").get_text()


def test_the_rest_of_the_filter_is_kept(client, propositions):
    shown = page(client, f"{BOTH}&year=2021&q=claim&stance=supports")
    kept = {one["name"]: one["value"] for one in shown.select(".compare-form input[type=hidden]")}
    assert kept == {"by": "region", "year": "2021", "q": "claim", "stance": "supports"}
    assert shown.select('.notice a[href="/browse/?q=claim&stance=supports&year=2021"]')


def test_the_years_offered_are_those_of_positions_the_latest_first(client, propositions, django_assert_num_queries):
    factory.add("An old article", kind="article", years=[1950])
    client.get("/compare/?by=year")
    with django_assert_num_queries(1):  # the state: no record is read for a menu
        shown = page(client, "/compare/?by=year")
    assert [one.get_text() for one in shown.select_one("select").select("option")] == ["Choose …", "2022", "2021"]


# --- Frozen copies


def frozen(shown: BeautifulSoup) -> str:
    return shown.find("a", href=re.compile("^/compare/frozen/"))["href"]


def without_notice(shown: BeautifulSoup) -> list[str]:
    return [re.sub(r"\s+", " ", table.get_text(" ")) for table in shown.select("table")]


def test_a_frozen_copy_has_the_figures_of_the_page_and_says_when_it_was_made(client, propositions):
    now = page(client, f"{BOTH}&stance=supports&stance=opposes&stance=qualifies")
    copy = page(client, frozen(now))
    assert without_notice(copy) == [text.replace("Asia: ", "").replace("Europe: ", "") for text in without_notice(now)]
    assert copy.select_one("time")["datetime"]
    back = page(client, copy.select_one('.notice a[href^="/compare/?"]')["href"])
    assert without_notice(back) == without_notice(now)


def test_a_frozen_copy_stays_as_it_was(client, propositions):
    address = frozen(page(client, BOTH))
    before = without_notice(page(client, address))
    take_sides(propositions["contested"], ["asia"], "oooooooo")
    Region.objects.filter(slug="asia").update(name="Asia and the Pacific", slug="pacific")
    factory.add_regions("elsewhere")
    assert without_notice(page(client, address)) == before


def test_what_has_been_withdrawn_since_is_not_in_a_frozen_copy(client, propositions):
    address = frozen(page(client, BOTH))
    factory.withdraw(propositions["contested"])
    copy = page(client, address)
    assert "contested" not in copy.get_text()
    assert "1 of these has been withdrawn since" in " ".join(copy.get_text().split())
    assert "agreed" in copy.get_text()


def test_a_withdrawn_workshop_is_not_named_in_a_frozen_copy(client, propositions):
    workshops = [factory.add(f"Meeting {i}", kind="workshop") for i in range(2)]
    address = frozen(page(client, "/compare/?" + "&".join(f"workshop={one.identifier}" for one in workshops)))
    factory.withdraw(workshops[0])
    copy = page(client, address)
    assert "Meeting 0" not in copy.get_text()
    assert "A withdrawn workshop" in copy.get_text()


@pytest.mark.parametrize("change", [lambda token: token[:-2], lambda token: f"x{token}", lambda token: "nonsense"])
def test_nobody_makes_a_frozen_copy_up(client, propositions, change):
    token = frozen(page(client, BOTH)).split("/")[3]
    page(client, f"/compare/frozen/{change(token)}/", 404)


def test_lists_are_cut_and_lead_to_the_whole_of_them(client, db):
    factory.add_regions("asia", "europe")
    chance = random.Random(5)
    for i in range(20):
        take_sides(factory.add(f"P{i}", kind="proposition"), ["asia", "europe"], chance.choice(["so", "sq"]))
    shown = page(client, BOTH)
    assert len(shown.select(".compared tbody tr")) == 15
    assert "And 5 more" in shown.get_text()
    assert "And 5 more" in page(client, frozen(shown)).get_text()
    whole = page(client, shown.find("a", string="And 5 more")["href"])
    assert [len(one) for one in lists(whole).values()] == [20]
    assert "And 5 more" not in whole.get_text()
    assert page(client, frozen(whole)).select(".compared tbody tr") == page(client, frozen(shown)).select(
        ".compared tbody tr"
    )


def test_titles_are_shown_as_text(client, db):
    factory.add_regions("asia", "europe")
    proposition = factory.add("<script>alert(1)</script> שלום " + "w" * 250, kind="proposition")
    take_sides(proposition, ["asia", "europe"], "so")
    shown = page(client, BOTH)
    assert shown.select_one(".compared th a").get_text().startswith("<script>alert(1)</script>")
