"""A fact that moves is judged where it was and where it is, and nothing that decides escapes the watch."""

import pytest

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CrossReference,
    Entry,
    Passage,
    Person,
    Position,
    Proposition,
    Session,
    Workshop,
)
from apps.gate import publication
from apps.gate.checks.linkage import FEW
from apps.gate.concerns import all_public
from apps.gate.findings import Refused
from apps.gate.merging import merge
from apps.gate.recheck import Recheck, recheck
from apps.gate.watch import one_recheck
from apps.public.catalogue.models import Link, Record
from apps.taxonomy.models import Region
from apps.taxonomy.words import Role, Rule, Stance
from tests.gate.public import assert_nothing_is_objected_to, is_public

PHRASE = "nobody ever planned anything well alone at sea"


@pytest.fixture
def elsewhere(closed_world) -> Session:
    """A session of another workshop."""
    workshop = Workshop.objects.create(slug="w2", title="Another workshop", rule=Rule.CHATHAM_HOUSE)
    return Session.objects.create(slug="s2", title="Another session", workshop=workshop, number=2)


@pytest.fixture
def signed(closed_world) -> Article:
    """A published article by the holder of the protected position."""
    article = Article.objects.create(slug="signed", title="My view")
    Authorship.objects.create(article=article, person=closed_world.people[0])
    publication.publish(article)
    return article


@pytest.mark.guards("what a fact leaves is judged again")
def test_attendance_moved_to_another_workshop_is_missed_in_the_one_it_left(closed_world, elsewhere):
    for attendance in Attendance.objects.all()[:2]:
        attendance.workshop = elsewhere.workshop
        attendance.save()
    assert not is_public(closed_world.position)


def test_attendance_handed_to_somebody_else_protects_them(closed_world, publish):
    closed_world.position.summary = "Much like Wroxham's book."
    closed_world.position.save()
    publish(closed_world.position)
    attendance = Attendance.objects.get(person=closed_world.people[5])
    attendance.person = closed_world.author
    attendance.save()
    assert not is_public(closed_world.position)


@pytest.fixture
def reported(closed_world, publish) -> Position:
    """A position of an article whose author, named in it, was at the workshop that it reports from."""
    Attendance.objects.create(workshop=closed_world.workshop, person=closed_world.author)
    position = Position.objects.create(
        slug="r", title="Wroxham asks for more", article=closed_world.article, reported_from=closed_world.workshop
    )
    publish(position)
    return position


@pytest.mark.guards("the watch over authors")
@pytest.mark.parametrize("change", ["person", "article", "delete"])
def test_an_author_who_is_none_any_more_is_protected_again(closed_world, reported, change):
    authorship = Authorship.objects.get()
    if change == "delete":
        authorship.delete()
    else:
        other = Article.objects.create(slug="b", title="B") if change == "article" else closed_world.people[0]
        setattr(authorship, change, other)
        authorship.save()
    assert not is_public(reported)


def test_authors_set_through_the_article_count(closed_world, reported):
    closed_world.article.authors.set([closed_world.people[0]])
    assert not is_public(reported)


def test_an_author_added_through_the_article_counts(closed_world, publish):
    CrossReference.objects.create(source=closed_world.position, target=closed_world.article, relation="cites")
    publish(closed_world.position)
    closed_world.article.authors.add(closed_world.people[0])
    assert not is_public(closed_world.position)


@pytest.mark.parametrize("end", ["source", "target"])
def test_a_reference_bent_to_what_the_holder_signed_is_judged_when_it_is_published(closed_world, signed, publish, end):
    position = closed_world.position.entry
    ends = (closed_world.article.entry, position) if end == "source" else (position, closed_world.article.entry)
    reference = CrossReference.objects.create(source=ends[0], target=ends[1], relation="see_also")
    setattr(reference, end, signed.entry)
    reference.save()
    assert is_public(position)
    assert is_public(signed)
    with pytest.raises(Refused, match="joins a protected position"):
        publish(reference.source)
    assert not Link.objects.filter(tie="see_also").exists()


def test_a_public_reference_is_judged_though_the_draft_has_it_no_longer(closed_world, publish):
    reference = CrossReference.objects.create(
        source=closed_world.position, target=closed_world.article, relation="cites"
    )
    publish(closed_world.position)
    reference.delete()
    Authorship.objects.create(article=closed_world.article, person=closed_world.people[0])
    assert not Link.objects.filter(tie="cites").exists()
    assert is_public(closed_world.position)


def test_a_reference_is_judged_by_whom_the_record_still_names(closed_world, signed, publish):
    Authorship.objects.filter(article=signed).delete()
    assert is_public(signed)
    CrossReference.objects.create(source=closed_world.position, target=signed, relation="see_also")
    with pytest.raises(Refused, match="joins a protected position"):
        publish(closed_world.position)


def test_a_speaker_added_to_what_a_protected_position_refers_to_is_judged_at_both_ends(closed_world, publish):
    position = Position.objects.create(slug="r", title="R", article=closed_world.article, named_in_source=True)
    CrossReference.objects.create(source=closed_world.position, target=position, relation="see_also")
    publish(position), publish(closed_world.position)
    position.speakers.add(closed_world.people[0])
    assert not is_public(closed_world.position) or not is_public(position)
    assert not Link.objects.filter(tie="see_also").exists()


@pytest.fixture
def worded(closed_world, publish) -> Position:
    """A published position with a run of words that stands nowhere else yet."""
    closed_world.position.summary = f"They said that {PHRASE}."
    closed_world.position.save()
    publish(closed_world.position)
    return closed_world.position


@pytest.mark.guards("the watch over articles")
def test_wording_that_turns_up_in_what_the_holder_signed_is_judged(worded, signed):
    signed.text = f"It is true that {PHRASE}!"
    signed.save()
    assert not is_public(worded)


def test_wording_of_a_draft_takes_nothing_out_and_is_not_published_beside_it(worded, signed, publish):
    signed.summary = f"It is true that {PHRASE}!"
    signed.save()
    assert is_public(worded)
    with pytest.raises(Refused, match="whose holder is protected"):
        publish(signed)
    assert is_public(worded)


@pytest.mark.guards("the watch over passages")
def test_wording_that_turns_up_in_what_is_quoted_of_the_holder_is_judged(worded, signed):
    mine = Position.objects.create(slug="mine", title="Mine", article=signed)
    Passage.objects.create(position=mine, quotation=PHRASE)
    assert not is_public(worded)


@pytest.mark.guards("the watch over organisations")
def test_an_organisation_that_has_come_to_be_called_what_a_text_says_is_judged(closed_world, publish):
    closed_world.position.summary = "What the Tide Office says."
    closed_world.position.save()
    publish(closed_world.position)
    closed_world.ministry.aliases = ["Tide Office"]
    closed_world.ministry.save()
    assert not is_public(closed_world.position)


def test_a_warning_that_a_reviewer_let_pass_does_not_take_anything_out(closed_world, publish):
    position = closed_world.position
    position.summary = "Much like what the Ministry of Tides does."
    position.save()
    [warning] = publication.findings(position)
    publication.acknowledge(position, warning, "It is the subject.", closed_world.reviewer)
    publish(position)
    closed_world.workshop.place = "Harbour"
    closed_world.workshop.save()
    assert is_public(position)


@pytest.mark.parametrize("field", ["quantifier", "date", "tags"])
def test_an_edit_that_would_be_warned_of_changes_nothing_in_public(closed_world, signed, publish, field):
    position = closed_world.position
    position.descriptor_expertise = closed_world.asia
    position.save()
    signed.tags.add("sea planning")
    publish(signed), publish(position)
    if field == "tags":
        position.tags.add("sea planning")
    else:
        setattr(position, field, {"quantifier": "all", "date": "2023-06-07"}[field])
    position.save()
    position.touch()
    assert publication.findings(position)
    closed_world.workshop.save()
    assert is_public(position)


@pytest.mark.guards("the watch over positions")
@pytest.mark.parametrize("field", ["session", "reported_from", "article"])
def test_a_record_that_says_wrongly_where_it_comes_from_does_not_stay(closed_world, elsewhere, publish, field):
    position = closed_world.position
    if field != "session":
        position = Position.objects.create(
            slug="r", title="R", article=closed_world.article, reported_from=closed_world.workshop
        )
        publish(position)
    new = {"session": elsewhere, "reported_from": elsewhere.workshop}.get(field)
    setattr(position, field, new or Article.objects.create(slug="b", title="B"))
    position.save()
    position.touch()
    assert not is_public(position)


@pytest.mark.guards("what is public says where it comes from")
def test_a_session_moved_says_where_it_belongs_now(closed_world, elsewhere, publish):
    publish(elsewhere.workshop)
    closed_world.session.workshop = elsewhere.workshop
    closed_world.session.save()
    for entry in (closed_world.session, closed_world.position):
        record = Record.objects.get(identifier=entry.identifier)
        assert record.content["workshop"] == elsewhere.workshop.identifier
        assert not record.versions.exists()


def test_a_session_moved_takes_those_who_were_there_along(closed_world, elsewhere, publish):
    publish(elsewhere.workshop)
    Attendance.objects.update(session=closed_world.session)
    closed_world.session.workshop = elsewhere.workshop
    closed_world.session.save()
    assert is_public(closed_world.position)
    for entry in (closed_world.position, elsewhere.workshop):
        entry.summary = "As Umbrith said."
        entry.save()
        assert "name-in-text" in [finding.code for finding in publication.findings(entry)]
    for attendance in Attendance.objects.all()[:2]:
        attendance.delete()
    assert not is_public(closed_world.position)


@pytest.mark.guards("the watch over regions")
def test_a_region_moved_is_counted_by_what_is_published_and_not_by_the_draft(closed_world, publish):
    position = closed_world.position
    position.descriptor_expertise = closed_world.asia
    position.save()
    publish(position)
    position.descriptor_expertise = None
    position.save()
    position.touch()
    assert is_public(position)
    europe = Region.objects.create(slug="europe", name="Europe")
    japan = Region.objects.get(slug="japan")
    japan.parent = europe
    japan.save()
    assert not is_public(position)


@pytest.mark.guards("nothing stays beside a new description")
def test_a_description_that_was_changed_does_not_stay_beside_the_new_one(closed_world, publish):
    position = closed_world.position
    position.descriptor_expertise = closed_world.asia
    position.save()
    first = publish(position)
    assert first.content["holder"]["text"] == "Asia experts"
    assert not first.versions.exists()
    position.summary = "The same, in more words."
    position.save()
    assert publish(position).versions.count() == 1
    position.descriptor_expertise = None
    position.save()
    assert publish(position).versions.count() == 0


@pytest.mark.parametrize("which", ["position", "article"])
def test_what_is_deleted_leaves_the_catalogue_too(closed_world, which):
    entry = getattr(closed_world, which)
    entry.delete()
    assert not is_public(entry)
    assert Record.objects.get(identifier=entry.identifier).content is None


@pytest.mark.guards("what is deleted is withdrawn")
def test_a_proposition_that_is_deleted_leaves_the_catalogue_too(closed_world):
    Position.objects.filter(pk=closed_world.position.pk).update(proposition=None, stance=Stance.SUPPORTS)
    closed_world.proposition.delete()
    assert not is_public(closed_world.proposition)


# --- Tags


@pytest.fixture
def tagged(closed_world, signed, publish) -> Position:
    """A protected position with a tag that its holder's article has too, and the other article beside them."""
    for entry in (signed, closed_world.article, closed_world.position):
        entry.tags.add("sea planning")
        publish(entry)
    return closed_world.position


@pytest.mark.guards("a tag that others leave is judged again")
def test_a_tag_that_others_leave_leads_to_the_speaker(tagged, closed_world):
    closed_world.article.tags.clear()
    closed_world.article.touch()
    assert is_public(tagged), "a draft changes nothing"
    publication.withdraw(closed_world.article)
    assert not is_public(tagged)


def test_a_tag_that_others_lose_leads_to_the_speaker(tagged, closed_world, publish):
    closed_world.article.tags.clear()
    publish(closed_world.article)
    assert not is_public(tagged)


def test_a_tag_that_more_than_a_few_have_tells_nothing(tagged, closed_world, publish):
    for i in range(FEW + 1):
        other = Article.objects.create(slug=f"a{i}", title=f"A{i}")
        other.tags.add("sea planning")
        publish(other)
    publication.withdraw(closed_world.article)
    assert is_public(tagged)


@pytest.mark.parametrize("first", ["the former version", "the position"])
def test_a_tag_of_a_former_version_leads_from_there_to_the_speaker(closed_world, signed, publish, first):
    signed.tags.add("sea planning")
    publish(signed)
    if first == "the position":
        give_reasons_when_tagged(closed_world.position, closed_world.reviewer)
        publish(closed_world.position)
    signed.tags.clear()
    publish(signed)
    if first == "the former version":
        assert Record.objects.get(identifier=signed.identifier).versions.count() == 2
        closed_world.position.tags.add("sea planning")
        with pytest.raises(Refused, match="signed by its holder"):
            publish(closed_world.position)
    assert_nothing_is_objected_to()


def give_reasons_when_tagged(position: Position, by) -> None:
    position.tags.add("sea planning")
    give_reasons(position, by)


def test_a_tag_of_a_former_version_tells_nothing_where_others_have_it_now(closed_world, signed, publish):
    for entry in (signed, closed_world.article, closed_world.position):
        entry.tags.add("sea planning")
    publish(signed), publish(closed_world.article)
    signed.tags.clear()
    publish(signed), publish(closed_world.position)
    assert is_public(closed_world.position)
    assert_nothing_is_objected_to()


def test_how_an_article_is_cited_is_no_text_about_who_was_there(closed_world):
    article = Article.objects.create(slug="a2", title="On the sea", cited_as="Zarnecki, Quill. “On the sea.” 2023.")
    CrossReference.objects.create(source=article, target=closed_world.workshop, relation="see_also")
    assert publication.findings(article) == []


def test_words_that_stand_unnamed_elsewhere_are_not_published_under_their_holders_name(
    closed_world, elsewhere, publish
):
    """A rule is loosened: what somebody said there is theirs by name, and stands unnamed in another record."""
    closed_world.position.summary = PHRASE
    closed_world.position.save()
    publish(closed_world.position)
    said = Position.objects.create(slug="said", title="Said there", summary=PHRASE, session=elsewhere)
    said.speakers.add(closed_world.people[0])
    for entry in (elsewhere.workshop, elsewhere, said):
        publish(entry)
    elsewhere.workshop.rule = Rule.ON_THE_RECORD
    elsewhere.workshop.save()
    publish(elsewhere.workshop), publish(elsewhere)
    with pytest.raises(Refused, match="whose holder is protected"):
        publish(Position.objects.get(pk=said.pk))
    assert is_public(closed_world.position)


@pytest.mark.parametrize("change", ["withdrawn", "in other words"])
def test_a_description_goes_when_the_words_that_it_is_taken_from_are_no_longer_public(world, publish, change):
    Attendance.objects.all().delete()
    world.position.descriptor_expertise = world.asia
    world.position.save()
    reported = Position.objects.create(slug="r", title="More", article=world.article, reported_as="Asia experts")
    CrossReference.objects.create(source=world.position, target=world.article, relation="cites")
    for entry in (world.article, reported, world.workshop, world.session, world.proposition, world.position):
        publish(entry)
    if change == "withdrawn":
        publication.withdraw(reported)
    else:
        reported.reported_as = "participants"
        reported.save()
        publish(reported)
    assert not is_public(world.position)


# --- What stands at two ends, and what drafts do not do


@pytest.mark.guards("a reason holds at both ends")
@pytest.mark.parametrize(
    ("end", "title", "note"),
    [
        ("workshop", "Zarnecki reconsidered", ""),
        ("position", "Another view", "The Kestrel Institute agrees."),
        ("position", "Another view", "A Quill pen."),
    ],
)
def test_a_reason_given_at_one_end_holds_at_the_other(closed_world, publish, end, title, note):
    article = Article.objects.create(slug="a2", title=title)
    CrossReference.objects.create(source=article, target=getattr(closed_world, end), relation="see_also", note=note)
    give_reasons(article, closed_world.reviewer)
    publish(article)
    list(recheck(all_public(), again := Recheck()))
    assert again.withdrawn == []


def give_reasons(entry, by) -> None:
    for finding in publication.unacknowledged(entry, publication.findings(entry)):
        publication.acknowledge(entry, finding, "It tells nothing.", by)


def test_a_reason_about_one_person_covers_no_other(closed_world, publish):
    article = Article.objects.create(slug="a2", title="Zarnecki and Fjordland reconsidered")
    CrossReference.objects.create(source=closed_world.workshop, target=article, relation="see_also")
    publish(article)
    give_reasons(closed_world.workshop, closed_world.reviewer)
    publish(closed_world.workshop)
    newcomer = Person.objects.create(slug="n", given_names="Ro", family_name="Fjordland")
    Attendance.objects.create(workshop=closed_world.workshop, person=newcomer)
    assert not is_public(closed_world.workshop)


def test_a_title_that_is_being_corrected_takes_no_reason_away(world, publish):
    Attendance.objects.filter(person=world.people[0]).update(session=world.session, role=Role.SPEAKER)
    for entry in (world.article, world.workshop, world.session, world.proposition):
        publish(entry)
    give_reasons(world.position, world.reviewer)
    publish(world.position)
    world.session.title = "A session on planning"
    world.session.save()
    assert is_public(world.position)


@pytest.fixture
def moved(closed_world):
    """The draft of a published position has left its proposition."""
    closed_world.position.proposition, closed_world.position.stance = None, ""
    closed_world.position.save()
    closed_world.position.touch()
    return closed_world.position


def test_a_position_is_judged_by_its_proposition_in_public(closed_world, moved, publish):
    closed_world.proposition.title = "Fjordland is right"
    closed_world.proposition.save()
    publish(closed_world.proposition)
    closed_world.people[0].family_name = "Fjordland"
    closed_world.people[0].save()
    assert not is_public(moved)


@pytest.mark.guards("the proposition is that of the record")
def test_a_proposition_that_is_only_drafted_takes_nothing_out(closed_world, moved, publish):
    other = Proposition.objects.create(slug="other", title="The Kestrel Institute is right")
    publish(other)
    moved.proposition, moved.stance = other, Stance.SUPPORTS
    moved.save()
    assert is_public(moved)


def test_a_proposition_that_is_neither_public_nor_the_records_takes_nothing_out(closed_world, moved):
    moved.proposition, moved.stance = Proposition.objects.create(slug="other", title="Ships sail"), Stance.SUPPORTS
    moved.save()
    assert is_public(moved)


def test_what_hangs_on_a_proposition_in_public_goes_with_it(closed_world, moved):
    publication.withdraw(closed_world.proposition)
    assert not is_public(moved)


def test_a_former_version_of_a_proposition_names_nobody_of_a_position_on_it(world, publish):
    world.position.proposition, world.position.stance = None, ""
    world.position.save()
    for title in ("Umbrith is right", "They are right"):
        world.proposition.title = title
        world.proposition.save()
        publish(world.proposition)
    for entry in (world.workshop, world.session):
        publish(entry)
    record = Record.objects.get(identifier=world.proposition.identifier)
    assert record.versions.count() == 1
    world.position.proposition, world.position.stance = world.proposition, Stance.SUPPORTS
    world.position.save()
    publish(world.position)
    assert record.versions.count() == 0


@pytest.mark.guards("a former version is on the proposition of now")
def test_a_former_version_on_another_proposition_goes_since_that_may_name_who_was_there(closed_world, publish):
    record = Record.objects.get(identifier=closed_world.position.identifier)
    other = Proposition.objects.create(slug="other", title="Ships should sail together")
    publish(other)
    closed_world.position.proposition = other
    closed_world.position.save()
    publish(closed_world.position)
    closed_world.proposition.summary = "Put forward by Umbrith."
    closed_world.proposition.save()
    publish(closed_world.proposition)
    assert not record.versions.exists()


def test_a_former_version_on_what_was_merged_with_its_proposition_stays(closed_world, publish):
    record = Record.objects.get(identifier=closed_world.position.identifier)
    closed_world.position.title = "Planning together calms everybody"
    closed_world.position.save()
    publish(closed_world.position)
    other = Proposition.objects.create(slug="other", title="Allies should plan with one another")
    publish(other)
    merge(other, closed_world.proposition)
    assert_nothing_is_objected_to()
    assert record.versions.count() == 1


def test_a_former_version_on_another_proposition_stays_where_nobody_is_protected(world, publish, publish_in_order):
    Workshop.objects.update(rule=Rule.ON_THE_RECORD)
    publish_in_order()
    world.position.refresh_from_db()
    world.position.proposition, world.position.stance = None, ""
    world.position.save()
    assert publish(world.position).versions.count() == 1


def test_a_note_of_a_propositions_reference_is_judged_with_a_position_on_it(world, publish):
    note = "As Umbrith argues."
    CrossReference.objects.create(source=world.proposition, target=world.article, relation="see_also", note=note)
    world.position.proposition, world.position.stance = None, ""
    world.position.save()
    for entry in (world.article, world.workshop, world.session, world.proposition):
        publish(entry)
    world.position.proposition, world.position.stance = world.proposition, Stance.SUPPORTS
    world.position.save()
    with pytest.raises(Refused, match="Umbrith"):
        publish(world.position)


def test_a_date_that_is_the_meetings_stays_so_when_the_meeting_is_drafted_longer(closed_world):
    closed_world.position.touch()
    closed_world.workshop.date = "2023-06-06/2023-06-08"
    closed_world.workshop.save()
    assert is_public(closed_world.position)


def test_a_reason_for_one_reference_covers_no_other_to_the_same_text(closed_world, publish):
    text = Article.objects.create(slug="a2", title="Zarnecki reconsidered")
    CrossReference.objects.create(source=text, target=closed_world.workshop, relation="see_also")
    give_reasons(text, closed_world.reviewer)
    publish(text)
    other = Workshop.objects.create(slug="w2", title="Another workshop", rule=Rule.CHATHAM_HOUSE)
    Attendance.objects.create(workshop=other, person=closed_world.people[0])
    CrossReference.objects.create(source=other, target=text, relation="see_also")
    with pytest.raises(Refused):
        publish(other)


def test_reasons_given_at_two_other_ends_hold_together(closed_world, publish):
    closed_world.institute.name, closed_world.institute.acronym = "Something", ""
    closed_world.institute.save()
    other = Position.objects.create(slug="p2", title="Second view", session=closed_world.session)
    source = Article.objects.create(slug="a2", title="Another")
    for target, note in (
        (closed_world.position, "The Kestrel Institute agrees."),
        (other, "The Kestrel Institute differs."),
    ):
        CrossReference.objects.create(source=source, target=target, relation="see_also", note=note)
    publish(source)
    with one_recheck():
        closed_world.institute.name = "Kestrel Institute"
        closed_world.institute.save()
        for position in (closed_world.position, other):
            give_reasons(position, closed_world.reviewer)
            publish(position)
    list(recheck(all_public(), again := Recheck()))
    assert again.withdrawn == []


def test_a_reason_for_a_tag_is_none_for_who_it_was(closed_world, publish):
    position = Position.objects.create(
        slug="r",
        title="More",
        article=closed_world.article,
        reported_from=closed_world.workshop,
        reported_as="an expert",
    )
    position.tags.add("KIX")
    give_reasons(position, closed_world.reviewer)
    publish(position)
    position.reported_as = "KIX"
    position.save()
    with pytest.raises(Refused):
        publish(position)


def test_an_article_that_comes_to_name_a_holder_takes_the_position_out(closed_world, publish):
    position = Position.objects.create(slug="r", title="More", article=closed_world.article, reported_as="an expert")
    position.speakers.add(closed_world.people[0])
    publish(position)
    closed_world.article.summary = "The expert was Quill Zarnecki."
    closed_world.article.save()
    publish(closed_world.article)
    assert not is_public(position)


def test_a_former_version_that_is_taken_out_moves_the_change_number(closed_world, publish, client):
    """Who has its page asks whether anything has changed, and it has."""
    closed_world.workshop.summary = "The Fjordland view."
    closed_world.workshop.save()
    publish(closed_world.workshop)
    closed_world.workshop.summary = "A view."
    closed_world.workshop.save()
    publish(closed_world.workshop)
    url = f"/workshops/{closed_world.workshop.identifier}/versions/2/"
    etag = client.get(url)["ETag"]
    newcomer = Person.objects.create(slug="n", given_names="Ro", family_name="Fjordland")
    Attendance.objects.create(workshop=closed_world.workshop, person=newcomer)
    assert client.get(url, headers={"if-none-match": etag}).status_code == 404


def test_a_note_of_a_proposition_that_waits_is_judged_with_a_position_on_it(world, publish):
    note = "As Umbrith argues."
    CrossReference.objects.create(source=world.proposition, target=world.article, relation="see_also", note=note)
    world.position.proposition, world.position.stance = None, ""
    world.position.save()
    for entry in (world.workshop, world.session, world.proposition):
        publish(entry)
    world.position.proposition, world.position.stance = world.proposition, Stance.SUPPORTS
    world.position.save()
    with pytest.raises(Refused, match="Umbrith"):
        publish(world.position)


def test_a_session_published_with_other_dates_leaves_its_positions_be(closed_world, publish):
    closed_world.session.date = "2023-06-06/2023-06-08"
    closed_world.session.save()
    publish(closed_world.session)
    closed_world.position.touch()
    Attendance.objects.first().save()
    assert is_public(closed_world.position)


def published_as_an_answer(article: Article, target: Entry) -> Record:
    """The article in a new version, which refers to another entry."""
    article.title = "On a speech"
    article.save()
    CrossReference.objects.create(source=article, target=target, relation="responds_to")
    return publication.publish(article)


@pytest.mark.guards("former versions are judged with new links")
def test_a_former_version_that_names_the_holder_goes_when_a_reference_joins_it_to_the_position(closed_world, publish):
    article = Article.objects.create(slug="a2", title="On the speech of Quill Zarnecki")
    publish(article)
    assert not published_as_an_answer(article, closed_world.position).versions.exists()
    assert_nothing_is_objected_to()


@pytest.mark.guards("former versions are judged with new links")
def test_a_former_version_that_the_holder_signed_goes_when_a_reference_joins_it(closed_world, signed, publish):
    Authorship.objects.filter(article=signed).delete()
    publish(signed)  # version 1 is signed
    assert Record.objects.get(identifier=signed.identifier).versions.count() == 1
    CrossReference.objects.create(source=signed, target=closed_world.position, relation="responds_to")
    assert not publish(signed).versions.exists()
    assert_nothing_is_objected_to()


def test_a_former_version_that_names_nobody_stays(closed_world, publish):
    article = Article.objects.create(slug="a2", title="On a speach")
    publish(article)
    assert published_as_an_answer(article, closed_world.position).versions.count() == 1


def test_a_reason_for_a_text_that_names_the_holder_is_none_for_what_they_signed(closed_world, publish):
    article = Article.objects.create(slug="a2", title="On the sea", summary="Quill Zarnecki is thanked.")
    position = Position.objects.create(slug="r", title="More", article=article, reported_as="an expert")
    position.speakers.add(closed_world.people[0])
    publish(article)
    give_reasons(position, closed_world.reviewer)
    publish(position)
    Authorship.objects.create(article=article, person=closed_world.people[0])
    assert not is_public(position)
