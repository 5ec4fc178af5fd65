"""Cross-references as a network of records: GraphML and a list of edges as CSV, written link by link; and GEXF."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from apps.public.catalogue.models import Link
from apps.public.exports.site import Site
from apps.public.exports.tables import harmless, taken, writable
from apps.taxonomy.words import Relation

_AT_ONCE = 2_000  # links that are in memory at a time
_CHUNK = 1 << 16


class End(NamedTuple):
    """A record that a cross-reference joins."""

    identifier: str
    kind: str
    title: str


class Edge(NamedTuple):
    source: End
    target: End
    relation: str  # a value of Relation
    note: str


@dataclass(frozen=True, slots=True)
class Network:
    label: str
    extension: str
    content_type: str
    write: Callable[[Iterable[Edge], Site], Iterator[bytes]]


def edges() -> Iterator[Edge]:
    """Every cross-reference between live records, by primary key; what holds records together (a position and
    its source) is none."""
    ends = [f"{end}__{name}" for end in ("source", "target") for name in End._fields]
    links = Link.objects.filter(tie__in=Relation.values).order_by("pk").values_list("pk", *ends, "tie", "note")
    last = 0
    while batch := list(links.filter(pk__gt=last)[:_AT_ONCE]):
        for _, *row in batch:
            yield Edge(End(*row[:3]), End(*row[3:6]), *row[6:])
        last = batch[-1][0]


def as_graphml(found: Iterable[Edge], site: Site) -> Iterator[bytes]:
    """http://graphml.graphdrawing.org/specification.html, with no program's own additions. A record is written before
    the first edge that it is an end of, so that no edge leads to what isn't there."""
    columns = [("node", name) for name in ("label", "kind", "url")] + [("edge", name) for name in ("relation", "note")]
    keys = "".join(
        f'  <key id="{name}" for="{what}" attr.name="{name}" attr.type="string"/>\n' for what, name in columns
    )
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
        f'{keys}  <graph id="cross-references" edgedefault="directed">\n'
    ).encode()
    yield from _chunks(_elements(found, site))
    yield b"  </graph>\n</graphml>\n"


def _elements(found: Iterable[Edge], site: Site) -> Iterator[str]:
    written: set[str] = set()
    for edge in found:
        for end in (edge.source, edge.target):
            if end.identifier not in written:
                written.add(end.identifier)
                data = _data(label=end.title, kind=end.kind, url=_url(end, site))
                yield f'    <node id="{end.identifier}">{data}</node>\n'
        ends = f"source={quoteattr(edge.source.identifier)} target={quoteattr(edge.target.identifier)}"
        data = _data(relation=Relation(edge.relation).label, note=edge.note)
        yield f"    <edge {ends}>{data}</edge>\n"


def as_gexf(found: Iterable[Edge], site: Site) -> Iterator[bytes]:
    """GEXF 1.2 (https://gexf.net), with the same columns. All nodes stand before all edges, so it is held in memory."""
    edges = list(found)
    ends = {end.identifier: end for edge in edges for end in (edge.source, edge.target)}
    declared = (("node", ("kind", "url")), ("edge", ("relation", "note")))
    attributes = "".join(
        f'<attributes class="{what}">'
        + "".join(f'<attribute id="{name}" title="{name}" type="string"/>' for name in names)
        + "</attributes>\n"
        for what, names in declared
    )
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
        f'<graph mode="static" defaultedgetype="directed">\n{attributes}<nodes>\n'
    ).encode()
    yield from _chunks(
        f'<node id="{end.identifier}" label={quoteattr(writable(end.title))}>'
        f"{_values(kind=end.kind, url=_url(end, site))}</node>\n"
        for end in ends.values()
    )
    yield b"</nodes>\n<edges>\n"
    yield from _chunks(
        f'<edge id="{number}" source="{edge.source.identifier}" target="{edge.target.identifier}">'
        f"{_values(relation=Relation(edge.relation).label, note=edge.note)}</edge>\n"
        for number, edge in enumerate(edges)
    )
    yield b"</edges>\n</graph>\n</gexf>\n"


def _values(**values: str) -> str:
    said = {name: quoteattr(writable(value)) for name, value in values.items() if value}
    inner = "".join(f'<attvalue for="{name}" value={value}/>' for name, value in said.items())
    return f"<attvalues>{inner}</attvalues>"


def _data(**values: str) -> str:
    said = {name: escape(writable(value)) for name, value in values.items() if value}
    return "".join(f'<data key="{name}">{value}</data>' for name, value in said.items())


def _chunks(texts: Iterable[str]) -> Iterator[bytes]:
    buffer = io.StringIO()
    for text in texts:
        buffer.write(text)
        if buffer.tell() > _CHUNK:
            yield taken(buffer)
    yield taken(buffer)


COLUMNS = (
    *("Source", "Target", "Type", "Relation", "Note"),
    *("Source kind", "Source title", "Source url", "Target kind", "Target title", "Target url"),
)


def as_csv(found: Iterable[Edge], site: Site) -> Iterator[bytes]:
    """An edge a line, its first columns called as Gephi wants them; without a mark for Excel, which Gephi and networkx
    would take for a part of the first heading."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for edge in found:
        source, target, relation, note = edge
        row = [source.identifier, target.identifier, "Directed", Relation(relation).label, note]
        for end in (source, target):
            row += [end.kind, end.title, _url(end, site)]
        writer.writerow([harmless(cell) for cell in row])
        if buffer.tell() > _CHUNK:
            yield taken(buffer)
    yield taken(buffer)


def _url(end: End, site: Site) -> str:
    return f"{site.root}/{end.kind}s/{end.identifier}/"


NETWORKS = {
    one.extension: one
    for one in (
        Network("GraphML", "graphml", "application/graphml+xml", as_graphml),
        Network("GEXF", "gexf", "application/gexf+xml", as_gexf),
        Network("CSV", "csv", "text/csv; charset=utf-8", as_csv),
    )
}
