"""An address leads where a reference leads: to what names the holder, in a text or in a field for names; and to a
protected meeting, from what names somebody who was there."""

import pytest

from apps.curation.models import Article, Attendance, Person, Position, Proposition, Workshop
from apps.gate.findings import Refused
from apps.gate.merging import merge
from apps.public.website.reading import url_of
from apps.taxonomy.words import Rule
from tests.gate.public import assert_nothing_is_objected_to, is_public


@pytest.fixture
def listing(closed_world, publish) -> Workshop:
    """An open workshop that lists the holder among its participants."""
    workshop = Workshop.objects.create(slug="w2", title="An open workshop", rule=Rule.ON_THE_RECORD)
    Attendance.objects.create(workshop=workshop, person=closed_world.people[0])
    publish(workshop)
    return workshop


@pytest.mark.guards("address_of_a_text_about_its_speaker")
def test_the_address_of_a_text_that_names_the_holder_is_as_good_as_a_reference(closed_world, publish):
    closed_world.article.summary = "Zarnecki says that planning calms."
    closed_world.article.save()
    publish(closed_world.article)
    closed_world.position.summary = f"More at https://kb.example/articles/{closed_world.article.identifier}/."
    closed_world.position.save()
    with pytest.raises(Refused):
        publish(closed_world.position)


def test_the_address_of_a_meeting_that_lists_the_holder_is_as_good_as_a_reference(closed_world, publish, listing):
    closed_world.position.summary = f"More at https://kb.example/workshops/{listing.identifier}/."
    closed_world.position.save()
    with pytest.raises(Refused):
        publish(closed_world.position)


def test_the_same_wording_in_a_meeting_that_lists_the_holder_is_refused(closed_world, publish, listing):
    phrase = "nobody ever planned anything well alone at sea in a storm without friends nearby"
    listing.summary = f"It was said that {phrase}."
    listing.save()
    publish(listing)
    closed_world.position.summary = f"They held that {phrase}."
    closed_world.position.save()
    with pytest.raises(Refused):
        publish(closed_world.position)


def test_an_article_that_names_who_was_there_is_not_joined_to_the_meeting_by_what_it_reports(closed_world, publish):
    closed_world.article.summary = "Quill Zarnecki sat at the table."
    closed_world.article.save()
    publish(closed_world.article)
    reported = Position.objects.create(
        slug="r", title="More is needed", article=closed_world.article, reported_from=closed_world.workshop
    )
    with pytest.raises(Refused):
        publish(reported)


@pytest.mark.parametrize(
    "text",
    [
        "See [the plan](https://doi.org/10.1000/182).",
        "As others have it (doi:10.1000/182).",
        "See https://press.example/doi/full/10.1000/182 for more.",
        "See https://press.example/doi/10.1000/182/pdf?download=1",
        "See https://press.example/read?doi=10.1000%2F182&lang=en",
        "See [the plan](https://site.example/plans/7/).",
        "See https://site.example/plans/7?from=feed for more.",
        "See https://site.example/plans/7#page-2 for more.",
        "‘https://site.example/plans/7’",
    ],
)
def test_an_address_is_known_by_whatever_a_text_puts_around_it(closed_world, publish, text):
    closed_world.article.doi, closed_world.article.url = "10.1000/182", "https://site.example/plans/7"
    closed_world.article.summary = "Zarnecki says that planning calms."
    closed_world.article.save()
    publish(closed_world.article)
    closed_world.position.summary = text
    closed_world.position.save()
    with pytest.raises(Refused):
        publish(closed_world.position)


def test_an_article_known_by_its_publisher_s_address_is_known_by_its_doi(closed_world, publish):
    closed_world.article.url = "https://press.example/doi/full/10.1000/182"
    closed_world.article.summary = "Zarnecki says that planning calms."
    closed_world.article.save()
    publish(closed_world.article)
    closed_world.position.summary = "See doi:10.1000/182."
    closed_world.position.save()
    with pytest.raises(Refused):
        publish(closed_world.position)


# --- From the other end


@pytest.mark.guards("an address is told of from both ends")
def test_a_text_does_not_come_to_name_the_holder_of_a_position_that_has_its_address(closed_world, publish):
    closed_world.position.summary = f"More at https://kb.example/articles/{closed_world.article.identifier}/."
    closed_world.position.save()
    publish(closed_world.position)
    closed_world.article.summary = "Zarnecki says that planning calms."
    closed_world.article.save()
    with pytest.raises(Refused):
        publish(closed_world.article)


def test_a_position_does_not_come_to_be_held_by_whom_a_text_with_its_address_names(closed_world, publish):
    closed_world.position.speakers.set([closed_world.people[1]])
    say_where_it_is_said(closed_world, publish, "Zarnecki says so")
    closed_world.position.speakers.set([closed_world.people[0]])
    assert not is_public(closed_world.position)


def test_a_name_that_the_holder_turns_out_to_go_by_is_looked_for_where_the_address_stands(closed_world, publish):
    say_where_it_is_said(closed_world, publish, "Gubbins says so")
    closed_world.people[0].aliases = ["Gubbins"]
    closed_world.people[0].save()
    assert not is_public(closed_world.position)


def test_a_position_is_not_published_while_a_text_with_its_address_names_the_holder(world, publish):
    world.position.speakers.set([world.people[1]])
    say_where_it_is_said(world, publish, "Zarnecki says so")
    for entry in (world.workshop, world.session, world.proposition):
        publish(entry)
    world.position.speakers.set([world.people[0]])
    with pytest.raises(Refused):
        publish(world.position)


def say_where_it_is_said(world, publish, who: str) -> None:
    """Publish an article that has the address of the position."""
    world.article.summary = f"{who}; compare https://kb.example/positions/{world.position.identifier}/."
    world.article.save()
    publish(world.article)


# --- Of a meeting


@pytest.mark.parametrize("place", ["workshop", "session"])
def test_a_text_with_the_address_of_a_protected_meeting_names_nobody_who_was_there(closed_world, publish, place):
    meeting = getattr(closed_world, place)
    closed_world.article.summary = f"Zarnecki was heard at https://kb.example/{place}s/{meeting.identifier}/."
    closed_world.article.save()
    with pytest.raises(Refused):
        publish(closed_world.article)


def test_whoever_turns_out_to_have_been_there_is_not_named_beside_the_address_of_the_meeting(closed_world, publish):
    closed_world.article.summary = (
        f"Dobrinov was heard at https://kb.example/workshops/{closed_world.workshop.identifier}/."
    )
    closed_world.article.save()
    publish(closed_world.article)
    guest = Person.objects.create(slug="guest", given_names="Mirela", family_name="Dobrinov")
    Attendance.objects.create(workshop=closed_world.workshop, person=guest)
    assert not is_public(closed_world.workshop)


def test_an_address_leads_to_what_was_merged_with_what_it_led_to(closed_world, publish):
    kept = Proposition.objects.create(slug="kept", title="Ships should sail together", summary="So Quill Zarnecki.")
    double = Proposition.objects.create(slug="double", title="Ships should sail as one")
    closed_world.position.summary = f"Compare https://example.org{url_of(double.kind, double.identifier)}."
    closed_world.position.save()
    for entry in (kept, double, closed_world.position):
        publish(entry)
    merge(kept, double)
    assert not is_public(kept) or not is_public(closed_world.position)
    assert_nothing_is_objected_to()


# --- An article is read where its draft says, and where its record does


URL = "https://example.org/on/planning"


@pytest.fixture
def telling(closed_world, publish):
    """An article of which the text names the holder."""
    closed_world.article.summary = "Quill Zarnecki says that planning calms."
    closed_world.article.url = URL
    return closed_world.article


def saying_where(world, publish) -> Position:
    world.position.summary = f"More at {URL}."
    world.position.save()
    publish(world.position)
    return world.position


@pytest.mark.guards("an address is told of from both ends")
def test_an_address_that_is_entered_later_is_judged_where_it_stands(closed_world, publish, telling):
    telling.url = ""
    telling.save()
    publish(telling)
    position = saying_where(closed_world, publish)
    telling.url = URL
    telling.save()
    assert not is_public(position)


@pytest.mark.guards("an address is told of from both ends")
def test_an_address_is_that_of_the_record_whatever_the_draft_says(closed_world, publish, telling):
    telling.save()
    publish(telling)
    telling.url = ""
    telling.save()
    with pytest.raises(Refused):
        saying_where(closed_world, publish)


def not_both(publish, article, position, first: str) -> None:
    ends = [article, position] if first == "article" else [position, article]
    publish(ends[0])
    with pytest.raises(Refused):
        publish(ends[1])


@pytest.mark.parametrize("path", ["%C3%A9tude", "On%20harbours.pdf", "%E8%A8%98%E4%BA%8B/1"])
@pytest.mark.parametrize("first", ["article", "position"])
def test_codes_in_an_address_hide_it_from_neither_end(closed_world, publish, path, first):
    url = f"https://x.example/{path}"
    article = Article.objects.create(slug="about", title="About", summary="Zarnecki was brave.", url=url)
    closed_world.position.summary = f"See {url} for more."
    closed_world.position.save()
    not_both(publish, article, closed_world.position, first)


@pytest.mark.parametrize("where", ["articles/{}/", "api/v1/records/{}", "unapi/?id={}&format=ris", "browse/?cites={}"])
@pytest.mark.parametrize("first", ["article", "position"])
def test_a_record_has_other_addresses_here_than_its_page(closed_world, publish, where, first):
    article = Article.objects.create(slug="about", title="About", summary="Zarnecki was brave.")
    closed_world.position.summary = f"See https://kb.example/{where.format(article.identifier)} for more."
    closed_world.position.save()
    not_both(publish, article, closed_world.position, first)
