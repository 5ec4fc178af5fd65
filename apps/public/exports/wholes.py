"""What is taken along whole, whatever was searched for: the catalogue, the vocabulary, the cross-references."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from apps.public.catalogue.state import State
from apps.public.exports import skos
from apps.public.exports.codebook import as_codebook
from apps.public.exports.data_package import as_data_package
from apps.public.exports.database import as_sqlite
from apps.public.exports.network import NETWORKS, Network, edges
from apps.public.exports.site import Site
from apps.taxonomy.vocabulary import Facet, vocabulary


@dataclass(frozen=True, slots=True)
class Whole:
    name: str  # as it stands in the address, and as the file is called
    label: str
    content_type: str
    write: Callable[[State, Site], Iterator[bytes]]
    keep: bool = False  # whether it is made once for each state of the catalogue
    inline: bool = False  # whether programs read it at its address, rather than people save it


def _network(one: Network) -> Whole:
    name = f"cross-references.{one.extension}"
    return Whole(name, one.label, one.content_type, lambda _, site: one.write(edges(), site))


def _concepts(facet: Facet, one: skos.Syntax) -> Whole:
    def write(state: State, site: Site) -> Iterator[bytes]:
        yield one.write(skos.graph_of(vocabulary(state.vocabulary).hierarchy(facet), facet, site))

    return Whole(f"{facet}s.{one.extension}", one.label, one.content_type, write, inline=True)


def _codebook(facet: Facet) -> Whole:
    def write(state: State, site: Site) -> Iterator[bytes]:
        yield as_codebook(vocabulary(state.vocabulary).hierarchy(facet), facet, site)

    return Whole(f"{facet}s.qdc", "REFI-QDA", "application/xml", write)


_FACETS: tuple[Facet, ...] = ("region", "theme")

WHOLES = {
    one.name: one
    for one in (
        Whole("catalogue.sqlite", "SQLite", "application/vnd.sqlite3", as_sqlite, keep=True),
        Whole("datapackage.zip", "Data package", "application/zip", as_data_package, keep=True),
        *map(_network, NETWORKS.values()),
        *(_concepts(facet, syntax) for facet in _FACETS for syntax in skos.SYNTAXES.values()),
        *map(_codebook, _FACETS),
    )
}
