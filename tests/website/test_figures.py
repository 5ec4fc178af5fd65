"""Every figure of every chart is that of the records that the same parameters find through the API, and take along as
JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from itertools import product

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from apps.public.catalogue.models import Record, Tie
from apps.taxonomy.models import Region
from tests.search import factory
from tests.website.factory import join

pytestmark = pytest.mark.django_db
STANCES = ("supports", "qualifies", "neutral", "opposes")
REGIONS = ("world/asia/japan", "world/asia/korea", "world/europe/baltic", "arctic", "seas")
THEMES = ("deterrence/extended/nuclear", "alliances/nuclear", "alliances/burden", "space")
WORDS = "radar submarine cargo harbour frigate".split()
FILTERS = (
    "",
    "q=radar",
    "q=cargo+-harbour&stance=opposes",
    "region=asia&region=baltic",
    "theme=alliances&year=2019..2021",
    "region=world&theme=nuclear&stance=supports&stance=qualifies",
    "rule=chatham_house&tag=Gr%C3%BCn+%26+Co",
)
Figure = tuple[str, int, dict[str, int] | None]  # the parameters that it is a link to, how many, and of which stances


@pytest.fixture(autouse=True)
def asked_at_will(settings) -> None:
    settings.API_REQUESTS_A_MINUTE = 10_000


@pytest.fixture
def corpus(db) -> dict[str, list[Record]]:
    """Positions about some regions and themes, of some years, on some propositions, at some workshops; and articles."""
    chance = random.Random(11)
    factory.add_regions(*REGIONS)
    factory.add_themes(*THEMES)
    for slug, countries in {"japan": "JP", "korea": "KR", "baltic": "EE,FI", "arctic": "FI,IS"}.items():
        Region.objects.filter(slug=slug).update(countries=countries)
    workshops = [factory.add(f"Workshop {i}", "workshop", years=[2018 + i]) for i in range(3)]
    propositions = [factory.add(f"Proposition {i}", "proposition", themes=["nuclear"]) for i in range(3)]
    for i in range(160):
        record = factory.add(
            f"Claim {i}",
            "article" if i % 12 == 0 else "position",
            summary=" ".join(chance.choices(WORDS, k=3)),
            regions=chance.sample(["asia", "japan", "korea", "baltic", "arctic", "seas"], chance.randint(0, 2)),
            themes=chance.sample(["nuclear", "burden", "space", "extended"], chance.randint(0, 2)),
            years=chance.choice([[], [2018], [2019], [2020], [2021, 2022]]),
            tags=chance.sample(["red", "Grün & Co"], chance.randint(0, 2)),
            rule=chance.choice(["on_the_record", "chatham_house"]),
            stance=chance.choice([*STANCES, ""]),
            proposition=chance.choice([*(one.identifier for one in propositions), ""]),
            workshop=chance.choice([*(one.identifier for one in workshops), ""]),
        )
        for one in propositions:
            if record.kind == "position" and record.content["proposition"] == one.identifier:
                join(record, "takes_side_on", one, record.content["stance"])
    return {"propositions": propositions, "workshops": workshops}


def page(client: Client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def parameters(link: Tag) -> str:
    return link["href"].removeprefix("/browse/").removeprefix("?")


def exported(client: Client, query: str) -> list[dict]:
    """The records that a filter takes along; the same number whichever way."""
    rows = json.loads(b"".join(client.get(f"/export/json/?{query}").streaming_content))
    table = b"".join(client.get(f"/export/csv/?{query}").streaming_content).decode("utf-8-sig")
    assert [row["identifier"] for row in csv.DictReader(io.StringIO(table, newline=""))] == [
        row["identifier"] for row in rows
    ]
    sides = [(row["identifier"], row.get("stance", "")) for row in rows]
    assert sides == [(one["identifier"], one["content"].get("stance", "")) for one in through_the_api(client, query)]
    return rows


def through_the_api(client: Client, query: str) -> list[dict]:
    """All that the API finds, page by page; each page with the number in all."""
    found, cursor = [], ""
    while cursor is not None:
        answer = client.get(f"/api/v1/records?{query}&limit=100&cursor={cursor}").json()
        found += answer["records"]
        cursor = answer["next"]
    assert answer["total"] == len(found), query
    return found


def assert_equal(client: Client, figures: list[Figure], at_least: int = 1) -> None:
    assert len(figures) >= at_least
    known: dict[str, list[dict]] = {}
    for query, count, stances in figures:
        rows = known[query] if query in known else known.setdefault(query, exported(client, query))
        assert len(rows) == count, query
        if stances is not None:
            sides = Counter(row["stance"] for row in rows)
            assert stances == {one: sides[one] for one in STANCES}, query


# --- The charts, each as the figures that it shows


def in_words(text: str) -> dict[str, int]:
    """2 supports, 1 opposes: as figures."""
    said = {stance: int(number) for number, stance in re.findall(r"(\d+) (\w+)", text) if stance in STANCES}
    return dict.fromkeys(STANCES, 0) | said


def of_map(shown: BeautifulSoup) -> Iterator[Figure]:
    for area in shown.select("svg.map a"):
        yield parameters(area), int(area["aria-label"].rpartition(": ")[2].split()[0]), None
    for link in shown.select("figcaption a[href^='/browse/']"):
        yield parameters(link), int(re.search(r"\((\d+)\)", link.next_sibling)[1]), None


def of_leanings(shown: BeautifulSoup) -> Iterator[Figure]:
    order = ("opposes", "neutral", "qualifies", "supports")
    for row in shown.select(".leanings tbody tr"):
        *sides, total = (int(cell.get_text().replace("–", "0")) for cell in row.select("td:not(.bar)"))
        yield parameters(row.a), total, dict(zip(order, sides, strict=True))


def of_matrix(shown: BeautifulSoup) -> Iterator[Figure]:
    for link in shown.select(".matrix:not(.compared) td a"):
        sides = in_words(link["title"].rpartition(": ")[2])
        yield parameters(link), int(link.select_one(".figure").get_text()), sides


def of_comparison(shown: BeautifulSoup) -> Iterator[Figure]:
    for link in shown.select(".compared td a"):
        sides = in_words(link.select_one(".small").get_text())
        yield parameters(link), int(link.select_one(".figure").get_text()), sides


def of_facets(shown: BeautifulSoup) -> Iterator[Figure]:
    for link in shown.select(".facet ul a:not([aria-current])"):
        yield parameters(link), int(link.select_one(".count").get_text()), None


def of_timeline(shown: BeautifulSoup) -> Iterator[Figure]:
    for bar in shown.select(".timeline a:not(:has(.chosen))"):
        yield parameters(bar), int(bar.title.get_text().partition(": ")[2]), None


@pytest.mark.parametrize("asked", FILTERS)
def test_the_map_and_its_table(client, corpus, asked):
    for place in ("", "&region=asia"):
        shown = page(client, f"/map/?{asked}{place}")
        assert_equal(client, [*of_map(shown), *of_leanings(shown)], at_least=4)


@pytest.mark.parametrize("asked", FILTERS)
def test_the_matrix(client, corpus, asked):
    assert_equal(client, list(of_matrix(page(client, f"/matrix/?{asked}"))))


@pytest.mark.parametrize("asked", [one for one in FILTERS if "region=" not in one])
def test_the_comparison(client, corpus, asked):
    names = [one.identifier for one in corpus["workshops"]]
    for groups in (
        "by=region&region=asia&region=baltic&region=arctic",
        f"by=workshop&workshop={names[0]}&workshop={names[1]}",
    ):
        shown = page(client, f"/compare/?{groups}&{asked}")
        assert_equal(client, [*of_leanings(shown), *of_comparison(shown)], at_least=2)


def test_the_comparison_of_years_and_themes(client, corpus):
    for groups in ("by=year&year=2018&year=2021..2022", "by=theme&theme=nuclear&theme=burden&theme=alliances"):
        shown = page(client, f"/compare/?{groups}&q=radar")
        assert_equal(client, [*of_leanings(shown), *of_comparison(shown)], at_least=6)


def test_the_bars_of_a_proposition(client, corpus):
    for proposition in corpus["propositions"]:
        shown = page(client, f"/propositions/{proposition.identifier}/")
        figures = list(of_leanings(shown))
        assert_equal(client, figures, at_least=8)
        assert any("workshop=" in query for query, _, _ in figures)
        assert any("region=" in query for query, _, _ in figures)


@pytest.mark.parametrize("asked", FILTERS)
def test_the_facets_and_the_timeline(client, corpus, asked):
    shown = page(client, f"/browse/?{asked}")
    assert_equal(client, [*of_facets(shown), *of_timeline(shown)], at_least=10)
    assert len(exported(client, asked)) == int(shown.select_one("[data-announce]").get_text().split()[0])


def test_the_home_page_and_the_pages_of_regions_and_themes(client, corpus):
    home = page(client, "/")
    tally = [(parameters(one.a), int(one.dd.get_text()), None) for one in home.select(".tally dl > div")]
    assert_equal(client, tally, at_least=4)
    for facet, slug in (("region", "asia"), ("theme", "alliances")):
        lean = page(client, f"/{facet}s/{slug}/").select_one(".aside .lean-key")
        sides = {one.span.get_text().lower(): int(one.span.next_sibling) for one in lean.select("li")}
        rows = exported(client, f"kind=position&{facet}={slug}")
        assert sides == {stance: sum(row["stance"] == stance for row in rows) for stance in STANCES}


def test_the_lessons_that_travel(client, corpus):
    """Which have no filter of their own: their figures are the links of the records."""
    chance = random.Random(5)
    proposals = [one for one in through_the_api(client, "kind=position") if one["content"]["regions"]][:30]
    for one in proposals:
        for practice in chance.sample(proposals, chance.randint(0, 2)):
            ends = (Record.objects.get(identifier=end["identifier"]) for end in (one, practice))
            join(next(ends), Tie.DRAWS_LESSON_FROM, next(ends))
    above = {one["slug"]: one["above"] for one in client.get("/api/v1/regions").json()}

    def theatres(slug: str) -> set[str]:
        return {top for one in above[slug] for top in theatres(one)} if above[slug] else {slug}

    def theatres_of(identifier: str) -> set[str]:
        regions = client.get(f"/api/v1/records/{identifier}").json()["content"]["regions"]
        return {top for slug in regions for top in theatres(slug)} or {"~"}

    expected: Counter[str] = Counter()
    for one in through_the_api(client, "kind=position"):
        drawn = client.get(f"/api/v1/records/{one['identifier']}").json()["links_out"]
        for link in (link for link in drawn if link["tie"] == Tie.DRAWS_LESSON_FROM):
            for source, target in product(theatres_of(link["identifier"]), theatres_of(one["identifier"])):
                expected[f"/lessons/?from={source}&to={target}#list"] += 1
    shown = page(client, "/lessons/")
    figures = {row.a["href"]: int(row.a.find(string=True, recursive=False)) for row in shown.select(".flows tbody tr")}
    drawn_as = {band["href"]: int(band.title.get_text().split()[0]) for band in shown.select(".bands a")}
    assert figures == drawn_as == dict(expected)
    assert len(figures) > 3
