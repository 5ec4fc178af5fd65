"""Where somebody is protected, and comes from, whatever other meetings they are entered for: in a closed session of an
open workshop, unlisted, or under another name."""

from __future__ import annotations

import pytest

from apps.curation.models import Article, Attendance, Authorship, Organisation, Person, Position, Session, Workshop
from apps.gate.findings import Refused
from apps.gate.merging import merge
from tests.gate.public import is_public

WORDS = "A quiet harbour keeps twelve small boats and no admirals who would ever leave it at dawn."


def milner(**more: object) -> Person:
    return Person.objects.create(slug="milner", given_names="Bob", family_name="Milner", **more)


def came_from(person: Person, body: Organisation) -> None:
    """Entered for another meeting, which is open."""
    elsewhere, _ = Workshop.objects.get_or_create(slug="w2", title="An open workshop", rule="on_the_record")
    Attendance.objects.create(workshop=elsewhere, person=person, affiliation=body)


def saying(entry, summary: str):
    entry = type(entry).objects.get(pk=entry.pk)
    entry.summary = summary
    entry.save()
    return entry


@pytest.fixture
def heron(db) -> Organisation:
    return Organisation.objects.create(slug="heron", name="Heron House")


# --- A closed session of an open workshop


@pytest.fixture
def closed_part(world, publish):
    world.open = Workshop.objects.create(slug="w2", title="An open workshop", rule="on_the_record")
    world.shut = Session.objects.create(slug="s1", title="Shut", workshop=world.open, number=1, rule="chatham_house")
    world.wide = Session.objects.create(slug="s2", title="Wide", workshop=world.open, number=2)
    for i, person in enumerate(world.people):
        body = world.ministry if i % 2 else world.institute
        Attendance.objects.create(workshop=world.open, session=world.shut, person=person, affiliation=body)
    publish(world.open)
    return world


def said_in(session: Session | None, world, by: Person) -> None:
    where = {"session": session} if session else {"article": world.article, "reported_from": world.open}
    position = Position.objects.create(slug="said", title="Calm is dear", **where)
    position.speakers.add(by)


@pytest.mark.parametrize("is_listed", [False, True])
@pytest.mark.parametrize("is_reported", [False, True])
def test_who_spoke_in_a_closed_session_is_protected_there_though_entered_for_an_open_one(
    closed_part, publish, is_listed, is_reported
):
    who = milner()
    if is_listed:
        Attendance.objects.create(workshop=closed_part.open, session=closed_part.wide, person=who)
    said_in(None if is_reported else closed_part.shut, closed_part, who)
    with pytest.raises(Refused, match="Milner"):
        publish(saying(closed_part.shut, "As Milner put it, calm is dear."))


def test_who_turns_out_to_have_spoken_in_a_closed_session_is_looked_for_there(closed_part, publish):
    who = milner()
    Attendance.objects.create(workshop=closed_part.open, session=closed_part.wide, person=who)
    publish(saying(closed_part.shut, "As Milner put it, calm is dear."))
    said_in(closed_part.shut, closed_part, who)
    assert not is_public(closed_part.shut)


# --- Where somebody comes from, entered later


@pytest.mark.parametrize("which", ["position", "session", "workshop", "proposition"])
@pytest.mark.parametrize("is_reported", [False, True])
def test_where_an_unlisted_speaker_comes_from_is_judged_when_it_is_entered(
    closed_world, heron, publish, which, is_reported
):
    who = milner()
    reported = {"article": closed_world.article, "reported_from": closed_world.workshop, "reported_as": "a participant"}
    where = reported if is_reported else {"session": closed_world.session}
    Position.objects.create(slug="other", title="Calm is dear", **where).speakers.add(who)
    entry = saying(getattr(closed_world, which), "As Heron House has it.")
    publish(entry)
    came_from(who, heron)
    assert not is_public(entry)


@pytest.mark.parametrize("how", ["renamed", "merged"])
def test_where_an_unlisted_speaker_comes_from_is_judged_when_it_is_called_otherwise(closed_world, publish, how):
    who, grebe = milner(), Organisation.objects.create(slug="grebe", name="Grebe House")
    Position.objects.create(slug="other", title="Dear", session=closed_world.session).speakers.add(who)
    came_from(who, grebe)
    entry = saying(closed_world.position, "As Heron House has it.")
    publish(entry)
    if how == "merged":
        merge(grebe, Organisation.objects.create(slug="heron", name="Heron House"))
    else:
        grebe.aliases = ["Heron House"]
        grebe.save()
    assert not is_public(entry)


def test_where_the_double_of_somebody_there_comes_from_is_judged_when_it_is_entered(closed_world, heron, publish):
    double = milner(aliases=["Quill Ostrovar"])
    entry = saying(closed_world.position, "As Heron House has it.")
    publish(entry)
    came_from(double, heron)
    assert not is_public(entry)


# --- Under another name


@pytest.mark.parametrize("first", ["article", "position"])
def test_whoever_is_called_like_somebody_called_like_the_holder_is_taken_for_them(closed_world, publish, first):
    milner(aliases=["Quill Zarnecki", "Kew Tern"])
    third = Person.objects.create(slug="tern", given_names="Kew", family_name="Tern")

    def signed() -> Article:
        article = Article.objects.create(slug="signed", title="On harbours", summary=WORDS)
        Authorship.objects.create(article=article, person=third)
        return article

    ends = [signed, lambda: saying(closed_world.position, WORDS)]
    publish(ends.pop(0 if first == "article" else 1)())
    with pytest.raises(Refused):
        publish(ends.pop()())


@pytest.mark.parametrize("how", ["an e-mail address", "a name of several words"])
def test_who_is_called_the_same_counts_once(closed_world, publish, how):
    one, two = closed_world.people[:2]
    if how == "an e-mail address":
        one.email = two.email = "quill@example.org"
    else:
        one.given_names, one.family_name, two.aliases = "Anna", "Garcia Marquez", ["Anna Garcia Marquez"]
    one.save()
    two.save()
    position = saying(closed_world.position, "Calm is good.")
    position.descriptor_expertise = closed_world.japan
    position.save()
    with pytest.raises(Refused, match="4 from"):
        publish(position)


def test_the_address_of_a_namesake_is_looked_for(closed_world, publish):
    Person.objects.create(slug="twin", given_names="Quill", family_name="Ostrovar", email="boxwood7@example.org")
    with pytest.raises(Refused):
        publish(saying(closed_world.position, "Write to boxwood7@example.org"))


def test_the_only_speaker_on_an_agenda_may_stand_there_under_another_row(world, publish):
    twin = Person.objects.create(slug="twin", given_names="Quill", family_name="Zarnecki")
    Attendance.objects.create(workshop=world.workshop, session=world.session, person=twin, role="speaker")
    for one in (world.article, world.workshop, world.session, world.proposition):
        publish(one)
    with pytest.raises(Refused, match="only speaker"):
        publish(world.position)


@pytest.mark.parametrize("first", ["named", "unnamed"])
def test_in_one_article_somebody_entered_twice_is_not_named_beside_their_own_words(world, publish, first):
    publish(world.article)
    twin = Person.objects.create(slug="twin", given_names="Quill", family_name="Zarnecki")

    def said(by: Person, **more: object) -> Position:
        position = Position.objects.create(title="One", article=world.article, summary=WORDS, **more)
        position.speakers.add(by)
        return position

    ends = [
        lambda: said(world.people[0], slug="n", named_in_source=True),
        lambda: said(twin, slug="u", reported_as="an expert"),
    ]
    publish(ends.pop(0 if first == "named" else 1)())
    with pytest.raises(Refused):
        publish(ends.pop()())
