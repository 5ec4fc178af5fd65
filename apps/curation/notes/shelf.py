"""What stands where: which file holds what, which refers to which, and in which order they can be loaded."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from apps.curation.notes.drafts import Draft, Note
from apps.curation.notes.problems import Problem
from apps.curation.notes.things import THINGS
from apps.curation.notes.values import Reference


class Shelf:
    """The notes of one import."""

    def __init__(self, notes: Iterable[Note]) -> None:
        self.notes = list(notes)
        self._drafts: dict[tuple[str, str], Draft] = {}
        for note in self.notes:
            for draft in note.drafts:
                self._take(note, draft)

    def _take(self, note: Note, draft: Draft) -> None:
        """Remember where a thing stands; a second place for it is a problem there."""
        if not draft.slug:
            return
        first = self._drafts.setdefault(draft.identity, draft)
        if first is not draft:
            where = f"line {first.line}" if first.path == draft.path else f"{first.path}:{first.line}"
            note.problems.append(
                Problem(draft.path, draft.line, f"The {draft} stands already in {where}. Give one another slug.")
            )

    def find(self, reference: Reference) -> list[Draft]:
        """The drafts that a reference may mean."""
        found = (self._drafts.get((thing, reference.slug)) for thing in reference.things)
        return [draft for draft in found if draft]

    def slugs(self, things: Iterable[str]) -> set[str]:
        return {slug for thing, slug in self._drafts if thing in things}

    def holds(self, thing: str, slug: str) -> bool:
        return (thing, slug) in self._drafts

    def naming(self, draft: Draft, field: str) -> list[Draft]:
        """The drafts of the same kind whose field names this one."""
        return [
            other
            for other in self._drafts.values()
            if other.thing is draft.thing
            and field in other.values
            and draft.slug in (reference.slug for reference in other.values[field].value)
        ]

    def units(self) -> list[list[Note]]:
        """The notes in an order in which they can be loaded. Those that refer to each other in a circle go together."""
        notes = {note.path: note for note in self.notes}
        unit_of = {path: path for path in notes}  # the path that stands for a unit
        needs = {path: self._needs(note) for path, note in notes.items()}
        while True:
            graph: dict[str, set[str]] = {unit: set() for unit in unit_of.values()}
            for path, needed in needs.items():
                graph[unit_of[path]] |= {unit_of[other] for other in needed} - {unit_of[path]}
            try:
                order = list(TopologicalSorter(graph).static_order())
            except CycleError as error:
                circle = set(error.args[1])
                unit_of = {path: min(circle) if unit in circle else unit for path, unit in unit_of.items()}
            else:
                return [[notes[path] for path in notes if unit_of[path] == unit] for unit in order]

    def _needs(self, note: Note) -> set[str]:
        references = (reference for draft in note.drafts for reference in draft.references())
        return {draft.path for reference in references for draft in self.find(reference)} - {note.path}


def in_order(drafts: Iterable[Draft]) -> list[Draft]:
    """Drafts so that what others point to comes first; regions from the top of their tree down.

    Raises CycleError where regions lie within one another in a circle; its second argument names their slugs.
    """
    by_kind: dict[str, list[Draft]] = {name: [] for name in THINGS}
    for draft in drafts:
        by_kind[draft.thing.name].append(draft)
    regions = {draft.slug: draft for draft in by_kind["region"]}
    parents = {
        slug: {draft.values["parent"].value.slug} & set(regions)
        for slug, draft in regions.items()
        if "parent" in draft.values and draft.values["parent"].value
    }
    sorted_slugs = TopologicalSorter({slug: parents.get(slug, set()) for slug in regions}).static_order()
    by_kind["region"] = [regions[slug] for slug in sorted_slugs]
    return [draft for kind in by_kind.values() for draft in kind]
