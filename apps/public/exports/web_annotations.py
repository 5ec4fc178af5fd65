"""W3C Web Annotations (2017) as JSON-LD: every passage of a position, with the words and their place in its source.

https://www.w3.org/TR/annotation-model/: a target is the source's permalink with a TextQuoteSelector and, where the
place is known, a TextPositionSelector; the position's claim describes it, and its themes are tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from apps.public.exports.rows import Row
from apps.public.exports.site import Site


def as_annotations(rows: Iterable[Row], site: Site) -> Iterator[bytes]:
    """A collection with one page, an annotation a line; records without a quotation have none."""
    head = {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationCollection", "label": site.name}
    yield orjson.dumps(head)[:-1] + b',"first":{"type":"AnnotationPage","items":['
    before = b"\n"
    for row in rows:
        for one in _annotations(row, site):
            yield before + orjson.dumps(one)
            before = b",\n"
    yield b"\n]}}\n"


def _annotations(row: Row, site: Site) -> Iterator[dict[str, Any]]:
    if row.source_kind:
        for number, passage in enumerate(row.content.get("passages", ()), start=1):
            if passage["quotation"]:
                yield _annotation(row, number, passage, site)


def _annotation(row: Row, number: int, passage: dict[str, Any], site: Site) -> dict[str, Any]:
    record, content = row.record, row.content
    quote = {"type": "TextQuoteSelector", "exact": passage["quotation"]}
    quote |= {name: passage[name] for name in ("prefix", "suffix") if passage.get(name)}
    selectors = [quote]
    if passage.get("start") is not None and passage.get("end") is not None:
        place = {"start": passage["start"], "end": passage["end"]}
        selectors.append({"type": "TextPositionSelector", **place})
    return {
        "id": f"{site.version(record)}#passage-{number}",
        "type": "Annotation",
        "motivation": "describing",
        "body": [
            {"type": "TextualBody", "value": content["title"], "format": "text/plain", "purpose": "describing"},
            *(
                {"type": "SpecificResource", "source": f"{site.root}/themes/{slug}/", "purpose": "tagging"}
                for slug in content["themes"]
            ),
        ],
        "target": {"source": f"{site.root}/{row.source_kind}s/{content['source']}/", "selector": selectors},
    }
