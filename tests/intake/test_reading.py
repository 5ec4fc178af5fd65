"""Every format is read to paragraphs and bullets, and what can't be read is answered with what to do."""

import codecs
import time
import zipfile
import zlib
from io import BytesIO

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from apps.curation.intake import apart
from apps.curation.intake.apart import read_apart
from apps.curation.intake.reading import LARGEST_UPLOAD, check_size, read_file, read_pasted
from apps.curation.intake.result import LONGEST_TEXT, Unreadable
from tests.intake import files

PLAIN = "Zürich – “notes”\n\n- One participant said so.\n- Others didn’t."


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(Unreadable) as raised:
        read_file(name, data)
    return str(raised.value)


# --- Plain text


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        codecs.BOM_UTF8 + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-32"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
    ],
)
def test_plain_text_is_read_in_whatever_encoding_it_is(data):
    reading = read_file("notes.txt", data)
    assert (reading.text, reading.remarks) == (PLAIN, ())


def test_windows_1252_is_read_and_said_to_be_a_guess():
    reading = read_file("notes.txt", PLAIN.encode("windows-1252"))
    assert reading.text == PLAIN
    assert "Windows-1252" in reading.remarks[0]


def test_text_in_no_known_encoding_is_refused():
    assert "save it as UTF-8" in refusal("notes.txt", b"Notes " * 50 + b"\x81\x8d\x8f")


def test_nuls_are_left_out_and_said():
    reading = read_file("notes.txt", b"One par\0ticipant said so.")
    assert reading.text == "One participant said so."
    assert "1 character" in reading.remarks[0]
    assert read_pasted("One\0 view").text == "One view"


@pytest.mark.parametrize("data", [bytes(range(1, 9)) * 500, b"\0" * 5000, b"\x7fELF" + b"\0\1\2\3" * 400])
def test_what_is_no_text_is_refused_as_such(data):
    assert "no text" in refusal("notes.txt", data) or "Its characters" in refusal("notes.txt", data)


@pytest.mark.parametrize("data", [b"   \n \n", b"\xef\xbb\xbf", b"\0"])
def test_a_file_without_a_word_is_refused(data):
    assert "no text in it" in refusal("notes.txt", data)
    assert "empty" in refusal("notes.txt", b"")


def test_a_text_that_nobody_could_look_through_is_refused():
    with pytest.raises(Unreadable, match="Read it in parts"):
        read_pasted("word " * (LONGEST_TEXT // 5 + 1))


# --- Markdown


def test_markdown_becomes_paragraphs_and_bullets_without_its_marks():
    data = (
        "---\nkind: note\n---\n\n# Session *two*\n\nA paragraph with **bold** words,\na [link](https://x.example) and "
        "`code`.\n\n* One said <b>this</b>\n    * and that\n* Two\n\n1. First\n\n"
        "| Who | What |\n|---|---|\n| A few | No |"
    )
    reading = read_file("Notes.MD", data.encode())
    assert reading.text == (
        "# Session two\n\nA paragraph with bold words, a link and code.\n- One said <b>this</b>\n  - and that\n- Two\n"
        "- First\n\nWho | What\n\nA few | No"
    )
    assert "front matter" in reading.remarks[0]


def test_what_is_typed_with_indents_is_no_program():
    assert read_file("a.md", b"One\n\n    An indented note.").text == "One\n\nAn indented note."


# --- DOCX


def test_a_word_document_is_read_with_its_headings_bullets_and_tables():
    document = docx.Document()
    document.add_heading("Session 1")
    document.add_paragraph("One participant\targued   so.")
    document.add_paragraph("Others agreed.", style="List Bullet")
    document.add_paragraph("To a point.", style="List Bullet 2")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Some", "Not so"
    document.add_paragraph("The end.")
    reading = read_file("notes.docx", files.saved(document))
    assert reading.text == (
        "# Session 1\n\nOne participant argued so.\n\n- Others agreed.\n- To a point.\n\nSome | Not so\n\nThe end."
    )


def test_tracked_insertions_are_read_and_deletions_are_not():
    document = docx.Document()
    paragraph = document.add_paragraph("One participant ")
    for tag, text_tag, words in (("w:ins", "w:t", "agreed"), ("w:del", "w:delText", "objected")):
        change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
        text.text = words
        run.append(text)
        change.append(run)
        paragraph._p.append(change)
    assert read_file("notes.docx", files.saved(document)).text == "One participant agreed"


def test_footnotes_that_are_left_out_are_counted():
    document = docx.Document()
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), "2")
    document.add_paragraph("One view.").add_run()._r.append(reference)
    assert read_file("notes.docx", files.saved(document)).remarks == ("Left out: 1 footnotes and endnotes.",)


def test_entities_in_a_word_document_are_never_followed(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the launch codes")
    xml = (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY y "swollen">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>Before &x;&y; after</w:t></w:r></w:p></w:body></w:document>"
    )
    data = files.with_member(files.word("x"), "word/document.xml", xml.encode())
    try:
        text = read_file("notes.docx", data).text
    except Unreadable as refused:
        text = str(refused)
    assert "launch codes" not in text
    assert "swollen" not in text


def test_a_zip_bomb_is_not_unpacked():
    bomb = files.with_member(files.word("x"), "word/document.xml", b"<a>" + b" " * 300_000_000)
    assert len(bomb) < 1_000_000
    began = time.perf_counter()
    assert "301 megabytes" in refusal("notes.docx", bomb)
    assert time.perf_counter() - began < 2


def test_a_zip_bomb_that_lies_about_its_size_takes_no_memory_of_ours():
    bomb = files.with_member(files.word("x"), "word/document.xml", b"<a>" + b" " * 90_000_000)
    assert "Save it once more" in refusal("a.docx", files.with_a_lie_about_its_size(bomb, "word/document.xml"))


def test_many_members_and_other_archives_are_refused():
    document = files.word("x")
    for i in range(3):
        document = files.with_member(document, f"word/media/{i}.bin", b"\0" * 999_999)
    assert read_file("notes.docx", document).text == "x"
    assert "table (XLSX)" in refusal("a.xlsx", _zip("xl/workbook.xml"))
    assert "slides" in refusal("a.docx", _zip("ppt/presentation.xml"))
    assert "OpenDocument" in refusal("a.odt", _zip("content.xml"))
    assert "archive" in refusal("a.zip", _zip("notes.txt"))


def _zip(name: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


def test_a_document_of_50_megabytes_is_refused_before_it_is_read():
    with pytest.raises(Unreadable, match="50 megabytes; 20 at most"):
        check_size(50_000_000)
    assert "megabytes" in refusal("notes.docx", b"PK\x03\x04" + b"\0" * LARGEST_UPLOAD)


@pytest.mark.parametrize("cut", [5, 100, 2000, -50])
def test_a_damaged_document_is_refused(cut):
    assert "damaged" in refusal("notes.docx", files.word("Some words")[:cut])


def test_a_document_whose_text_is_no_xml_is_refused():
    assert "damaged" in refusal("a.docx", files.with_member(files.word("x"), "word/document.xml", b"<a><b>"))


# --- PDF


def test_a_pdf_is_put_together_to_paragraphs_bullets_and_headings():
    lines = [
        "18|Session 2: Allies", "",
        "One participant argued that allied consul-", "tation comes too late in any crisis, since plan-",
        "ning takes years.", "", "• Several experts disagreed, and they said so at", "length.", "• Others agreed.",
        "", "A last para-",
    ]  # fmt: skip
    pages = [[*lines], ["graph goes over the page."]]
    assert read_file("notes.pdf", files.pdf(pages)).text == (
        "# Session 2: Allies\n\nOne participant argued that allied consultation comes too late in any crisis, since "
        "planning takes years.\n\n- Several experts disagreed, and they said so at length.\n- Others agreed.\n\n"
        "A last paragraph goes over the page."
    )


def test_running_titles_and_page_numbers_of_a_pdf_are_left_out():
    words = ["allies", "rivals", "partners", "friends"]
    pages = [
        [
            "Notes of June",
            "",
            *(f"What {word} hold about item {i} stands here." for i in range(8)),
            "",
            f"Page {n} of 4",
        ]
        for n, word in enumerate(words, start=1)
    ]
    reading = read_file("notes.pdf", files.pdf(pages))
    assert "Notes of June" not in reading.text
    assert "Page" not in reading.text
    assert [reading.text.count(f"What {word} hold") for word in words] == [8, 8, 8, 8]
    assert "8 page numbers" in reading.remarks[0]


def test_a_pdf_that_was_scanned_is_told_from_an_empty_one():
    assert "OCR" in refusal("scan.pdf", files.scanned_pdf())


def test_pages_without_text_are_counted():
    remarks = read_file("notes.pdf", files.pdf([["One view was heard."], []])).remarks
    assert remarks == ("1 of its 2 pages hold no text; they may be pictures.",)


def test_a_locked_pdf_is_refused():
    assert "locked with a password" in refusal("notes.pdf", files.locked_pdf())


def test_a_pdf_of_too_many_pages_is_refused():
    assert "301 pages" in refusal("notes.pdf", files.pdf([["x"]] * 301))


@pytest.mark.parametrize("name", ["notes.pdf", "Notes.DOCX"])
def test_what_is_not_what_it_is_called_is_not_read_as_text(name):
    assert "isn't a" in refusal(name, b"Some words that were saved under that name.")


@pytest.mark.parametrize("data", [b"%PDF-1.7\nrubbish", files.pdf([["Some words"]])[:300]])
def test_a_damaged_pdf_is_refused(data):
    assert refusal("notes.pdf", data)


def test_a_file_that_takes_too_long_is_given_up():
    busy = files.pdf([["word " * 20] * 40] * 200)
    with pytest.raises(Unreadable, match=r"within 0\.05 seconds"):
        read_apart(busy, "intake.portable", patience=0.05)


def test_a_pdf_that_unpacks_without_end_is_given_up():
    """A stream of a few kilobytes that makes a hundred megabytes is too much for the process apart, not for us."""
    packed = zlib.compress(b"BT /F1 11 Tf (x) Tj ET " * 5_000_000, 9)
    bomb = files._pdf_of(
        [b"q Q"], b"", b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    )
    bomb = bomb.replace(b"/Contents 5 0 R", b"/Contents 3 0 R")
    began = time.perf_counter()
    assert refusal("bomb.pdf", bomb)
    assert time.perf_counter() - began < apart.PATIENCE + 5


# --- Others


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "DOCX"),
        ("a.rtf", b"{\\rtf1 notes}", "RTF"),
        ("a.png", b"\x89PNG\r\n", "picture"),
        ("a.html", b"  <!DOCTYPE html><p>x", "web page"),
        ("a.pdf", b"Only called a PDF.\x00\x01\x02\x03\x04", "isn't a PDF"),
        ("a.docx", b"A view.", "isn't a Word file"),
    ],
)
def test_other_files_are_told_what_to_become(name, data, word):
    assert word in refusal(name, data)


def test_a_file_is_what_its_bytes_say_whatever_it_is_called():
    assert read_file("notes.txt", files.word("A view.")).text == "A view."
