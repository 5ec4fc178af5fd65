"""Statements from the catalogue: what the positions that a filter finds say, read from the index.

A million positions are read as numbers, which stand in the index; names are looked up of one position for each of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
import tantivy

from apps.public.catalogue.content import as_text, load
from apps.public.catalogue.models import Record
from apps.public.catalogue.state import State
from apps.public.search.crosstab import shown
from apps.public.search.filters import Filter
from apps.public.search.index import search_index
from apps.public.search.language import understand
from apps.public.search.matching import Matching
from apps.public.search.schema import holder_values
from apps.taxonomy.vocabulary import Facet, Vocabulary, vocabulary
from apps.taxonomy.words import Kind, Stance

Actors = Literal["holder", "region", "source", "workshop"]
ACTORS: tuple[Actors, ...] = get_args(Actors)
MOST_SETS = 20_000  # of holders or of regions that are looked up
_AT_ONCE = 900  # rows of a query: SQLite takes no more than 999 parameters
_FIRST_DAY = dt.date(1970, 1, 1).toordinal()  # what numpy counts from

Numbers = npt.NDArray[np.int64]


class TooManyActors(Exception):  # noqa: N818
    """A filter finds positions of more different holders than are looked up."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"That is {count:,} different holders; at most {MOST_SETS:,} are told apart. Narrow the filter."
        )


@dataclass(frozen=True)
class Statements:
    """What the positions that a filter finds say."""

    filter: Filter
    frame: pd.DataFrame  # as apps.public.analysis.statements has it, with further columns: the workshop, and a number
    # for who held it, whoever the actor is
    names: dict[str, str]  # what actors and propositions are called
    positions: int  # that the filter finds
    undecided: int  # of these, positions on no proposition, or that take no side: they are no statements
    unheld: int  # of the others, those without an actor: about no region, say
    change: int  # the catalogue's last change that is in the index


def statements_of(asked: Filter, state: State, actors: Actors = "holder") -> Statements:
    """Read what the positions that a filter finds say. A position that several hold, or about several regions, is a
    statement of each; regions are those of the matrix: the widest, the parts of the one chosen, or the several chosen.

    Two to a few queries to the database, however many positions. Raises SearchUnavailable while there is no index, and
    TooManyActors.
    """
    words = vocabulary(state.vocabulary)
    asked = asked.alone().replace(kind=(Kind.POSITION.value,))
    number, actors_of = _HELD[actors]
    columns, change = numbers_of(asked, state, {*_COLUMNS, number})
    found = len(columns["id"])
    takes_side = (columns["n_proposition"] > 0) & (columns["n_stance"] > 0)
    columns = {name: column[takes_side] for name, column in columns.items()}
    held = actors_of(columns["id"], columns[number], asked, words)
    rows = np.repeat(np.arange(len(held.counts)), held.counts)
    propositions, sources, workshops = (_identifiers(columns[f"n_{one}"], rows) for one in _RECORDS)
    frame = pd.DataFrame(
        {
            "actor": labelled(held.codes, held.keys),
            "proposition": propositions,
            "stance": labelled(columns["n_stance"][rows] - 1, Stance.values),
            "source": sources,
            "date": _dates(columns["n_day"][rows]),
            "workshop": workshops,
            "holder": columns["n_holder"][rows],
        }
    )
    return Statements(
        filter=asked,
        frame=frame,
        names=held.names | titles_of(list(propositions.categories)),
        positions=found,
        undecided=found - int(takes_side.sum()),
        unheld=int((held.counts == 0).sum()),
        change=change,
    )


def numbers_of(asked: Filter, state: State, names: Iterable[str]) -> tuple[dict[str, Numbers], int]:
    """Some numbers of all positions that a filter finds, all in one order, and the catalogue's last change that is in
    the index. Raises SearchUnavailable while there is none."""
    reader = search_index().reader(state, vocabulary(state.vocabulary))
    hits = reader.searcher.search(_query(asked), limit=max(1, reader.records), count=False).hits
    return {name: np.array(reader.numbers(name, hits), dtype=np.int64) for name in names}, reader.bookmark.change


def count(asked: Filter, state: State) -> int:
    """How many positions a filter finds. Raises SearchUnavailable while there is no index."""
    reader = search_index().reader(state, vocabulary(state.vocabulary))
    return int(reader.searcher.search(_query(asked), limit=1).count or 0)  # type: ignore[attr-defined]  # missing in its stubs


def _query(asked: Filter) -> tantivy.Query:
    return Matching(asked.alone().replace(kind=(Kind.POSITION.value,)), understand(asked.text)).query()


_RECORDS = ("proposition", "source", "workshop")
_COLUMNS = ("id", "n_stance", "n_day", "n_holder", *(f"n_{one}" for one in _RECORDS))


@dataclass(frozen=True)
class Held:
    """The actors of each position: ``counts`` says how many it has, ``codes`` which, one position after another.
    ``keys`` are what codes stand for, and ``names`` what those are called."""

    counts: Numbers
    codes: Numbers
    keys: list[str]
    names: dict[str, str]


def _by_holder(ids: Numbers, numbers: Numbers, asked: Filter, words: Vocabulary) -> Held:
    held = sets_of(ids, numbers, lambda content: holder_values(content["holder"]))
    return replace(held, names={key: key for key in held.keys})


def by_term(facet: Facet, ids: Numbers, numbers: Numbers, wanted: Iterable[str], words: Vocabulary) -> Held:
    """Which of some regions or themes each position is about, or about something beneath."""
    hierarchy, among = words.hierarchy(facet), set(wanted)

    def terms(content: dict[str, Any]) -> list[str]:
        known = [slug for slug in content[f"{facet}s"] if slug in hierarchy]
        return sorted(among & set(hierarchy.with_ancestors(known)))

    held = sets_of(ids, numbers, terms)
    return replace(held, names={slug: hierarchy[slug].name for slug in held.keys})


def _by_region(ids: Numbers, numbers: Numbers, asked: Filter, words: Vocabulary) -> Held:
    return by_term("region", ids, numbers, shown(asked.region, words.regions), words)


def _by_record(ids: Numbers, numbers: Numbers, asked: Filter, words: Vocabulary) -> Held:
    records = _identifiers(numbers, np.flatnonzero(numbers))
    keys = list(records.categories)
    return Held((numbers > 0).astype(np.int64), records.codes.astype(np.int64), keys, titles_of(keys))


# The number in the index that says who a position's actors are, and what finds them by it.
_HELD = {
    "holder": ("n_holder", _by_holder),
    "region": ("n_regions", _by_region),
    "source": ("n_source", _by_record),
    "workshop": ("n_workshop", _by_record),
}


def sets_of(ids: Numbers, numbers: Numbers, values: Callable[[dict[str, Any]], list[str]]) -> Held:
    """What each position has of a set that its number stands for: one position of each number is looked up."""
    known, first, which = np.unique(numbers, return_index=True, return_inverse=True)
    if len(known) > MOST_SETS:
        raise TooManyActors(len(known))
    examples: list[int] = ids[first[known > 0]].tolist()
    contents = _contents(examples)
    sets: list[list[str]] = [[] for number in known if not number]  # the first, if any
    sets += [values(contents[key]) if key in contents else [] for key in examples]
    keys = sorted({value for one in sets for value in one})
    place = {key: code for code, key in enumerate(keys)}
    flat = np.array([place[value] for one in sets for value in one], dtype=np.int64)
    sizes = np.array([len(one) for one in sets], dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    counts = sizes[which] if len(which) else np.zeros(0, dtype=np.int64)
    return Held(counts, flat[slices(starts[which], counts)] if len(flat) else flat, keys, {})


def slices(starts: Numbers, counts: Numbers) -> Numbers:
    """The places of slices, one slice after another, by where each begins and how long it is."""
    return np.arange(counts.sum()) + np.repeat(starts - (np.cumsum(counts) - counts), counts)


def _contents(keys: Sequence[int]) -> dict[int, dict[str, Any]]:
    return {key: load(content) for key, content in _of_records("pk", keys, "pk", as_text())}


def titles_of(identifiers: Sequence[str], withdrawn: str = "") -> dict[str, str]:
    """The titles of records; what has been withdrawn meanwhile is called so, or by its identifier."""
    named = dict(_of_records("identifier", identifiers, "identifier", "title"))
    return {name: named.get(name, withdrawn or name) for name in identifiers}


def _of_records(field: str, among: Sequence[Any], *columns: Any) -> Iterator[tuple[Any, ...]]:
    """Columns of the live records of which a field is one of many values."""
    for start in range(0, len(among), _AT_ONCE):
        live = Record.objects.live().filter(**{f"{field}__in": among[start : start + _AT_ONCE]})
        yield from live.values_list(*columns)


def _identifiers(numbers: Numbers, rows: Numbers) -> pd.Categorical[Any]:
    """The records that rows are on, or found in; without one where the number is 0."""
    known, which = np.unique(numbers[rows], return_inverse=True)
    missing = int(len(known) > 0 and known[0] == 0)
    return labelled(which - missing, [np.base_repr(one, 36).lower() for one in known[missing:].tolist()])


def labelled(codes: Numbers, labels: list[str]) -> pd.Categorical[Any]:
    return pd.Categorical.from_codes(codes, categories=pd.Index(labels, dtype=object))  # type: ignore[call-overload,no-any-return]


def _dates(days: Numbers) -> npt.NDArray[np.datetime64]:
    """Days counted from the year 1 as dates, 0 as none."""
    dates = (days - _FIRST_DAY).astype("datetime64[D]")
    dates[days == 0] = np.datetime64("NaT")
    return dates.astype("datetime64[s]")
