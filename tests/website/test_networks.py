"""The page of a network: its figures are the functions', its address gives it again, and rubbish gets an answer."""

from __future__ import annotations

import io
import random

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client

from apps.public.analysis.asking import TIES, Asked
from apps.public.analysis.reading import statements_of
from apps.public.analysis.results import network
from apps.public.catalogue.state import read_state
from apps.public.website import networks
from tests.search import factory

pytestmark = pytest.mark.django_db
ADDRESS = "/analysis/networks/"


@pytest.fixture
def catalogue(db):
    factory.add_regions("asia", "asia/japan", "europe", "europe/baltic")
    factory.add_themes("assurance", "resilience")
    chance = random.Random(11)
    workshop = factory.add("Workshop", kind="workshop")
    sources = [factory.add(f"Source {i}", kind="session") for i in range(3)]
    propositions = [factory.add(f"Proposition {i}", kind="proposition") for i in range(4)]
    for i in range(90):
        factory.add(
            f"Claim {i}",
            stance=chance.choice(["supports", "opposes", "qualifies", "neutral", ""]),
            proposition=chance.choice(propositions).identifier,
            source=chance.choice(sources).identifier,
            workshop=workshop.identifier,
            holder=factory.holder(f"group {chance.randint(1, 8)}"),
            regions=[chance.choice(["japan", "baltic"])],
            themes=[chance.choice(["assurance", "resilience"])],
            earliest="2021-06-02",
        )


def page(client: Client, query: str = "") -> BeautifulSoup:
    response = client.get(f"{ADDRESS}?{query}")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def computed(query: str):
    wanted = Asked.from_params(QueryDict(query))
    read = statements_of(factory.asked(query), read_state(), wanted.actors)
    return network(read.frame, read.names, wanted)


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("query", ["", "theme=assurance", "actors=region&isolates=1", "once=statement&least=2"])
def test_every_figure_of_the_page_is_the_function_s(client, catalogue, ties, query):
    query = f"{query}&ties={ties}".lstrip("&")
    found, shown = computed(query), page(client, query)
    figures = [one.get_text() for one in shown.select(".figures-line strong")][:3]
    nodes = len(found.weights.index) + (len(found.weights.columns) if found.is_two_mode else 0)
    assert figures == [str(found.counted), str(nodes), str(found.ties)]
    weights = found.weights.rename(index=found.names, columns=found.names)
    heads = [one["title"] if one.has_attr("title") else one.get_text() for one in shown.select(".heat thead th")]
    for row in shown.select(".heat tbody tr"):
        name = row.th.get_text()
        name = name if found.is_two_mode else name.partition(" ")[2]
        for head, cell in zip(heads, row.select("td"), strict=True):
            weight = float(weights.loc[name, head])
            assert cell.get_text() == (networks.shown_weight(weight) if weight else "")
    ties_shown = [
        [cell.get_text() for cell in row.select("td")] for row in shown.select("table.steady")[1].select("tbody tr")
    ]
    assert ties_shown == [
        [found.names[a], found.names[b], networks.shown_weight(weight)]
        for a, b, weight in found.strongest(networks.MOST_ROWS)
    ]
    assert not {"nan", "inf"} & set(shown.get_text(" ").casefold().split())


def test_the_picture_has_every_node_and_tie(client, catalogue):
    found, shown = computed(""), page(client)
    assert len(shown.select("svg.network [data-node]")) == len(found.weights)
    assert len(shown.select("svg.network line[data-ends]")) == found.ties
    assert {one.get_text() for one in shown.select("svg.network text")} == set(found.weights.index)


@pytest.mark.parametrize("extension", ["graphml", "gexf", "dl.zip", "matrix.csv", "ties.csv", "txt"])
def test_every_file_says_how_it_was_computed_and_where_it_is_made_again(client, catalogue, extension):
    query = "theme=assurance&least=2&ties=subtract"  # as addresses are written
    links = [one["href"] for one in page(client, query).select("#computed a")]
    address = f"/analysis/networks.{extension}?{query}"
    assert address in links
    response = client.get(address)
    assert response.status_code == 200
    account = client.get(f"/analysis/networks.txt?{query}").content.decode()
    assert f"http://testserver{ADDRESS}?{query}" in account
    assert "theme: assurance" in account
    assert "(1 − 2 d(k,k′))" in account
    assert f"change {read_state().change:,}" in account
    if extension == "matrix.csv":
        matrix = pd.read_csv(io.BytesIO(response.content), comment="#", index_col=0)
        assert matrix.to_numpy().tolist() == computed(query).weights.to_numpy().tolist()


def test_what_is_left_out_can_be_had_back(client, catalogue):
    shown = page(client)
    link = shown.select_one("table.steady td a")
    without = page(client, link["href"].partition("?")[2])
    name = link.select_one(".hidden").get_text().strip()
    assert name not in [one.get_text() for one in without.select("table.steady tbody th")]
    back = without.select_one(".chips a")
    assert back.get_text() == name
    assert client.get(back["href"]).content == client.get(ADDRESS + "?").content


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=unheardof", "No position is found"),
        ("fewest=1000", "no actor has 1000 statements"),
        ("least=1000.5", "no tie has a weight of 1000.5 or more"),
        ("stance=neutral&ties=two-mode-subtract", "no statement is for or against anything"),
    ],
)
def test_what_makes_no_network_is_said(client, catalogue, query, said):
    assert said in page(client, query).get_text()


def test_of_too_many_actors_a_threshold_is_offered(client, catalogue, monkeypatch):
    monkeypatch.setattr("apps.public.analysis.results.MOST_NODES", 4)
    networks._kept.clear()
    shown = page(client)
    offered = shown.select_one('[role="alert"] a')
    assert "with" in offered.get_text()
    assert "statements or more" in offered.get_text()
    assert len(page(client, offered["href"].partition("?")[2]).select(".heat tbody tr")) in range(1, 5)
    networks._kept.clear()


@pytest.mark.parametrize(
    "query",
    [
        "ties=friendship",
        "least=x",
        "actors=%00",
        "region=nowhere&once=never",
        "ties=two-mode-combine&normalise=activity",
    ],
)
def test_rubbish_gets_an_answer(client, catalogue, query):
    for address in (ADDRESS, "/analysis/networks.matrix.csv", "/analysis/networks.gexf"):
        response = client.get(f"{address}?{query}")
        assert response.status_code == 400
        assert (
            b"no choice of" in response.content or b"no number" in response.content or b"normalised" in response.content
        )


def test_an_unknown_format_is_not_there(client, catalogue):
    assert client.get("/analysis/networks.exe").status_code == 404


def test_nothing_is_kept_beyond_a_change(client, catalogue):
    before = page(client).select_one(".figures-line strong").get_text()
    factory.add(
        "One more",
        stance="supports",
        proposition=factory.add("Another", kind="proposition").identifier,
        source=factory.add("S", kind="article").identifier,
        holder=factory.holder("somebody else"),
    )
    assert int(page(client).select_one(".figures-line strong").get_text()) == int(before) + 1


def test_without_an_index_there_is_a_word(client, catalogue, settings, tmp_path):
    settings.SEARCH_INDEX_DIR = tmp_path / "file"
    (tmp_path / "file").write_text("")
    assert client.get(ADDRESS).status_code == 503


def test_while_a_large_network_is_made_its_page_says_how_far_that_is(client, catalogue, monkeypatch):
    whole = client.get(f"{ADDRESS}?without=group+1")
    networks._kept.clear()
    monkeypatch.setattr(networks, "MANY", 50)
    response = client.get(f"{ADDRESS}?without=group+1", headers={"accept-encoding": "gzip"})
    parts = list(response.streaming_content)
    assert [b'role="status"' in part for part in parts[1:4]] == [True] * 3
    assert response["ETag"] == whole["ETag"]
    steps = b"".join(parts[1:4])
    assert b"".join(parts).replace(steps, b"").decode().split() == whole.content.decode().split()
    assert not client.get(f"{ADDRESS}?without=group+1").streaming  # which was made before
