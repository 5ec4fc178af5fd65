"""Tables in and out: what is taken along comes back as it was, and each change is seen before it is made."""

import csv
import io
from typing import Any

import pytest
import xlsxwriter
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.curation.models import Article, Entry, Person, Position, Proposition, Session, Workshop
from apps.curation.tables.cells import LEFT_OUT, LONGEST, NOT_SHOWN
from apps.curation.tables.columns import MODELS
from apps.gate.publication import publish
from apps.public.catalogue.models import Record
from apps.workbench.models import Batch

POSITIONS = "title;slug;article;stance;proposition\n"


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def table(client, kind: str, query: str = "", extension: str = "csv") -> bytes:
    response = client.get(reverse(f"admin:curation_{kind}_table", args=[extension]) + query)
    assert response.status_code == 200
    return response.content


def upload(client, data: bytes | str, kind: str = "position", name: str = "table.csv"):
    data = data.encode() if isinstance(data, str) else data
    return client.post(reverse("admin:import"), {"kind": kind, "file": SimpleUploadedFile(name, data)}, follow=True)


def prepared(client, data: bytes | str, kind: str = "position") -> Batch:
    response = upload(client, data, kind)
    assert response.redirect_chain, words(response)
    return Batch.objects.latest("pk")


def decide(client, batch: Batch, how: str = "_make"):
    return client.post(reverse("admin:batch", args=[batch.pk]), {how: "1"}, follow=True)


def problems(batch: Batch) -> list[list[Any]]:
    return [[row["number"], name, said] for row in batch.rows for name, said in row["problems"]]


def changes(batch: Batch) -> list[list[str]]:
    return [change for row in batch.rows for change in row["changes"]]


def words(response) -> str:
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def workbook(fill) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        fill(book, book.add_worksheet())
    return file.getvalue()


# --- There and back


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", MODELS)
def test_a_table_of_the_demo_that_nobody_touched_changes_nothing(analyst, kind, extension):
    call_command("loaddata", "vocabulary", "demo", verbosity=0)
    batch = prepared(analyst, table(analyst, kind, extension=extension), kind)
    assert (batch.rows, batch.unchanged) == ([], MODELS[kind].objects.count())
    assert batch.unchanged


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "summary",
    [
        "=HYPERLINK(\"x\")", "+1", "-1", "- a bullet\n- another", "@x", "'=x", "''-x", "'quoted'", "two\n\nparagraphs",
        'with "quotes"; commas, and\ttabs', "\tindented", "x" * (LONGEST + 1), "a\x0bvertical tab",
        "_x0041_ as it stands",
    ],
)  # fmt: skip
def test_a_text_comes_back_from_a_spreadsheet_as_it_went_there(analyst, entries, summary, extension):
    Position.objects.update(note=summary)
    batch = prepared(analyst, table(analyst, "position", extension=extension))
    assert changes(batch) == []


def test_no_cell_of_a_table_is_a_formula(analyst, entries):
    Position.objects.update(note="=1+1")
    Entry.objects.update(note="=1+1")
    [headings, row] = rows_of(table(analyst, "position"))
    assert row[headings.index("note")] == "'=1+1"


def test_only_cells_that_differ_are_shown_and_made(analyst, entries):
    [headings, row] = rows_of(table(analyst, "position"))
    row[headings.index("stance")] = "opposes"
    row[headings.index("regions")] = "EUROPE, baltic"
    batch = prepared(analyst, as_csv([headings, row]))
    assert changes(batch) == [["stance", "Supports", "Opposes"], ["regions", "Baltic", "Baltic, Europe"]]
    assert Position.objects.get().stance == "supports"  # nothing yet
    decide(analyst, batch)
    position = Position.objects.get()
    assert (position.stance, set(position.regions.all())) == ("opposes", {entries.baltic, entries.europe})
    assert position.modified_by == analyst.user


def test_a_text_too_long_for_a_cell_is_left_as_it_is(analyst, entries):
    entries.position.note = "x" * 40_000
    entries.position.save()
    [headings, row] = rows_of(table(analyst, "position"))
    assert row[headings.index("note")] == LEFT_OUT


def test_who_said_what_is_in_the_table_of_a_disclosure_officer_alone(analyst, officer, entries):
    entries.position.speakers.add(entries.person)
    [headings, row] = rows_of(table(analyst, "position"))
    assert row[headings.index("speakers")] == NOT_SHOWN
    row[headings.index("stance")] = "opposes"
    decide(analyst, prepared(analyst, as_csv([headings, row])))
    assert list(Position.objects.get(stance="opposes").speakers.all()) == [entries.person]
    [headings, row] = rows_of(table(officer, "position"))
    assert row[headings.index("speakers")] == "x"


def test_a_table_holds_what_the_list_is_filtered_to(analyst, entries):
    assert len(rows_of(table(analyst, "position", "?region=baltic"))) == 2
    assert len(rows_of(table(analyst, "position", "?stance__exact=opposes"))) == 1


def test_a_table_costs_the_same_queries_for_one_row_as_for_many(analyst, entries):
    table(analyst, "position")  # whatever is fetched once
    with CaptureQueriesContext(connection) as for_one:
        table(analyst, "position")
    for number in range(20):
        Position.objects.create(slug=f"o{number}", title="Another", article=entries.article).regions.add(entries.baltic)
    with CaptureQueriesContext(connection) as for_many:
        assert len(rows_of(table(analyst, "position"))) == 22
    assert len(for_many) == len(for_one)


# --- New entries, and what a cell may say


def test_a_row_that_is_about_no_entry_makes_a_draft(analyst, entries):
    batch = prepared(
        analyst,
        "Title,Article,Proposition,Stance,Regions,Tags,Speakers,descriptor country\n"
        'A new claim,An article,p,qualifies,"Baltic",“new” tag,Quill Zarnecki,Japan\n',
    )
    assert not problems(batch)
    decide(analyst, batch)
    position = Position.objects.get(slug="a-new-claim")
    assert (position.status, position.article, position.proposition) == ("draft", entries.article, entries.proposition)
    assert [tag.name for tag in position.tags.all()] == ["“new” tag"]
    assert list(position.speakers.all()) == [entries.person]
    assert (position.descriptor_country.code, position.modified_by) == ("JP", analyst.user)


@pytest.mark.parametrize(
    ("kind", "data", "found"),
    [
        ("article", "title,doi,unresolved,cited as\nA,https://doi.org/10.1000/182,yes,Somebody 2020\n", Article),
        ("workshop", "title,host,rule,date,time zone\nB,host institute,Off the record,2023-06,Asia/Tokyo\n", Workshop),
        ("session", 'title,workshop,number,key questions\nC,w,2,"One?\nTwo?"\n', Session),
        ("proposition", "title,themes\nD,calm\n", Proposition),
    ],
)
def test_each_kind_is_imported(analyst, entries, kind, data, found):
    batch = prepared(analyst, data, kind)
    assert not problems(batch)
    decide(analyst, batch)
    made = found.objects.latest("pk")
    assert made.title in "ABCD"
    if kind == "article":
        assert made.doi == "10.1000/182"
    if kind == "session":
        assert (made.key_questions, made.number) == (["One?", "Two?"], 2)


@pytest.mark.parametrize(
    ("kind", "data", "column", "said"),
    [
        ("position", "title,article,regions\nX,a,Balttic\n", "regions", "Did you mean “Baltic”"),
        ("position", "title,article,stance\nX,a,against\n", "stance", "Supports, Qualifies, Neutral, Opposes"),
        ("position", "title,article,proposition\nX,a,p\n", "stance", "Say where it stands"),
        ("position", "title\nX\n", "", "Name the one source"),
        ("position", "title,article,session\nX,a,s\n", "", "Name the one source"),
        ("position", "title,session,reported as\nX,s,experts\n", "reported as", "Only for a position found"),
        ("position", "title,article,date\nX,a,45083\n", "date", "number for 2023-06-06"),
        ("position", "title,article,date\nX,a,June\n", "date", "no date"),
        ("position", "title,article,date\nX,a,2023-02-30\n", "date", "calendar"),
        ("position", "title,article,order\nX,a,first\n", "order", "whole number"),
        ("position", "title,article,order\nX,a,-1\n", "order", "whole number"),
        ("position", "title,article,order\nX,a,99999\n", "order", "32,767 at most"),
        ("position", "title,article\n,a\n", "title", "can't be empty"),
        ("position", "title,article\n" + "x" * 301 + ",a\n", "title", "at most 300"),
        ("position", "title,article,tags\nX,a," + "x" * 300 + "\n", "tags", "too long for a tag"),
        ("position", "title,article,named in source\nX,a,perhaps\n", "named in source", "Write yes"),
        ("position", "title,article,speakers\nX,a,Nobody\n", "speakers", "There is no person “Nobody”"),
        ("position", "title,article,slug\nX,a,Not a slug\n", "slug", "slug"),
        ("position", "identifier,title\n23456789,X\n", "identifier", "There is no position"),
        ("position", "slug,title\no,X\no,Y\n", "", "same entry as row 2"),
        ("position", "title,article\nA position,a\n", "slug", "“o” says the same"),
        ("position", "title,article,slug\nX,a,n\nY,a,n\n", "slug", "Row 2 has this slug"),
        ("article", "title,unresolved\nX,yes\n", "cited as", "Say how the citing text"),
        ("article", "title,doi\nX,10.1000/1\nY,10.1000/1\n", "doi", "Row 2 has this DOI"),
        ("session", "title,number\nX,2\n", "workshop", "A new entry needs it"),
        ("session", "title,workshop,number\nX,w,1\n", "number", "“A session” has this number"),
        ("workshop", "title,time zone\nX,Tokyo\n", "time zone", "no time zone"),
        ("workshop", "title,host\nX,Host Instutute\n", "host", "Did you mean “Host Institute”"),
    ],
)  # fmt: skip
def test_a_cell_that_is_wrong_is_told_with_what_may_stand_there(analyst, entries, kind, data, column, said):
    before = Entry.objects.count()
    batch = prepared(analyst, data, kind)
    [[number, name, words_said]] = problems(batch)
    assert (name, number) == (column, 2 + (data.count("\n") - 2 if data.count("\n") > 2 else 0))
    assert said in words_said
    page = decide(analyst, batch)
    assert "Some rows have problems" in words(page)
    assert Entry.objects.count() == before


def test_names_that_several_go_by_are_told_apart(analyst, entries):
    Proposition.objects.create(slug="p2", title="A proposition")
    batch = prepared(analyst, "title,article,stance,proposition\nX,a,opposes,A proposition\n")
    assert "There are 2 of the name" in problems(batch)[0][2]
    assert "p, p2" in problems(batch)[0][2]


def test_a_column_that_is_not_in_the_table_stays_and_an_empty_cell_empties(analyst, entries):
    Position.objects.get().tags.set(["kept"])
    batch = prepared(analyst, "slug,regions\no,\n")
    assert changes(batch) == [["regions", "Baltic", ""]]
    decide(analyst, batch)
    position = Position.objects.get()
    assert (list(position.regions.all()), [tag.name for tag in position.tags.all()]) == ([], ["kept"])


# --- Files of every sort


@pytest.mark.parametrize(
    "data",
    [
        (POSITIONS + "Café “x”;;a;;\n").encode(),
        b"\xef\xbb\xbf" + (POSITIONS + "Café “x”;;a;;\n").encode(),
        (POSITIONS + "Café “x”;;a;;\n").encode("utf-16"),
        (POSITIONS + "Café “x”;;a;;\n").encode("windows-1252"),
        (POSITIONS + "Café “x”;;a;;\n").replace(";", "\t").encode("utf-16-le"),
        (POSITIONS + "Café “x”;;a;;\n").replace(";", ",").replace("\n", "\r\n").encode(),
        ("sep=;\n" + POSITIONS + "Café “x”;;a;;\n").encode(),
        (POSITIONS + "\n;;;;\nCafé “x”;;a;;\n\n").encode(),
    ],
)
def test_a_csv_is_read_however_it_was_saved(analyst, entries, data):
    batch = prepared(analyst, data)
    assert not problems(batch)
    assert changes(batch) == [["title", "", "Café “x”"], ["article", "", "a"]]


def test_windows_1252_is_said(analyst, entries):
    assert "read as Windows-1252" in words(upload(analyst, (POSITIONS + "Café;;a;;\n").encode("windows-1252")))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The submitted file is empty"),
        (b"\n\n ;\n", "There is nothing in it"),
        (b"\x00", "There is nothing in it"),
        (b"just some words\nand more\n", "The first row has to hold the headings"),
        (b"title,Title,article\nX,Y,a\n", "Two columns are headed “title”"),
        (b'title,article\n"X,a\nY,a\n', "a quotation mark"),
        (b"\xd0\xcf\x11\xe0 old", "locked with a password"),
        (b"%PDF-1.7", "This is no table"),
        (b"<html><table>", "This is a web page"),
        (b"PK\x03\x04 broken", "The file is damaged"),
        (b"title,article\n" + b"x,a\n" * 20_001, "20,001 rows"),
        (b"title,article\n" + b"x" * 20_000_001, "megabytes"),
        (b"title\n" + bytes(range(128, 160)) * 9, "Save it as UTF-8".lower()),
    ],
)
def test_what_is_no_table_is_refused_in_words(analyst, entries, data, said):
    response = upload(analyst, data)
    assert response.status_code == 200
    assert said.lower() in words(response).lower()
    assert not Batch.objects.exists()


def test_a_zip_bomb_is_not_opened(analyst, entries):
    import zipfile

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 120_000_000)
    assert "would unpack to 120 megabytes" in words(upload(analyst, file.getvalue(), name="t.xlsx"))


def test_what_is_not_known_is_left_out_with_a_word(analyst, entries):
    batch = prepared(analyst, "title,article,stanse,mood,what is wrong\nX,a,opposes,high,-\n")
    assert any("“stanse”" in remark and "Did you mean “stance”" in remark for remark in batch.remarks)
    assert any("“mood”" in remark for remark in batch.remarks)
    assert len(batch.remarks) == 2


def test_a_row_of_another_length_is_told(analyst, entries):
    batch = prepared(analyst, "title,article,summary\nX,a,One, two\nY,a\n")
    assert [said for _, _, said in problems(batch)] == [
        "The row goes on after the last heading, with “two”.",
        "The row has 2 cells, and there are 3 headings.",
    ]


def test_a_workbook_is_read_as_its_cells_are_shown(analyst, entries):
    def fill(book, sheet):
        import datetime as dt

        sheet.write_row(0, 0, ["title", "article", "date", "order", "named in source"])
        sheet.write_formula(2, 0, '="X"&"Y"', None, "XY")
        sheet.write_string(2, 1, "a")
        sheet.write_datetime(2, 2, dt.datetime(2023, 6, 6), book.add_format({"num_format": "d.m.yy"}))
        sheet.write_number(2, 3, 7)
        sheet.write_boolean(2, 4, True)

    batch = prepared(analyst, workbook(fill))
    assert not problems(batch)
    assert batch.rows[0]["number"] == 3
    assert changes(batch) == [
        ["title", "", "XY"], ["article", "", "a"], ["order", "", "7"], ["named in source", "", "yes"],
        ["date", "", "2023-06-06"],
    ]  # fmt: skip


def test_what_a_workbook_does_not_say_is_told_by_row_and_column(analyst, entries):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["title", "article", "note"])
        sheet.write_row(1, 0, ["X", "a"])
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write_row(2, 0, ["Y", "a"])
        sheet.write_formula(2, 2, "=A1", None, "")
        sheet.merge_range(3, 0, 4, 0, "Z")
        sheet.write_string(3, 1, "a")
        sheet.write_string(4, 1, "a")

    said = {(number, name): words_said for number, name, words_said in problems(prepared(analyst, workbook(fill)))}
    assert "comes to #DIV/0!" in said[2, "note"]
    assert "whose value isn't in the file" in said[3, "note"]
    assert "merged from A4 to A5" in said[4, "title"]
    assert "merged from A4 to A5" in said[5, "title"]


# --- Deciding


def test_ten_thousand_rows_with_one_bad_cell_say_which(analyst, entries):
    lines = [f"Claim {number},a,Baltic\n" for number in range(10_000)]
    lines[7_776] = "Claim,a,Nowhere\n"
    batch = prepared(analyst, "title,article,regions\n" + "".join(lines))
    [[number, name, said]] = problems(batch)
    assert (number, name) == (7_778, "regions")
    assert "Nowhere" in said
    assert len(batch.asked["rows"]) == 10_000
    page = words(analyst.get(reverse("admin:batch", args=[batch.pk])))
    assert "1 row has a problem" in page
    assert "Nowhere" in page


def test_good_rows_are_imported_without_the_bad_ones_only_on_demand(analyst, entries):
    batch = prepared(analyst, "title,article,regions\nX,a,Nowhere\n=Y,a,Baltic\n")
    decide(analyst, batch, "_make_good")
    assert Position.objects.filter(title="=Y").exists()
    assert not Position.objects.filter(title="X").exists()
    [headings, row] = rows_of(analyst.get(reverse("admin:wrong_rows", args=[batch.pk, "csv"])).content)
    assert headings == ["title", "article", "regions", "what is wrong"]
    assert row[:3] == ["X", "a", "Nowhere"]
    assert "There is no region “Nowhere”" in row[3]
    mended = prepared(analyst, as_csv([headings, ["X", "a", "Europe", row[3]]]))
    assert not problems(mended)


def test_an_entry_that_was_edited_since_the_table_was_taken_is_not_overwritten(analyst, reviewer, entries):
    [headings, row] = rows_of(table(analyst, "position"))
    entries.position.touch(reviewer.user)
    row[headings.index("note")] = "Mine"
    batch = prepared(analyst, as_csv([headings, row]))
    assert problems(batch)[0][1] == "version"
    assert "rex has edited it" in problems(batch)[0][2]
    row[headings.index("version")] = ""
    assert not problems(prepared(analyst, as_csv([headings, row])))


def test_an_entry_that_is_edited_between_preview_and_import_is_shown_again(analyst, reviewer, entries):
    batch = prepared(analyst, "slug,note\no,Mine\n")
    Entry.objects.filter(slug="o").update(note="Theirs")
    entries.position.touch(reviewer.user)
    page = decide(analyst, batch)
    assert "somebody has edited something meanwhile" in words(page)
    assert Position.objects.get().note == "Theirs"
    batch.refresh_from_db()
    assert changes(batch) == [["note", "Theirs", "Mine"]]
    decide(analyst, batch)
    assert Position.objects.get().note == "Mine"


def test_two_rows_that_exchange_what_one_may_have_change_nothing(analyst, entries):
    Session.objects.create(slug="s2", title="Second", workshop=entries.workshop, number=2)
    page = decide(analyst, prepared(analyst, "slug,number,note\ns,2,x\ns2,1,x\n", "session"))
    assert "Exchange them in two steps" in words(page)
    assert not Session.objects.filter(note="x").exists()


def test_what_is_published_stays_as_it_was(analyst, reviewer, entries):
    publish(entries.article, by=reviewer.user)
    decide(analyst, prepared(analyst, "slug,title\na,Another title\n", "article"))
    assert Article.objects.get().title == "Another title"
    assert Record.objects.live().get(kind="article").title == "An article"


def test_a_rule_that_an_import_tightens_takes_out_what_it_protects(analyst, reviewer, entries):
    Workshop.objects.update(rule="on_the_record")
    publish(entries.workshop, by=reviewer.user)
    assert Record.objects.live().filter(kind="workshop").exists()
    page = decide(analyst, prepared(analyst, "slug,rule\nw,Off the record\n", "workshop"))
    assert "judged again" in words(page)
    assert not Record.objects.live().filter(kind="workshop").exists()


def test_an_import_is_one_step_of_each_history_and_can_be_taken_back(analyst, entries):
    before = table(analyst, "position")
    batch = prepared(analyst, "slug,title,article,note,tags\no,A position,a,Changed,\nnew,New,a,,x\n")
    decide(analyst, batch)
    history = words(analyst.get(reverse("admin:curation_position_history", args=[entries.position.pk])))
    assert "Table “table.csv”" in history
    page = decide(analyst, batch, "_take_back")
    assert "2 entries are as they were before" in words(page)
    now, then = rows_of(table(analyst, "position")), rows_of(before)
    version = then[0].index("version")
    assert [row[:version] + row[version + 1 :] for row in now] == [row[:version] + row[version + 1 :] for row in then]


def test_what_somebody_went_on_from_is_not_taken_back(analyst, reviewer, entries):
    batch = prepared(analyst, "slug,note\no,Mine\n")
    decide(analyst, batch)
    address = reverse("admin:curation_position_change", args=[entries.position.pk])
    from tests.workbench.forms import form_of

    reviewer.post(address, form_of(reviewer, address) | {"note": "Theirs"})
    assert "edited since" in words(decide(analyst, batch, "_take_back"))
    assert Position.objects.get().note == "Theirs"


def test_an_import_is_made_once(analyst, entries):
    batch = prepared(analyst, "title,article\nX,a\n")
    decide(analyst, batch)
    assert "made already" in words(decide(analyst, batch))
    assert Position.objects.filter(title="X").count() == 1


def test_what_was_uploaded_can_be_forgotten_and_is_nobody_elses(analyst, reviewer, looker, entries):
    batch = prepared(analyst, "title,article\nX,a\n")
    address = reverse("admin:batch", args=[batch.pk])
    assert reviewer.get(address).status_code == 404
    assert looker.get(address).status_code == 403
    assert looker.get(reverse("admin:import")).status_code == 403
    decide(analyst, batch, "_drop")
    assert not Batch.objects.exists()


def test_what_nobody_decided_about_is_forgotten_in_time(analyst, entries):
    from apps.workbench.models import UNDECIDED

    batch = prepared(analyst, "title,article\nX,a\n")
    Batch.objects.update(at=batch.at - 2 * UNDECIDED)
    prepared(analyst, "title,article\nY,a\n")
    assert not Batch.objects.filter(pk=batch.pk).exists()


def test_the_gate_says_what_it_would_have_against_the_rows(analyst, entries):
    Person.objects.create(slug="z", given_names="Ottoline", family_name="Vrastova")
    Position.objects.update(article=None, session=entries.session)
    batch = prepared(analyst, "slug,summary\no,As Quill Zarnecki said.\n")
    page = words(analyst.get(reverse("admin:batch", args=[batch.pk])))
    assert "The gate would have" in page
    assert "Zarnecki" in page
    assert Position.objects.get().summary == ""


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", MODELS)
def test_an_empty_table_can_be_taken_for_each_kind(analyst, kind, extension):
    response = analyst.get(reverse("admin:empty_table", args=[kind, extension]))
    assert response.status_code == 200
    assert analyst.get(f"/admin/tables/{kind}/empty.pdf").status_code == 404


@pytest.mark.parametrize("asked", ["themes__id__exact=abc", "no_such_column=1", "dated__gte=never"])
def test_a_table_of_what_an_address_asks_for_wrongly_leads_back_to_the_list(analyst, entries, asked):
    address = reverse("admin:curation_position_table", args=["csv"])
    answer = analyst.get(f"{address}?{asked}")
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('admin:curation_position_changelist')}?{asked}"
