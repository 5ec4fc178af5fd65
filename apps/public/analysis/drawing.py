"""A network as a picture has room for it: its strongest ties, who belongs together, and where each node stands.

The same data give the same picture: nodes are numbered by name before anything is reckoned, and nothing is left to
chance. Communities are those of Louvain's method (Blondel, Guillaume, Lambiotte and Lefebvre 2008, "Fast unfolding of
communities in large networks", https://doi.org/10.1088/1742-5468/2008/10/P10008) over the ties that are drawn, those
below zero left out; places are those of Fruchterman and Reingold (1991, "Graph drawing by force-directed placement",
https://doi.org/10.1002/spe.4380211102), from a start in which communities stand in a circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import numpy.typing as npt

from apps.public.analysis.results import Network

MOST_NODES = 300
_TIES_PER_NODE = 3  # of a large network: more can't be told apart
_FEWEST_TIES = 200  # that there is room for in any
_STEPS = 50  # of moving nodes about
_SEED = 1
_WIDTH_TO_HEIGHT = 1.6
_APART = 0.8  # between parts that aren't tied to one another, in the room that a node takes up

Places = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Node:
    key: str
    is_proposition: bool
    statements: int
    community: int  # from 1, the largest first; 0 for who is tied to none
    x: float  # in rooms that a node takes up, from the left
    y: float  # from the top


@dataclass(frozen=True, slots=True)
class Tie:
    source: int  # the place of a node in the list
    target: int
    weight: float


@dataclass(frozen=True, slots=True)
class Drawing:
    nodes: list[Node]
    ties: list[Tie]  # the weakest first, so that the strongest are drawn over them
    width: float
    height: float
    communities: int
    modularity: float  # of the communities, from -1/2 to 1
    left_out: int  # nodes that there is no room for
    ties_left_out: int


def drawing(network: Network) -> Drawing:
    """Lay a network out. Its MOST_NODES nodes with the most statements are drawn, and of their ties the strongest, so
    that every node that is tied has its own strongest one."""
    rows, columns = list(network.weights.index), list(network.weights.columns) if network.is_two_mode else []
    keys = [*((key, network.how.of == "proposition") for key in rows), *((key, True) for key in columns)]
    shown = _shown([network.statements.get(key, 0) for key, _ in keys], len(rows))
    cells = network.weights.to_numpy()
    if network.is_two_mode:
        whole = np.zeros((len(keys), len(keys)))
        whole[: len(rows), len(rows) :] = cells
        cells = whole + whole.T
    cells = cells[np.ix_(shown, shown)]
    pairs = _strongest(cells)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(shown)))
    graph.add_weighted_edges_from((a, b, abs(float(cells[a, b]))) for a, b in pairs)
    friendly = graph.edge_subgraph([(a, b) for a, b in pairs if cells[a, b] > 0])
    groups = _communities(friendly)
    places = _places(graph, groups)
    community = {node: number for number, group in enumerate(groups, start=1) for node in group}
    width, height = (float(one) for one in places.max(axis=0) + 0.5) if len(shown) else (1.0, 1.0)
    return Drawing(
        nodes=[
            Node(*keys[key], network.statements.get(keys[key][0], 0), community.get(i, 0), *places[i].tolist())
            for i, key in enumerate(shown)
        ],
        ties=[Tie(a, b, float(cells[a, b])) for a, b in sorted(pairs, key=lambda pair: abs(cells[pair]))],
        width=width,
        height=height,
        communities=len(groups),
        modularity=nx.community.modularity(friendly, [set(group) for group in groups]) if groups else 0.0,
        left_out=len(keys) - len(shown),
        ties_left_out=int(np.count_nonzero(np.triu(cells, 1))) - len(pairs),
    )


def _shown(statements: list[int], rows: int) -> list[int]:
    """Those with the most statements; of rows and of columns half each, and more of one where there are fewer of the
    other."""
    order = sorted(range(len(statements)), key=lambda i: (-statements[i], i))
    above, beside = [i for i in order if i < rows], [i for i in order if i >= rows]
    half = MOST_NODES // 2
    room = max(half, MOST_NODES - len(beside))
    return sorted([*above[:room], *beside[: MOST_NODES - min(room, len(above))]])


def _strongest(cells: Places) -> list[tuple[int, int]]:
    """Each node's strongest tie, and then the strongest of all, as many as can be told apart."""
    strength = np.abs(np.triu(cells, 1))
    rows, columns = np.nonzero(strength)
    order = np.argsort(-strength[rows, columns], kind="stable")
    own = np.abs(cells)
    best = (
        {(min(i, j), max(i, j)) for i, j in enumerate(own.argmax(axis=1).tolist()) if own[i, j]} if len(own) else set()
    )
    room = max(_FEWEST_TIES, _TIES_PER_NODE * len(cells))
    taken = [(int(rows[place]), int(columns[place])) for place in order[:room]]
    return sorted(best | set(taken))


def _communities(graph: nx.Graph[int]) -> list[list[int]]:
    """Who belongs together: the largest group first, of those of one size the one whose first member comes first."""
    if not graph.number_of_edges():
        return []
    ordered: nx.Graph[int] = nx.Graph()
    ordered.add_nodes_from(sorted(graph))
    ordered.add_weighted_edges_from(sorted(graph.edges(data="weight")))
    found = nx.community.louvain_communities(ordered, seed=_SEED)
    return sorted((sorted(group) for group in found), key=lambda group: (-len(group), group[0]))


def _places(graph: nx.Graph[int], groups: Sequence[Sequence[int]]) -> Places:
    """Where each node stands. Parts that aren't tied to one another are laid out by themselves and stand side by side
    in rows, the largest first: pushed apart as one they would leave no room for anything but the void between them."""
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda part: (-len(part), part[0]))
    places = np.zeros((len(graph), 2))
    start = _start(groups)
    boxes = [_box(graph, part, start) for part in parts]
    total = sum(float(np.prod(size + _APART)) for _, size in boxes)
    across = max([np.sqrt(total * _WIDTH_TO_HEIGHT), *(size[0] for _, size in boxes)], default=1.0)
    x = y = tallest = 0.0
    for part, (inside, size) in zip(parts, boxes, strict=True):
        if x and x + size[0] > across:
            x, y, tallest = 0.0, y + tallest + _APART, 0.0
        places[part] = inside + [x, y] + 0.5
        x, tallest = x + size[0] + _APART, max(tallest, float(size[1]))
    return places


def _start(groups: Sequence[Sequence[int]]) -> dict[int, Places]:
    """Communities in a circle, the members of each in a smaller one."""

    def around(i: int, count: int) -> Places:
        return np.array([np.cos(2 * np.pi * i / count), np.sin(2 * np.pi * i / count)])

    return {
        node: around(number, len(groups)) + 0.3 * around(i, len(group))
        for number, group in enumerate(groups)
        for i, node in enumerate(group)
    }


def _box(graph: nx.Graph[int], part: list[int], start: dict[int, Places]) -> tuple[Places, Places]:
    """Where the nodes of a part stand within it, from its left upper corner, and how large it is."""
    count = len(part)
    if count == 1:
        return np.zeros((1, 2)), np.zeros(2)
    inner: nx.Graph[int] = nx.Graph()
    inner.add_nodes_from(part)
    inner.add_edges_from(sorted(graph.subgraph(part).edges))
    at = {node: start.get(node, np.array([np.cos(node), np.sin(node)])) for node in part}
    found = nx.spring_layout(inner, pos=at, iterations=_STEPS, seed=_SEED, method="force")
    laid = np.array([found[node] for node in part])
    laid -= laid.min(axis=0)
    span = laid.max(axis=0)
    size = np.array([np.sqrt(count * _WIDTH_TO_HEIGHT), np.sqrt(count / _WIDTH_TO_HEIGHT)])
    size = np.where(span > 1e-6 * max(1e-12, span.max()), size, 0.0)
    return laid / np.where(span > 0, span, 1.0) * size, size
