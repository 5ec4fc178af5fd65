"""An import that is taken back restores facts: what was published meanwhile is judged by these."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from apps.curation.models import Entry, Organisation, Person, Position, Workshop
from apps.gate.publication import publish
from apps.public.catalogue.models import Record
from apps.taxonomy.models import Region
from apps.workbench.importing.formats import Options, guessed, read
from apps.workbench.importing.keeping import keep, take_back
from apps.workbench.models import FileImport

Imported = Callable[[str], FileImport]

WORKSHOP = """---
kind: workshop
slug: w
date: 2023-06-06
place: Oslo
time zone: Europe/Oslo
rule: {rule}
attendance:
{attendance}
---
# A workshop

## Session 1: Opening

- slug: s

### Positions

- Calm is good
  - slug: pos
  - descriptor expertise: asia
  - speakers: p0
"""
NAMES = ("Zarnecki", "Ostrovar", "Belmiro", "Tanhauser", "Vexley", "Umbrith")


@pytest.fixture
def ann(db) -> User:
    return User.objects.create_user("ann")


@pytest.fixture
def imported(ann) -> Imported:
    def imported(data: str) -> FileImport:
        file = FileImport(by=ann, name="notes.md", format=guessed("notes.md", data.encode()))
        report = keep(file, read("notes.md", data.encode(), file.format, Options()))
        assert not report.problems, list(map(str, report.problems))
        return file

    return imported


@pytest.fixture
def here(db) -> None:
    Region.objects.create(slug="asia", name="Asia")
    for i, name in enumerate(NAMES):
        Person.objects.create(slug=f"p{i}", given_names="Quill", family_name=name)
    for i in range(2):
        Organisation.objects.create(slug=f"o{i}", name=f"Kestrel House {i}")


def workshop(rule: str = "Chatham House", experts: int = 6) -> str:
    rows = [
        f"  - person: p{i}\n    affiliation: o{i % 2}" + ("\n    expertise: [asia]" if i < experts else "")
        for i in range(len(NAMES))
    ]
    return WORKSHOP.format(rule=rule, attendance="\n".join(rows))


def people(*aliases: str) -> str:
    told = "".join(f"\n- aliases: {one}" for one in aliases)
    return f"---\nkind: people\n---\n## Zarnecki, Quill\n\n- slug: p0{told}\n"


def publish_all() -> Record:
    reviewer = User.objects.create_user("reviewer")
    for entry in Entry.objects.order_by("pk"):
        publish(entry, by=reviewer)
    return Record.objects.live().get(kind="position")


@pytest.mark.guards("what is put back is judged again")
def test_a_rule_that_is_strict_again_takes_out_the_names(here, imported, ann):
    imported(workshop())
    file = imported(workshop("on the record"))
    assert publish_all().content["holder"]["names"] == ["Quill Zarnecki"]
    take_back(file, ann)
    assert Workshop.objects.get().rule == "chatham_house"
    assert "Zarnecki" not in str(list(Record.objects.values_list("title", "content")))


@pytest.mark.guards("what is put back is judged again")
def test_an_alias_that_is_there_again_is_looked_for(here, imported, ann):
    imported(people("Milner"))
    file = imported(people("Quill"))
    imported(workshop().replace("Calm is good", "Calm is good, as Milner has it"))
    publish_all()
    take_back(file, ann)
    assert Person.objects.get(slug="p0").aliases == ["Milner"]
    assert not Record.objects.live().filter(kind="position").exists()


@pytest.mark.guards("what is put back is judged again")
def test_a_region_that_lies_where_it_lay_hides_nobody(here, imported, ann):
    Region.objects.create(slug="japan", name="Japan")
    file = imported("---\nkind: regions\n---\n## Asia\n\n- slug: asia\n\n## Japan\n\n- slug: japan\n- parent: asia\n")
    assert Region.objects.get(slug="japan").parent.slug == "asia"
    imported(workshop().replace("[asia]", "[japan]"))
    assert publish_all().content["holder"]["descriptor"] == "Asia experts"
    take_back(file, ann)
    assert Region.objects.get(slug="japan").parent is None
    assert not Record.objects.live().filter(kind="position").exists()


@pytest.mark.guards("what is put back is judged again")
def test_expertise_that_nobody_has_any_more_hides_nobody(here, imported, ann):
    imported(workshop(experts=3))
    file = imported(workshop(experts=6))
    assert publish_all().content["holder"]["descriptor"] == "Asia experts"
    take_back(file, ann)
    assert Position.objects.get().speakers.exists()
    assert not Record.objects.live().filter(kind="position").exists()
