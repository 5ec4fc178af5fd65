"""Search in plain Python over the same records: what results and counts must be."""

from __future__ import annotations

from collections.abc import Iterable

from apps.public.catalogue.models import Record
from apps.public.search.filters import Filter
from apps.public.search.schema import SELECTIONS
from apps.taxonomy.vocabulary import Vocabulary


def values(record: Record, facet: str, words: Vocabulary) -> set[str]:
    """The values that a record has in a facet, those above its regions and themes too."""
    content = record.content
    if facet in ("region", "theme"):
        return words.hierarchy(facet).with_ancestors(content[f"{facet}s"])
    if facet == "holder":
        said = content.get("holder", {"names": [], "descriptor": ""})
        return set(said["names"] or [said["descriptor"]]) - {""}
    if facet == "workshop":
        return {record.identifier if record.kind == "workshop" else content.get("workshop", "")} - {""}
    return {
        "kind": {record.kind},
        "stance": {content.get("stance", "")} - {""},
        "year": {str(year) for year in content["years"]},
        "tag": set(content["tags"]),
        "rule": {content["rule"]} - {""},
        "source": {content.get("source", "")} - {""},
        "proposition": {record.identifier if record.kind == "proposition" else content.get("proposition", "")} - {""},
    }[facet]


def chosen(facet: str, selection: Iterable[str]) -> set[str]:
    """A selection with every year of each range."""
    found = set()
    for value in selection:
        first, _, last = value.partition("..")
        found |= {str(year) for year in range(int(first), int(last or first) + 1)} if facet == "year" else {value}
    return found


def spelt(record: Record) -> set[str]:
    content = record.content
    return set(f"{content['title']} {content['summary']}".lower().split())


def matching(records: list[Record], asked: Filter, words: Vocabulary) -> list[Record]:
    """The records that a filter finds. Its text is plain words, some with a minus."""
    typed = asked.text.lower().split()
    wanted = {word for word in typed if not word.startswith("-")}
    excluded = {word[1:] for word in typed if word.startswith("-")}
    with_all = [one for one in records if wanted <= spelt(one) and not excluded & spelt(one)]
    with_any = [one for one in records if wanted & spelt(one) and not excluded & spelt(one)]
    return [
        one
        for one in (with_all if with_all or len(wanted) < 2 else with_any)
        if all(
            not asked.selected(facet) or chosen(facet, asked.selected(facet)) & values(one, facet, words)
            for facet in SELECTIONS
        )
    ]
