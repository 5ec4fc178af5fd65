"""A text in every way in which a reader may read it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt

_MARKED = re.compile(r"[\[\]*_`<>&\\~]")
_TURNED = re.compile("[\u202b\u202e\u2067]")  # what makes a reader see the letters from right to left
_markdown = MarkdownIt("commonmark", {"html": False})


def readings(text: str) -> Iterator[str]:
    """A text as it is written, and as it is read where that is something else: rendered, or turned round."""
    if text:
        yield text
    if _MARKED.search(text):
        yield html.unescape(re.sub(r"<[^>]*>", "", _markdown.render(text)))
    if _TURNED.search(shown := html.unescape(text)):
        yield shown[::-1]
