"""What nobody should enter, and somebody will: the gate errs on the side of refusal."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from apps.curation.models import Attendance, Authorship, Organisation, Person, Session
from apps.gate.case import Case
from apps.gate.checks.standing import embargo
from apps.gate.merging import merge_people
from apps.gate.publication import findings
from apps.public.catalogue.models import Record
from apps.taxonomy.words import Role, Rule


def codes(entry) -> list[str]:
    return [one.code for one in findings(entry) if one.code != "hangs-on-the-unpublished"]


def says(world, text: str) -> list[str]:
    """What the gate finds in the protected position if it says this."""
    world.position.summary = text
    world.position.save()
    return codes(world.position)


@pytest.mark.parametrize(("workshop", "session"), [(Rule.OFF_THE_RECORD, Rule.ON_THE_RECORD), (Rule.CHATHAM_HOUSE, "")])
def test_of_rules_that_contradict_each_other_the_stricter_holds(world, workshop, session):
    world.workshop.rule, world.session.rule = workshop, session
    world.workshop.save(), world.session.save()
    assert says(world, "As Umbrith says.")


def test_a_session_without_a_workshop_cannot_be(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.create(slug="lost", title="Lost")


def test_attendance_twice_cannot_be(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(workshop=world.workshop, person=world.people[0])


def test_attendance_at_the_workshop_and_at_a_session_counts_one_person(world):
    for attendance in Attendance.objects.filter(person__in=world.people[4:]):
        attendance.delete()
    assert says(world, "") == ["descriptor-too-narrow"]
    Attendance.objects.create(workshop=world.workshop, session=world.session, person=world.people[0])
    assert says(world, "") == ["descriptor-too-narrow"]


@pytest.fixture
def double(world) -> Person:
    return Person.objects.create(
        slug="double", given_names="Quentin", family_name="Harbourmist", email="q@mist.example", aliases=["Old Fog"]
    )


@pytest.mark.parametrize("text", ["Harbourmist asked.", "Zarnecki asked.", "Old Fog asked.", "Ask q@mist.example."])
def test_a_person_merged_into_another_is_protected_under_the_names_of_both(world, double, text):
    world.people[0].email = "z@tides.example"
    world.people[0].save()
    merge_people(world.people[0], double)
    assert says(world, text) == ["name-in-text"]


def test_attendance_of_both_becomes_one_with_what_either_had(world, double):
    kept = world.people[0].attendances.get()
    kept.affiliation, kept.sector = None, ""
    kept.save()
    other = Attendance.objects.create(workshop=world.workshop, person=double, affiliation=world.ministry, country="JP")
    other.expertise.add(world.asia)
    merge_people(world.people[0], double)
    kept.refresh_from_db()
    assert (kept.affiliation, kept.country) == (world.ministry, "JP")
    assert set(kept.expertise.all()) == {world.japan, world.asia}
    assert Attendance.objects.filter(workshop=world.workshop).count() == 6


def test_the_only_speaker_stays_one_when_they_were_entered_twice(world, double):
    where = {"workshop": world.workshop, "session": world.session}
    Attendance.objects.create(**where, person=world.people[0])
    Attendance.objects.create(**where, person=double, role=Role.SPEAKER)
    merge_people(world.people[0], double)
    assert codes(world.position) == ["one-speaker-on-the-agenda"]


def test_two_affiliations_are_not_merged_unseen(world, double):
    Attendance.objects.create(workshop=world.workshop, person=double, affiliation=world.ministry)
    with pytest.raises(ValueError, match="make the two the same first"):
        merge_people(world.people[0], double)
    assert Person.objects.filter(pk=double.pk).exists()


def test_what_is_public_of_the_one_who_goes_is_judged_by_the_one_who_stays(world, double, publish_in_order):
    says(world, "Much like Harbourmist.")
    publish_in_order()
    merge_people(world.people[0], double)
    assert not Record.objects.live().filter(identifier=world.position.identifier).exists()


@pytest.mark.parametrize("text", ["As K. has it.", "K told them.", "Plan K is off."])
def test_an_alias_of_one_letter_is_looked_for_and_does_not_drown_the_text(world, text):
    world.people[0].aliases = ["K"]
    world.people[0].save()
    assert says(world, text)
    assert says(world, "Key allies think ok, and kilometres count.") == []


@pytest.mark.parametrize(
    ("family", "given", "text"),
    [
        ("Зарнецкий", "Квиль", "As Zarnetskiy argued."),
        ("Зарнецкий", "Квиль", "Как сказал Зарнецкий."),
        ("高橋", "花子", "高橋花子さんは賛成した。"),
        ("김", "철수", "김철수 said so."),
        ("Παπαδόπουλος", "Νίκος", "Papadopoulos said so."),
        ("الزرنيقي", "قيس", "قال الزرنيقي ذلك"),
    ],
)
def test_a_name_in_another_script(world, family, given, text):
    person = world.people[0]
    person.family_name, person.given_names = family, given
    person.save()
    assert says(world, text) == ["name-in-text"]


@pytest.mark.parametrize(
    "text",
    [
        "Zar\u200bnecki",
        "Z\u00adarnecki",
        "Zarn\u0435cki",
        "\u2124arnecki",
        "Ｚａｒｎｅｃｋｉ",
        "Zar\u2060necki",
        "ᴢarnecki",
    ],
)
def test_invisible_characters_and_lookalikes(world, text):
    assert says(world, f"As {text} said.") == ["name-in-text"]


def test_an_organisation_of_one_letter_and_one_of_blanks(world):
    Organisation.objects.filter(pk=world.ministry.pk).update(acronym="M", aliases="\n \n")
    assert says(world, "Ministers may measure much.") == []


def test_a_merged_person_keeps_the_affiliation_that_the_double_signed_with(world):
    trust = Organisation.objects.create(slug="trust", name="Lapwing Trust")
    double = Person.objects.create(slug="double", given_names="Q.", family_name="Zarnecki")
    Authorship.objects.create(article=world.article, person=world.people[0], order=2)
    Authorship.objects.create(article=world.article, person=double, order=3, affiliation=trust)
    merge_people(world.people[0], double)
    assert world.people[0].authorships.get().affiliation == trust


def test_an_embargo_at_an_hour_that_clocks_skip_does_not_end_before_they_skip_it(world):
    world.workshop.time_zone, world.workshop.embargo = "Europe/Brussels", "2024-03-31T02:30"
    before = dt.datetime(2024, 3, 31, 0, 45, tzinfo=dt.UTC)  # 01:45 in Brussels
    assert list(embargo(Case.of_draft(world.workshop, at=before)))
