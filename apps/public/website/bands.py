"""How flows are drawn: what they come from on the left, what they go to on the right, and a band for each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain

from apps.public.website.lessons import NOWHERE, Flow
from apps.taxonomy.vocabulary import Node

_TALLEST, _WIDEST = 280, 24  # pixels: of a column without its names, and of one lesson
_HEAD, _NAME, _GAP = 26, 20, 14  # above a column, above each place, and beneath it


@dataclass(frozen=True, slots=True)
class Place:
    """A theatre in a column."""

    node: Node
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Band:
    """A flow, across a hundredth of the width for each unit."""

    flow: Flow
    path: str


@dataclass(frozen=True, slots=True)
class Bands:
    height: int
    left: list[Place]
    right: list[Place]
    bands: list[Band]


def bands_of(flows: list[Flow]) -> Bands:
    """Lay flows out on one scale, the largest places on top."""
    scale = min(_WIDEST, _TALLEST / max(1, sum(flow.total for flow in flows)))
    left = _column([(flow.drawn_from, flow.total) for flow in flows], scale)
    right = _column([(flow.proposed_for, flow.total) for flow in flows], scale)
    # Bands leave and arrive in the order of what is at their other end, so that few of them cross.
    leaves, arrives = ({place.node.slug: place.y for place in column} for column in (left, right))
    order = sorted(flows, key=lambda flow: (leaves[flow.drawn_from.slug], arrives[flow.proposed_for.slug]))
    bands, start, end = [], dict(leaves), dict(arrives)
    for flow in order:
        a, b, height = start[flow.drawn_from.slug], end[flow.proposed_for.slug], _height(flow.total, scale)
        bands.append(Band(flow, _path(a, b, height)))
        start[flow.drawn_from.slug] += height
        end[flow.proposed_for.slug] += height
    lowest = max((place.y + place.height for place in chain(left, right)), default=0)
    return Bands(round(lowest) + 2, left, right, bands)


def _column(flows: list[tuple[Node, int]], scale: float) -> list[Place]:
    totals: dict[str, int] = defaultdict(int)
    heights: dict[str, float] = defaultdict(float)
    nodes = {}
    for node, total in flows:
        nodes[node.slug] = node
        totals[node.slug] += total
        heights[node.slug] += _height(total, scale)
    y, places = float(_HEAD), []
    for slug in sorted(nodes, key=lambda one: (one == NOWHERE.slug, -totals[one], one)):
        places.append(Place(nodes[slug], round(y + _NAME, 1), round(heights[slug], 1)))
        y += _NAME + heights[slug] + _GAP
    return places


def _height(total: int, scale: float) -> float:
    return max(1.0, total * scale)  # what there is can be seen


def _path(a: float, b: float, height: float) -> str:
    """From the left at one height to the right at another, and back."""
    over = f"M0,{a:.1f}C50,{a:.1f} 50,{b:.1f} 100,{b:.1f}"
    return f"{over}V{b + height:.1f}C50,{b + height:.1f} 50,{a + height:.1f} 0,{a + height:.1f}Z"
