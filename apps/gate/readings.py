"""A text in every way in which a reader may read it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt

from apps.public.search.schema import plain_text

_MARKED = re.compile(r"[\[\]*_`<>&\\~]")
_LEFT_OUT = re.compile("[\x0b\x0c\ufffe\uffff]")  # by browsers or spreadsheets; what stood around it comes together
_TURNED = re.compile("[\u202b\u202e\u2067]")  # what makes a reader see the letters from right to left
_markdown = MarkdownIt("commonmark", {"html": False})


def readings(text: str) -> Iterator[str]:
    """A text as it is written, and as it is read where that is something else: rendered, as excerpts and
    feeds have it, without what can't be shown, or turned round."""
    if text:
        yield text
    if _MARKED.search(text):
        yield (rendered := html.unescape(re.sub(r"<[^>]*>", "", _markdown.render(text))))
        if "](" in text and (plain := plain_text(text)) not in rendered:  # it takes more for a link
            yield plain
    if _LEFT_OUT.search(text):
        yield _LEFT_OUT.sub("", text)
    if _TURNED.search(shown := html.unescape(text)):
        yield shown[::-1]
