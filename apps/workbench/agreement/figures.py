"""The figures of agreement to take along: a line for each thing that was measured."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from apps.curation.agreement.measures import Report, report_on
from apps.curation.models import Coder, DoubleCoding
from apps.public.exports.tables import harmless

_COLUMNS = (
    *("source", "first_coder", "second_coder", "measured_on", "what", "number", "the_same"),
    *("krippendorffs_alpha", "cohens_kappa", "reading"),
)


def as_csv(doubles: list[DoubleCoding]) -> str:
    """RFC 4180, with the mark that lets Excel see that it is UTF-8: each source, then all of them together."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(_COLUMNS)
    reports = [report_on([one]) for one in doubles]
    for report in [*reports, *([report_on(doubles)] if len(doubles) > 1 else [])]:
        writer.writerows([harmless(cell) for cell in row] for row in _rows(report))
    return "\ufeff" + buffer.getvalue()


def _rows(report: Report) -> Iterator[tuple[str | int, ...]]:
    sources = [str(one.source) for one in report.doubles]
    name = sources[0] if len(sources) == 1 else f"All {len(sources)}"
    coders = [_names(report, coder) for coder in Coder]
    at = f"{max(one.compared_at for one in report.doubles if one.compared_at):%Y-%m-%d}"
    found = (
        ("Units found by the first coder", report.first),
        ("Units found by the second coder", report.second),
        ("Units found by both", report.matched),
    )
    for what, number in found:
        yield name, *coders, at, what, number, "", "", "", ""
    for one in report.lines:
        yield name, *coders, at, one.label, one.number, one.same, _rounded(one.alpha), _rounded(one.kappa), one.verdict


def _names(report: Report, coder: Coder) -> str:
    return ", ".join(dict.fromkeys(one.name_of(coder) for one in report.doubles))


def _rounded(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
