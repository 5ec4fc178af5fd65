"""An address leads where a reference leads: to what names the holder, in a text or in a field for names."""

import pytest

from apps.curation.models import Attendance, Position, Workshop
from apps.gate.findings import Refused
from apps.taxonomy.words import Rule


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
