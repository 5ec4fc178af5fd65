"""What a record holds: the shape of ``Record.content``, kind by kind.

The gate builds these, field by field; pages, search and exports read them. Regions and
themes are slugs of the vocabulary; other records are named by their identifiers and joined
through links, so that a title is stored in one place only. Unknown stays empty.
"""

from typing import Any

import orjson
from django.db.models import TextField
from django.db.models.functions import Cast
from typing_extensions import TypedDict  # pydantic reads these for the API, and wants it from there before 3.12


class Common(TypedDict):
    title: str
    summary: str
    date: str  # EDTF level 0: 2023, 2023-06, 2023-06-06, 2023-06-06/2023-06-07, or ""
    date_text: str  # the same in words: 6–7 June 2023
    earliest: str  # the first day that the date allows, ISO 8601, or ""
    years: list[int]  # every year that the date touches
    regions: list[str]
    themes: list[str]
    tags: list[str]
    rule: str  # taxonomy.words.Rule; "" for propositions, which nobody said


class Author(TypedDict):
    name: str
    family: str
    given: str
    affiliation: str  # as the article gives it


class ArticleContent(Common):
    authors: list[Author]
    outlet: str
    genre: str  # taxonomy.words.Genre or ""
    doi: str
    url: str
    language: str
    unresolved: bool
    cited_as: str


class WorkshopContent(Common):
    host: str
    place: str
    rule_note: str
    key_questions: list[str]
    participants: list[str]  # empty unless on the record


class SessionContent(Common):
    workshop: str  # identifier
    number: int | None
    rule_note: str  # of its workshop, where the rule is
    key_questions: list[str]
    participants: list[str]


class PropositionContent(Common):
    pass


class Passage(TypedDict):
    quotation: str
    prefix: str
    suffix: str
    locator: str
    start: int | None
    end: int | None
    state: str


class Holder(TypedDict):
    quantifier: str  # taxonomy.words.Quantifier or ""
    descriptor: str  # "Asia experts"; "" where names are given
    names: list[str]  # only where the source is on the record
    role: str  # "author" where those named wrote the source
    text: str  # the whole, as pages print it: "some Asia experts"


class PositionContent(Common):
    stance: str  # taxonomy.words.Stance or ""
    proposition: str  # identifier or ""
    source: str  # identifier of the article or session
    workshop: str  # identifier of the workshop it was heard at, or ""
    order: int | None  # its place in the source
    holder: Holder
    passages: list[Passage]


Content = ArticleContent | WorkshopContent | SessionContent | PropositionContent | PositionContent


def as_text(path: str = "content") -> Cast:
    """A record's content as JSON text, for those who read many: with load() that takes a fifth of the time."""
    return Cast(path, TextField())


def load(text: str | None) -> Any:
    """The content again; None of a tombstone."""
    return orjson.loads(text) if text else None
