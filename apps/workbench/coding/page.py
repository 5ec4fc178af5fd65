"""What the coding view shows of a source: its paragraphs, and its positions in the order of their passages."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from apps.curation.anchoring import WAITING
from apps.curation.models import CodedPassage, Passage, Status
from apps.curation.models.sources import Source
from apps.taxonomy.words import Anchoring, Quantifier, Stance

Place = tuple[int, int]

_GAP = re.compile(r"(\n+)")


@dataclass
class Coded:
    """A position as the page lists it, in words: five hundred of them are written out at once, and numbers are slow."""

    id: str
    title: str
    stance: str
    stance_label: str
    quantifier: str
    status: str
    status_label: str
    on: str  # the title of its proposition
    code: str  # the address of its form here
    form: str  # and of that with all of it
    places: list[Place]  # from where to where its passages stand, in code points
    waiting: list[tuple[str, str]]  # of its passages: changed or lost, and the words

    @property
    def spans(self) -> str:
        """Its places as the page's script reads them."""
        return " ".join(f"{start}-{end}" for start, end in self.places)

    @property
    def starts(self) -> list[str]:
        return [str(start) for start, _ in self.places]


@dataclass
class Paragraph:
    """A line of the text, what separates it from the next, and the positions whose passages begin in it."""

    start: int
    text: str
    gap: str = ""
    marks: list[tuple[str, Coded]] = field(default_factory=list)  # with where the passage begins


def version_of(text: str) -> str:
    """A short name for a text as it is: another one means that it was edited."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def paragraphs_of(text: str, positions: Iterable[Coded] = ()) -> list[Paragraph]:
    """The text in pieces that make it up again, to the letter, with the positions marked where they are found."""
    pieces = _GAP.split(text)
    found, at = [], 0
    for words, gap in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        found.append(Paragraph(at, words, gap))
        at += len(words) + len(gap)
    marks = sorted(((start, one) for one in positions for start, _ in one.places), key=lambda mark: mark[0])
    starts = [paragraph.start for paragraph in found]
    for start, one in marks:
        found[bisect_right(starts, start) - 1].marks.append((str(start), one))
    return found


def coded_in(source: Source, here: str, form: str, only: int | None = None) -> list[Coded]:
    """The positions found in a source, or one of them, as they come in its text; those with no place in it first, since
    they wait. ``here`` is the address of the page, ``form`` that of a position's form with 0 for its number.

    Read as plain values: five hundred rows of the models would take most of the page's time.
    """
    rows = source.positions.filter(pk=only) if only else source.positions.all()
    passages: dict[int, list[Any]] = defaultdict(list)
    of_them = Passage.objects.filter(position__in=rows.values("pk")).order_by("position", "number")
    for position, *passage in of_them.values_list("position", "start", "end", "state", "quotation"):
        passages[position].append(passage)
    found = rows.order_by("order", "pk").values_list(
        "pk", "title", "stance", "quantifier", "status", "proposition__title"
    )
    coded = [_coded(row, here, form, passages[row[0]]) for row in found]
    return sorted(coded, key=lambda one: one.places[0][0] if one.places else -1)


def units_of(rows: Any, here: str, only: int | None = None) -> list[Coded]:
    """The same of what a second coder found apart, which has no standing and no form of its own."""
    rows = rows.filter(pk=only) if only else rows
    passages: dict[int, list[Any]] = defaultdict(list)
    of_them = CodedPassage.objects.filter(unit__in=rows.values("pk"))
    for unit, *passage in of_them.values_list("unit", "start", "end", "state", "quotation"):
        passages[unit].append(passage)
    found = rows.values_list("pk", "title", "stance", "quantifier", "on")
    coded = [_coded((*row[:4], "", row[4]), here, "", passages[row[0]]) for row in found]
    return sorted(coded, key=lambda one: one.places[0][0] if one.places else -1)


def _coded(row: Any, here: str, form: str, passages: Any) -> Coded:
    pk, title, stance, quantifier, status, on = row
    key = str(pk)
    return Coded(
        id=key,
        title=title,
        stance=stance or "none",
        stance_label=Stance(stance).label if stance else "No stance",
        quantifier=Quantifier(quantifier).label.lower() if quantifier else "",
        status=status,
        status_label=str(Status(status).label) if status else "",
        on=on or "",
        code=f"{here}{key}/",
        form=form.replace("/0/", f"/{key}/"),
        places=[(start, end) for start, end, _, _ in passages if start is not None],
        waiting=[(Anchoring(state).label, words) for _, _, state, words in passages if state in WAITING],
    )
