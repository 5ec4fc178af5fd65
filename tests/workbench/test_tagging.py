"""Tagging and cross-referencing from a record's public page, and what is suggested for an entry."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from apps.curation.models import Article, CrossReference, Entry, Passage, Position, Proposition, Status
from apps.gate.publication import publish
from apps.public.catalogue.models import Record
from apps.public.website.reading import url_of
from apps.taxonomy.models import Broader, Theme
from apps.workbench.tagging.forms import find_entries, offer_entries
from apps.workbench.tagging.suggesting import Suggestions, suggestions

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(entries, reviewer) -> SimpleNamespace:
    for entry in (entries.article, entries.proposition, entries.position):
        publish(entry, by=reviewer.user)
    return entries


def address(entry) -> str:
    return url_of(entry.kind, entry.identifier)


def page_of(entry) -> str:
    return reverse(f"admin:curation_{entry.kind}_tagging", args=[entry.pk])


def bar(client: Client, entry) -> str:
    part = BeautifulSoup(client.get(address(entry)).content, "html.parser").select_one("aside.bar")
    return part.get_text(" ", strip=True) if part else ""


def form_with(client: Client, entry, button: str) -> dict[str, str]:
    """What a browser would send back of the form with a button."""
    page = BeautifulSoup(client.get(address(entry)).content, "html.parser")
    form = page.select_one(f"aside.bar button[name={button}]").find_parent("form")
    sent = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
    sent |= {one["name"]: one.get_text() for one in form.select("textarea[name]")}
    return sent | {button: "1"}


def names(relation) -> list[str]:
    return sorted(one.name for one in relation.all())


# --- Who sees it


def test_readers_get_the_page_that_they_always_got(public, client):
    answer = client.get(address(public.position))
    assert "bar" not in answer.context["request"].__dict__
    assert "Workbench" not in answer.content.decode()
    assert answer["Cache-Control"] == "no-cache"
    assert "Cookie" not in answer.get("Vary", "")


def test_whoever_may_not_see_entries_gets_a_readers_page(public, client):
    client.force_login(User.objects.create_user("guest"))
    assert bar(client, public.position) == ""
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert bar(client, public.position) == ""


def test_a_page_with_a_bar_is_kept_by_nobody_and_never_answered_from_what_was_kept(public, client, analyst):
    etag = client.get(address(public.position))["ETag"]
    answer = analyst.get(address(public.position), headers={"If-None-Match": etag})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert "ETag" not in answer


def test_a_database_that_does_not_answer_is_a_503_for_analysts_too(public, analyst):
    def locked(*_: object) -> None:
        raise OperationalError("database is locked")

    with connection.execute_wrapper(locked):
        assert analyst.get(address(public.position)).status_code == 503


def test_a_former_version_and_a_list_have_none(public, analyst):
    for page in (f"{address(public.position)}versions/1/", "/browse/", "/"):
        assert 'aside class="bar"' not in analyst.get(page).content.decode()


def test_somebody_who_may_only_look_is_offered_nothing_to_do(public, looker):
    said = bar(looker, public.position)
    assert "Suggestions" in said
    assert "Save" not in said
    assert "Link it" not in said
    assert looker.post(page_of(public.position), {"_terms": "1", "tags": "mine"}).status_code == 403


def test_the_analyst_is_led_on(public, analyst, reviewer):
    page = BeautifulSoup(analyst.get(address(public.position)).content, "html.parser").select_one("aside.bar")
    assert page.find("a", string="Edit")["href"] == reverse("admin:curation_position_change", args=[public.position.pk])
    assert page.find("a", string="Review") is None
    assert "Review" in bar(reviewer, public.position)


# --- Tags, regions and themes


def test_what_is_added_and_taken_out_is_saved_and_waits_for_the_gate(public, analyst):
    Theme.objects.create(slug="storm", name="Storm")
    form = form_with(analyst, public.position, "_terms") | {"themes": "Storm", "tags": "a tag, another, with"}
    answer = analyst.post(page_of(public.position), form)
    assert answer["Location"] == address(public.position)
    assert names(public.position.themes) == ["Storm"]
    assert names(public.position.tags) == ["a tag", "another", "with"]
    assert Record.objects.get(identifier=public.position.identifier).content["themes"] == ["calm"]
    said = bar(analyst, public.position)
    assert "Its tags, regions and themes are saved." in said
    assert "Unpublished changes 2" in said
    assert Entry.objects.get(pk=public.position.pk).modified_by == analyst.user


@pytest.mark.parametrize("kind", ["article", "session", "workshop", "proposition", "position"])
def test_an_entry_of_any_kind_is_tagged(public, analyst, kind):
    entry = Entry.objects.filter(kind=kind).first().child
    answer = analyst.post(page_of(entry), {"tags": "of its own", "_terms": "1"})
    assert answer.status_code == 302
    assert "of its own" in names(entry.tags)


def test_a_tag_that_is_too_long_is_answered_in_words_and_kept_in_its_line(public, analyst):
    answer = analyst.post(page_of(public.article), {"tags": "x" * 300, "_terms": "1"})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.select_one("input[name=tags]")["value"] == "x" * 300
    assert "100" in page.select_one(".errorlist").text


def test_the_reviewer_publishes_from_there(public, reviewer):
    other = User.objects.create_user("other")
    public.position.tags.add("new")
    public.position.touch(other)
    reviewer.post(page_of(public.position), form_with(reviewer, public.position, "_publish"))
    assert Record.objects.get(identifier=public.position.identifier).content["tags"] == ["a tag", "new"]
    assert "Unpublished" not in bar(reviewer, public.position)


def test_the_analyst_hands_in_from_there_and_cannot_publish(public, analyst):
    public.position.tags.add("new")
    public.position.touch(analyst.user)
    assert analyst.post(page_of(public.position), {"_publish": "1"}).status_code == 403
    analyst.post(page_of(public.position), form_with(analyst, public.position, "_submit"))
    assert Entry.objects.get(pk=public.position.pk).status == Status.SUBMITTED


def test_what_the_gate_refuses_is_said_there(public, reviewer):
    Passage.objects.create(position=public.position, quotation="gone", state="lost")
    public.position.tags.add("new")
    public.position.touch(User.objects.create_user("other"))
    reviewer.post(page_of(public.position), form_with(reviewer, public.position, "_publish"))
    said = bar(reviewer, public.position)
    assert "“A position” was not published." in said
    assert "Unpublished changes" in said


def test_two_who_tag_at_once_keep_both(public, analyst, reviewer):
    mine, theirs = (form_with(one, public.position, "_terms") for one in (analyst, reviewer))
    analyst.post(page_of(public.position), mine | {"tags": "a tag, mine"})
    reviewer.post(page_of(public.position), theirs | {"tags": "theirs"})
    assert names(public.position.tags) == ["mine", "theirs"]


def test_an_unknown_region_is_answered_with_the_nearest_and_nothing_is_lost(public, analyst):
    form = form_with(analyst, public.position, "_terms") | {"regions": "Baltik", "tags": "kept, as typed"}
    answer = analyst.post(page_of(public.position), form)
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    assert "Did you mean “Baltic”?" in page.get_text()
    assert page.select_one("input[name=tags]")["value"] == "kept, as typed"
    assert names(public.position.tags) == ["a tag"]
    again = {one["name"]: one.get("value", "") for one in page.select(".bar-form input[name]")}
    done = analyst.post(page_of(public.position), again | {"regions": "Baltic", "_terms": "1"})
    assert done["Location"] == address(public.position)
    assert names(public.position.tags) == ["as typed", "kept"]


@pytest.mark.parametrize("tags", ["x" * 300, "?!", "a\x00b", "y" * 20_000])
def test_rubbish_is_answered_in_words(public, analyst, tags):
    answer = analyst.post(page_of(public.position), {"_terms": "1", "tags": tags, "initial-tags": "\x00"})
    assert answer.status_code == 422
    assert names(public.position.tags) == ["a tag"]


def test_what_stood_in_the_form_and_is_no_more_is_no_error(public, analyst):
    form = form_with(analyst, public.position, "_terms") | {"initial-regions": "Nowhere, Baltic", "regions": ""}
    analyst.post(page_of(public.position), form)
    assert names(public.position.regions) == []


def test_it_never_leads_to_another_site(public, analyst):
    for back in ("https://example.org/", "//example.org/", "javascript:1", "/\\example.org"):
        answer = analyst.post(page_of(public.position), {"_terms": "1", "tags": "a tag", "back": back})
        assert answer["Location"] == page_of(public.position)


def test_whoever_was_signed_out_meanwhile_loses_nothing(public, analyst):
    form = form_with(analyst, public.position, "_terms") | {"tags": "typed for long"}
    analyst.logout()
    answer = analyst.post(page_of(public.position), form)
    assert answer.status_code == 401
    assert "typed for long" in answer.content.decode()


# --- Cross-references


def test_it_is_linked_to_what_is_named(public, analyst):
    form = form_with(analyst, public.position, "_link")
    sent = form | {"relation": "cites", "target": "Article: an ARTICLE", "note": "See page 3."}
    analyst.post(page_of(public.position), sent)
    reference = CrossReference.objects.get()
    assert (reference.source_id, reference.target_id) == (public.position.pk, public.article.pk)
    assert (reference.relation, reference.note) == ("cites", "See page 3.")
    assert "Cross-references 1" in bar(analyst, public.position)
    again = analyst.post(page_of(public.position), sent)
    assert again.status_code == 422
    assert CrossReference.objects.count() == 1


def test_an_entry_is_named_by_address_identifier_or_title(entries):
    article = entries.article
    for typed in (
        address(article),
        f"https://kb.example{address(article)}",
        article.identifier,
        "an article",
        "An  article",
    ):
        assert [one.pk for one in find_entries(typed, Entry.objects.all())] == [article.pk]
    assert find_entries("Position: An article", Entry.objects.all()) == []
    assert find_entries("nothing", Entry.objects.all()) == []
    assert [one.pk for one in offer_entries("ARTICLE an", Entry.objects.all())] == [article.pk]
    assert offer_entries("", Entry.objects.all()) == []


def test_where_several_are_meant_one_is_chosen(public, analyst):
    twins = [Proposition.objects.create(slug=f"twin-{i}", title="A twin") for i in range(2)]
    form = form_with(analyst, public.position, "_link") | {"relation": "cites", "target": "a twin", "note": "Kept."}
    answer = analyst.post(page_of(public.position), form)
    page = BeautifulSoup(answer.content, "html.parser")
    assert "Several entries are called so" in page.get_text()
    assert page.select_one("textarea[name=note]").get_text().strip() == "Kept."
    offered = {one["value"] for one in page.select("input[name=chosen]")}
    assert offered == {one.identifier for one in twins}
    analyst.post(page_of(public.position), form | {"chosen": twins[1].identifier})
    assert CrossReference.objects.get().target_id == twins[1].pk


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"relation": "cites", "target": "A posit"}, "Choose one of these"),
        ({"relation": "cites", "target": "xyz"}, "none has these words"),
        ({"relation": "cites", "target": "A position"}, "leads back"),
        ({"relation": "eats", "target": "An article"}, "not one of the available"),
        ({"relation": "cites", "target": ""}, "required"),
        ({"relation": "cites", "target": "z" * 600}, "at most 500"),
    ],
)
def test_a_link_that_cannot_be_is_answered_in_words(public, analyst, sent, said):
    answer = analyst.post(page_of(public.position), {"_link": "1"} | sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not CrossReference.objects.exists()


def test_a_reference_is_taken_out_and_gone_ones_are_no_error(public, analyst):
    reference = CrossReference.objects.create(source=public.position, target=public.article, relation="cites")
    for key in (reference.pk, reference.pk, "x", "٣"):
        assert analyst.post(page_of(public.position), {"_unlink": key}).status_code == 302
    assert not CrossReference.objects.exists()


def test_another_entrys_reference_is_not_taken_out(public, analyst):
    reference = CrossReference.objects.create(source=public.article, target=public.position, relation="cites")
    analyst.post(page_of(public.position), {"_unlink": reference.pk})
    assert CrossReference.objects.exists()


# --- Suggestions


def suggested(entry: Entry) -> Suggestions:
    """To somebody who may read all."""
    return suggestions(entry, User(is_superuser=True))


def test_a_theme_that_its_own_words_name_is_suggested_and_added_by_a_click(public, analyst):
    storm = Theme.objects.create(slug="storm", name="Storm", alternative_names=["tempest"])
    Broader.objects.create(narrower=storm, broader=Theme.objects.create(slug="weather", name="Weather"))
    Position.objects.filter(pk=public.position.pk).update(title="A tempest in the weather is no calm")
    [theme] = suggested(Entry.objects.get(pk=public.position.pk)).themes
    assert (theme.node.slug, theme.reason) == ("storm", "Its words name it: “tempest”.")
    assert names(public.position.themes) == ["Calm"]
    analyst.post(page_of(public.position), {"_theme": "storm"})
    assert names(public.position.themes) == ["Calm", "Storm"]
    assert suggested(Entry.objects.get(pk=public.position.pk)).themes == []
    assert analyst.post(page_of(public.position), {"_theme": "none"}).status_code == 404


@pytest.fixture
def alike(public, reviewer) -> list[Position]:
    """Four public positions that say nearly what a fifth, which isn't public, says."""
    storm = Theme.objects.create(slug="storm", name="Storm")
    found = []
    for i, word in enumerate(["frigates", "submarines", "airfields", "shipyards"]):
        title = f"Undersea cables need {word} to guard the archipelago"
        one = Position.objects.create(slug=f"like-{i}", title=title, article=public.article)
        one.themes.add(storm)
        publish(one, by=reviewer.user)
        found.append(one)
    return found


def test_related_entries_come_with_the_words_that_they_share_and_are_linked_by_a_click(public, alike, analyst):
    entry = Position.objects.create(slug="new", title="An archipelago without cables", article=public.article)
    found = suggested(Entry.objects.get(pk=entry.pk))
    assert {one.entry.pk for one in found.related} == {one.pk for one in alike}
    assert "“archipelago”" in found.related[0].reason
    assert "“cables”" in found.related[0].reason
    assert not CrossReference.objects.exists()
    target = found.related[0].entry
    analyst.post(page_of(entry), {"_see_also": target.identifier})
    assert CrossReference.objects.get().target_id == target.pk
    assert target.pk not in {one.entry.pk for one in suggested(Entry.objects.get(pk=entry.pk)).related}
    assert analyst.post(page_of(entry), {"_see_also": target.identifier}).status_code == 302
    assert analyst.post(page_of(entry), {"_see_also": entry.identifier}).status_code == 302
    assert CrossReference.objects.count() == 1


def test_a_theme_of_its_neighbours_is_suggested_with_their_number(public, alike):
    entry = Position.objects.create(slug="new", title="An archipelago without cables", article=public.article)
    [theme] = suggested(Entry.objects.get(pk=entry.pk)).themes
    assert theme.reason == "4 of the 4 records most like it have it."


def test_what_has_nearly_its_title_may_be_a_duplicate_public_or_not(public, alike):
    twin = Position.objects.create(
        slug="t", title="To guard the archipelago undersea cables need frigates", article=public.article
    )
    other = Position.objects.create(
        slug="u", title="Undersea cables need frigates to guard an archipelago", article=public.article
    )
    found = {one.entry.pk: one.reason for one in suggested(Entry.objects.get(pk=twin.pk)).duplicates}
    assert found == {
        alike[0].pk: "The titles have the same words.",
        other.pk: "The titles have nearly the same words.",
    }
    assert alike[0].pk not in {one.entry.pk for one in suggested(Entry.objects.get(pk=twin.pk)).related}


def test_positions_on_the_same_words_of_a_source_may_be_duplicates(public):
    other = Position.objects.create(slug="q", title="Quite another claim", article=public.article)
    for position in (public.position, other):
        Passage.objects.create(position=position, quotation="the very words")
    [found] = suggested(Entry.objects.get(pk=public.position.pk)).duplicates
    assert (found.entry.pk, found.reason) == (other.pk, "It stands on the same words: “the very words”.")


def test_what_was_put_away_is_not_suggested_until_it_is_asked_for(public, alike, analyst):
    title = "To guard the archipelago undersea cables need frigates"
    twin = Entry.objects.get(pk=Position.objects.create(slug="t", title=title, article=public.article).pk)
    before = suggested(twin)
    [theme], [double], related = before.themes, before.duplicates, before.related[0]
    for name, value in (
        ("_not_theme", theme.node.slug),
        ("_not_same", double.entry.identifier),
        ("_not_related", related.entry.identifier),
        ("_not_related", related.entry.identifier),
    ):
        assert analyst.post(page_of(twin), {name: value}).status_code == 302
    after = suggested(twin)
    assert (after.themes, after.duplicates, after.put_away) == ([], [], 2)
    assert after.apart == [double.entry]
    shown = {one.entry.pk for one in after.related}
    assert not shown & {related.entry.pk, double.entry.pk}
    assert twin.pk not in {one.entry.pk for one in suggested(double.entry).duplicates}  # it goes for both
    analyst.post(page_of(twin), {"_offer_again": "1"})
    again = suggested(twin)
    assert (again.themes, again.related, again.duplicates) == (before.themes, before.related, []), "that was a decision"
    analyst.post(page_of(twin), {"_compare_again": double.entry.identifier})
    assert suggested(twin) == before


def test_who_may_only_look_puts_no_suggestion_away(public, looker):
    assert looker.post(page_of(public.position), {"_not_theme": "calm"}).status_code in (403, 404)


def test_without_an_index_it_says_so(public, settings, analyst):
    settings.SEARCH_INDEX_DIR = "/proc/none"
    assert "The search index is not there" in bar(analyst, public.position)


def test_every_kind_has_the_page_and_leads_to_it(entries, analyst):
    for entry in (entries.workshop, entries.session, entries.article, entries.proposition, entries.position):
        assert analyst.get(page_of(entry)).status_code == 200
        form = analyst.get(reverse(f"admin:curation_{entry.kind}_change", args=[entry.pk])).content.decode()
        assert page_of(entry) in form


def test_an_article_with_the_same_address_may_be_a_duplicate(public):
    Article.objects.filter(pk=public.article.pk).update(url="https://example.org/a")
    other = Article.objects.create(slug="other", title="Quite another title", url="http://www.example.org/a/")
    [found] = suggested(Entry.objects.get(pk=public.article.pk)).duplicates
    assert found.entry.pk == other.pk
    assert "address" in found.reason


def test_a_duplicate_of_a_proposition_leads_to_where_both_are_made_one(public, reviewer, analyst):
    twin = Proposition.objects.create(slug="twin", title="A proposition")
    address_of_merge = reverse("admin:curation_proposition_merge")
    for client in (reviewer, analyst):
        page = BeautifulSoup(client.get(address(public.proposition)).content, "html.parser")
        link = page.find("a", string="Merge …")
        assert link["href"] == f"{address_of_merge}?of={public.proposition.pk}&of={twin.pk}"
        assert client.get(link["href"]).status_code == 200
    assert Proposition.objects.count() == 2
