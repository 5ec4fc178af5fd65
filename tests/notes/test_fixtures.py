"""The fixtures follow from the seeds, to the byte, and can be loaded over what they have loaded before."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command

from apps.curation.models import Entry
from apps.curation.notes import import_notes
from apps.curation.notes.fixtures import FIXTURES, dump
from apps.taxonomy.models import Region, Theme
from tests.notes.test_kitchen_sink import KITCHEN_SINK, MODELS

pytestmark = pytest.mark.django_db

FOLDER = Path(project.BASE_DIR) / "fixtures"
SEEDS = Path(project.BASE_DIR) / "seeds"


def everything() -> dict[str, list[dict]]:
    """All rows of all models, as they are, but for the moments of loading."""
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name != "modified_at"}
            for row in model._default_manager.order_by("pk").values()
        ]
        for model in MODELS
    }


def test_the_fixtures_are_what_the_seeds_say(settings, tmp_path):
    """Made anew they are the same to the byte, and the database at hand has nothing to do with it."""
    settings.FIXTURE_DIRS = [tmp_path]
    call_command("make_fixtures", verbosity=0)
    for name in FIXTURES:
        assert (tmp_path / f"{name}.json").read_bytes() == (FOLDER / f"{name}.json").read_bytes(), "run “make fixtures”"
    assert not Entry.objects.exists()
    assert not Region.objects.exists()


def test_drift_is_noticed(settings, tmp_path):
    for name in FIXTURES:
        shutil.copy(FOLDER / f"{name}.json", tmp_path)
    settings.FIXTURE_DIRS = [tmp_path]
    demo = tmp_path / "demo.json"
    demo.write_text(demo.read_text("utf-8").replace("Pacific Forum", "Atlantic Forum"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"any more: demo\.json\."):
        call_command("make_fixtures", "--check")


def test_loaddata_on_an_empty_database_and_again_on_a_full_one():
    call_command("loaddata", "vocabulary", "demo", verbosity=0)
    once = everything()
    assert {name: len(rows) for name, rows in once.items() if not rows} == {"Attendance": 0}
    call_command("loaddata", "vocabulary", "demo", verbosity=0)
    assert everything() == once


def test_loaddata_says_the_same_as_the_seeds():
    call_command("loaddata", "vocabulary", "demo", verbosity=0)
    outcome = import_notes([SEEDS])
    assert (outcome.problems, outcome.remarks, +outcome.made, +outcome.changed) == ([], [], {}, {})


def test_loaddata_over_what_the_seeds_have_loaded_makes_no_second_of_anything():
    import_notes([SEEDS])
    before = {name: len(rows) for name, rows in everything().items()}
    call_command("loaddata", "vocabulary", "demo", verbosity=0)
    assert {name: len(rows) for name, rows in everything().items()} == before


def test_every_model_survives_a_fixture(tmp_path, settings):
    """Attendance and all else that the demo has none of: the notes that hold everything, dumped and loaded."""
    import_notes([KITCHEN_SINK])
    texts = {name: dump(name) for name in FIXTURES}
    for name, text in texts.items():
        (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")
    settings.FIXTURE_DIRS = [tmp_path]
    call_command("loaddata", "vocabulary", "demo", verbosity=0)
    assert {name: dump(name) for name in FIXTURES} == texts
    call_command("flush", interactive=False, verbosity=0)
    call_command("loaddata", "vocabulary", "demo", verbosity=0)
    assert {name: dump(name) for name in FIXTURES} == texts
    assert Theme.objects.get(slug="narrow-theme").related.exists()


def test_fixtures_hold_nothing_that_differs_from_day_to_day():
    rows = [row for name in FIXTURES for row in json.loads((FOLDER / f"{name}.json").read_text("utf-8"))]
    assert not {"published_at", "modified_at", "modified_by"} & {name for row in rows for name in row["fields"]}
    assert not [row for row in rows if "pk" in row]
    entries = [row["fields"] for row in rows if row["model"] == "curation.entry"]
    assert {entry["status"] for entry in entries} == {"submitted"}
