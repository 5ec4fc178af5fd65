"""Pictures of figures, each within the table of the figures themselves.

Written in Python: a table of some hundred cells costs the template engine more than all the rest of a page.
"""

from __future__ import annotations

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from apps.public.search.comparison import Comparison, Line
from apps.public.search.crosstab import Cell, Crosstab
from apps.public.search.facets import LABELS, Facet
from apps.public.search.filters import Filter
from apps.public.search.leanings import FEWEST, Leaning
from apps.public.website.bands import Place, bands_of
from apps.public.website.comparing import Shown
from apps.public.website.lessons import Flow
from apps.public.website.mapping import Map
from apps.public.website.reading import LEFT_TO_RIGHT, Part, diverging, lean, url_of
from apps.public.website.templatetags.website import shorten
from apps.taxonomy.vocabulary import Node
from apps.taxonomy.words import Kind, Stance

register = template.Library()


@register.filter
def total(stances: dict[str, int]) -> int:
    return sum(stances.values())


@register.filter
def leaning_table(rows: list[Leaning], heading: str, is_linked: bool = True) -> SafeString:
    """How positions lean, row by row: a bar around the middle and its figures, each row a link to its positions."""
    drawn = [row.stances if row.total >= FEWEST else dict.fromkeys(Stance.values, 0) for row in rows]
    line, bars = diverging(drawn)
    heads = "".join(f'<th scope="col">{stance.label}</th>' for stance in LEFT_TO_RIGHT)
    lines = "".join(_leaning(row, bar, line, is_linked) for row, bar in zip(rows, bars, strict=True))
    return mark_safe(  # noqa: S308
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(heading)}s and how positions lean">'
        f'<table class="leanings"><thead><tr><th scope="col">{escape(heading)}</th><td></td>{heads}'
        f'<th scope="col">All</th></tr></thead><tbody>{lines}</tbody></table></div>'
    )


def _leaning(row: Leaning, bar: list[Part], line: float, is_linked: bool) -> str:
    depth = f' class="depth-{min(row.depth, 3)}"' if row.depth else ""
    date = f'<span class="soft small">{escape(row.date)}</span>' if row.date else ""
    link = escape(row.label)
    total: str | int = row.total
    found = f'<a href="/browse/?{escape(row.filter.querystring())}" rel="nofollow">'
    if row.proposition:  # it has a page of its own
        link = f'<a href="{escape(url_of(Kind.PROPOSITION, row.proposition))}">{link}</a>'
        total = f'{found}{total}<span class="hidden"> positions</span></a>'
    elif is_linked:
        link = f"{found}{link}</a>"
    picture = _bar(bar, f'<line x1="{line}" x2="{line}" y1="0" y2="10"/>') if bar else ""
    figures = "".join(f"<td>{row.stances[stance] or '–'}</td>" for stance in LEFT_TO_RIGHT)
    return f'<tr><th scope="row"{depth}>{link} {date}</th><td class="bar">{picture}</td>{figures}<td>{total}</td></tr>'


FEWEST_YEARS = 3
_LONGEST_NAME = 26  # characters that a picture has room for
_MOST_YEARS = 80  # that a bar each can be drawn of


@register.filter
def timeline(facet: Facet) -> SafeString:
    """The years as bars on a line of time, each a link that chooses it. The list of years beside it has the same links
    and figures, so that this is for the eye and the mouse alone."""
    by_year = {int(one.value): one for one in facet.values if one.value.isdecimal()}
    if len(by_year) < FEWEST_YEARS:
        return SafeString("")
    last = max(by_year)
    first = max(min(by_year), last - _MOST_YEARS + 1)
    most = max(one.count for year, one in by_year.items() if year >= first) or 1
    bars = "".join(
        f'<a href="/browse/?{escape(one.querystring)}" tabindex="-1" rel="nofollow"><title>{year}: {one.count}</title>'
        f'<rect class="reach" x="{10 * (year - first)}" width="10" height="48"/>'
        f'<rect class="{"chosen" if one.selected else "bar"}" x="{10 * (year - first) + 1}" width="8" '
        f'y="{48 - max(2, round(46 * one.count / most))}" height="{max(2, round(46 * one.count / most))}"/></a>'
        for year, one in sorted(by_year.items())
        if year >= first
    )
    width = 10 * (last - first + 1)
    return mark_safe(  # noqa: S308
        '<div class="timeline" aria-hidden="true">'
        f'<svg viewBox="0 0 {width} 48" preserveAspectRatio="none">{bars}</svg>'
        f"<p><span>{first}</span><span>{last}</span></p></div>"
    )


@register.filter
def world(drawn: Map) -> SafeString:
    """Regions on a map, each a link to its positions; what lies in two of them has stripes of both shades."""
    step = drawn.box[2] // 150
    stripes = "".join(
        f'<pattern id="stripes-{shade}" width="{step}" height="{step}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect class="shade-{shade}" width="{step / 2}" height="{step}"/></pattern>'
        for shade in sorted({area.shade for area in drawn.areas if area.shared})
    )
    said = [
        f"{area.region.name}: {area.row.total} position{'' if area.row.total == 1 else 's'}" for area in drawn.areas
    ]
    areas = "".join(
        f'<a href="/browse/?{escape(area.row.filter.querystring())}" aria-label="{escape(label)}" rel="nofollow">'
        f"<title>{escape(label)}</title>"
        + (f'<path class="shade-{area.shade}" d="{area.own}"/>' if area.own else "")
        + (f'<path fill="url(#stripes-{area.shade})" d="{area.shared}"/>' if area.shared else "")
        + "</a>"
        for area, label in zip(drawn.areas, said, strict=True)
    )
    return mark_safe(  # noqa: S308
        f'<svg class="map" viewBox="{" ".join(map(str, drawn.box))}" role="group" aria-label="Map of regions">'
        f'<defs>{stripes}</defs><path class="land" d="{drawn.land}"/>{areas}</svg>'
    )


@register.filter
def bands(flows: list[Flow]) -> SafeString:
    """Two columns of theatres, joined by a band for each flow. The table beside it has the same links and figures, so
    that this is for the eye and the mouse alone. Bands stretch with the page, names don't."""
    drawn = bands_of(flows)
    joined = "".join(
        f'<a href="/lessons/?{escape(band.flow.querystring)}#list" tabindex="-1">'
        f"<title>{escape(_said(band.flow))}</title>"
        f'<path class="{"chosen" if band.flow.chosen else "band"}" d="{band.path}"/></a>'
        for band in drawn.bands
    )
    sides = ((drawn.left, "Drawn from", "0", "0", "start"), (drawn.right, "Proposed for", "100%", "-8", "end"))
    columns = "".join(
        f'<text class="head" x="{x}" y="13" text-anchor="{anchor}">{head}</text>'
        + "".join(_place(place, x, shift, anchor) for place in places)
        for places, head, x, shift, anchor in sides
    )
    return mark_safe(  # noqa: S308
        f'<svg class="bands" width="100%" height="{drawn.height}" aria-hidden="true">'
        f'<svg width="100%" height="{drawn.height}" viewBox="0 0 100 {drawn.height}" preserveAspectRatio="none">'
        f"{joined}</svg>{columns}</svg>"
    )


def _place(place: Place, x: str, shift: str, anchor: str) -> str:
    name = escape(shorten(place.node.name, _LONGEST_NAME))
    return (
        f'<rect x="{x}" y="{place.y}" width="8" height="{place.height}" transform="translate({shift} 0)"/>'
        f'<text x="{x}" y="{place.y - 6:.1f}" text-anchor="{anchor}">{name}</text>'
    )


def _said(flow: Flow) -> str:
    plural = "" if flow.total == 1 else "s"
    return f"{flow.total} lesson{plural} drawn from {flow.drawn_from.name}, proposed for {flow.proposed_for.name}"


@register.filter
def flows_table(flows: list[Flow]) -> SafeString:
    """How many lessons are drawn from which theatre for which, each figure a link to them."""
    rows = "".join(
        f'<tr><th scope="row">{escape(flow.drawn_from.name)}</th><td>{escape(flow.proposed_for.name)}</td>'
        f'<td class="number"><a href="/lessons/?{escape(flow.querystring)}#list"'
        f"{' aria-current=true' if flow.chosen else ''}>{flow.total}"
        f'<span class="hidden"> {escape(_said(flow).partition(" ")[2])}</span></a></td></tr>'
        for flow in flows
    )
    return mark_safe(  # noqa: S308
        '<div class="scroll" tabindex="0" role="region" aria-label="Lessons by theatre"><table class="flows">'
        '<thead><tr><th scope="col">Drawn from</th><th scope="col">Proposed for</th>'
        f'<th scope="col" class="number">Lessons</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


@register.filter
def matrix(table: Crosstab) -> SafeString:
    """Themes by regions, as a table: each figure a link to its positions, each heading one to its parts."""
    asked = table.filter
    heads = "".join(f'<th scope="col">{heading_of(node, "region", asked, "/matrix/")}</th>' for node in table.regions)
    rows = "".join(
        f'<tr><th scope="row">{heading_of(row.theme, "theme", asked, "/matrix/")}</th>'
        f"{''.join(_cell(cell, row.theme, region) for cell, region in zip(row.cells, table.regions, strict=True))}</tr>"
        for row in table.rows
    )
    return mark_safe(  # noqa: S308
        '<div class="scroll" tabindex="0" role="region" aria-label="Themes by region"><table class="matrix">'
        f'<thead><tr><th scope="col">Theme</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def heading_of(node: Node, facet: str, asked: Filter, page: str) -> str:
    """A heading, which leads to what lies beneath it on the same page, if anything does."""
    name = escape(node.name)
    if not node.below:
        return name
    beneath = escape(asked.querystring(**{facet: (node.slug,), "kind": ()}))
    return f'<a href="{page}?{beneath}" rel="nofollow">{name}</a>'


def _cell(cell: Cell, theme: Node, region: Node) -> str:
    if not cell.total:
        return '<td class="gap"><span class="hidden">none</span></td>'
    said = escape(f"{theme.name}, {region.name}: {_sides(cell.stances)}")
    link = f'<a href="/browse/?{escape(cell.filter.querystring())}" rel="nofollow" title="{said}">'
    figure = f'<span class="figure">{cell.total}</span><span class="hidden"> {said}</span>'
    return f"<td>{link}{figure}{_bar(lean(cell.stances))}</a></td>"


@register.simple_tag
def groups_table(found: Comparison, names: tuple[str, ...], is_linked: bool) -> SafeString:
    """How many positions each group of a comparison has, and how they lean."""
    rows = [
        Leaning(name, one.total, one.stances, found.filter_of(i))
        for i, (name, one) in enumerate(zip(names, found.counts, strict=True))
    ]
    return leaning_table(rows, LABELS[found.axis], is_linked)


@register.simple_tag
def comparison_table(listed: Shown, found: Comparison, names: tuple[str, ...], is_linked: bool) -> SafeString:
    """Propositions, with how each group leans on them and how far they are apart."""
    columns = [i for i in range(len(names)) if any(line.counts[i].total for _, _, line in listed.rows)]
    has_difference = any(line.difference is not None for _, _, line in listed.rows)
    heads = "".join(f'<th scope="col">{escape(names[i])}</th>' for i in columns)
    heads += '<th scope="col" class="apart">Apart</th>' if has_difference else ""
    rows = "".join(
        f'<tr><th scope="row"><a href="{escape(address)}">{escape(title)}</a></th>'
        + "".join(_compared(line, found, i, names[i], is_linked) for i in columns)
        + (f'<td class="apart">{line.difference:.2f}</td>' if line.difference is not None else "")
        + "</tr>"
        for title, address, line in listed.rows
    )
    return mark_safe(  # noqa: S308
        '<div class="scroll" tabindex="0" role="region" aria-label="Propositions"><table class="matrix compared">'
        f'<thead><tr><th scope="col">Proposition</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _compared(line: Line, found: Comparison, group: int, name: str, is_linked: bool) -> str:
    total, stances = line.counts[group].total, line.counts[group].stances
    if not total:
        return '<td class="gap"><span class="hidden">none</span></td>'
    said = _sides(stances)
    bar = _bar(lean(stances)) if total >= FEWEST else ""
    inner = f'<span class="figure">{total}</span> <span class="small">{escape(said)}</span>{bar}'
    if not is_linked:
        return f'<td class="unlinked">{inner}</td>'
    address = escape(found.filter_of(group, line.proposition).querystring())
    return (
        f'<td><a href="/browse/?{address}" rel="nofollow"><span class="hidden">{escape(name)}: </span>{inner}</a></td>'
    )


def _sides(stances: dict[str, int]) -> str:
    """2 supports, 1 opposes."""
    said = ", ".join(f"{count} {Stance(stance).label.lower()}" for stance, count in stances.items() if count)
    return said or "none takes a side"


def _bar(parts: list[Part], over: str = "") -> str:
    """A bar of parts side by side, and what is drawn over it."""
    drawn = "".join(f'<rect class="{one.stance}" x="{one.x}" width="{one.width}" height="10"/>' for one in parts)
    return f'<svg class="lean" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{drawn}{over}</svg>'
