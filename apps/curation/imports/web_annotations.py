"""W3C Web Annotations (2017) as JSON-LD, on the texts of articles and sessions that are here.

What is annotated is looked for by the address, the DOI or the permalink of its source, and there by its words or its
place; tags that name themes here become themes. The annotated words wait among the candidates of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from apps.curation.anchoring import Selector, Text, flat, normalised
from apps.curation.imports.coded import Coded
from apps.curation.imports.plan import Plan
from apps.curation.imports.texts import clean, shortened
from apps.curation.intake.result import Unreadable
from apps.curation.models import Article, Session
from apps.curation.references.keys import doi_key, url_key
from apps.curation.tables.known import Known
from apps.taxonomy.models import Theme
from apps.taxonomy.words import Anchoring

MOST = 20_000  # annotations
_HERE = re.compile(r"/(article|session)s/([2-9a-hjkmnp-tv-z]{8})/?(?:[?#]|\Z)")
_THEME = re.compile(r"/themes/([-a-z0-9_]+)/?\Z")
_STANDS = (Anchoring.EXACT, Anchoring.MOVED)
_SHAPE = "Annotations have the “type” Annotation, a “target” and a “body”, as http://www.w3.org/ns/anno.jsonld says."
Source = Article | Session


def read(name: str, data: bytes) -> Plan:
    """What is annotated in a file. Raises Unreadable for what is no JSON, or holds no annotation."""
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise Unreadable(
            f"It is no whole JSON: it breaks off at line {error.lineno}, column {error.colno}. Export it once more."
        ) from None
    found = list(_annotations(document))
    if not found:
        raise Unreadable(f"There is no annotation in it. {_SHAPE}")
    if len(found) > MOST:
        raise Unreadable(f"It has {len(found):,} annotations; {MOST:,} at most can be imported at once.")
    return _Reader(name).read(found)


def _annotations(document: Any) -> Iterator[dict[str, Any]]:
    """One annotation, a list of them, a page or a collection with its pages in it; in their order."""
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict):
            if "Annotation" in _listed(one.get("type", one.get("@type"))):
                yield one
            else:
                waiting += [one[name] for name in ("next", "first", "@graph", "items") if name in one]


class _Reader:
    def __init__(self, name: str) -> None:
        self.plan, self.known = Plan.of(name), Known()
        self._texts: dict[tuple[str, str], Text] = {}
        self._by: dict[str, Source | None] = {}

    def read(self, annotations: list[dict[str, Any]]) -> Plan:
        seen: dict[str, str] = {}
        for number, one in enumerate(annotations, start=1):
            key = one.get("id", one.get("@id"))
            place = f"annotation {number}"
            if isinstance(key, str):
                if key in seen:
                    self.plan.problem(place, f"{seen[key]} has the same id, {key[:200]}. Take out one of them.")
                seen.setdefault(key, place)
            self._annotation(place, one)
        return self.plan

    def _annotation(self, place: str, one: dict[str, Any]) -> None:
        targets = _listed(one.get("target"))
        if not targets:
            self.plan.problem(place, f"It has no target. {_SHAPE}")
        themes, comment = self._body(place, one)
        for target in targets:
            self._target(place, target, themes, comment)

    # --- What is said

    def _body(self, place: str, one: dict[str, Any]) -> tuple[tuple[str, ...], str]:
        """Themes by their slugs, and the rest as a text."""
        themes: dict[str, None] = {}
        comments = []
        for body in _listed(one.get("body", one.get("bodyValue"))):
            if isinstance(body, str):
                body = {"id": body} if "body" in one else {"value": body}
            if not isinstance(body, dict):
                self.plan.problem(place, "Its body is neither a text nor an object.")
                continue
            value = flat(clean(_text(body.get("value"))))
            address = _text(body.get("id") or body.get("@id") or _address(body.get("source")))
            if _is_tag(body, one):
                if slug := self._theme(place, value, address):
                    themes[slug] = None
            elif value:
                comments.append(value)
            elif address:
                self.plan.remark(place, f"Its body, {address[:120]}, is an address without a text, and was left out.")
        return tuple(themes), " ".join(comments)

    def _theme(self, place: str, value: str, address: str) -> str:
        found = _THEME.search(address)
        try:
            key, _ = self.known.names_of(Theme).find(found[1] if found else value or address)
        except ValueError as problem:
            self.plan.remark(place, f"A tag was left out. {problem}")
            return ""
        return str(Theme.objects.values_list("slug", flat=True).get(pk=key))

    # --- What it is about

    def _target(self, place: str, target: Any, themes: tuple[str, ...], comment: str) -> None:
        if isinstance(target, dict) and "source" in target:
            address, selectors = _address(target["source"]), _listed(target.get("selector"))
        else:
            address, selectors = _address(target), []
        source = self._source(address)
        if source is None:
            self.plan.remark(place, f"It is left out: no article and no session here has the address {address[:200]}.")
            return
        if not source.text:
            self.plan.remark(place, f"It is left out: “{source}” has no text here. Put its text into its form first.")
            return
        selector = _selector(selectors)
        if selector is None:
            self.plan.remark(place, "It is left out: it tells neither the words (TextQuoteSelector) nor their place.")
            return
        self._take(place, source, selector, themes, comment)

    def _take(self, place: str, source: Source, selector: Selector, themes: tuple[str, ...], comment: str) -> None:
        text = self._texts.setdefault((str(source.KIND), source.slug), Text(source.text))
        if not selector.quotation and selector.start is not None and selector.end is not None:
            selector = Selector(text.text[selector.start : selector.end], "", "", selector.start, selector.end)
        anchor = text.find(selector)
        if anchor.state not in _STANDS or anchor.start is None or anchor.end is None:
            words = flat(selector.quotation)[:80]
            self.plan.remark(place, f"It is left out: “{words}” isn't found in “{source}” for certain.")
            return
        words = text.text[anchor.start : anchor.end]
        left, words = len(words) - len(words.lstrip()), words.strip()
        coded = Coded(
            place, (str(source.KIND), source.slug), anchor.start + left, anchor.start + left + len(words), words,
            shortened(flat(words), 300), themes, remark=comment,
        )  # fmt: skip
        self.plan.coded.append(coded)

    def _source(self, address: str) -> Source | None:
        if address not in self._by:
            self._by[address] = _found(address)
        return self._by[address]


def _found(address: str) -> Source | None:
    """The article or session that an address means: its permalink, its DOI, or its address on the web."""
    if here := _HERE.search(address):
        model: type[Source] = Article if here[1] == "article" else Session
        return model._default_manager.filter(identifier=here[2]).first()
    if doi := doi_key(address):
        return Article.objects.filter(doi__iexact=doi).first()
    if not (key := url_key(address)):
        return None
    near = Article.objects.filter(url__icontains=key.partition("?")[0].rpartition("/")[2])
    found = [one for one in near if url_key(one.url) == key]
    return found[0] if len(found) == 1 else None


def _selector(selectors: list[Any]) -> Selector | None:
    """The words and the place that selectors tell, as far as they do."""
    quotation = prefix = suffix = ""
    start = end = None
    waiting = list(selectors)
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, dict):
            continue
        kind = _listed(one.get("type", one.get("@type")))
        if "TextQuoteSelector" in kind and not quotation:
            quotation, prefix, suffix = (normalised(_text(one.get(name))) for name in ("exact", "prefix", "suffix"))
        if "TextPositionSelector" in kind and isinstance(one.get("start"), int) and isinstance(one.get("end"), int):
            start, end = one["start"], one["end"]
        waiting += _listed(one.get("refinedBy"))
    if start is not None and end is not None and not 0 <= start < end:
        start = end = None
    if not quotation.strip() and start is None:
        return None
    return Selector(quotation, prefix, suffix, start, end)


def _is_tag(body: dict[str, Any], annotation: dict[str, Any]) -> bool:
    purposes = _listed(body.get("purpose", annotation.get("motivation")))
    return "tagging" in purposes or "classifying" in purposes


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _address(value: Any) -> str:
    return _text(value.get("id", value.get("@id", value.get("source")))) if isinstance(value, dict) else _text(value)
