"""Networks and tables of figures as files that other programs read, each with how it was computed inside.

For programs that know networks alone, a table ties what its rows are of to what its columns are of. The weight of such
a tie is the number of statements or positions that its figure is of, which is never 0 or below; DL, which has one
figure for each tie, has the figure itself, and says nothing where there is none.

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
from typing import Any, NamedTuple
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
    write: Callable[[Any, Sequence[Line]], bytes]


class End(NamedTuple):
    """What a figure is of: a region, a proposition, a year."""

    kind: str
    key: str  # by which it is told from others of its kind
    label: str


class Cell(NamedTuple):
    """A figure of a table."""

    row: End
    column: End
    weight: int  # statements or positions, from 1
    figure: float
    said: dict[str, Any]  # whatever else is known of it, and the figure by its name


@dataclass(frozen=True, slots=True)
class Table:
    """A result that is no network."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    cells: Sequence[Cell]

    def graph(self) -> nx.Graph[str]:
        """Nodes with ``label`` and ``kind``; ties with ``weight`` and all that is said of them."""
        graph: nx.Graph[str] = nx.Graph()
        for cell in self.cells:
            ends = [f"{end.kind} {end.key}" for end in (cell.row, cell.column)]
            for node, end in zip(ends, (cell.row, cell.column), strict=True):
                graph.add_node(node, label=writable(end.label), kind=end.kind)
            said = {name.casefold(): value for name, value in cell.said.items() if value is not None}
            graph.add_edge(*ends, weight=cell.weight, **said)
        return graph


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


def _graph(found: Network | Table) -> nx.Graph[str]:
    return found.graph() if isinstance(found, Table) else as_graph(found)


def as_graphml(found: Network | Table, lines: Sequence[Line]) -> bytes:
    writer: Any = GraphMLWriter(encoding="utf-8", prettyprint=True)
    writer.add_graph_element(_graph(found))
    said = ElementTree.Element("desc")
    said.text = writable(in_lines(lines))
    writer.xml.insert(0, said)
    buffer = io.BytesIO()
    writer.dump(buffer)
    return buffer.getvalue()


def as_gexf(found: Network | Table, lines: Sequence[Line]) -> bytes:
    writer: Any = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    writer.add_graph(_graph(found))
    for meta in writer.xml.iter("meta"):
        for old in list(meta):
            meta.remove(old)
        ElementTree.SubElement(meta, "description").text = writable(in_lines(lines))
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def as_dl(found: Network | Table, lines: Sequence[Line]) -> bytes:
    written = _dl_of_table(found) if isinstance(found, Table) else _dl_of_network(found)
    return _folder({"network.dl": "\n".join([*written, ""]), "how-this-was-computed.txt": in_lines(lines) + "\n"})


def _dl_of_network(found: Network) -> list[str]:
    rows, columns = found.weights.shape
    labels = _labels(found.names.get(key, key) for key in found.weights.index)
    if found.is_two_mode:
        head = [f"dl nr={rows} nc={columns}", "format = fullmatrix", "row labels:", *labels]
        head += ["column labels:", *_labels(found.names.get(key, key) for key in found.weights.columns)]
    else:
        head = [f"dl n={rows}", "format = fullmatrix", "labels:", *labels]
    body = [" ".join(f"{weight:.15g}" for weight in row) for row in found.weights.to_numpy().tolist()]
    return [*head, "data:", *body]


def _dl_of_table(found: Table) -> list[str]:
    """Row, column and figure, where there is one: a matrix would have 0 for what isn't known."""
    rows, columns = (
        list(dict.fromkeys(ends)) for ends in ([c.row for c in found.cells], [c.column for c in found.cells])
    )
    head = [f"dl nr={len(rows)} nc={len(columns)}", "format = edgelist2"]
    head += ["row labels:", *_labels(end.label for end in rows)]
    head += ["column labels:", *_labels(end.label for end in columns)]
    places = [{end: i for i, end in enumerate(ends, start=1)} for ends in (rows, columns)]
    body = [f"{places[0][c.row]} {places[1][c.column]} {c.figure:.15g}" for c in found.cells]
    return [*head, "data:", *body]


def as_matrix(found: Network, lines: Sequence[Line]) -> bytes:
    names = [found.names.get(key, key) for key in found.weights.columns]
    rows = zip(found.weights.index, found.weights.to_numpy().tolist(), strict=True)
    return as_csv(lines, ["", *names], ([found.names.get(key, key), *weights] for key, weights in rows))


def as_edges(found: Network, lines: Sequence[Line]) -> bytes:
    def rows() -> Iterable[list[Any]]:
        for source, target, weight in found.strongest(found.weights.size):
            yield [found.names.get(source, source), found.names.get(target, target), "Undirected", weight]

    return as_csv(lines, ["Source", "Target", "Type", "Weight"], rows())


def as_table(found: Table, lines: Sequence[Line]) -> bytes:
    return as_csv(lines, found.heads, found.rows)


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


def _labels(names: Iterable[str]) -> list[str]:
    """Names in quotes, on a line each, no two alike."""
    labels: list[str] = []
    for full in names:
        name = " ".join(full.replace('"', "'").split())[:_LONGEST_LABEL]
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
# Those of a table.
TABLE_FILES = {
    **{extension: FILES[extension] for extension in ("graphml", "gexf", "dl.zip")},
    "csv": File("CSV", "csv", "text/csv; charset=utf-8", as_table),
}
