"""Pictures of how opinions part, agree and move, each within or above the table of its figures."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString, mark_safe

from apps.public.search.filters import Filter
from apps.public.website.templatetags.figures import heading_of
from apps.taxonomy.vocabulary import Node
from apps.taxonomy.words import Gap

if TYPE_CHECKING:  # Django imports all tags when it starts, and the analysis is not to come along
    from apps.public.analysis.coverage import Cell, Coverage
    from apps.public.website.opinions import Movement, Moving, Parting, Ranked

register = template.Library()

_WIDTH, _HEIGHT, _EDGE = 1000.0, 300.0, 40.0  # of a picture of lines, and the room beside it
_RANGES = {"stance": (-1.0, 1.0), "polarisation": (0.0, 1.0), "density": (0.0, 1.0)}
_COVERAGE = "/analysis/coverage/"
_MOST_MARKS = 12  # beneath the line of time


@register.simple_tag
def divergence_table(found: Parting) -> SafeString:
    """Propositions, the means of two regions, and how far they part."""
    heads = "".join(f'<th scope="col" class="number">{escape(name)}</th>' for name in found.names)
    return _ranking("Where they part", f'{heads}<th scope="col" class="number">Apart</th>', found.apart, 2.0)


@register.simple_tag
def consensus_table(found: Parting) -> SafeString:
    """Propositions, the mean of all, and how much they agree."""
    heads = "".join(f'<th scope="col" class="number">{head}</th>' for head in ("Mean stance", "Agreement"))
    return _ranking("Where all agree", heads, found.agreed, 1.0)


def _ranking(label: str, heads: str, ranked: list[Ranked], greatest: float) -> SafeString:
    rows = "".join(
        f'<tr><th scope="row"><a href="{escape(one.address)}">{escape(one.title)}</a></th>'
        + "".join(_mean(*each) for each in zip(one.means, one.statements, one.sources, strict=True))
        + f'<td class="number">{one.value:.2f}</td><td class="bar">{_interval(one, greatest)}</td>'
        f'<td class="small">{one.low:.2f} to {one.high:.2f}</td></tr>'
        for one in ranked
    )
    return mark_safe(  # noqa: S308
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table class="steady ranking"><thead><tr>'
        f'<th scope="col">Proposition</th>{heads}<td></td><th scope="col">95% interval</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _mean(mean: float, statements: int, sources: int) -> str:
    said = f"{statements} statement{_s(statements)}, {sources} source{_s(sources)}"
    return f'<td class="number">{_signed(mean)} <span class="soft small">{said}</span></td>'


def _interval(one: Ranked, greatest: float) -> str:
    low, high, value = (100 * each / greatest for each in (one.low, one.high, one.value))
    return (
        '<svg class="interval" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="reach" x="{low:.1f}" width="{max(0.6, high - low):.1f}" y="3" height="4"/>'
        f'<rect class="at" x="{value - 0.6:.1f}" width="1.2" height="10"/></svg>'
    )


@register.simple_tag
def moving_picture(found: Movement, measure: str) -> SafeString:
    """Lines over time. The table beneath says the same, so that this is for the eye and the mouse alone."""
    values = [point.value for line in found.lines for point in line.points if point and point.value is not None]
    low, high = _RANGES.get(measure, (0.0, max([*values, 1.0])))
    count = len(found.periods)
    step = (_WIDTH - 2 * _EDGE) / max(1, count - 1)

    def at(i: int, value: float) -> tuple[float, float]:
        x = _EDGE + step * i if count > 1 else _WIDTH / 2
        return x, 10 + (_HEIGHT - 50) * (high - value) / (high - low)

    levels = "".join(
        f'<line class="level" x1="{_EDGE:.0f}" x2="{_WIDTH - 10:.0f}" y1="{(y := at(0, value)[1]):.0f}" y2="{y:.0f}"/>'
        f'<text class="mark" x="{_EDGE - 10:.0f}" y="{y + 4:.0f}" text-anchor="end">{_signed(value, 1)}</text>'
        for value in (low, (low + high) / 2, high)
    )
    every = max(1, -(-count // _MOST_MARKS))
    marks = "".join(
        f'<text class="mark" x="{at(i, low)[0]:.0f}" y="{_HEIGHT - 14:.0f}" text-anchor="middle">'
        f"{i + 1 if address else escape(name)}</text>"
        for i, (name, address) in enumerate(found.periods)
        if i % every == 0
    )
    lines = "".join(_line(line, number, at, found) for number, line in enumerate(found.lines, start=1))
    return mark_safe(  # noqa: S308
        '<div class="scroll" tabindex="0" role="region" aria-label="The picture">'
        f'<svg class="moving" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" aria-hidden="true">{levels}{marks}{lines}</svg>'
        "</div>" + _key(found)
    )


def _line(line: Moving, number: int, at: Callable[[int, float], tuple[float, float]], found: Movement) -> str:
    points = [
        (*at(i, point.value), point, found.periods[i][0])
        for i, point in enumerate(line.points)
        if point and point.value is not None
    ]
    path = " ".join(f"{'L' if i else 'M'}{x:.0f} {y:.0f}" for i, (x, y, *_) in enumerate(points))
    dots = "".join(
        f'<circle{" class=few" if point.is_few else ""} cx="{x:.0f}" cy="{y:.0f}" r="5"><title>'
        f"{escape(f'{line.name}, {name}: {_signed(point.value)}, {point.statements} statement{_s(point.statements)}')}"
        "</title></circle>"
        for x, y, point, name in points
    )
    return f'<g class="line-{number}"><path d="{path}"/>{dots}</g>'


def _key(found: Movement) -> str:
    if not found.lines[1:]:
        return ""
    keys = "".join(
        f'<li><svg viewBox="0 0 24 16" aria-hidden="true" class="moving"><g class="line-{number}"><path d="M0 8L24 8"/>'
        f'<circle cx="12" cy="8" r="5"/></g></svg> {escape(line.name)}</li>'
        for number, line in enumerate(found.lines, start=1)
    )
    return f'<ul class="network-key small">{keys}</ul>'


@register.simple_tag
def moving_table(found: Movement, measure: str) -> SafeString:
    """Periods with the measure of each line, and of how many statements it is."""
    heads = "".join(f'<th scope="col" class="number">{escape(line.name)}</th>' for line in found.lines)
    is_numbered = any(address for _, address in found.periods)
    rows = ""
    for i, (name, address) in enumerate(found.periods):
        title = f'{i + 1} <a href="{escape(address)}">{escape(name)}</a>' if address else escape(name)
        cells = "".join(_moving_cell(line, i, measure) for line in found.lines)
        rows += f'<tr><th scope="row">{title}</th>{cells}</tr>'
    first = "Workshop" if is_numbered else "Year"
    return mark_safe(  # noqa: S308
        '<div class="scroll" tabindex="0" role="region" aria-label="Figures"><table class="steady"><thead><tr>'
        f'<th scope="col">{first}</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _moving_cell(line: Moving, i: int, measure: str) -> str:
    point = line.points[i]
    if point is None:
        return '<td class="number"><span class="soft">–</span></td>'
    if measure == "statements":
        return f'<td class="number">{point.statements}</td>'
    return f'<td class="number">{_signed(point.value)}<span class="soft small"> of {point.statements}</span></td>'


@register.simple_tag
def coverage_table(found: Coverage, rows: list[tuple[Node, list[Cell]]]) -> SafeString:
    """Themes by regions: how many positions, and what is lacking."""
    heads = "".join(
        f'<th scope="col">{heading_of(node, "region", found.filter, _COVERAGE)}</th>' for node in found.regions
    )
    body = "".join(
        f'<tr><th scope="row">{heading_of(theme, "theme", found.filter, _COVERAGE)}</th>'
        f"{''.join(_covered(found, one) for one in cells)}</tr>"
        for theme, cells in rows
    )
    return mark_safe(  # noqa: S308
        '<div class="scroll" tabindex="0" role="region" aria-label="Themes by region"><table class="matrix">'
        f'<thead><tr><th scope="col">Theme</th>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _covered(found: Coverage, cell: Cell) -> str:
    if cell.gap == Gap.NOTHING:
        return '<td class="gap"><span class="hidden">nothing</span></td>'
    lacking = f' <span class="lacking">{cell.gap.label}</span>' if cell.gap else ""
    inner = f'<span class="figure">{cell.positions}</span>{lacking}'
    return f'<td><a href="/browse/?{escape(cell_query(found.filter, cell))}" rel="nofollow">{inner}</a></td>'


@register.simple_tag
def cell_query(asked: Filter, cell: Cell) -> str:
    """What finds the positions of a cell."""
    return asked.querystring(theme=(cell.theme,), region=(cell.region,), kind=("position",))


@register.simple_tag
def gap_said(cell: Cell, since: int) -> str:
    """What is lacking, in a sentence."""
    positions = f"{cell.positions} position{_s(cell.positions)}"
    if cell.gap == Gap.NOTHING:
        return (
            f"no position; about {cell.expected:.1f} were to be expected." if cell.expected else "no position at all."
        )
    if cell.gap == Gap.NO_WORKSHOP:
        return f"{positions}, none of them from a workshop."
    if cell.gap == Gap.ONE_WORKSHOP:
        return f"{positions}, from a single workshop."
    if cell.gap == Gap.OLD:
        latest = f"the latest of {cell.latest.year}" if cell.latest else "none of them with a date"
        return f"{positions}, {latest}: nothing since {since}."
    return f"{positions}, none of which rests on a passage."


def _signed(value: float | None, places: int = 2) -> str:
    return "–" if value is None else f"{value:.{places}f}".replace("-", "−")


def _s(count: int) -> str:
    return "" if count == 1 else "s"
