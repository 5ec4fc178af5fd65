"""The network of cross-references, read back by networkx."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import networkx
import pytest
from bs4 import BeautifulSoup

from apps.public.catalogue.models import Link, Record
from apps.public.exports import network
from apps.taxonomy.words import Relation
from tests.website.factory import bury, join, make_record

pytestmark = pytest.mark.django_db
TITLE = 'On "calm" & <b>Łódź</b>\x01 مواقف'


@pytest.fixture
def records(db) -> dict[str, Record]:
    """An article that two positions refer to, one of them in two ways; a position that is joined to its source only."""
    found = {name: make_record("position", f"Position {name}") for name in "abc"}
    found["article"] = make_record("article", TITLE)
    join(found["a"], "cites", found["article"], note="It says\nso: 5 < 6 & more.")
    join(found["a"], "challenges", found["article"])
    join(found["b"], "responds_to", found["a"], note="=1+1")
    join(found["c"], "found_in", found["article"])
    return found


def taken(client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    return b"".join(response.streaming_content)


def as_graph(client) -> networkx.MultiDiGraph:
    return networkx.parse_graphml(taken(client, "/cross-references.graphml").decode(), force_multigraph=True)


def as_rows(client) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(taken(client, "/cross-references.csv").decode(), newline="")))


def test_gexf_is_the_same_network(client, records):
    graph = networkx.read_gexf(io.BytesIO(taken(client, "/cross-references.gexf")))
    other = as_graph(client)
    assert graph.is_directed()
    assert set(graph) == set(other)
    for node, data in other.nodes(data=True):
        assert {name: graph.nodes[node][name] for name in data} == data

    def said(one) -> list:
        return sorted((a, b, data["relation"], data.get("note", "")) for a, b, data in one.edges(data=True))

    assert said(graph) == said(other)


def test_graphml_has_each_record_once_and_each_cross_reference(client, records):
    graph = as_graph(client)
    assert graph.is_directed()
    a, b, article = (records[name].identifier for name in ("a", "b", "article"))
    assert set(graph) == {a, b, article}  # what holds records together is no cross-reference
    address = f"http://testserver/articles/{article}/"
    assert graph.nodes[article] == {"label": TITLE.replace("\x01", ""), "kind": "article", "url": address}
    assert client.get(address).status_code == 200
    assert sorted((one, other, data["relation"]) for one, other, data in graph.edges(data=True)) == sorted(
        [
            (a, article, Relation.CITES.label),
            (a, article, Relation.CHALLENGES.label),
            (b, a, Relation.RESPONDS_TO.label),
        ]
    )
    notes = {data["relation"]: data.get("note") for _, _, data in graph.edges(data=True)}
    assert notes[Relation.CITES.label] == "It says\nso: 5 < 6 & more."
    assert notes[Relation.CHALLENGES.label] is None


def test_a_record_is_written_before_the_edges_that_need_it(client, records):
    known = set()
    for element in ElementTree.fromstring(taken(client, "/cross-references.graphml")).iter():
        if element.tag.endswith("}node"):
            known.add(element.get("id"))
        if element.tag.endswith("}edge"):
            assert {element.get("source"), element.get("target")} <= known


def test_the_list_of_edges_is_the_same_network(client, records):
    rows = as_rows(client)
    assert {row["Type"] for row in rows} == {"Directed"}
    edges = networkx.MultiDiGraph((row["Source"], row["Target"], {"relation": row["Relation"]}) for row in rows)
    graph = as_graph(client)
    assert sorted(edges.edges(data="relation")) == sorted(graph.edges(data="relation"))
    for row in rows:
        for end in ("Source", "Target"):
            assert graph.nodes[row[end]]["url"] == row[f"{end} url"]


def test_a_note_that_a_spreadsheet_takes_for_a_formula_stays_a_text(client, records):
    assert "'=1+1" in [row["Note"] for row in as_rows(client)]


def test_no_cross_references_are_an_empty_network(client, db):
    make_record("article")
    assert len(as_graph(client)) == 0
    assert as_rows(client) == []


def test_what_is_withdrawn_is_in_no_network(client, records):
    bury(records["a"])
    assert len(as_graph(client)) == 0


def test_every_link_is_read_however_many_there_are(client, records, monkeypatch):
    before = taken(client, "/cross-references.csv")
    monkeypatch.setattr(network, "_AT_ONCE", 1)
    monkeypatch.setattr(network, "_CHUNK", 1)
    assert taken(client, "/cross-references.csv") == before


@pytest.mark.parametrize("count", [3, 30])
def test_a_network_costs_three_queries_for_2000_links(client, django_assert_num_queries, count):
    """The state; the links; that there are no more of them."""
    article = make_record("article")
    for _ in range(count):
        join(make_record("position"), "cites", article)
    client.get("/about/")
    with django_assert_num_queries(3):
        taken(client, "/cross-references.graphml")
    assert Link.objects.count() == count


@pytest.mark.parametrize("extension", network.NETWORKS)
def test_an_unchanged_network_is_not_sent_again(client, records, extension):
    address = f"/cross-references.{extension}"
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": etag}).status_code == 304
    join(make_record("position"), "cites", records["article"])
    assert client.get(address, headers={"if-none-match": etag}).status_code == 200


def test_about_leads_to_both(client, db):
    page = BeautifulSoup(client.get("/about/").content, "html.parser")
    linked = {link["href"] for link in page.select("a[download]")}
    assert linked >= {f"/cross-references.{extension}" for extension in network.NETWORKS}
