"""The coding view as it works without a script: what is shown, what is saved, what is refused in words."""

import html
import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    Entry,
    Passage,
    Person,
    Position,
    Proposition,
    Session,
)
from apps.gate.publication import publish
from apps.taxonomy.models import Region, Theme
from apps.taxonomy.words import Anchoring, Stance
from tests.curation.mutated import SENTENCES
from tests.workbench.forms import change, save
from tests.workbench.forms import form_of as form_at

TEXT = "\n\n".join(" ".join(SENTENCES[i : i + 3]) for i in (0, 3, 6)) + "\n[1] A footnote 😀, Café."
SAID = SENTENCES[4]


@pytest.fixture
def article(entries) -> Article:
    Position.objects.all().delete()
    Article.objects.filter(pk=entries.article.pk).update(text=TEXT)
    Authorship.objects.create(article=entries.article, person=entries.person)
    return Article.objects.get()


def code(source, page: str = "", *args) -> str:
    return reverse(f"admin:curation_{source.kind}_code{page}", args=[source.pk, *args])


def filled(client, address: str, **fields) -> dict:
    """The coding form as a browser without a script would send it."""
    return form_at(client, address) | {"title": "A claim", "passages-0-quotation": SAID} | fields


def send(client, source, **fields):
    return client.post(code(source), filled(client, code(source), **fields))


def said(response) -> str:
    page = BeautifulSoup(response.content, "html.parser")
    return " ".join(one.get_text(" ", strip=True) for one in page.select(".errornote, .errorlist, .messagelist"))


def text_on(response) -> str:
    """The text on the page; BeautifulSoup would make one blank of several."""
    _, _, rest = response.content.decode().partition('id="coding-text"')
    return html.unescape(re.sub(r"<[^>]*>", "", rest.partition(">")[2].partition("</div>")[0]))


# --- What is shown


def test_the_page_holds_the_text_to_the_letter(analyst, article):
    assert text_on(analyst.get(code(article))) == TEXT
    for name in ("article", "session"):
        assert analyst.get(reverse(f"admin:curation_{name}_add")).status_code == 200


def test_it_is_reached_from_the_forms_of_articles_and_sessions(analyst, article, entries):
    Session.objects.update(text=TEXT)
    for source in (article, entries.session):
        assert f'href="{code(source)}"' in analyst.get(change(source)).content.decode()
        assert analyst.get(code(source)).status_code == 200
    assert "code/" not in analyst.get(change(entries.workshop)).content.decode()


def test_a_source_without_a_text_says_where_to_put_it(analyst, article):
    Article.objects.update(text="")
    assert "There is no text here yet" in analyst.get(code(article)).content.decode()


def test_the_queries_are_the_same_for_few_positions_and_many(analyst, article):
    def count(many: int) -> int:
        for n in range(many):
            position = Position.objects.create(slug=f"{many}-{n}", title="P", article=article)
            Passage.objects.create(position=position, quotation=SENTENCES[n % 9])
        with CaptureQueriesContext(connection) as queries:
            assert analyst.get(code(article)).status_code == 200
        return len(queries)

    # session, user, 2 for permissions; article with its record; speakers twice; positions, passages; vocabulary ...
    # and twice what this reader codes apart
    analyst.get(code(article))  # what is in memory from then on: permissions, the vocabulary
    assert count(2) == count(20) <= 14


# --- What is saved


def test_a_position_is_saved_as_a_draft_with_its_passage(analyst, article, entries):
    response = send(
        analyst, article, proposition="a PROPOSITION", stance="opposes", quantifier="some", regions="Baltic",
        themes="calm", speakers=[str(entries.person.pk)], named_in_source="on",
    )  # fmt: skip
    position = Position.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"{code(article)}#position-{position.pk}"
    assert (position.title, position.stance, position.quantifier) == ("A claim", "opposes", "some")
    assert (position.status, position.slug, position.order) == ("draft", "a-claim", 1)
    assert (position.article, position.proposition) == (article, entries.proposition)
    assert list(position.regions.all()) == [entries.baltic]
    assert list(position.themes.all()) == [entries.theme]
    assert list(position.speakers.all()) == [entries.person]
    assert position.modified_by == analyst.user
    passage = position.passages.get()
    start = TEXT.index(SAID)
    assert (passage.quotation, passage.start, passage.end) == (SAID, start, start + len(SAID))
    assert (passage.state, passage.prefix, passage.suffix) == (
        "exact",
        TEXT[start - 32 : start],
        TEXT[passage.end :][:32],
    )
    assert LogEntry.objects.get().get_change_message() == "Coded in “An article”."


def test_regions_and_themes_that_the_words_name_are_suggested_without_a_script(analyst, article):
    """A button shows them, each with a tick; nothing is saved by that, and nothing that was typed is lost."""
    Article.objects.filter(pk=article.pk).update(text="Calm in the Baltic is cheap.")
    typed = {"title": "Calm is cheap", "passages-0-quotation": "Calm in the Baltic", "themes": "", "stance": "supports"}
    answer = send(analyst, article, **typed, _suggest="1")
    assert answer.status_code == 200
    page = BeautifulSoup(answer.content, "html.parser")
    offered = {one["name"]: one["value"] for one in page.select(".coding-suggested input")}
    assert offered == {"regions-suggested": "Baltic", "themes-suggested": "Calm"}
    assert page.select_one("#id_title").text.strip() == "Calm is cheap"
    assert not Position.objects.exists()
    ticked = {"regions-suggested": ["Baltic"], "regions": "Europe,", "themes-suggested": ["Calm"]}
    assert send(analyst, article, **{**typed, **ticked, "stance": ""}).status_code == 302
    position = Position.objects.get()
    assert {one.slug for one in position.regions.all()} == {"baltic", "europe"}
    assert [one.slug for one in position.themes.all()] == ["calm"]


def test_a_proposition_that_is_nearly_of_that_title_is_offered(analyst, article):
    assert "Did you mean “A proposition”?" in said(
        send(analyst, article, proposition="A propositon", stance="supports")
    )


def test_a_new_proposition_is_made_if_that_is_what_is_meant(analyst, article):
    typed = {"proposition": "Allies should be told first", "stance": "supports"}
    assert "There is none of that title" in said(send(analyst, article, **typed))
    assert not Position.objects.exists()
    assert send(analyst, article, **typed, is_new="on").status_code == 302
    proposition = Proposition.objects.get(title="Allies should be told first")
    assert Position.objects.get().proposition == proposition
    assert (proposition.status, proposition.modified_by, proposition.slug) == (
        "draft", analyst.user, "allies-should-be-told-first",
    )  # fmt: skip


def test_those_who_came_may_have_spoken(analyst, article, entries):
    Session.objects.update(text=TEXT)
    other = Person.objects.create(slug="y", family_name="Elsewhere")
    Attendance.objects.create(workshop=entries.workshop, session=entries.session, person=other)
    Person.objects.create(slug="z", family_name="Absent")
    page = BeautifulSoup(analyst.get(code(entries.session)).content, "html.parser")
    assert {one.get_text(strip=True) for one in page.select(".coding-speakers label")} == {
        "Quill Zarnecki",
        "Elsewhere",
    }
    assert send(analyst, entries.session, speakers=[str(other.pk)]).status_code == 302
    assert Position.objects.get().session == entries.session


def test_a_title_in_another_script_needs_no_slug(analyst, article):
    assert send(analyst, article, title="抑止力").status_code == 302
    assert Position.objects.get().slug.startswith("a")


def test_a_place_in_code_points_is_taken_as_it_is(analyst, article):
    start = TEXT.index("😀")
    fields = {"passages-0-quotation": "😀, Café", "passages-0-start": start, "passages-0-end": start + 7}
    assert send(analyst, article, **fields).status_code == 302
    assert TEXT[slice(*Passage.objects.values_list("start", "end").get())] == "😀, Café"


def test_words_over_two_paragraphs_and_a_footnote_are_found(analyst, article):
    words = TEXT[TEXT.index("Nobody in") : TEXT.index(" 😀")]
    assert send(analyst, article, **{"passages-0-quotation": words.replace("\n", "\r\n")}).status_code == 302
    assert Passage.objects.get().quotation == words


def test_a_position_is_edited_and_keeps_what_is_not_asked_for(analyst, article, entries):
    send(analyst, article)
    position = Position.objects.get()
    position.passages.update(locator="page 3")
    position.tags.add("kept")
    address = code(article, "_position", position.pk)
    data = form_at(analyst, address)
    assert data["passages-0-quotation"] == SAID
    response = analyst.post(address, data | {"title": "Another claim", "passages-1-quotation": SENTENCES[0]})
    assert response.status_code == 302, said(response)
    position.refresh_from_db()
    assert (position.title, position.slug, list(position.tags.names())) == ("Another claim", "a-claim", ["kept"])
    assert set(position.passages.values_list("quotation", "locator")) == {(SAID, "page 3"), (SENTENCES[0], "")}


# --- What waits


def test_what_has_changed_is_taken_as_it_stands_or_taken_out(analyst, article):
    send(analyst, article, **{"passages-1-quotation": SENTENCES[7], "passages-TOTAL_FORMS": "2"})
    position = Position.objects.get()
    edited = TEXT.replace("Nobody in the room disputed", "Nobody in that room doubted").replace(SENTENCES[7] + " ", "")
    save(analyst, article, text=edited)
    assert set(position.passages.values_list("state", flat=True)) == {Anchoring.CHANGED, Anchoring.LOST}
    page = analyst.get(code(article)).content.decode()
    assert "Changed:" in page
    assert "Lost:" in page
    address = code(article, "_position", position.pk)
    data = form_at(analyst, address)
    assert data["passages-0-quotation"].startswith("Nobody in that room doubted")
    assert "don't stand in the text" in said(analyst.post(address, data))
    response = analyst.post(address, data | {"passages-1-DELETE": "on"})
    assert response.status_code == 302, said(response)
    passage = Position.objects.get().passages.get()
    assert (passage.state, passage.quotation) == (Anchoring.EXACT, data["passages-0-quotation"])


# --- What is refused, in words, with what was typed still there


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"passages-0-quotation": "Nobody said this at all."}, "don't stand in the text"),
        ({"passages-0-quotation": "consultation"}, "These words stand 2 times"),
        ({"passages-0-quotation": " "}, "Quote the words of the text"),
        ({"passages-0-quotation": "x" * 10_001}, "at most 10000 characters"),
        ({"passages-0-quotation": "a\x00b"}, "Null characters are not allowed"),
        ({"title": ""}, "This field is required"),
        ({"title": "x" * 301}, "at most 300 characters"),
        ({"title": "a\x00b"}, "Null characters are not allowed"),
        ({"proposition": "A proposition"}, "Say where it stands"),
        ({"proposition": "Quite new", "is_new": "on"}, "Say where it stands"),
        ({"stance": "shouts"}, "Select a valid choice"),
        ({"regions": "Baltik"}, "There is no region “Baltik”. Did you mean “Baltic”?"),
        ({"themes": "t" * 300}, "There is no theme"),
        ({"themes": "t" * 3000}, "at most 2000 characters"),
        ({"speakers": ["999999"]}, "Select a valid choice"),
        ({"passages-TOTAL_FORMS": "99"}, "at most 20"),
    ],
)
def test_bad_input_is_answered_in_words(analyst, article, fields, words):
    response = send(analyst, article, **{"quantifier": "many"} | fields)
    assert response.status_code == 422
    assert words in said(response)
    assert not Position.objects.exists()
    page = BeautifulSoup(response.content, "html.parser")
    assert page.select_one("select[name=quantifier] option[selected]")["value"] == "many"
    assert text_on(response) == TEXT


def test_two_propositions_of_one_title_are_left_to_the_analyst(analyst, article):
    Proposition.objects.create(slug="p2", title="a proposition")
    assert "Several propositions" in said(send(analyst, article, proposition="A proposition", stance="supports"))


def test_the_management_form_may_be_missing(analyst, article):
    response = analyst.post(code(article), {"title": "A claim"})
    assert response.status_code == 422


# --- Two tabs


def test_a_text_edited_meanwhile_is_said_once_and_nothing_is_lost(analyst, reviewer, article):
    data = filled(analyst, code(article), quantifier="most")
    save(reviewer, article, text=f"An opening. {TEXT}")
    response = analyst.post(code(article), data)
    assert response.status_code == 422
    assert "The text was edited by rex at" in said(response)
    again = BeautifulSoup(response.content, "html.parser").select_one("#coding_form")
    assert again.select_one("textarea[name=passages-0-quotation]").get_text(strip=True) == SAID
    data["seen_text"] = again.select_one("input[name=seen_text]")["value"]
    assert analyst.post(code(article), data).status_code == 302
    assert Passage.objects.get().start == TEXT.index(SAID) + len("An opening. ")


def test_a_position_edited_meanwhile_is_not_written_over_unseen(analyst, reviewer, article):
    send(analyst, article)
    position = Position.objects.get()
    address = code(article, "_position", position.pk)
    mine = form_at(analyst, address) | {"title": "Mine"}
    save(reviewer, position, title="Theirs", stance="neutral")
    response = analyst.post(address, mine)
    assert "edited by rex at" in said(response)
    assert "It is now “Theirs”, neutral, on no proposition" in said(response)
    assert Entry.objects.get(pk=position.pk).title == "Theirs"
    page = BeautifulSoup(response.content, "html.parser")
    assert page.select_one("textarea[name=title]").get_text(strip=True) == "Mine"
    mine["seen"] = page.select_one("input[name=seen]")["value"]
    assert analyst.post(address, mine).status_code == 302
    assert Entry.objects.get(pk=position.pk).title == "Mine"


# --- Signed out while writing


def test_what_was_typed_survives_signing_in_again(analyst, article):
    analyst.user.set_password("a long enough password")
    analyst.user.save()
    analyst.force_login(analyst.user)
    data = filled(analyst, code(article), title="Two\r\nlines")
    visitor = Client()
    response = visitor.post(code(article), data)
    assert response.status_code == 401
    page = BeautifulSoup(response.content, "html.parser").main.form
    sent = {one["name"]: one.get("value", "") for one in page.select("input[name]")}
    sent |= {one["name"]: one.get_text().removeprefix("\n") for one in page.select("textarea[name]")}
    assert sent["passages-0-quotation"] == SAID
    sent["sign_in_again"] = "1"
    wrong = visitor.post(code(article), sent | {"username": "ana", "password": "no"})
    assert "correct username and password" in wrong.content.decode()
    assert not Position.objects.exists()
    right = {"username": "ana", "password": "a long enough password"}
    response = visitor.post(code(article), sent | right)
    assert response.status_code == 302, said(response)
    assert Position.objects.get().title == "Two lines"


def test_a_script_is_told_that_nobody_is_signed_in(article, analyst):
    data = filled(analyst, code(article))
    response = Client().post(code(article), data, headers={"X-Requested-With": "coding"})
    assert response.status_code == 401


# --- Suggesting


def test_what_words_name_is_suggested(analyst, article, entries):
    words = ["The Baltic states are calm.", "So it was in the Baltic."]
    answer = analyst.post(code(article, "_suggested"), {"words": words})
    assert answer.json() == {"regions": ["Baltic"], "themes": ["Calm"]}
    assert analyst.post(code(article, "_suggested")).json() == {"regions": [], "themes": []}


# --- Taking back


def test_the_last_thing_done_is_taken_back(analyst, article):
    send(analyst, article, proposition="Quite new", stance="supports", is_new="on")
    response = analyst.post(code(article, "_undo"), follow=True)
    assert "“A claim” was taken back." in said(response)
    assert not Position.objects.exists()
    assert not Proposition.objects.filter(title="Quite new").exists()
    assert "nothing to take back" in said(analyst.post(code(article, "_undo"), follow=True))


def test_an_edit_is_taken_back_with_all_that_it_changed(analyst, article, entries):
    send(analyst, article, regions="Baltic", stance="supports")
    position = Position.objects.get()
    before = _all_of(position)
    address = code(article, "_position", position.pk)
    changed = {"title": "Other", "regions": "", "stance": "opposes", "passages-0-quotation": SENTENCES[0]}
    assert analyst.post(address, form_at(analyst, address) | changed).status_code == 302
    assert _all_of(position) != before
    analyst.post(code(article, "_undo"))
    assert _all_of(position) == before


def test_one_thing_after_the_other_is_taken_back(analyst, article):
    send(analyst, article, stance="supports", title="At first")
    position = Position.objects.get()
    address = code(article, "_position", position.pk)
    for title in ("Edited", "Edited again"):
        assert analyst.post(address, form_at(analyst, address) | {"title": title}).status_code == 302
    send(analyst, article, title="Another")
    said_each, titles = [], []
    for _ in range(5):
        said_each.append(said(analyst.post(code(article, "_undo"), follow=True)))
        titles.append(sorted(Position.objects.values_list("title", flat=True)))
    assert titles == [["Edited again"], ["Edited"], ["At first"], [], []]
    assert "nothing to take back" in said_each[-1]


def test_what_somebody_did_in_between_is_not_passed_over(analyst, reviewer, article):
    send(analyst, article, title="At first")
    position = Position.objects.get()
    save(reviewer, position, title="Theirs")
    address = code(article, "_position", position.pk)
    assert analyst.post(address, form_at(analyst, address) | {"title": "Mine"}).status_code == 302
    analyst.post(code(article, "_undo"))
    assert Position.objects.get().title == "Theirs"
    assert "was edited since" in said(analyst.post(code(article, "_undo"), follow=True))
    assert Position.objects.get().title == "Theirs"


def _all_of(position) -> tuple:
    row = Position.objects.get(pk=position.pk)
    passages = row.passages.values_list("quotation", "start", "end", "state", "number")
    return row.title, row.stance, list(row.regions.all()), list(passages)


def test_what_somebody_went_on_from_is_not_taken_back(analyst, reviewer, article):
    send(analyst, article)
    position = Position.objects.get()
    save(reviewer, position, title="Theirs")
    assert "was edited since" in said(analyst.post(code(article, "_undo"), follow=True))
    assert Position.objects.get().title == "Theirs"


def test_what_is_public_is_not_deleted_by_taking_it_back(analyst, reviewer, article):
    send(analyst, article, stance="supports")
    publish(article, by=reviewer.user)
    publish(Position.objects.get(), by=reviewer.user)
    assert "on its way to the public" in said(analyst.post(code(article, "_undo"), follow=True))
    assert Position.objects.exists()


def test_a_number_that_no_database_has_room_for_is_not_found(analyst, article):
    assert analyst.get(code(article, "_position", 10**30)).status_code == 404


# --- Who may


def test_who_may_only_look_sees_the_page_without_the_form(looker, analyst, article):
    data = filled(analyst, code(article))
    page = looker.get(code(article))
    assert page.status_code == 200
    assert "coding_form" not in page.content.decode()
    assert looker.post(code(article), data).status_code == 403
    assert looker.post(code(article, "_undo")).status_code == 403


def test_a_new_proposition_needs_the_right_to_add_one(analyst, article):
    group = analyst.user.groups.get()
    group.permissions.remove(Permission.objects.get(codename="add_proposition"))
    response = send(analyst, article, proposition="Quite new", stance="supports", is_new="on")
    assert response.status_code == 403
    assert not Position.objects.exists()


def test_an_address_of_nothing_is_a_404(analyst, article, entries):
    other = Position.objects.create(slug="s", title="S", session=entries.session)
    assert analyst.get(code(article, "_position", other.pk)).status_code == 404
    assert analyst.get(code(article).replace(str(article.pk), "99999999")).status_code == 404


def test_every_stance_has_a_sign_of_its_own(analyst, article):
    for stance in ["", *Stance]:
        position = Position.objects.create(slug=f"s{stance}", title=f"P {stance}", article=article, stance=stance)
        Passage.objects.create(position=position, quotation=SAID)
    page = BeautifulSoup(analyst.get(code(article)).content, "html.parser")
    classes = {one["class"][1] for one in page.select("#coding-text .mark")}
    assert classes == {"mark-none", *(f"mark-{stance}" for stance in Stance)}
    assert {one["aria-label"].split(":")[0] for one in page.select("#coding-text .mark")} == {
        "No stance",
        *Stance.labels,
    }
    assert Region.objects.exists()
    assert Theme.objects.exists()
