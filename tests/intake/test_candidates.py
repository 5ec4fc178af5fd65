"""What a text is taken apart into, and what is read from its pieces."""

import time

import pytest

from apps.curation.intake.candidates import Reader
from apps.curation.intake.claims import claim_of
from apps.curation.intake.pieces import Kind, take_apart
from apps.curation.intake.terms import TermFinder
from apps.taxonomy.vocabulary import Hierarchy, Node
from tests.intake.labelled import sentences, vocabulary_of_the_demo


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(vocabulary_of_the_demo())


def pieces(text: str) -> list[str]:
    return [text[one.start : one.end] for one in take_apart(text)]


# --- Pieces


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two is here! Three?", ["One.", "Two is here!", "Three?"]),
        ("Mr. Smith met Dr. Jones. They left.", ["Mr. Smith met Dr. Jones.", "They left."]),
        ("Allies, e.g. Japan, agreed. M. Ostrovar did not.", ["Allies, e.g. Japan, agreed.", "M. Ostrovar did not."]),
        ("It is in the U.S. The rest is elsewhere.", ["It is in the U.S.", "The rest is elsewhere."]),
        ("He said “so.” Others left.", ["He said “so.”", "Others left."]),
        ("About 3.5 percent. It grew.", ["About 3.5 percent.", "It grew."]),
        ("- One\n- Two\n  - Three", ["One", "Two", "Three"]),
        ("• One\n• Two", ["One", "Two"]),
        ("1. One\n2) Two\n(a) Three", ["One", "Two", "Three"]),
        ("- A bullet that\n  goes on\n- Another", ["A bullet that\n  goes on", "Another"]),
        ("# A heading\nText of it.", ["A heading", "Text of it."]),
        ("Who | What\n--- | ---\nSome | No", ["Who", "What", "Some", "No"]),
        ("A line of notes\nAnother line\nA third", ["A line of notes", "Another line", "A third"]),
        ("One thought.\n\nAnother thought.", ["One thought.", "Another thought."]),
        ("A sentence that a page ended in the midst of\n\nand that goes on here.",
         ["A sentence that a page ended in the midst of\n\nand that goes on here."]),
        ("---\n\n***\n", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_text_is_taken_apart(text, parts):
    assert pieces(text) == parts


def test_lines_broken_by_a_margin_are_one_sentence():
    text = "This sentence was broken by the margin of an\nelectronic letter, as they used to be broken, at\nseventy."
    assert pieces(text) == [text]


def test_what_a_piece_is_is_told():
    kinds = [one.kind for one in take_apart("# H\n\n- b\n\nSo. Too.\n\nc | d")]
    assert kinds == [Kind.HEADING, Kind.BULLET, Kind.SENTENCE, Kind.SENTENCE, Kind.CELL, Kind.CELL]


# --- Claims


@pytest.mark.parametrize(
    ("words", "claim"),
    [
        ("One participant argued that time is short.", "Time is short"),
        ("It was noted, rightly, that time is short.", "It was noted, rightly, that time is short"),
        ("According to one participant, time is short.", "Time is short"),
        ("**Time** is short.", "Time** is short"),
        ("Some\nsaid  that time\nis short", "Time is short"),
        ("Time, one participant said, is short.", "Time, one participant said, is short"),
        ("The fact that time is short matters.", "The fact that time is short matters"),
    ],
)
def test_a_claim_is_what_is_said_without_who_says_it(words, claim):
    assert claim_of(words) == claim


def test_a_long_claim_is_cut_at_a_word():
    claim = claim_of("word " * 200)
    assert len(claim) <= 300
    assert claim.endswith("word…")


# --- Terms

HIERARCHY = Hierarchy.of(
    [
        Node("deterrence", "Deterrence"),
        Node("extended", "Extended deterrence", ("nuclear umbrella", "END"), above=("deterrence",)),
        Node("us", "United States", ("US",)),
        Node("gray", "Gray zone", ("grey-zone",)),
        Node("space", "Space"),
    ]
)


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Extended deterrence needs deterrence.", ["extended"]),
        ("EXTENDED DETERRENCE", ["extended"]),
        ("nuclear umbrellas", ["extended"]),
        ("extended\ndeterrence", ["extended"]),
        ("an extended-deterrence dialogue", ["extended"]),
        ("the end of END", ["extended"]),
        ("the end", []),
        ("trust us, they told us", []),
        ("the US", ["us"]),
        ("grey zones and the gray zone", ["gray"]),
        ("spacecraft", []),
        ("there is no space for doubt", []),
        ("attacks in space", ["space"]),
    ],
)
def test_terms_are_found_as_whole_words_and_the_longest_first(text, slugs):
    assert TermFinder(HIERARCHY).narrowest(text) == slugs


def test_a_people_and_a_capital_are_its_region(reader):
    [one] = reader.read("Tokyo, the Poles and the South Korean government differ.")
    assert set(one.regions) == {"japan", "poland", "south-korea"}


# --- Holders and the rest of a proposal


def test_what_a_holder_knows_about_is_no_region_of_the_claim(reader):
    [one] = reader.read("Several Asia experts argued that Europe is far.")
    assert (one.expertise, one.regions, one.phrase) == ("indo-pacific", ("europe",), "Asia experts")


def test_two_groups_in_one_sentence_are_pointed_out(reader):
    [one] = reader.read("Some participants wanted more, while most officials wanted less.")
    assert one.quantifier == "some"
    assert "“Some participants” and “most officials”" in one.remark


def test_a_region_that_fits_no_part_of_a_description_is_pointed_out(reader):
    [one] = reader.read("A number of European officials opposed it.")
    assert (one.sector, one.country, one.expertise) == ("government", "", "")
    assert "“European” fits no part" in one.remark


def test_places_are_those_of_the_text(reader):
    text = "# Notes\n\nAn introduction 🏴 of some length stands here.\n\n- One participant argued so.\n- Others didn’t."
    for one in reader.read(text):
        assert text[one.start : one.end] == one.quotation
        assert text[: one.start].endswith(one.prefix)
        assert text[one.end :].startswith(one.suffix)
        assert len(one.prefix) <= 32 >= len(one.suffix)


def test_twenty_pages_are_read_in_seconds(reader):
    """20 pages, some 10,000 words: measured 0.7 s on two shared cores; the limit leaves room for a busy machine."""
    page = "\n\n".join(one.text for one in sentences())
    text = "\n\n".join([page] * (10_000 // len(page.split()) + 1))
    began = time.perf_counter()
    assert len(reader.read(text)) > 500
    assert time.perf_counter() - began < 10


ENDLESS = ["a ", "(", "some ", "x", "- ", "one of the ", "that ", "A. ", "| ", "\n", "’", "one participant, "]


@pytest.mark.parametrize("part", ENDLESS)
def test_no_text_takes_for_ever(reader, part):
    text = part * (40_000 // len(part))
    began = time.perf_counter()
    reader.read(text)
    assert time.perf_counter() - began < 10
