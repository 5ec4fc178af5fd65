"""What stands around a passage, and how like it is to what stands around a place."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from apps.curation.anchoring.selectors import Selector, Span, flat

WIDE = 160  # code points on either side that are compared where the former text is known
NOISE = 0.5  # likeness that any two stretches of prose may have
ONE_SIDE, BOTH_SIDES = 0.8, 1.3  # likeness that tells where the same words are: on one side, or on both together


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The text before and after a passage."""

    before: str
    after: str
    from_its_text: bool = False  # else from its selector, which holds little of it

    @classmethod
    def of(cls, selector: Selector, formerly: str | None) -> Surroundings:
        if formerly is not None and selector.start is not None and selector.end is not None:
            return cls.beside(formerly, (selector.start, selector.end))
        return cls(selector.prefix, selector.suffix)

    @classmethod
    def beside(cls, text: str, place: Span) -> Surroundings:
        return cls(text[max(0, place[0] - WIDE) : place[0]], text[place[1] : place[1] + WIDE], from_its_text=True)

    def likeness(self, text: str, place: Span) -> tuple[float, float]:
        """How like they are to those of a place, before and after it, each from 0 to 1; what is less than prose has
        in common anyway, or isn't known, counts for nothing."""
        start, end = place
        before, after = flat(self.before), flat(self.after)
        left = flat(text[max(0, start - 2 * len(self.before)) : start])[-len(before) :]
        right = flat(text[end : end + 2 * len(self.after)])[: len(after)]
        return _side(left, before, start == 0), _side(right, after, end == len(text))

    def fit(self, likeness: tuple[float, float]) -> bool:
        """Whether they tell that the same words are the same passage. Of the little that a selector holds all has to
        be alike: formulas recur."""
        if self.from_its_text:
            return max(likeness) >= ONE_SIDE or sum(likeness) >= BOTH_SIDES
        known = [like for like, side in zip(likeness, (self.before, self.after), strict=True) if side.strip()]
        return min(known, default=0) >= ONE_SIDE


def _side(found: str, wanted: str, at_edge: bool) -> float:
    if not wanted:
        return float(at_edge)
    likeness = Levenshtein.normalized_similarity(found, wanted)
    return likeness if likeness >= NOISE else 0.0
