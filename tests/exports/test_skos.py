"""The vocabulary as SKOS, read back by rdflib and held to what SKOS asks; and taken in again."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SKOS

from apps.curation.imports.rdf import text_of
from apps.taxonomy.models import Broader, Region, Theme, VocabularyState

pytestmark = pytest.mark.django_db
FORMS = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
THEMES, REGIONS = "http://testserver/themes/", "http://testserver/regions/"


@pytest.fixture
def words(db):
    """Three themes one above the other, the last related to one beside them and, against S27, to the first."""
    deterrence = Theme.objects.create(
        slug="deterrence", name="Deterrence", alternative_names=["Dissuasion", "Abschreckung"],
        definition='Keeping "somebody"\nfrom <acting> & so.', scope_note="Not compellence.",
    )  # fmt: skip
    extended = Theme.objects.create(slug="extended", name="Extended deterrence", alternative_names=["Łódź umbrella"])
    nuclear = Theme.objects.create(slug="nuclear", name="Nuclear sharing", alternative_names=["Nuclear sharing", "NS"])
    assurance = Theme.objects.create(slug="assurance", name="Assurance \x01")
    Broader.objects.create(narrower=extended, broader=deterrence)
    Broader.objects.create(narrower=nuclear, broader=extended)
    nuclear.related.add(assurance, deterrence)
    asia = Region.objects.create(slug="asia", name="Asia")
    Region.objects.create(slug="east-asia", name="East Asia", parent=asia, countries=["JP", "KR"])
    VocabularyState.advance()


def read(client, extension: str, facet: str = "themes") -> Graph:
    response = client.get(f"/{facet}.{extension}")
    assert response.status_code == 200
    return Graph().parse(data=response.content, format=FORMS[extension])


@pytest.mark.parametrize("extension", FORMS)
def test_a_theme_is_a_concept_at_the_address_of_its_page(client, words, extension):
    graph = read(client, extension)
    concept = URIRef(f"{THEMES}extended/")
    assert client.get(str(concept)).status_code == 200
    assert set(graph.predicate_objects(concept)) == {
        (RDF.type, SKOS.Concept),
        (SKOS.inScheme, URIRef(THEMES)),
        (SKOS.prefLabel, Literal("Extended deterrence", "en")),
        (SKOS.altLabel, Literal("Łódź umbrella", "en")),
        (SKOS.broader, URIRef(f"{THEMES}deterrence/")),
        (SKOS.narrower, URIRef(f"{THEMES}nuclear/")),
    }
    deterrence = URIRef(f"{THEMES}deterrence/")
    assert graph.value(deterrence, SKOS.definition) == Literal('Keeping "somebody"\nfrom <acting> & so.', "en")
    assert graph.value(deterrence, SKOS.scopeNote) == Literal("Not compellence.", "en")
    assert set(graph.objects(URIRef(f"{THEMES}nuclear/"), SKOS.related)) == {URIRef(f"{THEMES}assurance/")}


@pytest.mark.parametrize("extension", FORMS)
def test_a_region_lies_in_another_and_its_countries_are_notations(client, words, extension):
    graph = read(client, extension, "regions")
    east = URIRef(f"{REGIONS}east-asia/")
    assert set(graph.objects(east, SKOS.notation)) == {Literal("JP"), Literal("KR")}
    assert graph.value(east, SKOS.broader) == URIRef(f"{REGIONS}asia/")
    assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [URIRef(REGIONS)]
    assert list(graph.objects(URIRef(REGIONS), SKOS.hasTopConcept)) == [URIRef(f"{REGIONS}asia/")]


@pytest.mark.parametrize("facet", ["themes", "regions"])
@pytest.mark.parametrize("extension", FORMS)
def test_what_skos_asks_of_a_vocabulary_holds(client, words, extension, facet):
    graph = read(client, extension, facet)
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    assert len(concepts) == {"themes": 4, "regions": 2}[facet]
    assert not concepts & set(graph.subjects(RDF.type, SKOS.ConceptScheme))  # S9
    for concept in concepts:
        preferred, other = (list(graph.objects(concept, label)) for label in (SKOS.prefLabel, SKOS.altLabel))
        assert [label.language for label in preferred] == ["en"]  # S14: one a language
        assert not set(preferred) & set(other)  # S13
        above = set(graph.transitive_objects(concept, SKOS.broader)) - {concept}
        assert not any(concept in graph.transitive_objects(one, SKOS.broader) for one in above)  # no circle
        related = set(graph.objects(concept, SKOS.related))
        assert not related & above  # S27
        assert all((one, SKOS.related, concept) in graph for one in related)  # S23
        assert all((one, SKOS.narrower, concept) in graph for one in graph.objects(concept, SKOS.broader))  # S25
        assert {*above, *related} <= concepts
    for concept in graph.objects(None, SKOS.hasTopConcept):
        assert not list(graph.objects(concept, SKOS.broader))


def test_every_syntax_says_the_same(client, words):
    read_back = [set(read(client, extension)) for extension in FORMS]
    assert read_back[0] == read_back[1] == read_back[2]


def test_an_empty_vocabulary_is_a_scheme_without_concepts(client, db):
    for extension in FORMS:
        assert [o for _, p, o in read(client, extension) if p == RDF.type] == [SKOS.ConceptScheme]


_WRITTEN = """
import django; django.setup()
from apps.public.exports.site import Site
from apps.public.exports.skos import SYNTAXES, graph_of
from apps.taxonomy.vocabulary import Hierarchy, Node
nodes = [Node(f"n{i}", f"N {i}", (f"A {i}", f"B {i}"), "d", "s", related=(f"n{9 - i}",)) for i in range(10)]
for syntax in SYNTAXES.values():
    print(syntax.write(graph_of(Hierarchy.of(nodes), "theme", Site("A site", "https://kb.example"))).decode())
"""


def test_the_same_vocabulary_is_the_same_bytes_in_every_process():
    def written(seed: str) -> bytes:
        told = os.environ | {"PYTHONHASHSEED": seed}
        return subprocess.check_output([sys.executable, "-c", _WRITTEN], env=told, cwd=settings.BASE_DIR)

    assert b"https://kb.example/themes/n9/" in written("1")
    assert written("1") == written("2")


def test_an_unchanged_vocabulary_is_not_sent_again_and_a_changed_one_is(client, words):
    etag = client.get("/themes.ttl")["ETag"]
    assert client.get("/themes.ttl", headers={"if-none-match": etag}).status_code == 304
    Theme.objects.create(slug="new", name="New")
    VocabularyState.advance()
    response = client.get("/themes.ttl", headers={"if-none-match": etag})
    assert response.status_code == 200
    assert b"/themes/new/" in response.content


@pytest.mark.parametrize("facet", ["themes", "regions"])
def test_the_list_leads_to_every_syntax(client, words, facet):
    page = BeautifulSoup(client.get(f"/{facet}/").content, "html.parser")
    linked = [link["href"] for link in page.select(".take a")]
    assert linked.pop() == f"/{facet}.qdc"
    assert linked == [f"/{facet}.{extension}" for extension in FORMS]
    assert [link["href"] for link in page.select("link[rel=alternate]") if "feed" not in link["href"]] == linked


def test_no_other_syntax(client, db):
    assert client.get("/themes.nt").status_code == 404
    assert client.get("/tags.ttl").status_code == 404


@pytest.mark.parametrize("extension", FORMS)
def test_the_importer_reads_it_and_leaves_nothing_out(client, words, extension):
    answer, _ = text_of(client.get(f"/themes.{extension}").content)
    assert set(answer["concepts"]) == {
        f"{THEMES}{slug}/" for slug in ("deterrence", "extended", "nuclear", "assurance")
    }
    assert answer["left"] == {}
