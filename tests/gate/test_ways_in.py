"""The product's own ways in and out: the workbench, loaddata, an index that somebody else is writing."""

import json
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.core.management import CommandError, call_command
from django.test import Client

from apps.curation.models import Attendance, Authorship, CrossReference, Entry, Organisation, Person, Position
from apps.gate.publication import acknowledge, findings
from apps.public.catalogue.models import Record
from apps.public.search import folder
from apps.taxonomy.models import Region
from apps.taxonomy.words import Rule
from apps.workbench.roles import make_roles
from tests.gate.public import is_public
from tests.workbench.forms import form_of, save


@pytest.fixture
def analyst(db) -> Client:
    user = User.objects.create_user("ana", is_staff=True)
    user.groups.add(make_roles()[0])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def index_folder(settings) -> Path:
    return Path(settings.SEARCH_INDEX_DIR)


def test_a_tag_that_was_taken_out_is_not_shown_while_the_index_is_being_written(closed_world, publish, index_folder):
    closed_world.position.tags.add("dobrinov plan")
    publish(closed_world.position)
    client = Client()
    assert b"dobrinov plan" in client.get("/browse/").content
    with folder.writing(index_folder, 1.0):  # as manage.py index does, or another worker
        guest = Person.objects.create(slug="guest", given_names="Mirela", family_name="Dobrinov")
        Attendance.objects.create(workshop=closed_world.workshop, person=guest)
        assert not is_public(closed_world.position)
        assert b"dobrinov" not in client.get("/browse/").content


def test_a_name_that_was_taken_out_is_not_suggested_while_the_index_is_being_written(
    closed_world, publish, index_folder
):
    closed_world.position.summary = "What Dobrinov wants."
    closed_world.position.save()
    publish(closed_world.position)
    client = Client()
    client.get("/browse/?q=planning")
    with folder.writing(index_folder, 1.0):
        guest = Person.objects.create(slug="guest", given_names="Mirela", family_name="Dobrinov")
        Attendance.objects.create(workshop=closed_world.workshop, person=guest)
        assert not is_public(closed_world.position)
        assert b"dobrinov" not in client.get("/browse/?q=dobrinof").content


def test_loaddata_puts_nothing_into_the_catalogue_that_the_gate_did_not_judge(world, publish_in_order, tmp_path):
    world.workshop.rule = Rule.ON_THE_RECORD
    world.workshop.save()
    publish_in_order()
    kept = StringIO()
    call_command("dumpdata", "catalogue.record", stdout=kept)
    world.workshop.rule = Rule.CHATHAM_HOUSE
    world.workshop.save()
    fixture = tmp_path / "kept.json"
    fixture.write_text(kept.getvalue())
    with suppress(CommandError):  # to refuse it is as good
        call_command("loaddata", str(fixture))
    assert "Zarnecki" not in json.dumps(list(Record.objects.values_list("content", flat=True)))


def test_an_entry_that_loaddata_writes_over_leaves_no_record_behind_that_nobody_judges(closed_world, tmp_path):
    old = closed_world.position.identifier
    rows = json.loads(serializers.serialize("json", [closed_world.position.entry]))
    rows[0]["fields"] |= {"identifier": "zzzzzzzz", "slug": "another", "title": "Something else"}
    fixture = tmp_path / "other.json"
    fixture.write_text(json.dumps(rows))
    with suppress(CommandError):  # to refuse it is as good
        call_command("loaddata", str(fixture))
    closed_world.workshop.rule = Rule.OFF_THE_RECORD
    closed_world.workshop.save()
    assert not Record.objects.live().filter(identifier=old).exists()


def test_a_stricter_rule_of_a_workshop_set_in_the_workbench_keeps_what_passes_under_it(
    world, publish_in_order, analyst
):
    world.workshop.rule = Rule.NOT_FOR_ATTRIBUTION
    world.workshop.save()
    publish_in_order()
    assert save(analyst, world.workshop, rule="chatham_house").status_code == 302
    assert is_public(world.workshop)
    assert is_public(world.position)


def test_a_stricter_rule_of_a_session_set_in_the_workbench_keeps_what_can_be_mended(world, publish_in_order, analyst):
    world.workshop.rule = Rule.ON_THE_RECORD
    world.workshop.save()
    publish_in_order()
    assert save(analyst, world.session, rule="chatham_house").status_code == 302
    assert is_public(world.workshop)  # passes: published anew without its list
    assert is_public(world.session)


def test_to_spell_a_holder_better_takes_nothing_out_that_was_acknowledged(closed_world, publish):
    position = Position.objects.create(slug="r", title="More is needed", article=closed_world.article)
    position.speakers.add(closed_world.author)
    [finding] = findings(position)
    acknowledge(position, finding, "Nobody will join the two.", closed_world.reviewer)
    publish(position)
    closed_world.author.given_names = "Ada Mary"
    closed_world.author.save()
    assert is_public(position)


def test_a_region_that_a_description_uses_keeps_its_slug(closed_world, publish, analyst):
    pacific = Region.objects.create(slug="pac", name="Pacific")
    for attendance in Attendance.objects.all():
        attendance.expertise.add(pacific)
    closed_world.position.descriptor_expertise = pacific
    closed_world.position.save()
    publish(closed_world.position)
    address = f"/admin/taxonomy/region/{pacific.pk}/change/"
    assert analyst.post(address, form_of(analyst, address) | {"slug": "pacific"}).status_code == 302
    assert is_public(closed_world.position)


def test_to_rename_a_region_takes_nothing_out_that_says_what_its_source_says(world, publish_in_order):
    Attendance.objects.all().delete()
    world.article.text = "Some Japan experts objected."
    world.article.save()
    CrossReference.objects.create(source=world.position, target=world.article, relation="cites")
    world.position.descriptor_expertise = world.japan
    world.position.save()
    publish_in_order()
    world.japan.name = "Nippon"
    world.japan.save()
    assert is_public(world.position)


def test_to_rename_the_organisation_of_an_author_is_an_edit_of_the_article(closed_world, publish, analyst):
    body = Organisation.objects.create(slug="body", name="Old name")
    Authorship.objects.filter(article=closed_world.article).update(affiliation=body)
    publish(closed_world.article)
    address = f"/admin/curation/organisation/{body.pk}/change/"
    assert analyst.post(address, form_of(analyst, address) | {"name": "New name"}).status_code == 302
    assert Entry.objects.get(pk=closed_world.article.pk).has_unpublished_changes
