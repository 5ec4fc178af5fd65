"""Themes and regions as a codebook of QDA programs (REFI-QDA 1.5): NVivo, ATLAS.ti, MAXQDA, QualCoder and others.

A code lies in one other at most. A theme with several broader ones lies in the first of them.
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from apps.public.exports.site import Site
from apps.public.exports.tables import writable
from apps.taxonomy.vocabulary import Facet, Hierarchy

_NAMESPACE = "urn:QDA-XML:codebook:1.0"


def as_codebook(hierarchy: Hierarchy, facet: Facet, site: Site) -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<CodeBook xmlns="{_NAMESPACE}" origin={attribute(site.name)}>'
        f"<Codes>\n{codes(hierarchy, facet, site)}</Codes></CodeBook>\n"
    ).encode()


def codes(hierarchy: Hierarchy, facet: Facet, site: Site) -> str:
    """A code for each, with its definition and its scope note."""

    def code(slug: str) -> str:
        node = hierarchy[slug]
        said = element("Description", "\n\n".join(filter(None, (node.definition, node.scope_note))))
        within = "".join(code(one) for one in node.below if hierarchy[one].above[0] == slug)
        guid, name = guid_of_code(site, facet, slug), attribute(node.name)
        return f'<Code guid="{guid}" name={name} isCodable="true">{said}{within}</Code>\n'

    return "".join(code(node.slug) for node in hierarchy.roots)


def guid_of_code(site: Site, facet: Facet, slug: str) -> str:
    return guid(f"{site.root}/{facet}s/{slug}/")


def guid(address: str) -> str:
    """Made from an address, so that it is the same in every file."""
    return str(uuid5(NAMESPACE_URL, address))


def attribute(text: str) -> str:
    return quoteattr(writable(text))


def element(name: str, text: str) -> str:
    """An element with a text in it; nothing where there is no text."""
    return f"<{name}>{escape(writable(text))}</{name}>" if text else ""
