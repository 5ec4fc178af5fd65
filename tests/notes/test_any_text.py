"""Whatever stands in a file, reading it ends with drafts or with problems, never with an error of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.curation.notes import import_notes
from apps.curation.notes.reader import read_note
from tests.notes.test_kitchen_sink import KITCHEN_SINK

NOTES = [path.read_text(encoding="utf-8") for path in sorted(KITCHEN_SINK.glob("*.md"))]
LINES = sorted({line for note in NOTES for line in note.split("\n")})
KINDS = ["workshop", "article", "session", "people", "regions", "themes", "propositions", "articles"]
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """A real note with lines lost, doubled, moved, indented otherwise or taken from another note."""
    lines = draw(st.sampled_from(NOTES)).split("\n")
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["lose", "double", "move", "indent", "foreign", "cut"])):
            case "lose" if len(lines) > 1:
                lines.pop(at)
            case "double":
                lines.insert(at, lines[at])
            case "move":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case "indent":
                lines[at] = " " * draw(st.integers(0, 5)) + lines[at].lstrip()
            case "foreign":
                lines.insert(at, draw(st.sampled_from(LINES)))
            case _:
                lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
    return "\n".join(lines)


@given(data=st.binary(max_size=300))
@relaxed
def test_any_bytes(tmp_path: Path, data: bytes):
    assert written(tmp_path, data).problems


@given(kind=st.sampled_from(KINDS), front=st.text(max_size=80), body=st.text(max_size=300))
@relaxed
def test_any_text_in_the_shape_of_a_note(tmp_path: Path, kind: str, front: str, body: str):
    written(tmp_path, f"---\nkind: {kind}\n{front}\n---\n{body}".encode(errors="replace"))


@given(
    body=st.lists(st.sampled_from([*LINES, "  - ", "- :", "#", "~~~~", "> - a: b", "\t- x: y", "1) a"]), max_size=30)
)
@relaxed
def test_any_lines_of_notes(tmp_path: Path, body: list[str]):
    written(tmp_path, "\n".join(["---", "kind: workshop", "---", *body]).encode())


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The notes as they should be, in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        import_notes([KITCHEN_SINK])
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@given(note=mangled())
@relaxed
def test_a_mangled_note_is_loaded_or_explained(loaded: None, tmp_path: Path, note: str):
    path = tmp_path / "note.md"
    path.write_text(note, encoding="utf-8")
    outcome = import_notes([path], dry_run=True)
    assert outcome.problems or outcome.made or outcome.changed or outcome.unchanged
    assert all(1 <= problem.line <= note.count("\n") + 2 for problem in outcome.problems)


def written(folder: Path, data: bytes):
    path = folder / "note.md"
    path.write_bytes(data)
    return read_note(path)
