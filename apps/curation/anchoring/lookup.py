"""Looks for passages in a text that has changed. Rather lost than wrong: of two places about as good, neither is taken.

The weights are those of Hypothes.is (quotation 50, words before 20, words after 20). Unlike there, a place below a
stated score is no place, and what else stood in the former text is asked, so that a lookalike isn't taken for it.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein, Postfix, Prefix

from apps.curation.anchoring.nearly import nearly_there
from apps.curation.anchoring.selectors import LOST, Anchor, Selector, Span, flat
from apps.curation.anchoring.surroundings import Surroundings
from apps.taxonomy.words import Anchoring

LONE = 24  # code points of a quotation that is known again by itself, if it stands once and stood once
MARGIN = 0.3  # by which the best place must be better than the next, on both sides taken together
MOST = 25  # places of the same words that are compared one by one


class Text:
    """A text in which many passages are looked for; with ``formerly``, the text that they stood in until now."""

    def __init__(self, text: str, formerly: str | None = None) -> None:
        self.text, self.formerly = text, formerly or None
        self.head = self.tail = 0  # code points at both ends that are as they were
        if formerly:
            self.head = Prefix.similarity(text, formerly)
            self.tail = min(Postfix.similarity(text, formerly), len(text) - self.head, len(formerly) - self.head)

    def find(self, selector: Selector) -> Anchor:
        """Where the passage stands now. A selector without a quotation can't be looked for: lost."""
        if not selector.quotation.strip():
            return LOST
        if place := self._untouched(selector):
            return self._anchor(selector, place)
        around = Surroundings.of(selector, self.formerly)
        found = occurrences(self.text, selector)
        if place := self._the_one(selector, found, around):
            return self._anchor(selector, place)
        near = nearly_there(self.text, selector, around, apart_from=found) if around.from_its_text else None
        if near is None or self._stood_elsewhere(selector, near.place):
            return LOST
        return Anchor(Anchoring.CHANGED, *near.place, near.score)

    def _anchor(self, selector: Selector, place: Span) -> Anchor:
        likeness = Levenshtein.normalized_similarity(flat(self.text[slice(*place)]), flat(selector.quotation))
        if likeness < 1:  # it had been changed before, and waits for the analyst still
            return Anchor(Anchoring.CHANGED, *place, likeness)
        moved = selector.start is not None and place[0] != selector.start
        return Anchor(Anchoring.MOVED if moved else Anchoring.EXACT, *place, 1.0)

    def _untouched(self, selector: Selector) -> Span | None:
        """Where it stands for certain: at a place that an analyst has just named, or in a part that wasn't edited."""
        start, end = selector.start, selector.end
        if start is None or end is None:
            return None
        if self.formerly is None:
            return (start, end) if self.text[start:end] == selector.quotation else None
        if end <= self.head:
            return start, end
        shift = len(self.text) - len(self.formerly)
        return (start + shift, end + shift) if start >= len(self.formerly) - self.tail else None

    def _the_one(self, selector: Selector, found: list[Span], around: Surroundings) -> Span | None:
        """Which of the places with the same words is the passage's; None where that isn't clear."""
        if not found:
            return None
        stood = self._stood(selector)
        rivals = [one for one in occurrences(self.formerly or "", selector) if one != stood]
        if rivals and not stood:
            return None  # it was lost among them, and what has changed since doesn't make it any of them
        if len(found) == 1 and self._is_known_by_itself(selector, bool(stood), rivals):
            return found[0]
        if len(found) > MOST or len(rivals) > MOST:
            found = [one for one in found if self._touches(selector, one)][:MOST]
            rivals = [one for one in rivals if self._touches(selector, one, self.formerly or "")][:MOST]
        ranked = sorted(((around.likeness(self.text, one), one) for one in found), key=lambda one: -sum(one[0]))
        if not ranked or not around.fit(ranked[0][0]):
            return None
        likeness, best = ranked[0]
        theirs = [Surroundings.beside(self.formerly or "", rival).likeness(self.text, best) for rival in rivals]
        if all(_beats(likeness, other) for other in [*(one for one, _ in ranked[1:]), *theirs]):
            return best
        return None

    def _is_known_by_itself(self, selector: Selector, stood: bool, rivals: list[Span]) -> bool:
        if stood:
            return not rivals and len(selector.quotation) >= LONE
        return self.formerly is None and not (selector.prefix or selector.suffix)

    def _stood(self, selector: Selector) -> Span | None:
        """Its place in the former text, if its words stood there."""
        start, end = selector.start, selector.end
        if self.formerly is None or start is None or end is None:
            return None
        return (start, end) if flat(self.formerly[start:end]) == flat(selector.quotation) else None

    def _touches(self, selector: Selector, place: Span, text: str = "") -> bool:
        """Whether the words right before or after a place are the passage's, to the letter."""
        text, before, after = text or self.text, selector.prefix[-12:], selector.suffix[:12]
        return bool((before and text.endswith(before, 0, place[0])) or (after and text.startswith(after, place[1])))

    def _stood_elsewhere(self, selector: Selector, place: Span) -> bool:
        """Whether words that look like the passage's are old ones of another place."""
        words, start, end = self.text[slice(*place)], selector.start, selector.end
        others = occurrences(self.formerly or "", Selector(words))
        return any(start is None or end is None or last <= start or first >= end for first, last in others)


def occurrences(text: str, selector: Selector) -> list[Span]:
    """Where the same words stand in a text: to the letter, or else with other blanks between them."""
    words, found = selector.quotation, []
    at = text.find(words)
    while at >= 0:
        found.append((at, at + len(words)))
        at = text.find(words, at + 1)
    if not found and words.split():
        pattern = r"\s+".join(map(re.escape, words.split()))
        found = [match.span() for match in re.finditer(pattern, text)]
    return found


def _beats(best: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether one place is clearly better than another, and worse on neither side: where a copy was put beside a
    passage, one of the two has the words before and the other the words after."""
    return sum(best) - sum(other) >= MARGIN and all(mine >= its - 0.1 for mine, its in zip(best, other, strict=True))
