"""The body of a note: headings, lists and prose, each with its line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from apps.curation.notes.nodes import Node
from apps.curation.notes.problems import Wrong

# Only the blocks matter here. Headings by underlining would turn a line above a rule into one; indented code and
# link definitions would take text out of sight.
_MARKDOWN = MarkdownIt("commonmark").disable(["lheading", "code", "reference", "inline", "text_join"])
_LISTS = ("bullet_list", "ordered_list")
_MARKER = re.compile(r" *(?:[-*+]|\d{1,9}[.)]) +")
_FENCE_END = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of a note's blocks, with the lines that they were read from."""

    lines: Sequence[str]
    starts: int  # the line of the file that lines[0] is
    blocks: Sequence[SyntaxTreeNode]

    @property
    def line(self) -> int:
        return self._line(self.blocks[0]) if self.blocks else self.starts

    def split(self, level: int) -> tuple[Stretch, list[Section]]:
        """What stands before the first heading of a level, and a section for each such heading.

        Deeper headings belong to the section they stand in. Raises Wrong on a heading of a higher level.
        """
        runs: list[tuple[SyntaxTreeNode | None, list[SyntaxTreeNode]]] = [(None, [])]
        for block in self.blocks:
            if block.type == "heading" and _level(block) < level:
                raise Wrong(
                    self._line(block),
                    f"Only the title has a heading this high. Write {'#' * level} or put it in a fence.",
                )
            if block.type == "heading" and _level(block) == level:
                runs.append((block, []))
            else:
                runs[-1][1].append(block)
        stretches = [Stretch(self.lines, self.starts, blocks) for _, blocks in runs]
        sections = [
            Section(_text(heading), self._line(heading), stretch)
            for (heading, _), stretch in zip(runs, stretches, strict=True)
            if heading
        ]
        return stretches[0], sections

    def whole(self) -> str:
        """As it was written; where it is one fence of tildes, what is in the fence, to the letter."""
        if len(self.blocks) == 1 and self.blocks[0].type == "fence" and self.blocks[0].markup.startswith("~"):
            return self.blocks[0].content.removesuffix("\n")
        if not self.blocks:
            return ""
        start, end = _lines(self.blocks[0])[0], _lines(self.blocks[-1])[1]
        return "\n".join(self.lines[start:end]).strip("\n")

    def lists(self) -> tuple[list[Node], Stretch]:
        """The items of its lists, and the blocks that are in none."""
        items = [self._item(item) for block in self.blocks if block.type in _LISTS for item in block.children]
        return items, Stretch(
            self.lines, self.starts, [b for b in self.blocks if b.type not in (*_LISTS, "html_block")]
        )

    def leading_lists(self) -> tuple[list[Node], Stretch]:
        """The items of the lists it begins with, and all that follows."""
        count = next((i for i, b in enumerate(self.blocks) if b.type not in (*_LISTS, "html_block")), len(self.blocks))
        items, _ = Stretch(self.lines, self.starts, self.blocks[:count]).lists()
        return items, Stretch(self.lines, self.starts, self.blocks[count:])

    def as_node(self, key: str = "", line: int | None = None) -> Node:
        """The stretch as the value of a field: its text, and the items of its lists."""
        items, rest = self.lists()
        whole = self.whole()
        return Node(line or self.line, " ".join(rest.whole().split()), key, tuple(items), whole=whole)

    def _line(self, block: SyntaxTreeNode) -> int:
        return self.starts + _lines(block)[0]

    def _item(self, item: SyntaxTreeNode) -> Node:
        first, end = _lines(item)
        marker = _MARKER.match(_spaced(self.lines[first]))
        indent = marker.end() if marker else 0
        text, blocks = "", list(item.children)
        if blocks and blocks[0].type == "paragraph":
            text = " ".join(_text(blocks.pop(0)).split())
        prose = [_dedented(self.lines[slice(*_lines(block))], indent) for block in blocks if block.type not in _LISTS]
        children = [self._item(child) for block in blocks if block.type in _LISTS for child in block.children]
        return Node(
            self.starts + first,
            text,
            children=tuple(children),
            prose="\n\n".join(prose),
            whole=_dedented(self.lines[first:end], indent, marker_too=True),
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands beneath it."""

    title: str
    line: int
    stretch: Stretch

    def as_node(self) -> Node:
        return self.stretch.as_node(self.title, self.line)


def parse(lines: Sequence[str], starts: int) -> Stretch:
    """Read a note's body, whose first line is the file's line ``starts``. Raises Wrong where a fence has no end."""
    stretch = Stretch(lines, starts, SyntaxTreeNode(_MARKDOWN.parse("\n".join(lines))).children)
    for block in stretch.blocks:
        if block.type == "fence":
            first, end = _lines(block)
            if end - first < 2 or not _FENCE_END.fullmatch(lines[end - 1]):
                raise Wrong(starts + first, f"The fence {block.markup} that opens here is never closed.")
    return stretch


def _lines(block: SyntaxTreeNode) -> tuple[int, int]:
    """The first line of a block and the one after its last."""
    assert block.map is not None  # only inline pieces have none
    return block.map


def _level(heading: SyntaxTreeNode) -> int:
    return int(heading.tag[1:])


def _text(block: SyntaxTreeNode) -> str:
    return str(block.children[0].content) if block.children else ""


def _spaced(line: str) -> str:
    """A line whose leading tabs are spaces, up to the next multiple of four."""
    body = line.lstrip(" \t")
    return line[: len(line) - len(body)].expandtabs(4) + body


def _dedented(lines: Sequence[str], indent: int, marker_too: bool = False) -> str:
    shown = []
    for number, line in enumerate(map(_spaced, lines)):
        margin = len(line) - len(line.lstrip(" "))
        cut = indent if marker_too and number == 0 else min(margin, indent)
        shown.append(line[cut:].rstrip())
    return "\n".join(shown).strip("\n")
