"""From a filter to tantivy's queries: which records match, and which of them come first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from tantivy import Occur, Query

from apps.public.search.filters import Filter, years_within
from apps.public.search.index import Reader
from apps.public.search.language import Clause, Typed
from apps.public.search.schema import schema

_TITLE = 2.0  # what a word in the title is worth beside one in the text


@dataclass(frozen=True)
class Matching:
    """The records that a filter lets through. ``loose``: any of its words is enough."""

    asked: Filter
    typed: Typed
    loose: bool = False

    def query(self, **selections: tuple[str, ...]) -> Query:
        """What matches, with the selections of some facets replaced."""
        chosen = self.asked.selections | selections
        parts = [(Occur.Must, facet_query(facet, values)) for facet, values in chosen.items() if values]
        parts += self._text_parts()
        if not any(occur == Occur.Must for occur, _ in parts):
            parts.append((Occur.Must, Query.all_query()))
        return Query.boolean_query(parts)

    def is_everything(self, **selections: tuple[str, ...]) -> bool:
        return not (self.typed.groups or self.typed.excluded or any((self.asked.selections | selections).values()))

    @property
    def has_phrases(self) -> bool:
        return any(len(clause.words) > 1 for clause in (*self.typed.clauses, *self.typed.excluded))

    def ranked(self) -> Query:
        """What matches, scored: by its words, more by those in its title."""
        titles = [_words(clause, "title") for clause in self.typed.clauses if clause.field == "text"]
        bonus = [(Occur.Should, Query.boost_query(title, _TITLE)) for title in titles]
        return Query.boolean_query([(Occur.Must, self.query()), *bonus])

    def _text_parts(self) -> list[tuple[Occur, Query]]:
        excluded = [(Occur.MustNot, _words(clause)) for clause in self.typed.excluded]
        groups = [[_words(clause) for clause in group] for group in self.typed.groups]
        if self.loose:
            groups = [[_term("text", word) for word in self.typed.words], *([_words(one)] for one in self.typed.by)]
        return [(Occur.Must, _any(group)) for group in groups] + excluded

    def expected(self, reader: Reader, **selections: tuple[str, ...]) -> float:
        """A guess at how many records match, as if words and values came independently of one another."""
        chosen = self.asked.selections | selections
        groups = [[_frequency(reader, clause) for clause in group] for group in self.typed.groups]
        if self.loose:
            groups = [[reader.frequency("text", word) for word in self.typed.words]]
        groups += [_frequencies(reader, facet, values) for facet, values in chosen.items() if values]
        shares = [min(1.0, sum(group) / max(1, reader.records)) for group in groups]
        shares += [1 - min(1.0, _frequency(reader, one) / max(1, reader.records)) for one in self.typed.excluded]
        return reduce(lambda share, other: share * other, shares, 1.0) * reader.records


def outside(query: Query) -> Query:
    """Every record that a query does not match."""
    return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, query)])


def facet_query(facet: str, values: tuple[str, ...]) -> Query:
    """Records with any of these values; without a score, since a selection says nothing of how well a record fits."""
    return Query.const_score_query(Query.term_set_query(schema(), facet, sorted(_terms(facet, values))), 0.0)


def words_query(typed: Typed) -> Query:
    """Every word looked for, for marking them in an excerpt."""
    return _any([_term("text", word) for word in typed.words])


def _words(clause: Clause, field: str = "") -> Query:
    """The words of a clause next to one another."""
    field = field or clause.field
    if len(clause.words) == 1:
        return _term(field, clause.words[0], "position")
    return Query.phrase_query(schema(), field, list(clause.words))


def _term(field: str, word: str, index_option: str = "basic") -> Query:
    return Query.term_query(schema(), field, word, index_option)


def _any(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def _frequency(reader: Reader, clause: Clause) -> int:
    return min(reader.frequency(clause.field, word) for word in clause.words)


def _frequencies(reader: Reader, facet: str, values: tuple[str, ...]) -> list[int]:
    counts = reader.counts.get(facet)
    return [reader.frequency(facet, term) if counts is None else counts.get(term, 0) for term in _terms(facet, values)]


def _terms(facet: str, values: tuple[str, ...]) -> set[str]:
    """The values as the index knows them: a range of years is every year in it."""
    return {term for value in values for term in (years_within(value) if facet == "year" else (value,))}
