"""Taking records along: each format read back by what reads it, and the same records as on the pages."""

import csv
import io
import json
import zipfile
from urllib.parse import parse_qs
from xml.etree import ElementTree

import bibtexparser
import polars
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from bs4 import BeautifulSoup

from apps.public.exports import parquet, tables
from apps.public.exports.columns import COLUMNS, TABLE
from apps.public.exports.formats import FORMATS
from apps.taxonomy.models import Region, Theme
from tests.website.factory import author, bury, join, make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(db):
    Region.objects.create(slug="europe", name="Europe")
    Theme.objects.create(slug="calm", name="Calm")
    workshop = make_record("workshop", "A workshop", host="An institute", date="2023-06-06/2023-06-07", place="Łódź")
    article = make_record(
        "article", "An article: on 50% & more", authors=[author("Alice", "Dell’Era", "A college")], genre="report",
        outlet="A press", doi="10.1000/182", date="2024-08", summary="It says\nTY  - so.", themes=["calm"],
        regions=["europe"], language="en",
    )  # fmt: skip
    proposition = make_record("proposition", "Allies should plan")
    position = make_record(
        "position", "=Planning calms", source=article.identifier, proposition=proposition.identifier,
        workshop=workshop.identifier, passages=[{"quotation": "it “calms”", "locator": "page 3"}], tags=["a", "b"],
    )  # fmt: skip
    join(position, "found_in", article)
    session = make_record("session", "A session", workshop=workshop.identifier, number=2)
    join(session, "part_of", workshop)
    return {
        "workshop": workshop,
        "article": article,
        "proposition": proposition,
        "position": position,
        "session": session,
    }


def taken(client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    return b"".join(response.streaming_content)


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_list_as_csv(client, catalogue):
    rows = {row["kind"]: row for row in table(taken(client, "/export/csv/"))}
    assert list(rows["position"]) == list(COLUMNS)
    assert rows["position"]["source"] == "An article: on 50% & more"
    assert rows["position"]["proposition"] == "Allies should plan"
    assert rows["position"]["tags"] == "a; b"
    assert rows["position"]["holder"] == "some Asia experts"
    assert rows["article"]["summary"] == "It says\nTY  - so."
    assert rows["article"]["regions"] == "Europe"
    assert rows["session"]["workshop"] == "A workshop"
    assert rows["workshop"]["permalink"] == f"http://testserver/workshops/{catalogue['workshop'].identifier}/"


def test_a_text_that_a_spreadsheet_takes_for_a_formula_stays_a_text(client, catalogue):
    assert "'=Planning calms" in [row["title"] for row in table(taken(client, "/export/csv/?kind=position"))]


@pytest.mark.parametrize(
    "cell", ["", "a", "a, b", 'say "so"', '"', "two\nlines", "x\r", " a ", "a;b", "é🛡️", 7, "a\u2028b"]
)
def test_a_line_is_what_pythons_own_writer_makes_of_it(cell):
    written = io.StringIO()
    csv.writer(written).writerow([cell, "and", cell])
    assert tables.line_of([cell, "and", cell]) == written.getvalue()


def test_a_list_as_json_has_the_same_columns(client, catalogue):
    rows = json.loads(taken(client, "/export/json/"))
    assert len(rows) == 5
    assert all(tuple(row) == COLUMNS for row in rows)
    assert next(row for row in rows if row["kind"] == "position")["tags"] == ["a", "b"]


def test_json_lines_are_the_objects_of_json_each_whole_on_its_line(client, catalogue):
    content = taken(client, "/export/jsonl/")
    assert content.endswith(b"}\n")
    assert "It says\nTY" in next(row["summary"] for row in json.loads(taken(client, "/export/json/")) if row["doi"])
    assert [json.loads(line) for line in content.splitlines()] == json.loads(taken(client, "/export/json/"))


def test_a_list_as_a_workbook(client, catalogue):
    with zipfile.ZipFile(io.BytesIO(taken(client, "/export/xlsx/"))) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    rows = [["".join(cell.itertext()) for cell in row.iter(f"{main}c")] for row in sheet.iter(f"{main}row")]
    assert rows[0] == list(COLUMNS)
    assert len(rows) == 6
    assert "=Planning calms" in [row[2] for row in rows]
    assert not list(sheet.iter(f"{main}f"))  # no formula


def test_a_list_as_parquet_has_the_objects_of_json_each_column_of_its_type(client, catalogue):
    content = taken(client, "/export/parquet/")
    frame = polars.read_parquet(io.BytesIO(content))
    assert frame.to_dicts() == json.loads(taken(client, "/export/json/"))
    types = {"text": polars.String, "texts": polars.List(polars.String), "number": polars.Int64, "yes": polars.Boolean}
    assert dict(frame.schema) == {column.name: types[column.sort] for column in TABLE}


def test_parquet_goes_out_in_groups_of_rows(client, catalogue, monkeypatch):
    monkeypatch.setattr(parquet, "_GROUP", 2)
    parts = list(client.get("/export/parquet/").streaming_content)
    assert sum(len(part) > 0 for part in parts) == 4  # 2, 2 and 1 of five records, and where they stand
    assert polars.read_parquet(io.BytesIO(b"".join(parts))).height == 5


def test_ris_is_read_back(client, catalogue):
    entries = {entry["title"]: entry for entry in rispy.loads(taken(client, "/export/ris/").decode())}
    assert len(entries) == 5
    article = entries["An article: on 50% & more"]
    assert article["type_of_reference"] == "RPRT"
    assert article["authors"] == ["Dell’Era, Alice"]
    assert (article["year"], article["date"], article["publisher"]) == ("2024", "2024/08//", "A press")
    assert article["abstract"] == "It says TY - so."
    workshop = entries["A workshop"]
    assert (workshop["type_of_reference"], workshop["place_published"]) == ("CONF", "Łódź")
    notes = " ".join(entries["=Planning calms"]["notes"])
    assert "Held by some Asia experts." in notes
    assert "Found in “An article: on 50% & more”, page 3." in notes


def test_bibtex_is_read_back(client, catalogue):
    text = taken(client, "/export/bibtex/").decode()
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert not library.failed_blocks
    entries = {entry.key: entry for entry in library.entries}
    assert len(entries) == 5
    article = entries[catalogue["article"].identifier]
    assert article.entry_type == "techreport"
    assert article["title"] == "An article: on 50% & more"
    assert article["author"] == "Dell’Era, Alice"
    assert article["institution"] == "A press"
    workshop = entries[catalogue["workshop"].identifier]
    assert workshop["address"] == "Łódź"
    assert "author = {{An institute}}" in text  # which is not to be taken apart
    assert workshop["url"] == f"http://testserver/workshops/{catalogue['workshop'].identifier}/"
    assert "\\url" not in text


def test_csl_json_gives_parts_of_names_and_dates(client, catalogue):
    items = {item["id"]: item for item in json.loads(taken(client, "/export/csl-json/"))}
    article = items[catalogue["article"].identifier]
    assert article["type"] == "report"
    assert article["author"] == [{"family": "Dell’Era", "given": "Alice"}]
    assert article["issued"] == {"date-parts": [[2024, 8]]}
    assert items[catalogue["workshop"].identifier]["issued"] == {"date-parts": [[2023, 6, 6], [2023, 6, 7]]}
    assert items[catalogue["session"].identifier]["event-title"] == "A workshop"


@pytest.mark.parametrize("query", ["", "q=planning", "q=planning+article", "kind=position", "sort=oldest", "page=3"])
def test_a_list_is_that_of_the_pages_in_their_order(client, query):
    for number in range(60):
        make_record(
            "position" if number % 3 else "article", f"Planning {number}", earliest=f"2020-01-{1 + number % 28:02d}"
        )
    exported = [row["identifier"] for row in json.loads(taken(client, f"/export/json/?{query}"))]
    shown = []
    for page in (1, 2, 3):
        address = f"/browse/?{query}&page={page}" if "page" not in query else f"/browse/?page={page}"
        cards = BeautifulSoup(client.get(address).content, "html.parser").select(".card h3 a")
        shown += [card["href"].split("/")[2] for card in cards]
    assert exported == shown


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_of_nothing_is_an_empty_one(client, catalogue, name):
    content = taken(client, f"/export/{name}/?q=nothingatall")
    assert b"Planning" not in content
    if name in ("json", "csl-json"):
        assert json.loads(content) == []
    if name == "jsonl":
        assert content == b""
    if name == "parquet":
        assert polars.read_parquet(io.BytesIO(content)).columns == list(COLUMNS)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", ["article", "workshop", "session", "proposition", "position"])
def test_every_record_can_be_taken_along_with_nothing_known_of_it(client, db, name, kind):
    record = make_record(kind)
    assert taken(client, f"/{kind}s/{record.identifier}/export/{name}/")
    page = BeautifulSoup(client.get(f"/{kind}s/{record.identifier}/").content, "html.parser")
    assert page.select_one(f"a[href='/{kind}s/{record.identifier}/export/{name}/']")


def test_odd_texts_break_no_format(client):
    odd = "\x01 ‮مواقف‬ <b> {}\\ %"
    make_record("article", "Odd", summary=odd, outlet=odd, authors=[author("", ""), author(odd, "{")])
    for name in FORMATS:
        assert taken(client, f"/export/{name}/")


def test_what_cannot_be_taken_along(client, catalogue):
    gone = bury(make_record("article"))
    assert client.get(f"/articles/{gone.identifier}/export/ris/").status_code == 410
    assert client.get("/export/docx/").status_code == 404
    assert client.get("/export/csv/?year=abc").status_code == 400
    assert client.get("/articles/zzzzzzzz/export/ris/").status_code == 404


@pytest.mark.parametrize("count", [2, 20])
def test_an_export_costs_three_queries_for_500_records(client, django_assert_num_queries, count):
    """The state; the records; what they are joined to."""
    article = make_record("article")
    for _ in range(count):
        make_record("position", source=article.identifier)
    client.get("/browse/")
    with django_assert_num_queries(3):
        taken(client, "/export/csv/?kind=position")


def test_an_unchanged_export_is_not_sent_again(client, catalogue):
    etag = client.get("/export/csv/")["ETag"]
    assert client.get("/export/csv/", headers={"if-none-match": etag}).status_code == 304


# --- What pages say of themselves, read as Zotero's translators read it


def metadata(client, record) -> list[tuple[str, str]]:
    page = BeautifulSoup(client.get(f"/{record.kind}s/{record.identifier}/").content, "html.parser")
    return [(tag["name"], tag["content"]) for tag in page.head.find_all("meta", attrs={"name": True})]


def test_an_articles_page_says_what_embedded_metadata_reads(client, catalogue):
    found = metadata(client, catalogue["article"])
    assert ("citation_title", "An article: on 50% & more") in found
    assert ("citation_author", "Dell’Era, Alice") in found
    assert ("citation_publication_date", "2024/08") in found
    assert ("citation_technical_report_institution", "A press") in found  # which makes it a report
    assert ("citation_doi", "10.1000/182") in found
    assert ("citation_keywords", "Calm; Europe") in found


def test_a_page_without_a_journal_or_the_like_names_its_type(client, catalogue):
    assert ("z:itemType", "webpage") in metadata(client, catalogue["position"])
    assert ("citation_conference_title", "A workshop") in metadata(client, catalogue["session"])


@pytest.mark.parametrize("kind", ["article", "workshop", "session", "proposition", "position"])
def test_no_page_has_what_zotero_takes_for_an_author(client, catalogue, kind):
    """With no author given it looks for these classes, and would take whatever stands there for one."""
    page = BeautifulSoup(client.get(f"/{kind}s/{catalogue[kind].identifier}/").content, "html.parser")
    assert not page.select(".byline, .bylines, .vcard, .article-byline")
    assert not page.select(".Z3988")  # a page has one item: tags say so, and a context object would be a second


def test_schema_org_is_data_and_nothing_else(client, catalogue):
    catalogue["article"].content["title"] = "</script><script>alert(1)</script>"
    catalogue["article"].save()
    page = BeautifulSoup(client.get(f"/articles/{catalogue['article'].identifier}/").content, "html.parser")
    [data] = page.find_all("script", type="application/ld+json")
    said = json.loads(data.string)
    assert (said["@type"], said["datePublished"]) == ("Report", "2024-08")
    assert said["author"] == [{"@type": "Person", "name": "Dell’Era, Alice"}]
    assert "alert" in said["name"]


def test_a_list_has_a_context_object_for_each_of_its_records(client, catalogue):
    page = BeautifulSoup(client.get("/browse/").content, "html.parser")
    objects = [parse_qs(span["title"]) for span in page.select(".Z3988")]
    assert len(objects) == 5
    assert all(one["ctx_ver"] == ["Z39.88-2004"] for one in objects)
    report = next(one for one in objects if one.get("rft.genre") == ["report"])
    assert report["rft.btitle"] == ["An article: on 50% & more"]
    assert report["rft.au"] == ["Dell’Era, Alice"]
    assert report["rft_id"] == ["info:doi/10.1000/182"]
