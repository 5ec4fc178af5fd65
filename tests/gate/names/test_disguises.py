"""Any name, in any disguise, in any text."""

import unicodedata
from itertools import pairwise
from urllib.parse import quote

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apps.gate.names import Name, NameFinder
from apps.gate.names.common import COMMON, PARTICLES

CONSONANTS = "bcdfgjklmnprstvwz" + "ćčśšžłñ"
VOWELS = "aeiou" + "áéíóúäöüøå"
EVERYTHING = st.text(st.characters(exclude_categories=()), max_size=60)  # surrogates and NULs too

syllables = st.builds("".join, st.tuples(st.sampled_from(CONSONANTS), st.sampled_from(VOWELS)))
words = (
    st.lists(syllables, min_size=2, max_size=5)
    .map("".join)
    .filter(
        lambda word: unicodedata.normalize("NFD", word).encode("ascii", "ignore").decode() not in COMMON | PARTICLES
    )
    .map(str.capitalize)
)
HOMOGLYPHS = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")


def bare(text: str) -> str:
    """Without accents; the letters that no accent makes are left as they are."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def mathematical(text: str) -> str:
    return "".join(chr(0x1D400 + ord(c) - 65) if "A" <= c <= "Z" else c for c in text)


@st.composite
def disguised(draw: st.DrawFn) -> tuple[str, str, str]:
    """A surname, a given name, and some words that give the person away."""
    family, first = draw(words), draw(words)
    cut = draw(st.integers(1, len(family) - 1))
    left, right = family[:cut], family[cut:]
    forms = [
        family,
        f"{first} {family}",
        family.upper(),
        family.lower(),
        f"{first} {family}".swapcase(),
        bare(family),
        unicodedata.normalize("NFD", family),
        family.translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})),
        left + draw(st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u200e\x00")) + right,
        family.translate(HOMOGLYPHS),
        mathematical(family),
        "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in family),
        f"{family}, {first}",
        f"{family} {first}",
        f"{first[0]}. {family}",
        f"{family}, {first[0]}.",
        f"{left}-\n{right}",
        f"{left}\u2010\n  {right}",
        " ".join(family),
        ".".join(family),
        f"{first}{family}",
        f"{first}.{family}@kix.example",
        f"https://kix.example/people/{quote(first)}-{quote(family)}/",
        f"notes_{family}_v2.docx",
        f"{family}'s",
        f"{family}’s",
        f"{family}s",
        f"#{first}{family}",
        f"**{left}**{right}",
        "".join(f"&#{ord(c)};" for c in family),
    ]
    return family, first, draw(st.sampled_from(forms))


@settings(max_examples=1500, deadline=None)
@given(person=disguised(), before=EVERYTHING, after=EVERYTHING)
def test_a_name_is_found_in_any_disguise_in_any_text(person, before, after):
    family, first, disguise = person
    text = f"{before} {disguise} {after}"
    start, end = len(before) + 1, len(before) + 1 + len(disguise)
    matches = NameFinder([Name.person(family, first)]).find(text)
    assert any(match.start < end and start < match.end for match in matches)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.text("abcdefghijklm", min_size=1, max_size=8).map(str.title), max_size=40),
    st.lists(st.text("nopqrstuvwxyz", min_size=1, max_size=9).map(str.title), min_size=1, max_size=5),
    st.sampled_from([" ", ", ", "-", "\n", "_", ". "]),
)
def test_a_text_that_shares_no_word_with_the_names_gives_nothing(text, names, between):
    finder = NameFinder([Name.person(names[0], " ".join(names[1:])), *map(Name.body, names)], names)
    assert finder.find(between.join(text)) == []


@settings(max_examples=500, deadline=None)
@given(EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING)
def test_no_text_and_no_name_is_too_odd(text, family, first, other):
    assume(text)
    finder = NameFinder([Name.person(family, first), Name.body(other), Name.alias(other)], [first])
    matches = finder.find(text) + finder.find(f"{first} {family}; {other}")
    assert all(match.words and match.start < match.end for match in matches)


@settings(max_examples=300, deadline=None)
@given(EVERYTHING, st.lists(disguised(), min_size=1, max_size=4))
def test_what_is_found_lies_in_order_and_apart_where_it_is_said_to_lie(text, people):
    text = text.join(disguise for _, _, disguise in people)
    matches = NameFinder([Name.person(family, first) for family, first, _ in people]).find(text)
    assert all(text[match.start : match.end] == match.words for match in matches)
    assert all(one.end <= other.start for one, other in pairwise(matches))
