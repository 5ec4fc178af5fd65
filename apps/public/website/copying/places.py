"""Which addresses a copy holds, and where in its folder each lies.

A copy holds what has an address without parameters, and of what has parameters those lists that pages lead to by one
choice. The rule is one about addresses alone, so that a page's links are known before what they lead to was asked for.
Folders are called as on the site, so that a copy which is served has the site's permalinks.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.text import slugify

from apps.public.exports.formats import FORMATS
from apps.public.exports.wholes import WHOLES
from apps.public.search.filters import Filter, UnusableFilter
from apps.taxonomy.vocabulary import Vocabulary
from apps.taxonomy.words import Kind

ABOUT = "about-this-copy/index.html"  # the page that says what a copy is, and what is not in it

_PAGES = {"record", "version", "cite", "region", "theme", "tag", "regions", "themes", "workshops", "about", "home"}
_PAGES |= {"analysis", "divergence", "over-time", "coverage", "networks", "browse", "map", "matrix", "lessons"}
_ALONE = ("region", "theme", "year", "workshop", "tag", "proposition")
_LISTS: set[frozenset[str]] = {frozenset(), *(frozenset({one}) for one in _ALONE)}
_LISTS |= {facets | {"kind"} for facets in _LISTS}
_LISTS |= {frozenset({"kind", *more}) for more in (("region", "theme"), ("proposition", "stance"), ("source",))}
_CHOSEN = {  # the parameters of which there are lists, each with one value
    "browse": _LISTS,
    "map": {frozenset({"region"})},
    "matrix": {frozenset({"region"}), frozenset({"theme"})},
    "lessons": {frozenset({"from", "to"})},
}
_KEPT = 100_000  # addresses of which the place is remembered
_PLAIN = re.compile(r"[0-9a-z_][0-9a-z_-]{0,79}", re.ASCII)


class Place(NamedTuple):
    address: str  # as the site is asked
    file: str  # from the top of the folder


class Places:
    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        self.of = lru_cache(_KEPT)(self._of)

    def _of(self, address: str) -> Place | None:
        """Where the answer to an address lies (path and query, without a fragment); None where no copy holds it."""
        parts = urlsplit(address)
        path, query = unquote(parts.path), parts.query
        if path.startswith(settings.STATIC_URL):
            return Place(parts.path, path.removeprefix("/"))
        try:
            found = resolve(path)
        except Resolver404:
            return None
        name, told = found.view_name, found.kwargs.get("name", "")
        folder = "/".join(map(_safe, filter(None, path.split("/"))))
        if query:
            return self._listed(name, parts.path, folder, QueryDict(query))
        if name in WHOLES:
            return Place(address, name)
        if name == "export" and told in FORMATS:
            return Place(address, f"{folder}/records.{FORMATS[told].extension}")
        if name == "reading-list" and (told == "docx" or told in FORMATS):
            extension = FORMATS[told].extension if told in FORMATS else told
            return Place(address, f"{folder}/reading-list.{extension}")
        return Place(address, f"{folder}/index.html".removeprefix("/")) if name in _PAGES else None

    def _listed(self, name: str, path: str, folder: str, params: QueryDict) -> Place | None:
        """A list that is chosen by parameters, always written in the same way."""
        chosen = {*params} - ({"page", "sort"} if name == "browse" else set())
        if chosen not in _CHOSEN.get(name, ()) or any(len(values) > 1 for _, values in params.lists()):
            return None
        if name == "lessons":
            return _place(path, folder, urlencode(sorted(params.items())))
        try:
            asked = Filter.from_params(params, self._words)
        except UnusableFilter:
            return None
        is_held = self._is_a_list(asked) if name == "browse" else self._has_parts(asked)
        return _place(path, folder, asked.querystring()) if is_held else None

    def _is_a_list(self, asked: Filter) -> bool:
        """By theme and region at once only what the matrix at its top leads to; by stance on a proposition, positions;
        no span of years; and in the usual order."""
        if asked.region and asked.theme:
            is_at_top = not (self._words.regions[asked.region[0]].above or self._words.themes[asked.theme[0]].above)
            return is_at_top and asked.kind == (Kind.POSITION,)
        is_usual = not asked.sort and ".." not in "".join(asked.year)
        return is_usual and (not asked.stance or asked.kind == (Kind.POSITION,))

    def _has_parts(self, asked: Filter) -> bool:
        return all(self._words.hierarchy(facet)[values[0]].below for facet, values in asked.selections.items())  # type: ignore[arg-type]


def _place(path: str, folder: str, query: str) -> Place:
    chosen = ".".join(f"{name}.{_safe(value)}" for name, value in parse_qsl(query))
    if not chosen:
        return Place(path, f"{folder}/index.html")
    return Place(f"{path}?{query}", f"{folder}/{chosen}/index.html")


def _safe(text: str) -> str:
    """A part of an address as a name that every file system takes, even one that does not tell capitals apart."""
    if _PLAIN.fullmatch(text):
        return text
    return f"{slugify(text)[:40]}-{sha256(text.encode()).hexdigest()[:8]}".lstrip("-")
