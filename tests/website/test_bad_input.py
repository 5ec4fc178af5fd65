"""What nobody should ask for, and what nobody should have written: answered in words, never broken, never executed."""

import json
from xml.etree import ElementTree

import html5lib
import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client

from apps.public.catalogue.models import CatalogueState, Record
from apps.taxonomy.models import Region, Theme, VocabularyState
from tests.website.factory import _COMMON, OF_KIND, author, join, make_record

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status, address
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def vocabulary(db) -> None:
    for number in range(10):
        Region.objects.create(slug=f"r{number}", name=f"Region {number}")
    Theme.objects.create(slug="calm", name="Calm")
    VocabularyState.advance()


# --- What is asked for


@pytest.mark.parametrize("count", [0, 1, 5, 10])
def test_compared_with_too_few_or_too_many_the_form_comes_back_with_what_was_chosen(client, vocabulary, count):
    shown = page(client, "/compare/?" + "&".join(f"region=r{number}" for number in range(count)))
    chosen = [one["value"] for one in shown.select("option[selected]")]
    assert chosen == [f"r{number}" for number in range(min(count, 4))]
    said = shown.select_one("[role=alert]")
    assert (said.get_text() if said else "") == {
        0: "",
        1: "Choose at least 2 regions.",
        5: "That is 5; at most 4 can be seen side by side. Choose which.",
        10: "That is 10; at most 4 can be seen side by side. Choose which.",
    }[count]


def test_an_unknown_region_is_named_with_a_way_on_that_keeps_the_rest(client, vocabulary):
    shown = page(client, "/compare/?region=r1&region=narnia&q=calm", status=400)
    assert "There is no region called “narnia”" in shown.get_text()
    assert shown.select_one("main li a")["href"] == "?region=r1&q=calm"


@pytest.mark.parametrize("address", ["/matrix/", "/map/", "/compare/?region=r1&region=r2", "/browse/", "/feed/"])
@pytest.mark.parametrize("query", ["", "q=xylophone", "year=1800"])
def test_of_no_data_there_is_a_page(client, vocabulary, address, query):
    response = client.get(f"{address}{'&' if '?' in address else '?'}{query}")
    assert response.status_code == 200
    assert response.content.count(b'<td class="gap">') == (10 if address == "/matrix/" else 0)
    assert b'class="figure"' not in response.content


@pytest.mark.parametrize("name", ["csv", "json", "xlsx", "ris", "bibtex", "csl-json"])
def test_an_export_of_nothing_is_a_file_of_nothing(client, vocabulary, name):
    response = client.get(f"/export/{name}/?year=1800")
    content = b"".join(response.streaming_content)
    assert response.status_code == 200
    if name.endswith("json"):
        assert json.loads(content) == []
    elif name == "csv":
        assert content.decode("utf-8-sig").count("\r\n") == 1
    elif name != "xlsx":
        assert content == b""


@pytest.mark.parametrize("address", ["/feed/", "/export/csv/", "/matrix/", "/map/", "/compare/"])
def test_a_filter_that_fails_is_400_and_says_why(client, vocabulary, address):
    shown = page(client, f"{address}?region=narnia&year=soon", status=400)
    assert "There is no region called “narnia”" in shown.get_text()
    assert "“soon” is no year" in shown.get_text()


@pytest.mark.parametrize("address", ["/feed/", "/export/csv/", "/matrix/", "/map/", "/compare/?by=year"])
def test_without_an_index_it_is_503_and_nothing_that_is_kept(client, vocabulary, settings, address):
    settings.SEARCH_INDEX_DIR.touch()  # a file where the index's folder belongs
    response = client.get(address)
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "ETag" not in response


# --- What was written


def test_a_theme_with_five_thousand_positions(client, vocabulary, django_assert_max_num_queries):
    source = make_record("position", themes=["calm"])
    content = {**_COMMON, **OF_KIND["position"], "title": "A claim", "themes": ["calm"], "regions": ["r1"]}
    Record.objects.bulk_create(
        Record(
            identifier=f"{number:08d}".translate(str.maketrans("01", "xy")), kind="position", title="A claim",
            content=content, version=1, change=source.change + number + 1, published_at=source.published_at,
        )
        for number in range(4_999)
    )  # fmt: skip
    CatalogueState.objects.update(change=source.change + 5_000)
    call_command("index", verbosity=0)
    client.get("/themes/")
    # The state, the records listed, the articles that most positions were found in, the records that are named, links.
    with django_assert_max_num_queries(5):
        response = client.get("/themes/calm/")
    shown = BeautifulSoup(response.content, "html.parser")
    assert "5000 positions" in shown.h2.get_text()
    assert len(shown.select(".card")) == 50
    assert len(response.content) < 150_000
    assert shown.find("a", string="All 5000")


TITLES = [
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "</title></script><svg/onload=alert(1)>'\"--><!--",
    "‮قالوا إن الردع يبدأ بالثقة‬ (2023)",
    "\u202eA title that would turn the page round",
    "{{ settings.SECRET_KEY }} {% load x %} & &amp; \\n",
    "W" * 300,
]


def addresses_with(title: str) -> list[str]:
    """A workshop of that title with a session, an article, a proposition and positions; every page that names one."""
    workshop = make_record("workshop", title, host=title[:100], place=title[:100], key_questions=[title])
    session = make_record("session", title, number=1)
    article = make_record("article", title, authors=[author("A", title[:100])], outlet=title[:100], tags=[title[:100]])
    proposition = make_record("proposition", title, themes=["calm"], regions=["r1", "r2"])
    join(session, "part_of", workshop)
    join(article, "see_also", workshop, title)
    found = [workshop, session, article, proposition]
    for number in range(6):
        regions = ["r1", "r2"] if number else ["r1"]
        position = make_record(
            "position", title, regions=regions, themes=["calm"], tags=[title[:100]], summary=title,
            passages=[{"quotation": title, "locator": title[:50], "state": ""}],
        )  # fmt: skip
        join(position, "found_in", session)
        join(position, "takes_side_on", proposition, "supports")
        found.append(position)
    of_records = [f"/{one.kind}s/{one.identifier}/" for one in found[:5]]
    return [
        *of_records,
        *(f"{one}cite/" for one in of_records),
        *("/", "/browse/", "/browse/?view=table", "/workshops/", "/themes/calm/", "/regions/r1/", "/matrix/", "/map/"),
        *("/compare/?region=r1&region=r2", f"/browse/?proposition={proposition.identifier}"),
        f"/compare/?by=workshop&workshop={workshop.identifier}",
    ]


@pytest.mark.parametrize("title", TITLES, ids=["script", "ends", "right to left", "override", "template", "long"])
def test_whatever_a_title_holds_is_text_on_every_page_that_names_it(client, vocabulary, title):
    for address in addresses_with(title):
        content = client.get(address).content.decode()
        html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(content)
        shown = BeautifulSoup(content, "html.parser")
        scripts = [one for one in shown.find_all("script") if one.get("type") != "application/ld+json"]
        assert all(one.get("src") and not one.string for one in scripts), address
        assert not shown.select("[onerror], [onload], main img"), address
        named = address.startswith(("/browse", "/workshops", "/articles", "/positions", "/propositions", "/sessions"))
        if named:
            # A reference may be set in title case.
            assert " ".join(title.split()).casefold() in " ".join(shown.main.get_text().split()).casefold(), address


@pytest.mark.parametrize("title", TITLES, ids=["script", "ends", "right to left", "override", "template", "long"])
def test_whatever_a_title_holds_is_text_in_what_programs_read(client, vocabulary, title):
    addresses_with(title)
    rows = json.loads(b"".join(client.get("/export/json/").streaming_content))
    assert {row["title"] for row in rows} == {title}
    feed = ElementTree.fromstring(client.get("/feed/").content)
    assert title in {one.text for one in feed.iter("{http://www.w3.org/2005/Atom}title")}
