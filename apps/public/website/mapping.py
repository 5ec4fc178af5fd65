"""A map of regions: which shapes each takes up, how dark it is, and what no map shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from apps.public.search.leanings import Leaning
from apps.public.search.spread import Spread
from apps.taxonomy.vocabulary import Hierarchy, Node

SHADES = 5
_NEAR = 0.5  # of the world's width: what is narrower is drawn finer
_MARGIN = 0.04
_DOT = "a"  # an arc: the country is too small for outlines


class Country(NamedTuple):
    """Outlines as SVG paths, for the whole world and finer, and the box around the larger parts."""

    far: str
    near: str
    box: tuple[int, int, int, int]


class Shade(NamedTuple):
    """The figures that are drawn alike; shade 0 is for none at all."""

    number: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Area:
    """A region on the map."""

    region: Node
    row: Leaning
    shade: int
    own: str  # the path of what lies in this region alone, or first in this one
    shared: str  # the path of what lies in a region before it too: drawn in stripes over that one


@dataclass(frozen=True, slots=True)
class Map:
    areas: list[Area]
    land: str  # the path of all that lies in none of the regions
    elsewhere: list[Area]  # regions that take up no country
    shades: list[Shade]
    box: tuple[int, int, int, int]  # left, top, width, height
    overlaps: bool


@cache
def _world() -> tuple[tuple[int, int, int, int], dict[str, Country]]:
    """Made by scripts/shapes.py."""
    held = json.loads((Path(__file__).parent / "shapes" / "world.json").read_text())
    return tuple(held["box"]), {
        code: Country(one["far"], one["near"], tuple(one["box"])) for code, one in held["countries"].items()
    }


def map_of(found: Spread, regions: Hierarchy) -> Map:
    """The regions of a spread, drawn; the map shows the whole world, or the part that they are parts of."""
    world, countries = _world()
    covered = [sorted(countries_of(node, regions) & countries.keys()) for node in found.regions]
    drawn = {code for codes in covered for code in codes}
    box = _around([countries[code].box for code in drawn], world) if found.filter.region and drawn else world
    is_near = box[2] - box[0] < _NEAR * (world[2] - world[0])

    def path(codes: list[str]) -> str:
        return "".join(countries[code].near if is_near else countries[code].far for code in codes)

    shades = shades_of([row.total for row in found.rows])
    areas, taken = [], set[str]()
    for node, row, codes in zip(found.regions, found.rows, covered, strict=True):
        own, shared = [code for code in codes if code not in taken], [code for code in codes if code in taken]
        taken.update(codes)
        areas.append(Area(node, row, _shade(row.total, shades), path(own), path(shared)))
    return Map(
        areas=[one for one in areas if one.own or one.shared],
        land=path(sorted(code for code in countries.keys() - drawn if _DOT not in countries[code].far)),
        elsewhere=[one for one in areas if not (one.own or one.shared)],
        shades=shades,
        box=(box[0], box[1], box[2] - box[0], box[3] - box[1]),
        overlaps=any(one.shared for one in areas),
    )


def countries_of(region: Node, regions: Hierarchy) -> set[str]:
    """The countries of a region and of all that lies within it, by their codes."""
    return {code for slug in regions.descendants(region.slug) for code in regions[slug].countries}


def shades_of(totals: list[int]) -> list[Shade]:
    """At most five shades, each for as many different figures as the others, as nearly as that can be."""
    figures = sorted({total for total in totals if total})
    count = min(SHADES, len(figures))
    edges = [round(i * len(figures) / count) for i in range(count + 1)] if count else []
    return [
        Shade(number + (SHADES - count + 1), figures[first], figures[after - 1])
        for number, (first, after) in enumerate(pairwise(edges))
    ]


def _shade(total: int, shades: list[Shade]) -> int:
    return next((shade.number for shade in shades if shade.least <= total <= shade.most), 0)


def _around(boxes: list[tuple[int, int, int, int]], world: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """The box around boxes, with a margin, no flatter or steeper than a page can show, within the world's."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    margin = round(max(right - left, bottom - top) * _MARGIN) + 20
    left, top, right, bottom = left - margin, top - margin, right + margin, bottom + margin
    width, height = right - left, bottom - top
    if width < 1.4 * height:
        left, right = left - round(0.7 * height - width / 2), right + round(0.7 * height - width / 2)
    if height < 0.4 * width:
        top, bottom = top - round(0.2 * width - height / 2), bottom + round(0.2 * width - height / 2)
    return max(left, world[0]), max(top, world[1]), min(right, world[2]), min(bottom, world[3])
