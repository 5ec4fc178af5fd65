"""An import that came as a table of entries of one kind."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import User
from django.db import IntegrityError
from django.db.models import Model

from apps.curation.imports.plan import Told
from apps.curation.intake.result import Unreadable
from apps.curation.models import Entry
from apps.curation.tables import applying, planning
from apps.curation.tables.columns import headings
from apps.curation.tables.planning import Row
from apps.curation.tables.sheets import Sheet, read_table
from apps.taxonomy.words import Kind
from apps.workbench.editing import edit_together
from apps.workbench.importing.frame import Progress
from apps.workbench.importing.report import CHANGED, MADE, SKIPPED, Report, Step
from apps.workbench.importing.touched import Keys


def read(data: bytes, kind: str) -> FromTable:
    """A table; of which kind its rows are is told, or guessed from its headings. Raises Unreadable."""
    sheet = read_table(data)
    return FromTable(Kind(kind) if kind else kind_of(sheet), sheet)


def kind_of(sheet: Sheet) -> Kind:
    """Whose headings a table has. Raises Unreadable where they may be those of several kinds."""
    said = {" ".join(heading.replace("_", " ").split()).casefold() for heading in sheet.headings}
    fit = {kind: len(said & set(headings(kind))) for kind in Kind}
    best = [kind for kind, number in fit.items() if number and number == max(fit.values())]
    if len(best) != 1:
        kinds = ", ".join(kind.value for kind in Kind)
        raise Unreadable(f"The headings don't tell of which kind the rows are. Say it: one of {kinds}.")
    return best[0]


class FromTable:
    """A table, compared with the entries when it is asked what is here of it, or else when it is done. A plan is good
    for one time: doing it makes entries of its rows."""

    def __init__(self, kind: Kind, sheet: Sheet) -> None:
        planning.check(kind, sheet)
        self.kind, self.sheet = kind, sheet
        self._plan: planning.Plan | None = None

    def __len__(self) -> int:
        return len(self.sheet.rows)

    def here(self) -> Keys:
        self._plan = planning.plan(self.kind, self.sheet)
        keys: dict[type[Model], set[int]] = {Entry: {row.entry for row in self._plan.rows if row.entry}}
        return keys

    def do(self, by: User | None, why: str, progress: Progress, is_trial: bool) -> tuple[Report, Keys]:
        plan, self._plan = self._plan or planning.plan(self.kind, self.sheet), None
        report = Report(problems=list(_problems(plan.rows)), remarks=[Told("", one) for one in plan.remarks])
        changed = {row.number for row in plan.rows}
        doing = [row for row in plan.rows if row.does_something]
        report.steps = [self._step(row) for row in doing]
        left = [(number, cells) for number, cells in self.sheet.rows if number not in changed]
        report.steps += [
            Step.of(f"row {number}", SKIPPED, self.kind.value, self._title(cells)) for number, cells in left
        ]
        edited = set() if is_trial else {row.entry for row in doing if row.entry}
        touched: set[int] = set()
        if not report.problems:
            try:
                with edit_together(edited, by, why):
                    touched = set(applying.apply(self.kind, list(progress(doing)), by))
                    edited |= set() if is_trial else touched
            except IntegrityError:
                report.problems.append(Told("", "Two rows exchange what only one entry may have: do it in two steps."))
        return report, {Entry: touched}

    def _title(self, cells: list[str]) -> str:
        said = dict(zip((one.casefold() for one in self.sheet.headings), cells, strict=False))
        return said.get("title") or said.get("slug") or said.get("identifier", "")

    def _step(self, row: Row) -> Step:
        what = CHANGED if row.entry else MADE
        return Step.of(f"row {row.number}", what, self.kind.value, row.title, row.changes if row.entry else [])


def _problems(rows: list[Row]) -> Iterator[Told]:
    for row in rows:
        for column, words in row.problems:
            yield Told(f"row {row.number}{f', {column}' if column else ''}", words)
