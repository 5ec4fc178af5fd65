"""What a record is in the index: its fields, how its words are cut up, and the document made of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from functools import cache
from typing import Any, NamedTuple

import tantivy

from apps.taxonomy.vocabulary import Facet, Vocabulary
from apps.taxonomy.words import Kind, Stance

VERSION = 7  # of what follows: an index made by another version is built anew
FACETS = ("kind", "region", "theme", "stance", "year", "workshop", "tag", "holder", "rule")
SELECTIONS = (*FACETS, "proposition", "source")  # what a filter can choose; these two on their own pages
ENDLESS = ("workshop", "tag", "holder")  # facets that anybody may add values to
# What analysis counts, of positions: numbers, since a million are read at a time; 0 where there is nothing.
NUMBERS = (
    *("n_proposition", "n_source", "n_workshop", "n_stance", "n_day", "n_passages"),
    *("n_holder", "n_regions", "n_themes"),
)
_STEMMED, _PLAIN = "stemmed", "plain"


@cache
def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", indexed=True, fast=True)
    builder.add_unsigned_field("published", fast=True)  # tells whether the catalogue still says what was indexed
    for facet in SELECTIONS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    for number in ("newest", "oldest", *NUMBERS):
        builder.add_unsigned_field(number, fast=True)
    builder.add_float_field("weight", fast=True)
    builder.add_text_field("title", tokenizer_name=_STEMMED)
    builder.add_text_field("text", tokenizer_name=_STEMMED)  # all its words, those of the title too
    builder.add_text_field("by", tokenizer_name=_PLAIN)  # who holds or wrote it
    builder.add_text_field("word", tokenizer_name=_PLAIN, index_option="basic")
    return builder.build()


@cache
def analyzers() -> dict[str, tantivy.TextAnalyzer]:
    """How text becomes words: cut at anything but letters and digits, in lower case, without accents."""

    def builder() -> tantivy.TextAnalyzerBuilder:
        cut = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(60))
        return cut.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())

    return {_STEMMED: builder().filter(tantivy.Filter.stemmer("english")).build(), _PLAIN: builder().build()}


def one(field: str, value: str | int) -> tantivy.Query:
    """The records that have a word, a value or a number in a field."""
    return tantivy.Query.term_query(schema(), field, value, "basic")


def stems(text: str) -> list[str]:
    """The words of a text as the index knows them."""
    return analyzers()[_STEMMED].analyze(clean(text))


def words(text: str) -> list[str]:
    """The words of a text as they are spelt, in lower case and without accents."""
    return analyzers()[_PLAIN].analyze(clean(text))


def places_of_words(text: str) -> list[tuple[range, str]]:
    """The words of a text as they are spelt, each with its place in bytes of UTF-8."""
    tokens = analyzers()[_PLAIN].pre_tokenize(clean(text)).tokens
    return [(range(token.char_offset_from, token.char_offset_to), token.text) for token in tokens]


class Row(NamedTuple):
    """What the index reads of a record."""

    pk: int
    identifier: str
    kind: str
    published_at: dt.datetime
    content: dict[str, Any]


# Scores are multiplied by the logarithm to base 2 of 2 and this. Of two records that say the same, who argued it comes
# before the proposition that it was argued about.
_OF_A_POSITION = 0.4


# To note each word as it is spelt costs as much as indexing the text. After so many records there are hardly new ones:
# from then on it's done for titles and names only.
_SPELT_WHOLLY = 20_000


class Documents:
    """Makes documents of records, one after another."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._made = 0
        self._above: dict[tuple[str, ...], list[str]] = {}

    def document(self, row: Row) -> tantivy.Document:
        """A record's fields. Regions and themes stand with all that lie above them, each once."""
        self._made += 1
        fields = self._fields(row)
        try:
            return tantivy.Document.from_dict(fields, schema())
        except ValueError:  # lone surrogates, which JSON can smuggle in and UTF-8 cannot write
            return tantivy.Document.from_dict(_without_surrogates(fields), schema())

    def _fields(self, row: Row) -> dict[str, Any]:
        content, kind, title = row.content, row.kind, row.content["title"]
        newest, oldest = sort_keys(content["earliest"], row.pk)
        text = [title, *body(kind, content), *names(content)]
        holder = content.get("holder")
        return {
            "id": row.pk,
            "published": stamp(row.published_at),
            "kind": kind,
            "region": self._rolled_up("region", content["regions"]),
            "theme": self._rolled_up("theme", content["themes"]),
            "stance": content.get("stance") or [],
            "year": [f"{year:04d}" for year in content["years"]],
            "workshop": row.identifier if kind == Kind.WORKSHOP else content.get("workshop") or [],
            "tag": content["tags"],
            "proposition": row.identifier if kind == Kind.PROPOSITION else content.get("proposition") or [],
            "source": content.get("source") or [],
            "holder": holder_values(holder) if holder else [],
            "rule": content["rule"] or [],
            "weight": _OF_A_POSITION if kind == Kind.POSITION else 0.0,
            "newest": newest,
            "oldest": oldest,
            "title": title,
            "text": text,
            "by": [holder["text"]] if holder else [author["name"] for author in content.get("authors", ())],
            "word": text if self._made <= _SPELT_WHOLLY else [title, *names(content)],
            **(numbers(content) if kind == Kind.POSITION else {}),
        }

    def _rolled_up(self, facet: Facet, slugs: list[str]) -> list[str]:
        key = (facet, *slugs)
        if key not in self._above:
            self._above[key] = [*self._vocabulary.hierarchy(facet).with_ancestors(slugs)]
        return self._above[key]


def _without_surrogates(fields: dict[str, Any]) -> dict[str, Any]:
    def clean_all(value: Any) -> Any:
        return [clean(one) for one in value] if isinstance(value, list) else clean(value)

    return {name: value if isinstance(value, int) else clean_all(value) for name, value in fields.items()}


def holder_values(holder: dict[str, Any]) -> list[str]:
    """Whom a position is held by: each name, or else the description."""
    return list(dict.fromkeys(holder["names"])) or [value for value in (holder["descriptor"],) if value]


def numbers(position: dict[str, Any]) -> dict[str, int]:
    """NUMBERS of a position: identifiers to base 36; the place of its stance among them, from 1; its first day, counted
    from 1 January of the year 1; how many passages it rests on; and a number for each set of holders, of regions and
    of themes, which their names can be looked up by: in any position that has it."""
    day = position["earliest"]
    return {
        **{f"n_{name}": number_of(position[name]) for name in ("proposition", "source", "workshop")},
        "n_stance": _STANCES.get(position["stance"], 0),
        "n_day": dt.date.fromisoformat(day).toordinal() if day else 0,
        "n_holder": _digest(holder_values(position["holder"])),
        "n_passages": len(position["passages"]),
        "n_regions": _digest(sorted(set(position["regions"]))),
        "n_themes": _digest(sorted(set(position["themes"]))),
    }


_STANCES = {stance: place for place, stance in enumerate(Stance.values, start=1)}


def number_of(identifier: str) -> int:
    """A record's identifier as a number; 0 for none."""
    return int(identifier, 36) if identifier else 0


def _digest(values: list[str]) -> int:
    """A number of six bytes: of a million sets two share one once in five hundred times."""
    told = "\x1f".join(values).encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(told, digest_size=6).digest()) or 1 if values else 0


def body(kind: str, content: dict[str, Any]) -> list[str]:
    """The paragraphs of a record beside its title, without Markdown's signs: what excerpts are taken from."""
    parts = [plain_text(content["summary"])]
    if kind == Kind.POSITION:
        parts += [f"“{passage['quotation']}”" for passage in content["passages"] if passage["quotation"]]
    elif kind == Kind.ARTICLE:
        parts.append(content["cited_as"])
    elif kind in (Kind.WORKSHOP, Kind.SESSION):
        parts += content["key_questions"]
    return [part for part in parts if part]


def names(content: dict[str, Any]) -> list[str]:
    """Who and what is named in a record beside its text. The slug of a theme or region is made of its name: its words
    lead to the record even where the text has others."""
    found = [*content["themes"], *content["regions"], *content.get("participants", ())]
    found += [author[part] for author in content.get("authors", ()) for part in ("name", "affiliation")]
    found += [content["holder"]["text"]] if "holder" in content else map(content.get, ("outlet", "host", "place"))
    return [name for name in found if name]


_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SIGNS = str.maketrans("", "", "*_`#\\")


def plain_text(markdown: str) -> str:
    """Markdown without its signs, near enough for searching and for excerpts."""
    return (_LINK.sub(r"\1", markdown) if "](" in markdown else markdown).translate(_SIGNS)


def stamp(moment: dt.datetime) -> int:
    """A moment in microseconds since 1970."""
    return round(moment.timestamp() * 1_000_000)


_WITHOUT_DATE = 1 << 62


def sort_keys(earliest: str, pk: int) -> tuple[int, int]:
    """Keys for newest first and oldest first: by day, then by record; without a date last in both."""
    if not earliest:
        return pk, _WITHOUT_DATE | pk
    key = dt.date.fromisoformat(earliest).toordinal() << 40 | pk
    return key, key


def clean(text: str) -> str:
    """The text without the lone surrogates that JSON can smuggle in and UTF-8 cannot write."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def ancestry(vocabulary: Vocabulary) -> dict[str, dict[str, list[str]]]:
    """What lies above each region and theme: all of the vocabulary that documents depend on."""
    return {
        facet: {slug: sorted(hierarchy.ancestors(slug)) for slug in hierarchy.nodes}
        for facet, hierarchy in (("region", vocabulary.regions), ("theme", vocabulary.themes))
    }


def moved(before: dict[str, dict[str, list[str]]], now: dict[str, dict[str, list[str]]]) -> dict[str, list[str]]:
    """The regions and themes that lie beneath others than they did; a slug of no vocabulary lay beneath itself."""

    return {
        facet: [
            slug
            for slug in sorted({*before[facet], *now[facet]})
            if before[facet].get(slug, [slug]) != now[facet].get(slug, [slug])
        ]
        for facet in now
    }
