"""Pictures of networks, each beside the tables of what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from apps.public.analysis.drawing import Drawing, Node, Tie
from apps.public.website.templatetags.website import shorten

Place = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom

COLOURS = 8  # communities that have a colour of their own; what comes after them is grey
_WIDTH = 1160.0  # of a picture, in its own units, near to pixels on a wide screen
_NARROWEST = 880.0
_ROOM = 120.0  # at most, that a node takes up
_MARGIN = 40.0
_LETTER, _LINE = 6.4, 14.0  # of labels
_BELOW, _ABOVE, _BESIDE = 12.0, 5.0, 3.0  # from the edge of a node to the line that its label stands on, or begins
_LONGEST_LABEL = 30  # characters
_BUSIEST = 30  # nodes, whose labels matter most
_WIDTHS = 5  # of lines


class HeatRow(NamedTuple):
    """A row of the matrix."""

    number: int
    name: str
    cells: list[tuple[str, int, str]]  # the weight, how dark from -5 to 5, and what it is in words


def shown_weight(weight: float) -> str:
    """A weight in at most four digits: counts whole, shares to three places."""
    if float(weight).is_integer():
        return f"{weight:,.0f}"
    return f"{weight:.3g}" if abs(weight) < 1_000 else f"{weight:,.0f}"


def network_picture(drawn: Drawing, names: Mapping[str, str]) -> SafeString:
    """Nodes as circles, propositions as squares, as large as they have statements, in the colour of their community;
    ties the wider the greater their weight. The tables beside it say the same, so that this is for the eye and the
    mouse alone. Labels that would lie over others appear where a node is pointed at, and nearer."""
    if not drawn.nodes:
        return SafeString("")
    unit = min(_ROOM, _WIDTH / drawn.width)
    width, height = max(_NARROWEST, drawn.width * unit), drawn.height * unit + _MARGIN
    left = (width - drawn.width * unit) / 2
    at = [(left + node.x * unit, node.y * unit + _MARGIN / 4) for node in drawn.nodes]
    most = max(node.statements for node in drawn.nodes) or 1
    radii = [4 + (unit / 6 if unit < 60 else 10) * (node.statements / most) ** 0.5 for node in drawn.nodes]
    strongest = max((abs(tie.weight) for tie in drawn.ties), default=1.0)
    ties = "".join(_tie(tie, at, strongest) for tie in drawn.ties)
    labels = _labels(drawn.nodes, at, radii, names, width)
    nodes = "".join(
        _node(i, node, at[i], radii[i], names.get(node.key, node.key), labels.get(i))
        for i, node in reversed([(i, drawn.nodes[i]) for i in _busiest_first(drawn.nodes)])  # the busiest on top
    )
    return mark_safe(  # noqa: S308
        '<div class="scroll" tabindex="0" role="region" aria-label="The picture">'
        f'<svg class="network" viewBox="0 0 {width:.0f} {height:.0f}" aria-hidden="true" data-network>'
        f"<g>{ties}</g><g>{nodes}</g></svg></div>"
    )


def _tie(tie: Tie, at: list[tuple[float, float]], strongest: float) -> str:
    (x1, y1), (x2, y2) = at[tie.source], at[tie.target]
    width = max(1, round(_WIDTHS * abs(tie.weight) / strongest))
    below = " below" if tie.weight < 0 else ""
    return (
        f'<line class="tie-{width}{below}" x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" '
        f'data-ends="{tie.source} {tie.target}"><title>{shown_weight(tie.weight)}</title></line>'
    )


def _node(
    i: int, node: Node, at: tuple[float, float], radius: float, name: str, label_at: tuple[float, float] | None
) -> str:
    x, y = at
    colour = f"group-{node.community}" if 1 <= node.community <= COLOURS else "group-0"
    if node.is_proposition:
        shape = f'<rect x="{x - radius:.1f}" y="{y - radius:.1f}" width="{2 * radius:.1f}" height="{2 * radius:.1f}"/>'
    else:
        shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
    said = f"{name}: {node.statements} statement{'' if node.statements == 1 else 's'}"
    quiet, (middle, line) = (' class="quiet"', (x, y + radius + _BELOW)) if label_at is None else ("", label_at)
    label = f'<text{quiet} x="{middle:.0f}" y="{line:.0f}">{escape(shorten(name, _LONGEST_LABEL))}</text>'
    return f'<g class="{colour}" data-node="{i}"><title>{escape(said)}</title>{shape}{label}</g>'


def _labels(
    nodes: list[Node], at: list[Place], radii: list[float], names: Mapping[str, str], width: float
) -> dict[int, Place]:
    """Where labels stand, beneath their nodes, above or beside them and within the picture, of those that lie over no
    other label and no node; of the busiest a label may lie over a node. They are asked first."""
    circles = [(x - radius, y - radius, x + radius, y + radius) for (x, y), radius in zip(at, radii, strict=True)]
    taken: list[Box] = []
    found: dict[int, Place] = {}
    for rank, i in enumerate(_busiest_first(nodes)):
        half = min(_LONGEST_LABEL, len(names.get(nodes[i].key, nodes[i].key))) * _LETTER / 2
        (x, y), radius = at[i], radii[i]
        aside, beside = radius + half + _BESIDE, y + _ABOVE - 1
        free = []
        for middle, line in (
            (x, y + radius + _BELOW),
            (x, y - radius - _ABOVE),
            (x + aside, beside),
            (x - aside, beside),
        ):
            middle = min(max(middle, half + 2), width - half - 2)
            box = (middle - half, line - _LINE + 4, middle + half, line + 2)
            if _is_free(box, taken):
                free.append((_is_free(box, circles), box, (middle, line)))
        clear = [one for one in free if one[0]] or (free if rank < _BUSIEST else [])
        if clear:
            _, box, found[i] = clear[0]
            taken.append(box)
    return found


def _busiest_first(nodes: list[Node]) -> list[int]:
    return sorted(range(len(nodes)), key=lambda i: (-nodes[i].statements, i))


def _is_free(box: Box, taken: Iterable[Box]) -> bool:
    return all(box[2] < one[0] or one[2] < box[0] or box[3] < one[1] or one[3] < box[1] for one in taken)


def heat_map(columns: list[tuple[int, str]], heat_rows: list[HeatRow]) -> SafeString:
    """The matrix, the darker the farther a weight is from 0; columns are numbered where rows are the same."""
    is_one_mode = [name for _, name in columns] == [row.name for row in heat_rows]
    heads = "".join(
        f'<th scope="col" title="{escape(name)}">{number}<span class="hidden"> {escape(name)}</span></th>'
        if is_one_mode
        else f'<th scope="col" class="turned"><span>{escape(shorten(name, 48))}</span></th>'
        for number, name in columns
    )
    rows = "".join(
        f'<tr><th scope="row">{f"{row.number} " if is_one_mode else ""}{escape(shorten(row.name, 60))}</th>'
        + "".join(
            f'<td class="{_shade(shade)}" title="{escape(said)}">{weight}</td>' if said else '<td class="self"></td>'
            for weight, shade, said in row.cells
        )
        + "</tr>"
        for row in heat_rows
    )
    return mark_safe(  # noqa: S308
        '<div class="scroll" tabindex="0" role="region" aria-label="Matrix"><table class="heat">'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _shade(shade: int) -> str:
    return f"heat-{shade}" if shade >= 0 else f"cold-{-shade}"
