"""The fixtures follow from the seeds, to the byte, and can be loaded over what they have loaded before."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core import serializers
from django.core.management import CommandError, call_command

from apps.curation.models import Entry
from apps.curation.notes import import_notes
from apps.curation.notes.fixtures import FIXTURES, dump
from apps.gate.publication import Outcome, awaiting_publication, publish, publish_many, withdraw
from apps.public.catalogue.models import Record
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
    assert [one["slug"] for one in entries if one["status"] != "submitted"] == ["practice-text"], "to try things with"


# --- Over what was published


@pytest.fixture
def published(reviewer):
    call_command("loaddata", "vocabulary", "demo", verbosity=0)
    outcome = Outcome()
    for _ in publish_many(awaiting_publication(), outcome, by=reviewer):
        pass
    assert not outcome.refused


@pytest.fixture
def reviewer(django_user_model):
    return django_user_model.objects.create_user("reviewer")


def test_what_is_published_stays_so_and_what_is_withdrawn_too(published):
    withdraw(Entry.objects.get(slug="nds-2022"))
    before = everything()
    changes = list(Record.objects.order_by("pk").values_list("change", flat=True))
    call_command("loaddata", "vocabulary", "demo", verbosity=0)
    assert everything() == before
    assert not Entry.objects.with_unpublished_changes().exists()
    assert list(Record.objects.order_by("pk").values_list("change", flat=True)) == changes


def test_what_says_something_new_has_unpublished_changes(published):
    Entry.objects.filter(slug="lavikainen-second-nuclear-peer").update(title="As an analyst had it")
    publish(Entry.objects.get(slug="lavikainen-second-nuclear-peer"))
    call_command("loaddata", "demo", verbosity=0)
    assert [entry.slug for entry in Entry.objects.with_unpublished_changes()] == ["lavikainen-second-nuclear-peer"]


def test_what_is_public_is_judged_by_the_facts_that_were_loaded(published, tmp_path, capsys):
    fixture = tmp_path / "stricter.json"
    workshop = Entry.objects.get(slug="cgsr-2023-division-of-labor").as_workshop
    rows = json.loads(serializers.serialize("json", [workshop], use_natural_foreign_keys=True))
    rows[0]["fields"]["rule"] = "off_the_record"
    fixture.write_text(json.dumps(rows), encoding="utf-8")
    call_command("loaddata", str(fixture), verbosity=0)
    assert "5 withdrawn: " in capsys.readouterr().out
    assert Record.objects.get(identifier=workshop.identifier).withdrawn_at


REGION = '{"model": "taxonomy.region", "fields": {"slug": "%s", "name": "%s", "parent": %s}}'
THEME = '{"model": "taxonomy.theme", "fields": {"slug": "%s", "name": "T %s"}}'
BROADER = '{"model": "taxonomy.broader", "fields": {"narrower": ["%s"], "broader": ["%s"]}}'


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([REGION % ("ra", "Ra", '["rb"]'), REGION % ("rb", "Rb", '["ra"]')], "so it cannot contain it"),
        ([THEME % ("ta", "a"), THEME % ("tb", "b"), BROADER % ("ta", "tb"), BROADER % ("tb", "ta")],
         "would be broader than itself"),
        ([REGION % ("ra", "R\\u0000a", "null")], "NUL"),
        ([REGION % ("no slug", "Ra", "null")], "Enter a valid “slug”"),
        (["{"], "It is no JSON"),
        (["1"], "It is no fixture"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_a_fixture_that_breaks_rules_is_refused_in_words(tmp_path, rows, told, capsys):
    file = tmp_path / "wrong.json"
    file.write_text(f"[{', '.join(rows)}]")
    with pytest.raises(CommandError, match=told):
        call_command("loaddata", str(file))
    assert not Region.objects.exists()
    assert not Theme.objects.exists()
