"""An import that came as references: what is new is added, what may be here already is left for somebody to decide."""

from __future__ import annotations

from django.contrib.auth.models import User

from apps.curation.imports.plan import Told
from apps.curation.intake.result import Unreadable
from apps.curation.models import Entry, Person
from apps.curation.references.reading import read as read_text
from apps.curation.references.reading import read_file
from apps.curation.references.rows import Row
from apps.taxonomy.words import Kind
from apps.workbench.importing.frame import Progress
from apps.workbench.importing.report import MADE, SKIPPED, Report, Step
from apps.workbench.importing.touched import Keys
from apps.workbench.references.proposing import ADD, SKIP, Done, Here, Proposal, carry_out, proposals

_DECIDE = "Add references, in the workbench, asks what it is"


def read(data: bytes, format_name: str) -> FromReferences:
    """References in one of their formats. Raises Unreadable."""
    text, remark = read_file(data)
    name, rows = read_text(text.replace("\x00", ""))
    if format_name and name != format_name:
        raise Unreadable(f"This is {name}, not {format_name}. Say so, or leave it to be found out.")
    return FromReferences(rows, remark)


class FromReferences:
    """References, each with what is proposed for it."""

    def __init__(self, rows: list[Row], remark: str) -> None:
        self.rows, self.remark = [row for row in rows if not row.is_aside], remark

    def __len__(self) -> int:
        return len(self.rows)

    def here(self) -> Keys:
        return {}  # what is here is never changed: an article is added, or somebody decides

    def do(self, by: User | None, why: str, progress: Progress, is_trial: bool) -> tuple[Report, Keys]:
        report = Report(problems=[Told(row.place, row.problem) for row in self.rows if row.problem])
        report.remarks = [Told("", self.remark)] if self.remark else []
        if report.problems:
            return report, {}
        before = set(Person.objects.values_list("pk", flat=True))
        here = Here()
        added = set()
        for one in progress(proposals(self.rows, here, {})):
            done = self._done(one, here, by)
            report.steps.append(_step(one, done))
            report.remarks += [Told(one.row.place, said) for said in one.row.reference.remarks if one.row.reference]
            if done and done.article:
                added.add(done.article.pk)
        people = set(Person.objects.values_list("pk", flat=True)) - before
        return report, {Entry: added, Person: people}

    def _done(self, one: Proposal, here: Here, by: User | None) -> Done | None:
        if one.chosen != ADD:
            return None
        answers = {f"seen-{one.row.key}": one.seen}
        return next(carry_out([one], here, answers, by), None)


def _step(one: Proposal, done: Done | None) -> Step:
    title = one.row.reference.title if one.row.reference else one.row.source
    if done and done.article:
        return Step.of(one.row.place, MADE, Kind.ARTICLE.value, title)
    if one.error:
        why = f"{one.error} {_DECIDE}."
    elif one.above:
        why = f"{one.above} says the same"
    else:
        why = "; ".join(f"“{offer.article}”: {offer.reason}" for offer in one.offers[:2])
        why = f"{'here already' if one.chosen == SKIP else 'it may be here'}: {why}"
        why += "" if one.chosen == SKIP else f" {_DECIDE}."
    return Step.of(one.row.place, SKIPPED, Kind.ARTICLE.value, title, why=why)
