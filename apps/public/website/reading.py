"""What pages read: a record with its links, as cards and lists show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from apps.public.catalogue.content import as_text, load
from apps.public.catalogue.models import Link, Record, Tie
from apps.public.exports.citing import csl_item
from apps.public.exports.metadata import coins
from apps.public.exports.rows import Row
from apps.public.exports.site import Site
from apps.public.search.results import Destination
from apps.taxonomy.vocabulary import Node, Vocabulary
from apps.taxonomy.words import Kind, Stance

MOST_OF_A_SIDE = 10  # positions that a proposition's page shows of one stance
MOST_LINKS = 100  # that lead to a record and are shown on its page


def url_of(kind: str, identifier: str) -> str:
    """The permalink of a record."""
    return f"/{kind}s/{identifier}/"


@dataclass(frozen=True, slots=True)
class Card:
    """A record as a list shows it."""

    url: str
    kind: str
    title: SafeString
    stance: str = ""
    holder: str = ""
    date: str = ""
    source: str = ""
    source_url: str = ""
    line: str = ""  # of an article: authors and outlet; of a workshop: host and place
    snippet: SafeString | str = ""
    regions: list[Node] = field(default_factory=list)
    themes: list[Node] = field(default_factory=list)
    synthetic: bool = False
    unresolved: bool = False
    identifier: str = ""
    coins: str = ""  # the same for managers of literature

    @classmethod
    def of(
        cls,
        record: Record,
        vocabulary: Vocabulary,
        site: Site,
        links: Iterable[Destination] = (),
        title: SafeString | None = None,
        snippet: SafeString | str = "",
    ) -> Card:
        content: dict[str, Any] = record.content or {}
        source = next((link for link in links if link.tie in (Tie.FOUND_IN, Tie.PART_OF)), None)
        regions = nodes(vocabulary, "region", content.get("regions", ()))
        themes = nodes(vocabulary, "theme", content.get("themes", ()))
        cited = Row(record, content, [node.name for node in regions], [node.name for node in themes])
        return cls(
            url=url_of(record.kind, record.identifier),
            kind=record.kind,
            title=title or conditional_escape(record.title),
            stance=content.get("stance", ""),
            holder=content.get("holder", {}).get("text", ""),
            date=content.get("date_text", ""),
            source=source.title if source else "",
            source_url=url_of(source.kind, source.identifier) if source else "",
            line=byline(record.kind, content),
            snippet=snippet,
            regions=regions,
            themes=themes,
            synthetic=record.synthetic,
            unresolved=content.get("unresolved", False),
            identifier=record.identifier,
            coins=coins(csl_item(cited, site)),
        )


def byline(kind: str, content: dict[str, Any]) -> str:
    """Who made it and where it appeared, in one line."""
    if kind == Kind.ARTICLE:
        authors = [author["name"] for author in content.get("authors", ())]
        shown = ", ".join(authors[:3]) + (" and others" if len(authors) > 3 else "")
        return ". ".join(filter(None, (shown, content.get("outlet", ""))))
    if kind == Kind.WORKSHOP:
        return ", ".join(filter(None, (content.get("host", ""), content.get("place", ""))))
    return ""


def nodes(vocabulary: Vocabulary, facet: Any, slugs: Iterable[str]) -> list[Node]:
    """The regions or themes of a record; one that has left the vocabulary is left out."""
    hierarchy = vocabulary.hierarchy(facet)
    return [hierarchy[slug] for slug in slugs if slug in hierarchy]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A record at the other end of a link."""

    tie: str
    note: str
    url: str
    kind: str
    title: str
    stance: str
    holder: str
    date: str
    number: int | None = None
    line: str = ""  # of an article: authors and outlet; of a workshop: host and place
    order: int | None = None  # of a position: its place in its source
    quotation: str = ""  # of a position: the words in which it stands in its source
    source: str = ""  # its source's identifier; where that is looked up, its title and address too
    source_title: str = ""
    source_url: str = ""

    @classmethod
    def of(
        cls, tie: str, note: str, identifier: str, kind: str, title: str, content: dict[str, Any] | None
    ) -> Neighbour:
        content = content or {}
        return cls(
            tie=tie,
            note=note,
            url=url_of(kind, identifier),
            kind=kind,
            title=title,
            stance=content.get("stance", ""),
            holder=content.get("holder", {}).get("text", ""),
            date=content.get("date_text", ""),
            number=content.get("number"),
            line=byline(kind, content),
            order=content.get("order"),
            quotation=next((one["quotation"] for one in content.get("passages", ()) if one["quotation"]), ""),
            source=content.get("source", ""),
        )


def neighbours(links: QuerySet[Link], end: str) -> list[Neighbour]:
    """What links lead to at one ``end``: their source or their target."""
    columns = (f"{end}__{column}" for column in ("identifier", "kind", "title"))
    rows = links.values_list("tie", "note", *columns, as_text(f"{end}__content"))
    return [Neighbour.of(tie, note, name, kind, title, load(content)) for tie, note, name, kind, title, content in rows]


def links_out(record: Record) -> list[Neighbour]:
    return neighbours(record.links_out.order_by("tie", "pk"), "target")


def neighbours_at(links: Iterable[Link]) -> list[Neighbour]:
    """What links lead to that are not stored, such as those of a preview."""
    targets = Record.objects.in_bulk([link.target_id for link in links])
    return [
        Neighbour.of(link.tie, link.note, target.identifier, target.kind, target.title, target.content)
        for link in links
        if (target := targets.get(link.target_id))
    ]


def links_in(record: Record) -> list[Neighbour]:
    """What points here, a hundred at most; without the positions on a proposition, see positions_on()."""
    apart = [Tie.TAKES_SIDE_ON] if record.kind == Kind.PROPOSITION else []
    into = record.links_in.exclude(tie__in=apart)
    return neighbours(in_turn(into, "tie", "note", "pk"), "source")


def in_turn(links: QuerySet[Link], sort: str, *order: str) -> QuerySet[Link]:
    """A hundred links at most: the first of each sort, then the second of each, so that none is missing beside one
    that has hundreds."""
    numbered = links.order_by(Window(RowNumber(), partition_by=sort, order_by=order), sort)
    return Link.objects.filter(pk__in=numbered.values("pk")[:MOST_LINKS]).order_by(sort, *order)


def positions_on(proposition: Record, stances: dict[str, int]) -> list[tuple[str, int, list[Neighbour]]]:
    """Who takes which side: each stance that somebody has taken, how many have, and the first of them with their
    sources. One query a stance, however many there are, and one for the sources."""
    sides = [
        (stance, count, neighbours(_on_side(proposition, stance)[:MOST_OF_A_SIDE], "source"))
        for stance, count in stances.items()
        if count
    ]
    wanted = {one.source for _, _, found in sides for one in found}
    rows = Record.objects.live().filter(identifier__in=wanted).values_list("identifier", "kind", "title")
    sources = {name: (title, url_of(kind, name)) for name, kind, title in rows}
    return [(stance, count, [_sourced(one, sources) for one in found]) for stance, count, found in sides]


def _on_side(proposition: Record, stance: str) -> QuerySet[Link]:
    return proposition.links_in.filter(tie=Tie.TAKES_SIDE_ON, note=stance).order_by("pk")


def _sourced(one: Neighbour, sources: dict[str, tuple[str, str]]) -> Neighbour:
    title, url = sources.get(one.source, ("", ""))
    return replace(one, source_title=title, source_url=url)


def stances_on(proposition: Record) -> dict[str, int]:
    """How many positions take which side, in the order of the sides."""
    sides = proposition.links_in.filter(tie=Tie.TAKES_SIDE_ON).values("note").annotate(count=Count("pk"))
    return Stance.tally({row["note"]: row["count"] for row in sides.values("note", "count")})


LEFT_TO_RIGHT = (Stance.OPPOSES, Stance.NEUTRAL, Stance.QUALIFIES, Stance.SUPPORTS)


def diverging(rows: list[dict[str, int]]) -> tuple[float, list[list[Part]]]:
    """Bars on one scale around one line: what opposes to its left, what qualifies and supports to its right, and what
    is neutral half on either side. Returns the place of the line, in hundredths of the width, and the bars.

    After R. Heiberger and N. Robbins, Design of Diverging Stacked Bar Charts for Likert Scales and Other Applications,
    Journal of Statistical Software 57(5), 2014.
    """
    left = [row[Stance.OPPOSES] + row[Stance.NEUTRAL] / 2 for row in rows]
    right = [sum(row.values()) - half for row, half in zip(rows, left, strict=True)]
    scale = 100 / (max(left, default=0) + max(right, default=0) or 1)
    bars = []
    for row, half in zip(rows, left, strict=True):
        x, bar = (max(left) - half) * scale, []
        for stance in LEFT_TO_RIGHT:
            if row[stance]:
                bar.append(Part(stance, round(x, 2), round(row[stance] * scale, 2)))
                x += row[stance] * scale
        bars.append(bar)
    return round(max(left, default=0) * scale, 2), bars


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the bar that shows how positions lean, in hundredths of its width."""

    stance: str
    x: float
    width: float


def lean(stances: dict[str, int]) -> list[Part]:
    """The parts of the bar, side by side in the order of the stances; none where nobody took a side."""
    total, x, parts = sum(stances.values()), 0.0, []
    for stance, count in stances.items():
        if count:
            parts.append(Part(stance, round(x, 2), round(100 * count / total, 2)))
            x += 100 * count / total
    return parts
