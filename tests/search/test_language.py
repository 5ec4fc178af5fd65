"""What somebody's typing means, and that nothing typed is an error."""

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.public.search.filters import Filter
from apps.public.search.results import search
from apps.taxonomy.vocabulary import vocabulary
from tests.search import factory
from tests.search.factory import look_for
from tests.website.factory import author

pytestmark = pytest.mark.django_db


def found(typed: str) -> set[str]:
    return {hit.record.title for hit in search(parsed(typed)).hits}


def parsed(typed: str) -> Filter:
    params = QueryDict(mutable=True)
    params["q"] = typed
    return Filter.from_params(params, vocabulary())


@pytest.fixture
def _records() -> None:
    factory.add("Nuclear planning for allies", holder=factory.holder("Asia experts"))
    factory.add("Planning of nuclear exercises", holder=factory.holder("", "Zoë Quist"))
    factory.add("Conventional forces", summary="The café of the *two-peer* problem.")
    factory.add("Gray-zone operations", "article", authors=[author("Zoë", "Quist")], summary="What allies fear.")


@pytest.mark.usefixtures("_records")
@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        # All words, in any form, whatever their case and accents.
        ("nuclear planning", "NP PN"),
        ("NUCLEAR Plans", "NP PN"),
        ("cafe", "CF"),
        ("ally", "NP GZ"),
        # Phrases, of either sort of quotation mark, closed or not.
        ('"nuclear planning"', "NP"),
        ("“nuclear planning”", "NP"),
        ('"nuclear planning', "NP"),
        ('allies "nuclear', "NP"),
        ("two-peer", "CF"),
        ("gray zone", "GZ"),
        ("two peer-problem", "CF"),
        # Minus.
        ("nuclear -allies", "PN"),
        ('nuclear -"nuclear planning"', "PN"),
        ("-nuclear", "CF GZ"),
        ("nuclear - allies", "NP"),
        # OR binds the words beside it; lower case it is a word like others.
        ("conventional OR exercises", "CF PN"),
        ("nuclear exercises OR allies", "NP PN"),
        ("OR nuclear OR", "NP PN"),
        ("nuclear AND allies", "NP"),
        # Words that say nothing count in phrases only.
        ("the planning of nuclear", "NP PN"),
        ('"planning of nuclear"', "PN"),
        ("what", "GZ"),
        # Who holds or wrote it.
        ("by:experts", "NP"),
        ("by:quist", "PN GZ"),
        ("by:zoe nuclear", "PN"),
        ('by:"quist zoe"', ""),
        # Where nothing has all words, any will do.
        ("what do people think of gray zebras", "GZ"),
        ("zebra", ""),
        # What is no word is ignored.
        ("nuclear !!! & planning?", "NP PN"),
        ("nuclear (planning)", "NP PN"),
        ("...", "NP PN CF GZ"),
        ("", "NP PN CF GZ"),
        ("foo:bar", ""),
        ("nuclear*", "NP PN"),
        ("title:nuclear", "NP PN"),
        ("nuclear\x00planning", "NP PN"),
        ("[nuclear TO planning]", "NP PN"),
        ("nuclear^9 ~2", "NP PN CF GZ"[:5]),
    ],
)
def test_what_typing_finds(typed, titles):
    short = {
        "NP": "Nuclear planning for allies",
        "PN": "Planning of nuclear exercises",
        "CF": "Conventional forces",
        "GZ": "Gray-zone operations",
    }
    assert found(typed) == {short[one] for one in titles.split()}


@pytest.mark.usefixtures("_records")
def test_what_was_left_out_is_told():
    assert look_for("q=" + "nuclear+" * 1250).notices == [
        "Only the first 1,000 characters are searched.",
        "Only the first 32 words are searched for.",
    ]
    assert look_for("q=nuclear%00").notices == ["Characters that are not text were left out."]
    assert look_for("q=%3F%3F").notices == ["There is no word to search for in what was typed."]
    assert look_for("q=conventional+nuclear").notices == [
        "No record has all of these words, so those with any of them are shown."
    ]


@pytest.mark.usefixtures("_records")
def test_how_text_is_read_does_not_depend_on_the_facets():
    """No article has both words, but positions do: they are not read as alternatives among articles."""
    assert found("nuclear planning") != set()
    results = look_for("q=nuclear+planning&kind=article")
    assert (results.total, results.notices) == (0, [])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(alphabet=st.characters(), max_size=200),
        st.lists(
            st.sampled_from(['"', "-", "OR ", "by:", "year:", "region:", "a", " ", "“", "\x00", "\ud800", "é"])
        ).map("".join),
    )
)
def test_no_typing_is_an_error(typed):
    search(parsed(typed))
    search(Filter(text=typed))


def test_ten_thousand_characters_of_anything():
    for text in (
        "a" * 10_000,
        '"' * 10_000,
        "- " * 5_000,
        "OR " * 3_000,
        "\ud800" * 10_000,
        "x:y " * 2_500,
        "-a " * 3_000,
    ):
        factory.look_for("")
        search(parsed(text))
