"""Whoever holds a position from a meeting was there, whether or not the attendance says so."""

import pytest

from apps.curation.models import Attendance, Organisation, Person, Position
from apps.gate import publication
from apps.gate.findings import Refused
from tests.gate.public import is_public, refusal_of_the_session


@pytest.fixture
def guest(world) -> Person:
    """Who held the position, and whom nobody entered in the attendance."""
    guest = Person.objects.create(slug="guest", given_names="Mirela", family_name="Dobrinov")
    world.position.speakers.set([guest])
    return guest


@pytest.mark.guards("whoever speaks there was there")
def test_a_speaker_who_is_not_in_the_attendance_is_not_named_by_the_session(world, publish, guest):
    refusal_of_the_session(world, publish, summary="Dobrinov opened the session.")


def test_a_speaker_who_is_not_in_the_attendance_is_not_named_by_the_workshop(world, publish, guest):
    world.workshop.summary = "Dobrinov opened the workshop."
    world.workshop.save()
    with pytest.raises(Refused):
        publish(world.workshop)


def test_a_speaker_who_is_not_in_the_attendance_is_not_named_by_other_positions(
    publish_in_order, world, publish, guest
):
    publish_in_order()
    other = Position.objects.create(slug="other", title="Others disagreed with Dobrinov", session=world.session)
    with pytest.raises(Refused):
        publish(other)


def test_where_no_attendance_is_recorded_at_all_speakers_are_protected_too(world, publish, guest):
    Attendance.objects.all().delete()
    refusal_of_the_session(world, publish, summary="Dobrinov opened the session.")


def test_the_affiliation_of_a_speaker_who_is_not_in_the_attendance_warns(world, publish, guest):
    body = Organisation.objects.create(slug="body", name="Foundation of Fjords")
    elsewhere = type(world.workshop).objects.create(slug="w2", title="Elsewhere")
    Attendance.objects.create(workshop=elsewhere, person=guest, affiliation=body)
    world.session.summary = "The Foundation of Fjords opened the session."
    world.session.save()
    assert [one for one in publication.findings(world.session) if one.code == "affiliation-in-text"]


def test_a_speaker_noted_later_takes_out_the_session_that_names_them(closed_world, publish):
    closed_world.session.summary = "Dobrinov's question."
    closed_world.session.save()
    publish(closed_world.session)
    closed_world.position.speakers.add(
        Person.objects.create(slug="guest", given_names="Mirela", family_name="Dobrinov")
    )
    assert not is_public(closed_world.session)
