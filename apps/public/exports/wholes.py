"""What is taken along whole, whatever was searched for: the catalogue, the vocabulary, the cross-references."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from apps.public.catalogue.state import State
from apps.public.exports.database import as_sqlite
from apps.public.exports.network import NETWORKS, Network, edges
from apps.public.exports.site import Site


@dataclass(frozen=True, slots=True)
class Whole:
    name: str  # as it stands in the address, and as the file is called
    label: str
    content_type: str
    write: Callable[[State, Site], Iterator[bytes]]
    keep: bool = False  # whether it is made once for each state of the catalogue


def _network(one: Network) -> Whole:
    name = f"cross-references.{one.extension}"
    return Whole(name, one.label, one.content_type, lambda _, site: one.write(edges(), site))


WHOLES = {
    one.name: one
    for one in (
        Whole("catalogue.sqlite", "SQLite", "application/vnd.sqlite3", as_sqlite, keep=True),
        *map(_network, NETWORKS.values()),
    )
}
