"""The example on the page about the format is loaded as it stands, so it can't go out of date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from apps.curation.models import CrossReference, Entry, Position, Session, Workshop
from apps.curation.notes import import_notes
from apps.curation.notes.nodes import plain_key
from apps.curation.notes.things import THINGS

PAGE = (Path(settings.BASE_DIR) / "docs" / "notes-format.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^`([\w/-]+\.md)`\n\n```markdown\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.django_db
def test_the_example_loads_and_loads_again(tmp_path):
    notes = EXAMPLE.findall(PAGE)
    assert len(notes) == 8
    for name, text in notes:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    outcome = import_notes([tmp_path])
    assert [str(problem) for problem in outcome.problems] == []
    assert {kind: outcome.made[kind] for kind in ("workshop", "session", "position", "article", "proposition")} == {
        "workshop": 1,
        "session": 2,
        "position": 4,
        "article": 2,
        "proposition": 1,
    }
    assert Workshop.objects.get().attendances.count() == 2
    assert Session.objects.get(number=2).effective_rule == "off_the_record"
    assert CrossReference.objects.count() == 3
    assert Position.objects.get(slug="fishermen-should-be-asked").reported_as == "coastal mayors"
    assert Entry.objects.filter(status="submitted").count() == 5
    again = import_notes([tmp_path])
    assert (again.problems, +again.made, +again.changed) == ([], {}, {})


def test_every_field_is_on_the_page():
    """Whoever adds a column to a model adds a word about it here."""
    told = plain_key(PAGE)
    parts = {part.thing for thing in THINGS.values() for part in thing.parts}
    placed = {name for thing in THINGS.values() for part in thing.parts for name in part.place}
    for thing in {*THINGS.values(), *parts}:
        for field in thing.columns.values():
            names = {plain_key(field.name), plain_key(str(field.verbose_name))}
            assert field.name in placed or any(name in told for name in names), f"{thing.name}: {field.name}"
