"""The pieces that a note is made of, the same from front matter and from Markdown lists."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_KEYED = re.compile(r"([^\W\d_][\w '’-]{0,40}?)[ \t]*:(?:\s+|$)")


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a note: perhaps a key, then a text, then what is listed beneath it."""

    line: int
    text: str = ""  # in one line
    key: str = ""  # set in front matter and for headings; in a list, "key: value" waits for ``keyed``
    children: tuple[Node, ...] = ()
    prose: str = ""  # paragraphs after the text, beside the list
    whole: str = ""  # all of it as it was written, for what is Markdown itself

    def keyed(self) -> Node:
        """A list item read as ``key: value``; the same node if it isn't one, or has its key already."""
        match = None if self.key else _KEYED.match(self.text)
        if not match:
            return self
        written = _KEYED.match(self.whole)
        whole = self.whole[written.end() :].strip("\n") if written else self.text[match.end() :]
        return replace(self, key=match[1], text=self.text[match.end() :], whole=whole)


def plain_key(key: str) -> str:
    """A key however it is capitalised and whatever stands between its words."""
    return re.sub(r"[\s_-]+", " ", key.strip().casefold()).replace("’", "'")
