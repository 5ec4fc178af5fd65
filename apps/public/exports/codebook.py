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
    """Codes with the definition and the scope note of each. A code's guid is made from the address of its page, so
    that it is the same in every file."""

    def code(slug: str) -> str:
        node = hierarchy[slug]
        guid = uuid5(NAMESPACE_URL, f"{site.root}/{facet}s/{slug}/")
        said = "\n\n".join(filter(None, (node.definition, node.scope_note)))
        description = f"<Description>{escape(writable(said))}</Description>" if said else ""
        within = "".join(code(one) for one in node.below if hierarchy[one].above[0] == slug)
        name = quoteattr(writable(node.name))
        return f'<Code guid="{guid}" name={name} isCodable="true">{description}{within}</Code>\n'

    codes = "".join(code(node.slug) for node in hierarchy.roots)
    origin = quoteattr(writable(site.name))
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<CodeBook xmlns="{_NAMESPACE}" origin={origin}>'
        f"<Codes>\n{codes}</Codes></CodeBook>\n"
    ).encode()
