"""``manage.py import_notes``: what it prints and how it ends."""

from __future__ import annotations

import sqlite3

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError

from apps.curation.models import Entry

pytestmark = pytest.mark.django_db

GOOD = "---\nkind: proposition\n---\n# P\n"
BAD = "---\nkind: proposition\nstatsu: draft\n---\n# P\n"


def test_it_counts(tmp_path, capsys):
    (tmp_path / "good.md").write_text(GOOD)
    call_command("import_notes", tmp_path)
    call_command("import_notes", tmp_path)
    output = capsys.readouterr()
    assert output.out.splitlines() == ["1 made, 0 changed, 0 unchanged.", "Nothing has changed: 1 unchanged."]
    assert output.err == ""  # no progress bar where nobody watches


def test_it_lists_what_is_wrong_and_fails_but_loads_the_rest(tmp_path, capsys):
    (tmp_path / "bad.md").write_text(BAD)
    (tmp_path / "good.md").write_text(GOOD)
    with pytest.raises(CommandError, match=r"^1 file not loaded, 2 read\.$"):
        call_command("import_notes", tmp_path)
    output = capsys.readouterr()
    assert output.err == f"{tmp_path}/bad.md:3: “statsu” is no field of a proposition. Did you mean “status”?\n"
    assert output.out == "1 made, 0 changed, 0 unchanged.\n"
    assert [entry.slug for entry in Entry.objects.all()] == ["good"]


def test_a_dry_run_says_so(tmp_path, capsys):
    (tmp_path / "good.md").write_text(GOOD)
    call_command("import_notes", tmp_path, dry_run=True)
    assert capsys.readouterr().out == "Dry run, nothing was kept: 1 made, 0 changed, 0 unchanged.\n"
    assert not Entry.objects.exists()


def test_whose_edit_it_is(tmp_path):
    (tmp_path / "good.md").write_text(GOOD)
    with pytest.raises(CommandError, match="There is no account “ada”"):
        call_command("import_notes", tmp_path, by="ada")
    ada = User.objects.create(username="ada")
    call_command("import_notes", tmp_path, by="ada", verbosity=0)
    assert Entry.objects.get().modified_by == ada


def test_a_database_that_does_not_take_it(tmp_path, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError(sqlite3.OperationalError("database is locked"))

    (tmp_path / "good.md").write_text(GOOD)
    monkeypatch.setattr(Entry, "save_base", locked)
    with pytest.raises(CommandError, match="database is locked"):
        call_command("import_notes", tmp_path)
