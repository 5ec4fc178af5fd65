"""Results and counts against plain Python, over random filters."""

from __future__ import annotations

import random

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.public.catalogue.models import Record
from apps.public.search import index
from apps.public.search.filters import FACETS, Filter
from apps.public.search.results import search
from apps.public.search.schema import SELECTIONS
from apps.taxonomy.vocabulary import vocabulary
from tests.search import factory, oracle

pytestmark = pytest.mark.django_db

WORDS = "radar submarine cargo harbour frigate tunnel glacier".split()
REGIONS = ("world/asia/japan", "world/asia/korea", "world/europe/baltic", "moon")
THEMES = ("deterrence/extended/nuclear", "alliances/nuclear", "alliances/burden", "space")
TAGS, HOLDERS = ("red", "green", "blue", "Grün & Co"), ("experts", "officials")
POOLS: dict[str, tuple[str, ...]] = {
    "kind": ("article", "workshop", "session", "proposition", "position"),
    "region": ("world", "asia", "japan", "korea", "europe", "baltic", "moon"),
    "theme": ("deterrence", "extended", "nuclear", "alliances", "burden", "space"),
    "stance": ("supports", "opposes", "neutral", "qualifies"),
    "year": ("2019", "2020", "2021", "2022", "2019..2020", "2020..2022", "1999..2050"),
    "workshop": ("nowhere",),
    "tag": TAGS,
    "holder": (*HOLDERS, "Ada B", "Cy D"),
    "rule": ("on_the_record", "chatham_house"),
    "proposition": ("p1", "p2", "p3"),
    "source": ("s1", "s2", "s3"),
}


def some(rng: random.Random, values: tuple[str, ...], most: int = 2) -> list[str]:
    return sorted(rng.sample(values, rng.randint(0, min(most, len(values)))))


@pytest.fixture
def records() -> list[Record]:
    """Records of every kind with random values, some of which are none."""
    rng = random.Random(7)
    factory.add_regions(*REGIONS)
    factory.add_themes(*THEMES)
    workshops = [factory.add(" ".join(rng.choices(WORDS, k=2)), "workshop", years=[2019]) for _ in range(3)]
    for _ in range(70):
        kind = rng.choice(POOLS["kind"])
        year = rng.randint(2019, 2022)
        content = {
            "summary": " ".join(rng.choices(WORDS, [9, 6, 4, 3, 2, 1, 1], k=4)),
            "regions": some(rng, ("asia", "japan", "korea", "baltic", "europe", "moon")),
            "themes": some(rng, ("nuclear", "burden", "space", "extended"), 3),
            "tags": some(rng, TAGS, 3),
            "years": rng.choice([[], [year], [year, year + 1]]),
            "rule": rng.choice(["", *POOLS["rule"]]),
        }
        if kind in ("position", "session"):
            content["workshop"] = rng.choice(["", *(one.identifier for one in workshops)])
        if kind == "position":
            content["proposition"] = ("", "p1", "p1", "p2")[year % 4]
            content["source"] = ("s1", "", "s2", "s2", "s1")[year % 5]
            content["stance"] = rng.choice(["", *POOLS["stance"]])
            names = some(rng, ("Ada B", "Cy D"))
            content["holder"] = factory.holder(rng.choice(["", *HOLDERS]), *names)
        factory.add(" ".join(rng.choices(WORDS, k=2)), kind, **content)
    return list(Record.objects.order_by("pk"))


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    facets = draw(st.lists(st.sampled_from(SELECTIONS), max_size=4, unique=True))
    selections = {
        facet: tuple(sorted(draw(st.sets(st.sampled_from(POOLS[facet]), min_size=1, max_size=3)))) for facet in facets
    }
    text = draw(st.lists(st.builds("".join, st.tuples(st.sampled_from(["", "", "", "-"]), st.sampled_from(WORDS)))))
    return Filter(text=" ".join(text[:3]), **selections)


EXAMPLES = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@EXAMPLES
@given(data=st.data())
def test_results_and_every_count_are_what_plain_python_finds(records, data):
    check(data.draw(filters()), records)


def check(asked: Filter, records: list[Record]) -> None:
    words = vocabulary()
    results = search(asked, page_size=100)
    expected = oracle.matching(records, asked, words)
    assert {hit.record.pk for hit in results.hits} == {record.pk for record in expected}
    assert results.total == len(expected)
    for facet in results.facets:
        for value in facet.values:
            after = Filter.from_params(QueryDict(value.querystring), words)
            beside = asked.replace(**{facet.name: (value.value,)})
            counted = oracle.matching(records, beside if value.selected else after, words)
            assert (facet.name, value.value, value.count) == (facet.name, value.value, len(counted))
            assert (value.value in after.selected(facet.name)) != value.selected
        if facet.name in FACETS:
            check_that_none_is_missing(facet, asked, records)


def check_that_none_is_missing(facet, asked: Filter, records: list[Record]) -> None:
    """Every value that leads to a result is listed, and every selected one."""
    words = vocabulary()
    without = oracle.matching(records, asked.replace(**{facet.name: ()}), words)
    present = {value for record in without for value in oracle.values(record, facet.name, words)}
    assert {value.value for value in facet.values} == present | set(asked.selected(facet.name))
    assert not facet.more


@EXAMPLES
@given(data=st.data())
def test_a_facet_of_more_values_than_are_counted_in_one_go_is_exact_too(records, monkeypatch, data):
    """The shipped limit is ten thousand values of one facet; here it is two."""
    monkeypatch.setattr(index, "MOST_VALUES", 2)
    asked = data.draw(filters())
    words = vocabulary()
    for facet in search(asked).facets:
        if facet.name in ("workshop", "tag", "holder"):
            for value in facet.values:
                after = Filter.from_params(QueryDict(value.querystring), words)
                beside = asked.replace(**{facet.name: (value.value,)})
                counted = oracle.matching(records, beside if value.selected else after, words)
                assert (facet.name, value.value, value.count) == (facet.name, value.value, len(counted))


def test_a_click_leads_to_as_many_results_as_its_count_says(records):
    """The same through the front door: each address is followed."""
    for start in ("", "q=radar", "region=asia&year=2019..2020", "theme=nuclear&theme=space&kind=position"):
        for facet in factory.look_for(start).facets:
            for value in facet.values:
                if not value.selected:
                    assert factory.look_for(value.querystring).total == value.count, (start, facet.name, value.value)


def test_a_record_counts_once_for_each_region_above_it():
    factory.add_regions("asia/japan", "asia/korea")
    factory.add(regions=["japan", "korea"])
    assert factory.counts(factory.look_for(""), "region") == {"asia": 1, "japan": 1, "korea": 1}


def test_values_of_a_hierarchy_come_depth_first():
    factory.add_regions("europe/baltic", "asia/north/japan", "asia/south")
    factory.add(regions=["japan", "south", "baltic"])
    region = factory.look_for("").facets[FACETS.index("region")]
    assert [(value.value, value.depth) for value in region.values] == [
        ("asia", 0),
        ("north", 1),
        ("japan", 2),
        ("south", 1),
        ("europe", 0),
        ("baltic", 1),
    ]


def test_choosing_a_part_of_what_is_chosen_narrows():
    factory.add_regions("asia/japan")
    factory.add(regions=["japan"])
    factory.add(regions=["asia"])
    japan = next(one for one in factory.look_for("region=asia").facets[1].values if one.value == "japan")
    assert (japan.count, japan.querystring) == (1, "region=japan")
    asia = next(one for one in factory.look_for("region=japan").facets[1].values if one.value == "asia")
    assert (asia.count, asia.querystring) == (2, "region=asia")


def test_long_facets_are_cut_and_say_so():
    for number in range(20):
        factory.add(tags=[f"tag {number:02d}", "common"])
    tags = factory.look_for("tag=tag+19").facets[FACETS.index("tag")]
    assert [value.value for value in tags.values[:2]] == ["common", "tag 00"]
    assert [value.value for value in tags.values if value.selected] == ["tag 19"]
    assert (len(tags.values), tags.more) == (16, True)
