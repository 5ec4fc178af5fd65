"""The labelled sentences beside this file, and how well they are read: precision and recall by variable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from apps.curation.intake.candidates import Proposal, Reader

SENTENCES = Path(__file__).with_name("sentences.tsv")
UNSEEN = Path(__file__).with_name("unseen.tsv")
VARIABLES = ("claim", "quantifier", "holder", "themes", "regions", "stance")


@dataclass(frozen=True)
class Sentence:
    line: int
    is_held_out: bool
    labels: dict[str, frozenset[str]]
    text: str


def sentences(file: Path = SENTENCES) -> Iterator[Sentence]:
    rows = [
        (number, line.split("\t"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if line and not line.startswith("#")
    ]
    for place, (number, (claim, *values, text)) in enumerate(rows, start=1):
        labels = {
            name: frozenset(value.split()) - {"-"} for name, value in zip(VARIABLES[1:], values, strict=True)
        }  # fmt: skip
        labels["claim"] = frozenset({"yes"}) if claim == "yes" else frozenset()
        yield Sentence(number, place % 3 == 0, labels, text)


def read(reader: Reader, sentence: Sentence) -> dict[str, frozenset[str]]:
    """What the reader makes of a sentence that stands alone, in the form of the labels."""
    proposals = reader.read(sentence.text)
    one = next((one for one in proposals if not one.no_claim), None)
    if one is None:
        return {name: frozenset() for name in VARIABLES}
    return {
        "claim": frozenset({"yes"}),
        "quantifier": _set(one.quantifier),
        "holder": _holder(one),
        "themes": frozenset(one.themes),
        "regions": frozenset(one.regions),
        "stance": _set(one.stance),
    }


@dataclass(frozen=True)
class Score:
    """Of what was found, how much is right; of what there is, how much was found."""

    right: int
    found: int
    there: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.there if self.there else 1.0


def scores(reader: Reader, chosen: Iterable[Sentence]) -> dict[str, Score]:
    counts = {name: [0, 0, 0] for name in VARIABLES}
    for sentence in chosen:
        found = read(reader, sentence)
        for name in VARIABLES:
            right = found[name] & sentence.labels[name]
            for place, one in enumerate((right, found[name], sentence.labels[name])):
                counts[name][place] += len(one)
    return {name: Score(*three) for name, three in counts.items()}


def _set(value: str) -> frozenset[str]:
    return frozenset({value} if value else ())


def _holder(one: Proposal) -> frozenset[str]:
    parts = {"expertise": one.expertise, "sector": one.sector, "country": one.country, "role": one.role}
    return frozenset(f"{name}:{value}" for name, value in parts.items() if value)
