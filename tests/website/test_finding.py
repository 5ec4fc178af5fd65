"""Finding records: home, browse, regions, themes, tags, workshops."""

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError, connection
from django.test import Client

from apps.public.catalogue.models import CatalogueState, Tie
from apps.taxonomy.models import Broader, Region, Theme
from tests.website.factory import bury, join, make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(db):
    europe = Region.objects.create(
        slug="europe", name="Europe", definition="From the Atlantic on.", alternative_names=["EU"]
    )
    Region.objects.create(slug="baltic", name="Baltic", parent=europe, countries=["EE", "LV"])
    wide = Theme.objects.create(slug="wide", name="Wide", scope_note="All of it.")
    narrow = Theme.objects.create(slug="narrow", name="Narrow")
    Broader.objects.create(narrower=narrow, broader=wide)
    Theme.objects.create(slug="silent", name="Silent")
    workshop = make_record("workshop", "A workshop", years=[2023], earliest="2023-06-06", host="An institute")
    article = make_record("article", "An article")
    for i in range(3):
        position = make_record(
            "position",
            f"Planning calms {i}",
            regions=["baltic"],
            themes=["narrow"],
            tags=["field trip"],
            stance="supports" if i else "opposes",
            workshop=workshop.identifier,
        )
        join(position, Tie.FOUND_IN, article)
    make_record("position", "Silence provokes", regions=["europe"], themes=["wide"])


def page(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status, response.content[:500]
    return BeautifulSoup(response.content, "html.parser")


def titles(found: BeautifulSoup) -> set[str]:
    return {heading.get_text() for heading in found.select(".card h3")}


def test_the_home_page_leads_to_positions_by_region_and_theme_in_two_clicks(client, catalogue):
    home = page(client, "/")
    for address in ("/regions/baltic/", "/themes/narrow/"):
        assert home.find("a", href=address)
        there = page(client, address)
        assert titles(there) == {"Planning calms 0", "Planning calms 1", "Planning calms 2"}


def test_an_empty_catalogue_has_pages_too(client, db):
    assert "Nothing has been published yet" in page(client, "/").get_text()
    assert "0 results" in page(client, "/browse/").get_text()
    for address in ("/workshops/", "/regions/", "/themes/"):
        page(client, address)


def test_every_count_is_the_number_of_results_after_the_click(client, catalogue):
    for start in ("/browse/", "/browse/?region=europe", "/browse/?q=planning&stance=opposes"):
        for link in page(client, start).select(".facet a"):
            if not link.has_attr("aria-current"):
                there = page(client, link["href"])
                count = int(link.select_one(".count").get_text())
                assert there.select_one("[data-announce]").get_text().split()[0] == str(count), link["href"]


def test_what_is_chosen_is_shown_as_chips_that_take_it_away(client, catalogue):
    found = page(client, "/browse/?region=europe&stance=opposes")
    chips = {chip.get_text().removeprefix("Remove "): chip["href"] for chip in found.select(".chip")}
    assert set(chips) == {"Europe", "Opposes", "Clear all"}
    assert parse_qs(urlsplit(chips["Europe"]).query) == {"stance": ["opposes"]}


def test_a_search_keeps_what_is_chosen(client, catalogue):
    found = page(client, "/browse/?region=europe")
    hidden = found.select(f"#results input[type=hidden][form={found.select_one('form[data-hx-get]')['id']}]")
    assert [(field["name"], field["value"]) for field in hidden] == [("region", "europe")]


def test_no_results_says_what_to_drop(client, catalogue):
    found = page(client, "/browse/?q=planning&region=baltic&kind=workshop")
    offers = [offer.get_text() for offer in found.select(".empty li")]
    assert offers == [
        "without Workshop: 3 results",
        "without Baltic: still none",
        "without the words “planning”: still none",
    ]
    there = page(client, found.select_one(".empty li a")["href"])
    assert there.select_one("[data-announce]").get_text() == "3 results"


def test_an_unusable_filter_is_answered_in_words_with_a_way_on(client, catalogue):
    found = page(client, "/browse/?region=narnia&year=soon&q=planning", status=400)
    assert "There is no region called “narnia”" in found.get_text()
    ways = [link["href"] for link in found.select("main li a")]
    assert "narnia" not in ways[0]
    assert "q=planning" in ways[0]


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff", "q=" + "%22" * 50, "q=" + "a+" * 4000, "q=%ED%A0%80", "q=region:", "q=-", "q=((("]
)
def test_whatever_is_typed_is_no_error(client, catalogue, query):
    page(client, f"/browse/?{query}")


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=99999", "sort=magic", "year=20", "kind=poem", "workshop=../x", "region=%00"]
)
def test_parameters_that_make_no_sense_are_400(client, catalogue, query):
    page(client, f"/browse/?{query}", status=400)


def test_htmx_gets_the_results_alone(client, catalogue):
    whole = client.get("/browse/?region=europe")
    part = client.get("/browse/?region=europe", headers={"hx-request": "true", "hx-target": "results"})
    assert b"<html" in whole.content
    assert b"<html" not in part.content
    assert titles(BeautifulSoup(part.content, "html.parser")) == titles(BeautifulSoup(whole.content, "html.parser"))
    assert "HX-Request" in part["Vary"]


def test_a_withdrawn_record_is_found_nowhere(client, catalogue):
    record = make_record("position", "Regrettable", regions=["europe"], tags=["shame"])
    page(client, "/tags/shame/")
    bury(record)
    record.change += 1000
    record.save()
    CatalogueState.objects.update(change=record.change)
    for address in ("/browse/", "/regions/europe/", "/", "/browse/?q=regrettable"):
        assert "Regrettable" not in page(client, address).main.get_text()
    page(client, "/tags/shame/", status=404)


def test_a_region_says_what_it_is(client, catalogue):
    found = page(client, "/regions/europe/").get_text()
    for words in ("From the Atlantic on.", "EU", "Baltic", "4 positions"):
        assert words in found
    assert "Estonia, Latvia" in page(client, "/regions/baltic/").get_text()


def test_a_theme_nobody_has_spoken_on_says_so(client, catalogue):
    assert "Nobody has spoken on this" in page(client, "/themes/silent/").get_text()


def test_lists_count_what_lies_beneath(client, catalogue):
    rows = {
        row.span.get_text(): row.select_one(".count").get_text() for row in page(client, "/regions/").select(".tree a")
    }
    assert rows == {"Europe": "4", "Baltic": "3"}


def test_a_tag_with_odd_characters_has_a_page(client, catalogue):
    make_record("article", "Odd", tags=["a/b ? c", "日本"])
    for tag in page(client, "/browse/?q=odd").select(".facet a[href*='tag=']"):
        assert tag
    page(client, "/tags/%E6%97%A5%E6%9C%AC/")


def test_a_tag_is_found_however_it_is_capitalised(client, catalogue):
    assert client.get("/tags/FIELD%20trip/").headers["Location"] == "/tags/field%20trip/"
    assert client.get("/tags/no%20such/").status_code == 404


def test_a_page_beyond_the_last_does_not_say_that_nothing_matches(client, catalogue):
    text = page(client, "/browse/?page=40").get_text(" ")
    assert "There is no page 40" in text
    assert "Nothing matches" not in text


WITH_FIGURES = (
    *("/", "/browse/?region=europe", "/matrix/", "/workshops/", "/regions/", "/regions/europe/"),
    *("/themes/", "/themes/wide/", "/tags/field%20trip/"),
)


@pytest.mark.parametrize("url", WITH_FIGURES)
def test_an_unchanged_page_costs_one_query(client, catalogue, django_assert_num_queries, url):
    """The state."""
    etag = client.get(url)["ETag"]
    with django_assert_num_queries(1):
        assert client.get(url, headers={"if-none-match": etag}).status_code == 304
    make_record("position")
    assert client.get(url, headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize("url", WITH_FIGURES)
def test_figures_that_count_synthetic_records_say_so(client, catalogue, url):
    assert "synthetic" not in page(client, url).get_text()
    made_up = make_record("position", synthetic=True)
    assert "This catalogue holds synthetic records" in page(client, url).get_text()
    bury(made_up)
    assert "synthetic" not in page(client, url).get_text()


@pytest.mark.parametrize("count", [2, 20])
def test_a_browse_page_costs_three_queries_whatever_it_shows(client, django_assert_num_queries, count):
    """The state with the vocabulary's version; the records with the workshops named; their links."""
    Region.objects.create(slug="europe", name="Europe")
    workshop = make_record("workshop", "W")
    for i in range(count):
        join(make_record("position", f"P{i}", regions=["europe"], workshop=workshop.identifier), Tie.FOUND_IN, workshop)
    client.get("/browse/")
    with django_assert_num_queries(3):
        client.get("/browse/?region=europe")


def test_a_database_that_does_not_answer_is_a_503_and_says_to_try_again(client, catalogue):
    def locked(*_: object) -> None:
        raise OperationalError("database is locked")

    with connection.execute_wrapper(locked):
        response = client.get("/browse/")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert b"busy" in response.content


def test_the_home_page_counts_what_a_click_leads_to(client, catalogue):
    counts = {link["href"]: link.find_parent("div").dd.get_text() for link in page(client, "/").select(".tally dt a")}
    assert counts
    for address, count in counts.items():
        assert page(client, address).select_one("[data-announce]").get_text().split()[0] == count


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("address", ["/", "/browse/", "/nowhere/"])
def test_a_public_page_can_only_be_read(catalogue, address, method):
    response = getattr(Client(enforce_csrf_checks=True), method)(address)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_a_form_without_its_token_gives_back_what_was_typed_to_be_copied(catalogue):
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "Typed <b>here</b>"})
    assert response.status_code == 403
    assert "Typed &lt;b&gt;here&lt;/b&gt;" in response.content.decode()
    assert "<form method=" not in response.content.decode()


def test_or_between_filters_is_told_of(client, catalogue):
    found = page(client, "/browse/?q=region:europe+OR+theme:narrow")
    assert "OR joins words" in found.get_text()
    assert "no word to search" not in found.get_text()
    assert "OR joins words" not in page(client, "/browse/?q=region:europe+OR+region:baltic").get_text()


def test_a_tag_with_a_slash_has_a_page(client, catalogue):
    record = make_record("article", "Sloping", tags=["a/b"])
    link = page(client, f"/articles/{record.identifier}/").select_one("a[href^='/tags/']")["href"]
    assert "Sloping" in page(client, link).get_text()


def test_every_link_of_a_page_with_very_many_values_works(client, catalogue):
    for year in range(1950, 2012):
        make_record("article", f"Of {year}", years=[year], earliest=f"{year}-01-01")
    typed = "+".join(f"year:{year}" for year in range(1950, 2010))
    found = page(client, f"/browse/?q={typed}")
    assert "At most 50 values of year are used" in found.get_text()
    links = {link["href"] for link in found.select("nav a[href^='/browse/']")}
    assert len(links) > 50
    assert {client.get(link).status_code for link in links} == {200}


# --- Cards or table, years as a timeline


def test_results_are_shown_as_a_table_and_every_further_step_keeps_it(client, catalogue):
    found = page(client, "/browse/?kind=position&view=table")
    rows = {
        row.th.get_text(): [cell.get_text(strip=True) for cell in row.select("td")]
        for row in found.select(".records tbody tr")
    }
    assert rows["Silence provokes"][:6] == ["Position", "some Asia experts", "Supports", "", "Europe", "Wide"]
    assert not found.select(".card")
    steps = [link["href"] for link in found.select(".facet a, .chips a[href*='?'], .sorts[aria-label=Sort] a")]
    assert steps
    assert all("view=table" in step for step in steps)
    assert found.select_one("input[form=browse-search][name=view]")["value"] == "table"
    taken = [link["href"] for link in found.select(".take a")]
    assert taken
    assert not any("view=" in address for address in taken)


def test_the_same_results_as_cards_are_a_click_away(client, catalogue):
    found = page(client, "/browse/?kind=position&view=table&sort=oldest")
    cards = found.select_one(".sorts[aria-label='Show as'] a:not([aria-current])")
    assert cards["href"] == "/browse/?kind=position&sort=oldest"
    assert len(page(client, cards["href"]).select(".card")) == len(found.select(".records tbody tr"))


def test_a_layout_that_there_is_not_is_answered(client, catalogue):
    assert "not as “mosaic”" in page(client, "/browse/?view=mosaic", 400).get_text()


def test_years_are_drawn_as_a_line_of_time_with_the_figures_and_links_of_the_list(client, catalogue):
    for year, count in ((2001, 1), (2004, 3), (2005, 2)):
        for _ in range(count):
            make_record("position", f"Of {year}", years=[year], earliest=f"{year}-01-01")
    found = page(client, "/browse/?kind=position")
    listed = {
        link.span.get_text(): (link.select_one(".count").get_text(), link["href"])
        for link in found.select("#facet-year ~ ul a")
    }
    drawn = {
        link.title.get_text().split(": ")[0]: (link.title.get_text().split(": ")[1], link["href"])
        for link in found.select(".timeline a")
    }
    assert drawn == listed
    heights = {link.title.get_text()[:4]: int(link.select("rect")[1]["height"]) for link in found.select(".timeline a")}
    assert heights["2001"] < heights["2005"] < heights["2004"]
    assert found.select(".timeline p span")[0].get_text() == "2001"


def test_two_years_are_no_line(client, catalogue):
    make_record("position", "Of 2001", years=[2001], earliest="2001-01-01")
    assert not page(client, "/browse/").select(".timeline")
