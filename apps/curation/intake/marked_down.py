"""Markdown as plain text: its headings, bullets and paragraphs stay, its emphasis and links become words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from apps.curation.intake.plain import clean, read_plain
from apps.curation.intake.result import Reading

# Setext headings would turn a line above a rule into one; indented code would take an indented note for a program.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["lheading", "code"])
_BETWEEN_BULLETS = re.compile(r"\n\n(?= *- )")
_LISTS = ("bullet_list_open", "ordered_list_open")


def read_markdown(data: bytes) -> Reading:
    """A Markdown file. Raises Unreadable for what is no text. Front matter is left out."""
    read = read_plain(data)
    body = _without_front_matter(read.text)
    remark = "The file's front matter was left out." if body != read.text else ""
    blocks = "\n\n".join(_blocks(_MARKDOWN.parse(body)))
    return clean(_BETWEEN_BULLETS.sub("\n", blocks), *read.remarks, remark)


def _blocks(tokens: list[Token]) -> Iterator[str]:
    """The blocks of a document: each paragraph, heading, bullet and row of a table."""
    depth, start, in_cell = 0, "", False
    row: list[str] = []
    for token in tokens:
        if token.type in _LISTS:
            depth += 1
        elif token.type.endswith("_list_close"):
            depth -= 1
        elif token.type == "list_item_open":
            start = "  " * (depth - 1) + "- "
        elif token.type == "heading_open":
            start = "#" * int(token.tag[1:]) + " "
        elif token.type in ("fence", "html_block"):
            yield token.content.strip("\n")
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield " | ".join(row)
        elif token.type in ("th_open", "td_open"):
            in_cell = True
        elif token.type in ("th_close", "td_close"):
            in_cell = False
        elif token.type == "inline" and in_cell:
            row.append(_words(token))
        elif token.type == "inline":
            yield start + _words(token)
            start = ""


def _words(inline: Token) -> str:
    """What is to be read of a paragraph: its text, the words of its links, the description of its pictures."""
    parts = []
    for child in inline.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n" if child.type == "hardbreak" else " ")
        elif child.type in ("text", "code_inline", "html_inline", "image"):
            parts.append(child.content)
    return "".join(parts).strip()


def _without_front_matter(text: str) -> str:
    if not text.startswith("---\n"):
        return text
    _, fence, body = text[4:].partition("\n---\n")
    return body if fence else text
