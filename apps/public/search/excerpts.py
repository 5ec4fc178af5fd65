"""Titles and excerpts with the words that were looked for marked in them. Everything else in them is escaped."""

from __future__ import annotations

import re

import tantivy
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from apps.public.catalogue.models import Record
from apps.public.search import schema
from apps.public.search.index import Reader
from apps.public.search.language import Typed
from apps.public.search.matching import words_query

LENGTH = 240  # characters of an excerpt
_WHOLE = 1_000  # more than any title has


class Excerpts:
    """Marks one search's words in any number of records."""

    def __init__(self, reader: Reader, typed: Typed) -> None:
        self._generator = None
        if typed.words:
            self._generator = tantivy.SnippetGenerator.create(
                reader.searcher, words_query(typed), schema.schema(), "text"
            )

    def title(self, record: Record) -> SafeString:
        title = schema.clean(record.title)
        return _marked(title, self._snippet(title, _WHOLE)) if self._generator else escape(title)

    def excerpt(self, record: Record) -> SafeString:
        """The part of a record's text that has most of the words; its beginning, where none is in it."""
        text = schema.clean("\n".join(schema.body(record.kind, record.content or {})))
        snippet = self._snippet(text, LENGTH) if self._generator else None
        if not snippet or not snippet.highlighted():
            return escape(beginning(text))
        part = snippet.fragment_range()
        whole = text.encode()
        before = "… " if part.start > 0 else ""
        after = " …" if whole[part.end :].strip(b" .\n") else whole[part.end :].decode().rstrip()
        return mark_safe(f"{before}{_marked(snippet.fragment(), snippet)}{escape(after)}")  # noqa: S308

    def _snippet(self, text: str, length: int) -> tantivy.Snippet:
        assert self._generator is not None
        self._generator.set_max_num_chars(length)
        return self._generator.snippet_from_doc(tantivy.Document(text=text))


def _marked(text: str, snippet: tantivy.Snippet) -> SafeString:
    """The text with the snippet's highlights, which count from its start in bytes of UTF-8."""
    whole, end = text.encode(), 0
    parts: list[str] = []
    for mark in snippet.highlighted():
        parts.append(escape(whole[end : mark.start].decode()))
        parts.append(f"<mark>{escape(whole[mark.start : mark.end].decode())}</mark>")
        end = mark.end
    return mark_safe("".join([*parts, escape(whole[end:].decode())]))  # noqa: S308


def beginning(text: str) -> str:
    """The first words of a text, as many as an excerpt holds."""
    if len(text) <= LENGTH:
        return text
    return re.sub(r"\s+\S*$", "", text[:LENGTH]) + " …"
