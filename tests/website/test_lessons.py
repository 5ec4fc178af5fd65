"""Lessons that travel: which theatre draws on whose practice, in a picture, a table and a list."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client

from apps.public.catalogue.models import Link, Tie
from apps.public.website import lessons
from apps.taxonomy.models import Region
from tests.search.factory import add_regions
from tests.website.factory import bury, join, make_record

pytestmark = pytest.mark.django_db
MARKUP = "<script>alert(1)</script> & <b>“quotes”</b> "
ARABIC = "دروس الردع"


def page(client: Client, address: str = "/lessons/") -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def lesson(drawn_from: list[str], proposed_for: list[str], note: str = "", title: str = "Plan together") -> Link:
    practice = make_record("article", f"Practice of {', '.join(drawn_from)}", regions=drawn_from, outlet="A journal")
    proposal = make_record("position", title, regions=proposed_for)
    return join(proposal, Tie.DRAWS_LESSON_FROM, practice, note)


def figures(found: BeautifulSoup) -> list[tuple[str, str, str]]:
    rows = found.select(".flows tbody tr")
    return [(row.th.get_text(), row.td.get_text(), row.a.find(string=True, recursive=False).get_text()) for row in rows]


def headings(found: BeautifulSoup) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in found.select("#list h3")]


@pytest.fixture
def travelled(db) -> None:
    add_regions("asia/japan", "asia/korea", "europe/baltic", "gulf")
    lesson(["baltic"], ["japan", "korea"])
    lesson(["europe", "gulf"], ["asia"])
    lesson([], ["gulf"])


def test_without_lessons_the_page_says_what_one_is(client):
    found = page(client)
    assert "There are no lessons here yet." in found.get_text()
    assert found.find("h2", string="What a lesson is")
    assert not found.select(".bands, .flows")


def test_a_lesson_counts_once_for_each_pair_of_theatres_whatever_parts_of_them_are_named(client, travelled):
    assert figures(page(client)) == [
        ("Europe", "Asia", "2"),
        ("Gulf", "Asia", "1"),
        ("No theatre named", "Gulf", "1"),
    ]


def test_a_region_that_has_left_the_vocabulary_is_no_theatre(client):
    add_regions("asia")
    lesson(["atlantis"], ["atlantis", "asia"])
    assert figures(page(client)) == [("No theatre named", "Asia", "1")]


def test_the_picture_says_what_the_table_says(client, travelled):
    found = page(client)
    drawn = {(band["href"], band.title.get_text()) for band in found.select(".bands a")}
    told = {(row.a["href"], row.a.get_text()) for row in found.select(".flows tbody tr")}
    assert drawn == told
    assert "2 lessons drawn from Europe, proposed for Asia" in {said for _, said in drawn}
    assert found.select_one(".bands")["aria-hidden"] == "true"
    assert {band["tabindex"] for band in found.select(".bands a")} == {"-1"}
    assert not found.select("[style]")


def test_the_width_of_a_band_is_the_number_of_its_lessons(client, travelled):
    def width(band: BeautifulSoup) -> float:
        start, _, rest = band.path["d"].removeprefix("M0,").partition("C")
        return float(rest.rpartition(" 0,")[2].rstrip("Z")) - float(start)

    widths = {band.title.get_text().partition(" ")[0]: width(band) for band in page(client).select(".bands a")}
    assert widths["2"] == pytest.approx(2 * widths["1"])


def test_every_figure_is_the_number_of_lessons_after_the_click(client, travelled):
    for row in page(client).select(".flows tbody tr"):
        narrowed = page(client, row.a["href"])
        assert len(narrowed.select("#list .lines > li")) == int(row.a.find(string=True, recursive=False))
        assert len(narrowed.select(".bands .chosen")) == len(narrowed.select(".flows [aria-current]")) == 1
        assert figures(narrowed) == figures(page(client))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("from=gulf", ["From Gulf → for Asia 1"]),
        ("to=japan", ["From Europe → for Asia 1"]),
        ("from=baltic&to=asia", ["From Europe → for Asia 1"]),
        ("from=~", ["From No theatre named → for Gulf 1"]),
        ("from=asia", []),
        ("from=&to=", ["From Europe → for Asia 2", "From Gulf → for Asia 1", "From No theatre named → for Gulf 1"]),
    ],
)
def test_the_list_is_narrowed_to_a_region_with_what_lies_within_it(client, travelled, asked, expected):
    assert headings(page(client, f"/lessons/?{asked}")) == expected


def test_a_region_that_there_is_not_is_400_and_each_is_named(client, travelled):
    response = client.get("/lessons/?from=atlantis&to=narnia%00<b>")
    assert response.status_code == 400
    found = BeautifulSoup(response.content, "html.parser")
    assert "There is no region called “atlantis”." in found.get_text()
    assert "narnia" in found.get_text()
    assert not found.select("main b")


def test_a_lesson_leads_to_both_ends_and_to_where_it_was_proposed(client):
    add_regions("asia", "europe")
    made = lesson(["europe"], ["asia"], "What was learnt by exercises.").source
    workshop = make_record("workshop", "A workshop")
    session = make_record("session", "A session")
    join(made, Tie.FOUND_IN, session)
    join(made, Tie.REPORTED_FROM, workshop)
    item = page(client).select_one("#list .lines li")
    assert [link.get_text() for link in item.select("a")] == [
        "Plan together",
        "A session",
        "A workshop",
        "Practice of europe",
    ]
    for link in item.select("a"):
        assert client.get(link["href"]).status_code == 200
    for said in ("Position", "some Asia experts", "A journal", "What was learnt by exercises."):
        assert said in item.get_text()


def test_a_withdrawn_record_takes_its_lessons_along(client):
    add_regions("asia", "europe")
    bury(lesson(["europe"], ["asia"]).target)
    assert not page(client).select("#list li")


def test_long_titles_markup_and_right_to_left_text_are_shown_as_they_are(client):
    add_regions("asia", "europe")
    title = (ARABIC + MARKUP * 10)[:300]
    lesson(["europe"], ["asia"], note=MARKUP, title=title)
    found = page(client, "/lessons/?from=europe&to=asia")
    assert found.select_one("#list li a bdi").get_text() == title
    assert MARKUP.strip() in found.select_one("#list li p").get_text()
    assert not found.select("main script, #list b")


def test_a_theatre_with_a_long_name_in_markup_breaks_no_picture(client):
    add_regions("asia", "europe")
    Region.objects.filter(slug="asia").update(name=MARKUP + ARABIC * 3)
    add_regions()
    lesson(["europe"], ["asia"])
    found = page(client)
    assert [one.get_text() for one in found.select(".bands text")][-1].endswith("…")
    assert not found.select("main script, .bands b")
    assert MARKUP + ARABIC * 3 in found.select_one(".flows td").get_text()


def test_what_is_not_counted_and_not_listed_is_said(client, monkeypatch):
    add_regions("asia", "europe")
    for name, most in (("MOST_COUNTED", 5), ("MOST_OF_A_FLOW", 2), ("MOST_LISTED", 4)):
        monkeypatch.setattr(lessons, name, most)
    for _ in range(5):
        lesson(["europe"], ["asia"])
    found = page(client)
    assert "there are more" not in found.get_text()
    assert len(found.select("#list li")) == 2
    assert found.select_one("#list p a").get_text() == "All 5 from Europe for Asia"
    lesson(["europe"], ["asia"])
    narrowed = page(client, found.select_one("#list p a")["href"])
    assert "The latest 5 lessons are counted; there are more." in narrowed.get_text()
    assert "The first 4 of 5 are listed here." in narrowed.get_text()


@pytest.mark.parametrize("count", [2, 20])
def test_it_costs_four_queries_however_many_there_are(client, django_assert_num_queries, count):
    """The state; regions of both ends, to count; the lessons listed; what they were found in."""
    add_regions("asia", "europe")
    for _ in range(count):
        join(lesson(["europe"], ["asia"]).source, Tie.FOUND_IN, make_record("session"))
    client.get("/themes/nothing/")  # the vocabulary is read
    with django_assert_num_queries(4):
        response = client.get("/lessons/?from=europe&to=asia")
    with django_assert_num_queries(1):
        assert client.get("/lessons/", headers={"if-none-match": response["ETag"]}).status_code == 304


@pytest.mark.skipif(connection.vendor != "sqlite", reason="plans are worded by the database")
def test_lessons_are_found_without_reading_every_link(db):
    links = Link.objects.filter(tie=Tie.DRAWS_LESSON_FROM).order_by("-pk")[:10]
    assert "link_lessons" in links.explain()


def test_it_is_in_the_navigation_and_in_the_sitemap(client):
    assert page(client).select_one("nav[aria-label=Main] [aria-current=page]").get_text() == "Lessons"
    assert b"/lessons/<" in client.get("/sitemap-pages.xml").content
