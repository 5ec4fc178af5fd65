"""Codebooks and projects of QDA programs: codes, texts and coded words; and what is refused, with its line."""

from __future__ import annotations

import io
import zipfile

import pytest

from apps.curation.intake.result import Unreadable
from apps.curation.models import Article, Candidate, Entry, Proposition, Session, Workshop
from apps.taxonomy.models import Theme
from apps.workbench.deciding import drop
from apps.workbench.importing.keeping import take_back
from apps.workbench.models import FileImport
from tests.imports.conftest import done, told
from tests.imports.refi_files import CODEBOOK, CODES, SELECTIONS, TEXT, guid, project, qde, selection

START = f'startPosition="{TEXT.index("Calm is good.")}"'


def test_codes_become_themes(imported):
    report = imported("codes.qdc", CODEBOOK)
    assert done(report) == [
        ("made", "theme", "Calm"),
        ("made", "theme", "Deep calm"),
        ("made", "theme", "Allies"),
    ]
    deep = Theme.objects.get(slug="deep-calm")
    assert [(one.name, one.definition) for one in deep.broader.all()] == [("Calm", "Being at rest.")]
    assert dict(imported("codes.qdc", CODEBOOK).counts) == {"skipped": 3}


def test_or_propositions_if_somebody_says_so(imported):
    report = imported("codes.qdc", CODEBOOK, codes="propositions")
    assert set(Proposition.objects.values_list("title", "note")) == {
        ("Calm", "Being at rest."), ("Deep calm", ""), ("Allies", "")
    }  # fmt: skip
    assert "which code lies in which (1)" in str(report.remarks[0])
    assert not Theme.objects.exists()


def test_codes_of_one_name_are_told_apart_by_what_they_lie_in(imported):
    codes = CODES.replace("Deep calm", "Yes").replace(
        "</Code>\n<Code", f'<Code guid="{guid("y")}" name="No"/></Code><Code'
    )
    codes = codes.replace(
        'name="Allies" isCodable="true"/>', f'name="Allies"><Code guid="{guid("z")}" name="Yes"/></Code>'
    )
    imported("codes.qdpx", project(qde(codes=codes)))
    assert set(Theme.objects.values_list("name", flat=True)) == {"Calm", "Calm: Yes", "No", "Allies", "Allies: Yes"}


def test_a_text_becomes_an_article_and_coded_words_wait_as_candidates(imported):
    report = imported("study.qdpx", project())
    assert told(report) == []
    article = Article.objects.get()
    assert (article.title, article.note, article.text) == ("A debate", "From the archive.", TEXT.replace("\r\n", "\n"))
    first, second = Candidate.objects.of(article)
    assert (first.quotation, first.title, article.text[first.start : first.end]) == ("Calm is good.",) * 3
    assert {theme.name for theme in first.themes.all()} == {"Calm", "Deep calm"}
    assert first.remark == "Coded in A program: Calm, Deep calm."
    assert (second.quotation, second.is_waiting, second.stance) == ("allies", True, "")
    assert "an article counts as published" in " ".join(map(str, report.remarks))


def test_a_second_run_makes_nothing_whatever_was_decided_meanwhile(imported, ann):
    imported("study.qdpx", project())
    drop(Candidate.objects.get(quotation="allies"), ann)
    report = imported("study.qdpx", project())
    assert dict(report.counts) == {"skipped": 6}
    assert "it is among the candidates already, dropped" in [step.why for step in report.steps]
    assert Candidate.objects.count() == 2


def test_with_propositions_each_code_is_a_candidate_on_it(imported):
    imported("study.qdpx", project(), codes="propositions")
    assert {(one.quotation, one.proposition.title) for one in Candidate.objects.all()} == {
        ("Calm is good.", "Calm"), ("Calm is good.", "Deep calm"), ("allies", "Allies"),
    }  # fmt: skip


def test_it_is_taken_back(imported, ann):
    imported("study.qdpx", project())
    take_back(FileImport.objects.get(), ann)
    assert not Entry.objects.exists()
    assert not Candidate.objects.exists()
    assert not Theme.objects.exists()


def test_the_notes_of_a_session_are_coded_there(imported):
    workshop = Workshop.objects.create(slug="w", title="A workshop")
    session = Session.objects.create(slug="s", title="A debate", workshop=workshop, text=TEXT)
    imported("study.qdpx", project())
    assert not Article.objects.exists()
    assert Candidate.objects.filter(session=session).count() == 2


def test_a_text_within_the_document_and_one_of_a_pdf(imported):
    more = f"""<PDFSource guid="{guid("pdf")}" name="Report"><Representation guid="{guid("r")}">
<PlainTextContent>Calm again.</PlainTextContent>{selection("Calm", "calm", text="Calm again.")}</Representation>
<PDFSelection guid="{guid("p")}" page="1"/></PDFSource>
<PictureSource guid="{guid("photo")}" name="Photo"/>"""
    report = imported("study.qdpx", project(qde(more=more)))
    assert Candidate.objects.get(article__title="Report").quotation == "Calm"
    left = " ".join(map(str, report.remarks))
    assert "recordings, pictures and PDFs without a text (1)" in left
    assert "selections of pages of a PDF (1)" in left


def test_what_is_coded_as_a_whole_gets_the_themes(imported):
    whole = f'<Coding guid="{guid("w")}"><CodeRef targetGUID="{guid("calm").upper()}"/></Coding>'
    imported("study.qdpx", project(qde(selections=whole)))
    assert [theme.name for theme in Article.objects.get().themes.all()] == ["Calm"]


def test_a_place_that_does_not_fit_its_name_is_told(imported):
    moved = selection("Nobody spoke of allies.", "allies", start=TEXT.index("Nobody") - 4)
    report = imported("study.qdpx", project(qde(selections=moved)))
    assert "though it is called “Nobody spoke of alli…”" in " ".join(map(str, report.remarks))


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (qde(SELECTIONS.replace(START, 'startPosition="9999"')), "line 12: Its place, 9999 to"),
        (qde(SELECTIONS.replace(START, 'startPosition="x"')), "line 12: Its place, x to"),
        (qde(SELECTIONS.replace(START, 'startPosition="-1"')), "line 12: Its place, -1 to"),
        (qde(selection("allies", "nothing")), f"line 12: It is coded with {guid('nothing')}, which is no code"),
        (qde(codes=CODES.replace(guid("allies"), guid("calm"))), "line 7: Another code, in line 4, has the same guid"),
        (qde(codes=CODES.replace('name="Allies"', 'name=" "')), "line 7: This code has no name."),
        (qde().replace('name="A debate"', 'name=""'), "line 10: This text has no name."),
    ],
)
def test_what_is_wrong_is_told_by_its_line_and_nothing_is_imported(imported, document, problem):
    report = imported("study.qdpx", project(document))
    assert any(one.startswith(problem) for one in told(report)), told(report)
    assert not Entry.objects.exists()
    assert not Theme.objects.exists()


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("internal://other.txt", TEXT.encode(), "internal://other.txt, is not in the file"),
        ("relative://text.txt", TEXT.encode(), "stands outside of the file"),
        ("absolute:///etc/passwd", TEXT.encode(), "stands outside of the file, at absolute:///etc/passwd"),
        ("internal://../../text.txt", b"\xe9", "is not in UTF-8"),
        ("", TEXT.encode(), "It has no plain text."),
    ],
)
def test_a_text_that_is_missing_is_left_out_with_what_is_coded_in_it(imported, path, text, said):
    report = imported("study.qdpx", project(qde(path=path), text))
    assert f"“A debate” was left out, with what is coded in it. {said}"[:50] in " ".join(map(str, report.remarks))
    assert said in " ".join(map(str, report.remarks))
    assert not Article.objects.exists()
    assert Theme.objects.count() == 3


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("project.qde", qde())
        file.writestr("sources/text.txt", b"0" * 150_000_000)
    return packed.getvalue()


ENTITIES = qde().replace("<Project", '<!DOCTYPE p [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]>\n<Project', 1)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("study.qdpx", project()[:-30], "damaged|can't be read"),
        ("study.qdpx", project(name="other.qde"), "without project.qde"),
        ("study.qdpx", project(qde()[:-40]), "From line [0-9]+ on it is broken"),
        ("study.qdpx", project(ENTITIES), "Line 2 declares a document type"),
        ("study.qdpx", project("<a/>"), "none of REFI-QDA 1.5"),
        ("codes.qdc", CODEBOOK.replace("codebook:1.0", "codebook:9.0"), "codebook:9.0, so it is none of REFI-QDA 1.5"),
        ("codes.qdc", CODEBOOK.replace("<Code ", "<Kode ").replace("</Code>", "</Kode>"), "no code and no text"),
        ("codes.qdc", "urn:QDA-XML: and no XML", "broken"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(imported, name, data, words):
    with pytest.raises(Unreadable, match=words):
        imported(name, data, format="refi-qda")
    assert not Entry.objects.exists()


def test_a_file_that_would_unpack_without_end_is_not_opened(imported):
    with pytest.raises(Unreadable, match="would unpack to 150 megabytes"):
        imported("study.qdpx", bomb())
