"""SKOS vocabularies: what is kept, what is told to be left out, and what is refused with its concept."""

from __future__ import annotations

import pytest
from django.utils.text import slugify
from rdflib import Graph

from apps.curation.intake.result import Unreadable
from apps.taxonomy.models import Region, Theme
from tests.imports.conftest import done, told

PREFIXES = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix x: <http://example.org/terms/> .
"""
DETERRENCE = (
    PREFIXES
    + """
x:scheme a skos:ConceptScheme ; skos:prefLabel "Terms"@en .
x:deterrence a skos:Concept ; skos:prefLabel "Deterrence"@en, "Abschreckung"@de ; skos:altLabel "Dissuasion"@en ;
  skos:definition "Keeping somebody from acting."@en ; skos:scopeNote "Not compellence."@en ; skos:inScheme x:scheme ;
  skos:notation "D1" ; skos:exactMatch <http://elsewhere.org/7> ; skos:narrower x:extendedDeterrence .
x:extendedDeterrence a skos:Concept ; skos:prefLabel "Extended deterrence"@en ; skos:related x:assurance .
x:assurance a skos:Concept ; skos:prefLabel "Assurance"@en .
"""
)


def concepts(text: str) -> str:
    return PREFIXES + text


@pytest.mark.parametrize("form", ["turtle", "pretty-xml", "json-ld"])
def test_concepts_become_themes_whatever_the_syntax(imported, form):
    data = DETERRENCE if form == "turtle" else Graph().parse(data=DETERRENCE, format="turtle").serialize(format=form)
    report = imported("terms", data)
    assert told(report) == []
    assert done(report) == [
        ("made", "theme", "Assurance"),
        ("made", "theme", "Deterrence"),
        ("made", "theme", "Extended deterrence"),
    ]
    theme = Theme.objects.get(slug="deterrence")
    assert (theme.name, theme.alternative_names) == ("Deterrence", ["Abschreckung", "Dissuasion"])
    assert (theme.definition, theme.scope_note) == ("Keeping somebody from acting.", "Not compellence.")
    extended = Theme.objects.get(slug="extended-deterrence")
    assert list(extended.broader.all()) == [theme]
    assert list(extended.related.all()) == [Theme.objects.get(slug="assurance")]
    left = " ".join(map(str, report.remarks))
    assert "links to the same concept elsewhere (1)" in left
    assert "notation (1)" in left
    assert "Labels in other languages (de) become alternative labels" in left


def test_again_nothing_is_made_and_a_change_is_shown(imported):
    imported("terms.ttl", DETERRENCE)
    assert dict(imported("terms.ttl", DETERRENCE).counts) == {"skipped": 3}
    report = imported("terms.ttl", DETERRENCE.replace("Keeping somebody from acting.", "Threats that keep the peace."))
    (step,) = [step for step in report.steps if step.what == "changed"]
    assert step.place == "http://example.org/terms/deterrence"
    assert step.changes == [("definition", "Keeping somebody from acting.", "Threats that keep the peace.")]


def test_concepts_become_regions_with_their_countries(imported):
    text = concepts("""
x:asia a skos:Concept ; skos:prefLabel "Asia"@en .
x:east a skos:Concept ; skos:prefLabel "East Asia"@en ; skos:broader x:asia ; skos:notation "JP", "KR", "030" .
""")
    report = imported("regions.ttl", text, terms="regions")
    assert told(report) == []
    east = Region.objects.get(slug="east")
    assert (east.parent.name, [country.code for country in east.countries]) == ("Asia", ["JP", "KR"])
    assert "notation (1)" in str(report.remarks[0])


def test_a_term_that_is_here_under_its_name_stays_the_same(imported):
    theme = Theme.objects.create(slug="holding-back", name="Deterrence")
    report = imported("terms.ttl", DETERRENCE)
    assert dict(report.counts) == {"made": 2, "changed": 1}
    assert Theme.objects.get(name="Deterrence").pk == theme.pk


def test_a_number_is_no_slug(imported):
    imported("t.ttl", concepts('<http://eurovoc.europa.eu/1234> a skos:Concept ; skos:prefLabel "Arms control"@en .'))
    assert Theme.objects.get().slug == slugify("Arms control")


def test_labels_in_another_language(imported):
    text = concepts('x:a a skos:Concept ; skos:prefLabel "Ruhe"@de, "Calme"@fr .')
    assert told(imported("t.ttl", text)) == [
        (
            "http://example.org/terms/a: It has no preferred label in en: its labels are in de, fr. "
            "Say which of them is meant."
        )
    ]
    imported("t.ttl", text, language="fr")
    assert Theme.objects.get().name == "Calme"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            (
                'x:a a skos:Concept ; skos:prefLabel "One"@en ; skos:broader x:b . '
                'x:b a skos:Concept ; skos:prefLabel "Two"@en ; skos:broader x:c . '
                'x:c a skos:Concept ; skos:prefLabel "Three"@en ; skos:narrower x:b ; skos:broader x:a .'
            ),
            "Broader in a circle: “One” > “Two” > “Three” > “One”.",
        ),
        ('x:a a skos:Concept ; skos:prefLabel "One"@en ; skos:broader x:a .', "Broader in a circle: “One” > “One”."),
        (
            'x:a a skos:Concept ; skos:prefLabel "One"@en, "Uno"@en .',
            "It has two preferred labels in en: “One”, “Uno”.",
        ),
        ('x:a skos:prefLabel "One"@en ; skos:altLabel "One"@en .', "“One” is its preferred label and its altLabel."),
        ("x:a a skos:Concept .", "It has no preferred label in en: it has none at all."),
        (
            (
                'x:a skos:prefLabel "One"@en ; skos:broader x:b ; skos:related x:c . '
                'x:b skos:prefLabel "Two"@en ; skos:broader x:c . x:c skos:prefLabel "Three"@en .'
            ),
            "It is related to “Three”, which is broader.",
        ),
        (
            'x:a skos:prefLabel "One"@en . x:b skos:prefLabel "one"@en .',
            "http://example.org/terms/a is called “one” too",
        ),
        ('x:a skos:prefLabel "%s"@en .' % ("One" * 60), "at most 120 characters"),
    ],
)
def test_what_is_no_vocabulary_is_refused_with_the_concept(imported, text, problem):
    report = imported("terms.ttl", concepts(text))
    assert any(problem in one and one.startswith("http://example.org/terms/") for one in told(report)), told(report)
    assert not Theme.objects.exists()


def test_a_region_lies_in_one_other(imported):
    text = concepts(
        'x:a skos:prefLabel "A"@en . x:b skos:prefLabel "B"@en . x:c skos:prefLabel "C"@en ; skos:broader x:a, x:b .'
    )
    assert "It lies in “A”, “B”." in told(imported("r.ttl", text, terms="regions"))[0]
    assert not Region.objects.exists()


def test_a_circle_through_what_is_here_is_refused(imported):
    imported("t.ttl", concepts('x:aaa skos:prefLabel "A"@en ; skos:broader x:bbb . x:bbb skos:prefLabel "B"@en .'))
    report = imported("t.ttl", concepts('x:bbb skos:prefLabel "B"@en ; skos:broader x:aaa .'))
    assert "would be broader than itself" in told(report)[0]
    assert not Theme.objects.get(slug="bbb").broader.exists()


BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#">
<skos:Concept rdf:about="http://example.org/a"><skos:prefLabel>&c;</skos:prefLabel></skos:Concept></rdf:RDF>"""
SECRETS = BOMB.replace('<!ENTITY a "lol">', '<!ENTITY a SYSTEM "file:///etc/passwd">')


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("t.ttl", DETERRENCE[:-40], "ends in the middle of a statement. Is the file whole"),
        ("t.ttl", DETERRENCE.replace("x:assurance a", "x:assurance !! a"), "line 9: .* Is the file whole"),
        ("t.ttl", "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .", "no SKOS concept in it"),
        ("t.ttl", b"\xff\xfe" + "Not RDF at all".encode("utf-16-le"), "can't be read|broken"),
        ("t.ttl", DETERRENCE.encode() + b"# \xe9", "is not UTF-8"),
        ("t.rdf", BOMB, "Line 2 declares a document type"),
        ("t.rdf", BOMB.encode("utf-16"), "Line 2 declares a document type"),
        ("t.rdf", SECRETS, "Line 2 declares a document type"),
        ("t.rdf", BOMB.split("]>\n")[1][:200], "From line [0-9]+ on it is broken"),
        ("t.rdf", "<rdf:RDF>" + "<a>" * 5_000, "more than 200 elements within one another"),
        ("t.jsonld", '{"@context": "https://evil.example/context.jsonld", "@id": "x"}', "https://evil.example/context"),
        ("t.jsonld", '{"@graph": [{"@context": {"@import": "https://evil.example/c"}}]}', "https://evil.example/c"),
        ("t.jsonld", '{"@context": {"a": {"@id": "x:a", "@context": "file:///etc/passwd"}}}', "file:///etc/passwd"),
        ("t.jsonld", '{"@id": "http://example.org/a", ', "breaks off at line 1"),
        ("t.jsonld", "[" * 100_000, "breaks off|deep"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(imported, name, data, words):
    with pytest.raises(Unreadable, match=words):
        imported(name, data, format="skos")
    assert not Theme.objects.exists()


def test_what_is_kept_and_what_is_not(imported):
    """Round trip: a vocabulary of ours, written with rdflib, comes back the same; the rest is told to be left out."""
    imported("terms.ttl", DETERRENCE)
    graph = Graph()
    from rdflib import Literal, Namespace, URIRef
    from rdflib.namespace import RDF, SKOS

    here = Namespace("https://kb.example.org/themes/")
    for theme in Theme.objects.all():
        uri = URIRef(f"{here}{theme.slug}/")
        graph.add((uri, RDF.type, SKOS.Concept))
        graph.add((uri, SKOS.prefLabel, Literal(theme.name, "en")))
        for name in theme.alternative_names:
            graph.add((uri, SKOS.altLabel, Literal(name, "en")))
        for other in theme.broader.all():
            graph.add((uri, SKOS.broader, URIRef(f"{here}{other.slug}/")))
        for other in theme.related.all():
            graph.add((uri, SKOS.related, URIRef(f"{here}{other.slug}/")))
        if theme.definition:
            graph.add((uri, SKOS.definition, Literal(theme.definition, "en")))
            graph.add((uri, SKOS.scopeNote, Literal(theme.scope_note, "en")))
    report = imported("ours.ttl", graph.serialize(format="turtle"))
    assert dict(report.counts) == {"skipped": 3}
    assert report.remarks == []
    before = list(Theme.objects.order_by("slug").values("slug", "name", "alternative_names", "definition"))
    Theme.objects.all().delete()
    imported("ours.ttl", graph.serialize(format="turtle"))
    assert list(Theme.objects.order_by("slug").values("slug", "name", "alternative_names", "definition")) == before
