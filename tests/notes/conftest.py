"""Notes in a folder of the test's own, written and loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from django.contrib.auth.models import User

from apps.curation.notes import Outcome, import_notes

Load = Callable[..., Outcome]


@pytest.fixture
def load(tmp_path: Path, db: None) -> Load:
    """Write notes, each under its name without ``.md``, and load the folder; without notes, load it again."""

    def load(dry_run: bool = False, by: User | None = None, **notes: str | bytes) -> Outcome:
        folder = tmp_path / "notes"
        folder.mkdir(exist_ok=True)
        for name, text in notes.items():
            data = text if isinstance(text, bytes) else dedent(text).lstrip("\n").encode()
            (folder / f"{name.replace('_', '-')}.md").write_bytes(data)
        return import_notes([folder], dry_run=dry_run, by=by)

    return load


@pytest.fixture
def problems(load: Load, tmp_path: Path) -> Callable[..., list[str]]:
    """Load one note and say what is wrong with it, as ``line: message``."""

    def problems(text: str | bytes) -> list[str]:
        outcome = load(note=text)
        assert all(problem.path == str(tmp_path / "notes" / "note.md") for problem in outcome.problems)
        return [f"{problem.line}: {problem.message}" for problem in outcome.problems]

    return problems
