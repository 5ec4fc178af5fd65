"""PDF: lines of text at places on a page, put together to paragraphs. To be run in a process of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from statistics import median
from typing import Any

from apps.curation.intake.result import Unreadable

MOST_PAGES = 300
_BULLET = re.compile(r"[•▪◦‣●○■□▸►➢⁃∙·\uf0b7\uf0a7\uf0d8]\s*|[-–—*]\s+|(?:\(?\d{1,2}[.)]|\(?[a-z]\))\s+")
_ENDS = re.compile(r"[.!?:…][\"”’')\]]*$")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[-–]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*[-–]?(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE
)


@dataclass(slots=True)
class Line:
    """A line of text: where on which page it begins, and how large its letters are, in points."""

    text: str
    page: int
    x: float
    y: float
    size: float
    longest: int = 0  # letters in the piece that the size was taken from: a bullet's own says nothing

    def add(self, text: str, size: float) -> None:
        self.text += text
        if len(text) > self.longest:
            self.size, self.longest = size, len(text)

    @property
    def running(self) -> tuple[str, int]:
        """What tells a running title: the words without their numbers, and their height on the page."""
        return re.sub(r"\d+", "0", self.text), round(self.y)


def text_of(data: bytes) -> tuple[str, list[str]]:
    """The text of a PDF, and remarks. Raises Unreadable, and whatever pypdf raises on a damaged file."""
    import pypdf

    reader = pypdf.PdfReader(BytesIO(data))
    if reader.is_encrypted:
        raise Unreadable(
            "The PDF is locked with a password. Save it without one (print it to a new PDF), or paste its text here."
        )
    if len(reader.pages) > MOST_PAGES:
        raise Unreadable(
            f"The PDF has {len(reader.pages):,} pages; {MOST_PAGES} at most can be read at once. "
            "Split it and read the part that you need."
        )
    lines = [line for number, page in enumerate(reader.pages) for line in _lines(page, number)]
    if not lines:
        raise Unreadable(
            f"There is no text on its {len(reader.pages)} pages, only pictures of it: it was scanned. Put it through "
            "text recognition (OCR) first, or paste the text here."
        )
    kept = _without_running(lines, len(reader.pages))
    empty = len(reader.pages) - len({line.page for line in lines})
    return "\n".join(_paragraphs(kept)).replace("\n\n\n", "\n\n"), [
        *(
            [f"{len(lines) - len(kept)} page numbers and running titles were left out."]
            if len(kept) < len(lines)
            else []
        ),
        *([f"{empty} of its {len(reader.pages)} pages hold no text; they may be pictures."] if empty else []),
    ]


def _lines(page: Any, number: int) -> Iterator[Line]:
    """The lines of a page in the order in which they are drawn, which is that of reading in nearly every document."""
    lines: list[Line] = []

    def take(text: str, cm: list[float], tm: list[float], font: Any, font_size: float) -> None:
        x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        size = abs(font_size * (tm[3] or tm[1] or 1) * (cm[3] or cm[1] or 1)) or 10
        for place, part in enumerate(text.split("\n")):
            last = lines[-1] if lines else None
            if last is not None and place == 0 and abs(last.y - y) < 0.6 * min(size, last.size):
                last.add(part, size)
            elif part.strip():
                lines.append(Line(part, number, x, y, size, len(part)))

    page.extract_text(visitor_text=take)
    for line in lines:
        line.text = " ".join("".join(_LIGATURES.get(c, c) for c in line.text).split())
    return (line for line in lines if line.text)


def _without_running(lines: list[Line], pages: int) -> list[Line]:
    """Without page numbers, and without titles that stand at one height on many pages."""
    counts = Counter(running for running, _ in {(line.running, line.page) for line in lines})
    often = max(2, min(5, pages // 2))
    edges = {page: _edges([line for line in lines if line.page == page]) for page in {line.page for line in lines}}
    return [
        line
        for line in lines
        if not (pages > 1 and counts[line.running] >= often and line.y in edges[line.page])
        and not (line.y in edges[line.page] and _PAGE_NUMBER.fullmatch(line.text))
    ]


def _edges(lines: list[Line]) -> set[float]:
    heights = sorted({line.y for line in lines})
    return {*heights[:3], *heights[-3:]} if len(heights) > 1 else set()


def _paragraphs(lines: list[Line]) -> Iterator[str]:
    """Lines put together: paragraphs between empty lines, bullets and headings with their marks."""
    body = median(line.size for line in lines)
    leading = _leading(lines)
    longest = max((len(line.text) for line in lines), default=0)
    block = ""
    for before, line in zip([None, *lines], lines, strict=False):
        if before is not None and not _starts_block(before, line, leading, longest):
            block = _join(block, line.text)
            continue
        yield from _shown(block)
        bullet = _BULLET.match(line.text)
        if bullet:
            block = f"- {line.text[bullet.end() :]}"
        else:
            block = f"# {line.text}" if line.size > 1.15 * body and len(line.text) < 120 else line.text
    yield from _shown(block)


def _shown(block: str) -> Iterable[str]:
    return ([block] if block.startswith("- ") else ["", block, ""]) if block else []


def _starts_block(before: Line, line: Line, leading: float, longest: int) -> bool:
    """Whether a line begins something new after the one before it."""
    if _BULLET.match(line.text) or abs(line.size - before.size) > 0.1 * before.size:
        return True
    ended = bool(_ENDS.search(before.text))
    if line.page != before.page or line.y > before.y:  # the next page, or the next column
        return ended or not line.text[:1].islower()
    if before.y - line.y > 1.4 * leading:
        return True
    return ended and len(before.text) < 0.7 * longest and line.text[:1].isupper() and line.x != before.x


def _leading(lines: list[Line]) -> float:
    """The usual distance from a line to the next."""
    gaps = [a.y - b.y for a, b in pairwise(lines) if a.page == b.page and 0 < a.y - b.y < 5 * a.size]
    return median(gaps) if gaps else 12.0


def _join(block: str, text: str) -> str:
    """A line after what goes before it; a word divided at the end of the line is one word again."""
    if re.search(r"[a-z]-$", block) and text[:1].islower():
        return block[:-1] + text
    return f"{block} {text}"
