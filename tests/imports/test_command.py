"""``manage.py import``: what it prints, how it ends, and that nothing is half-imported."""

from __future__ import annotations

import sqlite3

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from reversion.models import Version

from apps.curation.models import Article, Entry, Person, Position, Proposition
from apps.workbench.importing import formats
from apps.workbench.models import FileImport

pytestmark = pytest.mark.django_db

NOTE = "---\nkind: article\nstatus: draft\n---\n# A report\n\n## Positions\n\n- It is so\n  - slug: so\n"
TABLE = "title,slug\nOne,one\nTwo,two\n"
BIBTEX = "@report{a, title = {A report of sorts}, author = {Doe, Jane}, year = {2020}}\n"
RIS = "TY  - RPRT\nTI  - A report of sorts\nAU  - Doe, Jane\nPY  - 2020\nER  - \n"
CSL = '[{"type": "report", "title": "A report of sorts", "author": [{"family": "Doe", "given": "Jane"}]}]'


def run(tmp_path, name, content, **options):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    call_command("import", tmp_path / name, **options)


@pytest.mark.parametrize(
    ("name", "content", "options", "made"),
    [
        ("report.md", NOTE, {}, "2 made"),
        ("table.csv", TABLE, {"kind": "proposition"}, "2 made"),
        ("refs.bib", BIBTEX, {}, "1 made"),
        ("refs.ris", RIS, {}, "1 made"),
        ("refs.json", CSL, {}, "1 made"),
    ],
)
def test_every_format_is_tried_made_and_skipped_the_second_time(tmp_path, capsys, name, content, options, made):
    run(tmp_path, name, content, dry_run=True, **options)
    assert f"Dry run, nothing was kept: {made}" in capsys.readouterr().out
    assert not Entry.objects.exists()
    assert not Person.objects.exists()

    run(tmp_path, name, content, **options)
    output = capsys.readouterr()
    assert made in output.out.splitlines()[-1]
    assert output.err == ""  # no progress bar where nobody watches
    before = list(Entry.objects.order_by("pk").values())

    run(tmp_path, name, content, **options)
    number = made.split()[0]
    assert capsys.readouterr().out.splitlines()[-1] == f"0 made, 0 changed, {number} skipped."
    assert list(Entry.objects.order_by("pk").values()) == before


def test_what_a_file_is_stands_in_it_whatever_its_name(tmp_path):
    run(tmp_path, "refs.csv", BIBTEX)
    assert Article.objects.get().title == "A report of sorts"


def test_steps_are_told_by_place(tmp_path, capsys):
    run(tmp_path, "report.md", NOTE)
    assert capsys.readouterr().out.splitlines()[:2] == [
        "line 5: made: article “A report”",
        "line 9: made: position “It is so”",
    ]
    run(tmp_path, "report.md", NOTE.replace("It is so", "It is not so"))
    assert "line 9: changed: position “It is not so” (title: It is so → It is not so)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "options", "line"),
    [
        ("note.md", "---\nkind: proposition\nstatsu: draft\n---\n# P\n", {}, "line 3: “statsu” is no field"),
        ("note.md", NOTE + "  - proposition: nowhere\n  - stance: supports\n", {}, "line 11: There is no proposition"),
        ("t.csv", TABLE + "Three,one\n", {"kind": "proposition"}, "row 4, slug: Row 2 has this slug."),
        ("t.csv", "title,stance\nOne,perhaps\n", {"kind": "position"}, "row 2, stance: There is no stance “perhaps”"),
        ("refs.bib", BIBTEX + "@article{b, title = {Broken\n", {}, "line 2: It breaks off"),
        ("refs.json", '[{"type": "report"}, {"title": "T"}]', {}, "item 1: It has no title."),
        ("refs.ris", RIS + "TY  - XYZZY\nAU  - Doe, Jane\nER  - \n", {}, "line 6: It has no title."),
    ],
)
def test_with_a_problem_nothing_is_imported_and_its_place_is_told(tmp_path, capsys, name, content, options, line):
    with pytest.raises(CommandError, match="nothing was imported") as refused:
        run(tmp_path, name, content, **options)
    assert refused.value.returncode == 1
    assert f"{tmp_path / name}: {line}" in capsys.readouterr().err
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "options", "words"),
    [
        ("empty.csv", b"", {}, "empty"),
        ("thing.xyz", b"Hello.", {}, "Neither what is in the file nor its name"),
        ("t.csv", "colour,shape\nred,round\n", {}, "Say it: one of"),
        ("t.csv", "title,slug,slug\nOne,a,b\n", {"kind": "article"}, "Two columns are headed “slug”"),
        ("t.xlsx", b"PK\x03\x04 and no more", {"kind": "article"}, "damaged"),
        ("refs.json", '[{"title": "A rep', {"format": "csl-json"}, "breaks off at line 1"),
        ("refs.bib", CSL, {"format": "bibtex"}, "This is csl-json, not bibtex"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path, name, content, options, words):
    with pytest.raises(CommandError, match=words) as refused:
        run(tmp_path, name, content, **options)
    assert refused.value.returncode == 1
    assert not Entry.objects.exists()


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(2_000_000_000)
    with pytest.raises(CommandError, match="2,000 megabytes") as refused:
        call_command("import", tmp_path / "huge.csv")
    assert refused.value.returncode == 1


def test_asked_for_wrongly(tmp_path):
    with pytest.raises(CommandError, match="There is no account “eve”") as wrong:
        run(tmp_path, "report.md", NOTE, by="eve")
    assert wrong.value.returncode == 2
    with pytest.raises(CommandError, match="No such file") as wrong:
        call_command("import", tmp_path / "nothing.md")
    assert wrong.value.returncode == 2


def test_a_database_that_does_not_take_it(tmp_path, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError(sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(Article, "save", locked)
    with pytest.raises(CommandError, match="import the file again later") as busy:
        run(tmp_path, "report.md", NOTE)
    assert busy.value.returncode == 3


def test_whose_edit_it_is(tmp_path, ann):
    run(tmp_path, "report.md", NOTE, by="ann")
    assert {entry.modified_by for entry in Entry.objects.all()} == {ann}
    kept = Version.objects.get_for_object(Entry.objects.get(kind="position"))
    assert [(one.revision.user, one.revision.comment) for one in kept] == [(ann, "Imported from report.md")]
    assert FileImport.objects.get().by == ann


def test_a_column_that_is_unknown_is_told_and_left_out(tmp_path, capsys):
    run(tmp_path, "t.csv", "title,slug,colour\nOne,one,red\n", kind="proposition")
    assert "The column “colour” was left out." in capsys.readouterr().out
    assert Proposition.objects.get().slug == "one"


def test_a_type_of_ris_that_is_unknown_is_told_and_the_rest_is_read(tmp_path, capsys):
    run(tmp_path, "refs.ris", RIS.replace("RPRT", "XYZZY"))
    assert "line 1: Its type, “XYZZY”, is none that has a genre here." in capsys.readouterr().out
    assert (Article.objects.get().title, Article.objects.get().genre) == ("A report of sorts", "")


def test_a_table_tells_by_its_headings_what_its_rows_are(tmp_path):
    Article.objects.create(title="A", slug="a")
    run(tmp_path, "t.csv", "title,article,stance\nIt is so,a,supports\n")
    assert Position.objects.get().title == "It is so"


def test_a_reference_that_may_be_here_is_left_for_somebody_to_decide(tmp_path, capsys):
    Article.objects.create(title="A report of sort", slug="a")
    run(tmp_path, "refs.bib", BIBTEX)
    output = capsys.readouterr().out
    assert "skipped: article “A report of sorts” (it may be here: “A report of sort”: Nearly the same title." in output
    assert Article.objects.count() == 1


def test_the_extension_decides_where_the_contents_do_not():
    assert formats.guessed("t.TSV", b"title\tslug\n") == "csv"


def test_the_formats_are_listed_in_the_guide():
    text = (formats.Path(__file__).resolve().parents[2] / "docs" / "curate.md").read_text()
    for one in formats.FORMATS.values():
        assert f"`{one.name}`" in text, one.name
