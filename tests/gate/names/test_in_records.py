"""Names in the forms in which notes have them, and in scripts without capitals, as they stand in what is published."""

import pytest

from apps.curation.models import Attendance, Person
from apps.gate.findings import refusals
from apps.gate.names import Name, NameFinder
from apps.gate.publication import findings
from tests.gate.public import refusal_of_the_session


@pytest.fixture
def common(world) -> None:
    for family in ("Price", "Green", "Long"):
        person = Person.objects.create(slug=family.lower(), given_names="Mirela", family_name=family)
        Attendance.objects.create(workshop=world.workshop, person=person)


@pytest.mark.parametrize(
    "text",
    [
        "Present were:\n\n- Price\n- Green\n- Long",
        "Speakers\n\n* Price\n* Green",
        "Chair: Price\nDiscussant: Green",
        "The chair (Price) agreed.",
        "The chair [Price] agreed.",
        "As (Price) noted, it calms.",
        "Session 2 (Price)",
        "Price – the chair – agreed.",
        "Price - who chaired - agreed.",
        "Price/Vexley disagreed.",
        "Price et al. argue this.",
        "“Price” they called.",
        "Price chairing, the group met.",
        "Price laid out three options.",
        "Price sought assurances.",
        "Green shook his head.",
        "Price threw cold water on it.",
    ],
)
def test_a_common_word_that_is_a_name_is_told_of(world, publish, common, text):
    refused = refusal_of_the_session(world, publish, summary=text)
    assert any("Price" in one.words or "Green" in one.words for one in refused.findings)


@pytest.mark.parametrize(
    "title",
    [
        "Price and Green on Escalation",
        "Price on Escalation",
        "Price Versus Green",
        "Price Backs New Talks",
        "Price Doubts Extended Deterrence",
        "Price Chairs the Second Session",
        "Why Price Is Wrong",
    ],
)
def test_a_common_word_that_is_a_name_is_told_of_in_a_title(world, publish, common, title):
    refusal_of_the_session(world, publish, title=title)


@pytest.mark.parametrize(
    ("family", "text"),
    [
        ("כהן", "כך אמר כהן בישיבה."),
        ("לוי", "לוי אמר שאין זמן."),
        ("علي", "هذا ما قال علي في الجلسة."),
        ("मोदी", "मोदी ने कहा"),
        ("शर्मा", "शर्मा ने कहा"),
        ("সেন", "সেন বলেন"),
    ],
)
def test_a_short_name_in_a_script_without_capitals_is_found_as_it_is_written(world, publish, family, text):
    guest = Person.objects.create(slug="guest", family_name=family)
    Attendance.objects.create(workshop=world.workshop, person=guest)
    refusal_of_the_session(world, publish, summary=text)


@pytest.mark.parametrize(("alias", "text"), [("मोदी", "मोदी ने कहा"), ("सेन", "सेन ने कहा"), ("সেন", "সেন বলেন")])
def test_a_short_alias_in_an_indic_script_is_found_as_it_is_written(world, publish, alias, text):
    guest = Person.objects.create(slug="guest", family_name="Dobrinov", aliases=[alias])
    Attendance.objects.create(workshop=world.workshop, person=guest)
    refusal_of_the_session(world, publish, summary=text)


@pytest.mark.parametrize(
    ("family", "text"),
    [
        ("He", "One official agreed. He said that it helps."),
        ("She", "One official agreed. She said that it helps."),
        ("He", "The speaker agreed. He argued for restraint."),
    ],
)
def test_a_pronoun_at_the_beginning_of_a_sentence_can_be_acknowledged(world, family, text):
    person = Person.objects.create(slug="x", given_names="Wei", family_name=family)
    Attendance.objects.create(workshop=world.workshop, person=person)
    world.session.summary = text
    world.session.save()
    assert not [one for one in refusals(findings(world.session)) if one.code == "name-in-text"]


@pytest.mark.parametrize(
    ("family", "written"),
    [
        ("Yermakov", "Ермаков"),
        ("Yefimov", "Ефимов"),
        ("Andreyev", "Андреев"),
        ("Timofeyev", "Тимофеев"),
        ("Solovyov", "Соловьёв"),
        ("Savelyev", "Савельев"),
        ("Dostoyevsky", "Достоевский"),
    ],
)
def test_the_usual_romanisation_of_a_russian_name_is_found(family, written):
    assert NameFinder([Name.person(family, "Ivan")]).find(f"Так сказал {written} вчера.")


@pytest.mark.parametrize(
    "invisible", ["\ufff9", "\ufffb", "\U0001bca0", "\U0001d173", "\U0001d17a", "\ufff0", "\U000e0080"]
)
def test_every_character_of_no_width_is_nothing_within_a_name(invisible):
    assert NameFinder([Name.person("Zarnecki", "Quill")]).find(f"So Zar{invisible}necki said.")


def test_a_name_turned_round_by_a_code_is_found_as_a_reader_sees_it(world):
    world.session.summary = "So &#8238;ikcenraZ&#8236; said."
    world.session.save()
    assert [one for one in findings(world.session) if one.code == "name-in-text"]
