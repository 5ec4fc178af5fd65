"""What the patterns page shows: made-up things of every sort in every state, named examples and nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.utils.safestring import SafeString

from apps.public.analysis.asking import Asked
from apps.public.analysis.coverage import Cell as Covered
from apps.public.analysis.coverage import Coverage
from apps.public.analysis.results import network
from apps.public.analysis.statements import frame
from apps.public.search.comparison import Comparison, Count, arranged
from apps.public.search.crosstab import Cell, Crosstab, Row
from apps.public.search.facets import Facet, FacetValue
from apps.public.search.filters import Filter
from apps.public.search.leanings import FEWEST, Leaning
from apps.public.search.results import WayBack
from apps.public.search.spread import Spread
from apps.public.website import networks, opinions
from apps.public.website.comparing import Shown
from apps.public.website.lessons import NOWHERE, Flow, Lesson
from apps.public.website.mapping import Map, map_of
from apps.public.website.reading import Card, Neighbour
from apps.taxonomy.vocabulary import Hierarchy, Node
from apps.taxonomy.words import Gap, Kind, Rule, Stance

MANY = {"supports": 4, "qualifies": 2, "neutral": 1, "opposes": 3}
_FEW = {"supports": 1, "qualifies": 0, "neutral": 0, "opposes": 1}
_NONE = dict.fromkeys(Stance.values, 0)
_PROPOSITION = "example2"  # like an identifier; it leads nowhere


def _node(name: str, *countries: str, below: tuple[str, ...] = ()) -> Node:
    return Node(f"example-{name}", f"Example {name}", countries=countries, below=below)


SECTIONS = (
    *"Type Notices Search Choosing Nothing Cards Table Stances Map Matrix Compare Lessons Lists Source Cite".split(),
    "Question",
    *("Network", "Opinions"),
)

# The first two overlap in Finland; nobody has spoken on the fourth; the fifth is no land.
REGIONS = [
    _node("north", "FI", "IS", "GL", "CA"),
    _node("east", "FI", "RU", "CN", below=("example-part",)),
    _node("south", "BR", "AR", "CL"),
    _node("west", "US", "MX"),
    _node("sea"),
    _node("far", "AU"),
]
THEMES = [_node("calm", below=("example-part",)), _node("trust")]
_STANCES = [MANY, {**MANY, "opposes": 9}, _FEW, _NONE, _FEW, MANY]


def context() -> dict[str, Any]:
    """All that the template shows, by the names that the pages' own parts know it by."""
    found = comparison()
    return {
        "cards": cards(),
        "stances": MANY,
        "facets": facets(),
        "chosen": [value for facet in facets() for value in facet.values if value.selected],
        "filter": Filter(text="example words", page=4),
        "ways_back": [WayBack("Example east", "region=example-south", 12), WayBack("Opposes", "stance=example", 0)],
        "map": world(),
        "closer": [(REGIONS[1].name, "region=example-east")],
        "leanings": leanings(),
        "fewest": FEWEST,
        "table": crosstab(),
        "found": found,
        "names": tuple(node.name for node in REGIONS[:3]),
        "listed": listed(found),
        "made_at": dt.datetime(2024, 1, 2, 3, 4, tzinfo=dt.UTC),
        "positions": neighbours(),
        "flows": flows(),
        "defined": [replace(_node("term"), definition="What an example term means, in a sentence.")],
        "rules": list(Rule),
        "axis": "region",
        "menus": [(1, REGIONS[0].slug), (2, ""), (3, "")],
        "choices": [(node.slug, node.name) for node in REGIONS],
        "sections": SECTIONS,
        "parting": parting(),
        "movement": movement(),
        "coverage": covered(),
        "covered": [(_node("theme"), list(covered().cells.values()))],
        "network": network_of("subtract"),
        "two_mode": network_of("two-mode-subtract"),
        "form": networks.form(Asked()),
        "wanted": Asked(),
        "most": networks.MOST_ROWS,
        "question": question(),
    }


def network_of(ties: str) -> networks.Made:
    """Nine pairs that agree, each with one that parts from the pair before it, on one to five propositions."""
    who = [f"Some example {name} with a long description" for name in "abcdefghi"]
    said = [
        (one, f"{sign} {number} {i}", "opposes" if is_second and sign == "against" else "supports", "", None)
        for number, name in enumerate(who)
        for i in range(1 + number % 5)
        for sign, pair in (("with", (name, f"another {name}")), ("against", (name, who[number - 1])))
        for is_second, one in enumerate(pair)
    ]
    asked = Asked(ties=ties, once="statement")
    found = network(frame(said), {}, asked)
    return networks.laid_out(found, lambda _: "#", networks.Whence(len(said), 0, 0, 0))


def parting() -> opinions.Parting:
    ranked = opinions.Ranked("An example proposition", "#", 0.8, 0.5, 1.1, (0.5, -0.3), (12, 9), (4, 3))
    agreed = opinions.Ranked("Another example", "#", 0.9, 0.7, 1.0, (0.8,), (1,), (1,))
    return opinions.Parting(("Example north", "Example east"), [ranked], [agreed], 2, 21, 0)


def movement() -> opinions.Movement:
    """Six lines, one of which nobody speaks on for a year, and with too few statements at the end."""
    lines = [
        opinions.Moving(
            f"Example {name}",
            tuple(
                None
                if (i, year) == (2, 2021)
                else opinions.Point(str(year), i / 4 - 0.5, 9 - i, 3, is_few=9 - i < FEWEST)
                for year in range(2020, 2023)
            ),
        )
        for i, name in enumerate("abcdef")
    ]
    return opinions.Movement([(str(year), "") for year in range(2020, 2023)], lines, [], 0, 90, 0)


def covered() -> Coverage:
    """A cell for each gap, and one for none."""
    cells = {
        ("example-theme", node.slug): Covered("example-theme", node.slug, 3 * i, i, None, i, 4.0, gap)
        for i, (node, gap) in enumerate(zip(REGIONS, [*Gap], strict=False))
    }
    regions = [node for node in REGIONS if ("example-theme", node.slug) in cells]
    return Coverage(Filter(), 2020, [_node("theme")], regions, cells, {}, 30, 0)


def cards() -> list[Card]:
    """A card of each kind, of a position one for each stance and one without."""
    return [
        Card(
            url="#",
            kind=kind.value,
            title=SafeString(f"An example: {kind.label.lower()}"),
            stance=stance,
            holder="some participants" if kind == Kind.POSITION else "",
            date="6–7 June 2023",
            source="An example workshop" if kind in (Kind.POSITION, Kind.SESSION) else "",
            source_url="#",
            line="An example author. An example press" if kind == Kind.ARTICLE else "",
            snippet=SafeString("… an excerpt with a <mark>word</mark> that was searched for …") if not stance else "",
            regions=REGIONS[:1],
            themes=THEMES[:1],
            synthetic=kind == Kind.SESSION,
            unresolved=kind == Kind.ARTICLE,
        )
        for kind in Kind
        for stance in (["", *Stance.values] if kind == Kind.POSITION else [""])
    ]


def facets() -> list[Facet]:
    """One with values chosen and not, deeper ones too, and of which there are more; and years, drawn as a timeline."""

    def value(facet: str, name: str, label: str, count: int, selected: bool = False, depth: int = 0) -> FacetValue:
        return FacetValue(facet, name, label, count, selected, f"{facet}=example-{name}", depth)

    years = [value("year", str(year), str(year), (year * 7) % 11 + 1, year == 2021) for year in range(2024, 2013, -1)]
    return [
        Facet(
            "region",
            "Region",
            [
                value("region", "north", "Not chosen", 12),
                value("region", "east", "Chosen", 7, selected=True),
                value("region", "part", "Beneath it, chosen", 3, selected=True, depth=1),
                *(value("region", f"deep{depth}", "Deeper, not chosen", 9 - depth, depth=depth) for depth in (2, 3, 4)),
            ],
            more=True,
        ),
        Facet("year", "Year", years),
    ]


def leanings() -> list[Leaning]:
    """Rows with many positions, with too few for a bar, with none, and one set in beneath another."""
    return [
        Leaning(node.name, sum(stances.values()), stances, Filter(region=(node.slug,)), depth=depth, date=date)
        for node, stances, depth, date in zip(
            REGIONS, _STANCES, (0, 1, 0, 0, 0, 0), ("", "", "June 2023", "", "", ""), strict=True
        )
    ]


def world() -> Map:
    rows = [
        Leaning(node.name, total, _NONE, Filter(region=(node.slug,)))
        for node, total in zip(REGIONS, (3, 16, 41, 0, 2, 7), strict=True)
    ]
    return map_of(Spread(Filter(), REGIONS, rows, [], 0), Hierarchy.of(REGIONS))


def crosstab() -> Crosstab:
    """Cells with many positions, with few, with none at all, and with some that take no side."""
    cells = [(sum(stances.values()), stances) for stances in _STANCES[:5]] + [(3, _NONE)]
    rows = [
        Row(theme, [Cell(total, stances, Filter(theme=(theme.slug,))) for total, stances in order])
        for theme, order in ((THEMES[0], cells), (THEMES[1], cells[::-1]))
    ]
    return Crosstab(Filter(), REGIONS, rows, {}, 0)


def comparison() -> Comparison:
    """Three groups with one proposition on which they part."""
    line = (Count(5, 5), Count(6, 1, 1, 0, 4), Count(0))
    counts = (Count(12, 9, 1, 1, 1), Count(9, 2, 2, 1, 4), Count(2, 1, 0, 0, 1))
    return arranged("region", [node.slug for node in REGIONS[:3]], Filter(), counts, {_PROPOSITION: line}, 0)


def listed(found: Comparison) -> Shown:
    """A list that is cut, and of which something was withdrawn."""
    rows = [("An example proposition", f"/propositions/{_PROPOSITION}/", line) for line in found.part.lines]
    return Shown(rows, total=len(rows) + 5, withdrawn=1)


def flows() -> list[Flow]:
    """Lessons from one theatre for two others; one of the flows is chosen."""
    practice, proposal = neighbours()
    lesson = Lesson(proposal, practice, "An example note.", [("An example session", "#"), ("An example workshop", "#")])
    return [
        Flow(REGIONS[0], REGIONS[1], 7, chosen=True, lessons=[lesson]),
        Flow(REGIONS[0], REGIONS[2], 2),
        Flow(REGIONS[2], NOWHERE, 1),
    ]


def neighbours() -> list[Neighbour]:
    return [
        Neighbour(
            "found_in", "", "#", Kind.POSITION, f"An example claim: {stance.label.lower()}", stance, holder, "2023"
        )
        for stance, holder in ((Stance.SUPPORTS, "some participants"), (Stance.OPPOSES, ""))
    ]


def question() -> dict[str, Any]:
    """A question with a part of its address and a parameter that is explained."""
    said = {"is_in_path": False, "example": "an example", "description": "An example of what can be looked for."}
    part = {"name": "identifier", "is_in_path": True, "example": "example", "description": ""}
    return {"title": "An example", "example": "#question", "parameters": [part, {"name": "q", **said}]}
