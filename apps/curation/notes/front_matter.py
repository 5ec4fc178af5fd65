"""Front matter: a small, tame part of YAML.

Every value is text: `no` is no truth value and 2023-06 no number, so what an analyst writes is what arrives.
Anchors, aliases and tags are refused: nobody needs them here, and an asterisk at the start of a value is a slip.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from apps.curation.notes.nodes import Node, plain_key
from apps.curation.notes.problems import Wrong

LARGEST = 200_000  # characters
DEEPEST = 8
_FIRST_LINE = 2  # of the file: the first stands below the three dashes
_QUOTE = "Put the whole value in quotation marks."
_CURES = {
    "mapping values are not allowed": f"There is a second colon in this value, or a wrong indentation. {_QUOTE}",
    r"found character '\t'": "A tab stands where spaces belong. Indent with spaces.",
    "that cannot start any token": f"A value can't start with this character. {_QUOTE}",
    "expected alphabetic or numeric": f"A value can't start with “*” or “&”. {_QUOTE}",
    "could not find expected ':'": "This is no “key: value”. Is the space after the colon missing?",
    "unexpected end of stream": "A quotation mark or a bracket that is opened here is never closed.",
    "expected ',' or": "A bracket that is opened here is never closed.",
    "expected <block end>": "This line doesn't go with the ones above it: is it indented otherwise?",
    "escape": "A backslash in double quotation marks means something else. Use single quotation marks.",
}
# What YAML notices at the end of what it is wrong with; an analyst looks at the beginning.
_NOTICED_LATE = ("could not find expected", "unexpected end of stream", "expected ',' or")


def parse(text: str, complain: Callable[[Wrong], None]) -> tuple[Node, ...]:
    """The fields of a file's front matter; of a field that is said twice the first, with a complaint.

    Raises Wrong, with the line in the file, on anything but plain fields.
    """
    if len(text) > LARGEST:
        raise Wrong(1, f"The front matter is longer than {LARGEST:,} characters. Long texts belong below it.")
    try:
        return _Parser(text, complain).fields()
    except yaml.MarkedYAMLError as error:
        said = f"{error.problem or error.context}"
        late = any(words in said for words in _NOTICED_LATE)
        mark = (error.context_mark if late else None) or error.problem_mark
        cure = next((cure for words, cure in _CURES.items() if words in said), f"This can't be read as YAML: {said}.")
        raise Wrong((mark.line if mark else 0) + _FIRST_LINE, cure) from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + _FIRST_LINE
        raise Wrong(line, f"There is an invisible character (U+{int(error.character):04X}) here.") from None


class _Parser:
    """Builds nodes from YAML's events, of which it takes only the harmless ones."""

    def __init__(self, text: str, complain: Callable[[Wrong], None]) -> None:
        self.complain = complain
        self.lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)  # as YAML counts them
        self.events: Iterator[Any] = yaml.parse(text, Loader=yaml.SafeLoader)

    def fields(self) -> tuple[Node, ...]:
        self._next(), self._next()  # the stream and the document begin
        first = self._next()
        if isinstance(first, yaml.StreamEndEvent) or (isinstance(first, yaml.ScalarEvent) and not first.value):
            return ()
        if not isinstance(first, yaml.MappingStartEvent):
            raise Wrong(self._line(first), "Front matter is made of lines like “kind: workshop”.")
        return self._fields(depth=1)

    def _next(self) -> Any:
        event = next(self.events, yaml.StreamEndEvent())
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Wrong(self._line(event), f"A value can't start with “*” or “&”. {_QUOTE}")
        if getattr(event, "tag", None):
            raise Wrong(self._line(event), f"A value can't start with “!”. {_QUOTE}")
        return event

    def _line(self, event: Any) -> int:
        return int(event.start_mark.line) + _FIRST_LINE

    def _fields(self, depth: int) -> tuple[Node, ...]:
        found: dict[str, Node] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            line = self._line(event)
            if not isinstance(event, yaml.ScalarEvent) or not event.value:
                raise Wrong(line, "A key is missing before the colon.")
            key = plain_key(event.value)
            value = self._value(self._next(), depth)
            if key in found:
                said = f"“{event.value}” is said twice; first in line {found[key].line}. Keep one of them."
                self.complain(Wrong(line, said))
                continue
            found[key] = Node(line, value.text, event.value, value.children, whole=value.whole)
        return tuple(found.values())

    def _value(self, event: Any, depth: int) -> Node:
        line = self._line(event)
        if depth > DEEPEST:
            raise Wrong(line, "This is nested too deeply.")
        if isinstance(event, yaml.MappingStartEvent):
            return Node(line, children=self._fields(depth + 1))
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := self._next(), yaml.SequenceEndEvent):
                items.append(self._value(event, depth + 1))
            return Node(line, children=tuple(items))
        return self._scalar(event, line)

    def _scalar(self, event: Any, line: int) -> Node:
        value = str(event.value)
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise Wrong(line, "A backslash in this value makes a character that is none. Use single quotation marks.")
        rest = self.lines[event.end_mark.line][event.end_mark.column :]
        if event.style is None and re.match(r"\s+#[^\s#]", rest):
            raise Wrong(line, f"What follows “#” would be lost as a comment. {_QUOTE}")
        return Node(line, " ".join(value.split()), whole=value.strip("\n"))
