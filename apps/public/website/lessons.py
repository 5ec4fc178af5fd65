"""Lessons that travel: what is proposed for one theatre after the practice of another.

A theatre is a region at the top of the tree. A record about several counts in each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from apps.public.catalogue.content import as_text, load
from apps.public.catalogue.models import Link, Record, Tie
from apps.public.search.filters import Problem, UnusableFilter
from apps.public.website.reading import Neighbour, url_of
from apps.taxonomy.vocabulary import Hierarchy, Node

MOST_COUNTED = 2_000  # lessons, the latest ones: the figures are of these
MOST_FLOWS = 60  # that are drawn and tabulated, the widest
MOST_OF_A_FLOW = 10  # lessons that are listed of each while none is chosen
MOST_LISTED = 100
NOWHERE = Node("~", "No theatre named")  # in an address it stands for itself: no slug can be that

Keys = dict[tuple[str, str], list[int]]  # by the theatres that lessons are drawn from and proposed for


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is proposed, the practice that it draws on, and where it was proposed."""

    proposal: Neighbour
    practice: Neighbour
    note: str
    places: list[tuple[str, str]]  # title and address: the article or session, and the workshop


@dataclass(frozen=True, slots=True)
class Flow:
    """The lessons that one theatre draws from another, or from itself."""

    drawn_from: Node
    proposed_for: Node
    total: int
    chosen: bool = False
    lessons: list[Lesson] = field(default_factory=list)  # those listed

    @property
    def querystring(self) -> str:
        return f"from={self.drawn_from.slug}&to={self.proposed_for.slug}"


@dataclass(frozen=True, slots=True)
class Lessons:
    flows: list[Flow]  # all there are, the widest first
    groups: list[Flow]  # those asked for, with their lessons
    counted: int
    is_capped: bool  # whether there are more than were counted
    are_all_listed: bool


@dataclass(frozen=True, slots=True)
class Ends:
    """The regions that lessons are asked for; each includes what lies within it."""

    drawn_from: Node | None = None
    proposed_for: Node | None = None

    @classmethod
    def from_params(cls, params: QueryDict, regions: Hierarchy) -> Ends:
        """Parse a query string. Raises UnusableFilter, with all that is wrong with it."""
        asked = {name: slug for name in ("from", "to") if (slug := params.get(name, ""))}
        nodes = {NOWHERE.slug: NOWHERE} | dict(regions.nodes)
        problems = [
            Problem(name, slug, f"There is no region called “{slug[:40]}”.")
            for name, slug in asked.items()
            if slug not in nodes
        ]
        if problems:
            raise UnusableFilter(problems)
        return cls(*(nodes[asked[name]] if name in asked else None for name in ("from", "to")))

    def __bool__(self) -> bool:
        return bool(self.drawn_from or self.proposed_for)


def lessons(asked: Ends, regions: Hierarchy) -> Lessons:
    """Count lessons by their theatres, and read those asked for. Three queries at most: what the figures are made of,
    the lessons listed, and where these were proposed."""
    links = Link.objects.filter(tie=Tie.DRAWS_LESSON_FROM).order_by("-pk")
    rows = list(links.values_list("pk", "target__content__regions", "source__content__regions")[: MOST_COUNTED + 1])
    counted = rows[:MOST_COUNTED]
    found = _by_theatres(counted, regions, Ends())
    wanted = _by_theatres(counted, regions, asked) if asked else found
    listed = _listed(wanted, MOST_LISTED if asked.drawn_from and asked.proposed_for else MOST_OF_A_FLOW)
    read = _read([key for keys in listed.values() for key in keys])

    def flow(pair: tuple[str, str], total: int, keys: Iterable[int] = ()) -> Flow:
        drawn_from, proposed_for = (NOWHERE if slug == NOWHERE.slug else regions[slug] for slug in pair)
        return Flow(drawn_from, proposed_for, total, bool(asked) and pair in wanted, [read[key] for key in keys])

    return Lessons(
        flows=[flow(pair, len(keys)) for pair, keys in list(found.items())[:MOST_FLOWS]],
        groups=[flow(pair, len(wanted[pair]), keys) for pair, keys in listed.items()],
        counted=len(counted),
        is_capped=len(rows) > MOST_COUNTED,
        are_all_listed=sum(map(len, listed.values())) == sum(map(len, wanted.values())),
    )


def _by_theatres(rows: Iterable[tuple[int, list[str], list[str]]], regions: Hierarchy, asked: Ends) -> Keys:
    """Lessons by what they are drawn from and proposed for, those with most of them first."""
    found: Keys = defaultdict(list)
    for key, practice, proposal in rows:
        for drawn_from in _theatres(practice, regions, asked.drawn_from):
            for proposed_for in _theatres(proposal, regions, asked.proposed_for):
                found[drawn_from, proposed_for].append(key)
    return dict(sorted(found.items(), key=lambda one: (-len(one[1]), one[0])))


def _theatres(slugs: Iterable[str], regions: Hierarchy, within: Node | None) -> set[str]:
    """The theatres of those of a record's regions that lie within the one asked for."""
    known = [slug for slug in slugs if slug in regions]
    if not known:
        return {NOWHERE.slug} if within in (None, NOWHERE) else set()
    tops = (regions.ancestors(slug) for slug in known if within is None or within.slug in regions.ancestors(slug))
    return {top for above in tops for top in above if not regions[top].above}


def _listed(wanted: Keys, most: int) -> Keys:
    """Those that are listed of each pair, while there is room."""
    room, listed = MOST_LISTED, {}
    for pair, keys in wanted.items():
        if room:
            listed[pair] = keys[: min(room, most)]
            room -= len(listed[pair])
    return listed


def _read(keys: Iterable[int]) -> dict[int, Lesson]:
    columns = [
        column
        for end in ("source", "target")
        for column in (f"{end}__identifier", f"{end}__kind", f"{end}__title", as_text(f"{end}__content"))
    ]
    rows = list(Link.objects.filter(pk__in=set(keys)).values_list("pk", "note", *columns)) if keys else []
    contents = {key: load(content) for key, _, _, _, _, content, *_ in rows}
    places = _places(contents.values())
    read = {}
    for key, note, name, kind, title, _, other, other_kind, other_title, other_content in rows:
        read[key] = Lesson(
            proposal=Neighbour.of(Tie.DRAWS_LESSON_FROM, "", name, kind, title, contents[key]),
            practice=Neighbour.of(Tie.DRAWS_LESSON_FROM, "", other, other_kind, other_title, load(other_content)),
            note=note,
            places=[places[one] for one in _named(contents[key]) if one in places],
        )
    return read


def _places(contents: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    """The titles and addresses of what records were found in and heard at."""
    named = {name for content in contents for name in _named(content)}
    rows = Record.objects.live().filter(identifier__in=named).values_list("identifier", "kind", "title")
    return {name: (title, url_of(kind, name)) for name, kind, title in rows}


def _named(content: Mapping[str, str]) -> list[str]:
    return [content[name] for name in ("source", "workshop") if content.get(name)]
