"""Somebody, or an organisation, entered twice, one spelling an alias of the other: whoever is called the same is taken
for them."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CrossReference,
    Organisation,
    Person,
    Position,
    Workshop,
)
from apps.gate.findings import Refused
from tests.gate.public import is_public

WORDS = "A quiet harbour keeps twelve small boats and no admirals who would ever leave it at dawn."


@pytest.fixture
def milner(closed_world) -> Person:
    """A person with a signed article; no reader, and nobody here, knows yet that this is the holder of the position."""
    return Person.objects.create(slug="milner", given_names="Bob", family_name="Milner")


def signed_by(person: Person, **said: str) -> Article:
    article = Article.objects.create(slug="signed", title="On harbours", **said)
    Authorship.objects.create(article=article, person=person)
    return article


def called_like_the_holder(person: Person, name: str = "Quill Zarnecki") -> None:
    person.aliases = [name]
    person.save()


def saying(world, summary: str) -> Position:
    position = Position.objects.get(pk=world.position.pk)
    position.summary = summary
    position.save()
    return position


@pytest.mark.guards("whoever is called the same is taken for them")
def test_wording_is_judged_again_when_its_author_turns_out_to_be_called_like_the_holder(closed_world, milner, publish):
    position = saying(closed_world, WORDS)
    publish(position)
    publish(signed_by(milner, summary=WORDS))
    assert is_public(position)
    called_like_the_holder(milner)
    assert not is_public(position)


@pytest.mark.guards("whoever is called the same is taken for them")
@pytest.mark.parametrize("end", ["position", "article"])
@pytest.mark.parametrize("name", ["Quill Zarnecki", "Zarnecki, Quill"])
def test_a_reference_to_what_somebody_called_like_the_holder_signed_is_refused(
    closed_world, milner, publish, end, name
):
    called_like_the_holder(milner, name)
    article = signed_by(milner)
    publish(article)
    ends = [closed_world.position, article] if end == "position" else [article, closed_world.position]
    CrossReference.objects.create(source=ends[0], target=ends[1], relation="see_also")
    with pytest.raises(Refused, match="joins a protected position"):
        publish(ends[0])


@pytest.mark.guards("whoever is called the same as somebody there is protected")
def test_the_other_names_of_whoever_is_called_like_somebody_there_are_looked_for(closed_world, milner, publish):
    milner.aliases = ["Quill Ostrovar"]  # who came and held nothing
    milner.save()
    with pytest.raises(Refused, match="Milner"):
        publish(saying(closed_world, "As Milner put it"))


def test_a_record_that_names_them_by_another_name_is_taken_out_when_that_is_known(closed_world, milner, publish):
    position = saying(closed_world, "As Milner put it")
    publish(position)
    assert is_public(position)
    called_like_the_holder(milner)
    assert not is_public(position)


@pytest.mark.guards("whoever is called the same as somebody there is protected")
def test_whoever_has_the_address_of_somebody_there_is_looked_for(closed_world, publish):
    closed_world.people[1].email = "quill@example.org"
    closed_world.people[1].save()
    position = saying(closed_world, "As Milner put it")
    publish(position)
    Person.objects.create(slug="milner", given_names="Bob", family_name="Milner", email="quill@example.org")
    assert not is_public(position)


@pytest.mark.guards("names are one however they are written")
@pytest.mark.parametrize(
    "written",
    [
        "QUILL ZARNECKI", "Zarnecki Quill", "Quill  Zarnecki ", "Quill Żarnecki", "Quill Z\u0307arnecki",
        "Q\u200buill Zarnecki", "Quill Z\u0430rnecki", "Quill-Zarnecki",
    ],
)  # fmt: skip
def test_a_name_is_the_same_however_it_is_written(closed_world, milner, publish, written):
    position = saying(closed_world, WORDS)
    publish(position)
    publish(signed_by(milner, summary=WORDS))
    called_like_the_holder(milner, written)
    assert not is_public(position)


@pytest.mark.guards("names are one however they are written")
def test_an_address_is_the_same_however_it_is_written(closed_world, milner, publish):
    closed_world.people[0].email = "quill@example.org"
    closed_world.people[0].save()
    position = saying(closed_world, WORDS)
    publish(position)
    publish(signed_by(milner, summary=WORDS))
    called_like_the_holder(milner, "Quill@Example.ORG")
    assert not is_public(position)


def test_a_name_that_was_written_past_the_watch_is_known_once_all_is_judged_again(closed_world, milner, publish):
    position = saying(closed_world, WORDS)
    publish(position)
    publish(signed_by(milner, summary=WORDS))
    Person.objects.filter(pk=milner.pk).update(aliases=["Quill Zarnecki"])
    call_command("recheck", verbosity=0)
    assert not is_public(position)


def test_a_name_that_was_never_theirs_is_taken_back_whole(closed_world, milner, publish):
    called_like_the_holder(milner)
    milner.aliases = []
    milner.save()
    publish(signed_by(milner, summary=WORDS))
    assert publish(saying(closed_world, WORDS))


@pytest.mark.parametrize("alias", [",", "Zarnecki,", ", Quill"])
def test_an_alias_that_is_hardly_one_is_no_stumbling_block(closed_world, milner, publish, alias):
    milner.aliases = [alias]
    milner.save()
    assert publish(saying(closed_world, "Calm is good."))


# --- Where they come from


def came_to_another_workshop(person: Person, body: Organisation) -> None:
    workshop = Workshop.objects.create(slug="w2", title="An open workshop", rule="on_the_record")
    Attendance.objects.create(workshop=workshop, person=person, affiliation=body)


@pytest.fixture
def heron() -> Organisation:
    return Organisation.objects.create(slug="heron", name="Heron House")


@pytest.fixture
def homeless(closed_world) -> Person:
    """Somebody who came, nobody noted from where."""
    attendance = Attendance.objects.get(person=closed_world.people[1])
    attendance.affiliation = None
    attendance.save()
    return closed_world.people[1]


@pytest.mark.guards("whoever is called the same is taken for them")
def test_where_somebody_of_the_same_name_comes_from_is_looked_for(closed_world, homeless, heron, publish):
    twin = Person.objects.create(slug="twin", given_names=homeless.given_names, family_name=homeless.family_name)
    came_to_another_workshop(twin, heron)
    with pytest.raises(Refused, match="Heron House"):
        publish(saying(closed_world, "As Heron House has it."))


@pytest.mark.guards("whoever is called the same is taken for them")
def test_where_they_come_from_is_judged_when_it_is_entered(closed_world, homeless, heron, milner, publish):
    milner.aliases = [homeless.name]
    milner.save()
    position = saying(closed_world, "As Heron House has it.")
    publish(position)
    came_to_another_workshop(milner, heron)
    assert not is_public(position)


@pytest.mark.guards("whoever is called the same is taken for them")
def test_what_the_holder_under_another_name_comes_from_is_judged_when_it_is_renamed(
    closed_world, heron, milner, publish
):
    called_like_the_holder(milner)
    heron.name = "Bittern House"
    heron.save()
    came_to_another_workshop(milner, heron)
    position = saying(closed_world, "As Heron House has it.")
    publish(position)
    heron.name = "Heron House"
    heron.save()
    assert not is_public(position)


@pytest.mark.guards("organisations that are called the same are taken for one")
def test_an_organisation_entered_twice_is_looked_for_by_the_names_of_both(closed_world, publish):
    Organisation.objects.create(slug="twice", name="Petrel Foundation", aliases=["Kestrel Institute"])
    with pytest.raises(Refused, match="Petrel"):
        publish(saying(closed_world, "The Petrel Foundation agrees."))


@pytest.mark.guards("organisations that are called the same are taken for one")
def test_what_names_it_is_judged_when_the_second_is_entered(closed_world, publish):
    position = saying(closed_world, "The Petrel Foundation agrees.")
    publish(position)
    Organisation.objects.create(slug="twice", name="Petrel Foundation", aliases=["Kestrel Institute"])
    assert not is_public(position)


@pytest.mark.guards("organisations that are called the same are taken for one")
def test_organisations_are_followed_from_name_to_name(closed_world, publish):
    Organisation.objects.create(slug="twice", name="Petrel Foundation", aliases=["KESTREL  INSTITUTE"])
    Organisation.objects.create(slug="thrice", name="Shearwater Trust", aliases=["Petrel foundation"])
    with pytest.raises(Refused, match="Shearwater"):
        publish(saying(closed_world, "The Shearwater Trust agrees."))


def test_an_acronym_in_common_makes_no_two_organisations_one(closed_world, publish):
    Organisation.objects.create(slug="other", name="Kittiwake Index", acronym="KIX")
    position = saying(closed_world, "The Kittiwake Index fell.")
    publish(position)
    assert is_public(position)


@pytest.mark.guards("two who may be one count once")
@pytest.mark.parametrize("name", ["Quill Ostrovar", "Ostrovar, Quill"])
def test_two_who_are_called_the_same_count_once(world, publish, name):
    """Of the six who came five are left, of whom two may be one."""
    for entry in (world.workshop, world.session, world.proposition):
        publish(entry)
    Attendance.objects.filter(person=world.people[5]).delete()
    last = world.people[4]
    last.aliases = [name]
    last.save()
    assert Organisation.objects.count() == 2
    with pytest.raises(Refused, match="4 from 2 known organisations"):
        publish(world.position)
