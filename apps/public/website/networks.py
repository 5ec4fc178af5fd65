"""What the page of a network shows: the picture, the matrix, the tables, and how all of it was computed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, cast

from django.utils.safestring import SafeString

from apps.public.analysis.asking import TIES, Asked
from apps.public.analysis.drawing import Drawing, Node, drawing
from apps.public.analysis.networks import NORMALISATIONS
from apps.public.analysis.reading import Actors, Statements, TooManyActors, count, statements_of
from apps.public.analysis.results import Network, TooLarge, network
from apps.public.analysis.statements import PERIODS
from apps.public.catalogue.state import State
from apps.public.search.filters import Filter
from apps.public.search.folder import Bookmark
from apps.public.website.network_pictures import HeatRow, heat_map, network_picture, shown_weight
from apps.public.website.reading import url_of
from apps.taxonomy.words import Kind

MOST_ROWS = 30  # of the matrix and of each table
MOST_SHADES = 5
MANY = 200_000  # positions: a network of more is some seconds in the making

ACTOR_LABELS = {
    "holder": "Holders, as the record names or describes them",
    "region": "Regions that positions are about",
    "workshop": "Workshops",
    "source": "Sources",
}
_HOW_LABELS = {
    "congruence": "Congruence: how often they say the same",
    "conflict": "Conflict: how often they part",
    "subtract": "Congruence less conflict",
    "ignore": "Shared propositions, whatever the stance",
    "two-mode-ignore": "How often, whatever the stance",
    "two-mode-subtract": "For less against",
    "two-mode-combine": "For, against, or both",
    "propositions-congruence": "Congruence: the same stance of the same actor",
    "propositions-conflict": "Conflict: another stance of the same actor",
    "propositions-ignore": "Shared actors, whatever the stance",
}
_NORMALISE_LABELS = {
    "none": "Nothing",
    "activity": "Average activity",
    "prominence": "Prominence of the proposition (two-mode)",
    "jaccard": "Jaccard",
    "product": "Product of activities (“cosine” in DNA)",
    "cosine": "Cosine, as in textbooks",
}
_GROUPS = {
    "": "Actors with actors",
    "two-mode": "Actors with propositions",
    "propositions": "Propositions with propositions",
}


class Choice(NamedTuple):
    value: str
    label: str
    is_chosen: bool


class Leading(NamedTuple):
    """A node in the table."""

    key: str
    name: str
    address: str  # where its statements are; empty where none is known
    statements: int
    community: int


class Bond(NamedTuple):
    """A tie in the table."""

    first: str
    second: str
    weight: str


class Whence(NamedTuple):
    """What a network was made of."""

    positions: int  # that the filter finds
    undecided: int  # of them, on no proposition or without a side
    unheld: int  # of the others, without an actor
    change: int  # the catalogue's last change that is in it

    @classmethod
    def of(cls, read: Statements) -> Whence:
        return cls(read.positions, read.undecided, read.unheld, read.change)


@dataclass(frozen=True)
class Made:
    """A network with its pictures, which are drawn once. The matrix of a large one is too much to be kept, so that what
    is shown of it is."""

    drawing: Drawing
    nodes: list[Leading]
    bonds: list[Bond]
    picture: SafeString
    matrix: SafeString
    size: tuple[int, int]
    counted: int
    repeated: int
    ties: int
    density: float
    whence: Whence
    names: Mapping[str, str]
    has_propositions: bool
    is_signed: bool  # whether weights may be below 0
    is_two_mode: bool

    @property
    def change(self) -> int:
        return self.whence.change


@dataclass(frozen=True)
class Refused:
    """Why there is no network, and what would make one."""

    message: str
    enough: int  # statements that an actor needs; 0 where none would do
    change: int


def made(asked: Filter, wanted: Asked, state: State, bookmark: Bookmark) -> Made | Refused:
    """The network on a filter; made once for each state of the catalogue and of the index. Raises SearchUnavailable."""
    *_, found = steps(asked, wanted, state, bookmark)
    assert not isinstance(found, str)  # the last is what came of it
    return found


def steps(asked: Filter, wanted: Asked, state: State, bookmark: Bookmark) -> Iterator[str | Made | Refused]:
    """What is being done, step by step, and at last what came of it: at once, if it was made before."""
    key = (asked, wanted, state, bookmark)
    if found := _kept.get(key):
        yield found
        return
    try:
        yield "Reading the positions …"
        read = statements_of(asked, state, cast("Actors", wanted.actors))
        yield f"Counting {len(read.frame):,} statements …"
        counted = network(read.frame, read.names, wanted)
        yield f"Laying out {len(counted.weights.index):,} of them …"
        found = laid_out(counted, _addresses(asked, wanted), Whence.of(read))
    except TooManyActors as error:
        found = Refused(str(error), 0, bookmark.change)
    except TooLarge as error:
        found = Refused(str(error), error.enough, bookmark.change)
    _kept.keep(key, found)
    yield found


def is_long(asked: Filter, wanted: Asked, state: State, bookmark: Bookmark) -> bool:
    """Whether a network will be some seconds in the making."""
    if _kept.get((asked, wanted, state, bookmark)):
        return False
    return count(asked, state) > MANY


def _addresses(asked: Filter, wanted: Asked) -> Callable[[Node], str]:
    def address_of(node: Node) -> str:
        if node.is_proposition:
            return url_of(Kind.PROPOSITION, node.key)
        if wanted.actors in ("holder", "region", "workshop"):
            return f"/browse/?{asked.querystring(**{wanted.actors: (node.key,)})}"
        return ""

    return address_of


class _Kept:
    """What was made last, by all that it depends on."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, Made | Refused] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Made | Refused | None:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def keep(self, key: Hashable, found: Made | Refused) -> None:
        with self._lock:
            self._found[key] = found
            while len(self._found) > self._most:
                self._found.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._found.clear()


_kept = _Kept(64)


def laid_out(found: Network, address_of: Callable[[Node], str], whence: Whence) -> Made:
    """A network as the page shows it; ``address_of`` says where a node's statements are, empty where none is known."""
    drawn = drawing(found)

    def name(key: str) -> str:
        return found.names.get(key, key)

    return Made(
        drawing=drawn,
        nodes=[
            Leading(node.key, name(node.key), address_of(node), node.statements, node.community)
            for node in sorted(drawn.nodes, key=lambda node: -node.statements)
        ],
        bonds=[
            Bond(name(first), name(second), shown_weight(weight))
            for first, second, weight in found.strongest(MOST_ROWS)
        ],
        picture=network_picture(drawn, found.names),
        matrix=heat_map(*_heat(found, drawn.nodes)),
        size=(len(found.weights.index), len(found.weights.columns)),
        counted=found.counted,
        repeated=found.repeated,
        ties=found.ties,
        density=found.density,
        whence=whence,
        names={key: name(key) for key in (*(node.key for node in drawn.nodes), *found.asked.without)},
        has_propositions=any(node.is_proposition for node in drawn.nodes),
        is_signed=found.how.is_signed,
        is_two_mode=found.is_two_mode,
    )


def _heat(found: Network, nodes: Iterable[Node]) -> tuple[list[tuple[int, str]], list[HeatRow]]:
    """The matrix of those with the most statements, communities side by side."""
    community = {node.key: node.community for node in nodes}

    def few(keys: Iterable[str]) -> list[str]:
        most = sorted(keys, key=lambda key: -found.statements.get(key, 0))[:MOST_ROWS]
        return sorted(most, key=lambda key: community.get(key, 0) or len(community) + 1)

    rows, columns = few(found.weights.index), few(found.weights.columns)
    weights = found.weights.loc[rows, columns].to_numpy()
    most = float(abs(weights).max()) if weights.size else 0.0
    is_one = not found.is_two_mode

    def cell(row: int, column: int) -> tuple[str, int, str]:
        weight = float(weights[row, column])
        said = f"{found.names.get(rows[row], rows[row])}, {found.names.get(columns[column], columns[column])}"
        if is_one and rows[row] == columns[column]:
            return "", 0, ""
        if not weight:
            return "", 0, said
        shade = max(1, round(MOST_SHADES * abs(weight) / most))
        return shown_weight(weight), shade if weight > 0 else -shade, said

    return (
        [(number, found.names.get(key, key)) for number, key in enumerate(columns, start=1)],
        [
            HeatRow(number, found.names.get(key, key), [cell(number - 1, column) for column in range(len(columns))])
            for number, key in enumerate(rows, start=1)
        ],
    )


def form(
    wanted: Asked, actors: Mapping[str, str] = ACTOR_LABELS
) -> dict[str, list[Choice] | list[tuple[str, list[Choice]]]]:
    """What can be chosen, and what is."""
    groups: dict[str, list[Choice]] = {label: [] for label in _GROUPS.values()}
    for name in TIES:
        group = next(label for prefix, label in reversed(_GROUPS.items()) if name.startswith(prefix))
        groups[group].append(Choice(name, _HOW_LABELS[name], name == wanted.ties))
    normalisations = dict.fromkeys(one for ones in NORMALISATIONS.values() for one in ones)
    return {
        "actors": [Choice(one, label, one == wanted.actors) for one, label in actors.items()],
        "ties": list(groups.items()),
        "normalise": [Choice(one, _NORMALISE_LABELS[one], one == wanted.normalise) for one in normalisations],
        "once": [Choice(one, _once_label(one), one == wanted.once) for one in PERIODS],
    }


def _once_label(period: str) -> str:
    return {"statement": "All count", "range": "Once in all", "source": "Once in a source"}.get(
        period, f"Once a {period}"
    )
