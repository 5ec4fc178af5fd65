"""An import that came as drafts: our notes, and what other programs keep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model

from apps.curation.imports.coded import Fate, take
from apps.curation.imports.plan import Plan, Told
from apps.curation.models import Candidate, Entry, Proposition
from apps.curation.notes.drafts import Draft
from apps.curation.notes.shelf import Shelf
from apps.curation.notes.things import THINGS
from apps.curation.notes.writing import Writer
from apps.curation.parts import in_parts
from apps.workbench.editing import edit_together
from apps.workbench.importing.frame import Progress, keys_of
from apps.workbench.importing.report import CHANGED, MADE, SKIPPED, Report, Step
from apps.workbench.importing.touched import Keys


class FromDrafts:
    """A plan, to be written by the notes' writer."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def __len__(self) -> int:
        return len(self.plan.drafts) + len(self.plan.coded)

    def here(self) -> Keys:
        return keys_of(self._rows())

    def _rows(self) -> Iterator[Model]:
        """What the drafts are about, as far as it is here."""
        slugs: dict[type[Model], set[str]] = {}
        for draft in self.plan.drafts:
            slugs.setdefault(draft.thing.model, set()).add(draft.slug)
        for one in self.plan.coded:
            slugs.setdefault(THINGS[one.source[0]].model, set()).add(one.source[1])
        for model, wanted in slugs.items():
            for some in in_parts(sorted(wanted)):
                yield from model._default_manager.filter(slug__in=some).only("pk")

    def do(self, by: User | None, why: str, progress: Progress, is_trial: bool) -> tuple[Report, Keys]:
        plan = self.plan
        if plan.is_foreign and plan.problems:  # what else would be wrong comes of them
            return Report(problems=plan.told(plan.problems), remarks=plan.remarks), {}
        plan.keep_what_is_here()
        entries = set() if is_trial else {row.pk for row in self._rows() if isinstance(row, Entry)}
        with edit_together(entries, by, why):
            writer = Writer(plan.drafts, Shelf(plan.notes), by, progress, is_kept_together=True)
            writer.write()
            problems = list(dict.fromkeys([*plan.problems, *writer.problems]))
            report = Report(problems=plan.told(problems))
            fates = [] if problems else self._take_coded(report)
            touched = keys_of(self._written(writer))
            entries.clear()
            if not (is_trial or report.problems):
                entries |= {pk for model, pks in touched.items() if issubclass(model, Entry) for pk in pks}
        touched |= keys_of(fate.candidate for fate in fates)
        report.steps = [*map(self._step, self._with_fate(writer)), *map(_step_of_coded, fates)]
        report.remarks = [*plan.remarks, *plan.told(writer.remarks)]
        return report, touched

    def _take_coded(self, report: Report) -> list[Fate]:
        wanted = {one.proposition for one in self.plan.coded} - {""}
        propositions: dict[str, int] = {}
        for some in in_parts(sorted(wanted)):
            propositions |= dict(Proposition.objects.filter(slug__in=some).values_list("slug", "pk"))
        fates = []
        for one, fate in zip(self.plan.coded, take(self.plan.coded, propositions), strict=True):
            if isinstance(fate, Fate):
                fates.append(fate)
            else:
                report.problems.append(Told(one.place, fate))
        return fates

    def _written(self, writer: Writer) -> Iterator[Model]:
        done = {id(draft) for draft in (*writer.made, *writer.changed)}
        yield from (row for draft, row in writer.written if id(draft) in done)

    def _with_fate(self, writer: Writer) -> Iterator[tuple[Draft, str, Any]]:
        made, changed = ({id(draft) for draft in some} for some in (writer.made, writer.changed))
        rows = {id(draft): row for draft, row in writer.written}
        for draft in self.plan.drafts:
            what = MADE if id(draft) in made else CHANGED if id(draft) in changed else SKIPPED
            yield draft, what, (row := rows.get(id(draft))) and (writer.changes.get(draft, []), str(row))

    def _step(self, one: tuple[Draft, str, Any]) -> Step:
        draft, what, written = one
        changes, title = written or ([], draft.slug)
        place = self.plan.place_of(draft.path, draft.line)
        return Step.of(place, what, draft.thing.name, title, changes if what == CHANGED else [])


def _step_of_coded(fate: Fate) -> Step:
    return Step.of(
        fate.coded.place,
        MADE if fate.is_new else SKIPPED,
        str(Candidate._meta.verbose_name),
        fate.coded.title,
        why="" if fate.is_new else f"it is among the candidates already, {fate.candidate.get_status_display().lower()}",
    )
