"""Addresses in texts: permalinks of entries, DOIs and URLs of articles, however they are spelt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from apps.curation.models import Entry
from apps.gate.models import LONGEST_ADDRESS, PublishedAddress
from apps.gate.names.cleaning import clean
from apps.gate.names.folding import UNSPACED
from apps.gate.names.text import INVISIBLE
from apps.gate.readings import readings
from apps.public.catalogue.models import Record, RecordVersion, Redirect
from apps.taxonomy.words import Kind

ADDRESS = re.compile(
    rf"(?:https?://|www\.|doi:|10\.\d{{4,9}}/)[^\s<>\"{UNSPACED}\u3000-\u303f\uff01-\uff0f]+", re.IGNORECASE
)
_PORT = re.compile(r"(?<=[a-z0-9]):(?:443|80)(?=[/?#])")  # of a site, where it is the one that goes without saying
_DOI = re.compile(r"(?<=[/=:])10\.\d{4,9}/[^\s?#&]+", re.IGNORECASE)  # also where a publisher has it in an address
_MAY_END_IT = re.compile(r"[?#)\]}*'’”»]")  # what a text puts behind an address, or a reader leaves out of it
_IDENTIFIER = re.compile(r"(?<=[/=])([2-9a-z]{8})(?![a-z0-9])")
_PERMALINK = re.compile(rf"\b(?:{'|'.join(Kind.values)})s/([2-9a-z]{{8}})(?![a-z0-9])")


def searchable(texts: Iterable[str]) -> str:
    """Texts as addresses are looked for in them: every reading, without disguise or codes, in lower case."""
    return "\n".join(plain_text(one) for text in texts for one in readings(text))


def plain_text(text: str) -> str:
    """A text as addresses are looked for in it: without disguise or codes, in lower case."""
    return _PORT.sub("", INVISIBLE.sub("", clean(text)[0]).casefold())


def found_in(text: str, addresses: Iterable[str]) -> set[str]:
    """Those of some addresses that stand in a searchable text, whatever stands before or after them."""
    return {
        one
        for one in addresses
        if one in text and re.search(rf"(?<![a-z0-9]){re.escape(one)}(?![a-z0-9]|[-_.][a-z0-9])", text)
    }


def plain_address(address: str) -> str:
    """An address without what may be left out of it, as a text is searched for it: without scheme, www, the resolver
    of a DOI, codes, a slash or stop at the end. Empty where nothing but a site is left, which leads to no text."""
    bare = re.sub(r"^(?:https?://)?(?:www\.|(?:dx\.)?doi\.org/|doi:\s*)?", "", plain_text(address.strip()))
    bare = bare.rstrip("/.,;:!?")
    return bare if re.search(r"[/?#].", bare) else ""


def addresses_of(entry: Entry, contents: Iterable[dict[str, Any]], more: Iterable[str] = ()) -> frozenset[str]:
    """Where an entry can be read: here, also by the address of what was merged with it, and where it was published."""
    said = {*more, *(content.get(name, "") for content in contents for name in ("doi", "url"))}
    merged = Redirect.objects.filter(what=Redirect.What.PROPOSITION, new=entry.identifier)
    led = merged.values_list("old", flat=True) if entry.kind == Kind.PROPOSITION else ()
    plain = {plain_address(one) for one in said}
    return frozenset({entry.identifier, *led, *plain, *(doi for one in plain for doi in _dois_in(one))} - {""})


def addresses_in(texts: Iterable[str]) -> tuple[set[str], set[str]]:
    """The identifiers in permalinks that stand in texts, which are read as they are; and other addresses, each with and
    without what may be no part of it."""
    texts = list(texts)
    text = "\n".join(map(plain_text, texts))
    typed = "\n".join(INVISIBLE.sub("", one) for one in texts)  # where a code may stand for what would end an address
    written = {match[0] for either in (text, typed) for match in ADDRESS.finditer(either)}
    cut = {one[: end.start()] for one in written for end in _MAY_END_IT.finditer(one)}
    # Here a record has its page, and an address in the API, in exports and in filters: each with its identifier.
    identifiers = {found for one in written for found in _IDENTIFIER.findall(one)}
    addresses = set(map(plain_address, written | cut))
    addresses |= {doi for one in addresses for doi in _dois_in(one)}
    return identifiers | set(_PERMALINK.findall(text)), addresses - {""}


def _dois_in(address: str) -> set[str]:
    """The DOIs that a plain address, a publisher's, may have in it: it may go on behind one, as with /pdf."""
    parts = [found[0].split("/") for found in _DOI.finditer(address, 1)]
    return {"/".join(one[:end]) for one in parts for end in range(2, len(one) + 1)}


def leading_to(addresses: Iterable[str]) -> set[int]:
    """The entries, by their primary keys, that have one of these addresses in a text that is public."""
    rows = PublishedAddress.objects.filter(address__in=[one[:LONGEST_ADDRESS] for one in addresses])
    return set(rows.values_list("entry", flat=True))


def addressed_in(texts: Iterable[str]) -> Q:
    """A condition on entries: those whose permalink, DOI or URL stands in one of these texts; empty if none does."""
    identifiers, addresses = addresses_in(texts)
    is_addressed = Q()
    if identifiers:
        led = Redirect.objects.filter(what=Redirect.What.PROPOSITION, old__in=identifiers).values_list("new", flat=True)
        is_addressed |= Q(identifier__in=identifiers | set(led))
    for address in addresses:
        is_addressed |= Q(as_article__doi__iexact=address) | Q(as_article__url__icontains=address)
    return is_addressed | Q(identifier__in=_published_at(addresses)) if addresses else is_addressed


def _published_at(addresses: set[str]) -> set[str]:
    """The articles, by their identifiers, that say in public that they are to be read there, whatever their drafts say
    by now."""
    saying = Entry.objects.filter(kind=Kind.ARTICLE, pk__in=leading_to(addresses))
    names = list(saying.values_list("identifier", flat=True))
    now = Record.objects.live().filter(identifier__in=names).values_list("identifier", "content")
    formerly = RecordVersion.objects.filter(record__identifier__in=names).values_list("record__identifier", "content")
    said = [(name, content) for name, content in (*now, *formerly) if content] if names else []
    return {name for name, one in said if not addresses.isdisjoint(map(plain_address, (one["doi"], one["url"])))}
