"""Analysis: where opinions part and agree, how they move, and what nobody has spoken on; as pages and as tables."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import Any, NamedTuple, cast

from django.http import Http404, HttpRequest, HttpResponse

from apps.public.analysis.account import MEASURES as FORMULAS
from apps.public.analysis.account import Line, notation, whence
from apps.public.analysis.asking import chosen, number, together
from apps.public.analysis.coverage import Cell as Covered
from apps.public.analysis.coverage import Coverage, coverage
from apps.public.analysis.divergence import DRAWS, FEWEST_SOURCES
from apps.public.analysis.files import TABLE_FILES, Cell, End, Table
from apps.public.analysis.moving import BY, MEASURES
from apps.public.catalogue.state import State
from apps.public.search.filters import Filter, Problem, UnusableFilter
from apps.public.search.leanings import FEWEST
from apps.public.website import opinions
from apps.public.website.comparing import choices
from apps.public.website.networks import Choice
from apps.public.website.views.analysis import Found, as_file, bookmark_of, filter_of, origin_of
from apps.public.website.views.conditional import of_the_catalogue, show
from apps.public.website.views.matrix import steps
from apps.taxonomy.vocabulary import vocabulary

MOST_GAPS = 20  # that are listed
_WEIGHT = "weights are numbers of statements"
_ONCE = "What one holder says in one source on a proposition counts once for each stance"
_MEASURE_LABELS = {
    "stance": "Mean stance on one proposition",
    "polarisation": "Polarisation",
    "density": "Density of agreement",
    "statements": "Statements",
}
_OF_LABELS = {"everybody": "Everybody", "region": "Regions, each", "holder": "Holders, each"}


class Taken(NamedTuple):
    """What a page shows, to be taken along."""

    query: str  # that gives the same result
    asked: Filter
    found: Found
    lines: list[Line]  # how it was computed
    table: Table


# --- Where regions part, and where all agree


def _parting(request: HttpRequest, state: State) -> tuple[Filter, opinions.Parting]:
    asked = filter_of(request, state)
    return asked, opinions.parting(asked.replace(region=asked.region[:2]), state, bookmark_of(state))


@of_the_catalogue
def divergence_page(request: HttpRequest, state: State) -> HttpResponse:
    """Where two regions part, and where all agree."""
    asked, found = _parting(request, state)
    regions = choices("region", vocabulary(state.vocabulary), [])
    context = {
        "found": found,
        "files": TABLE_FILES.values(),
        "asked": asked,
        "narrowed": asked.querystring(),
        "menus": [
            (place, [Choice(value, label, value == one) for value, label in regions])
            for place, one in enumerate([*asked.region, "", ""][:2], start=1)
        ],
        "is_one_missing": len(asked.region) == 1,
        "are_too_many": len(asked.region) > 2,
        "kept": asked.replace(region=()).pairs,
        "fewest": FEWEST_SOURCES,
        "draws": f"{DRAWS:,}",
    }
    return show(request, state, "website/analysis/divergence.html", context, found)


def _parting_file(request: HttpRequest, state: State) -> Taken:
    asked, found = _parting(request, state)
    first, second = found.names or ("", "")
    lines = [
        Line("Divergence", f"{FORMULAS['divergence']}; 1 {first}, 2 {second}" if found.names else "of no two regions"),
        Line("Agreement", f"{FORMULAS['agreement']}; {FORMULAS['polarisation']}"),
        Line("Intervals", f"95%, percentiles of {DRAWS:,} bootstrap samples of whole sources, seeded"),
        Line("Threshold", f"{FEWEST_SOURCES} sources or more on each side"),
        Line("Repetitions", _ONCE),
        Line("As a network", f"regions, and everybody, tied to propositions; {_WEIGHT}, in DL the mean"),
    ]
    heads = ["Measure", "Proposition", "Address", "Value", "Low", "High"]
    heads += [f"{what} {i}" for what in ("Mean", "Statements", "Sources") for i in (1, 2)]
    lists = (("divergence", "region", found.names, found.apart), ("agreement", "all", ("Everybody",), found.agreed))
    rows = [
        [measure, one.title, one.address, one.value, one.low, one.high]
        + [each for pair in (one.means, one.statements, one.sources) for each in [*pair, None][:2]]
        for measure, _, _, ranked in lists
        for one in ranked
    ]
    cells = [
        Cell(
            End(kind, name, name),
            End("proposition", one.address, one.title),
            *(statements, mean),
            {"mean": mean, "sources": sources, measure: one.value, "low": one.low, "high": one.high},
        )
        for measure, kind, names, ranked in lists
        for one in ranked
        for name, mean, statements, sources in zip(names, one.means, one.statements, one.sources, strict=True)
    ]
    return Taken(asked.querystring(), asked, found, lines, Table(heads, rows, cells))


# --- How a measure moves


def _moving(request: HttpRequest, state: State) -> tuple[Filter, opinions.Wanted, list[str]]:
    problems: list[Problem] = []
    asked = filter_of(request, state)
    usual = "stance" if len(asked.proposition) == 1 else "polarisation"
    wanted = opinions.Wanted(
        measure=cast("Any", chosen(request.GET, "measure", MEASURES, usual, problems)),
        by=cast("Any", chosen(request.GET, "by", BY, "year", problems)),
        window=max(1, min(100, round(number(request.GET, "window", 1, problems)))),
        of=chosen(request.GET, "of", _OF_LABELS, "everybody", problems),
    )
    if problems:
        raise UnusableFilter(problems)
    notices = []
    if wanted.measure == "stance" and len(asked.proposition) != 1:
        notices.append("A mean stance says something of one proposition: choose one below. This is the polarisation.")
        wanted = wanted._replace(measure="polarisation")
    if wanted.measure == "density" and wanted.of != "everybody":
        notices.append("A density is one of pairs of holders, so that it is followed for everybody together.")
        wanted = wanted._replace(of="everybody")
    return asked, wanted, notices


@of_the_catalogue
def moving_page(request: HttpRequest, state: State) -> HttpResponse:
    """How a measure moves from workshop to workshop, from year to year, or along a window of years."""
    asked, wanted, notices = _moving(request, state)
    found = opinions.movement(asked, wanted, state, bookmark_of(state))
    context = {
        "found": found,
        "files": TABLE_FILES.values(),
        "asked": asked,
        "wanted": wanted,
        "notices": notices,
        "narrowed": asked.querystring(),
        "kept": asked.pairs,
        "query": _moving_query(asked, wanted),
        "rest": asked.querystring(proposition=()),
        "fewest": FEWEST,
        "is_wide": wanted.by == "year" and wanted.window > len(found.periods),
        "menus": [
            ("measure", "Measure", [Choice(one, _MEASURE_LABELS[one], one == wanted.measure) for one in MEASURES]),
            ("by", "From", [Choice(one, f"{one} to {one}", one == wanted.by) for one in BY]),
            ("of", "Of", [Choice(one, label, one == wanted.of) for one, label in _OF_LABELS.items()]),
        ],
        "label": _MEASURE_LABELS[wanted.measure],
    }
    return show(request, state, "website/analysis/moving.html", context, found)


def _moving_file(request: HttpRequest, state: State) -> Taken:
    asked, wanted, _ = _moving(request, state)
    found = opinions.movement(asked, wanted, state, bookmark_of(state))
    wide = f", {wanted.window} years each" if wanted.by == "year" and wanted.window > 1 else ""
    lines = [
        Line("Measure", f"{_MEASURE_LABELS[wanted.measure]}: {FORMULAS[wanted.measure]}"),
        Line("Periods", f"{wanted.by} by {wanted.by}{wide}"),
        Line("Repetitions", _ONCE),
        Line("As a network", f"{_OF_LABELS[wanted.of].casefold()}, tied to {wanted.by}s; {_WEIGHT}, in DL the measure"),
    ]
    points = [
        (period, line.name, point)
        for i, period in enumerate(found.periods)
        for line in found.lines
        if (point := line.points[i])
    ]
    rows = [[name, address, of, point.value, point.statements, point.sources] for (name, address), of, point in points]
    cells = [
        Cell(
            End(wanted.of, of, of),
            End(wanted.by, address or name, name),
            *(point.statements, point.value),
            {"value": point.value, "sources": point.sources},
        )
        for (name, address), of, point in points
        if point.value is not None
    ]
    heads = ["Period", "Address", "Of", "Value", "Statements", "Sources"]
    return Taken(_moving_query(asked, wanted), asked, found, lines, Table(heads, rows, cells))


def _moving_query(asked: Filter, wanted: opinions.Wanted) -> str:
    return together(asked.querystring(), *(f"{name}={value}" for name, value in sorted(wanted._asdict().items())))


# --- What nobody has spoken on


def _coverage(request: HttpRequest, state: State) -> tuple[Filter, Coverage]:
    problems: list[Problem] = []
    asked = filter_of(request, state)
    since = round(number(request.GET, "since", 0, problems))
    if problems:
        raise UnusableFilter(problems)
    return asked, coverage(asked, state, min(since, 9999) or None)


@of_the_catalogue
def coverage_page(request: HttpRequest, state: State) -> HttpResponse:
    """Themes by regions that have hardly been spoken on."""
    asked, found = _coverage(request, state)
    names = {node.slug: node.name for node in (*found.themes, *found.regions)}
    context = {
        "found": found,
        "files": TABLE_FILES.values(),
        "rows": [(theme, [found.cells[theme.slug, region.slug] for region in found.regions]) for theme in found.themes],
        "gaps": [(names[cell.theme], names[cell.region], cell) for cell in found.gaps[:MOST_GAPS]],
        "more": max(0, len(found.gaps) - MOST_GAPS),
        "asked": asked,
        "narrowed": asked.querystring(),
        "query": _coverage_query(asked, found),
        "above": [(facet, steps(asked, facet, nodes)) for facet, nodes in found.above.items() if nodes],
        "kept": asked.pairs,
    }
    return show(request, state, "website/analysis/coverage.html", context, found)


def _coverage_file(request: HttpRequest, state: State) -> Taken:
    asked, found = _coverage(request, state)
    lines = [
        Line("Expected", FORMULAS["expected"]),
        Line(
            "Gap",
            f"the first that holds of: nothing, no workshop, one workshop, nothing since {found.since}, no passage",
        ),
        Line("As a network", "themes tied to the regions about which there are positions; weights are their number"),
    ]
    names = {node.slug: node.name for node in (*found.themes, *found.regions)}
    heads = [one.name.capitalize() for one in fields(Covered)]
    rows = [
        [str(v) if v is not None and not isinstance(v, int | float) else v for v in astuple(c)]
        for c in found.cells.values()
    ]
    cells = [
        Cell(
            End("theme", one.theme, names[one.theme]),
            End("region", one.region, names[one.region]),
            *(one.positions, one.positions),
            dict(zip(heads[3:], row[3:], strict=True)),
        )
        for one, row in zip(found.cells.values(), rows, strict=True)
        if one.positions
    ]
    return Taken(_coverage_query(asked, found), asked, found, lines, Table(heads, rows, cells))


def _coverage_query(asked: Filter, found: Coverage) -> str:
    return together(asked.querystring(), f"since={found.since}")


# --- Each for other programs

FIGURES = {"divergence": _parting_file, "over-time": _moving_file, "coverage": _coverage_file}


@of_the_catalogue
def file(request: HttpRequest, state: State, page: str, extension: str) -> HttpResponse:
    """What a page shows, for other programs, or how it was computed."""
    if extension not in (*TABLE_FILES, "txt"):
        raise Http404
    taken = FIGURES[page](request, state)
    origin = origin_of(request, page, taken.query, taken.asked, taken.found)
    lines = [*taken.lines, Line("Notation", notation()), *whence(origin)]
    return as_file(None if extension == "txt" else TABLE_FILES[extension], taken.table, lines, page)
