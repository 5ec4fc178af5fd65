"""What programs ask for: feeds, sitemaps, unAPI, robots; each read as the programs do that ask for it."""

from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from apps.public.catalogue.models import Record
from apps.taxonomy.models import Region, Theme
from tests.website.factory import author, bury, join, make_record

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def feed(client, query: str = "") -> ElementTree.Element:
    response = client.get(f"/feed/{query}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def titles(root: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]


# --- Feeds


def test_a_feed_has_what_its_filter_finds_the_latest_published_first(client):
    Region.objects.create(slug="asia", name="Asia")
    old = make_record("position", "Dated last, published first", regions=["asia"], date="2024", earliest="2024-01-01")
    make_record("position", "Published last", regions=["asia"], date="2001", earliest="2001-01-01")
    make_record("position", "About nowhere")
    Record.objects.filter(pk=old.pk).update(published_at=timezone.now() - timezone.timedelta(days=3))
    assert titles(feed(client, "?region=asia")) == ["Published last", "Dated last, published first"]
    assert len(titles(feed(client))) == 3


def test_an_entry_says_what_it_is_who_holds_it_and_where_it_was_found(client):
    Theme.objects.create(slug="calm", name="Calm")
    article = make_record("article", "An article", authors=[author("Ada", "Wroxham")])
    position = make_record("position", "A <b>claim</b> & so", summary="*Why* so.", themes=["calm"])
    join(position, "found_in", article)
    entry = next(one for one in feed(client).iter(f"{ATOM}entry") if "claim" in one.findtext(f"{ATOM}title"))
    assert entry.findtext(f"{ATOM}title") == "A <b>claim</b> & so"
    assert entry.findtext(f"{ATOM}id") == f"http://testserver/positions/{position.identifier}/"
    assert entry.findtext(f"{ATOM}summary") == "Position, held by some Asia experts, found in “An article”. Why so."
    assert [one.get("term") for one in entry.iter(f"{ATOM}category")] == ["Calm"]
    written = next(one for one in feed(client).iter(f"{ATOM}entry") if one.findtext(f"{ATOM}title") == "An article")
    assert written.findtext(f"{ATOM}author/{ATOM}name") == "Ada Wroxham"


def test_an_empty_feed_is_a_feed_and_stays_the_same(client):
    make_record("position")
    before = client.get("/feed/?kind=workshop").content
    assert titles(ElementTree.fromstring(before)) == []
    assert client.get("/feed/?kind=workshop").content == before


def test_a_feed_of_rubbish_says_what_is_wrong_with_it(client):
    response = client.get("/feed/?region=atlantis&kind=nonsense")
    assert response.status_code == 400
    assert "There is no region called “atlantis”" in response.content.decode()


def test_a_text_that_no_xml_can_hold_breaks_no_feed(client):
    make_record("position", "A \x01 bell", summary="\x0b\uffff")
    assert titles(feed(client)) == ["A  bell"]


@pytest.mark.parametrize("page", ["/", "/browse/?kind=position", "/regions/asia/"])
def test_pages_lead_to_their_feed(client, page):
    Region.objects.create(slug="asia", name="Asia")
    link = BeautifulSoup(client.get(page).content, "html.parser").find("link", type="application/atom+xml")
    assert client.get(link["href"]).status_code == 200
    assert urlsplit(link["href"]).query == {"/": "", "/browse/?kind=position": "kind=position"}.get(page, "region=asia")


# --- Sitemaps


def test_robots_find_every_live_record_through_the_sitemap(client):
    Theme.objects.create(slug="calm", name="Calm")
    live = [make_record(kind) for kind in ("article", "workshop", "session", "proposition", "position")]
    gone = bury(make_record("position"))
    robots = client.get("/robots.txt").content.decode()
    index = urlsplit(robots.split("Sitemap: ")[1].split()[0]).path
    maps = [one.text for one in ElementTree.fromstring(client.get(index).content).iter(f"{MAP}loc")]
    found = {
        urlsplit(one.text).path
        for address in maps
        for one in ElementTree.fromstring(client.get(urlsplit(address).path).content).iter(f"{MAP}loc")
    }
    assert {f"/{one.kind}s/{one.identifier}/" for one in live} <= found
    assert f"/positions/{gone.identifier}/" not in found
    assert "/themes/calm/" in found
    assert all(client.get(path).status_code == 200 for path in found)


@pytest.mark.parametrize("address", ["/sitemap-nothing.xml", "/sitemap-records.xml?p=2", "/sitemap-records.xml?p=x"])
def test_a_sitemap_that_is_not_there(client, address):
    assert client.get(address).status_code == 404


# --- unAPI


def formats(content: bytes) -> list[str]:
    return [one.get("name") for one in ElementTree.fromstring(content).iter("format")]


def test_unapi_names_the_formats_then_those_of_a_record_then_gives_it(client):
    record = make_record("article", "An article", authors=[author("Ada", "Wroxham")], genre="report")
    page = BeautifulSoup(client.get(f"/articles/{record.identifier}/").content, "html.parser")
    server = page.find("link", rel="unapi-server")["href"]
    identifier = page.select_one("abbr.unapi-id")["title"]
    assert formats(client.get(server).content)[0] == "ris"
    offered = client.get(server, {"id": identifier})
    assert offered.status_code == 300
    for name in formats(offered.content):
        response = client.get(server, {"id": identifier, "format": name})
        assert response.status_code == 200
        assert "An article" in b"".join(response.streaming_content).decode()


def test_unapi_knows_nothing_of_other_records_and_formats(client):
    record = make_record("position")
    assert client.get("/unapi/", {"id": "zzzzzzzz"}).status_code == 404
    assert client.get("/unapi/", {"id": bury(make_record("position")).identifier}).status_code == 404
    assert client.get("/unapi/", {"id": record.identifier, "format": "<b>"}).status_code == 406
    assert client.get("/unapi/", {"id": "\x00", "format": "ris"}).status_code == 404


def test_a_list_offers_each_of_its_records(client):
    record = make_record("position")
    page = BeautifulSoup(client.get("/browse/").content, "html.parser")
    assert [one["title"] for one in page.select("abbr.unapi-id")] == [record.identifier]
