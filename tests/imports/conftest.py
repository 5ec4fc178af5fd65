"""Files as they are imported: read, tried, kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from apps.workbench.importing.formats import Options, guessed, read
from apps.workbench.importing.frame import tried
from apps.workbench.importing.keeping import keep
from apps.workbench.importing.report import Report
from apps.workbench.models import FileImport

Imported = Callable[..., Report]


@pytest.fixture
def ann(db) -> User:
    return User.objects.create_user("ann")


@pytest.fixture
def imported(ann) -> Imported:
    """Import a file and say what came of it."""

    def imported(name: str, data: bytes | str, *, dry_run: bool = False, format: str = "", **options: str) -> Report:
        data = data.encode() if isinstance(data, str) else data
        format = format or guessed(name, data)
        found = read(name, data, format, Options(**options))
        return tried(found, ann) if dry_run else keep(FileImport(by=ann, name=name, format=format), found)

    return imported


def told(report: Report) -> list[str]:
    return [str(one) for one in report.problems]


def done(report: Report) -> list[tuple[str, str, str]]:
    return [(step.what, step.kind, step.title) for step in report.steps]
