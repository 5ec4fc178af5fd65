"""The map of regions: its figures are those of the list, and what it can't show is said."""

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client

from apps.public.website.mapping import _world, countries_of, shades_of
from apps.taxonomy.models import Region
from apps.taxonomy.vocabulary import vocabulary
from tests.search import factory

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(db):
    """Japan lies in Asia; Finland in Europe and in the Arctic; the high seas in no country."""
    factory.add_regions("arctic", "asia", "asia/japan", "asia/korea", "europe", "seas")
    for slug, countries in {"arctic": "FI,IS", "japan": "JP", "korea": "KR", "europe": "FI,FR"}.items():
        Region.objects.filter(slug=slug).update(countries=countries)
    for number, regions in enumerate([["japan"], ["japan", "europe"], ["korea"], ["europe"], ["seas"]]):
        stance = "supports" if number % 2 else "opposes"
        factory.add(f"Claim {number} {'alpha' if number else 'beta'}", regions=regions, stance=stance)
    factory.add("No position", kind="article", regions=["japan"])


def page(client: Client, address: str = "/map/") -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def regions_of(shown: BeautifulSoup) -> dict[str, str]:
    return {link["aria-label"]: link["href"] for link in shown.select("svg.map a")}


@pytest.mark.parametrize("asked", ["", "region=asia", "q=alpha", "stance=supports", "region=asia&region=europe"])
def test_every_figure_on_the_map_is_the_number_of_positions_after_the_click_and_stands_in_the_table(
    client, catalogue, asked
):
    shown = page(client, f"/map/?{asked}")
    in_table = {
        row.th.get_text(strip=True): row.select("td")[-1].get_text() for row in shown.select(".leanings tbody tr")
    }
    drawn = regions_of(shown)
    assert drawn
    for label, address in drawn.items():
        name, _, said = label.partition(": ")
        results = factory.look_for(address.removeprefix("/browse/?"))
        assert said == f"{results.total} position{'' if results.total == 1 else 's'}"
        assert in_table[name] == str(results.total)


def test_the_darker_the_more(client, catalogue):
    shown = page(client)
    shades = {
        link["aria-label"]: int(path["class"][0].removeprefix("shade-"))
        for link in shown.select("svg.map a")
        if (path := link.select_one("path[class]"))
    }
    assert shades["Arctic: 0 positions"] == 0
    assert shades["Asia: 3 positions"] > shades["Europe: 2 positions"] > 0


def test_what_lies_in_two_regions_has_stripes(client, catalogue):
    europe = page(client).select_one('svg.map a[aria-label^="Europe"]')
    solid, striped = europe.select("path")
    far = _world()[1]
    assert solid["d"] == far["FR"].far
    assert striped["d"] == far["FI"].far
    assert striped["fill"].startswith("url(#stripes-")
    assert page(client).find(id=striped["fill"][5:-1])


def test_a_region_without_countries_is_named_beside_the_map(client, catalogue):
    shown = page(client)
    assert not shown.select('svg.map a[aria-label^="Seas"]')
    assert "Seas (1)" in " ".join(shown.figcaption.get_text().split())


def test_the_parts_of_a_region_are_seen_from_nearer(client, catalogue):
    world, asia = page(client), page(client, "/map/?region=asia")
    width, nearer = (float(shown.select_one("svg.map")["viewbox"].split()[2]) for shown in (world, asia))
    assert nearer < width / 5
    assert list(regions_of(asia)) == ["Japan: 2 positions", "Korea: 1 position"]
    assert asia.select_one(".breadcrumbs a")["href"] == "/map/"
    assert 'href="/map/?region=asia"' in str(world.figcaption)


def test_a_search_is_kept_on_the_way_to_the_map_and_down_it(client, catalogue):
    assert page(client, "/browse/?q=alpha&stance=supports").select('a[href="/map/?q=alpha&stance=supports"]')
    shown = page(client, "/map/?q=alpha&stance=supports")
    assert 'href="/map/?q=alpha&amp;region=asia&amp;stance=supports"' in str(shown.figcaption)
    assert shown.select('.notice a[href="/browse/?kind=position&q=alpha&stance=supports"]')


def test_an_unknown_region_is_answered_and_an_empty_catalogue_has_a_page(client, db):
    assert client.get("/map/?region=narnia").status_code == 400
    assert "There are no regions yet" in page(client).get_text()


def test_nobody_has_spoken_anywhere(client, db):
    factory.add_regions("europe")
    Region.objects.update(countries="FR")
    assert list(regions_of(page(client))) == ["Europe: 0 positions"]


def test_every_country_of_the_shipped_regions_is_on_the_map_but_the_one_that_the_shapes_leave_out(db):
    call_command("loaddata", "vocabulary", verbosity=0)
    regions = vocabulary().regions
    wanted = {code for root in regions.roots for code in countries_of(root, regions)}
    assert len(wanted) > 50
    assert wanted - _world()[1].keys() == {"TV"}


def test_each_shade_stands_for_as_many_figures_as_the_others():
    figures = [0, 3, 1, 2, 3, 40, 7, 9, 11, 80, 5]
    assert [tuple(one) for one in shades_of(figures)] == [
        *((1, 1, 2), (2, 3, 5), (3, 7, 7), (4, 9, 11), (5, 40, 80)),
    ]
    assert [tuple(one) for one in shades_of([4, 0, 9])] == [(4, 4, 4), (5, 9, 9)]
    assert shades_of([0, 0]) == []
