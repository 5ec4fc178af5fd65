"""Records as the gate writes them, made straight in the catalogue, for tests of what reads them."""

from __future__ import annotations

import itertools
from typing import Any

from django.utils import timezone

from apps.public.catalogue.models import CatalogueState, Link, Record, Tie
from apps.taxonomy.words import Kind

_numbers = itertools.count(1)
_COMMON: dict[str, Any] = {
    **dict.fromkeys(("summary", "date", "date_text", "earliest", "rule"), ""),
    "years": [],
    "regions": [],
    "themes": [],
    "tags": [],
}
_HOLDER = {"quantifier": "some", "descriptor": "Asia experts", "names": [], "role": "", "text": "some Asia experts"}
OF_KIND: dict[str, dict[str, Any]] = {
    Kind.ARTICLE: {
        **dict.fromkeys(("outlet", "genre", "doi", "url", "language", "cited_as"), ""),
        "authors": [],
        "unresolved": False,
        "rule": "on_the_record",
    },
    Kind.WORKSHOP: {
        **dict.fromkeys(("host", "place", "rule_note"), ""),
        "key_questions": [],
        "participants": [],
        "rule": "chatham_house",
    },
    Kind.SESSION: {"workshop": "", "number": None, "key_questions": [], "participants": [], "rule": "chatham_house"},
    Kind.PROPOSITION: {},
    Kind.POSITION: {
        **dict.fromkeys(("proposition", "source", "workshop"), ""),
        "stance": "supports",
        "order": None,
        "holder": _HOLDER,
        "passages": [],
        "rule": "chatham_house",
    },
}


def author(given: str, family: str, affiliation: str = "") -> dict[str, str]:
    return {"name": f"{given} {family}", "family": family, "given": given, "affiliation": affiliation}


def identifier(number: int) -> str:
    """Eight characters, different for each number."""
    alphabet = "23456789abcdefghjkmnpqrstvwxyz"
    digits = []
    for _ in range(8):
        number, digit = divmod(number, len(alphabet))
        digits.append(alphabet[digit])
    return "".join(digits)


def make_record(kind: Kind | str, title: str = "A title", *, synthetic: bool = False, **content: Any) -> Record:
    """A live record of a kind, with its content as given and the rest empty; advances the change number."""
    state, _ = CatalogueState.objects.get_or_create(pk=1)
    state.change += 1
    state.save()
    return Record.objects.create(
        identifier=identifier(next(_numbers)),
        kind=Kind(kind),
        title=title,
        content=_COMMON | OF_KIND[Kind(kind)] | {"title": title} | content,
        version=1,
        change=state.change,
        published_at=timezone.now(),
        synthetic=synthetic,
    )


_NAMED_IN_CONTENT = {
    Tie.FOUND_IN: "source",
    Tie.PART_OF: "workshop",
    Tie.REPORTED_FROM: "workshop",
    Tie.TAKES_SIDE_ON: "proposition",
}


def join(source: Record, tie: Tie | str, target: Record, note: str = "") -> Link:
    """A link, and what the record at its beginning says of it."""
    if (name := _NAMED_IN_CONTENT.get(Tie(tie))) and source.content:
        source.content[name] = target.identifier
        source.save()
    return Link.objects.create(source=source, target=target, tie=tie, note=note)


def bury(record: Record) -> Record:
    """Leave the tombstone that a withdrawal leaves."""
    Link.objects.filter(source=record).delete()
    Link.objects.filter(target=record).delete()
    record.title, record.content, record.withdrawn_at = "", None, timezone.now()
    record.save()
    return record
