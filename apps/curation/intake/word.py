"""Word's files (DOCX): read in a process of their own, after a look at what they would unpack to."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from apps.curation.intake.apart import OF_A_TEXT
from apps.curation.intake.packed import check, members_of
from apps.curation.intake.result import Unreadable

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT = "word/document.xml"


def look_over(data: bytes) -> None:
    """Judge a DOCX by its table of contents, before anything is unpacked. Raises Unreadable."""
    members = members_of(data)
    names = {member.filename for member in members}
    if _DOCUMENT not in names:
        raise Unreadable(_other_office(names))
    check(members, OF_A_TEXT)


def text_of(data: bytes) -> tuple[str, list[str]]:
    """The text of a DOCX, and remarks. To be called in a process of its own; raises Unreadable."""
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(BytesIO(data))
    except (OpcError, KeyError, ValueError, zipfile.BadZipFile, SyntaxError):
        raise Unreadable("The file is damaged: Word's text can't be found in it. Save it once more.") from None
    body = document.element.body
    headings = {style.style_id for style in document.styles if (style.name or "").startswith(("Heading", "Title"))}
    lists = {style.style_id for style in document.styles if (style.name or "").startswith("List")}
    blocks = _joined(list(_blocks(body, headings, lists)))
    notes = {node.get(f"{_W}id") for node in body.iter(f"{_W}footnoteReference", f"{_W}endnoteReference")}
    return blocks, [f"Left out: {len(notes)} footnotes and endnotes."] if notes else []


def _blocks(parent: Any, headings: set[str], lists: set[str]) -> Iterator[str]:
    """Paragraphs and tables in their order, also those within a content control; a row of a table is one line."""
    for node in parent:
        if node.tag == f"{_W}p":
            if words := _words(node):
                yield _start(node, headings, lists) + words
        elif node.tag == f"{_W}tbl":
            for row in node.iter(f"{_W}tr"):
                cells = [" ".join(map(_words, cell.iter(f"{_W}p"))).strip() for cell in row.iter(f"{_W}tc")]
                if any(cells):
                    yield " | ".join(cells)
        elif node.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _blocks(node, headings, lists)


def _words(paragraph: Any) -> str:
    """The text as it reads with all tracked changes accepted: insertions are in, deletions (w:delText) are not."""
    parts = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
    nodes = paragraph.iter(f"{_W}t", *parts)
    words = "".join((node.text or "") if node.tag == f"{_W}t" else _mark(node, parts) for node in nodes)
    return "\n".join(" ".join(line.split()) for line in words.split("\n")).strip()


def _mark(node: Any, parts: dict[str, str]) -> str:
    # A tab within w:tabs says where one may stop and is none itself.
    return "" if node.getparent().tag == f"{_W}tabs" else parts[node.tag]


def _start(paragraph: Any, headings: set[str], lists: set[str]) -> str:
    """What a line of this paragraph begins with: # for a heading, - for a bullet, as deep as it stands."""
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = style.get(f"{_W}val") if style is not None else ""
    numbered = paragraph.find(f"{_W}pPr/{_W}numPr")
    if name in headings:
        return "# "
    if numbered is None and name not in lists:
        return ""
    level = numbered.find(f"{_W}ilvl") if numbered is not None else None
    depth = level.get(f"{_W}val", "0") if level is not None else "0"
    return "  " * min(int(depth) if depth.isdecimal() else 0, 8) + "- "


def _joined(blocks: list[str]) -> str:
    """Blocks between empty lines; the bullets of a list stand together."""
    lines: list[str] = []
    for block in blocks:
        is_bullet = block.lstrip().startswith("- ")
        if lines and not (is_bullet and lines[-1].lstrip().startswith("- ")):
            lines.append("")
        lines.append(block)
    return "\n".join(lines)


def _other_office(names: set[str]) -> str:
    if any(name.startswith("xl/") for name in names):
        return "This is a table (XLSX). Copy the cells that hold your notes and paste them here."
    if any(name.startswith("ppt/") for name in names):
        return "These are slides (PPTX). Save them as PDF and upload that, or paste their text here."
    if "content.xml" in names:
        return "This is an OpenDocument file. Save it as DOCX and upload that."
    return "This is an archive without a Word document in it. Upload the document itself."
