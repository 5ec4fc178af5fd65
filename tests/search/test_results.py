"""Results: their order, pages, excerpts, suggestions, and what they cost."""

from __future__ import annotations

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.public.catalogue.models import Link, Record, Tie
from apps.public.search.filters import UnusableFilter
from apps.public.search.results import search
from tests.search import factory
from tests.search.factory import asked, look_for, titles

pytestmark = pytest.mark.django_db


def test_a_position_comes_before_the_proposition_that_it_is_about():
    factory.add_themes("nuclear-planning-and-consultation")
    factory.add("Indo-Pacific allies should have NATO-like nuclear planning arrangements", "proposition")
    factory.add("NATO’s experience of such arrangements is a guide", themes=["nuclear-planning-and-consultation"])
    factory.add("NATO-like nuclear planning arrangements should be developed for Indo-Pacific allies")
    factory.add("Conventional planning", summary="Beside nuclear matters, planning of nuclear planning.")
    assert titles("q=nuclear+planning")[:2] == [
        "NATO-like nuclear planning arrangements should be developed for Indo-Pacific allies",
        "Indo-Pacific allies should have NATO-like nuclear planning arrangements",
    ]


def test_a_theme_leads_to_a_record_in_other_words():
    factory.add_themes("gray-zone")
    factory.add("Coast guards and militias", themes=["gray-zone"])
    assert titles("q=gray+zone") == ["Coast guards and militias"]


def test_records_without_a_date_come_last_in_both_orders():
    for title, years in (("old", [2014]), ("none", []), ("new", [2026]), ("none too", [])):
        factory.add(title, years=years)
    assert titles("") == ["new", "old", "none too", "none"]
    assert titles("sort=oldest") == ["old", "new", "none", "none too"]


@pytest.mark.parametrize("query", ["", "sort=oldest", "q=planning", "q=planning&sort=newest", "kind=position"])
def test_pages_in_a_row_are_the_whole(query):
    for number in range(23):
        factory.add("planning", years=[2014 + number % 3] if number % 4 else [])
    pages = [search(asked(query).replace(page=page), page_size=5) for page in range(1, 6)]
    found = [hit.record.pk for results in pages for hit in results.hits]
    assert sorted(found) == sorted(Record.objects.values_list("pk", flat=True))
    assert {results.pages for results in pages} == {5}
    whole = [hit.record.pk for hit in search(asked(query), page_size=23).hits]
    assert found == whole


def test_a_page_beyond_the_last_is_empty_and_says_so():
    factory.add()
    results = look_for("page=3")
    assert (results.total, results.hits, results.notices) == (1, [], ["There is no page 3; the last is 1."])


def test_paging_has_an_end():
    factory.add()
    with pytest.raises(UnusableFilter, match="Paging ends after 10,000 results"):
        search(asked("page=500"), page_size=100)


def test_words_looked_for_are_marked_and_everything_else_is_escaped():
    factory.add(
        "Allies’ <b>planning</b> & more?",
        summary="First. " * 60
        + "Here *plans* <script>alert(1)</script> [were](http://x.example) made – naïve ones. "
        + "Last. " * 60,
        passages=[factory.passage("a “quoted” plan")],
    )
    (hit,) = look_for("q=plan").hits
    assert hit.title_html == "Allies’ &lt;b&gt;<mark>planning</mark>&lt;/b&gt; &amp; more?"
    assert "Here <mark>plans</mark> &lt;script&gt;alert(1)&lt;/script&gt; were made" in hit.snippet_html
    assert hit.snippet_html.startswith("… ")
    assert hit.snippet_html.endswith(" …")
    assert len(hit.snippet_html) < 400


def test_an_excerpt_without_words_is_the_beginning():
    factory.add("Title", summary="Some <i>words</i> " * 30)
    (hit,) = look_for("").hits
    assert hit.title_html == "Title"
    assert hit.snippet_html.startswith("Some &lt;i&gt;words&lt;/i&gt; Some")
    assert hit.snippet_html.endswith(" …")


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("deterence", "deterrence"),
        ("extended DETERENCE in asia", "extended deterrence in asia"),
        ('"extended deterence" -asai OR burdn', '"extended deterrence" -asai OR burden'),
        ("extended-deterence", "extended-deterrence"),
        ("deterrence", ""),
        ("deterrences", ""),
        ("xyzzyqq", ""),
        ("natto", "nato"),
        ("region:narnai deterence", "region:narnai deterrence"),
        ("café deterence", "café deterrence"),
    ],
)
def test_a_misspelt_word_is_put_right(typed, suggested):
    factory.add("Extended deterrence in Asia", summary="Burden sharing, NATO, a café.")
    factory.add("Extended determination")
    results = search(asked("").replace(text=typed))
    assert results.suggestion == suggested


def test_hits_bring_their_links():
    session = factory.add("The session", "session")
    position = factory.add("The position", source=session.identifier)
    Link.objects.create(source=position, target=session, tie=Tie.FOUND_IN)
    hit = next(hit for hit in look_for("kind=position").hits)
    assert [(link.tie, link.title, link.kind) for link in hit.links] == [("found_in", "The session", "session")]


def test_a_workshop_is_named_by_its_title():
    workshop = factory.add("The workshop", "workshop")
    factory.add(workshop=workshop.identifier)
    (value,) = next(one for one in look_for("").facets if one.name == "workshop").values
    assert (value.label, value.count) == ("The workshop", 2)  # itself among its records
    (value,) = next(one for one in look_for("workshop=nowhere").facets if one.name == "workshop").values[-1:]
    assert (value.label, value.count, value.selected) == ("nowhere", 0, True)


@pytest.mark.parametrize("records", [2, 20])
@pytest.mark.parametrize(
    ("query", "expected"),
    [("", 3), ("q=planning&region=asia&kind=position", 3), ("q=planning&workshop=nowhere", 2), ("q=plannning", 1)],
)
def test_three_queries_whatever_is_shown(records, query, expected):
    """1 the catalogue's change number with the vocabulary's version; 2 the records shown with the workshops named in
    the facet; 3 the links from the records shown, with their targets. Where nothing is found there is less to ask."""
    factory.add_regions("asia/japan")
    workshops = [factory.add(f"Workshop {n}", "workshop", regions=["asia"]) for n in range(3)]
    for number, workshop in zip(range(records), itertools.cycle(workshops), strict=False):
        record = factory.add(f"planning {number}", regions=["japan"], workshop=workshop.identifier)
        Link.objects.create(source=record, target=workshop, tie=Tie.REPORTED_FROM)
    filter_ = asked(query)
    search(filter_)  # the index catches up, the vocabulary is read
    with CaptureQueriesContext(connection) as queries:
        results = search(filter_)
        for hit in results.hits:
            assert [link.title for link in hit.links] or hit.record.kind == "workshop"
    assert len(queries) == expected, [query["sql"] for query in queries]


def test_an_empty_catalogue():
    results = look_for("q=anything")
    assert (results.total, results.hits, results.pages, results.change) == (0, [], 0, 0)
