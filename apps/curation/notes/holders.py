"""Who holds a position, in the words that an analyst would use: “held by: some Asia experts”."""

from __future__ import annotations

from apps.curation.notes.drafts import Draft
from apps.curation.notes.nodes import Node, plain_key
from apps.curation.notes.problems import Wrong
from apps.curation.notes.things import ARTICLE
from apps.taxonomy.words import Quantifier

_AUTHORS = ("author", "authors", "the author", "the authors")
_ANYBODY = ("", "participant", "participants", "a participant", "the participants")


def spelt_out(node: Node, source: Draft | None) -> list[Node]:
    """The fields that “held by” stands for. Raises Wrong where a source of this kind can't say it that way."""
    if plain_key(node.text) in _AUTHORS:
        return _authors(node, source)
    quantifier, rest = _quantified(node.text)
    fields = [Node(node.line, quantifier, "quantifier")]
    if source and source.thing is ARTICLE:
        return [*fields, Node(node.line, rest, "reported as")]
    if plain_key(rest) not in _ANYBODY:
        raise Wrong(
            node.line,
            f"A session's holder is described by attendance: instead of “{rest}” write “descriptor expertise”, "
            "“descriptor sector”, “descriptor country” or “descriptor role”.",
        )
    return fields


def _authors(node: Node, source: Draft | None) -> list[Node]:
    authors = source.rows.get("authors", []) if source else []
    slugs = [author.values["person"].value.slug for author in authors if "person" in author.values]
    if not slugs:
        raise Wrong(
            node.line, "This file names no authors. Name them in its front matter, or say who holds the position."
        )
    people = tuple(Node(node.line, slug) for slug in slugs)
    return [Node(node.line, key="speakers", children=people), Node(node.line, "yes", "named in source")]


def _quantified(text: str) -> tuple[str, str]:
    """“some Asia experts” as its quantifier and the rest."""
    for label in Quantifier.labels:
        if plain_key(text) == plain_key(label) or plain_key(text).startswith(f"{plain_key(label)} "):
            return label, text[len(label) :].strip()
    return "", text
