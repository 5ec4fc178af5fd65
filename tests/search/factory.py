"""Records made straight in the catalogue, with content of the shape that the gate gives it."""

from __future__ import annotations

import itertools
from typing import Any

from django.db.models import F
from django.http import QueryDict
from django.utils import timezone

from apps.public.catalogue.models import CatalogueState, Link, Record
from apps.public.search.filters import Filter
from apps.public.search.results import Results, search
from apps.taxonomy.models import Broader, Region, Theme, VocabularyState
from apps.taxonomy.vocabulary import vocabulary
from apps.taxonomy.words import Kind

_numbers = itertools.count(1)
_ALLOWED = str.maketrans("01", "xy")  # no identifier has these digits
_COMMON: dict[str, Any] = {
    **dict.fromkeys(("summary", "date", "date_text", "earliest", "rule"), ""),
    **{name: [] for name in ("years", "regions", "themes", "tags")},
}
_OF_KIND: dict[str, dict[str, Any]] = {
    "article": {
        **dict.fromkeys(("outlet", "genre", "doi", "url", "language", "cited_as"), ""),
        "authors": [],
        "unresolved": False,
    },
    "workshop": {"host": "", "place": "", "rule_note": "", "key_questions": [], "participants": []},
    "session": {"workshop": "", "number": None, "key_questions": [], "participants": []},
    "proposition": {},
    "position": {"stance": "", "proposition": "", "source": "", "workshop": "", "order": None, "passages": []},
}


def holder(descriptor: str = "", *names: str) -> dict[str, Any]:
    text = " and ".join(names) or descriptor
    return {"quantifier": "", "descriptor": descriptor, "names": list(names), "role": "", "text": text}


def passage(quotation: str) -> dict[str, Any]:
    empty = dict.fromkeys(("prefix", "suffix", "locator", "state"), "")
    return {"quotation": quotation, "start": None, "end": None, **empty}


def next_change() -> int:
    CatalogueState.objects.get_or_create(pk=1)
    CatalogueState.objects.filter(pk=1).update(change=F("change") + 1)
    return CatalogueState.objects.get(pk=1).change


def add(title: str = "A title", kind: str = "position", **content: Any) -> Record:
    """Publish a record."""
    given = _COMMON | _OF_KIND[kind] | {"title": title} | content
    if kind == "position":
        given.setdefault("holder", holder())
    if given["years"] and not given["earliest"]:
        given["earliest"] = f"{given['years'][0]}-06-01"
    return Record.objects.create(
        identifier=f"r{next(_numbers):07d}".translate(_ALLOWED),
        kind=Kind(kind),
        title=title,
        content=given,
        version=1,
        change=next_change(),
        published_at=timezone.now(),
    )


def change(record: Record, **content: Any) -> None:
    """Publish a record again, with something changed."""
    record.content = record.content | content
    record.title, record.version = record.content["title"], record.version + 1
    record.change, record.published_at = next_change(), timezone.now()
    record.save()


def withdraw(record: Record) -> None:
    """Leave a tombstone."""
    Link.objects.filter(source=record).delete()
    record.title, record.content, record.withdrawn_at, record.change = "", None, timezone.now(), next_change()
    record.save()


def add_regions(*paths: str) -> None:
    """Regions from paths such as "asia/japan"."""
    for path in paths:
        above = None
        for slug in path.split("/"):
            above = Region.objects.get_or_create(slug=slug, defaults={"name": slug.title(), "parent": above})[0]
    VocabularyState.advance()


def add_themes(*paths: str) -> None:
    """Themes from paths such as "deterrence/extended"; a theme may come at the end of several."""
    for path in paths:
        above = None
        for slug in path.split("/"):
            theme = Theme.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]
            if above:
                Broader.objects.get_or_create(narrower=theme, broader=above)
            above = theme
    VocabularyState.advance()


def asked(querystring: str) -> Filter:
    return Filter.from_params(QueryDict(querystring), vocabulary())


def look_for(querystring: str, **options: Any) -> Results:
    return search(asked(querystring), **options)


def titles(querystring: str) -> list[str]:
    return [hit.record.title for hit in look_for(querystring).hits]


def counts(results: Results, facet: str) -> dict[str, int]:
    """The values of a facet with their counts, in the order in which they are listed."""
    found = next(one for one in results.facets if one.name == facet)
    return {value.value: value.count for value in found.values}
