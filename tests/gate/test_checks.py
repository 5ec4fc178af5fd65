"""Each check of the gate: what it finds, and what it leaves alone. Switching one off makes a test here fail."""

import pytest

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CrossReference,
    Organisation,
    Passage,
    Person,
    Position,
    Proposition,
)
from apps.gate.case import Case
from apps.gate.checks import judge
from apps.gate.checks.linkage import FEW
from apps.gate.findings import Severity
from apps.gate.publication import acknowledge, findings, unacknowledged, withdraw
from apps.public.catalogue.models import Link, Record
from apps.taxonomy.models import Region
from apps.taxonomy.words import Role, Rule
from tests.gate.public import is_public


def codes(entry, field: str | None = None) -> list[str]:
    """What the gate finds in an entry whose foundations are not public yet, other than that."""
    return [
        finding.code
        for finding in findings(entry)
        if finding.code != "hangs-on-the-unpublished" and field in (None, finding.field)
    ]


def test_an_ordinary_protected_position_has_nothing_against_it(world):
    assert codes(world.position) == []


# --- Descriptors


def test_the_nearest_wider_descriptors_that_would_pass_are_offered_with_their_counts(world):
    world.people[0].attendances.get().expertise.set([world.asia])
    world.position.descriptor_expertise = world.japan
    world.position.save()
    [finding] = [one for one in findings(world.position) if one.code == "descriptor-too-narrow"]
    assert finding.words == "Japan experts"
    assert "4 from 2 known" in finding.message
    assert "“Asia experts” (5 people, 2 organisations)" in finding.cure
    assert "“participants” (6 people, 2 organisations)" in finding.cure


@pytest.mark.guards("two organisations at least")
def test_people_of_one_organisation_do_not_hide_one_another(world):
    Attendance.objects.update(affiliation=world.institute)
    assert codes(world.position) == ["descriptor-too-narrow"]


@pytest.mark.guards("two who may be one count once")
def test_somebody_entered_twice_under_an_initial_counts_once(world):
    double = Person.objects.create(slug="double", given_names="Q.", family_name="Zárnecki")
    Attendance.objects.filter(person=world.people[1]).delete()
    attendance = Attendance.objects.create(workshop=world.workshop, person=double, affiliation=world.ministry)
    attendance.expertise.add(world.japan)
    world.position.descriptor_expertise = world.japan
    world.position.save()
    assert codes(world.position) == ["descriptor-too-narrow"]


@pytest.mark.guards("descriptor_is_wide_enough")
def test_without_attendance_only_the_widest_descriptor_passes(world):
    Attendance.objects.all().delete()
    assert codes(world.position) == []
    world.position.descriptor_sector = "government"
    world.position.save()
    assert codes(world.position) == ["descriptor-without-attendance"]


@pytest.mark.parametrize("where", ["text", "reported_as"])
def test_without_attendance_a_descriptor_of_a_published_source_that_is_cited_passes(world, publish, where):
    Attendance.objects.all().delete()
    world.position.descriptor_expertise = world.asia
    world.position.save()
    if where == "text":
        world.article.text = "There, some Asia experts asked for more."
        world.article.save()
    else:
        reported = Position.objects.create(slug="r", title="More", article=world.article, reported_as="Asia experts")
    reference = CrossReference.objects.create(source=world.position, target=world.article, relation="cites")
    assert "descriptor-without-attendance" in codes(world.position)
    publish(world.article)
    if where == "reported_as":
        assert codes(world.position) == ["descriptor-without-attendance"]
        publish(reported)
    assert codes(world.position) == []
    publish(world.workshop), publish(world.session), publish(world.proposition), publish(world.position)
    withdraw(world.article)
    assert not Record.objects.live().filter(identifier=world.position.identifier).exists()
    reference.delete()
    assert codes(world.position) == ["descriptor-without-attendance"]


def test_a_meeting_too_small_to_hide_in_refuses_even_the_widest_descriptor(world):
    for attendance in Attendance.objects.all()[:3]:
        attendance.delete()
    assert codes(world.position) == ["descriptor-too-narrow"]


def test_attendance_of_another_session_does_not_count(world):
    other = type(world.session).objects.create(slug="s2", title="Another", workshop=world.workshop, number=2)
    Attendance.objects.filter(person__in=world.people[:3]).update(session=other)
    assert codes(world.position) == ["descriptor-too-narrow"]


@pytest.mark.guards("no setting goes under the floor")
def test_the_floor_holds_whatever_the_setting_says(world, settings):
    settings.GATE_FEWEST_PEOPLE = 1
    for attendance in Attendance.objects.all()[:4]:
        attendance.delete()
    assert codes(world.position) == ["descriptor-too-narrow"]


@pytest.mark.parametrize(
    ("fields", "plural", "words"),
    [
        ({}, True, "participants"),
        ({"quantifier": "one"}, False, "one participant"),
        ({"quantifier": "a_few", "descriptor_sector": "government"}, True, "a few officials"),
        ({"quantifier": "one", "descriptor_country": "JP"}, False, "one participant from Japan"),
        ({"quantifier": "some", "descriptor_role": "chair"}, True, "some chairs"),
        ({"descriptor_sector": "university", "expertise": True}, True, "academics with expertise on Asia"),
        ({"quantifier": "some", "expertise": True, "descriptor_country": "JP"}, True, "some Asia experts from Japan"),
    ],
)
def test_a_descriptor_in_english(world, fields, plural, words):
    from apps.gate.descriptors import holder_of

    if fields.pop("expertise", None):
        fields["descriptor_expertise"] = world.asia
    for field, value in fields.items():
        setattr(world.position, field, value)
    world.position.save()
    assert holder_of(Position.objects.get(pk=world.position.pk))["text"] == words


@pytest.mark.guards("descriptor_stands_for_no_one")
def test_everybody_of_a_group_warns_and_everybody_present_does_not(world):
    world.position.quantifier = "all"
    world.position.save()
    assert codes(world.position) == []
    world.position.descriptor_expertise = world.asia
    world.position.save()
    assert codes(world.position) == ["everybody-of-a-group"]


# --- Names, wherever they would be published


@pytest.mark.parametrize(
    "text",
    [
        "As Quill Zarnecki put it, planning calms.",
        "ZARNECKI'S point",
        "Zarnecki, Quill",
        "Q. Zarnecki",
        "Zárnecki",
        "Zar\u200bnecki",
        "Zаrneсki",  # Cyrillic а and с
        "see quill.zarnecki.docx",
        "write to q.z@tides.example",
        "The Old Fox spoke",
    ],
)
@pytest.mark.parametrize("where", ["title", "summary", "passages", "tags", "cross-references (see_also)"])
def test_a_protected_name_is_found_wherever_it_would_be_published(world, text, where):
    person = world.people[0]
    person.email, person.aliases = "q.z@tides.example", ["Old Fox"]
    person.save()
    if where == "passages":
        Passage.objects.create(position=world.position, quotation=text)
    elif where == "tags":
        world.position.tags.add(text)
    elif where.startswith("cross"):
        CrossReference.objects.create(source=world.position, target=world.article, relation="see_also", note=text)
    else:
        setattr(world.position, where, text)
        world.position.save()
    assert codes(world.position, where) == ["name-in-text"]


@pytest.mark.guards("names_in_notes")
def test_a_note_names_nobody_who_is_protected_at_the_other_end(world):
    CrossReference.objects.create(source=world.article, target=world.position, relation="cites", note="So Umbrith.")
    assert codes(world.article) == ["name-in-text"]


def test_a_note_that_comes_to_name_somebody_at_the_other_end_is_judged_again(world, publish):
    CrossReference.objects.create(source=world.proposition, target=world.session, relation="cites", note="So Vexolor.")
    publish(world.workshop), publish(world.session), publish(world.proposition)
    assert Link.objects.filter(note="So Vexolor.").exists()
    world.people[0].aliases = ["Ro Vexolor"]
    world.people[0].save()
    assert not Link.objects.filter(note="So Vexolor.").exists()


def test_a_note_is_searched_where_it_appears_too(world, publish):
    CrossReference.objects.create(source=world.article, target=world.position, relation="cites", note="So Fjordland.")
    publish(world.article)
    Person.objects.filter(pk=world.people[0].pk).update(family_name="Fjordland")
    assert codes(world.position, "cross-references") == ["name-in-text"]


@pytest.fixture
def noted(closed_world, publish):
    """An article whose page names a holder, in the note of its reference to another."""
    other = Article.objects.create(slug="b", title="On tides")
    note = "As Zarnecki keeps saying."
    CrossReference.objects.create(source=closed_world.article, target=other, relation="cites", note=note)
    publish(other), publish(closed_world.article)
    return closed_world


def test_a_note_on_the_page_that_a_reference_leads_to_is_a_text_about_the_speaker(noted):
    CrossReference.objects.create(source=noted.position, target=noted.article, relation="cites")
    assert codes(noted.position) == ["linked-to-a-text-about-its-speaker"]


def test_a_note_on_the_page_of_the_article_that_reports_a_position_warns(noted):
    reported = Position.objects.create(slug="r", title="More is needed", article=noted.article)
    reported.speakers.add(noted.people[0])
    assert codes(reported) == ["found-in-what-its-speaker-signed"]


def test_a_note_does_not_come_to_name_the_holder_of_a_position_that_refers_to_its_entry(closed_world, publish):
    CrossReference.objects.create(source=closed_world.position, target=closed_world.article, relation="cites")
    publish(closed_world.article), publish(closed_world.position)
    other = Article.objects.create(slug="b", title="On tides")
    CrossReference.objects.create(source=closed_world.article, target=other, relation="cites", note="So Zarnecki.")
    assert codes(closed_world.article) == ["linked-to-a-text-about-its-speaker"]


@pytest.mark.parametrize("is_reported", [True, False])
def test_a_note_names_nobody_who_holds_a_position_beside_the_other_end(closed_world, publish, is_reported):
    publish(closed_world.article)
    position = closed_world.position
    if is_reported:
        position = Position.objects.create(slug="r", title="More is needed", article=closed_world.article)
        position.speakers.add(closed_world.people[0])
    else:
        CrossReference.objects.create(source=position, target=closed_world.article, relation="cites")
    publish(position)
    other = Article.objects.create(slug="b", title="On tides")
    CrossReference.objects.create(source=other, target=closed_world.article, relation="cites", note="So Zarnecki.")
    assert codes(other) == ["name-in-text"]


@pytest.mark.parametrize("first", ["note", "position"])
def test_a_note_that_waits_names_nobody_who_holds_a_position_that_waits_for_the_same(closed_world, publish, first):
    target, other = (Article.objects.create(slug=slug, title=f"On {slug}") for slug in ("tides", "ships"))
    CrossReference.objects.create(source=other, target=target, relation="cites", note="So Zarnecki.")
    CrossReference.objects.create(source=closed_world.position, target=target, relation="cites")
    for entry in (other, closed_world.position)[:: 1 if first == "note" else -1]:
        publish(entry)
    assert codes(target) == ["linked-to-a-text-about-its-speaker"]


def test_a_proposition_names_nobody_of_the_positions_on_it(world, publish, publish_in_order):
    world.proposition.summary = "Put forward by Zarnecki."
    world.proposition.save()
    assert codes(world.proposition) == ["name-in-text"]  # though the position is a draft
    world.position.speakers.clear()
    Attendance.objects.filter(person=world.people[0]).delete()
    publish(world.proposition)
    world.position.speakers.add(world.people[0])
    assert ("name-in-text", "proposition (summary)") in [(one.code, one.field) for one in findings(world.position)]
    world.proposition.summary = ""
    world.proposition.save()
    publish_in_order()
    world.proposition.summary = "Put forward by Zarnecki."
    world.proposition.save()
    assert codes(world.proposition) == ["name-in-text"]


def test_an_open_part_names_nobody_who_was_in_a_closed_one(world):
    world.workshop.rule, world.session.rule = Rule.ON_THE_RECORD, Rule.CHATHAM_HOUSE
    world.workshop.save(), world.session.save()
    other = type(world.session).objects.create(slug="s2", title="Open", workshop=world.workshop, number=2)
    for entry in (world.workshop, other):
        entry.summary = "Zarnecki had been in the closed session."
        entry.save()
        assert codes(entry) == ["name-in-text"]


def test_who_holds_a_position_unnamed_is_not_named_though_they_wrote_the_article(world):
    position = Position.objects.create(
        slug="r", title="Wroxham himself said so", article=world.article, reported_from=world.workshop
    )
    position.speakers.add(world.author)
    assert codes(position) == ["name-in-text", "found-in-what-its-speaker-signed"]


def test_an_unnamed_holder_of_a_reported_position_is_not_linked_either(world, signed):
    position = Position.objects.create(slug="r", title="R", article=world.article, reported_as="one participant")
    position.speakers.add(world.people[0])
    CrossReference.objects.create(source=position, target=signed, relation="see_also")
    assert codes(position) == ["linked-to-its-speaker"]
    position.summary = "They said that nobody ever planned anything well alone at sea."
    position.save()
    assert set(codes(position)) == {"linked-to-its-speaker", "same-wording"}


@pytest.mark.parametrize(
    "text",
    [
        *("Zar[ne](http://x.example)cki", "Zar[](x)necki", "Zar![](x)necki", "\u202eikcenraZ\u202c"),
        *("Zar#necki", "Zar[ne](no address)cki", "Zar\x0bnecki"),  # in excerpts, feeds and spreadsheets
    ],
)
def test_a_name_is_found_as_a_reader_sees_it(world, text):
    world.position.summary = f"As {text} said."
    world.position.save()
    assert codes(world.position) == ["name-in-text"]


def test_organisations_that_share_a_name_may_be_one(world):
    Organisation.objects.filter(pk=world.ministry.pk).update(name="KIX", aliases="Kestrel Institute")
    assert codes(world.position) == ["descriptor-too-narrow"]


def test_somebody_without_given_names_may_be_anybody_of_the_name(world):
    Person.objects.filter(pk=world.people[1].pk).update(family_name="Zarnecki", given_names="")
    Attendance.objects.get(person=world.people[5]).delete()
    assert codes(world.position) == ["descriptor-too-narrow"]


def test_a_session_that_moved_leaves_no_list_behind(world):
    world.workshop.rule = Rule.ON_THE_RECORD
    world.workshop.save()
    Attendance.objects.filter(person__in=world.people[:2]).update(session=world.session)
    closed = type(world.workshop).objects.create(slug="w2", title="Closed", rule=Rule.CHATHAM_HOUSE)
    world.session.workshop = closed
    world.session.save()
    assert Case.of_draft(world.workshop).content["participants"] == []


@pytest.mark.guards("notes of cross-references are searched")
def test_the_note_of_a_reference_is_a_text_too(world):
    CrossReference.objects.create(source=world.position, target=world.article, relation="cites", note="So Umbrith.")
    assert codes(world.position) == ["name-in-text"]


@pytest.mark.guards("names_in_text", "everybody who was there is protected", "a rule protects")
def test_somebody_who_only_attended_is_protected_too(world):
    world.position.summary = "Umbrith listened."
    world.position.save()
    assert codes(world.position) == ["name-in-text"]


def test_a_workshops_and_a_sessions_text_are_searched(world):
    for entry in (world.workshop, world.session):
        entry.key_questions = ["What does Vexley want?"]
        entry.save()
        assert codes(entry, "key_questions") == ["name-in-text"]


def test_the_name_of_one_who_was_not_there_passes(world):
    world.position.summary = "Much like Wroxham's book."
    world.position.save()
    assert codes(world.position) == []


def test_a_reported_position_does_not_name_those_of_the_protected_workshop(world):
    position = Position.objects.create(
        slug="r", title="One participant, Vexley, asked", article=world.article, reported_from=world.workshop
    )
    assert codes(position) == ["name-in-text"]


def test_an_author_is_named_in_a_position_of_an_article_though_the_author_attended(world):
    Attendance.objects.create(workshop=world.workshop, person=world.author)
    position = Position.objects.create(
        slug="r", title="Wroxham asks for more", article=world.article, reported_from=world.workshop
    )
    position.speakers.add(world.author)
    position.named_in_source = True
    position.save()
    assert codes(position) == []


@pytest.mark.guards("speakers are named only where a rule lets them")
def test_a_speaker_noted_privately_stays_private_in_a_position_of_an_article(world):
    position = Position.objects.create(slug="r", title="A claim of Umbrith", article=world.article)
    assert codes(position) == []
    position.speakers.add(world.people[5])
    assert codes(position) == ["name-in-text"]


@pytest.mark.guards("affiliations_in_text")
@pytest.mark.parametrize("text", ["The Kestrel Institute holds this.", "As at KIX.", "What the Tide Office says."])
def test_an_affiliation_warns(world, text):
    world.ministry.aliases = ["Tide Office"]
    world.ministry.save()
    world.position.summary = text
    world.position.save()
    assert [(one.code, one.severity) for one in findings(world.position) if one.field == "summary"] == [
        ("affiliation-in-text", Severity.WARNING)
    ]


def test_where_no_affiliation_was_recorded_those_known_from_elsewhere_warn(world):
    """Somebody entered without an affiliation works where another meeting, or an article of theirs, says."""
    world.position.summary = "As at the Fathom Bureau and the Gyre Lab."
    world.position.save()
    elsewhere = type(world.workshop).objects.create(slug="w2", title="Another", rule=Rule.CHATHAM_HOUSE)
    bureau, lab = (Organisation.objects.create(slug=name, name=name) for name in ("Fathom Bureau", "Gyre Lab"))
    Attendance.objects.create(workshop=elsewhere, person=world.people[5], affiliation=bureau)
    Authorship.objects.create(article=world.article, person=world.people[5], affiliation=lab)
    assert codes(world.position) == []
    world.people[5].attendances.filter(workshop=world.workshop).update(affiliation=None)
    assert codes(world.position) == ["affiliation-in-text"] * 2


def test_somebody_entered_twice_has_two_affiliations(world):
    """For the workshop from one organisation, for the session from another: each of them tells who was there."""
    heron = Organisation.objects.create(slug="heron", name="Heron Foundation")
    Attendance.objects.create(workshop=world.workshop, session=world.session, person=world.people[5], affiliation=heron)
    world.people[5].attendances.filter(session=None).update(
        affiliation=Organisation.objects.create(slug="trust", name="Lapwing Trust")
    )
    world.position.summary = "The Lapwing Trust asked. The Heron Foundation answered."
    world.position.save()
    assert [one.words for one in findings(world.position) if one.field == "summary"] == [
        "Lapwing Trust",
        "Heron Foundation",
    ]


@pytest.mark.parametrize("written", ["kix", "KIX"])
def test_an_acronym_is_found_in_a_tag_however_it_is_capitalised(world, written):
    world.position.tags.add(written)
    assert codes(world.position, "tags") == ["affiliation-in-text"]


def test_an_affiliation_in_a_note_warns_at_both_ends(world, publish):
    note = "So the speaker from the Kestrel Institute."
    CrossReference.objects.create(source=world.article, target=world.position, relation="cites", note=note)
    assert codes(world.article) == ["affiliation-in-text"]
    acknowledge_all(world.article, world.reviewer)
    publish(world.article)
    assert codes(world.position) == ["affiliation-in-text"]


def test_an_affiliation_in_a_proposition_is_acknowledged_there_for_all_positions_on_it(world, publish_in_order):
    world.proposition.summary = "The Kestrel Institute should be heard."
    world.proposition.save()
    assert codes(world.proposition) == ["affiliation-in-text"]
    acknowledge_all(world.proposition, world.reviewer)
    publish_in_order()  # the position too, which warns of the same words
    [finding] = [one for one in findings(world.position) if one.code == "affiliation-in-text"]
    assert finding.field == "proposition (summary)"
    world.proposition.acknowledgements.all().delete()
    assert unacknowledged(world.position, [finding]) == [finding]
    acknowledge(world.position, finding, "It is the subject.", world.reviewer)
    assert world.proposition.acknowledgements.get().field == "summary"


def acknowledge_all(entry, by) -> None:
    for finding in unacknowledged(entry, findings(entry)):
        acknowledge(entry, finding, "It is the subject.", by)


def test_a_name_across_a_passage_and_its_context_is_found(world):
    from_an_article(world)
    Passage.objects.create(position=world.position, prefix="as some say Quill Zar", quotation="necki agreed", number=1)
    assert "name-in-text" in codes(world.position, "passages")


def from_an_article(world) -> None:
    """The position as an article reports it: the text is somebody's publication, not our notes."""
    world.position.session, world.position.article = None, world.article
    world.position.reported_from = world.workshop
    world.position.save()


def test_what_surrounds_a_quotation_in_our_own_notes_stays_with_us(world):
    Passage.objects.create(
        position=world.position,
        prefix="Zarnecki from Kestrel said: ",
        quotation="yes",
        suffix=" he said",
        start=7,
        end=10,
    )
    [passage] = Case.of_draft(world.position).content["passages"]
    assert [passage[name] for name in ("prefix", "quotation", "suffix", "start", "end")] == ["", "yes", "", None, None]
    assert codes(world.position, "passages") == []


def test_context_is_published_in_whole_words_only(world):
    from_an_article(world)
    Passage.objects.create(
        position=world.position, prefix="arnecki: well, then", quotation="yes", suffix=" said Qui", number=1
    )
    [passage] = Case.of_draft(world.position).content["passages"]
    assert (passage["prefix"], passage["suffix"]) == ("well, then", " said")


def test_a_speaker_in_an_article_who_attended_nothing_has_an_affiliation_too(world):
    position = Position.objects.create(slug="r", title="What KIX says", article=world.article)
    position.speakers.add(world.author)
    Authorship.objects.filter(person=world.author).update(affiliation=world.institute)
    assert "affiliation-in-text" in codes(position)


def test_the_host_of_a_workshop_is_announced_and_warns_of_nothing(world):
    assert codes(world.workshop) == []


# --- Linkage


@pytest.fixture
def signed(world) -> Article:
    """An article by the holder of the protected position."""
    article = Article.objects.create(
        slug="signed", title="My view", text="Nobody ever planned anything well alone at sea."
    )
    Authorship.objects.create(article=article, person=world.people[0])
    return article


@pytest.mark.guards("linked_to_its_speaker")
@pytest.mark.parametrize("forward", [True, False])
def test_a_reference_to_what_the_holder_signed_is_refused_where_it_starts(world, signed, forward):
    source, target = (world.position, signed) if forward else (signed, world.position)
    CrossReference.objects.create(source=source, target=target, relation="see_also")
    assert codes(source) == ["linked-to-its-speaker"]
    assert codes(target) == []


@pytest.mark.parametrize("forward", [True, False])
def test_a_reference_that_waits_is_refused_where_it_would_appear(world, signed, publish, forward):
    """It was harmless when its first end was published, and is not when its second one is."""
    source, target = (world.proposition, signed) if forward else (world.article, world.position)
    CrossReference.objects.create(source=source, target=target, relation="see_also")
    publish(source)
    Authorship.objects.filter(article=world.article).update(person=world.people[0])
    assert codes(target) == ([] if forward else ["linked-to-its-speaker"])


@pytest.mark.parametrize("title", ["A talk with Quill Zárnecki", "The Zarneckian view"])
def test_a_reference_to_a_text_that_names_the_holder_is_refused(world, publish, title):
    """Nobody is entered as its author, as with an interview."""
    interview = Article.objects.create(slug="interview", title="A talk", summary=title)
    reference = CrossReference.objects.create(source=interview, target=world.position, relation="see_also")
    assert codes(interview) == ["linked-to-a-text-about-its-speaker"]
    reference.delete()
    publish(interview)
    CrossReference.objects.create(source=world.position, target=interview, relation="see_also")
    assert codes(world.position) == ["linked-to-a-text-about-its-speaker"]


def test_a_reference_to_a_text_that_may_name_the_holder_warns(world, publish):
    Person.objects.filter(pk=world.people[0].pk).update(family_name="Price")
    interview = Article.objects.create(slug="interview", title="What it costs", summary="Price was no obstacle.")
    publish(interview)
    CrossReference.objects.create(source=world.position, target=interview, relation="see_also")
    [finding] = [one for one in findings(world.position) if one.field == "cross-references"]
    assert (finding.code, finding.severity) == ("linked-to-a-text-about-its-speaker", Severity.WARNING)


@pytest.mark.guards("linked_to_a_text_about_who_was_there")
@pytest.mark.parametrize("forward", [True, False])
def test_a_reference_between_a_protected_meeting_and_a_text_about_who_was_there_warns(world, publish, forward):
    text = Proposition.objects.create(slug="q", title="Restraint", summary="Zarnecki put this to the meeting.")
    if forward:
        publish(text)
    source, target = (world.session, text) if forward else (text, world.session)
    CrossReference.objects.create(source=source, target=target, relation="see_also")
    found = [one for one in findings(source) if one.field == "cross-references"]
    assert [(one.code, one.severity, one.sentences) for one in found] == [
        ("linked-to-a-text-about-who-was-there", Severity.WARNING, ("Zarnecki: Zarnecki put this to the meeting.",))
    ]


def test_somebody_who_was_there_may_sign_a_report_of_the_meeting(world, signed, publish):
    CrossReference.objects.create(source=signed, target=world.workshop, relation="see_also")
    assert codes(signed) == []


@pytest.mark.guards("found_in_what_its_speaker_signed")
def test_an_unnamed_holder_who_wrote_the_article_warns(world):
    position = Position.objects.create(slug="r", title="More", article=world.article, reported_as="a participant")
    position.speakers.add(world.author)
    assert codes(position) == ["found-in-what-its-speaker-signed"]
    position.named_in_source = True
    position.save()
    assert codes(position) == []


def test_a_reference_to_what_another_signed_passes(world):
    CrossReference.objects.create(source=world.position, target=world.article, relation="cites")
    assert codes(world.position) == []


@pytest.mark.guards("tagged_with_its_speaker")
def test_a_tag_shared_with_nothing_but_what_the_holder_signed_warns(world, signed, publish):
    world.position.tags.add("sea planning")
    signed.tags.add("sea planning")
    assert codes(world.position) == []
    publish(signed)
    assert codes(world.position) == ["tagged-with-its-speaker"]
    world.article.tags.add("sea planning")
    assert codes(world.position) == ["tagged-with-its-speaker"]
    publish(world.article)
    assert codes(world.position) == []


@pytest.mark.guards("tagged_with_its_speaker")
@pytest.mark.parametrize("beside", ["session", "workshop", "proposition"])
def test_a_tag_leads_to_the_holder_past_what_nobody_signed(world, signed, publish, beside):
    for entry in (getattr(world, beside), signed, world.position):
        entry.tags.add("sea planning")
    for entry in (signed, world.workshop, world.session, world.proposition):
        publish(entry)
    assert codes(world.position) == ["tagged-with-its-speaker"]


@pytest.mark.guards("tagged_with_its_speaker")
def test_a_tag_on_more_than_are_looked_at_one_by_one_leads_to_whoever_signed_them_all(world, publish):
    for i in range(FEW + 1):
        essay = Article.objects.create(slug=f"essay-{i}", title=f"Essay {i}")
        Authorship.objects.create(article=essay, person=world.people[0])
        essay.tags.add("sea planning")
        publish(essay)
    world.position.tags.add("sea planning")
    assert codes(world.position) == ["tagged-with-its-speaker"]
    world.article.tags.add("sea planning")
    publish(world.article)
    assert codes(world.position) == []


def test_a_tag_is_former_in_what_has_another_now(world, signed, publish):
    """What once had it is none of those that have it now, whatever else it has."""
    world.article.tags.add("sea planning")
    publish(world.article)
    world.article.tags.set(["harbours"])
    world.article.title = "On planning, again"
    world.article.save()
    publish(world.article)
    for entry in (signed, world.position):
        entry.tags.add("sea planning")
    publish(signed)
    assert codes(world.position) == ["tagged-with-its-speaker"]


def test_a_reason_for_a_word_is_none_once_its_bearer_holds_the_position(world, publish):
    price = Person.objects.create(slug="price", given_names="Anna", family_name="Price")
    Attendance.objects.create(workshop=world.workshop, person=price, affiliation=world.ministry)
    world.position.summary = "Price signals matter to everyone."
    world.position.save()
    for entry in (world.workshop, world.session, world.proposition):
        publish(entry)
    (finding,) = findings(world.position, by=world.reviewer)
    acknowledge(world.position, finding, "A term of economics.", world.reviewer)
    publish(world.position)
    world.position.speakers.set([price])
    assert not is_public(world.position)


def test_a_tag_that_marks_several_of_the_holders_own_leads_to_them_too(world, signed, publish, publish_in_order):
    other = Position.objects.create(slug="o", title="Another claim", session=world.session)
    other.speakers.add(world.people[0])
    for entry in (world.position, other, signed):
        entry.tags.add("sea planning")
    publish_in_order()
    publish(other)
    assert codes(signed) == ["tagged-with-its-speaker"]
    other.speakers.set([world.people[1]])
    assert codes(signed) == []


def test_a_tag_on_what_is_signed_later_warns_there(world, signed, publish_in_order):
    world.position.tags.add("sea planning")
    publish_in_order()
    assert codes(signed) == []
    signed.tags.add("sea planning")
    assert codes(signed) == ["tagged-with-its-speaker"]


@pytest.mark.guards("same_wording")
def test_the_same_unusual_wording_is_refused(world, signed):
    world.position.summary = "They said that nobody ever planned anything well, alone at sea or not."
    world.position.save()
    assert codes(world.position) == ["same-wording"]


@pytest.mark.parametrize(
    "said",
    ["_ever planned_", "ever plan\u00adned", "ever [planned](http://x.example)", "ever plan-\nned"],
)  # fmt: skip
def test_wording_is_compared_as_it_is_read(world, signed, said):
    signed.text = f"Nobody {said} anything well alone at sea."
    signed.save()
    world.position.summary = "They said that nobody ever planned anything well, alone at sea or not."
    world.position.save()
    assert codes(world.position) == ["same-wording"]


@pytest.mark.guards("names_only_where_allowed")
def test_the_fields_made_for_names_are_looked_over(world):
    case = Case.of_draft(world.position)
    case.content["holder"]["names"] = ["Nobody Known"]
    assert "names-not-allowed" in [finding.code for finding in judge(case)]


def test_wording_that_is_still_public_is_refused_though_the_draft_has_it_no_longer(world, signed, publish):
    signed.text, signed.summary = "", "Nobody ever planned anything well alone at sea."
    signed.save()
    publish(signed)
    signed.summary = ""
    signed.save()
    world.position.summary = "They said that nobody ever planned anything well alone at sea."
    world.position.save()
    assert codes(world.position) == ["same-wording"]


def test_a_few_words_in_common_pass(world, signed):
    world.position.summary = "Nobody ever planned anything."
    world.position.save()
    assert codes(world.position) == []


@pytest.mark.guards("date_singles_out")
def test_a_date_narrower_than_the_meeting_warns(world):
    world.position.date = "2023-06-07"
    world.position.save()
    assert codes(world.position) == ["date-narrower-than-the-meeting"]
    for date, found in (("2023-06-07/2023-06-08", 1), ("2023-06-08", 1), ("2023-06-05/2023-06-08", 0), ("2023-06", 0)):
        world.position.date = date
        world.position.save()
        assert codes(world.position) == ["date-narrower-than-the-meeting"] * found, date


def test_the_only_speaker_on_the_agenda_is_told_of(world):
    Attendance.objects.create(workshop=world.workshop, session=world.session, person=world.people[0], role=Role.SPEAKER)
    assert codes(world.position) == ["one-speaker-on-the-agenda"]
    twin = Person.objects.create(slug="twin", given_names="Q.", family_name="Zarnecki")
    Attendance.objects.create(workshop=world.workshop, session=world.session, person=twin, role=Role.SPEAKER)
    assert codes(world.position) == ["one-speaker-on-the-agenda"]
    Attendance.objects.create(workshop=world.workshop, session=world.session, person=world.people[1], role=Role.SPEAKER)
    assert codes(world.position) == []


# --- Passages, and words of our own


@pytest.mark.guards("passages_stand")
@pytest.mark.parametrize("state", ["changed", "lost"])
def test_a_passage_that_does_not_stand_waits(world, state):
    Passage.objects.create(position=world.position, locator="p. 1", state=state)
    assert codes(world.position) == ["passage-does-not-stand"]


def test_a_region_called_like_a_participant_is_no_name(world):
    world.position.regions.add(Region.objects.create(slug="vexley", name="Vexley"))
    assert codes(world.position) == []


def test_on_the_record_there_is_nothing_to_find(world):
    world.workshop.rule = Rule.ON_THE_RECORD
    world.workshop.save()
    world.position.summary = "Quill Zarnecki of the Kestrel Institute said so."
    world.position.date = "2023-06-07"
    world.position.save()
    assert codes(world.position) == []


def test_an_organisation_renamed_is_looked_for_under_its_new_name(world):
    Organisation.objects.filter(pk=world.ministry.pk).update(name="Office of Ebb")
    world.position.summary = "The Office of Ebb was quoted."
    world.position.save()
    assert codes(world.position) == ["affiliation-in-text"]
