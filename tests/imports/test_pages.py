"""The pages of an import: a file is looked at, imported, taken back; whatever is uploaded is answered in words."""

from __future__ import annotations

import threading

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.curation.models import Article, DoubleCoding, Entry, Person, Position
from apps.workbench.importing.background import MANY
from apps.workbench.models import Batch, FileImport
from tests.workbench.conftest import analyst, entries, looker, reviewer  # noqa: F401 - fixtures

NOTE = b"---\nkind: article\n---\n# A report\n\n## Positions\n\n- It is so\n  - slug: so\n"


def words(response) -> str:
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def upload(client, name: str, data: bytes, **asked: str):
    asked = {"terms": "themes", "codes": "themes", "language": "en", "format": "", "kind": "", **asked}
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("admin:import_file"), {**asked, "file": file}, follow=True)


def decide(client, file: FileImport, how: str):
    return client.post(reverse("admin:file_import", args=[file.pk]), {how: "1"}, follow=True)


def test_a_file_is_looked_at_imported_and_taken_back(analyst):  # noqa: F811
    response = upload(analyst, "report.md", NOTE)
    assert "It would be: 2 made, 0 changed, 0 skipped. Nothing is changed yet." in words(response)
    assert "line 4 Article A report New" in words(response)
    assert not Entry.objects.exists()
    file = FileImport.objects.get()
    assert "Done: 2 made" in words(decide(analyst, file, "_make"))
    assert Position.objects.get().article == Article.objects.get()
    assert "report.md" in words(analyst.get(reverse("admin:import_file")))
    assert "Taken back: everything is as it was before." in words(decide(analyst, file, "_take_back"))
    assert not Entry.objects.exists()


def test_what_was_edited_meanwhile_is_shown_anew(analyst):  # noqa: F811
    upload(analyst, "report.md", NOTE)
    Article.objects.create(slug="report", title="Another report")
    file = FileImport.objects.get()
    response = decide(analyst, file, "_make")
    assert "it would not become what you were shown" in words(response)
    assert "1 made, 1 changed" in words(response)
    assert Article.objects.get().title == "Another report"
    decide(analyst, file, "_make")
    assert Article.objects.get().title == "A report"


def test_a_problem_is_told_by_its_place_and_nothing_can_be_imported(analyst):  # noqa: F811
    response = upload(analyst, "report.md", NOTE.replace(b"slug: so", b"slgu: so"))
    assert "1 problem" in words(response)
    assert "line 9 “slgu” is no field" in words(response)
    file = FileImport.objects.get()
    decide(analyst, file, "_make")
    assert not Entry.objects.exists()
    assert "the file is forgotten" in words(decide(analyst, file, "_drop"))
    assert not FileImport.objects.exists()


def test_a_table_goes_to_the_page_of_tables(analyst):  # noqa: F811
    response = upload(analyst, "t.csv", b"title,slug\nOne,one\n", kind="proposition")
    assert response.redirect_chain[-1][0] == reverse("admin:batch", args=[Batch.objects.get().pk])


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.md", b"", "empty"),
        ("thing.bin", b"\x00\x01\x02", "Neither what is in the file nor its name"),
        ("note.md", b"---\nkind: article\n", "no end"),
        ("t.xlsx", b"PK\x03\x04", "damaged"),
        ("refs.json", b'{"a": [', "breaks off"),
    ],
)
def test_whatever_is_uploaded_is_answered_in_words(analyst, name, data, said):  # noqa: F811
    response = upload(analyst, name, data)
    assert response.status_code == 200
    assert said in words(response)
    assert not Entry.objects.exists()


def test_a_huge_upload_is_refused_by_its_size(analyst, monkeypatch):  # noqa: F811
    monkeypatch.setattr("apps.workbench.importing.formats.LARGEST", 10)
    assert "megabytes" in words(upload(analyst, "report.md", NOTE))


def test_who_may_only_look_may_not_import(looker):  # noqa: F811
    assert looker.get(reverse("admin:import_file")).status_code == 403
    assert upload(looker, "report.md", NOTE).status_code == 403


def test_an_import_is_ones_own(analyst, reviewer):  # noqa: F811
    upload(analyst, "report.md", NOTE)
    address = reverse("admin:file_import", args=[FileImport.objects.get().pk])
    assert reviewer.get(address).status_code == 404
    assert reviewer.post(address, {"_make": "1"}).status_code == 404


def test_a_second_coder_is_not_shown_what_others_found(analyst, reviewer, entries):  # noqa: F811
    article = Article.objects.get()
    article.text = "It is so."
    article.save()
    DoubleCoding.objects.create(article=article, first=reviewer.user, second=analyst.user)
    note = NOTE.replace(b"kind: article", b"kind: article\nslug: a").replace(b"slug: so", b"slug: o")
    response = upload(analyst, "a.md", note)
    assert "a text that you code apart from somebody" in words(response)
    assert not FileImport.objects.exists()


def test_the_front_page_leads_there(analyst):  # noqa: F811
    assert reverse("admin:import_file") in analyst.get(reverse("admin:index")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_takes_long_is_done_in_the_background(client):
    rex = User.objects.create_superuser("rex")
    client.force_login(rex)
    people = "".join(f"## Doe{number}, Jane\n\n- note: x\n\n" for number in range(MANY + 1))
    data = f"---\nkind: people\n---\n{people}".encode()

    def finished() -> str:
        for thread in threading.enumerate():
            if thread.name.startswith("import "):
                thread.join()
        return words(client.get(reverse("admin:file_import", args=[FileImport.objects.get().pk])))

    assert "being looked at since" in words(upload(client, "people.md", data)) or finished()
    assert f"It would be: {MANY + 1} made" in finished()
    assert not Person.objects.exists()
    decide(client, FileImport.objects.get(), "_make")
    assert f"Done: {MANY + 1} made" in finished()
    assert Person.objects.count() == MANY + 1
    decide(client, FileImport.objects.get(), "_take_back")
    assert "Taken back: everything is as it was before." in finished()
    assert not Person.objects.exists()
