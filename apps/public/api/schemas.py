"""What the API takes and gives, as OpenAPI describes it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import TypeAdapter, WithJsonSchema

from apps.public.catalogue.content import (
    ArticleContent,
    PositionContent,
    PropositionContent,
    SessionContent,
    WorkshopContent,
)
from apps.public.catalogue.models import Tie
from apps.public.search.filters import DEEPEST, SORTS
from apps.taxonomy.words import Kind, Rule, Stance

MOST_AT_ONCE = 100  # records in an answer
MOST_LINKS = 1_000  # of a record, each way

# Records are given as they are stored, which is as the gate wrote them; their shape is told, and not checked each time.
_CONTENT = {
    "oneOf": [
        TypeAdapter(one).json_schema(ref_template="#/components/schemas/{model}") | {"title": one.__name__}
        for one in (ArticleContent, WorkshopContent, SessionContent, PropositionContent, PositionContent)
    ]
}
for _one in _CONTENT["oneOf"]:  # what they name stands beside them, where OpenAPI would look for it elsewhere
    _one["additionalProperties"] = False
    _defined = _one.pop("$defs", {})
    for _property in _one["properties"].values():
        for _place in (_property, _property.get("items", {})):
            if "$ref" in _place:
                _place |= _defined[_place.pop("$ref").rpartition("/")[2]]
Content = Annotated[dict[str, Any], WithJsonSchema(_CONTENT)]


class FilterParams(Schema):
    """The website's own parameters: any address of /browse/ is a question to the API."""

    q: str = Field("", description="Words to look for; “phrases”, -without, OR, and operators such as year:2021..2023.")
    kind: list[str] = Field([], description=f"Any of {', '.join(Kind.values)}.")
    region: list[str] = Field([], description="Slugs of regions; what lies beneath them is included.")
    theme: list[str] = Field([], description="Slugs of themes; narrower ones are included.")
    stance: list[str] = Field([], description=f"Any of {', '.join(Stance.values)}.")
    year: list[str] = Field([], description="2021, or 2018..2023.")
    workshop: list[str] = Field([], description="Identifiers of workshops.")
    proposition: list[str] = Field([], description="Identifiers of propositions.")
    source: list[str] = Field([], description="Identifiers of articles and sessions that positions are found in.")
    tag: list[str] = Field([], description="Tags, as they are written.")
    holder: list[str] = Field([], description="Who holds a position, as pages say it.")
    rule: list[str] = Field([], description=f"Any of {', '.join(Rule.values)}.")
    sort: str = Field("", description=f"{', '.join(SORTS)}; empty for relevance where there is text, else newest.")


class Neighbour(Schema):
    """Where a link leads, or comes from."""

    tie: Tie = Field(description="What the link says, read from the record it starts at.")
    note: str = Field(description="Of takes_side_on: the stance.")
    identifier: str
    kind: Kind
    title: str


class RecordOut(Schema):
    identifier: str
    kind: Kind
    title: str
    version: int
    change: int = Field(description="The catalogue's change number when it was last published.")
    published: dt.datetime
    synthetic: bool = Field(description="Made up, to try the site at size.")
    permalink: str
    content: Content


class RecordWithLinks(RecordOut):
    links_out: list[Neighbour]
    links_in: list[Neighbour] = Field(
        description=f"At most {MOST_LINKS:,}. All positions on a proposition: /records?proposition=…; all in an "
        "article or a session: /records?source=…"
    )
    is_capped: bool = Field(description="There may be more than that lead here.")


class Highlights(Schema):
    title: str = Field(description="The title in HTML, with what was looked for in <mark>.")
    excerpt: str = Field(description="An excerpt in HTML; empty where nothing was looked for.")


class Found(RecordOut):
    links_out: list[Neighbour]
    highlights: Highlights


class FacetValueOut(Schema):
    value: str
    label: str
    count: int = Field(description="Results after choosing it.")
    selected: bool


class FacetOut(Schema):
    name: str
    label: str
    values: list[FacetValueOut]
    more: bool = Field(description="There are values beyond those listed.")


class Page(Schema):
    total: int
    records: list[Found]
    facets: list[FacetOut]
    next: str | None = Field(
        description=f"The cursor of the next page; null on the last, or after {DEEPEST:,} results."
    )
    notices: list[str] = Field(description="What was left out of the question, and how else it was read.")
    change: int = Field(description="The catalogue's change number that is in the index.")


class Tombstone(Schema):
    """What is left of a record that was withdrawn."""

    identifier: str
    kind: Kind
    change: int
    withdrawn: dt.datetime
    merged_into: str | None = Field(description="The record that stands for it now, where it was merged with another.")


class Changes(Schema):
    changes: list[RecordOut | Tombstone] = Field(description="In the order in which they were made.")
    last: int = Field(description="Ask for changes since this one next.")
    more: bool


class Term(Schema):
    slug: str
    name: str
    alternative_names: list[str]
    definition: str
    scope_note: str
    above: list[str] = Field(description="Slugs of what it lies in, or of broader themes.")
    below: list[str]
    related: list[str]
    countries: list[str] = Field(description="ISO 3166 codes.")


class StateOut(Schema):
    change: int
    vocabulary: int = Field(description="The version of the regions and themes.")
    has_synthetic: bool


class ProblemOfParameter(Schema):
    parameter: str
    value: str
    message: str


class ProblemDetails(Schema):
    """What every API says of a problem."""

    type: str
    title: str
    status: int
    detail: str


class Problem(ProblemDetails):
    """RFC 9457, application/problem+json."""

    problems: list[ProblemOfParameter] = []
