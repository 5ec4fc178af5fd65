"""Publishing and withdrawing: what reaches the catalogue, in what order, and what stays as it was."""

import datetime as dt
import json

import pytest
from django.contrib.auth.models import Permission, User
from django.db import transaction

from apps.curation.models import Attendance, CrossReference, Entry, Position, Session, Status
from apps.gate import publication
from apps.gate.case import Case
from apps.gate.checks import judge
from apps.gate.findings import Refused, Severity
from apps.gate.publication import (
    Outcome,
    awaiting_publication,
    dependants,
    findings,
    next_changes,
    publish_many,
    withdraw,
)
from apps.public.catalogue.models import CatalogueState, Link, Record
from apps.taxonomy.words import Kind, Role, Rule


def snapshot() -> list:
    return [
        list(Record.objects.order_by("pk").values()),
        list(Link.objects.order_by("pk").values()),
        list(CatalogueState.objects.values()),
        list(Entry.objects.order_by("pk").values("status", "published_at")),
    ]


def test_a_published_position_says_what_the_gate_builds_and_no_more(world, publish_in_order):
    publish_in_order()
    record = Record.objects.get(identifier=world.position.identifier)
    assert record.content == {
        "title": "Planning together calms everyone",
        "summary": "",
        "date": "2023-06-06/2023-06-07",
        "date_text": "6–7 June 2023",
        "earliest": "2023-06-06",
        "years": [2023],
        "regions": ["japan"],
        "themes": ["assurance"],
        "tags": [],
        "rule": "chatham_house",
        "stance": "supports",
        "proposition": world.proposition.identifier,
        "source": world.session.identifier,
        "workshop": world.workshop.identifier,
        "order": None,
        "holder": {"quantifier": "", "descriptor": "participants", "names": [], "role": "", "text": "participants"},
        "passages": [],
    }
    assert set(record.links_out.values_list("tie", "target__identifier")) == {
        ("found_in", world.session.identifier),
        ("takes_side_on", world.proposition.identifier),
    }


@pytest.mark.parametrize("rule", [Rule.NOT_FOR_ATTRIBUTION, Rule.CHATHAM_HOUSE])
def test_no_name_of_a_protected_meeting_is_in_the_catalogue(world, rule, publish_in_order):
    world.workshop.rule = rule
    world.workshop.save()
    publish_in_order()
    everything = json.dumps([*Record.objects.values_list("title", "content"), *Link.objects.values_list("note")])
    for person in world.people:
        assert person.family_name not in everything
    assert "Ministry of Tides" not in everything


def test_on_the_record_names_the_speaker_and_the_participants(world, publish_in_order):
    world.workshop.rule = Rule.ON_THE_RECORD
    world.workshop.save()
    publish_in_order()
    assert Record.objects.get(identifier=world.position.identifier).content["holder"]["names"] == ["Quill Zarnecki"]
    assert (
        "Quill Umbrith, Ministry of Tides"
        in (Record.objects.get(identifier=world.workshop.identifier).content["participants"])
    )


@pytest.mark.guards("participants are listed only where a rule lets them")
def test_a_protected_session_keeps_the_list_of_its_open_workshop_behind(world, publish_in_order):
    world.workshop.rule = Rule.ON_THE_RECORD
    world.workshop.save()
    world.session.rule = Rule.CHATHAM_HOUSE
    world.session.save()
    publish_in_order()
    for meeting in (world.workshop, world.session):
        assert Record.objects.get(identifier=meeting.identifier).content["participants"] == []
    assert Record.objects.get(identifier=world.position.identifier).content["holder"]["names"] == []


@pytest.mark.guards("the stricter rule wins")
def test_a_session_is_not_more_open_than_its_workshop(world, publish_in_order):
    world.session.rule = Rule.ON_THE_RECORD
    world.session.save()
    publish_in_order()
    assert Record.objects.get(identifier=world.position.identifier).content["holder"]["names"] == []


@pytest.mark.parametrize(
    ("workshop_rule", "session_rule", "effective"),
    [
        (Rule.ON_THE_RECORD, "", Rule.ON_THE_RECORD),
        (Rule.ON_THE_RECORD, Rule.CHATHAM_HOUSE, Rule.CHATHAM_HOUSE),
        (Rule.CHATHAM_HOUSE, Rule.ON_THE_RECORD, Rule.CHATHAM_HOUSE),
        (Rule.NOT_FOR_ATTRIBUTION, Rule.OFF_THE_RECORD, Rule.OFF_THE_RECORD),
        (Rule.OFF_THE_RECORD, Rule.ON_THE_RECORD, Rule.OFF_THE_RECORD),
    ],
)
def test_the_stricter_rule_wins(world, workshop_rule, session_rule, effective):
    world.workshop.rule, world.session.rule = workshop_rule, session_rule
    world.workshop.save()
    world.session.save()
    assert Session.objects.get(pk=world.session.pk).effective_rule == effective


@pytest.mark.guards("off_the_record")
def test_off_the_record_never_passes_and_a_refusal_changes_nothing(world, publish):
    publish(world.workshop)
    publish(world.proposition)
    world.session.rule = Rule.OFF_THE_RECORD
    world.session.save()
    before = snapshot()
    for entry in (world.session, world.position):
        with pytest.raises(Refused) as refused:
            publish(entry)
        assert "off-the-record" in [finding.code for finding in refused.value.findings]
    assert snapshot() == before


@pytest.mark.guards("hangs_on_the_unpublished")
def test_a_position_waits_for_its_source_and_proposition(world, publish):
    with pytest.raises(Refused) as refused:
        publish(world.position)
    assert {finding.field for finding in refused.value.findings} == {"session", "proposition"}
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", "As Quill Zarnecki said, planning calms"),
        ("summary", "This was VEXLEY's point."),
        ("tags", "umbrith"),
    ],
)
def test_a_protected_name_in_the_text_refuses(world, field, text):
    if field == "tags":
        world.position.tags.add(text)
    else:
        setattr(world.position, field, text)
        world.position.save()
    assert ("name-in-text", field) in [(finding.code, finding.field) for finding in findings(world.position)]


@pytest.mark.guards("a warning refuses until acknowledged")
def test_an_affiliation_in_the_text_passes_once_a_reviewer_gives_a_reason(world, publish_in_order):
    world.position.summary = "Much like what the Ministry of Tides does."
    world.position.save()
    with pytest.raises(Refused):
        publish_in_order()
    [warning] = [finding for finding in findings(world.position) if finding.severity == Severity.WARNING]
    assert (warning.code, warning.words) == ("affiliation-in-text", "Ministry of Tides")
    with pytest.raises(ValueError, match="Say why"):
        publication.acknowledge(world.position, warning, "  ", world.reviewer)
    publication.acknowledge(world.position, warning, "The ministry is what the position is about.", world.reviewer)
    publish_in_order()
    assert Record.objects.live().filter(identifier=world.position.identifier).exists()


def test_a_reason_for_an_organisation_is_none_once_its_people_hold_the_position(world, publish_in_order):
    world.position.summary = "The Ministry of Tides is too small."
    world.position.save()
    for finding in publication.unacknowledged(world.position, findings(world.position)):
        publication.acknowledge(world.position, finding, "The ministry is the subject.", world.reviewer)
    publish_in_order()
    world.position.speakers.set([world.people[1]])  # who came from there
    [again] = publication.unacknowledged(world.position, findings(world.position))
    assert "organisation of the holder" in again.message
    assert not Record.objects.live().filter(identifier=world.position.identifier).exists()
    publication.acknowledge(world.position, again, "It is the subject still.", world.reviewer)
    world.position.speakers.set([world.people[0]])
    publish_in_order()


@pytest.mark.guards("a reason covers the sentences that it was given for")
def test_a_reason_covers_the_sentences_that_it_was_given_for(world, publish_in_order):
    world.position.summary = "The Ministry of Tides is too small. It needs ships."
    world.position.save()
    for finding in publication.unacknowledged(world.position, findings(world.position)):
        publication.acknowledge(world.position, finding, "The ministry is the subject.", world.reviewer)
    publish_in_order()
    world.position.summary = "It needs ships, and people. The  Ministry of Tides\nis too small."
    world.position.save()
    publish_in_order()
    world.position.summary += " So somebody from the Ministry of Tides said."
    world.position.save()
    with pytest.raises(Refused) as refused:
        publish_in_order()
    [finding] = [one for one in refused.value.findings if one.code == "affiliation-in-text"]
    assert finding.sentences == (
        "The Ministry of Tides is too small.",
        "So somebody from the Ministry of Tides said.",
    )


def test_a_reason_for_a_draft_leaves_those_for_what_is_public(world, publish_in_order):
    for summary in ("The Ministry of Tides is small.", "The Ministry of Tides is very small."):
        world.position.summary = summary
        world.position.save()
        for finding in publication.unacknowledged(world.position, findings(world.position)):
            publication.acknowledge(world.position, finding, f"On “{summary}”", world.reviewer)
        if "very" not in summary:
            publish_in_order()
    assert world.position.acknowledgements.count() == 2
    world.people[1].save()  # judges what is public again
    assert Record.objects.live().filter(identifier=world.position.identifier).exists()


def test_words_that_warn_in_two_notes_can_be_acknowledged(world, publish):
    world.people[5].family_name = "Price"
    world.people[5].save()
    other = Position.objects.create(slug="p2", title="Other", session=world.session)
    for target, note in ((world.position, "On a Price cut"), (other, "On the Price list")):
        CrossReference.objects.create(source=world.article, target=target, relation="cites", note=note)
    [finding] = findings(world.article)
    assert set(finding.sentences) == {"On a Price cut", "On the Price list"}
    publication.acknowledge(world.article, finding, "No name.", world.reviewer)
    publish(world.article)


@pytest.mark.parametrize("code", ["one-speaker-on-the-agenda", "date-narrower-than-the-meeting"])
def test_a_reason_given_for_one_session_covers_no_other_of_its_title(world, code):
    other = Session.objects.create(slug="s2", title=world.session.title, workshop=world.workshop, number=2)
    for session in (world.session, other):
        Attendance.objects.create(workshop=world.workshop, session=session, person=world.people[0], role=Role.SPEAKER)
    world.position.date = "2023-06-06"
    world.position.save()
    [finding] = [one for one in findings(world.position) if one.code == code]
    publication.acknowledge(world.position, finding, "Several spoke.", world.reviewer)
    world.position.session = other
    world.position.save()
    assert code in [one.code for one in publication.unacknowledged(world.position, findings(world.position))]


def test_whoever_may_publish_is_told_beforehand_that_they_edited_it(world):
    world.session.touch(by=world.reviewer)
    assert findings(world.session, by=world.reviewer) == findings(world.session)
    world.reviewer.user_permissions.add(Permission.objects.get(codename="publish_entry"))
    reviewer = User.objects.get(pk=world.reviewer.pk)
    assert "four-eyes" in [one.code for one in findings(world.session, by=reviewer)]


@pytest.mark.guards("four_eyes")
@pytest.mark.parametrize("editor", ["reviewer", None])
def test_what_a_rule_protects_needs_a_second_pair_of_eyes(world, editor):
    by = getattr(world, editor) if editor else None
    Entry.objects.filter(pk=world.workshop.pk).update(modified_by=by)
    with pytest.raises(Refused) as refused:
        publication.publish(world.workshop, by=by)
    assert [finding.code for finding in refused.value.findings] == ["four-eyes"]
    publication.publish(world.article, by=by)


@pytest.mark.guards("four_eyes")
def test_what_an_article_reports_from_a_protected_meeting_needs_them_too(closed_world):
    said = Position.objects.create(
        slug="reported", title="More is needed", article=closed_world.article, reported_from=closed_world.workshop
    )
    said.touch(closed_world.reviewer)
    with pytest.raises(Refused) as refused:
        publication.publish(said, by=closed_world.reviewer)
    assert [finding.code for finding in refused.value.findings] == ["four-eyes"]


@pytest.mark.guards("four_eyes")
def test_what_an_article_reports_from_an_open_meeting_with_a_closed_session_needs_them_too(world, publish):
    world.workshop.rule = "on_the_record"
    world.workshop.save()
    Session.objects.create(slug="closed", title="Behind doors", workshop=world.workshop, number=9, rule="chatham_house")
    for one in (world.article, world.workshop):
        publish(one)
    said = Position.objects.create(
        slug="reported", title="More is needed", article=world.article, reported_from=world.workshop
    )
    said.touch(world.reviewer)
    with pytest.raises(Refused, match="second pair of eyes"):
        publication.publish(said, by=world.reviewer)


@pytest.mark.guards("embargo")
def test_an_embargo_holds_to_the_minute_in_the_workshops_time_zone(world):
    world.workshop.time_zone, world.workshop.embargo = "Asia/Tokyo", "2023-06-08T09:01"
    world.workshop.save()

    def found(at: str) -> list[str]:
        return [finding.code for finding in judge(Case.of_draft(world.workshop, at=dt.datetime.fromisoformat(at)))]

    assert found("2023-06-08T00:00:59+00:00") == ["embargo"]
    assert found("2023-06-08T00:01:00+00:00") == []


def test_a_descriptor_that_fits_too_few_is_refused(world, publish):
    publish(world.workshop), publish(world.session), publish(world.proposition)
    world.position.descriptor_expertise = world.asia  # five of six are expert on Japan, which lies in Asia
    world.position.save()
    assert publish(world.position).content["holder"]["text"] == "Asia experts"
    world.people[0].attendances.get().expertise.clear()
    with pytest.raises(Refused, match="4 from 2 known"):
        publish(world.position)


def test_a_speaker_of_an_article_is_named_only_if_the_article_does(world, publish):
    position = Position.objects.create(slug="b", title="A claim", article=world.article, quantifier="one")
    position.reported_as = "participant"
    position.save()
    position.speakers.add(world.people[0])
    publish(world.article)
    assert publish(position).content["holder"]["text"] == "one participant"
    position.speakers.set([world.author])
    position.named_in_source = True
    position.save()
    assert publish(position).content["holder"]["text"] == "Ada Wroxham (author)"


def test_publishing_again_makes_a_version_only_where_something_changed(world, publish):
    first = publish(world.proposition)
    assert publish(world.proposition).change == first.change
    world.proposition.title = "Allies ought to plan together"
    world.proposition.save()
    again = publish(world.proposition)
    assert (again.version, again.title) == (2, "Allies ought to plan together")
    assert again.change > first.change
    assert list(again.versions.values_list("version", "title")) == [(1, "Allies should plan together")]


def test_editing_a_published_entry_changes_nothing_in_public(world, publish):
    publish(world.proposition)
    before = list(Record.objects.values())
    world.proposition.title = "Something else"
    world.proposition.save()
    world.proposition.touch()
    entry = Entry.objects.get(pk=world.proposition.pk)
    assert list(Record.objects.values()) == before
    assert entry.has_unpublished_changes
    assert list(Entry.objects.with_unpublished_changes()) == [entry]


def test_a_cross_reference_appears_when_both_ends_are_published_and_not_before(world, publish):
    CrossReference.objects.create(source=world.proposition, target=world.article, relation="cites", note="why")
    publish(world.proposition)
    assert not Link.objects.exists()
    publish(world.article)
    assert list(Link.objects.values_list("tie", "note")) == [("cites", "why")]


def test_a_reference_drafted_after_publication_waits_for_its_own_entry(world, publish):
    publish(world.proposition)
    CrossReference.objects.create(source=world.proposition, target=world.article, relation="cites", note="unchecked")
    publish(world.article)
    assert not Link.objects.exists()
    publish(world.proposition)
    assert Link.objects.get().note == "unchecked"


@pytest.mark.guards("what hangs on it goes with it")
def test_withdrawing_takes_what_hangs_on_it_and_leaves_bare_tombstones(world, publish_in_order):
    publish_in_order()
    assert [entry.kind for entry in dependants(world.workshop)] == [Kind.SESSION, Kind.POSITION]
    gone = withdraw(world.workshop)
    assert {record.kind for record in gone} == {Kind.WORKSHOP, Kind.SESSION, Kind.POSITION}
    for record in Record.objects.exclude(withdrawn_at=None):
        assert (record.title, record.content) == ("", None)
        assert not record.versions.exists()
    assert not Link.objects.exists()
    assert Entry.objects.get(pk=world.position.pk).status == Status.WITHDRAWN
    assert Record.objects.live().count() == 2


def test_what_was_withdrawn_comes_back_with_its_references(world, publish):
    CrossReference.objects.create(source=world.proposition, target=world.article, relation="cites")
    publish(world.proposition), publish(world.article)
    withdraw(world.article)
    assert not Link.objects.exists()
    assert publish(world.article).version == 2
    assert Link.objects.get().target.identifier == world.article.identifier


def test_withdrawing_what_is_not_published_changes_nothing(world):
    before = snapshot()
    assert withdraw(world.article) == []
    assert snapshot()[0] == before[0]


def test_change_numbers_are_handed_out_once_each(world, publish_in_order):
    publish_in_order()
    withdraw(world.position)
    changes = sorted(Record.objects.values_list("change", flat=True))
    assert len(set(changes)) == len(changes)
    with transaction.atomic():
        assert list(next_changes(3)) == [7, 8, 9]


def test_many_are_published_in_the_order_in_which_they_hang_together(world):
    Entry.objects.update(status=Status.SUBMITTED)
    outcome = Outcome()
    assert len(list(publish_many(awaiting_publication(), outcome, world.reviewer))) == 5
    assert (len(outcome.published), outcome.refused) == (5, [])
    assert not awaiting_publication()
