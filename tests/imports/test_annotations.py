"""W3C annotations: words of a text that is here, found by address and selector; the rest is told."""

from __future__ import annotations

import json

import pytest

from apps.curation.intake.result import Unreadable
from apps.curation.models import Article, Candidate, Session, Workshop
from apps.taxonomy.models import Theme
from tests.imports.conftest import told

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
TEXT = "Calm is good 🛡️, they say. Calm is bad. Calm is good, others say."


@pytest.fixture
def article(db) -> Article:
    Theme.objects.create(slug="calm", name="Calm", alternative_names=["Quiet"])
    return Article.objects.create(
        slug="a", title="An article", text=TEXT, doi="10.1000/182", url="https://example.org/reports/calm?utm_source=x"
    )


def annotation(source: str, *selectors: dict, body: object = None, **more: object) -> dict:
    target = {"source": source, "selector": list(selectors)}
    return {"@context": CONTEXT, "type": "Annotation", "target": target, "body": body, **more}


def quote(exact: str, prefix: str = "", suffix: str = "") -> dict:
    return {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix}


def place(start: int, end: int) -> dict:
    return {"type": "TextPositionSelector", "start": start, "end": end}


def tag(value: str) -> dict:
    return {"type": "TextualBody", "purpose": "tagging", "value": value}


BAD = TEXT.index("Calm is bad")


@pytest.mark.parametrize(
    "address",
    [
        "https://doi.org/10.1000/182",
        "http://example.org/reports/calm",
        "https://kb.example.org/articles/{identifier}/",
        "/articles/{identifier}/#passage-1",
    ],
)
def test_words_are_found_by_the_address_of_their_source(imported, article, address):
    one = annotation(address.format(identifier=article.identifier), quote("Calm is bad"), body=tag("calm"))
    report = imported("notes.jsonld", json.dumps(one))
    assert told(report) == []
    assert report.remarks == []
    candidate = Candidate.objects.get()
    assert (candidate.quotation, candidate.start, candidate.end) == ("Calm is bad", BAD, BAD + 11)
    assert [theme.slug for theme in candidate.themes.all()] == ["calm"]
    assert candidate.is_waiting


@pytest.mark.parametrize(
    ("selectors", "start"),
    [
        ((place(BAD, BAD + 11),), BAD),
        ((quote("Calm is good", "Calm is bad. ", ", others say"),), TEXT.rindex("Calm is good")),
        ((quote("Calm is good", suffix=" 🛡️, they say"),), 0),
        (
            (quote("Calm is good"), place(TEXT.rindex("Calm is good"), TEXT.rindex("Calm is good") + 12)),
            TEXT.rindex("Calm is good"),
        ),
        (({"type": "FragmentSelector", "value": "x", "refinedBy": quote("Calm is bad")},), BAD),
    ],
)
def test_by_words_by_place_or_both(imported, article, selectors, start):
    imported("notes.jsonld", json.dumps(annotation("https://doi.org/10.1000/182", *selectors)))
    candidate = Candidate.objects.get()
    assert candidate.start == start
    assert article.text[candidate.start : candidate.end] == candidate.quotation


def test_again_nothing_is_made(imported, article):
    data = json.dumps([annotation("https://doi.org/10.1000/182", quote("Calm is bad"), body="urn:x")])
    imported("notes.jsonld", data)
    assert dict(imported("notes.jsonld", data).counts) == {"skipped": 1}
    assert Candidate.objects.count() == 1


def test_tags_and_comments(imported, article):
    bodies = [
        *(tag("Quiet"), tag("Clam"), {"type": "TextualBody", "value": "Look at this."}),
        {"type": "SpecificResource", "purpose": "classifying", "source": "https://kb.example.org/themes/calm/"},
    ]
    report = imported(
        "n.jsonld", json.dumps(annotation("https://doi.org/10.1000/182", quote("Calm is bad"), body=bodies))
    )
    candidate = Candidate.objects.get()
    assert [theme.slug for theme in candidate.themes.all()] == ["calm"]
    assert candidate.remark == "Look at this."
    assert "annotation 1: A tag was left out. There is no theme “Clam”. Did you mean “Calm”" in str(report.remarks[0])


def test_pages_of_a_collection(imported, article):
    items = [annotation("https://doi.org/10.1000/182", quote(words)) for words in ("Calm is bad", "others say")]
    pages = {"type": "AnnotationPage", "items": items[:1], "next": {"type": "AnnotationPage", "items": items[1:]}}
    imported("n.jsonld", json.dumps({"@context": CONTEXT, "type": "AnnotationCollection", "first": pages}))
    assert set(Candidate.objects.values_list("quotation", flat=True)) == {"Calm is bad", "others say"}


def test_on_the_notes_of_a_session(imported, db):
    session = Session.objects.create(
        slug="s", title="S", workshop=Workshop.objects.create(slug="w", title="W"), text=TEXT
    )
    address = f"https://kb.example.org/sessions/{session.identifier}/"
    imported("n.jsonld", json.dumps(annotation(address, quote("Calm is bad"))))
    assert Candidate.objects.get().session == session


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (annotation("https://elsewhere.org/1", quote("Calm is bad")), "no article and no session here has the address"),
        (annotation("https://doi.org/10.1000/182", quote("Calm is green")), "“Calm is green” isn't found"),
        (annotation("https://doi.org/10.1000/182", quote("Calm is good")), "“Calm is good” isn't found"),
        (annotation("https://doi.org/10.1000/182", place(500, 600)), "isn't found"),
        (annotation("https://doi.org/10.1000/182"), "neither the words (TextQuoteSelector) nor their place"),
        (annotation("https://doi.org/10.1000/182", {"type": "SvgSelector", "value": "<svg/>"}), "neither the words"),
    ],
)
def test_what_is_not_found_for_certain_is_left_out_and_told(imported, article, one, why):
    report = imported("n.jsonld", json.dumps(one))
    assert why in str(report.remarks[0])
    assert str(report.remarks[0]).startswith("annotation 1: It is left out: ")
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    ("ones", "problem"),
    [
        (
            [annotation("x", id="urn:1"), annotation("x", id="urn:1")],
            "annotation 2: annotation 1 has the same id, urn:1",
        ),
        ([{"@context": CONTEXT, "type": "Annotation"}], "annotation 1: It has no target."),
        ([annotation("x", body=[7])], "annotation 1: Its body is neither a text nor an object."),
    ],
)
def test_what_is_wrong_is_told_by_its_number_and_nothing_is_imported(imported, article, ones, problem):
    report = imported(
        "n.jsonld", json.dumps([annotation("https://doi.org/10.1000/182", quote("Calm is bad")), *ones][1:])
    )
    assert any(one.startswith(problem) for one in told(report))
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (json.dumps(annotation("x"))[:-5], "breaks off at line 1"),
        (json.dumps({"@context": CONTEXT, "type": "Note"}), "no annotation in it"),
        (json.dumps({"type": 7, "items": "x"}), "no annotation in it"),
        ("[" * 5_000, "breaks off|no whole JSON"),
        (b"\xff\xfe\x00", "no whole JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(imported, data, words):
    with pytest.raises(Unreadable, match=words):
        imported("n.jsonld", data, format="annotations")
