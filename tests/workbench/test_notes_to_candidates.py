"""Notes come in, and an analyst decides about each of their sentences; nothing is lost, doubled or published."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.curation.intake.reading import LARGEST_UPLOAD
from apps.curation.merging import merge
from apps.curation.models import Article, Attendance, Candidate, Passage, Person, Position, Proposition, Session, Status
from apps.public.catalogue.models import Record
from tests.intake import files
from tests.workbench.forms import add, change, form_of

NOTES = """# Session 1

09:30 Opening

- One participant argued that calm in the Baltic is a matter of habit.
- Several officials opposed any new office, and Quill Zarnecki agreed.
- Others agreed.

What is to be done?
"""


def page_of(entry, page: str, *args) -> str:
    return reverse(f"admin:curation_{entry.kind}_{page}", args=[entry.pk, *args])


def read_notes(client: Client, entry, text: str = NOTES, **more):
    return client.post(page_of(entry, "notes"), {"pasted": text, "read": "1", **more}, follow=True)


def decide(client: Client, candidate: Candidate, action: str, **fields):
    address = page_of(candidate.source, "candidate", candidate.pk)
    return client.post(address, {"action": action, **fields}, follow=True)


def told(response) -> str:
    page = BeautifulSoup(response.content, "html.parser")
    return " ".join(one.get_text(" ", strip=True) for one in page.select(".messagelist, .errorlist, .errornote"))


def waiting() -> list[str]:
    return [one.title for one in Candidate.objects.waiting().order_by("start")]


CALM = "Calm in the Baltic is a matter of habit"
OFFICE = "Several officials opposed any new office, and Quill Zarnecki agreed"


@pytest.fixture
def read(analyst, entries):
    """The session's notes, read."""
    read_notes(analyst, entries.session)
    return entries


def candidate(title: str) -> Candidate:
    return Candidate.objects.get(title=title)


# --- Reading


def test_pasted_notes_become_candidates_beside_their_text(analyst, entries):
    response = read_notes(analyst, entries.session)
    assert "3 new candidates; 3 lines that claim nothing" in told(response)
    assert waiting() == [CALM, OFFICE, "Others agreed"]
    session = Session.objects.get()
    assert session.text == NOTES.strip("\n")
    assert session.modified_by == analyst.user
    one = candidate(CALM)
    assert (one.quantifier, one.stance) == ("one", "supports")
    assert [region.slug for region in one.regions.all()] == ["baltic"]
    assert [theme.slug for theme in one.themes.all()] == ["calm"]
    assert session.text[one.start : one.end] == one.quotation
    assert [person.family_name for person in candidate(OFFICE).speakers.all()] == ["Zarnecki"]
    page = BeautifulSoup(response.content, "html.parser")
    assert [row.h3.get_text() for row in page.select(".candidate")] == waiting()
    assert page.select_one(f"#t-{one.pk}").get_text() == one.quotation
    assert "a heading" in page.select_one(".folded").get_text()


def test_reading_publishes_nothing_and_makes_no_position(read):
    assert Position.objects.count() == 1
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("notes.md", b"- One participant *argued* that calm in the Baltic is a matter of habit."),
        ("notes.txt", "• One participant argued that calm in the Baltic is a matter of habit.".encode("utf-16")),
        ("notes.docx", files.word("- One participant argued that calm in the Baltic is a matter of habit.")),
        ("notes.pdf", files.pdf([["• One participant argued that calm in the Baltic", "is a matter of habit."]])),
    ],
)
def test_every_format_may_be_uploaded(analyst, entries, name, data):
    read_notes(analyst, entries.article, "", file=SimpleUploadedFile(name, data))
    assert waiting() == [CALM]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("scan.pdf", files.scanned_pdf(), "OCR"),
        ("locked.pdf", files.locked_pdf(), "locked with a password"),
        ("large.docx", b"PK\x03\x04" + b"\0" * LARGEST_UPLOAD, "megabytes"),
        ("bomb.docx", files.with_member(files.word("x"), "word/document.xml", b" " * 150_000_000), "was not opened"),
        ("empty.txt", b"", "empty"),
        ("nul.txt", b"\0\1\2" * 900, "no text"),
    ],
)
def test_what_cannot_be_read_is_told_and_changes_nothing(analyst, entries, name, data, words):
    response = read_notes(analyst, entries.session, "", file=SimpleUploadedFile(name, data))
    assert response.status_code == 200
    assert words in told(response)
    assert not Candidate.objects.exists()
    assert Session.objects.get().text == ""


def test_a_guess_at_the_encoding_and_a_nul_are_told(analyst, entries):
    data = "One “view” was\0 heard in the room.".encode("windows-1252")
    response = read_notes(analyst, entries.session, "", file=SimpleUploadedFile("a.txt", data))
    assert "Windows-1252" in told(response)
    assert "NUL" in told(response)
    assert Session.objects.get().text == "One “view” was heard in the room."


def test_nothing_and_both_are_refused_and_what_was_typed_stays(analyst, entries):
    assert "Paste your notes, or choose a file" in told(read_notes(analyst, entries.session, "  "))
    response = read_notes(analyst, entries.session, "Mine.", file=SimpleUploadedFile("a.txt", b"Other words here."))
    assert "one at a time" in told(response)
    assert "Mine." in BeautifulSoup(response.content, "html.parser").textarea.get_text()


# --- Again


def test_the_same_notes_read_again_double_nothing(analyst, read):
    decide(analyst, candidate(CALM), "accept")
    decide(analyst, candidate(OFFICE), "drop")
    for _ in range(2):
        response = read_notes(analyst, read.session)
        assert "0 new candidates" in told(response)
    analyst.post(page_of(read.session, "notes"), {"reread": "1"})
    assert waiting() == ["Others agreed"]
    assert Candidate.objects.count() == 6
    assert Session.objects.get().text == NOTES.strip("\n")


def test_a_longer_version_of_the_notes_brings_only_what_is_new(analyst, read):
    decide(analyst, candidate(CALM), "accept")
    longer = NOTES.replace("- Others agreed.", "- Others agreed.\n- One speaker doubted that habits last long enough.")
    response = read_notes(analyst, read.session, longer, how="append")
    assert "1 new candidates" in told(response)
    assert Session.objects.get().text.endswith(longer.strip("\n"))
    new = candidate("Habits last long enough")
    assert Session.objects.get().text[new.start : new.end] == new.quotation


def test_notes_may_take_the_place_of_others_only_while_no_passage_stands_in_them(analyst, read):
    read_notes(analyst, read.session, "- Something else altogether was said.", how="replace")
    assert Session.objects.get().text == "- Something else altogether was said."
    decide(analyst, candidate("Something else altogether was said"), "accept")
    page = BeautifulSoup(analyst.get(page_of(read.session, "notes")).content, "html.parser")
    assert [one["value"] for one in page.select("input[name=how]")] == ["append"]
    response = read_notes(analyst, read.session, "A third version of it.", how="replace")
    assert "Select a valid choice" in told(response)
    assert Session.objects.get().text == "- Something else altogether was said."


# --- Deciding


def test_accepting_makes_a_draft_with_its_passage(analyst, read):
    response = decide(analyst, candidate(CALM), "accept")
    assert "Accepted as a draft" in told(response)
    position = Position.objects.get(session=read.session)
    assert (position.title, position.stance, position.quantifier) == (CALM, "supports", "one")
    assert (position.status, position.modified_by, position.order) == (Status.DRAFT, analyst.user, 1)
    assert [one.slug for one in position.regions.all()] == ["baltic"]
    passage = Passage.objects.get()
    text = Session.objects.get().text
    assert text[passage.start : passage.end] == passage.quotation
    assert text[: passage.start].endswith(passage.prefix)
    assert text[passage.end :].startswith(passage.suffix)
    assert (passage.state, bool(passage.prefix), bool(passage.suffix)) == ("exact", True, True)
    assert analyst.get(change(position)).status_code == 200
    assert not Record.objects.exists()


def test_an_article_keeps_the_words_for_its_holders(analyst, entries):
    read_notes(analyst, entries.article, "A number of European officials opposed a new office in the Baltic.")
    decide(analyst, Candidate.objects.get(), "accept")
    position = Position.objects.exclude(pk=entries.position.pk).get()
    assert (position.reported_as, position.quantifier, position.stance) == ("European officials", "some", "opposes")
    assert (position.descriptor_sector, position.article) == ("", entries.article)


def test_editing_before_accepting(analyst, read):
    address = page_of(read.session, "candidate", candidate(OFFICE).pk)
    form = BeautifulSoup(analyst.get(address).content, "html.parser").select_one("#candidate_form")
    assert form.select_one("input[name=speakers]")["checked"] == ""
    assert form.select_one("select[name=descriptor_sector] [selected]")["value"] == "government"
    theme = form.select_one("select[name=themes] option")["value"]
    fields = {"title": "No new  office is needed", "stance": "supports", "quantifier": "some", "themes": [theme]}
    decide(analyst, candidate(OFFICE), "accept", **fields)
    position = Position.objects.get(session=read.session)
    assert (position.title, position.slug) == ("No new office is needed", "no-new-office-is-needed")
    assert [one.slug for one in position.themes.all()] == ["calm"]
    assert not position.speakers.exists()


def test_what_is_edited_may_go_on_waiting(analyst, read):
    decide(analyst, candidate(OFFICE), "save", title="An office", stance="neutral", quantifier="")
    one = candidate("An office")
    assert (one.status, one.stance, one.speakers.count()) == ("waiting", "neutral", 0)
    assert not Position.objects.filter(session=read.session).exists()


def test_a_claim_that_cannot_be_a_position_is_refused_beside_its_field(analyst, read):
    response = decide(analyst, candidate(OFFICE), "accept", title="", stance="nonsense", descriptor_expertise="99999")
    assert response.status_code == 200
    assert "This field is required" in told(response)
    assert "not one of the available choices" in told(response)
    assert waiting()[1] == OFFICE


def test_two_of_one_title_get_slugs_of_their_own(analyst, read):
    for title in (CALM, OFFICE):
        decide(analyst, candidate(title), "accept", title="One and the same")
    slugs = Position.objects.filter(session=read.session).values_list("slug", flat=True)
    assert sorted(slugs) == ["one-and-the-same", "one-and-the-same-2"]


def test_dropping_and_taking_it_back(analyst, read):
    decide(analyst, candidate(CALM), "drop")
    assert CALM not in waiting()
    assert CALM in analyst.get(page_of(read.session, "candidates") + "?show=dropped").content.decode()
    analyst.post(page_of(read.session, "candidates"))
    assert waiting()[0] == CALM


def test_taking_back_an_acceptance_removes_the_draft_if_nobody_has_worked_on_it(analyst, read):
    decide(analyst, candidate(CALM), "accept")
    decide(analyst, candidate(CALM), "undo")
    assert not Position.objects.filter(session=read.session).exists()
    assert waiting()[0] == CALM
    decide(analyst, candidate(CALM), "accept")
    Position.objects.get(session=read.session).touch(analyst.user)
    assert "has been worked on since" in told(decide(analyst, candidate(CALM), "undo"))
    assert Position.objects.filter(session=read.session).exists()


def test_taking_back_the_last_is_for_who_decided_it(analyst, reviewer, read):
    decide(analyst, candidate(CALM), "drop")
    response = reviewer.post(page_of(read.session, "candidates"), follow=True)
    assert "nothing here that could be taken back" in told(response)
    assert CALM not in waiting()


def test_two_analysts_do_not_accept_the_same_twice(analyst, reviewer, read):
    decide(analyst, candidate(CALM), "accept")
    assert "Ana has accepted" in told(decide(reviewer, candidate(CALM), "accept"))
    assert "Ana has accepted" in told(decide(reviewer, candidate(CALM), "drop"))
    assert Position.objects.filter(session=read.session).count() == 1


def test_what_was_taken_for_no_claim_can_be_offered(analyst, read):
    question = Candidate.objects.get(no_claim="a question")
    decide(analyst, question, "offer")
    assert "What is to be done?" in waiting()


def test_a_position_deleted_later_is_said_to_be(analyst, read):
    decide(analyst, candidate(CALM), "accept")
    Position.objects.get(session=read.session).delete()
    page = analyst.get(page_of(read.session, "candidates") + "?show=accepted").content.decode()
    assert "has been deleted" in page
    decide(analyst, candidate(CALM), "undo")
    assert waiting()[0] == CALM


def test_a_text_edited_in_between_moves_the_passage_or_loses_it(analyst, read):
    Session.objects.update(text="A line before.\n\n" + NOTES.replace("Others agreed", "Others left"))
    decide(analyst, candidate(CALM), "accept")
    passage = Passage.objects.get()
    assert Session.objects.get().text[passage.start : passage.end] == passage.quotation
    assert passage.start > candidate(CALM).start
    decide(analyst, candidate("Others agreed"), "accept")
    lost = Passage.objects.get(quotation="Others agreed.")
    assert (lost.start, lost.state) == (None, "lost")
    assert analyst.get(page_of(read.session, "candidates")).status_code == 200


# --- Who may, and who no longer


def test_it_takes_the_right_to_change_and_to_add(looker, analyst, read):
    for page in ("notes", "candidates"):
        assert looker.get(page_of(read.session, page)).status_code == 403
    assert decide(looker, candidate(CALM), "accept").status_code == 403
    assert "Read candidates" not in looker.get(change(read.session)).content.decode()
    page = analyst.get(change(read.session)).content.decode()
    assert "Read candidates from notes" in page
    assert "3 candidates waiting" in page
    assert Client().get(page_of(read.session, "notes")).status_code == 302


def test_it_takes_both_rights(looker, read):
    for codename in ("change_session", "add_position"):
        looker.user.user_permissions.add(Permission.objects.get(codename=codename, content_type__app_label="curation"))
        allowed = codename == "add_position"
        assert looker.get(page_of(read.session, "candidates")).status_code == (200 if allowed else 403)
    assert looker.get(page_of(read.article, "candidates")).status_code == 403


def test_a_candidate_belongs_to_its_source(analyst, read):
    address = reverse("admin:curation_article_candidate", args=[read.article.pk, candidate(CALM).pk])
    assert analyst.post(address, {"action": "accept"}).status_code == 404
    assert analyst.post(page_of(read.session, "candidate", 10**15), {"action": "accept"}).status_code == 404
    assert analyst.get("/admin/curation/session/\x00/notes/").status_code == 404
    assert decide(analyst, candidate(CALM), "nonsense").status_code == 404


def test_whoever_is_signed_out_while_writing_signs_in_on_the_spot_and_loses_nothing(analyst, entries):
    analyst.user.set_password("a long enough password")
    analyst.user.save()
    stranger = Client(enforce_csrf_checks=True)
    stranger.get(reverse("admin:login"))
    token = {"csrfmiddlewaretoken": stranger.cookies["csrftoken"].value}
    response = stranger.post(page_of(entries.session, "notes"), {"pasted": NOTES, "read": "1", **token})
    assert response.status_code == 401
    page = BeautifulSoup(response.content, "html.parser")
    assert page.select_one("textarea[name=pasted]").get_text().strip() == NOTES.strip()
    form = {one["name"]: one.get("value", "") for one in page.select("form.stacked input[name]")}
    form |= {"pasted": page.select_one("textarea[name=pasted]").get_text(), "sign_in_again": "1", "username": "ana"}
    wrong = stranger.post(page_of(entries.session, "notes"), form | {"password": "not this one"})
    assert wrong.status_code == 401
    assert "Calm" not in wrong.content.decode() or "calm in the Baltic" in wrong.content.decode()
    assert "not this one" not in wrong.content.decode()
    right = stranger.post(page_of(entries.session, "notes"), form | {"password": "a long enough password"})
    assert right.status_code == 302
    assert waiting() == [CALM, OFFICE, "Others agreed"]


def test_a_script_that_was_signed_out_is_told_by_the_status(read):
    address = page_of(read.session, "candidate", candidate(CALM).pk)
    assert Client().post(address, {"action": "accept"}, headers={"X-Requested-With": "fetch"}).status_code == 401
    assert waiting()[0] == CALM


def test_who_signs_in_on_the_spot_may_do_no_more_than_before(entries):
    User.objects.create_user("lou", password="a long enough password", is_staff=True)
    form = {"pasted": NOTES, "sign_in_again": "1", "username": "lou", "password": "a long enough password"}
    assert Client().post(page_of(entries.session, "notes"), form).status_code == 403
    assert not Candidate.objects.exists()


# --- What a script gets


def test_a_script_gets_the_row_as_it_is_now(analyst, read):
    address = page_of(read.session, "candidate", candidate(CALM).pk)
    response = analyst.post(address, {"action": "drop"}, headers={"X-Requested-With": "fetch"})
    row = BeautifulSoup(response.content, "html.parser").select_one(".candidate")
    assert row["data-status"] == "dropped"
    assert json.loads(response["X-Counts"]) == {"waiting": 2, "accepted": 0, "dropped": 1, "folded": 3}
    assert row.select_one("button[value=undo]")
    again = analyst.post(address, {"action": "drop"}, headers={"X-Requested-With": "fetch"})
    assert "already" in again.content.decode()


# --- Elsewhere


def test_a_long_list_is_parted_and_costs_the_same(analyst, entries, django_assert_max_num_queries):
    lines = "\n".join(
        f"- One participant argued that habit number {i} matters more than the others." for i in range(120)
    )
    read_notes(analyst, entries.session, lines)
    with django_assert_max_num_queries(22):
        page = BeautifulSoup(analyst.get(page_of(entries.session, "candidates") + "?page=2").content, "html.parser")
    assert len(page.select(".candidate")) == 50
    assert "number 75" in page.select_one(".prose").get_text()
    assert analyst.get(page_of(entries.session, "candidates") + "?page=abc&show=%00").status_code == 200
    response = analyst.post(
        page_of(entries.session, "candidate", Candidate.objects.all()[60].pk), {"action": "drop", "page": "2"}
    )
    assert re.search(r"\?page=2#c-\d+$", response["Location"])


def test_two_who_become_one_are_one_on_candidates_too(read):
    other = Person.objects.create(slug="q", given_names="Q.", family_name="Zarnecki")
    merge(other, read.person)
    assert list(candidate(OFFICE).speakers.all()) == [other]


def test_a_name_in_a_claim_is_remarked_on(read):
    assert "Zarnecki" in candidate(OFFICE).remark


def test_a_session_with_candidates_can_be_deleted(reviewer, read):
    Attendance.objects.all().delete()
    address = reverse("admin:curation_session_delete", args=[read.session.pk])
    assert reviewer.post(address, {"post": "yes"}).status_code == 302
    assert not Candidate.objects.exists()


def test_a_new_session_offers_to_read_notes_once_it_is_there(analyst, entries):
    assert "Read candidates" not in analyst.get(reverse("admin:curation_session_add")).content.decode()
    add(analyst, "article", title="Another")
    assert "Read candidates" in analyst.get(change(Article.objects.get(title="Another"))).content.decode()


# --- The proposition that it is about


def edited(client: Client, one: Candidate, action: str, **fields):
    address = page_of(one.source, "candidate", one.pk)
    return client.post(address, form_of(client, address) | {"action": action} | fields, follow=True)


def test_a_candidate_is_accepted_on_a_proposition_that_is_named(analyst, read):
    one = Candidate.objects.waiting().first()
    edited(analyst, one, "accept", proposition="a PROPOSITION", stance="supports")
    assert Position.objects.get(candidate=one).proposition == read.proposition


def test_one_that_is_new_is_made_along_with_it(analyst, read):
    one = Candidate.objects.waiting().first()
    refused = edited(analyst, one, "accept", proposition="Quite new", stance="supports")
    assert "There is none of that title" in told(refused)
    assert "Say where it stands" in told(
        edited(analyst, one, "accept", proposition="Quite new", is_new="on", stance="")
    )
    assert not Proposition.objects.filter(title="Quite new").exists()
    edited(analyst, one, "accept", proposition="Quite new", is_new="on", stance="opposes")
    made = Proposition.objects.get(title="Quite new")
    assert (made.status, made.modified_by) == ("draft", analyst.user)
    assert Position.objects.get(candidate=one).proposition == made


def test_it_is_kept_with_a_candidate_that_goes_on_waiting_and_accepted_with_a_click(analyst, read):
    one = Candidate.objects.waiting().first()
    edited(analyst, one, "save", proposition="A proposition", stance="qualifies")
    shown = analyst.get(page_of(read.session, "candidates")).content.decode()
    assert "on “<bdi>A proposition</bdi>”" in shown
    decide(analyst, one, "accept")
    assert Position.objects.get(candidate=one).proposition == read.proposition


def test_who_may_make_no_proposition_makes_none_on_the_way(analyst, read):
    one = Candidate.objects.waiting().first()
    analyst.user.groups.first().permissions.remove(Permission.objects.get(codename="add_proposition"))
    assert edited(analyst, one, "accept", proposition="Quite new", is_new="on", stance="opposes").status_code == 403
    assert not Proposition.objects.filter(title="Quite new").exists()
