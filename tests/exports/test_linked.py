"""Formats of linked data: W3C annotations and schema.org, read by rdflib; codebooks by the importer's reader, projects
of QDA programs by pyrefiqda, whose models are made of the schema of REFI-QDA."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from pyrefiqda import RefiProject
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, Namespace

from apps.curation.imports.refi_file import text_of
from apps.taxonomy.models import Broader, Region, Theme, VocabularyState
from tests.website.factory import author, join, make_record

pytestmark = pytest.mark.django_db
OA, SCHEMA = Namespace("http://www.w3.org/ns/oa#"), Namespace("https://schema.org/")
QUOTED = {"quotation": "it “calms”", "prefix": "He said ", "suffix": ".", "locator": "page 3", "start": 8, "end": 18}
# What the context at http://www.w3.org/ns/anno.jsonld says of the terms used here, so that no test asks the network.
CONTEXT = {
    "oa": str(OA), "as": "http://www.w3.org/ns/activitystreams#", "rdf": str(RDF), "id": "@id", "type": "@type",
    "Annotation": "oa:Annotation", "AnnotationPage": "as:OrderedCollectionPage",
    "AnnotationCollection": "as:OrderedCollection", "TextQuoteSelector": "oa:TextQuoteSelector",
    "TextPositionSelector": "oa:TextPositionSelector", "SpecificResource": "oa:SpecificResource",
    "body": {"@id": "oa:hasBody", "@type": "@id"}, "target": {"@id": "oa:hasTarget", "@type": "@id"},
    "source": {"@id": "oa:hasSource", "@type": "@id"}, "selector": {"@id": "oa:hasSelector", "@type": "@id"},
    "exact": "oa:exact", "start": "oa:start", "end": "oa:end", "value": "rdf:value",
    "items": {"@id": "as:items", "@container": "@list"}, "first": {"@id": "as:first", "@type": "@id"},
}  # fmt: skip


def taken(client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response)


@pytest.fixture
def records(db):
    Theme.objects.create(slug="calm", name="Calm")
    VocabularyState.advance()
    article = make_record("article", "An article", authors=[author("Alice", "Dell’Era")], genre="report", date="2024")
    position = make_record("position", "Planning calms", themes=["calm"], passages=[QUOTED, QUOTED | {"start": None}])
    join(position, "found_in", article)
    make_record("position", "Nothing is quoted", source=article.identifier)
    return article, position


def test_each_passage_is_an_annotation_on_its_source(client, records):
    article, position = records
    document = json.loads(taken(client, "/export/annotations/"))
    assert document["@context"] == "http://www.w3.org/ns/anno.jsonld"
    first, second = document["first"]["items"]
    source = f"http://testserver/articles/{article.identifier}/"
    quote = {"type": "TextQuoteSelector", "exact": "it “calms”", "prefix": "He said ", "suffix": "."}
    place = {"type": "TextPositionSelector", "start": 8, "end": 18}
    assert first["target"] == {"source": source, "selector": [quote, place]}
    assert second["target"] == {"source": source, "selector": [quote]}
    assert first["id"] == f"http://testserver/positions/{position.identifier}/versions/1/#passage-1"
    assert client.get(first["id"].removeprefix("http://testserver")).status_code == 200
    assert [body["purpose"] for body in first["body"]] == ["describing", "tagging"]
    assert client.get(first["body"][1]["source"].removeprefix("http://testserver")).status_code == 200


def test_annotations_are_what_their_vocabulary_asks_of_them(client, records):
    """https://www.w3.org/TR/annotation-model/: one target; of a quote one exact, of a place one start and end."""
    document = json.loads(taken(client, "/export/annotations/")) | {"@context": CONTEXT}
    graph = Graph().parse(data=json.dumps(document), format="json-ld")
    found = list(graph.subjects(RDF.type, OA.Annotation))
    assert len(found) == 2
    for one in found:
        [target] = graph.objects(one, OA.hasTarget)
        assert len(list(graph.objects(target, OA.hasSource))) == 1
        for selector in graph.objects(target, OA.hasSelector):
            terms = [OA.exact] if (selector, RDF.type, OA.TextQuoteSelector) in graph else [OA.start, OA.end]
            assert all(len(list(graph.objects(selector, term))) == 1 for term in terms)


def test_schema_org_is_one_graph_of_all_records(client, records):
    document = json.loads(taken(client, "/export/schema-org/"))
    graph = Graph().parse(data=json.dumps(document | {"@context": {"@vocab": str(SCHEMA)}}), format="json-ld")
    article, _ = records
    one = URIRef(f"http://testserver/articles/{article.identifier}/")
    assert (one, RDF.type, SCHEMA.Report) in graph
    [person] = graph.objects(one, SCHEMA.author)
    assert str(graph.value(person, SCHEMA.name)) == "Dell’Era, Alice"
    assert len(set(graph.subjects(SCHEMA.url))) == 3


def test_a_codebook_has_each_theme_once_within_the_first_that_is_broader(client, db):
    above, other = (Theme.objects.create(slug=name, name=name.title()) for name in ("assurance", "deterrence"))
    theme = Theme.objects.create(slug="sharing", name='"Sharing" & <more>', definition="It is so.", scope_note="In.")
    for broader in (above, other):
        Broader.objects.create(narrower=theme, broader=broader)
    asia = Region.objects.create(slug="asia", name="Asia")
    Region.objects.create(slug="east", name="East Asia", parent=asia)
    VocabularyState.advance()
    found, _ = text_of(taken(client, "/themes.qdc"))
    codes = {code["name"]: code for code in found["codes"]}
    assert set(codes) == {"Assurance", "Deterrence", '"Sharing" & <more>'}
    assert len(found["codes"]) == 3
    assert codes['"Sharing" & <more>']["description"] == "It is so.\n\nIn."
    assert codes['"Sharing" & <more>']["parent"] == codes["Assurance"]["guid"]
    regions, _ = text_of(taken(client, "/regions.qdc"))
    assert [(code["name"], bool(code["parent"])) for code in regions["codes"]] == [("Asia", False), ("East Asia", True)]
    assert taken(client, "/themes.qdc") == taken(client, "/themes.qdc")


def opened(data: bytes, folder: Path):
    """A project as pyrefiqda reads it: what its schema doesn't know, or misses, is refused."""
    (folder / "out.qdpx").write_bytes(data)
    return RefiProject.load(folder / "out.qdpx", folder / "out")


def test_a_project_has_a_text_for_each_source_in_which_its_positions_are_coded(client, records, tmp_path):
    article, position = records
    data = taken(client, "/export/refi-qda/")
    project = opened(data, tmp_path)
    [source] = project.sources.text_source
    assert (source.name, source.description) == ("An article", f"http://testserver/articles/{article.identifier}/")
    text = RefiProject.resolve_source_path(source.plain_text_path, tmp_path / "out").read_text("utf-8")
    coded = {one.guid: one for one in source.plain_text_selection}
    words = [text[one.start_position : one.end_position] for one in coded.values()]
    assert words == [one.name for one in coded.values()] == ["Nothing is quoted", "it “calms”", "it “calms”"]
    [code] = project.code_book.codes.code
    assert [[one.code_ref.target_guid for one in selection.coding] for selection in coded.values()] == [
        [], [code.guid], [code.guid]
    ]  # fmt: skip
    cases = {case.name: case for case in project.cases.case}
    assert [coded[one.target_guid].name for one in cases["Planning calms"].selection_ref] == ["it “calms”"] * 2
    assert [coded[one.target_guid].name for one in cases["Nothing is quoted"].selection_ref] == ["Nothing is quoted"]
    variables = {one.guid: one.name for one in project.variables.variable}
    said = {variables[one.variable_ref.target_guid]: one for one in cases["Planning calms"].variable_value}
    assert (said["stance"].text_value, said["themes"].text_value) == ("supports", "Calm")
    assert (said["version"].integer_value, said["synthetic"].boolean_value) == (1, False)
    assert said["identifier"].text_value == position.identifier
    assert "proposition" not in said
    codebook, _ = text_of(taken(client, "/themes.qdc"))
    assert [one["guid"] for one in codebook["codes"]] == [code.guid]


def test_a_project_has_its_elements_in_the_order_of_the_schema(client, records, tmp_path):
    """The reader takes them in any order, and writes them in that of the schema."""
    data = taken(client, "/export/refi-qda/")
    RefiProject.save(opened(data, tmp_path), tmp_path / "again.qdpx")

    def names(packed: bytes) -> list[str]:
        with zipfile.ZipFile(io.BytesIO(packed)) as file:
            return [element.tag for element in etree.fromstring(file.read("project.qde")).iter()]

    assert names(data) == names((tmp_path / "again.qdpx").read_bytes())


def test_a_project_of_nothing_is_one_all_the_same(client, records, tmp_path):
    project = opened(taken(client, "/export/refi-qda/?q=nothingatall"), tmp_path)
    assert (project.cases, project.sources) == (None, None)
