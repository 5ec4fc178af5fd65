"""Our pages as Zotero's translators read them: what is saved in somebody's library is what the record says."""

import pytest
from django.test import Client

from apps.public.catalogue.models import Record
from apps.taxonomy.models import Region, Theme
from tests.exports import zotero
from tests.website.factory import author, join, make_record

pytestmark = pytest.mark.django_db
ROOT = "http://testserver"
GENRES = {
    "report": "report",
    "briefing": "report",
    "journal_article": "journalArticle",
    "book": "book",
    "chapter": "bookSection",
    "commentary": "magazineArticle",
    "news": "newspaperArticle",
    "web_page": "webpage",
    "speech": "presentation",
}


def read(client: Client, address: str) -> str:
    response = client.get(address.removeprefix(ROOT))
    assert response.status_code in (200, 300)
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def through_unapi(client: Client, address: str) -> list[zotero.Item]:
    """What Zotero takes where a page has several ways: unAPI comes first."""
    return zotero.unapi(read(client, address), ROOT + address, lambda one: read(client, one))


def embedded(client: Client, record: Record) -> zotero.Item:
    address = f"/{record.kind}s/{record.identifier}/"
    return zotero.embedded(read(client, address), ROOT + address)


def saved(client: Client, record: Record) -> zotero.Item:
    [item] = through_unapi(client, f"/{record.kind}s/{record.identifier}/")
    return item


def an_article(**content) -> Record:
    return make_record("article", "Illuminating: the gray zone", **(WHOLE | content))


WHOLE = {
    "authors": [author("Alice", "Dell’Era"), author("John", "Sawyer")],
    "outlet": "A press",
    "doi": "10.1000/182",
    "url": "https://press.example/1",
    "language": "en",
    "date": "2021-09-03",
    "summary": "On *gray*\nzones.",
    "tags": ["sharing, nuclear", "burden"],
}
FIELDS = {
    "title": "Illuminating: the gray zone",
    "date": "2021/09/03",
    "DOI": "10.1000/182",
    "url": "https://press.example/1",
    "language": "en",
    "abstractNote": "On *gray* zones.",
}


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("way", [embedded, saved], ids=["embedded metadata", "unAPI"])
def test_an_article_is_saved_as_what_it_is_with_all_that_is_known(client, way, genre):
    Theme.objects.create(slug="calm", name="Calm")
    item = way(client, an_article(genre=genre, themes=["calm"]))
    assert item.type == GENRES[genre]
    assert item.creators == [("Dell’Era", "Alice"), ("Sawyer", "John")]
    assert {name: item[name] for name in FIELDS} == FIELDS
    assert item.tags == ["Calm", "sharing, nuclear", "burden"]
    where = {
        "report": "institution",
        "briefing": "institution",
        "chapter": "bookTitle",
        "book": "publisher",
        "speech": "publisher",
        "web_page": "publicationTitle" if way is embedded else "websiteTitle",
    }.get(genre, "publicationTitle")
    assert item[where] == "A press"


@pytest.mark.parametrize("genre", GENRES)
def test_without_an_outlet_it_is_the_same_sort_of_thing_and_not_said_to_have_appeared_here(client, genre):
    item = embedded(client, an_article(genre=genre, outlet=""))
    assert item.type == GENRES[genre]
    assert item["publicationTitle"] == ""


def test_a_page_is_kept_as_it_looked_and_nothing_is_fetched_for_it(client):
    assert embedded(client, an_article()).attachments == ["Snapshot"]


@pytest.mark.parametrize("kind", ["article", "workshop", "session", "proposition", "position"])
@pytest.mark.parametrize("way", [embedded, saved], ids=["embedded metadata", "unAPI"])
def test_nobody_is_made_an_author_who_is_none(client, way, kind):
    """Above all no one from “Held by ...”, which a page without authors could be searched for."""
    article, workshop = make_record("article", "A source"), make_record("workshop", "A meeting")
    record = make_record(kind, "Bare")
    if kind == "position":
        join(record, "found_in", article)
    if kind == "session":
        join(record, "part_of", workshop)
    item = way(client, record)
    assert item.creators == []
    assert item["title"] == "Bare"


def test_a_workshop_is_a_meeting_of_its_host_at_its_place(client):
    workshop = make_record(
        "workshop", "A workshop", host="An institute of Łódź", place="Łódź", date="2023-06-06/2023-06-07"
    )
    item = saved(client, workshop)
    assert (item.type, item.creators) == ("conferencePaper", [("An institute of Łódź", "")])
    assert (item["date"], item["place"], item["url"]) == (
        "2023/06/06",
        "Łódź",
        f"{ROOT}/workshops/{workshop.identifier}/",
    )
    assert embedded(client, workshop).type == "conferencePaper"
    session = make_record("session", "A session")
    join(session, "part_of", workshop)
    for way in (saved, embedded):
        assert (way(client, session).type, way(client, session)["conferenceName"]) == ("conferencePaper", "A workshop")


def test_a_position_is_a_page_of_this_site_at_the_address_of_its_version(client, settings):
    position = make_record("position", "Planning calms")
    join(position, "found_in", make_record("article", "An account"))
    address = f"{ROOT}/positions/{position.identifier}/versions/1/"
    of_page, of_record = embedded(client, position), saved(client, position)
    assert (of_page.type, of_page["publicationTitle"], of_page["url"]) == ("webpage", settings.SITE_NAME, address)
    assert (of_record.type, of_record["websiteTitle"], of_record["url"]) == ("webpage", settings.SITE_NAME, address)
    assert "Held by some Asia experts. Found in “An account”." in of_record.notes[0]


# --- Lists


@pytest.fixture
def listed(db) -> dict[str, Record]:
    Region.objects.create(slug="asia", name="Asia")
    found = {genre: make_record("article", f"Of genre {genre}", **(WHOLE | {"genre": genre})) for genre in GENRES}
    workshop = make_record("workshop", "A + workshop & more", host="An institute", place="Łódź", date="2023-06")
    position = make_record("position", "Planning calms", regions=["asia"])
    session = make_record("session", "A session = talk")
    join(session, "part_of", workshop)
    return found | {
        "workshop": workshop,
        "session": session,
        "position": position,
        "proposition": make_record("proposition", "Plan"),
    }


@pytest.mark.parametrize("address", ["/browse/", "/browse/?view=table"])
def test_a_list_offers_every_row_with_its_title_by_context_objects(client, listed, address):
    items = {item["title"]: item for item in zotero.context_objects(read(client, address))}
    assert len(items) == len(listed)
    # A plus sign is the one that Zotero reads as a space, however it is written.
    assert {title.replace("   ", " + ") for title in items} == {record.title for record in listed.values()}
    for genre, kind in GENRES.items():
        item = items[f"Of genre {genre}"]
        periodical = genre in ("journal_article", "commentary", "news")
        assert item.type == ("journalArticle" if periodical else kind)
        assert item.creators == [("Dell’Era", "Alice"), ("Sawyer", "John")]
        assert (item["date"], item["DOI"], item["url"]) == ("2021-09-03", "10.1000/182", "https://press.example/1")
        assert "A press" in (item["publicationTitle"], item["publisher"])
    meeting = items["A   workshop & more"]
    assert (meeting.type, meeting.creators, meeting["place"]) == ("conferencePaper", [("An institute", "")], "Łódź")
    assert (items["Planning calms"].type, items["Planning calms"].creators) == ("webpage", [])


def test_a_list_offers_the_same_records_through_unapi_where_there_are_cards(client, listed):
    items = through_unapi(client, "/browse/")
    assert sorted(item["title"] for item in items) == sorted(record.title for record in listed.values())


def test_a_table_has_one_way_of_offering_its_rows(client, listed):
    assert through_unapi(client, "/browse/?view=table") == []


# --- Files


@pytest.mark.parametrize(("name", "reader"), [("ris", zotero.from_ris), ("bibtex", zotero.from_bibtex)])
def test_a_file_has_every_record_with_its_people_its_date_and_its_keywords(client, name, reader):
    Theme.objects.create(slug="calm", name="Calm")
    an_article(genre="report", themes=["calm"], tags=["sharing, nuclear; of Germany"])
    [item] = reader(read(client, f"/export/{name}/"))
    assert (item.type, item["title"]) == ("report", "Illuminating: the gray zone")
    assert item.creators == [("Dell’Era", "Alice"), ("Sawyer", "John")]
    assert item["date"] == {"ris": "2021/09/03", "bibtex": "sep 2021"}[name]
    assert (item["DOI"], item["url"], item["language"]) == ("10.1000/182", "https://press.example/1", "en")
    said = {"ris": "sharing, nuclear, of Germany", "bibtex": "sharing / nuclear / of Germany"}[name]
    assert item.tags == ["Calm", said]


def test_a_host_is_not_taken_apart_in_a_file(client):
    make_record("workshop", "A workshop", host="An institute")
    for name, reader in (("ris", zotero.from_ris), ("bibtex", zotero.from_bibtex)):
        [item] = reader(read(client, f"/export/{name}/"))
        assert item.creators == [("An institute", "")]


# --- The reader itself


def test_the_reader_sees_an_author_in_what_zotero_would_take_for_one():
    assert zotero.embedded("<p class='byline'>By Ada Wroxham</p>", ROOT).creators == [("Wroxham", "By Ada")]
    assert zotero.embedded("<meta name=author content='Ada Wroxham'>", ROOT).creators == [("Wroxham", "Ada")]


def test_the_reader_loses_the_title_of_a_meeting_that_is_written_as_that_of_a_book():
    lost = "rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Abook&rft.genre=conference&rft.btitle=A+workshop"
    [item] = zotero.context_objects(f'<span class="Z3988" title="{lost.replace("&", "&amp;")}"></span>')
    assert (item["title"], item["publicationTitle"]) == ("", "A workshop")
