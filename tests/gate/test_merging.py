"""What a merge does to what is public: records follow, old addresses lead on, nothing that is protected gets out."""

from __future__ import annotations

import json
from functools import partial

import pytest
from django.contrib.auth.models import User
from taggit.models import Tag

from apps.curation.merging import CannotMerge
from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CrossReference,
    Organisation,
    Person,
    Position,
    Proposition,
    Session,
    Workshop,
)
from apps.gate import publication
from apps.gate.checks.linkage import FEW
from apps.gate.findings import Refused
from apps.gate.merging import merge
from apps.gate.publication import withdraw
from apps.public.catalogue.models import Record, Redirect
from apps.taxonomy.models import Theme
from apps.taxonomy.words import Relation
from apps.workbench import merging
from tests.workbench.test_merging import differing, everything


def record_of(entry) -> Record:
    return Record.objects.get(identifier=entry.identifier)


@pytest.fixture
def twice(world, publish):
    """A proposition entered twice, each with a public position from an article."""
    world.double = Proposition.objects.create(slug="p2", title="Allies ought to plan together")
    world.other = Position.objects.create(
        slug="o", title="It would calm everybody", article=world.article, proposition=world.double, stance="opposes"
    )
    for entry in (world.article, world.proposition, world.double, world.other):
        publish(entry)
    return world


@pytest.fixture
def naming(twice, publish):
    """Of the two, the proposition that is kept names the protected holder of the position on the other."""
    Position.objects.filter(pk=twice.position.pk).update(proposition=twice.double)
    Proposition.objects.filter(pk=twice.proposition.pk).update(title="Quill Zarnecki should plan")
    publish(Proposition.objects.get(pk=twice.proposition.pk))
    twice.other.speakers.add(twice.people[0])
    return twice


def test_positions_in_public_follow_to_the_proposition_that_is_kept(twice):
    merge(twice.proposition, twice.double)
    record = record_of(twice.other)
    assert record.content["proposition"] == twice.proposition.identifier
    assert record.links_out.get(tie="takes_side_on").target == record_of(twice.proposition)
    assert record.version == 1
    assert record_of(Proposition(identifier=record_of(twice.proposition).identifier)).withdrawn_at is None


def test_old_addresses_lead_to_what_is_kept_until_that_is_withdrawn(twice, client):
    old, new = f"/propositions/{twice.double.identifier}/", f"/propositions/{twice.proposition.identifier}/"
    merge(twice.proposition, twice.double)
    for page in ("", "export/json/", "cite/", "?a=b"):
        answer = client.get(old + page)
        assert (answer.status_code, answer["Location"]) == (301, new + page)
    assert client.get(f"{old}versions/1/")["Location"] == new
    withdraw(twice.proposition)
    assert client.get(old).status_code == 410


def test_old_addresses_lead_on_through_several_merges(twice, client, publish):
    third = Proposition.objects.create(slug="p3", title="Plan together, allies")
    publish(third)
    old = f"/propositions/{twice.double.identifier}/"
    merge(twice.proposition, twice.double)
    merge(third, twice.proposition)
    assert client.get(old)["Location"] == f"/propositions/{third.identifier}/"


def test_a_saved_filter_finds_what_it_found(twice, client, publish):
    kept = Theme.objects.create(slug="kept", name="Kept")
    twice.other.themes.add(twice.theme)
    twice.other.tags.add("old & worn")
    publish(twice.other)
    Tag.objects.create(name="new", slug="new")
    identifier = twice.double.identifier
    addresses = (
        f"/export/json/?theme={twice.theme.slug}",
        "/export/json/?tag=old+%26+worn",
        f"/export/json/?kind=position&proposition={identifier}",
    )
    before = [[one["identifier"] for one in taken(client, address)] for address in addresses]
    assert all(before)
    merge(kept, twice.theme)
    merge(Tag.objects.get(name="new"), Tag.objects.get(name="old & worn"))
    merge(twice.proposition, twice.double)
    assert [[one["identifier"] for one in taken(client, address)] for address in addresses] == before
    assert client.get("/themes/assurance/")["Location"] == "/themes/kept/"
    assert client.get("/tags/old%20%26%20worn/")["Location"] == "/tags/new/"


def taken(client, address: str) -> list:
    return json.loads(b"".join(client.get(address).streaming_content))


def test_a_tag_that_comes_back_has_its_own_address_again(twice, client, publish):
    twice.other.tags.add("old")
    publish(twice.other)
    merge(Tag.objects.create(name="new", slug="new"), Tag.objects.get(name="old"))
    twice.article.tags.add("old")
    publish(twice.article)
    assert client.get("/tags/old/").status_code == 200


def test_nothing_protected_comes_to_say_a_tag_that_nobody_has_looked_at(world, publish, publish_in_order):
    world.position.tags.add("planning")
    publish_in_order()
    new, known = Tag.objects.create(name="said by the deputy", slug="new"), Tag.objects.get(name="planning")
    with pytest.raises(CannotMerge, match="nothing public says yet"):
        merge(new, known)
    assert record_of(world.position).content["tags"] == ["planning"]
    merge(known, new)
    assert record_of(world.position).content["tags"] == ["planning"]


def test_no_redirect_says_a_tag_that_nothing_public_carries(twice, publish):
    twice.other.tags.add("Zarnecki")
    publish(twice.other)
    merge(Tag.objects.create(name="new", slug="new"), Tag.objects.get(name="Zarnecki"))
    assert Redirect.objects.exists()
    assert "Zarnecki" not in str(Redirect.objects.values_list())
    withdraw(twice.other)
    assert not Redirect.objects.exists()


def test_a_merge_publishes_no_edit_that_waits(twice):
    Position.objects.filter(pk=twice.other.pk).update(title="A secret draft")
    merge(twice.proposition, twice.double)
    assert record_of(twice.other).title == "It would calm everybody"


def test_a_public_proposition_does_not_go_into_one_that_is_not(twice):
    withdraw(twice.proposition)
    with pytest.raises(CannotMerge, match="keep the public one"):
        merge(twice.proposition, twice.double)
    assert record_of(twice.other).withdrawn_at is None


def test_what_the_gate_objects_to_after_a_merge_is_taken_out(naming):
    assert record_of(naming.other).withdrawn_at is None
    merge(naming.proposition, naming.double)
    both = [naming.other.identifier, naming.proposition.identifier]
    assert Record.objects.live().filter(identifier__in=both).count() < 2


def test_a_merge_that_is_tried_says_why_something_would_be_taken_out(naming, django_user_model):
    by = django_user_model.objects.create_superuser("root")
    done = merging.tried(partial(merging.merge, naming.proposition, [naming.double], by))
    reasons = {entry.pk: why for entry, why in done.recheck.taken_out}
    assert reasons
    assert any("Zarnecki" in one for why in reasons.values() for one in why)


def test_what_was_taken_out_comes_back_when_the_merge_is_undone(naming, publish, django_user_model):
    by = django_user_model.objects.create_superuser("root")
    CrossReference.objects.create(source=naming.article, target=naming.other, relation=Relation.SEE_ALSO)
    publish(naming.article)
    before = everything()
    done = merging.taken(partial(merging.merge, naming.proposition, [naming.double], by), by)
    assert record_of(naming.other).withdrawn_at or record_of(naming.proposition).withdrawn_at
    merging.undo(done.merge, by)
    assert differing(before, everything()) == []


def test_what_was_taken_out_and_may_not_be_public_any_more_stays_out(twice, publish, django_user_model):
    by = django_user_model.objects.create_superuser("root")
    done = merging.taken(partial(merging.merge, twice.proposition, [twice.double], by), by)
    twice.double.title = "Quill Zarnecki ought to plan"
    Person.objects.create(slug="ought", given_names="Allies", family_name="Ought")
    Attendance.objects.create(workshop=twice.workshop, person=Person.objects.get(slug="ought"))
    twice.other.speakers.add(Person.objects.get(slug="ought"))
    merging.undo(done.merge, by)
    both = [twice.other.identifier, twice.double.identifier]
    assert Record.objects.live().filter(identifier__in=both).count() < 2


def test_references_in_public_follow_each_once(twice, publish):
    for proposition in (twice.proposition, twice.double):
        CrossReference.objects.create(source=twice.article, target=proposition, relation=Relation.SEE_ALSO)
    CrossReference.objects.create(source=twice.proposition, target=twice.double, relation=Relation.SEE_ALSO)
    publish(twice.article)
    publish(twice.proposition)
    merge(twice.proposition, twice.double)
    assert record_of(twice.article).links_out.count() == 1
    assert not record_of(twice.proposition).links_out.exists()
    assert CrossReference.objects.count() == 1


def test_two_notes_of_one_reference_are_for_somebody_to_decide(twice):
    for proposition in (twice.proposition, twice.double):
        CrossReference.objects.create(
            source=twice.article, target=proposition, relation=Relation.SEE_ALSO, note=proposition.title
        )
    with pytest.raises(CannotMerge, match="each with a note"):
        merge(twice.proposition, twice.double)


def test_a_merge_of_two_organisations_is_judged(world, publish):
    """A text names the one; the other was there."""
    world.article.summary = "Heron House disagrees"
    body = Organisation.objects.create(slug="h", name="Heron House")
    position = world.position
    position.reported_as, position.summary = "", "As Heron House has it"
    position.quantifier = "some"
    position.save()
    for entry in (world.workshop, world.session, world.proposition, position):
        publish(entry)
    assert record_of(position).withdrawn_at is None
    merge(world.institute, body)
    assert record_of(position).withdrawn_at is not None


def test_names_of_the_double_are_aliases_and_stay_protected(world, publish):
    double = Person.objects.create(slug="d", given_names="Q.", family_name="Sarnetzki", aliases=["Zarny"])
    merge(world.people[0], double)
    person = Person.objects.get(pk=world.people[0].pk)
    assert {"Q. Sarnetzki", "Zarny"} <= set(person.aliases)


def test_attendance_at_other_sessions_is_kept(world):
    double = Person.objects.create(slug="d", given_names="Q.", family_name="Z")
    Attendance.objects.create(workshop=world.workshop, session=world.session, person=double)
    merge(world.people[0], double)
    assert Attendance.objects.filter(person=world.people[0]).count() == 2


def test_a_theme_between_the_two_is_no_circle(world):
    top, low = (Theme.objects.create(slug=name, name=name) for name in ("top", "low"))
    world.theme.broader.add(top)
    low.broader.add(world.theme)
    with pytest.raises(CannotMerge, match="third theme"):
        merge(low, top)
    merge(world.theme, top)
    assert not world.theme.broader.exists()
    assert Theme.objects.get(pk=world.theme.pk).alternative_names == ["top"]


def test_an_article_of_the_double_stays_signed_once(world):
    double = Person.objects.create(slug="d", family_name="Wroxham")
    Authorship.objects.create(article=world.article, person=double, affiliation=world.institute)
    merge(world.author, double)
    assert Article.objects.get(pk=world.article.pk).authorships.get().affiliation == world.institute


# --- What a merge of tags rewords is judged in every record, however many there are


@pytest.fixture
def many(closed_world, publish):
    """A tag that more records have than say anything of one person; a protected position among them."""
    for i in range(FEW + 2):
        article = Article.objects.create(slug=f"many{i}", title=f"Note {i}")
        article.tags.add("osterfeld")
        publish(article)
    closed_world.position.tags.add("osterfeld")
    publish(closed_world.position)
    return closed_world


def known_tag(name: str, article: Article, publish) -> Tag:
    """A tag that something public has."""
    article.tags.add(name)
    publish(article)
    return Tag.objects.get(name=name)


@pytest.mark.guards("what a merge rewords is judged again")
def test_a_tag_that_names_somebody_does_not_come_to_many_records_by_a_merge(many, publish):
    merge(known_tag("ostrovar plan", many.article, publish), Tag.objects.get(name="osterfeld"))
    assert record_of(many.article).withdrawn_at is None
    assert record_of(many.position).withdrawn_at


@pytest.mark.guards("what a merge rewords is judged again")
def test_a_tag_that_has_come_to_name_somebody_does_not_come_back_to_many_records(many, publish):
    boss = User.objects.create_superuser("boss")
    scheme = known_tag("scheme", many.article, publish)
    done = merging.merge(scheme, [Tag.objects.get(name="osterfeld")], boss)
    late = Person.objects.create(slug="late", given_names="Quill", family_name="Osterfeld")
    Attendance.objects.create(workshop=many.workshop, person=late)
    assert record_of(many.position).content["tags"] == ["scheme"]
    merging.undo(done.merge, boss)
    record = record_of(many.position)
    assert record.withdrawn_at or "osterfeld" not in record.content["tags"]


@pytest.mark.guards("tagged_with_its_speaker")
def test_a_former_tag_leads_to_what_it_was_merged_into(closed_world, publish):
    signed = Article.objects.create(slug="signed", title="On harbours")
    Authorship.objects.create(article=signed, person=closed_world.people[0])
    other = Article.objects.create(slug="other", title="On boats")
    for article in (signed, other):
        article.tags.add("old")
        publish(article)
    signed.tags.clear()
    publish(signed)
    closed_world.position.tags.add("new")
    publish(closed_world.position)
    merge(Tag.objects.get(name="new"), Tag.objects.get(name="old"))
    withdraw(other)
    assert record_of(closed_world.position).withdrawn_at


# --- What an undo brings back, and what it leaves


@pytest.fixture
def boss(db) -> User:
    return User.objects.create_superuser("boss")


@pytest.mark.guards("who edited something since a step stays its last editor")
def test_who_edits_between_a_merge_and_its_undoing_does_not_publish_that(closed_world, boss):
    position, tags = closed_world.position, [Tag.objects.create(name=name, slug=name) for name in ("old", "new")]
    position.tags.add("old")
    position.touch(User.objects.create_user("somebody"))
    done = merging.merge(tags[1], [tags[0]], boss)
    Position.objects.get(pk=position.pk).touch(boss)
    merging.undo(done.merge, boss)
    assert position.tags.get().name == "old"
    with pytest.raises(Refused, match="You edited this last"):
        publication.publish(position, by=boss)


@pytest.mark.guards("what an undo brings back is judged at its other ends")
def test_what_an_undo_brings_back_leads_to_no_speaker_elsewhere(closed_world, boss, publish):
    """An article that was taken out, since it came to name a holder, comes back with words that its author has held
    unnamed since."""
    words = "A quiet harbour keeps twelve small boats and no admirals who would ever leave it at dawn."
    article = closed_world.article
    article.summary = f"{words} As Milner says."
    article.save()
    held = Position.objects.create(slug="held", title="Calm is good", session=closed_world.session)
    held.speakers.add(closed_world.people[0])
    CrossReference.objects.create(source=article, target=held, relation=Relation.SEE_ALSO)
    elsewhere = Workshop.objects.create(slug="w2", title="Another workshop")
    session = Session.objects.create(slug="s2", title="Another session", workshop=elsewhere, number=1)
    for entry in (held, article, elsewhere, session):
        publish(entry)
    milner = Person.objects.create(slug="milner", given_names="Bob", family_name="Milner")
    done = merging.merge(closed_world.people[0], [milner], boss)
    assert record_of(article).withdrawn_at
    article.summary = "Other words."
    article.save()
    since = Position.objects.create(slug="since", title="Boats are good", summary=words, session=session)
    since.speakers.add(closed_world.author)
    publish(since)
    merging.undo(done.merge, boss)
    assert record_of(article).withdrawn_at is None
    assert record_of(since).withdrawn_at


@pytest.mark.guards("no old tag that names somebody leads on")
def test_an_old_tag_that_names_the_holder_leads_nowhere(closed_world, publish, client):
    signed = Article.objects.create(slug="signed", title="On harbours")
    Authorship.objects.create(article=signed, person=closed_world.people[0])
    for entry, tag in ((signed, "zarnecki"), (closed_world.article, "harbours"), (closed_world.position, "harbours")):
        entry.tags.add(tag)
        publish(entry)
    merge(Tag.objects.get(name="harbours"), Tag.objects.get(name="zarnecki"))
    assert client.get("/tags/harbours/").status_code == 200
    assert client.get("/tags/zarnecki/").status_code == client.get("/tags/nonsense/").status_code == 404
