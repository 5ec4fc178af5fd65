"""RDF with SKOS concepts, as Turtle, RDF/XML or JSON-LD: to be read in a process of its own."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from apps.curation.imports import markup
from apps.curation.intake.result import Unreadable

SKOS = "http://www.w3.org/2004/02/skos/core#"
MOST = 20_000  # concepts
_BASE = "http://import.invalid/"  # of addresses that a file gives in part only
_LITERALS = ("prefLabel", "altLabel", "hiddenLabel", "definition", "scopeNote", "notation")
_LINKS = ("broader", "narrower", "related")
_OF_THE_SCHEME = ("inScheme", "topConceptOf")


def text_of(data: bytes) -> tuple[dict[str, Any], list[str]]:
    """Concepts by their addresses: texts with their languages, and addresses that they are linked to; and how often a
    property was met that is none of these. Raises Unreadable."""
    from rdflib import Graph, Literal, URIRef
    from rdflib.namespace import RDF

    graph = Graph()
    form = _form_of(data)
    _guard(data, form)
    try:
        graph.parse(data=data.decode("utf-8-sig") if form != "xml" else data, format=form, publicID=_BASE)
    except UnicodeDecodeError as error:
        raise Unreadable(f"Byte {error.start + 1:,} is not UTF-8. Save the file as UTF-8.") from None
    except Exception as error:  # each parser has its own
        raise Unreadable(f"It can't be read as {_CALLED[form]}: {_reason(error)} Is the file whole?") from None
    subjects = {one for one in graph.subjects(RDF.type, URIRef(f"{SKOS}Concept")) if isinstance(one, URIRef)}
    subjects |= {one for one in graph.subjects(URIRef(f"{SKOS}prefLabel")) if isinstance(one, URIRef)}
    subjects -= set(graph.subjects(RDF.type, URIRef(f"{SKOS}ConceptScheme")))
    collections = {
        one for name in ("Collection", "OrderedCollection") for one in graph.subjects(RDF.type, URIRef(SKOS + name))
    }
    subjects -= collections
    nameless = sum(not isinstance(one, URIRef) for one in graph.subjects(RDF.type, URIRef(f"{SKOS}Concept")))
    if len(subjects) > MOST:
        raise Unreadable(f"It has {len(subjects):,} concepts; {MOST:,} at most can be imported at once.")
    left = Counter({"Collection": len(collections), "concepts without an address": nameless})
    concepts = {}
    for subject in sorted(subjects):
        concept: dict[str, list[Any]] = {name: [] for name in (*_LITERALS, *_LINKS)}
        for predicate, value in graph.predicate_objects(subject):
            name = str(predicate).removeprefix(SKOS)
            if name in _LITERALS and isinstance(value, Literal):
                concept[name].append([str(value), (value.language or "").lower()])
            elif name in _LINKS and isinstance(value, URIRef):
                concept[name].append(str(value))
            elif predicate != RDF.type and name not in _OF_THE_SCHEME:
                left[re.split(r"[/#]", str(predicate))[-1]] += 1
        concepts[str(subject)] = {name: sorted(values) for name, values in concept.items()}
    return {"concepts": concepts, "left": dict(+left)}, []


_CALLED = {"xml": "RDF/XML", "json-ld": "JSON-LD", "turtle": "Turtle"}


def _form_of(data: bytes) -> str:
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:4_000]
    if start.startswith((b"{", b"[")):
        return "json-ld"
    return "xml" if start.startswith((b"<?xml", b"<rdf:RDF", b"<!DOCTYPE", b"\xff\xfe", b"\xfe\xff")) else "turtle"


def _guard(data: bytes, form: str) -> None:
    """Refuse what would have a parser read something else than the file."""
    if form == "xml":
        markup.check(data)
    if form == "json-ld":
        import orjson

        try:
            found = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as error:
            raise Unreadable(
                f"It breaks off at line {error.lineno}, column {error.colno}. Is the file whole?"
            ) from None
        refuse_remote_contexts(found)


def refuse_remote_contexts(document: Any) -> None:
    """Raise Unreadable for JSON-LD whose words are explained at an address: nothing is fetched from here."""
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            contexts = one.get("@context", [])
            for context in contexts if isinstance(contexts, list) else [contexts]:
                imported = context.get("@import") if isinstance(context, dict) else context
                if isinstance(imported, str):
                    raise Unreadable(
                        f"Its context stands elsewhere, at {imported[:120]}, and nothing is fetched from here. Export "
                        "it as Turtle, or with the context in the file."
                    )
            waiting += one.values()


def _reason(error: Exception) -> str:
    line = getattr(error, "lines", None)
    if isinstance(line, int):  # Turtle's own; it counts from 0
        return f"line {line + 1}: {getattr(error, '_why', 'bad syntax')}."
    if isinstance(error, IndexError):
        return "it ends in the middle of a statement."
    return f"{' '.join(str(error).split())[:200]}."
