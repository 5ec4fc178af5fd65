"""Somebody entered twice, one spelling an alias of the other: whoever is called the same is taken for them."""

from __future__ import annotations

import pytest

from apps.curation.models import Article, Attendance, Authorship, CrossReference, Organisation, Person, Position
from apps.gate.findings import Refused
from apps.public.catalogue.models import Record

WORDS = "A quiet harbour keeps twelve small boats and no admirals who would ever leave it at dawn."


def is_public(entry) -> bool:
    return Record.objects.live().filter(identifier=entry.identifier).exists()


@pytest.fixture
def milner(closed_world) -> Person:
    """A person with a signed article; no reader, and nobody here, knows yet that this is the holder of the position."""
    return Person.objects.create(slug="milner", given_names="Bob", family_name="Milner")


def signed_by(person: Person, **said: str) -> Article:
    article = Article.objects.create(slug="signed", title="On harbours", **said)
    Authorship.objects.create(article=article, person=person)
    return article


def called_like_the_holder(person: Person) -> None:
    person.aliases = ["Quill Zarnecki"]
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
def test_a_reference_to_what_somebody_called_like_the_holder_signed_is_refused(closed_world, milner, publish, end):
    called_like_the_holder(milner)
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


@pytest.mark.guards("two who may be one count once")
def test_two_who_are_called_the_same_count_once(world, publish):
    """Of the six who came five are left, of whom two may be one."""
    for entry in (world.workshop, world.session, world.proposition):
        publish(entry)
    Attendance.objects.filter(person=world.people[5]).delete()
    last = world.people[4]
    last.aliases = ["Quill Ostrovar"]
    last.save()
    assert Organisation.objects.count() == 2
    with pytest.raises(Refused, match="4 from 2 known organisations"):
        publish(world.position)
