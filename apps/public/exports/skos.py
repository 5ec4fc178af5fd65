"""Regions and themes as SKOS (W3C, 2009): concepts whose addresses are those of their pages.

What SKOS asks of a vocabulary holds whatever stands in the tables: S9, S13, S14 and S27 of the reference,
https://www.w3.org/TR/skos-reference/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from apps.public.exports.site import Site
from apps.public.exports.tables import writable
from apps.taxonomy.vocabulary import Facet, Hierarchy, Node

if TYPE_CHECKING:
    from rdflib import Graph

LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Syntax:
    label: str
    extension: str
    content_type: str
    write: Callable[[Graph], bytes]


def graph_of(hierarchy: Hierarchy, facet: Facet, site: Site) -> Graph:
    """A concept scheme with a concept for each region or theme, in order of their names; a region's countries are its
    notations, as ISO 3166 writes them. The store is the one of rdflib that keeps the order in which it was filled."""
    from rdflib import Graph, Literal, URIRef  # takes a third of a second, and most processes never need it
    from rdflib.namespace import RDF, SKOS

    graph, scheme = Graph("SimpleMemory", bind_namespaces="none"), URIRef(f"{site.root}/{facet}s/")
    graph.bind("skos", SKOS)
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, SKOS.prefLabel, Literal(writable(f"{site.name}: {facet}s"), LANGUAGE)))
    for node in hierarchy.nodes.values():
        concept = scheme + f"{node.slug}/"
        graph.add((concept, RDF.type, SKOS.Concept))
        graph.add((concept, SKOS.inScheme, scheme))
        if not node.above:
            graph.add((concept, SKOS.topConceptOf, scheme))
            graph.add((scheme, SKOS.hasTopConcept, concept))
        for name, text in _texts(node):
            graph.add((concept, SKOS[name], Literal(writable(text), LANGUAGE)))
        for country in node.countries:
            graph.add((concept, SKOS.notation, Literal(country)))
        for name, slugs in (("broader", node.above), ("narrower", node.below), ("related", _related(node, hierarchy))):
            for slug in slugs:
                graph.add((concept, SKOS[name], scheme + f"{slug}/"))
    return graph


def _texts(node: Node) -> Iterator[tuple[str, str]]:
    yield "prefLabel", node.name
    for name in node.alternative_names:
        if writable(name) != writable(node.name):  # S13: no label is of two sorts
            yield "altLabel", name
    if node.definition:
        yield "definition", node.definition
    if node.scope_note:
        yield "scopeNote", node.scope_note


def _related(node: Node, hierarchy: Hierarchy) -> list[str]:
    """S27: what is related is neither broader nor narrower, however far away. The form looks at the next ones only."""
    one_line = hierarchy.ancestors(node.slug) | hierarchy.descendants(node.slug)
    return [slug for slug in node.related if slug in hierarchy and slug not in one_line]


def _json_ld(graph: Graph) -> bytes:
    """Without a context, so that nobody has to fetch one. rdflib gives the concepts in any order."""
    concepts = orjson.loads(graph.serialize(format="json-ld", encoding="utf-8"))
    return orjson.dumps(
        sorted(concepts, key=lambda concept: concept["@id"]),
        option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE,
    )


SYNTAXES = {
    one.extension: one
    for one in (
        Syntax("Turtle", "ttl", "text/turtle; charset=utf-8", lambda graph: graph.serialize(encoding="utf-8")),
        Syntax("RDF/XML", "rdf", "application/rdf+xml", lambda graph: graph.serialize(format="xml", encoding="utf-8")),
        Syntax("JSON-LD", "jsonld", "application/ld+json", _json_ld),
    )
}
