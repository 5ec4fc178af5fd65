"""Make apps/public/website/shapes/world.json, the outlines of the world's countries, from the npm package world-atlas.

    npm install world-atlas@2.0.2
    scripts/python scripts/shapes.py node_modules/world-atlas/countries-50m.json

They are drawn in the Equal Earth projection (B. Šavrič, T. Patterson and B. Jenny, The Equal Earth map projection,
International Journal of Geographical Information Science 33(3), 2019), so that areas compare as they are; the map is
cut in the Bering Strait, so that no state is cut in two. Each country has outlines for the whole world and finer ones
for a part of it, simplified after M. Visvalingam and J. D. Whyatt (Line generalisation by repeated elimination of
points, The Cartographic Journal 30(1), 1993), and one too small to be seen has a dot as well.
"""

from __future__ import annotations

import json
import math
import sys
from itertools import pairwise
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "apps/public/website/shapes/world.json"
MIDDLE, CUT = 11.0, -169.0  # degrees east
WIDTH = 10_000  # of the whole world, in units of the file
DETAIL = {"far": (200.0, 400.0, 34), "near": (16.0, 30.0, 12)}  # least triangle, least island, radius of a dot
LEFT_OUT = {"Antarctica", "Fr. S. Antarctic Lands", "Heard I. and McDonald Is.", "S. Geo. and the Is."}
WITHOUT_CODE = {"Kosovo": "XK"}  # others without one are land that is nobody's here

Point = tuple[float, float]

_A = (1.340264, -0.081106, 0.000893, 0.003796)


def project(longitude: float, latitude: float) -> Point:
    """Degrees to the plane of Equal Earth, in radii of the globe."""
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = 9 * _A[3] * t**8 + 7 * _A[2] * t**6 + 3 * _A[1] * t**2 + _A[0]
    x = 2 * math.sqrt(3) * math.radians(longitude - MIDDLE) * math.cos(t) / (3 * slope)
    return x, _A[3] * t**9 + _A[2] * t**7 + _A[1] * t**3 + _A[0] * t


HALF = project(MIDDLE + 180, 0)[0]
SCALE = WIDTH / (2 * HALF)


def main(source: Path) -> None:
    world = json.loads(source.read_text())
    arcs = [decoded(arc, world["transform"]) for arc in world["arcs"]]
    codes = alpha2()
    countries: dict[str, dict[str, object]] = {}
    for geometry in world["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        if name in LEFT_OUT:
            continue
        code = codes.get(geometry.get("id", ""), "") or WITHOUT_CODE.get(name, "")
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        country = countries.setdefault(code, {"far": "", "near": ""})
        for detail in DETAIL:
            drawn, box = draw(polygons, arcs, *DETAIL[detail])
            country[detail] = f"{country[detail]}{drawn}"
            country["box"] = box
    ys = [y for one in countries.values() for y in one["box"][1::2]]  # type: ignore[index]
    world_box = [0, min(ys), WIDTH, max(ys)]
    text = json.dumps({"box": world_box, "countries": dict(sorted(countries.items()))}, separators=(",", ":"))
    OUT.write_text(text.replace('},"', '},\n"') + "\n")
    print(f"{OUT.name}: {len(countries)} countries, {OUT.stat().st_size / 1000:.0f} kB")


def decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> list[Point]:
    """A TopoJSON arc, delta-encoded whole numbers, as longitudes and latitudes."""
    (sx, sy), (tx, ty), x, y, points = transform["scale"], transform["translate"], 0, 0, []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * sx + tx, y * sy + ty))
    return points


def draw(polygons: list, arcs: list[list[Point]], least: float, island: float, dot: int) -> tuple[str, list[int]]:  # type: ignore[type-arg]
    """The path of a country, and the box around its larger parts."""
    rings = [outline(ring, arcs, least) for polygon in polygons for ring in polygon]
    sizes = [abs(area(ring)) for ring in rings]
    largest = max(sizes)
    path = "".join(written(ring) for ring, size in zip(rings, sizes, strict=True) if size >= island and len(ring) > 3)
    main = [point for ring, size in zip(rings, sizes, strict=True) if size >= largest / 5 for point in ring]
    box = [round(f(point[i] for point in main)) for f in (min, max) for i in (0, 1)]
    if largest < math.pi * dot**2:
        x, y = (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
        path = f"M{x - dot} {y}a{dot} {dot} 0 1 0 {2 * dot} 0a{dot} {dot} 0 1 0 {-2 * dot} 0z"
    return path, box


def outline(ring: list[int], arcs: list[list[Point]], least: float) -> list[Point]:
    """A ring of arcs, projected and simplified arc by arc, so that neighbours keep one border."""
    parts = unwound([arcs[i] if i >= 0 else arcs[~i][::-1] for i in ring])
    west = sum(x for part in parts for x, _ in part) / sum(map(len, parts))
    turn = 360 * math.floor((west - CUT) / 360)
    points: list[Point] = []
    for part in parts:
        plane = (project(x - turn, y) for x, y in part)
        points += simplified([((x + HALF) * SCALE, -y * SCALE) for x, y in plane], least)[:-1]
    return points


def unwound(parts: list[list[Point]]) -> list[list[Point]]:
    """A ring that goes on over the date line, without the jump from one side of the map to the other."""
    before, found = parts[0][0][0], []
    for part in parts:
        found.append([])
        for x, y in part:
            before = x - 360 * round((x - before) / 360)
            found[-1].append((before, y))
    return found


def simplified(line: list[Point], least: float) -> list[Point]:
    """Without the points that make triangles of less than ``least`` with their neighbours, the flattest first; the
    ends stay."""
    line = list(line)
    while len(line) > 4 or (len(line) > 2 and line[0] != line[-1]):
        sizes = [abs(area(line[i - 1 : i + 2])) for i in range(1, len(line) - 1)]
        flattest = min(range(len(sizes)), key=sizes.__getitem__)
        if sizes[flattest] >= least:
            break
        if len(line) > 400:  # the many flat ones of a long line at once, no two side by side
            tenth = sorted(sizes)[len(sizes) // 10]
            limit = tenth if tenth < least else sizes[flattest]
            kept, last = [line[0]], True
            for i in range(1, len(line) - 1):
                last = not (sizes[i - 1] <= limit and last)
                if last:
                    kept.append(line[i])
            line = [*kept, line[-1]]
        else:
            del line[flattest + 1]
    return line


def area(ring: list[Point]) -> float:
    """Signed, by the shoelace formula."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def written(ring: list[Point]) -> str:
    """A ring in whole units, each point after the first one as a step from the one before."""
    whole = [(round(x), round(y)) for x, y in ring]
    said = "".join(f" {b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(whole) if a != b)
    return f"M{whole[0][0]} {whole[0][1]}l{said.strip().replace(' -', '-')}z"


def alpha2() -> dict[str, str]:
    """ISO 3166 codes in two letters, by those in numbers."""
    import django
    from django.conf import settings

    settings.configure()
    django.setup()
    from django_countries import countries

    return {countries.numeric(code, padded=True): code for code, _ in countries}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
