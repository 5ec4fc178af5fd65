"""What a file says, as drafts, each with its place in the file; and what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from apps.curation.imports.coded import Coded
from apps.curation.notes.drafts import Draft, Note, Said
from apps.curation.notes.problems import Problem
from apps.curation.notes.things import Part, Thing
from apps.curation.notes.values import Reference
from apps.curation.parts import in_parts


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence about a file, and the place in it that it is about: “line 3”, “statement 12”; empty for all of it."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class Plan:
    """Collects what a file says. A reader goes on after a problem, so that one reading tells them all."""

    def __init__(self, notes: Iterable[Note] = ()) -> None:
        self.notes = list(notes)
        self.coded: list[Coded] = []
        self.remarks: list[Told] = []
        self._foreign: Note | None = None
        self._places: dict[str, int] = {}
        self._only_gaps: list[Draft] = []

    @classmethod
    def of(cls, name: str) -> Plan:
        """For a file that is no note of ours, whose places have names of their own."""
        plan = cls([Note(name)])
        plan._foreign = plan.notes[0]
        return plan

    @property
    def is_foreign(self) -> bool:
        return self._foreign is not None

    @property
    def drafts(self) -> list[Draft]:
        return [draft for note in self.notes for draft in note.drafts]

    @property
    def problems(self) -> list[Problem]:
        return [problem for note in self.notes for problem in note.problems]

    # --- What a reader says

    def draft(
        self, thing: Thing, place: str, slug: str, values: dict[str, Any], only_gaps: bool = False
    ) -> Draft:  # fmt: skip
        """Something that the file tells of. With ``only_gaps``, of what is here already only the fields that are empty
        are filled: what an analyst wrote counts for more."""
        note, line = self._note, self._line(place)
        draft = Draft(thing, note.path, line, slug=slug)
        draft.values = {name: Said(value, line) for name, value in values.items()}
        note.drafts.append(draft)
        if only_gaps:
            self._only_gaps.append(draft)
        return draft

    def within(self, parent: Draft, key: str, place: str, slug: str, values: dict[str, Any], number: int) -> Draft:
        """An entry that belongs to another one, such as a position to its article."""
        draft = self.draft(_part(parent, key).thing, place, slug, values)
        draft.parent, draft.part, draft.number = parent, _part(parent, key), number
        return draft

    def row(self, parent: Draft, key: str, place: str, values: dict[str, Any]) -> None:
        """A row that belongs to a draft and is no entry, such as a passage."""
        rows, line = parent.rows.setdefault(key, []), self._line(place)
        row = Draft(_part(parent, key).thing, parent.path, line, parent=parent, part=_part(parent, key))
        row.number = len(rows) + 1
        row.values = {name: Said(value, line) for name, value in values.items()}
        if row.part and row.part.numbered:
            row.values.setdefault(row.part.numbered, Said(row.number, line))
        rows.append(row)

    def to(self, place: str, thing: Thing, slug: str) -> Reference:
        """The value of a field that names something else."""
        return Reference((thing.name,), slug, self._line(place))

    def problem(self, place: str, message: str) -> None:
        """What has to be mended in the file before any of it is taken."""
        note = self._note
        note.problems.append(Problem(note.path, self._line(place), message))

    def remark(self, place: str, message: str) -> None:
        """What should be known, such as what the file says and we have no place for."""
        self.remarks.append(Told(place, message))

    # --- What becomes of it

    def place_of(self, path: str, line: int) -> str:
        """The place that a draft or a problem is about, in words."""
        if self._foreign is not None:
            return list(self._places)[line]
        return f"line {line}" if len(self.notes) == 1 else f"{path}:{line}"

    def told(self, problems: Iterable[Problem]) -> list[Told]:
        return [Told(self.place_of(one.path, one.line), one.message) for one in problems]

    def keep_what_is_here(self) -> None:
        """Take from drafts that only fill gaps what isn't empty in the database."""
        by_thing: dict[Thing, dict[str, Draft]] = defaultdict(dict)
        for draft in self._only_gaps:
            by_thing[draft.thing][draft.slug] = draft
        for thing, drafts in by_thing.items():
            for some in in_parts(list(drafts)):
                for row in thing.model._default_manager.filter(slug__in=some):
                    values = drafts[row.slug].values  # type: ignore[attr-defined]
                    for name in [name for name in values if _says(row, name)]:
                        del values[name]

    @property
    def _note(self) -> Note:
        assert self._foreign is not None, "a note says what it says itself"
        return self._foreign

    def _line(self, place: str) -> int:
        return self._places.setdefault(place, len(self._places))


def _part(parent: Draft, key: str) -> Part:
    return next(part for part in parent.thing.parts if part.key == key)


def _says(row: Any, name: str) -> bool:
    value = getattr(row, name)
    return bool(value.exists() if hasattr(value, "exists") else value)
