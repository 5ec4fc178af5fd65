"""The labelled sentences beside this file, and how well they are read: precision and recall by variable.

``python -m tests.intake.labelled`` prints the table that stands in docs/curate.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

SENTENCES = Path(__file__).with_name("sentences.tsv")
UNSEEN = Path(__file__).with_name("unseen.tsv")
VOCABULARY = Path(__file__).parents[2] / "fixtures" / "vocabulary.json"
VARIABLES = ("claim", "quantifier", "holder", "themes", "regions", "stance")


@dataclass(frozen=True)
class Sentence:
    line: int
    part: str  # written with, held out, unseen
    labels: dict[str, frozenset[str]]
    text: str


@dataclass(frozen=True)
class Score:
    """Of what was found, how much is right; of what there is, how much was found."""

    right: int = 0
    found: int = 0
    there: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.there

    def __str__(self) -> str:
        return f"{self.precision:.2f} / {self.recall:.2f}"


@dataclass
class Part:
    """One part of the sentences, scored."""

    name: str
    sentences: list[Sentence] = field(default_factory=list)
    scores: dict[str, Score] = field(default_factory=dict)


def sentences() -> Iterator[Sentence]:
    for file in (SENTENCES, UNSEEN):
        for place, (number, (claim, *values, text)) in enumerate(_rows(file), start=1):
            labels = {name: frozenset(one.split()) - {"-"} for name, one in zip(VARIABLES[1:], values, strict=True)}
            labels["claim"] = _set("yes" if claim == "yes" else "")
            part = "unseen" if file is UNSEEN else "held out" if place % 3 == 0 else "written with"
            yield Sentence(number, part, labels, text)


def parts() -> list[Part]:
    """The parts with their scores, by the vocabulary of the demo."""
    reader = reader_of_the_demo()
    found = {name: Part(name) for name in ("written with", "held out", "unseen")}
    for sentence in sentences():
        found[sentence.part].sentences.append(sentence)
    for part in found.values():
        part.scores = _scored(reader, part.sentences)
    return list(found.values())


def table(scored: list[Part]) -> str:
    """The table of docs/curate.md: precision / recall."""
    lines = [
        "| precision / recall | " + " | ".join(f"{part.name} ({len(part.sentences)})" for part in scored) + " |",
        "|---|" + "---|" * len(scored),
        *(f"| {name} | " + " | ".join(str(part.scores[name]) for part in scored) + " |" for name in VARIABLES),
    ]
    return "\n".join(lines)


def vocabulary_of_the_demo():
    """The vocabulary of fixtures/, without a database."""
    from apps.taxonomy.fields import split_lines
    from apps.taxonomy.vocabulary import Hierarchy, Node, Vocabulary

    rows = json.loads(VOCABULARY.read_text(encoding="utf-8"))
    of = {name: [row["fields"] for row in rows if row["model"] == f"taxonomy.{name}"] for name in ("region", "theme")}
    broader = [row["fields"] for row in rows if row["model"] == "taxonomy.broader"]

    def node(one: dict, above: tuple[str, ...]) -> Node:
        names = tuple(split_lines(one["alternative_names"]))
        countries = tuple(filter(None, (one.get("countries") or "").split(",")))
        return Node(one["slug"], one["name"], names, above=above, countries=countries)

    regions = [node(one, tuple(one["parent"] or ())) for one in of["region"]]
    themes = [
        node(one, tuple(link["broader"][0] for link in broader if link["narrower"][0] == one["slug"]))
        for one in of["theme"]
    ]
    return Vocabulary(1, Hierarchy.of(regions), Hierarchy.of(themes))


def reader_of_the_demo():
    from apps.curation.intake.candidates import Reader

    return Reader(vocabulary_of_the_demo())


def read(reader, text: str) -> dict[str, frozenset[str]]:
    """What the reader makes of a sentence that stands alone, in the form of the labels."""
    one = next((one for one in reader.read(text) if not one.no_claim), None)
    if one is None:
        return dict.fromkeys(VARIABLES, frozenset())
    parts_of = {"expertise": one.expertise, "sector": one.sector, "country": one.country, "role": one.role}
    return {
        "claim": _set("yes"),
        "quantifier": _set(one.quantifier),
        "holder": frozenset(f"{name}:{value}" for name, value in parts_of.items() if value),
        "themes": frozenset(one.themes),
        "regions": frozenset(one.regions),
        "stance": _set(str(one.stance)),
    }


def _rows(file: Path) -> list[tuple[int, list[str]]]:
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
    return [(number, line.split("\t")) for number, line in lines if line and not line.startswith("#")]


def _scored(reader, chosen: Iterable[Sentence]) -> dict[str, Score]:
    scores = dict.fromkeys(VARIABLES, Score())
    for sentence in chosen:
        found = read(reader, sentence.text)
        for name in VARIABLES:
            labels, before = sentence.labels[name], scores[name]
            scores[name] = Score(
                before.right + len(found[name] & labels), before.found + len(found[name]), before.there + len(labels)
            )
    return scores


def _set(value: str) -> frozenset[str]:
    return frozenset({value} if value else ())


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    print(table(parts()))
