"""The workbench's API: programs make and edit drafts through the same forms as people, and nobody's edit is lost."""

import datetime as dt
import logging
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from schemathesis import GenerationMode

from apps.curation.agreement.course import ask as ask_second_coder
from apps.curation.history import steps
from apps.curation.models import (
    Article,
    Attendance,
    CrossReference,
    Entry,
    Passage,
    Position,
    Proposition,
    Status,
    Workshop,
)
from apps.curation.tables.columns import MODELS, version_of
from apps.gate.publication import publish
from apps.public.catalogue.models import Record
from apps.taxonomy.words import Kind
from apps.workbench.api import tokens
from apps.workbench.api.shapes import fields_of
from apps.workbench.models import Token
from tests.api.asked import CHECKED, ask_all
from tests.api.programs import ROOT, Program, draft_of
from tests.gate.test_concurrency import on_postgresql
from tests.gate.visitor import connection_kept
from tests.workbench.conftest import signed_in
from tests.workbench.forms import form_of, save

pytestmark = pytest.mark.django_db

# --- Making


def test_a_position_is_made_with_all_that_its_form_has(program, entries):
    Article.objects.filter(pk=entries.article.pk).update(text="Before. Frigates matter here. After.")
    made = program(
        "POST",
        "positions",
        {
            "title": "Frigates matter", "article": entries.article.identifier, "proposition": "p", "stance": "supports",
            "regions": ["baltic"], "themes": ["Calm"], "tags": ["sea, deep", "navies"], "speakers": ["x"],
            "named_in_source": True, "date": "2023-06", "summary": "One line\nand another", "note": "For us",
            "passages": [{"locator": "p. 1", "quotation": "Frigates matter"}, {"locator": "p. 2"}],
            "references": [{"relation": "supports", "target": entries.workshop.identifier, "note": "why"}],
        },
        201,
    )  # fmt: skip
    position = Position.objects.get(title="Frigates matter")
    assert made["Location"] == f"{ROOT}positions/{position.identifier}"
    assert (position.status, position.slug, position.modified_by.username) == ("draft", "frigates-matter", "ana")
    assert (position.article_id, position.proposition_id, position.stance) == (
        entries.article.pk, entries.proposition.pk, "supports",
    )  # fmt: skip
    assert list(position.regions.all()) == [entries.baltic]
    assert list(position.speakers.all()) == [entries.person]
    assert {tag.name for tag in position.tags.all()} == {"sea, deep", "navies"}
    first, second = position.passages.all()
    assert (first.number, first.quotation, first.start, first.state) == (1, "Frigates matter", 8, "exact")
    assert (second.number, second.locator) == (2, "p. 2")
    assert position.references_out.get().target_id == entries.workshop.pk
    assert made.json()["passages"][0]["state"] == "exact"
    assert not Record.objects.exists()


@pytest.mark.parametrize("kind", list(MODELS))
def test_what_is_given_can_be_sent_back_and_changes_nothing(program, entries, kind):
    entry = MODELS[kind].objects.first()
    Attendance.objects.create(workshop=entries.workshop, session=entries.session, person=entries.person, role="chair")
    CrossReference.objects.create(source=entries.position, target=entries.article, relation="cites")
    given = draft_of(program, entry)
    sent = {name: value for name, value in given.items() if name not in ("identifier", "kind", "status", "modified",
                                                                         "version", "notices")}  # fmt: skip
    for line in sent.get("passages", ()):
        del line["state"]
    again = program.edit(given, **sent)
    assert again.json() == given
    assert again["ETag"] == f'"{given["version"]}"'
    assert not steps(entry.pk)


@pytest.mark.parametrize("kind", list(MODELS))
def test_every_field_of_the_form_is_one_of_the_api(program, entries, analyst, kind):
    entry = MODELS[kind].objects.first()
    on_form = {name for name in form_of(analyst, f"/admin/curation/{kind}/{entry.pk}/change/") if "-" not in name}
    ours = {"csrfmiddlewaretoken", "seen"}
    assert on_form - ours <= set(fields_of(Kind(kind)))
    assert set(fields_of(Kind(kind))) <= draft_of(program, entry).keys()


def test_each_kind_is_made(program, entries):
    workshop = program.make("workshop", title="Another workshop", host="host", key_questions=["Why?", "How?"])
    assert workshop["rule"] == "chatham_house"  # as on the form
    session = program.make(
        "session", title="Its session", workshop=workshop["identifier"], number=1,
        attendance=[{"person": "x", "role": "speaker", "country": "JP", "expertise": ["europe"]}],
    )  # fmt: skip
    assert session["attendance"][0]["expertise"] == ["europe"]
    assert Attendance.objects.get(session__title="Its session").workshop == Workshop.objects.get(
        title="Another workshop"
    )
    article = program.make("article", title="A paper", doi="https://doi.org/10.1000/182", authors=[{"person": "x"}])
    assert (article["doi"], article["authors"][0]["order"]) == ("10.1000/182", 1)
    assert program.make("proposition", title="Quite so")["slug"] == "quite-so"
    assert program.make("proposition", title="Quite so")["slug"] == "quite-so-2"


def test_what_the_form_refuses_is_refused_with_its_place(program, entries):
    refused = program.refused(
        "position", title="Odd", stance="", proposition="p", regions=["baltic", "narnia"], speakers=["nobody"],
        slug="o", date="2023-13", tags=["…"], passages=[{"locator": "p. 1"}, {"start": 4}],
        references=[{"relation": "cites", "target": "nothing"}],
    )  # fmt: skip
    assert "narnia" in refused["#/regions/1"]
    assert "nobody" in refused["#/speakers/0"]
    assert "has this slug" in refused["#/slug"]
    assert "calendar" in refused["#/date"]
    assert "needs a letter" in refused["#/tags"]
    assert "exact words" in refused["#/passages/1/locator"]
    assert "#/passages/0" not in refused
    assert "no entry “nothing”" in refused["#/references/0/target"]
    assert not Position.objects.filter(title="Odd").exists()
    assert "where it stands" in program.refused("position", title="Odd", article="a", proposition="p")["#/stance"]
    assert "one source" in program.refused("position", title="Odd")["#"]
    assert "“An article” has this DOI" in _doi_taken(program, entries)


def _doi_taken(program, entries) -> str:
    Article.objects.filter(pk=entries.article.pk).update(doi="10.1000/1")
    return program.refused("article", title="The same", doi="doi:10.1000/1")["#/doi"]


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({}, "#/title"),
        ({"title": 5}, "#/title"),
        ({"title": "A", "colour": "red"}, "#/colour"),
        ({"title": "A", "regions": "europe"}, "#/regions"),
        ({"title": "A", "status": "published"}, "#/status"),
        ({"title": "A", "passages": [{"quotation": ["a"]}]}, "#/passages/0/quotation"),
        ({"title": "A", "passages": [{}]}, "#/passages/0"),
        ({"title": "A", "passages": [{"id": 7, "locator": "p. 1"}]}, "#/passages/0/id"),
        ({"title": "A\x00B", "article": "a"}, "#/title"),
        ({"title": "A", "article": "a\x00"}, "#/article"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_place_too(program, entries, sent, place):
    assert place in program.refused("position", **sent)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"a"', b"\xff", b'{"title": "\\ud800"}', b'{"title": NaN}'])
def test_what_is_no_json_is_a_problem(program, body):
    response = Client().generic(
        "POST", f"{ROOT}articles", body,
        headers={"Authorization": f"Bearer {program.key}", "Content-Type": "application/json"},
    )  # fmt: skip
    assert response.status_code in (400, 422), response.content
    assert response["Content-Type"] == "application/problem+json"


def test_what_is_too_much_is_refused(program, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    program("POST", "articles", {"title": "A", "text": "a" * 2_000}, 413)


# --- Editing


def test_what_is_not_sent_stays(program, entries):
    edited = program.edit(draft_of(program, entries.position), title="In other words").json()
    position = Position.objects.get()
    assert (edited["title"], position.title, position.stance) == ("In other words", "In other words", "supports")
    assert list(position.regions.all()) == [entries.baltic]
    assert [tag.name for tag in position.tags.all()] == ["a tag"]
    assert position.slug == "o"


def test_lines_are_edited_added_and_left_out(program, entries):
    first = Passage.objects.create(position=entries.position, number=1, locator="p. 1", quotation="so")
    Passage.objects.create(position=entries.position, number=2, locator="p. 2")
    draft = draft_of(program, entries.position)
    edited = program.edit(draft, passages=[{"locator": "p. 9"}, {"id": first.pk, "locator": "page 1"}]).json()
    kept, new = entries.position.passages.all()
    assert (kept.pk, kept.locator, kept.quotation) == (first.pk, "page 1", "so")
    assert (new.number, new.locator) == (2, "p. 9")
    assert [one["id"] for one in edited["passages"]] == [kept.pk, new.pk]
    refused = program.edit(edited, 422, passages=[{"id": kept.pk}, {"id": kept.pk}]).json()
    assert [one["place"] for one in refused["problems"]] == ["#/passages/1/id"]


def test_nobodys_edit_is_written_over_unseen(program, entries, reviewer):
    draft = draft_of(program, entries.position)
    save(reviewer, entries.position, title="As Rex has it")
    refused = program.edit(draft, 412, title="As the script has it").json()
    assert "rex has edited it since" in refused["detail"]
    assert Position.objects.get().title == "As Rex has it"
    assert program.edit(draft_of(program, entries.position), title="As the script has it").json()["title"]
    path = f"positions/{entries.position.identifier}"
    missing = program("PATCH", path, {"title": "A"}, 428).json()
    assert missing["problems"][0]["place"] == "If-Match"
    program("PATCH", path, {"title": "A"}, 412, **{"If-Match": "*"})


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_edits_at_the_same_moment_one_is_kept_and_the_others_are_told(entries, analyst):
    program = Program(analyst.user)
    draft = draft_of(program, entries.position)
    path = f"{ROOT}positions/{draft['identifier']}"
    headers = {"Authorization": f"Bearer {program.key}", "If-Match": draft["version"]}

    def edit(number: int) -> tuple[int, str]:
        title = f"As script {number} has it"
        response = Client().patch(path, {"title": title}, content_type="application/json", headers=headers)
        connections.close_all()
        return response.status_code, title

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(edit, range(4)))
    assert sorted(status for status, _ in answers) == [200, 412, 412, 412]
    assert Position.objects.get().title == dict(answers)[200]


def test_a_form_that_was_open_meanwhile_is_told_of_the_script(program, entries, analyst):
    address = f"/admin/curation/position/{entries.position.pk}/change/"
    typed = form_of(analyst, address)
    program.edit(draft_of(program, entries.position), title="As the script has it")
    assert "has edited" in analyst.post(address, typed | {"title": "By hand"}).content.decode()
    assert Position.objects.get().title == "As the script has it"


def test_what_has_not_changed_is_not_given_again(program, entries):
    path = f"articles/{entries.article.identifier}"
    etag = program("GET", path)["ETag"]
    headers = {"Authorization": f"Bearer {program.key}", "If-None-Match": etag}
    response = Client().get(ROOT + path, headers=headers)
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)


def test_the_etag_of_a_packed_answer_will_do(program, entries):
    path = f"articles/{entries.article.identifier}"
    Article.objects.filter(pk=entries.article.pk).update(text="Many words. " * 100)
    packed = program("GET", path, **{"Accept-Encoding": "gzip"})
    assert packed["ETag"].startswith("W/")
    headers = {"Authorization": f"Bearer {program.key}", "If-None-Match": packed["ETag"]}
    assert Client().get(ROOT + path, headers=headers).status_code == 304
    program("PATCH", path, {"title": "Else"}, **{"If-Match": packed["ETag"]})


def test_the_history_says_who_and_through_which_token(program, entries, analyst):
    made = program.make("article", title="A paper")
    program.edit(made, outlet="A journal")
    after, before = steps(Article.objects.get(title="A paper").pk)
    assert {(one.user.username, one.comment) for one in (after, before)} == {
        ("ana", "Through the API, with the token “My script”")
    }
    page = analyst.get(f"/admin/curation/article/{Article.objects.get(title='A paper').pk}/history/").content.decode()
    assert "Through the API, with the token “My script”" in page
    assert "A journal" in page


def test_what_the_workbench_would_say_is_said(program, entries):
    notices = program.make("article", title="An article", url="https://example.org/a")["notices"]
    assert any("“An article” looks the same" in words for words in notices), notices
    Article.objects.filter(pk=entries.article.pk).update(text="It is so.")
    Passage.objects.create(position=entries.position, quotation="It is so")
    told = program.edit(draft_of(program, entries.article), text="It is otherwise.").json()["notices"]
    assert any("A position" in words for words in told), told


def test_a_rule_that_a_program_tightens_takes_out_what_it_protects(program, reviewer, entries):
    Workshop.objects.update(rule="on_the_record")
    publish(entries.workshop, by=reviewer.user)
    Entry.objects.filter(pk=entries.workshop.pk).update(status=Status.DRAFT)
    told = program.edit(draft_of(program, entries.workshop), rule="off_the_record").json()["notices"]
    assert any("judged again" in words for words in told), told
    assert not Record.objects.live().exists()


def test_what_is_no_draft_any_more_stays_as_it_is(program, entries, reviewer):
    draft = draft_of(program, entries.article)
    for status, word in (
        (Status.SUBMITTED, "in review"),
        (Status.PUBLISHED, "published"),
        (Status.WITHDRAWN, "withdr"),
    ):
        Entry.objects.filter(pk=entries.article.pk).update(status=status)
        assert word in program.edit(draft, 409, title="Else").json()["detail"]
        program("GET", f"articles/{entries.article.identifier}", status=409)
    assert Article.objects.get().title == "An article"
    Entry.objects.filter(pk=entries.article.pk).update(status=Status.RETURNED)
    assert program.edit(draft, title="Mended").json()["status"] == "returned"


def test_nothing_becomes_public_by_it(reviewer, entries):
    """A reviewer's own token makes drafts and no more; what is public stays as it was published."""
    publish(entries.article, by=User.objects.create_user("pat"))
    Entry.objects.filter(pk=entries.article.pk).update(status=Status.DRAFT)  # taken back from review
    program = Program(reviewer.user)
    program.edit(draft_of(program, entries.article), title="Not for you yet")
    assert Record.objects.get().title == "An article"
    for path in ("", "publish", f"articles/{entries.article.identifier}/publish"):
        program("POST", path, {}, 404)


def test_a_list_is_followed_to_its_end(program, entries):
    seen, after = [], 0
    while after is not None:
        page = program("GET", f"drafts?limit=2&after={after}").json()
        seen += [(one["kind"], one["slug"]) for one in page["drafts"]]
        after = page["next"]
    assert sorted(seen) == [
        ("article", "a"),
        ("position", "o"),
        ("proposition", "p"),
        ("session", "s"),
        ("workshop", "w"),
    ]
    [one] = program("GET", "drafts?kind=article&slug=a").json()["drafts"]
    assert one["identifier"] == entries.article.identifier
    assert program("GET", "drafts?slug=%00", status=400).json()["problems"][0]["place"] == "slug"
    assert program("GET", "drafts?kind=song", status=400).json()["problems"][0]["place"] == "kind"


def test_a_list_costs_the_same_for_two_and_for_twenty(program, entries):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            program("GET", "drafts")
        return len(caught)

    program("GET", "drafts")  # which notes that the token was used
    before = queries()
    for number in range(20):
        Proposition.objects.create(slug=f"p{number}", title="A proposition")
    # The token with its account; whom that codes apart; what it may do, twice; the drafts.
    assert queries() == before <= 6


# --- Who may


def test_nobody_gets_in_without_a_key(program, entries, client):
    for headers in (
        {}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {program.key}x"},
        {"Authorization": f"Basic {program.key}"}, {"Authorization": "Bearer \udcff"},
    ):  # fmt: skip
        for method, path in (("GET", "drafts"), ("POST", "articles"), ("GET", "access")):
            response = client.generic(method, ROOT + path, "{}", content_type="application/json", headers=headers)
            assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer"), response.content
            assert response["Content-Type"] == "application/problem+json"
            assert "no-store" in response["Cache-Control"]


def test_a_token_that_is_over_opens_nothing(program, entries, analyst, reviewer):
    program("GET", "access")
    Token.objects.update(made_at=timezone.now() - dt.timedelta(days=9), expires_at=timezone.now() - dt.timedelta(1))
    program("GET", "access", status=401)
    Token.objects.update(expires_at=timezone.now() + dt.timedelta(days=1))
    program("GET", "access")
    tokens.revoke(program.token, reviewer.user)
    program("GET", "access", status=401)
    assert Token.objects.get().revoked_by == reviewer.user


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_who_works_here_no_more_has_no_programs_here(program, analyst, change):
    User.objects.filter(pk=analyst.user.pk).update(**change)
    program("GET", "access", status=401)


def test_a_token_opens_what_it_was_made_for(analyst, entries):
    reads, writes = Program(analyst.user, "drafts:read"), Program(analyst.user, "drafts:write")
    draft, made = draft_of(reads, entries.article), writes.make("article", title="Written")
    assert "drafts:write" in reads("POST", "articles", {"title": "A"}, 403).json()["detail"]
    assert "drafts:write" in reads.edit(draft, 403, title="A").json()["detail"]
    assert "drafts:read" in writes("GET", "drafts", status=403).json()["detail"]
    writes("GET", f"articles/{entries.article.identifier}", status=403)
    for one in (draft, made, draft | {"version": "guessed"}):  # an edit answers with all that the draft says
        assert "drafts:read" in writes.edit(one, 403, title="A").json()["detail"]
    assert reads("GET", "access").json()["scopes"] == ["drafts:read"]


def test_no_token_opens_more_than_its_account_may(entries):
    user = User.objects.create_user("lou", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_article"))
    program = Program(user)
    assert [one["kind"] for one in program("GET", "drafts").json()["drafts"]] == ["article"]
    draft = draft_of(program, entries.article)
    program.edit(draft, 403, title="A")
    program("POST", "articles", {"title": "A"}, 403)
    program("GET", f"positions/{entries.position.identifier}", status=403)
    user.user_permissions.add(*Permission.objects.filter(codename__in=("change_article", "add_article")))
    assert program.edit(draft, title="A").status_code == 200
    assert "authors" in program("POST", "articles", {"title": "B", "authors": []}, 403).json()["detail"]


def test_who_may_not_see_people_is_offered_no_names(entries):
    user = User.objects.create_user("lou", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=("add_position", "view_position", "view_article")))
    told = Program(user).refused("position", title="A", article="a", speakers=["Quill Zarneck"])["#/speakers/0"]
    assert told == "This account may not see people."


def test_a_second_coder_finds_nothing_of_what_they_code_apart(entries, analyst):
    text = "It is so. It is otherwise."
    Article.objects.filter(pk=entries.article.pk).update(text=text)
    bea = signed_in("bea", 1)
    ask_second_coder(Article.objects.get(), analyst.user, bea.user)
    program = Program(bea.user)
    kinds = {one["kind"] for one in program("GET", "drafts").json()["drafts"]}
    assert kinds == {"workshop", "session", "proposition"}
    program("GET", f"articles/{entries.article.identifier}", status=404)
    program("GET", f"positions/{entries.position.identifier}", status=404)
    version = draft_of(Program(analyst.user), entries.position)
    program.edit(version, 404, title="A")
    refused = program.refused("position", title="Found by her script", article=entries.article.identifier)
    assert "There is no article" in refused["#/article"]
    assert "There is no entry" in program.refused(
        "proposition", title="So", references=[{"relation": "cites", "target": entries.position.identifier}]
    )["#/references/0/target"]  # fmt: skip


def test_who_is_signed_in_needs_no_token_but_the_forms_one(analyst, entries):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(analyst.user)
    assert browser.get(f"{ROOT}access").json() == {
        "account": "ana", "scopes": ["drafts:read", "drafts:write"], "token": None, "expires": None,
    }  # fmt: skip

    def post(**headers):
        return browser.post(f"{ROOT}articles", {"title": "A"}, content_type="application/json", headers=headers)

    refused = post()
    assert (refused.status_code, "X-CSRFToken" in refused.json()["detail"]) == (403, True)
    assert refused["Content-Type"] == "application/problem+json"
    browser.get("/admin/")
    browser.get("/admin/curation/article/add/")
    secret = browser.cookies["csrftoken"].value
    assert post(**{"X-CSRFToken": secret}).status_code == 201
    [step] = steps(Article.objects.get(title="A").pk)
    assert (step.user, step.comment) == (analyst.user, "Through the API")
    assert post(**{"X-CSRFToken": secret, "Authorization": "Bearer none"}).status_code == 401


def test_only_who_works_here_is_let_in_by_a_session(db):
    visitor = Client()
    visitor.force_login(User.objects.create_user("vis"))
    assert visitor.get(f"{ROOT}drafts").status_code == 401


def test_guesses_are_counted_and_so_are_answers(program, settings, client):
    settings.API_REQUESTS_A_MINUTE = 2
    assert [client.get(f"{ROOT}access")["RateLimit-Remaining"] for _ in range(2)] == ["1", "0"]
    refused = client.get(f"{ROOT}access")
    assert (refused.status_code, refused["RateLimit-Remaining"]) == (429, "0")
    assert int(refused["Retry-After"]) > 0
    program("GET", "access", status=429)


# --- Keys are secrets


def test_a_key_is_kept_nowhere_and_logged_nowhere(program, entries, caplog, settings):
    with caplog.at_level(logging.DEBUG):
        program("GET", "drafts")
        program("POST", "articles", {"title": 5}, 422)
        program("GET", "nothing", status=404)
        with CaptureQueriesContext(connection) as caught:
            program("GET", "access")
    assert program.key not in caplog.text
    assert not any(program.key in query["sql"] for query in caught)
    row = Token.objects.values().get()
    assert program.key not in str(row)
    assert row["last_used_at"] is not None
    assert len(program.key) > 40


def test_a_report_of_an_error_has_no_key_in_it(program, rf):
    from django.views.debug import ExceptionReporter

    request = rf.get(ROOT, headers={"Authorization": f"Bearer {program.key}"})
    try:
        raise ValueError
    except ValueError as error:
        text = ExceptionReporter(request, type(error), error, error.__traceback__).get_traceback_text()
    assert "HTTP_AUTHORIZATION" in text
    assert program.key not in text


def test_the_last_use_is_noted_to_the_minute(program):
    program("GET", "access")
    first = Token.objects.get().last_used_at
    program("GET", "access")
    assert Token.objects.get().last_used_at == first
    Token.objects.update(last_used_at=first - dt.timedelta(minutes=2))
    program("GET", "access")
    assert Token.objects.get().last_used_at > first - dt.timedelta(minutes=1)


# --- The description


@pytest.fixture
def schema(program, entries):
    Article.objects.filter(pk=entries.article.pk).update(text="It is so.")
    with connection_kept():
        headers = {"Host": "localhost", "Authorization": f"Bearer {program.key}"}
        schema = schemathesis.openapi.from_wsgi(f"{ROOT}openapi.json", WSGIHandler(), headers=headers)
    assert schema.raw_schema["openapi"].startswith("3.1")
    return schema


def answered_by(program, case, **more) -> int:
    headers = {"Host": "localhost", "Accept-Encoding": "identity", "Authorization": f"Bearer {program.key}"} | more
    response = case.call_and_validate(headers=headers, checks=CHECKED)
    cache.clear()
    return response.status_code


@connection_kept()
def test_every_answer_is_as_the_description_says(program, schema):
    assert len(list(schema.get_all_operations())) == 2 + 3 * len(MODELS)
    answered = Counter()

    def ask(case, mode) -> None:
        answered[case.method, answered_by(program, case)] += 1

    ask_all(schema, 25, ask)
    assert answered.keys() >= {("GET", 200), ("GET", 400), ("GET", 404), ("POST", 201), ("POST", 422)}, answered


@connection_kept()
def test_every_answer_about_what_is_there_is_as_the_description_says(program, schema, entries):
    """As above, of drafts that are there and as they are seen, so that edits reach the forms."""
    answered = Counter()

    def ask(case, mode) -> None:
        entry = MODELS[_kind(case.path)].objects.first()
        case.path_parameters["identifier"] = entry.identifier
        seen = {"If-Match": version_of(entry)} if mode == GenerationMode.POSITIVE else {}
        answered[case.method, answered_by(program, case, **seen)] += 1

    ask_all(schema.include(path_regex="identifier"), 25, ask)
    assert answered.keys() >= {("GET", 200), ("PATCH", 200), ("PATCH", 422), ("PATCH", 428)}, answered


def _kind(path: str) -> Kind:
    return next(kind for kind in MODELS if f"/{kind.plural}/" in path)


# --- The recipe


@pytest.mark.django_db(transaction=True)
def test_the_recipe_of_the_guide_runs_and_runs_again(live_server, entries, analyst, monkeypatch):
    text = (Path(settings.BASE_DIR) / "docs" / "curate.md").read_text()
    [recipe] = re.findall(
        r"```python\n(.*?)```", text.partition("## Drafts by a script")[2].partition("\n## ")[0], re.DOTALL
    )
    recipe = recipe.replace("https://kb.example.org", live_server.url)
    monkeypatch.setenv("KB_TOKEN", Program(analyst.user).key)

    def run(more: str = "") -> None:
        names: dict[str, Any] = {}
        try:
            exec(compile(recipe + more, "docs/curate.md", "exec"), names)
        finally:
            names["kb"].close()

    run()
    run()
    position = Position.objects.get(slug="smith-plan-together")
    assert position.article.title == "Planning together"
    assert {tag.name for tag in position.tags.all()} == {"planning", "allies"}
    assert [(one.locator, one.state) for one in position.passages.all()] == [("p. 3", "exact")]
    assert {one.comment for one in steps(position.pk)} == {"Through the API, with the token “My script”"}
    with pytest.raises(SystemExit, match="narnia"):
        run("\nask('POST', 'articles', json={'title': 'A', 'regions': ['narnia']})")
