"""Records that are like a text: those that share its rarest words."""

from __future__ import annotations

from dataclasses import dataclass

from tantivy import Occur, Query

from apps.public.catalogue.models import Record
from apps.public.catalogue.state import State
from apps.public.search import schema
from apps.public.search.index import Reader, search_index
from apps.taxonomy.vocabulary import vocabulary

_MOST_WORDS = 12  # of the text that are looked for: the rarest tell most, and each costs time
_FEWEST_SHARED = 2
_TOO_COMMON = 0.1  # the share of all records from which on a word says nothing
_FEW = 5  # records, from which on that is asked
_SHORTEST = 4  # letters; what is shorter is rarely what a text is about
_EMPTY = frozenset(  # rare enough in a small catalogue to seem telling, and about nothing
    "about above across after again against already also although always among another around because become becomes "
    "been before being below between beyond both cannot could does doing done down during each either else even ever "
    "every from further give given gives have having here however into itself keep keeps kept less like likely made "
    "make makes making many might more most much must need needed needs neither never next nothing once only onto "
    "other others over perhaps rather same seem seems several shall should since some something still such take taken "
    "takes than that their them then there these they thing things this those though through thus together toward "
    "towards under unless until upon very want wants well were what when where whether which while whom whose will "
    "with within without would your argue argued argues said says think thinks".split()
)


@dataclass(frozen=True, slots=True)
class Alike:
    """A record, and the words that it shares with the text, as the text spells them, the rarest first."""

    record: Record
    shared: list[str]


def records_like(text: str, state: State, most: int) -> list[Alike]:
    """The records in public that share the most telling words of a text; the most alike first.

    One query to the database. Raises SearchUnavailable while there is no index.
    """
    reader = search_index().reader(state, vocabulary(state.vocabulary))
    telling = _telling(text, reader)
    if len(telling) < _FEWEST_SHARED:
        return []
    words = [(Occur.Should, schema.one("text", stem)) for stem in telling]
    query = Query.boolean_query(words, minimum_number_should_match=_FEWEST_SHARED)
    hits = reader.searcher.search(query, limit=most, count=False).hits
    keys = reader.numbers("id", hits) if hits else []
    records = Record.objects.live().in_bulk(keys)
    found = (Alike(records[key], _shared(records[key], telling)) for key in keys if key in records)
    return [one for one in found if len(one.shared) >= _FEWEST_SHARED]


def _telling(text: str, reader: Reader) -> dict[str, str]:
    """The stems of a text that few records have, the rarest first, each with the word as it is spelt."""
    words = (word for word in schema.words(text) if len(word) >= _SHORTEST and word not in _EMPTY)
    spelt = {schema.stems(word)[0]: word for word in words}
    frequency = {stem: reader.frequency("text", stem) for stem in spelt}
    known = [stem for stem, number in frequency.items() if 0 < number <= max(reader.records * _TOO_COMMON, _FEW)]
    return {stem: spelt[stem] for stem in sorted(known, key=lambda stem: frequency[stem])[:_MOST_WORDS]}


def _shared(record: Record, telling: dict[str, str]) -> list[str]:
    content = record.content or {}
    own = {*schema.stems(" ".join([record.title, *schema.body(record.kind, content), *schema.names(content)]))}
    return [word for stem, word in telling.items() if stem in own]
