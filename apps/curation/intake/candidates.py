"""A text read to candidates: each bullet or sentence with what it claims, who holds it and what it is about."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from apps.curation.intake.claims import claim_of, why_no_claim
from apps.curation.intake.holders import Holder, HolderReader, as_fields
from apps.curation.intake.pieces import Piece, take_apart
from apps.curation.intake.stances import stance_of
from apps.curation.intake.terms import TermFinder, region_finder
from apps.taxonomy.vocabulary import Vocabulary

LONGEST = 1_500  # characters of a sentence that are looked at: nobody writes longer ones, and they cost their square
CONTEXT = 32  # characters on either side that tell a quotation from a lookalike

# The people named in a text: each by primary key, with its place. Who they may be is for the caller to know.
PeopleFinder = Callable[[str], Iterable[tuple[int, int, int]]]


def nobody(text: str) -> Iterable[tuple[int, int, int]]:
    """Finds no people."""
    return ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a stretch of a text may be as a position. Nothing in it is decided."""

    start: int
    end: int
    quotation: str
    prefix: str
    suffix: str
    claim: str
    no_claim: str  # why it is none; empty for a claim
    quantifier: str = ""
    expertise: str = ""
    sector: str = ""
    country: str = ""
    role: str = ""
    phrase: str = ""
    stance: str = ""
    themes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    speakers: tuple[int, ...] = ()  # primary keys; private
    remark: str = field(default="")


class Reader:
    """Reads texts by the vocabulary as it is now. A page of text takes milliseconds."""

    def __init__(self, vocabulary: Vocabulary, people: PeopleFinder = nobody) -> None:
        self._themes = TermFinder(vocabulary.themes)
        self._regions = region_finder(vocabulary)
        self._holders = HolderReader(vocabulary.regions, self._regions)
        self._people = people

    def read(self, text: str) -> list[Proposal]:
        """A proposal for each bullet and sentence of a text, in order, those that claim nothing too."""
        named = sorted((start, end, person) for person, start, end in self._people(text))
        starts = [start for start, _, _ in named]
        pieces = take_apart(text)
        return [
            self._proposal(text, one, named[bisect_left(starts, one.start) : bisect_left(starts, one.end)])
            for one in pieces
        ]

    def _proposal(self, text: str, piece: Piece, named: list[tuple[int, int, int]]) -> Proposal:
        """What a piece may be; `named` are the people in it: start and end in the text, and a primary key."""
        words = text[piece.start : piece.end]
        read = words[:LONGEST]
        place: dict[str, Any] = {
            "start": piece.start,
            "end": piece.end,
            "quotation": words,
            "prefix": text[max(0, piece.start - CONTEXT) : piece.start],
            "suffix": text[piece.end : piece.end + CONTEXT],
            "claim": claim_of(read),
        }
        if why := why_no_claim(read, piece.kind, piece.is_whole):
            return Proposal(no_claim=why, **place)
        holders = self._holders.all(read)
        holder = holders[0] if holders else self._holders.read(read)
        parts = as_fields(holder)
        claimed = _without(read, holders)
        return Proposal(
            **place,
            no_claim="",
            quantifier=parts["quantifier"],
            expertise=parts["expertise"],
            sector=parts["sector"],
            country=parts["country"],
            role=parts["role"],
            phrase=holder.phrase if holder else "",
            stance=stance_of(read, holder),
            themes=tuple(self._themes.narrowest(claimed)),
            regions=tuple(self._regions.narrowest(claimed)),
            speakers=tuple(dict.fromkeys(person for _, _, person in named)),
            remark=_remark(read, holders, [text[start:end] for start, end, _ in named], place["claim"]),
        )


def _without(words: str, holders: list[Holder]) -> str:
    """The words without those for the holders, whose regions are not what is talked of."""
    for holder in holders:
        words = words[: holder.start] + " " * (holder.end - holder.start) + words[holder.end :]
    return words


def _remark(words: str, holders: list[Holder], names: list[str], claim: str) -> str:
    """What an analyst should look at before accepting."""
    remarks = [f"“{name}” stands in the claim; take the name out." for name in dict.fromkeys(names) if name in claim]
    if len(holders) > 1:
        named = " and ".join(f"“{words[one.start : one.end].strip()}”" for one in holders[:3])
        remarks.append(f"It names {named}; this is the first. It may be two positions.")
    if holders and holders[0].left_out:
        remarks.append(f"“{holders[0].left_out}” fits no part of a description: an expertise, or a country?")
    return " ".join(remarks)
