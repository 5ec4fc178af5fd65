"""What two records say of one person together, and what an organisation that all of a group came from says of each."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from apps.curation.models import Attendance, CrossReference, Person, Position, Session
from apps.gate import publication
from apps.gate.findings import Refused
from apps.taxonomy.words import Stance
from tests.gate.public import is_public

FOUR = ("Ardwick", "Bruxley", "Cordane", "Dellmoor")
NOTE = "The same speaker as in the first."


def four_more(world: SimpleNamespace, **came: object) -> None:
    for i, name in enumerate(FOUR):
        person = Person.objects.create(slug=f"q{i}", given_names=f"{name[0]}olo", family_name=name)
        body = world.ministry if i % 2 else world.institute
        Attendance.objects.create(workshop=world.workshop, person=person, affiliation=body, **came)


def second_of(world: SimpleNamespace, **said: object) -> Position:
    position = Position.objects.create(
        slug="second", title="Budgets follow", proposition=world.proposition, stance=Stance.SUPPORTS, **said
    )
    position.speakers.add(world.people[0])
    return position


@pytest.fixture
def experts_and_officials(world, publish) -> Position:
    """Five experts on Japan and five officials, of whom only the holder is both. One position says that an expert held
    it, another, that is not public yet, an official."""
    Attendance.objects.update(sector="think_tank")
    Attendance.objects.filter(person=world.people[0]).update(sector="government")
    four_more(world, sector="government")
    world.position.descriptor_expertise, world.position.quantifier = world.japan, "one"
    world.position.save()
    for one in (world.workshop, world.session, world.proposition, world.position):
        publish(one)
    return second_of(world, session=world.session, descriptor_sector="government", quantifier="one")


@pytest.fixture
def two_sessions(world, publish) -> Position:
    """Only the holder was at both; each position says “one participant”."""
    Attendance.objects.update(session=world.session)
    other = Session.objects.create(slug="s2", title="Another session", workshop=world.workshop, number=2)
    four_more(world, session=other)
    Attendance.objects.create(
        workshop=world.workshop, session=other, person=world.people[0], affiliation=world.institute
    )
    world.position.quantifier = "one"
    world.position.save()
    for one in (world.workshop, world.session, other, world.proposition, world.position):
        publish(one)
    return second_of(world, session=other, quantifier="one")


def join(source: Position, target: Position, note: str = NOTE) -> None:
    CrossReference.objects.create(source=source, target=target, relation="see_also", note=note)


@pytest.mark.guards("descriptions_together_are_wide_enough")
@pytest.mark.parametrize("meeting", ["experts_and_officials", "two_sessions"])
@pytest.mark.parametrize("end", ["first", "second"])
def test_two_wide_descriptions_of_one_holder_are_one_narrow_one(world, publish, request, meeting, end):
    second = request.getfixturevalue(meeting)
    if end == "second":
        join(second, world.position)
        with pytest.raises(Refused, match="1 from 1 known organisations fit all that is said of both"):
            publish(second)
    else:
        publish(second)
        join(world.position, second)
        with pytest.raises(Refused, match="1 from 1 known organisations fit all that is said of both"):
            publish(world.position)


@pytest.mark.guards("descriptions_together_are_wide_enough")
def test_what_both_say_is_counted_again_when_the_attendance_changes(world, publish, two_sessions):
    """Those of the one session were at the other, too; and then it turns out that they weren't."""
    for person in Person.objects.filter(slug__startswith="q"):
        body = person.attendances.get().affiliation
        Attendance.objects.create(workshop=world.workshop, session=world.session, person=person, affiliation=body)
    join(two_sessions, world.position)
    publish(two_sessions)
    Attendance.objects.get(session=world.session, person__slug="q0").delete()
    assert not (is_public(two_sessions) and is_public(world.position))  # one of the two is enough


def test_a_reason_that_the_two_are_not_known_to_be_one_person_s_holds_at_both_ends(world, publish, two_sessions):
    join(two_sessions, world.position, note="")
    (finding,) = publication.findings(two_sessions, by=world.reviewer)
    publication.acknowledge(two_sessions, finding, "Nothing says who held either.", world.reviewer)
    publish(two_sessions)
    publish(world.position)
    assert is_public(two_sessions)
    assert is_public(world.position)


def test_the_same_description_in_one_session_says_no_more_twice(world, publish, experts_and_officials):
    experts_and_officials.descriptor_sector, experts_and_officials.descriptor_expertise = "", world.japan
    experts_and_officials.save()
    join(experts_and_officials, world.position)
    assert publish(experts_and_officials)


@pytest.mark.guards("descriptor_is_wide_enough")
def test_an_organisation_that_all_who_fit_came_from_is_the_speaker_s(world, publish):
    Attendance.objects.update(affiliation=world.ministry)
    world.position.descriptor_expertise = world.japan
    world.position.save()
    for one in (world.workshop, world.session, world.proposition):
        publish(one)
    second_hat = Attendance.objects.create(
        workshop=world.workshop, session=world.session, person=world.people[1], affiliation=world.institute
    )
    second_hat.expertise.add(world.japan)
    with pytest.raises(Refused, match="5 from 1 known organisations"):
        publish(world.position)
