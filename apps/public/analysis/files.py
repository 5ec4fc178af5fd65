"""Networks as files that other programs read, each with how it was computed inside.

GraphML and GEXF are written by networkx, with no program's own additions; what GraphML says of the whole graph stands
in its ``desc``, since Gephi takes every attribute of a graph for an error. UCINET's DL has no place for a remark, so
that it comes in a folder with one. Of the CSV files the first lines, from ``#``, say how it was computed: R's
``read.csv`` with ``comment.char = "#"`` and pandas' ``read_csv`` with ``comment="#"`` pass over them.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter
from networkx.readwrite.graphml import GraphMLWriter

from apps.public.analysis.account import Line, in_lines
from apps.public.analysis.drawing import MOST_NODES, drawing
from apps.public.analysis.results import Network
from apps.public.exports.tables import harmless, writable

_LONGEST_LABEL = 60  # characters in DL, which has to be told how its labels differ


@dataclass(frozen=True, slots=True)
class File:
    label: str
    extension: str
    content_type: str
    write: Callable[[Network, Sequence[Line]], bytes]


def as_graph(found: Network) -> nx.Graph[str]:
    """Nodes with ``label``, ``kind``, ``statements`` and, in a network that can be drawn whole, ``community``; ties
    with ``weight``."""
    graph: nx.Graph[str] = nx.Graph()
    rows = "proposition" if found.how.of == "proposition" else found.asked.actors
    sides = [(found.weights.index, rows)]
    if found.is_two_mode:
        sides.append((found.weights.columns, "proposition"))
    total = sum(len(keys) for keys, _ in sides)
    community = {node.key: node.community for node in drawing(found).nodes} if total <= MOST_NODES else {}
    for keys, kind in sides:
        for key in keys:
            said: dict[str, Any] = {
                "label": writable(found.names.get(key, key)),
                "kind": kind,
                "statements": found.statements.get(key, 0),
            }
            if community:
                said["community"] = community.get(key, 0)
            graph.add_node(writable(key), **said)
    for source, target, weight in sorted(found.strongest(found.weights.size)):
        graph.add_edge(writable(source), writable(target), weight=weight)
    return graph


def as_graphml(found: Network, lines: Sequence[Line]) -> bytes:
    writer: Any = GraphMLWriter(encoding="utf-8", prettyprint=True)
    writer.add_graph_element(as_graph(found))
    said = ElementTree.Element("desc")
    said.text = writable(in_lines(lines))
    writer.xml.insert(0, said)
    buffer = io.BytesIO()
    writer.dump(buffer)
    return buffer.getvalue()


def as_gexf(found: Network, lines: Sequence[Line]) -> bytes:
    writer: Any = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    writer.add_graph(as_graph(found))
    for meta in writer.xml.iter("meta"):
        for old in list(meta):
            meta.remove(old)
        ElementTree.SubElement(meta, "description").text = writable(in_lines(lines))
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def as_dl(found: Network, lines: Sequence[Line]) -> bytes:
    rows, columns = found.weights.shape
    labels = _labels(found.weights.index, found)
    if found.is_two_mode:
        head = [f"dl nr={rows} nc={columns}", "format = fullmatrix", "row labels:", *labels]
        head += ["column labels:", *_labels(found.weights.columns, found)]
    else:
        head = [f"dl n={rows}", "format = fullmatrix", "labels:", *labels]
    body = [" ".join(f"{weight:.15g}" for weight in row) for row in found.weights.to_numpy().tolist()]
    matrix = "\n".join([*head, "data:", *body, ""])
    return _folder({"network.dl": matrix, "how-this-was-computed.txt": in_lines(lines) + "\n"})


def as_matrix(found: Network, lines: Sequence[Line]) -> bytes:
    names = [found.names.get(key, key) for key in found.weights.columns]
    rows = zip(found.weights.index, found.weights.to_numpy().tolist(), strict=True)
    return as_csv(lines, ["", *names], ([found.names.get(key, key), *weights] for key, weights in rows))


def as_edges(found: Network, lines: Sequence[Line]) -> bytes:
    def rows() -> Iterable[list[Any]]:
        for source, target, weight in found.strongest(found.weights.size):
            yield [found.names.get(source, source), found.names.get(target, target), "Undirected", weight]

    return as_csv(lines, ["Source", "Target", "Type", "Weight"], rows())


def as_csv(lines: Sequence[Line], heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table beneath how it was computed; what isn't known is left empty."""
    buffer = io.StringIO()
    for line in lines:
        buffer.write(f"# {line.label}: {' '.join(line.value.split())}\r\n")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC)  # or a “#” in a name would begin a remark
    for row in (heads, *rows):
        writer.writerow([_cell(cell) for cell in row])
    return buffer.getvalue().encode()


def _cell(value: Any) -> str | float | None:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, str):
        return str(harmless(writable(value)))
    figure = float(f"{value:.15g}")
    return int(figure) if figure.is_integer() else figure


def _labels(keys: Iterable[Any], found: Network) -> list[str]:
    """Names in quotes, on a line each, no two alike."""
    labels: list[str] = []
    for key in keys:
        name = " ".join(found.names.get(key, key).replace('"', "'").split())[:_LONGEST_LABEL]
        same = sum(label.startswith(f'"{name}') for label in labels) if f'"{name}"' in labels else 0
        labels.append(f'"{name} ({same + 1})"' if same else f'"{name}"')
    return labels


def _folder(files: dict[str, str]) -> bytes:
    """Files in a ZIP, the same bytes for the same content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in files.items():
            folder.writestr(zipfile.ZipInfo(name, dt.datetime(1980, 1, 1).timetuple()[:6]), content)
    return buffer.getvalue()


FILES = {
    one.extension: one
    for one in (
        File("GraphML", "graphml", "application/graphml+xml", as_graphml),
        File("GEXF", "gexf", "application/gexf+xml", as_gexf),
        File("UCINET DL", "dl.zip", "application/zip", as_dl),
        File("CSV, a matrix", "matrix.csv", "text/csv; charset=utf-8", as_matrix),
        File("CSV, a list of ties", "ties.csv", "text/csv; charset=utf-8", as_edges),
    )
}
