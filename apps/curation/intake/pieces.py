"""A text taken apart into what may be a claim each: headings, bullets, sentences, cells of a table."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

MARKER = re.compile(r"[ \t]*(?:[-*+•▪◦‣●○■►➢⁃·–—]|\(?\d{1,3}[.)]|\(?[a-z][.)]|\(?[A-Z]\)|\(?[ivx]{1,5}[.)])[ \t]+")
_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]+")
_RULE = re.compile(r"[ \t]*(?:[-*_=][ \t]*){3,}")
_CELL = re.compile(r"[ \t]*\|[ \t]*")
_END = re.compile(r"[.!?…]+[\"”’')\]*_]*(?=\s)\s+(?=[\"“‘'(\[*_]*[A-Z0-9À-ÖØ-Þ])")
_LAST_WORD = re.compile(r"([\w.]+)[.!?…]+[\"”’')\]*_]*\s*\Z")
_ENDED = re.compile(r"[.!?…:;][\"”’')\]*_]*\s*\Z")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gen adm amb col maj capt lt sen rep st vs cf eg e.g ie i.e approx no nos fig figs pp p ca c al "
    "etc inc ltd vol ed eds u.s u.k u.n d.c jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_LIKELY_LAST = frozenset({"etc", "al", "u.s", "u.k", "u.n", "d.c"})  # these may end a sentence as well
_NARROW = 0.75  # of the widest line: what is shorter was ended by its writer, not by the margin
_FEW = 40  # characters; a shorter paragraph without a full stop is a heading
_WIDEST = 120  # characters; a line beyond that was never broken by a margin


class Kind(enum.Enum):
    """Where a piece stands."""

    HEADING = "heading"
    BULLET = "bullet"
    SENTENCE = "sentence"
    CELL = "cell"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, by its place in code points, end exclusive. `whole` is a bullet or paragraph of its own."""

    start: int
    end: int
    kind: Kind
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def take_apart(text: str) -> list[Piece]:
    """The pieces of a text in their order. What is not in any of them is space, bullets' marks and rules."""
    return [piece for block, kind in _blocks(text) for piece in _pieces(text, block, kind)]


def _blocks(text: str) -> Iterator[tuple[tuple[int, int], Kind]]:
    """Runs of lines that belong together: from the first letter to behind the last."""
    open_block: tuple[int, int, Kind] | None = None
    lines = list(_lines(text))
    width = min(max((len(line.text) for line in lines), default=0), _WIDEST)
    for before, line in zip(chain([None], lines), lines, strict=False):
        marker, heading = MARKER.match(line.text), _HEADING.match(line.text)
        is_blank = not line.text.strip() or _RULE.fullmatch(line.text) is not None
        if is_blank and open_block is not None and _goes_on_beyond(text, open_block, line):
            continue
        goes_on = open_block is not None and not (is_blank or heading or marker or "|" in line.text)
        if (
            goes_on
            and open_block is not None
            and before is not None
            and (not before.text.strip() or _wraps(before.text, line.text, width))
        ):
            open_block = (open_block[0], line.end, open_block[2])
            continue
        if open_block is not None:
            yield open_block[:2], open_block[2]
            open_block = None
        if heading:
            yield (line.start + heading.end(), line.end), Kind.HEADING
        elif "|" in line.text and not is_blank:
            yield from _cells(line)
        elif not is_blank:
            open_block = (
                line.start + (marker.end() if marker else 0), line.end, Kind.BULLET if marker else Kind.SENTENCE
            )  # fmt: skip
    if open_block is not None:
        yield open_block[:2], open_block[2]


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for line in text.split("\n"):
        yield _Line(start, start + len(line), line)
        start += len(line) + 1


def _goes_on_beyond(text: str, block: tuple[int, int, Kind], blank: _Line) -> bool:
    """Whether a paragraph goes on after an empty line: it broke off in mid-sentence, as where a page ended."""
    if (
        block[2] is not Kind.SENTENCE
        or len(text[block[0] : block[1]]) < _FEW
        or _ENDED.search(text, block[0], block[1])
    ):
        return False
    rest = text[blank.end : blank.end + _WIDEST].lstrip()
    return rest[:1].islower() and not MARKER.match(rest)


def _wraps(before: str, line: str, width: int) -> bool:
    """Whether a margin, and not the writer, ended the line before this one."""
    first = line.lstrip()[:1]
    if first.islower() or (before.endswith("-") and first.isalpha()):
        return True
    if width < _FEW or len(before) > _WIDEST or len(before) < _NARROW * width:
        return False
    return not _ENDED.search(before) or width > 50


def _cells(line: _Line) -> Iterator[tuple[tuple[int, int], Kind]]:
    start = 0
    for bar in chain(_CELL.finditer(line.text), [None]):
        end = bar.start() if bar else len(line.text)
        if line.text[start:end].strip(" -:"):
            yield (line.start + start, line.start + end), Kind.CELL
        start = bar.end() if bar else end


def _pieces(text: str, block: tuple[int, int], kind: Kind) -> Iterator[Piece]:
    start, end = block
    cuts = [] if kind is Kind.HEADING else list(_sentence_ends(text[start:end]))
    places = [start, *(start + cut for cut in cuts), end]
    for first, last in pairwise(places):
        words = text[first:last]
        if words.strip():
            lead = len(words) - len(words.lstrip())
            yield Piece(first + lead, first + len(words.rstrip()), kind, is_whole=not cuts)


def _sentence_ends(text: str) -> Iterator[int]:
    """Where the next sentence begins, for each but the first."""
    for match in _END.finditer(text):
        last = _LAST_WORD.search(text, max(0, match.start() - 40), match.end())
        word = last[1].casefold().rstrip(".") if last else ""
        is_initial = len(word) == 1 and word.isalpha() and word != "i"
        if not is_initial and (word not in _ABBREVIATIONS or word in _LIKELY_LAST):
            yield match.end()
