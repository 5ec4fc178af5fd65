"""Pages on how opinions part, agree and move, and on what nobody has spoken on: their figures are the functions'."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import zipfile
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from bs4 import BeautifulSoup
from django.test import Client

from apps.public.analysis import consensus, divergence, on_scale, once_per, over_time
from apps.public.analysis.reading import statements_of
from apps.public.catalogue.models import Record
from apps.public.catalogue.state import read_state
from apps.taxonomy.vocabulary import vocabulary
from tests.search import factory

pytestmark = pytest.mark.django_db
ONCE = ("actor", "holder")


@pytest.fixture
def catalogue(db):
    factory.add_regions("asia", "asia/japan", "europe", "europe/baltic", "africa")
    factory.add_themes("assurance", "assurance/planning", "resilience", "gray")
    chance = random.Random(4)
    workshops = [factory.add(f"Workshop {i}", kind="workshop") for i in range(4)]
    sources = [factory.add(f"Source {i}", kind="session") for i in range(12)]
    propositions = [factory.add(f"Proposition {i}", kind="proposition") for i in range(5)]
    for i in range(160):
        source = chance.randrange(12)
        workshop = workshops[source % 4] if source < 9 else None
        regions = chance.choice([["japan"], ["baltic"], ["japan", "baltic"]])
        factory.add(
            f"Claim {i}",
            stance=chance.choice(["supports", "opposes", "qualifies", "neutral", ""]),
            proposition=chance.choice(propositions).identifier,
            source=sources[source].identifier,
            workshop=workshop.identifier if workshop else "",
            holder=factory.holder(f"group {chance.randint(1, 9)}"),
            regions=regions,
            themes=[chance.choice(["planning", "assurance", "resilience"])],
            earliest=f"{2018 + source % 4}-06-02" if source else "",
            passages=[factory.passage("words")] if chance.random() < 0.5 else [],
        )


def page(client: Client, address: str) -> BeautifulSoup:
    response = client.get(f"/analysis/{address}")
    assert response.status_code == 200
    shown = BeautifulSoup(response.content, "html.parser")
    assert not {"nan", "inf"} & set(shown.get_text(" ").casefold().split())
    return shown


def table(client: Client, address: str) -> list[dict[str, str]]:
    content = client.get(f"/analysis/{address}").content.decode()
    lines = [line for line in content.splitlines() if not line.startswith("# ")]
    return list(csv.DictReader(io.StringIO("\n".join(lines))))


def signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


@pytest.mark.parametrize("query", ["region=asia&region=europe", "region=asia&region=europe&theme=assurance"])
def test_where_regions_part(client, catalogue, query):
    read = statements_of(factory.asked(query), read_state(), "region")
    found = divergence(once_per(read.frame, "source", ONCE), "asia", "europe")
    assert len(found)
    shown = page(client, f"divergence/?{query}").select("#apart tbody tr")
    for row, one in zip(shown, found.itertuples(index=False), strict=True):
        cells = [cell.get_text(" ").split() for cell in row.select("td")]
        assert row.a.get_text() == read.names[one.proposition]
        assert [cells[0][0], cells[1][0], cells[2][0]] == [signed(one.first), signed(one.second), signed(one.apart)]
        assert cells[0][1] == str(one.first_statements)
        assert " ".join(cells[4]) == f"{one.low:.2f} to {one.high:.2f}"
    rows = [row for row in table(client, f"divergence.csv?{query}") if row["Measure"] == "divergence"]
    assert [float(row["Value"]) for row in rows] == pytest.approx(found["apart"].tolist())


def test_where_all_agree(client, catalogue):
    read = statements_of(factory.asked(""), read_state(), "holder")
    found = consensus(once_per(read.frame, "source", ONCE))
    shown = page(client, "divergence/").select("#agreed tbody tr")
    assert [row.a.get_text() for row in shown] == [read.names[one] for one in found["proposition"]]
    assert [row.select("td")[1].get_text() for row in shown] == [f"{one:.2f}" for one in found["agreement"]]


def test_with_one_region_a_second_is_asked_for_and_with_three_two_are_compared(client, catalogue):
    assert "Choose a second region" in page(client, "divergence/?region=asia").get_text()
    shown = page(client, "divergence/?region=asia&region=europe&region=africa")
    assert "the first two are compared" in shown.get_text()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=unheardof", "No position is found"),
        ("region=africa&region=asia", "nothing is ranked"),
        ("theme=gray", "No pos"),
    ],
)
def test_what_can_t_be_ranked_is_said(client, catalogue, query, said):
    assert said in page(client, f"divergence/?{query}").get_text()


@pytest.mark.parametrize("by", ["year", "workshop"])
@pytest.mark.parametrize("measure", ["polarisation", "density", "statements"])
def test_how_a_measure_moves(client, catalogue, measure, by):
    read = statements_of(factory.asked(""), read_state(), "holder")
    found = over_time(once_per(read.frame, "source", ONCE), measure, by)
    shown = page(client, f"over-time/?measure={measure}&by={by}")
    cells = [row.td.get_text().split(" of ")[0] for row in shown.select("table.steady tbody tr")]
    assert cells == [f"{value:.0f}" if measure == "statements" else signed(value) for value in found["value"]]
    assert len(shown.select("svg.moving circle")) == len(found)
    rows = table(client, f"over-time.csv?measure={measure}&by={by}")
    assert [float(row["Value"]) for row in rows] == pytest.approx(found["value"].tolist())


def test_how_the_stance_of_regions_on_one_proposition_moves(client, catalogue):
    topics = page(client, "over-time/?of=region").select("ul.lines a")
    query = topics[0]["href"].partition("?")[2]
    identifier = query.partition("proposition=")[2].partition("&")[0]
    assert Record.objects.get(identifier=identifier).title == topics[0].get_text()
    shown = page(client, f"over-time/?{query}")
    assert "Mean stance" in shown.h2.get_text()
    read = statements_of(factory.asked(f"proposition={identifier}"), read_state(), "region")
    said = on_scale(once_per(read.frame, "source", ONCE))
    for i, region in enumerate(sorted(said["actor"].astype(object).unique())):
        found = over_time(said[said["actor"] == region], "stance").set_index("period")["value"]
        column = {row.th.get_text(): row.select("td")[i].get_text() for row in shown.select("table.steady tbody tr")}
        for period, value in found.items():
            assert column[str(period)].startswith(signed(value))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("measure=stance", "choose one below"),
        ("measure=density&of=region", "for everybody together"),
        ("window=90", "wider than the years"),
        ("q=unheardof", "nothing can be followed"),
    ],
)
def test_what_can_t_be_followed_is_said(client, catalogue, query, said):
    assert said in page(client, f"over-time/?{query}").get_text()


def lacking(theme: str, region: str, since: int) -> tuple[int, str]:
    """What a theme lacks about a region, by plain reading of the records."""
    words = vocabulary()
    there = [
        record.content
        for record in Record.objects.live().filter(kind="position")
        if theme in words.themes.with_ancestors(record.content["themes"])
        and region in words.regions.with_ancestors(record.content["regions"])
    ]
    workshops = {one["workshop"] for one in there} - {""}
    days = [one["earliest"] for one in there if one["earliest"]]
    if not there:
        return 0, "nothing"
    if not workshops:
        return len(there), "no workshop"
    if len(workshops) == 1:
        return len(there), "one workshop"
    if not days or dt.date.fromisoformat(max(days)).year < since:
        return len(there), "old"
    return len(there), "" if any(one["passages"] for one in there) else "no passage"


@pytest.mark.parametrize("query", ["", "since=2021", "since=2022", "region=asia&theme=assurance"])
def test_what_is_lacking(client, catalogue, query):
    shown = page(client, f"coverage/?{query}")
    since = int(shown.select_one('input[name="since"]')["value"])
    rows = table(client, f"coverage.csv?{query}")
    assert len(rows) == len(shown.select("table.matrix td"))
    for row, cell in zip(rows, shown.select("table.matrix tbody td"), strict=True):
        positions, gap = lacking(row["Theme"], row["Region"], since)
        figure, said = cell.select_one(".figure"), cell.select_one(".lacking")
        assert (int(figure.get_text()) if figure else 0) == positions == int(row["Positions"])
        assert (said.get_text() if said else "" if figure else "nothing") == gap
        if cell.a:
            address = cell.a["href"].removeprefix("/browse/?")
            assert factory.look_for(address).total == positions


def test_gaps_about_which_most_was_to_be_expected_come_first(client, catalogue):
    rows = table(client, "coverage.csv?since=2030")
    listed = [one.get_text() for one in page(client, "coverage/?since=2030").select("ol.lines a")]
    names = {
        slug: node.name for words in (vocabulary().themes, vocabulary().regions) for slug, node in words.nodes.items()
    }
    order = sorted((row for row in rows if row["Gap"]), key=lambda row: -float(row["Expected"]))
    assert listed[:4] == [f"{names[row['Theme']]}, {names[row['Region']]}" for row in order[:4]]


@pytest.mark.parametrize("page_", ["divergence", "over-time", "coverage"])
def test_every_table_says_how_it_was_computed(client, catalogue, page_):
    content = client.get(f"/analysis/{page_}.csv?theme=assurance").content.decode()
    account = "\n".join(line for line in content.splitlines() if line.startswith("# "))
    assert "theme: assurance" in account
    assert f"change {read_state().change:,}" in account
    address = account.partition("http://testserver")[2].splitlines()[0]
    assert client.get(address).status_code == 200
    computed = client.get(f"/analysis/{page_}.txt?theme=assurance").content.decode()
    assert computed.splitlines() == [line.removeprefix("# ") for line in account.splitlines()]
    for extension in ("graphml", "gexf", "dl.zip"):
        assert computed.strip() in read(client, f"{page_}.{extension}?theme=assurance")[0]


def read(client: Client, address: str) -> tuple[str, dict[frozenset[str], dict[str, Any]]]:
    """What a file says of itself, and what it says of each two that it ties, by what they are called."""
    content = client.get(f"/analysis/{address}").content
    if ".dl" in address:
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            lines = folder.read("network.dl").decode().splitlines()
            said = folder.read("how-this-was-computed.txt").decode()
        split = [lines.index(one) for one in ("row labels:", "column labels:", "data:")]
        rows, columns = ([name.strip('"') for name in lines[split[i] + 1 : split[i + 1]]] for i in (0, 1))
        assert lines[:2] == [f"dl nr={len(rows)} nc={len(columns)}", "format = edgelist2"]
        figures = [line.split() for line in lines[split[2] + 1 :]]
        return said, {
            frozenset((rows[int(row) - 1], columns[int(column) - 1])): {"figure": float(figure)}
            for row, column, figure in figures
        }
    graph = (nx.read_graphml if ".graphml" in address else nx.read_gexf)(io.BytesIO(content))
    called = graph.nodes(data="label")
    root = ElementTree.fromstring(content)
    said = root.findtext("{*}desc") or root.findtext("{*}meta/{*}description") or ""
    assert nx.is_bipartite(graph)
    return said, {frozenset((called[one], called[other])): tie for one, other, tie in graph.edges(data=True)}


@pytest.mark.parametrize("extension", ["graphml", "gexf", "dl.zip"])
def test_a_table_is_a_network_to_programs_that_know_no_other(client, catalogue, extension):
    query = "region=asia&region=europe"
    _, tied = read(client, f"divergence.{extension}?{query}")
    names = {"divergence": ("Asia", "Europe"), "agreement": ("Everybody",)}
    expected = [
        (name, row["Proposition"], float(row[f"Mean {i}"]), int(row[f"Statements {i}"]), float(row["Low"]))
        for row in table(client, f"divergence.csv?{query}")
        for i, name in enumerate(names[row["Measure"]], start=1)
    ]
    assert len(tied) == len(expected) > 10
    for one, other, mean, statements, low in expected:
        tie = tied[frozenset((one, other))]
        assert tie.get("figure", tie.get("mean")) == pytest.approx(mean)
        if "figure" not in tie:
            assert (tie["weight"], tie["low"]) == (statements, pytest.approx(low))

    _, tied = read(client, f"over-time.{extension}?of=region&by=workshop")
    rows = table(client, "over-time.csv?of=region&by=workshop")
    assert len(tied) == len(rows) > 4
    for row in rows:
        tie = tied[frozenset((row["Of"], row["Period"]))]
        assert tie.get("figure", tie.get("value")) == pytest.approx(float(row["Value"]))

    _, tied = read(client, f"coverage.{extension}")
    rows = [row for row in table(client, "coverage.csv") if row["Positions"] != "0"]
    words = vocabulary()
    assert len(tied) == len(rows) > 3
    for row in rows:
        tie = tied[frozenset((words.themes[row["Theme"]].name, words.regions[row["Region"]].name))]
        assert tie.get("figure", tie.get("weight")) == int(row["Positions"])


def test_of_nothing_there_are_files_too(client, db):
    for page_ in ("divergence", "over-time", "coverage"):
        for extension in ("graphml", "gexf", "csv", "dl.zip", "txt"):
            assert client.get(f"/analysis/{page_}.{extension}").status_code == 200
        assert client.get(f"/analysis/{page_}.exe").status_code == 404


@pytest.mark.parametrize(
    "address", ["over-time/?measure=mood", "over-time/?window=x", "coverage/?since=-3", "divergence/?region=narnia"]
)
def test_rubbish_gets_an_answer(client, catalogue, address):
    assert client.get(f"/analysis/{address}").status_code == 400
    for extension in ("csv", "graphml", "txt"):
        assert client.get(f"/analysis/{address.replace('/?', f'.{extension}?')}").status_code == 400


@pytest.mark.parametrize("address", ["", "networks/", "divergence/", "over-time/", "coverage/"])
def test_an_empty_catalogue_is_no_fault(client, db, address):
    page(client, address)
