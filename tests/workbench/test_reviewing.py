"""A reviewer's queue, the page of a review, sending back, and what the analyst then sees."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from apps.curation.models import CrossReference, Entry, Passage, Position, Session, Status, Submission, Workshop
from apps.curation.reviewing import send_back, submit
from apps.gate.publication import publish
from apps.public.catalogue.models import Record
from apps.workbench.differences import marked
from tests.workbench.forms import change, save

QUEUE, FRONT = "/admin/review/", "/admin/"


def page_of(client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def review(entry) -> str:
    return reverse(f"admin:curation_{entry.kind}_review", args=[entry.pk])


def said(page: BeautifulSoup, css: str) -> str:
    return " ".join(one.get_text(" ", strip=True) for one in page.select(css))


def test_the_queue_lists_what_can_be_published_first_and_what_stands_against_it(analyst, reviewer, entries):
    submit([entries.position, entries.article], analyst.user)
    rows = page_of(reviewer, QUEUE).select(".queue tbody tr")
    told = [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in rows]
    assert [(row[0], row[1], row[3]) for row in told] == [
        ("An article", "Article", "Nothing"),
        ("A position", "Position", "2 refusals"),
    ]
    assert "by ana" in told[0][2]


def test_an_empty_queue_says_so(reviewer, db):
    assert "Nothing is in review." in said(page_of(reviewer, QUEUE), "#content-main")


@pytest.mark.parametrize("page", ["0", "99", "rubbish", "-1"])
def test_a_page_of_the_queue_that_is_none_shows_one_that_is(reviewer, entries, page):
    submit([entries.article], reviewer.user)
    assert "An article" in said(page_of(reviewer, f"{QUEUE}?page={page}"), ".queue")


def test_only_reviewers_review(analyst, entries):
    submit([entries.article], analyst.user)
    for address in (QUEUE, review(entries.article)):
        assert analyst.get(address).status_code == 403
    assert analyst.post(review(entries.article), {"_publish": "1"}).status_code == 403
    assert not Record.objects.exists()


def test_a_review_shows_what_would_change_word_by_word(analyst, reviewer, entries):
    article, other = entries.article, entries.proposition
    publish(other)
    publish(article)
    CrossReference.objects.create(source=article, target=other, relation="supports", note="A note.")
    article.title, article.summary = "An old article", "<b>Bold</b> & more"
    article.save()
    page = page_of(reviewer, review(article))
    assert said(page, "ins") == "put in: old put in: <b>Bold</b> & more put in: Supports “A proposition”: A note."
    assert not page.select("del")
    assert [one.get_text() for one in page.select("dt")] == ["Title", "Summary", "Cross-references"]


def test_texts_are_compared_by_words():
    assert marked("Allies plan.", "Allies should plan") == (
        'Allies <ins><span class="visually-hidden">put in: </span>should </ins>plan'
        '<del><span class="visually-hidden">taken out: </span>.</del>'
    )


def test_a_text_said_anew_is_shown_whole():
    told = marked("A cross-regional approach serves resilience", "The liaison office in Tokyo should open")
    assert told.count("<del>") == told.count("<ins>") == 1


def test_words_that_change_together_are_marked_together():
    told = marked("Allies may plan alone at sea today", "Allies should plan as one at sea today")
    assert (told.count("<del>"), told.count("<ins>")) == (2, 2)


def test_a_reviewer_publishes_from_the_review_and_goes_on_with_the_queue(analyst, reviewer, entries):
    submit([entries.article], analyst.user)
    response = reviewer.post(review(entries.article), {"_publish": "Publish"})
    assert response["Location"] == QUEUE
    assert Record.objects.live().get().title == "An article"


def test_a_refusal_keeps_the_reviewer_on_the_page_and_what_was_typed(analyst, reviewer, entries):
    submit([entries.position], analyst.user)
    response = reviewer.post(review(entries.position), {"_publish": "Publish", "comment": "Half a thought"})
    page = BeautifulSoup(response.content, "html.parser")
    assert "was not published" in said(page, ".messagelist")
    assert page.select_one("textarea").get_text(strip=True) == "Half a thought"


def test_a_warning_is_acknowledged_on_the_review_itself(analyst, officer, entries):
    Position.objects.create(slug="z", title="On the Host Institute", session=entries.session)
    position = Position.objects.get(slug="z")
    submit([position], analyst.user)
    form = page_of(officer, review(position)).select_one("form.acknowledge")
    data = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    response = officer.post(form["action"], data | {"reason": "It is the subject."})
    assert response["Location"] == review(position)
    assert "acknowledged" in said(page_of(officer, review(position)), ".findings")


def test_what_is_sent_back_is_shown_to_whoever_handed_it_in(analyst, reviewer, entries):
    submit([entries.article], analyst.user)
    reviewer.post(review(entries.article), {"_return": "1", "comment": "Name the outlet.\x00"})
    assert Entry.objects.get(pk=entries.article.pk).status == Status.RETURNED
    assert "Name the outlet." in said(page_of(analyst, FRONT), ".desk .came-back")
    assert "Name the outlet." in said(page_of(analyst, change(entries.article)), ".came-back")
    assert "Came back" not in said(page_of(reviewer, FRONT), ".desk")
    save(analyst, entries.article, outlet="A journal", _submit="1")
    assert Entry.objects.get(pk=entries.article.pk).status == Status.SUBMITTED
    assert "came-back" not in analyst.get(FRONT).content.decode()
    assert "Name the outlet." in said(page_of(reviewer, review(entries.article)), ".steps")


@pytest.mark.parametrize("comment", ["", "  \n"])
def test_nothing_is_sent_back_without_a_word(analyst, reviewer, entries, comment):
    submit([entries.article], analyst.user)
    response = reviewer.post(review(entries.article), {"_return": "1", "comment": comment})
    assert "Say what should be done" in response.content.decode()
    assert Entry.objects.get(pk=entries.article.pk).status == Status.SUBMITTED


def test_what_two_reviewers_send_back_at_once_goes_back_once(analyst, reviewer, entries):
    submit([entries.article], analyst.user)
    send_back(entries.article, "First.", reviewer.user)
    with pytest.raises(ValueError, match="not in review any more"):
        send_back(entries.article, "Second.", reviewer.user)
    assert Submission.objects.get().comment == "First."


def test_what_came_in_review_with_an_import_can_be_sent_back_too(analyst, reviewer, entries):
    Entry.objects.filter(pk=entries.article.pk).update(status=Status.SUBMITTED, modified_by=analyst.user)
    send_back(entries.article, "Whose is it?", reviewer.user)
    assert "Whose is it?" in said(page_of(analyst, FRONT), ".desk .came-back")


def test_the_front_page_names_drafts_changes_and_workshops_under_way(analyst, reviewer, entries):
    publish(entries.article)
    save(analyst, entries.article, title="Another title")
    save(analyst, entries.proposition, summary="More.")
    page = page_of(analyst, FRONT)
    parts = {part.h3.get_text(" ", strip=True): said(part, "li") for part in page.select(".desk-parts > section")}
    assert parts["Your drafts 1"] == "A proposition proposition"
    assert parts["Public as they were before 1"] == "Another title article"
    assert parts["Workshops under way"] == "A workshop"
    assert "In review" not in said(page, ".desk")


def test_the_front_page_of_somebody_who_may_see_nothing_says_nothing(client, django_user_model, entries):
    client.force_login(django_user_model.objects.create_user("nobody", is_staff=True))
    assert "A workshop" not in client.get(FRONT).content.decode()


# --- The board of a workshop


def board(client, workshop) -> BeautifulSoup:
    return page_of(client, reverse("admin:curation_workshop_board", args=[workshop.pk]))


def lane_of(client, session) -> str:
    page = board(client, session.workshop)
    [lane] = [one for one in page.select(".lanes > li") if str(session.title) in one.get_text()]
    return " ".join(lane.h3.find(string=True, recursive=False).split())


def test_a_session_moves_from_lane_to_lane(analyst, reviewer, entries):
    session = entries.session
    Workshop.objects.update(rule="on_the_record")
    assert lane_of(analyst, session) == "No notes yet"
    Session.objects.filter(pk=session.pk).update(text="Notes.")
    assert lane_of(analyst, session) == "Notes, not coded"
    position = Position.objects.create(slug="z", title="Z", session=session)
    assert lane_of(analyst, session) == "Coded"
    submit([position], analyst.user)
    assert lane_of(analyst, session) == "In review"
    for entry in (entries.workshop, session, position):
        publish(entry, by=reviewer.user)
    assert lane_of(analyst, session) == "Published"


def test_the_board_names_what_is_missing(analyst, entries):
    position = Position.objects.create(slug="z", title="Bare", session=entries.session)
    whole = Position.objects.create(
        slug="y", title="Whole", session=entries.session, proposition=entries.proposition, stance="supports"
    )
    whole.regions.add(entries.europe)
    whole.themes.add(entries.theme)
    Passage.objects.create(position=whole, quotation="Words", state="lost")
    entries.article.unresolved, entries.article.cited_as = True, "An article"
    entries.article.save()
    CrossReference.objects.create(source=position, target=entries.article, relation="cites")
    found = {
        " ".join(one.summary.find(string=True, recursive=False).split()): said(one, "li")
        for one in board(analyst, entries.workshop).select("details.gap")
    }
    assert found == {
        **dict.fromkeys(("Without a proposition", "Without a passage", "Without a region", "Without a theme"), "Bare"),
        "With a passage changed or lost": "Whole",
        "Cited and not found yet": "An article",
    }


def test_a_board_of_no_workshop_is_not_found(analyst, entries):
    assert analyst.get("/admin/curation/workshop/999999/board/").status_code == 404
    assert analyst.get("/admin/curation/workshop/rubbish/board/").status_code == 404
