"""When a private fact changes, what is public is judged again, in the same transaction."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CrossReference,
    Entry,
    Organisation,
    Person,
    Position,
    Session,
    Status,
    Workshop,
)
from apps.gate.findings import Refused
from apps.gate.watch import one_recheck
from apps.public.catalogue.models import Link, Record, RecordVersion
from apps.taxonomy.words import Rule


def record_of(entry) -> Record:
    return Record.objects.get(identifier=entry.identifier)


def everything_public() -> str:
    return json.dumps(
        [
            *Record.objects.values_list("title", "content"),
            *RecordVersion.objects.values_list("title", "content"),
            *Link.objects.values_list("note"),
        ]
    )


@pytest.fixture
def open_world(world, publish_in_order):
    """The workshop was on the record, and all of it is public, names too; the position in two versions."""
    world.workshop.rule = Rule.ON_THE_RECORD
    world.workshop.save()
    publish_in_order()
    world.position.summary = "It calms."
    world.position.save()
    world.position.touch()
    publish_in_order()
    assert record_of(world.position).versions.count() == 1
    assert "Zarnecki" in everything_public()
    return world


@pytest.mark.guards("former versions are judged again", "the watch over workshops")
def test_a_stricter_rule_takes_the_names_out_versions_too(open_world):
    open_world.workshop.rule = Rule.CHATHAM_HOUSE
    open_world.workshop.save()
    assert "Zarnecki" not in everything_public()
    assert "Ministry of Tides" not in everything_public()
    record = record_of(open_world.position)
    assert record.content["holder"]["text"] == "participants"
    assert (record.version, record.versions.count()) == (3, 0)


@pytest.mark.guards("the watch over sessions")
def test_off_the_record_takes_out_all_that_came_from_the_session(open_world):
    open_world.session.rule = Rule.OFF_THE_RECORD
    open_world.session.save()
    assert record_of(open_world.session).withdrawn_at
    assert record_of(open_world.position).withdrawn_at
    assert not record_of(open_world.workshop).withdrawn_at
    assert Entry.objects.get(pk=open_world.position.pk).status == Status.WITHDRAWN


def test_a_draft_is_not_published_by_a_re_check(open_world):
    open_world.position.summary = "Not yet fit to be read."
    open_world.position.save()
    open_world.position.touch()
    open_world.workshop.rule = Rule.CHATHAM_HOUSE
    open_world.workshop.save()
    assert "Not yet fit" not in everything_public()
    assert record_of(open_world.position).withdrawn_at


def test_how_many_hold_it_is_not_said_anew_by_a_re_check(open_world, publish):
    open_world.position.speakers.clear()
    publish(open_world.position)
    Position.objects.filter(pk=open_world.position.pk).update(quantifier="one")  # past what notes that it was edited
    open_world.workshop.rule = Rule.CHATHAM_HOUSE
    open_world.workshop.save()
    assert record_of(open_world.position).withdrawn_at


def test_what_a_re_check_cannot_mend_goes_with_what_hangs_on_it(open_world):
    open_world.session.key_questions = ["What does Zarnecki want?"]
    open_world.session.save()
    open_world.workshop.rule = Rule.CHATHAM_HOUSE
    open_world.workshop.save()
    assert record_of(open_world.session).withdrawn_at
    assert record_of(open_world.position).withdrawn_at


def test_if_the_change_is_undone_so_is_its_effect(open_world):
    with transaction.atomic():
        open_world.workshop.rule = Rule.OFF_THE_RECORD
        open_world.workshop.save()
        assert record_of(open_world.workshop).withdrawn_at
        transaction.set_rollback(True)
    assert not record_of(open_world.workshop).withdrawn_at


@pytest.fixture
def closed_world(world, publish_in_order):
    """Under the Chatham House Rule, and public."""
    world.position.title = "Fjordland's planning calms everyone"
    world.position.save()
    publish_in_order()
    return world


@pytest.mark.guards("the watch over attendance")
def test_somebody_added_to_the_attendance_is_no_longer_named(closed_world):
    newcomer = Person.objects.create(slug="n", given_names="Ro", family_name="Fjordland")
    assert not record_of(closed_world.position).withdrawn_at
    Attendance.objects.create(workshop=closed_world.workshop, person=newcomer)
    assert record_of(closed_world.position).withdrawn_at


def test_an_affiliation_that_turns_up_elsewhere_is_missed_in_what_they_hold(closed_world, publish):
    """Who came with no affiliation recorded has the one that another meeting gives."""
    bureau = Organisation.objects.create(slug="bureau", name="Fathom Bureau")
    closed_world.people[0].attendances.update(affiliation=None)
    closed_world.position.summary = "As at the Fathom Bureau."
    closed_world.position.save()
    publish(closed_world.position)
    elsewhere = Workshop.objects.create(slug="w2", title="Another", rule=Rule.CHATHAM_HOUSE)
    attendance = Attendance.objects.create(workshop=elsewhere, person=closed_world.people[0])
    assert not record_of(closed_world.position).withdrawn_at
    attendance.affiliation = bureau
    attendance.save()
    assert record_of(closed_world.position).withdrawn_at


@pytest.mark.guards("the watch over people")
@pytest.mark.parametrize("fact", ["family_name", "aliases"])
def test_a_person_renamed_is_looked_for_under_the_new_name(closed_world, fact):
    person = closed_world.people[3]
    setattr(person, fact, "Fjordland" if fact == "family_name" else ["Ro Fjordland"])
    person.save()
    assert record_of(closed_world.position).withdrawn_at


def test_attendance_taken_away_narrows_the_descriptor(closed_world):
    Attendance.objects.filter(person__in=closed_world.people[:1]).first().delete()
    assert not record_of(closed_world.position).withdrawn_at
    Attendance.objects.filter(person__in=closed_world.people[1:2]).first().delete()
    assert record_of(closed_world.position).withdrawn_at


def test_expertise_taken_away_narrows_the_descriptor(closed_world, publish):
    closed_world.position.descriptor_expertise = closed_world.asia
    closed_world.position.save()
    publish(closed_world.position)
    Attendance.objects.get(person=closed_world.people[0]).expertise.clear()
    assert record_of(closed_world.position).withdrawn_at


def test_a_reference_drafted_from_the_other_end_is_judged_when_that_is_published(closed_world, publish):
    signed = Article.objects.create(slug="signed", title="My view")
    Authorship.objects.create(article=signed, person=closed_world.people[0])
    CrossReference.objects.create(source=signed, target=closed_world.position, relation="elaborates")
    with pytest.raises(Refused, match="joins a protected position"):
        publish(signed)
    assert not record_of(closed_world.position).withdrawn_at


def test_an_embargo_set_later_takes_out_what_was_published_too_soon(closed_world):
    closed_world.workshop.embargo = "2999-01-01T00:00"
    closed_world.workshop.save()
    assert not Record.objects.live().filter(identifier=closed_world.position.identifier).exists()


def test_many_changes_are_judged_once_and_come_to_the_same(closed_world):
    with one_recheck() as outcome:
        for i in range(3):
            person = Person.objects.create(slug=f"n{i}", given_names="Ro", family_name=f"Nobody{'abc'[i]}")
            Attendance.objects.create(workshop=closed_world.workshop, person=person)
        newcomer = Person.objects.create(slug="n", given_names="Ro", family_name="Fjordland")
        Attendance.objects.create(workshop=closed_world.workshop, person=newcomer)
        assert not record_of(closed_world.position).withdrawn_at
    assert record_of(closed_world.position).withdrawn_at
    assert len(outcome().withdrawn) == 1


def test_moving_a_session_to_a_stricter_workshop_counts(open_world):
    strict = Workshop.objects.create(slug="strict", title="Strict", rule=Rule.OFF_THE_RECORD)
    Session.objects.filter(pk=open_world.session.pk).first()
    open_world.session.workshop = strict
    open_world.session.save()
    assert record_of(open_world.position).withdrawn_at


# --- What a re-check does not do


def test_a_loosened_rule_publishes_nothing(closed_world):
    before = record_of(closed_world.position).content
    closed_world.workshop.rule = Rule.ON_THE_RECORD
    closed_world.workshop.save()
    assert record_of(closed_world.position).content == before


def test_what_was_submitted_and_not_reviewed_is_not_published(open_world):
    position = open_world.position
    position.title = "Not reviewed"
    position.save()
    position.touch()
    Entry.objects.filter(pk=position.pk).update(status=Status.SUBMITTED)
    open_world.workshop.rule = Rule.CHATHAM_HOUSE
    open_world.workshop.save()
    assert "Not reviewed" not in everything_public()
    assert record_of(position).withdrawn_at


def test_words_that_were_changed_without_a_trace_are_not_published(open_world):
    Entry.objects.filter(pk=open_world.position.pk).update(title="Not reviewed")
    open_world.workshop.rule = Rule.CHATHAM_HOUSE
    open_world.workshop.save()
    assert "Not reviewed" not in everything_public()


def test_what_only_its_editor_has_seen_does_not_stay_when_it_comes_to_be_protected(open_world):
    Entry.objects.filter(pk=open_world.position.pk).update(modified_by=open_world.reviewer)
    open_world.workshop.rule = Rule.CHATHAM_HOUSE
    open_world.workshop.save()
    assert record_of(open_world.position).withdrawn_at


def test_a_region_that_a_published_description_names_may_be_deleted(closed_world, publish):
    position = closed_world.position
    position.descriptor_expertise = closed_world.japan
    position.save()
    publish(position)
    position.descriptor_expertise = None
    position.save()
    position.regions.clear()
    Attendance.expertise.through.objects.filter(region=closed_world.japan).delete()
    closed_world.japan.delete()
    assert record_of(position).withdrawn_at


# --- In words


def test_the_command_takes_out_what_was_changed_past_our_models(closed_world, capsys):
    Person.objects.filter(pk=closed_world.people[3].pk).update(family_name="Fjordland")
    call_command("recheck", "--dry-run")
    said = capsys.readouterr().out
    assert "1 withdrawn: position “Fjordland's planning calms everyone”. Nothing was changed" in said
    assert not record_of(closed_world.position).withdrawn_at
    call_command("recheck", closed_world.workshop.slug)
    assert "1 withdrawn: position" in capsys.readouterr().out
    assert record_of(closed_world.position).withdrawn_at
    call_command("recheck")
    assert capsys.readouterr().out == "4 stand, 0 published anew without what is protected, none withdrawn.\n"


def test_the_command_names_a_workshop_that_there_is_not(db):
    with pytest.raises(CommandError, match="No workshop is called nowhere"):
        call_command("recheck", "nowhere")
