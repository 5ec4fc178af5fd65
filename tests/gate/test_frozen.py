"""A frozen comparison keeps figures for ever, and nothing that a rule has come to protect."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core import signing

from apps.curation.models import Attendance, Person, Workshop
from apps.taxonomy.words import Rule
from tests.gate.public import is_public


def frozen(client, address: str) -> str:
    shown = BeautifulSoup(client.get(address).content, "html.parser")
    return shown.find("a", href=re.compile("^/compare/frozen/"))["href"]


def text(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())


def compared(client, address: str) -> set[str]:
    return set(BeautifulSoup(client.get(address).content, "html.parser").h1.get_text().split(", "))


def test_a_proposition_that_comes_to_hold_a_name_disappears_with_a_note(client, closed_world):
    address = frozen(client, "/compare/?region=asia&region=japan")
    assert "Allies should plan together" in text(client, address)
    somebody = Person.objects.create(slug="n", given_names="Quill", family_name="Allies")
    Attendance.objects.create(workshop=closed_world.workshop, person=somebody)
    assert not is_public(closed_world.proposition)
    copy = text(client, address)
    assert "Allies" not in copy
    assert "1 of these has been withdrawn since and is left out." in copy


def test_a_tag_that_had_to_go_is_not_named_any_more(client, closed_world, publish):
    closed_world.position.tags.add("dobrinov plan")
    publish(closed_world.position)
    address = frozen(client, "/compare/?region=asia&region=japan&tag=dobrinov+plan")
    assert "dobrinov" in client.get(address).content.decode()  # in the address of what is so now
    guest = Person.objects.create(slug="guest", given_names="Mirela", family_name="Dobrinov")
    Attendance.objects.create(workshop=closed_world.workshop, person=guest)
    assert not is_public(closed_world.position)
    assert "dobrinov" not in client.get(address).content.decode().lower()


def test_a_workshop_that_goes_off_the_record_is_not_named_any_more(client, closed_world, publish):
    other = Workshop.objects.create(slug="other", title="Another workshop", rule=Rule.ON_THE_RECORD)
    publish(other)
    names = "&".join(f"workshop={one.identifier}" for one in (closed_world.workshop, other))
    address = frozen(client, f"/compare/?{names}")
    assert compared(client, address) == {"A workshop", "Another workshop"}
    closed_world.workshop.rule = Rule.OFF_THE_RECORD
    closed_world.workshop.save()
    assert not is_public(closed_world.workshop)
    assert compared(client, address) == {"A withdrawn workshop", "Another workshop"}


@pytest.mark.parametrize("part", ["Allies", "together", "calms", "Kestrel"])
def test_the_address_itself_holds_no_word_of_what_was_compared(client, closed_world, part):
    token = frozen(client, "/compare/?region=asia&region=japan").split("/")[3]
    assert part not in str(signing.loads(token, salt="frozen comparison"))
