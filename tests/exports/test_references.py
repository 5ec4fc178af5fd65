"""References as styles set them, reading lists with annotations, and the page to copy a citation from."""

import io

import docx
import pytest
from bs4 import BeautifulSoup
from docx.shared import Cm

from apps.public.exports.citing import csl_item
from apps.public.exports.formatted import APA, CHICAGO, STYLES, reference, runs
from apps.public.exports.rows import Row
from apps.public.exports.site import Site
from tests.website.factory import author, bury, join, make_record

pytestmark = pytest.mark.django_db
SITE = Site("The site", "https://kb.example")


def cited(record) -> dict:
    return csl_item(Row(record, record.content, [], []), SITE)


def plain(written) -> str:
    return "".join(text for text, _ in runs(written))


@pytest.fixture
def report(db):
    return make_record(
        "article", "Illuminating the gray zone", authors=[author("Alice", "Dell’Era"), author("John", "Sawyer")],
        genre="report", outlet="A press", date="2021-09", url="https://press.example/1",
        summary="On *gray* zones.\n\nMore.",
    )  # fmt: skip


def test_chicago_names_the_first_author_the_other_way_round_and_keeps_full_stops_within_quotation_marks(report):
    assert plain(reference(cited(report), CHICAGO)) == (
        "Dell’Era, Alice, and John Sawyer. “Illuminating the Gray Zone.” A press, September 2021. https://press.example/1."
    )


def test_apa_gives_initials_and_the_year_after_them(report):
    written = reference(cited(report), APA)
    assert written == (
        "Dell’Era, A., &amp; Sawyer, J. (2021). <i>Illuminating the gray zone</i>. A press. https://press.example/1"
    )
    assert plain(written).startswith("Dell’Era, A., & Sawyer, J. (2021). Illuminating")


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
@pytest.mark.parametrize("title", ["<script>x</script> & <b>so</b>", "كلمة about ΝΑΤΟ", "A" * 300, "&amp; <i>", "“”."])
def test_a_title_is_never_taken_for_markup(style, title):
    written = reference(cited(make_record("article", title)), style)
    assert "<script" not in written
    assert title.casefold() in plain(written).casefold().replace(".”", "”.")


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
@pytest.mark.parametrize("kind", ["article", "workshop", "session", "proposition", "position"])
def test_a_record_of_any_kind_of_which_hardly_anything_is_known_is_cited_once(style, kind):
    assert plain(reference(cited(make_record(kind, "Bare")), style)).count("Bare") == 1


def test_a_range_of_days_stands_in_words(db):
    workshop = make_record(
        "workshop", "A meeting", host="A host", date="2023-06-06/2023-06-07", date_text="6–7 June 2023"
    )
    assert "6–7 June 2023" in plain(reference(cited(workshop), CHICAGO))
    assert plain(reference(cited(workshop), APA)).startswith("A host. (6–7 June 2023). A meeting.")


def test_the_page_to_copy_from_has_each_style_and_bibtex(client, report):
    found = BeautifulSoup(client.get(f"/articles/{report.identifier}/cite/").content, "html.parser")
    assert found.find(id="chicago").get_text().startswith("Dell’Era, Alice, and John Sawyer.")
    assert found.find(id="apa").get_text().startswith("Dell’Era, A.")
    assert found.find(id="bibtex").get_text().startswith("@techreport{" + report.identifier)
    record_page = BeautifulSoup(client.get(f"/articles/{report.identifier}/").content, "html.parser")
    assert record_page.find("a", href=f"/articles/{report.identifier}/cite/")


# --- Reading lists


@pytest.fixture
def meeting(report):
    workshop = make_record("workshop", "A workshop")
    session = make_record("session", "The opening")
    join(session, "part_of", workshop)
    join(report, "elaborates", workshop, "It takes up a question.")
    join(session, "cites", make_record("article", "A strategy", authors=[author("Zoe", "Abel")]))
    position = make_record("position", "It was said")
    join(position, "found_in", make_record("article", "An account"))
    join(position, "reported_from", workshop)
    join(make_record("position", "Elsewhere"), "found_in", make_record("article", "Another account"))
    join(make_record("proposition", "A claim"), "see_also", workshop)
    return workshop


def test_a_reading_list_holds_what_is_cited_what_takes_it_up_and_what_reports_by_author(client, meeting):
    found = BeautifulSoup(client.get(f"/workshops/{meeting.identifier}/").content, "html.parser")
    entries = [" ".join(one.get_text(" ").split()) for one in found.select(".bibliography > li")]
    assert [entry.split(".")[0] for entry in entries] == [
        "Abel, Zoe",
        "“An Account,” n",
        "Dell’Era, Alice, and John Sawyer",
    ]
    assert "Cited by its session “The opening”." in entries[0]
    assert "Reports positions that were taken at this workshop." in entries[1]
    assert "On gray zones. More. Elaborates this workshop: It takes up a question." in entries[2]


def test_what_the_reading_list_says_is_not_said_again_under_cross_references(client, meeting, report):
    found = BeautifulSoup(client.get(f"/workshops/{meeting.identifier}/").content, "html.parser")
    assert str(found.main).count(f"/articles/{report.identifier}/") == 1
    [section] = [one for one in found.select("main section") if one.h2 and one.h2.get_text() == "Cross-references"]
    assert [link.get_text() for link in section.select("a")] == ["A claim"]


def test_a_reading_list_for_word_has_references_with_their_annotations(client, meeting):
    response = client.get(f"/workshops/{meeting.identifier}/reading-list/docx/")
    assert response["Content-Disposition"].endswith(f'reading-list-{meeting.identifier}.docx"')
    document = docx.Document(io.BytesIO(b"".join(response.streaming_content)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    place = texts.index(
        "Dell’Era, Alice, and John Sawyer. “Illuminating the Gray Zone.” A press, September 2021. https://press.example/1."
    )
    assert texts[place + 1 :] == ["On gray zones.", "More.", "Elaborates this workshop: It takes up a question."]
    assert document.paragraphs[place].paragraph_format.first_line_indent < Cm(0)
    assert document.core_properties.title == "A workshop"


@pytest.mark.parametrize(("name", "begins"), [("bibtex", "@"), ("ris", "TY  - "), ("csl-json", "[")])
def test_a_reading_list_for_managers_of_literature(client, meeting, name, begins):
    response = client.get(f"/workshops/{meeting.identifier}/reading-list/{name}/")
    text = b"".join(response.streaming_content).decode()
    assert text.startswith(begins)
    assert all(title in text for title in ("A strategy", "An account", "Illuminating the gray zone"))
    assert "Another account" not in text


def test_rubbish_in_a_text_never_breaks_the_document(client):
    workshop = make_record("workshop", "A \x01 workshop \ud800".replace("\ud800", "\uffff"))
    join(make_record("article", "A \x0b title <w:p/>", summary="A \x02 summary"), "see_also", workshop)
    response = client.get(f"/workshops/{workshop.identifier}/reading-list/docx/")
    document = docx.Document(io.BytesIO(b"".join(response.streaming_content)))
    assert any("title <w:p/>" in paragraph.text.lower() for paragraph in document.paragraphs)


def test_a_workshop_without_a_reading_list_says_nothing_of_one(client):
    workshop = make_record("workshop")
    found = BeautifulSoup(client.get(f"/workshops/{workshop.identifier}/").content, "html.parser")
    assert not found.find("h2", string="Reading list")
    assert client.get(f"/workshops/{workshop.identifier}/reading-list/docx/").status_code == 200


def test_what_was_withdrawn_or_never_was_has_no_reading_list_and_no_citation(client, meeting):
    bury(meeting)
    for part, status in (("reading-list/docx", 410), ("cite", 410)):
        assert client.get(f"/workshops/{meeting.identifier}/{part}/").status_code == status
    assert client.get("/workshops/zzzzzzzz/reading-list/docx/").status_code == 404
    assert client.get(f"/workshops/{make_record('workshop').identifier}/reading-list/pdf/").status_code == 404


@pytest.mark.parametrize("count", [2, 20])
def test_a_workshop_page_costs_the_same_however_long_its_list(client, django_assert_num_queries, count):
    """State; record; links out; links in; the list: sessions, cross-references, reported positions, their sources,
    articles, what those are joined to; then the positions taken in the sessions."""
    workshop = make_record("workshop")
    for _ in range(count):
        session = make_record("session")
        join(session, "part_of", workshop)
        join(make_record("article"), "see_also", session)
        position, taken = make_record("position"), make_record("position")
        join(position, "found_in", make_record("article"))
        join(position, "reported_from", workshop)
        join(taken, "found_in", session)
    client.get(f"/workshops/{workshop.identifier}/")  # reads the vocabulary
    with django_assert_num_queries(10):
        client.get(f"/workshops/{workshop.identifier}/")
