"""Anchoring the passages of positions in the text of their source, wherever either is saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from apps.curation.anchoring.lookup import Text
from apps.curation.anchoring.selectors import Anchor, Selector, flat, normalised
from apps.taxonomy.words import Anchoring

if TYPE_CHECKING:
    from apps.curation.models import CodedPassage, Passage, Position

WAITING = (Anchoring.CHANGED, Anchoring.LOST)  # for an analyst to decide; until then the gate refuses
Values = list[Any]
_COLUMNS = ("prefix", "suffix", "start", "end", "state")


@dataclass
class Reanchored:
    """What became of the passages of a text that was edited."""

    fates: Counter[Anchoring] = field(default_factory=Counter)
    edited: list[Position] = field(default_factory=list)  # those that a reader would see otherwise, or that wait
    waiting: list[Position] = field(default_factory=list)  # for an analyst, since this edit or an earlier one

    def __str__(self) -> str:
        words = {
            Anchoring.EXACT: "stand where they stood",
            Anchoring.MOVED: "moved along",
            Anchoring.CHANGED: "changed",
            Anchoring.LOST: "lost",
        }
        counted = [f"{self.fates[fate]} {said}" for fate, said in words.items() if self.fates[fate]]
        return f"Passages found again in the edited text: {', '.join(counted)}."


def reanchor(passages: Iterable[Passage], text: str, formerly: str | None = None) -> Reanchored:
    """Look for passages in the present text of their source, and note in each what came of it; in a transaction.

    ``formerly`` is the text that their places were in until now, if it was another. Nothing that is public changes by
    this, and nothing that another entry is judged by, so nothing has to be judged again.
    """
    outcome = Reanchored()
    edited: dict[int, Position] = {}
    waiting: dict[int, Position] = {}
    for passage, before, after in settle_all(passages, text, formerly):
        if passage.state:
            outcome.fates[Anchoring(passage.state)] += 1
        if passage.state in WAITING:
            waiting[passage.position_id] = passage.position
        if before[:2] != after[:2] or (passage.state in WAITING and before[-1] != after[-1]):
            edited[passage.position_id] = passage.position
    if edited:
        positions = type(next(iter(edited.values())))._default_manager
        positions.filter(pk__in=edited).update(modified_at=timezone.now())
    outcome.edited, outcome.waiting = list(edited.values()), list(waiting.values())
    return outcome


def settle_all(passages: Iterable[Any], text: str, formerly: str | None = None) -> list[tuple[Any, Values, Values]]:
    """Keep where passages of any sort stand in a text now; returns each with what it said of that before and after."""
    lookup, first_lookup = Text(text, formerly), Text(text)
    settled = []
    for passage in passages:
        before = [getattr(passage, name) for name in _COLUMNS]
        settle(passage, lookup if passage.state else first_lookup)
        settled.append((passage, before, [getattr(passage, name) for name in _COLUMNS]))
    if changed := [passage for passage, before, after in settled if before != after]:
        type(changed[0])._default_manager.bulk_update(changed, _COLUMNS, batch_size=200)
    return settled


def settle(passage: Passage | CodedPassage, text: Text) -> None:
    """Note in a passage where it stands in a text. Where there is no text to compare it with, it has no place; what
    waits for an analyst goes on waiting."""
    if not passage.quotation.strip():
        return
    if not text.text:
        passage.start = passage.end = None
        passage.state = passage.state if passage.state in WAITING else ""
        return
    anchor = text.find(selector_of(passage))
    passage.state, passage.start, passage.end = anchor.state, anchor.start, anchor.end
    if anchor.state not in WAITING:
        _renew_context(passage, text.text, anchor)


def selector_of(passage: Passage | CodedPassage) -> Selector:
    quotation, prefix, suffix = (normalised(one) for one in (passage.quotation, passage.prefix, passage.suffix))
    return Selector(quotation, prefix, suffix, passage.start, passage.end)


def _renew_context(passage: Passage | CodedPassage, text: str, anchor: Anchor) -> None:
    """Keep the words around that were noted if they stand there still, however many they are."""
    start, end = anchor.start or 0, anchor.end or 0
    around = Selector.at(text, start, end)
    before, after = flat(text[max(0, start - 200) : start]), flat(text[end : end + 200])
    if not passage.prefix.strip() or not before.endswith(flat(passage.prefix)):
        passage.prefix = around.prefix
    if not passage.suffix.strip() or not after.startswith(flat(passage.suffix)):
        passage.suffix = around.suffix
