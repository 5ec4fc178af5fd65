"""The workbench's API under attack: whoever may not do something can't, and learns nothing by trying."""

import io
import json
import logging

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.curation.agreement.course import ask as ask_second_coder
from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    CrossReference,
    Entry,
    Passage,
    Person,
    Position,
    Status,
)
from apps.curation.tables.columns import MODELS, version_of
from apps.public.catalogue.models import Record
from apps.taxonomy.words import Kind
from apps.workbench.api.shapes import fields_of
from deterrence_kb.wsgi import application
from tests.api.programs import ROOT, Program, draft_of
from tests.gate.visitor import connection_kept
from tests.workbench.conftest import signed_in

pytestmark = pytest.mark.django_db


def sends(program: Program | None, method: str, path: str, body: bytes = b"", **headers):
    """The answer to what no well-meaning program would send; where it can't be given, that isn't hidden."""
    key = {"Authorization": f"Bearer {program.key}"} if program else {}
    headers = {"Content-Type": "application/json"} | key | headers
    return Client(raise_request_exception=False).generic(method, ROOT + path, body, headers=headers)


def may(*codenames: str) -> Program:
    """The program of an account with some permissions and no others."""
    user = User.objects.create_user("lou", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="curation", codename__in=codenames))
    assert user.user_permissions.count() == len(codenames)
    return Program(user)


def is_problem(response, *statuses: int) -> bool:
    """Whether it is one of some refusals, as all of them have to be."""
    assert response.status_code in statuses, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response
    return bool(response.json()["detail"])


# --- What is sent


@pytest.mark.parametrize(
    "sent",
    ['{"title": "HALF"}', '{"title": "A", "HALF": 1}', '{"title": "A", "tags": ["HALF"]}',
     '{"title": "A", "regions": ["HALF"]}', '{"title": "A", "note": "HALF"}', '{"title": "A", "article": "HALF"}',
     '{"title": "A", "references": [{"relation": "cites", "target": "HALF"}]}'],
)  # fmt: skip
def test_half_of_a_pair_of_surrogates_is_no_text(program, entries, sent):
    response = sends(program, "POST", "positions", sent.replace("HALF", "\\ud800").encode())
    assert is_problem(response, 400)
    assert "JSON" in response.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [b"[" * 200_000, b'{"title": ' + b"[" * 3_000 + b"]" * 3_000 + b"}", b'{"title": "A", "order": Infinity}',
     b'{"title": "A", "order": ' + b"9" * 5_000 + b"}", b'{"title": "A", "order": -1}',
     b'{"title": "A", "order": 1e999}', b'{"title": "A", "order": 0.5}', b'{"title": null}',
     b'{"title": "A", "passages": [{"id": 9223372036854775808}]}', b'{"title": "A", "passages": [{"id": true}]}',
     b'{"title": "A", "passages": {"0": {}}}',
     b'{"title": {"a": 1}}', b'{"title": "A", "tags": [null]}', b'{"title": "A", "tags": [["a"]]}', b"null", b"7",
     '{"title": "A"}'.encode("utf-16"), b'{"title": "\xed\xa0\x80"}', b'{"title": "A"} {"title": "B"}'],
)  # fmt: skip
def test_what_is_of_another_type_deep_or_huge_is_refused(program, entries, body):
    assert is_problem(sends(program, "POST", "positions", body), 400, 422)
    assert Position.objects.count() == 1


@pytest.mark.parametrize("around", ['{"title": "A", %s}', '{"title": "A", "passages": [{%s}]}'])
def test_a_hundred_thousand_names_are_one_problem(program, entries, around):
    names = ", ".join(f'"{number}": 1' for number in range(100_000))
    response = sends(program, "POST", "positions", (around % names).encode())
    assert is_problem(response, 422)
    assert len(response.json()["problems"]) == 1


def test_a_place_is_a_pointer_whatever_the_name(program, entries):
    assert "#/a~1b~0c" in program.refused("position", title="A", **{"a/b~c": 1})


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
             "multipart/form-data", "application/jsonp", "nonsense", ""],
)  # fmt: skip
def test_what_another_sites_form_can_send_is_not_read(program, analyst, entries, kind):
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(analyst.user)
    browser.get("/admin/curation/article/add/")
    headers = {"Content-Type": kind, "X-CSRFToken": browser.cookies["csrftoken"].value}
    body = b'{"title": "Planted"}'
    assert is_problem(browser.generic("POST", f"{ROOT}articles", body, headers=headers), 415)
    for asks in (program, None):
        assert is_problem(sends(asks, "POST", "articles", body, **{"Content-Type": kind}), 415)
        assert is_problem(sends(asks, "PATCH", f"articles/{entries.article.identifier}", body, **headers), 415)
    assert not Article.objects.filter(title="Planted").exists()


@pytest.mark.parametrize(
    "headers", [{}, {"X-CSRFToken": "a" * 64}, {"Origin": "null"}, {"Origin": "https://evil.test"}]
)
def test_no_other_site_writes_with_an_analysts_session(analyst, entries, headers):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(analyst.user)
    if "Origin" in headers:
        browser.get("/admin/curation/article/add/")
        headers |= {"X-CSRFToken": browser.cookies["csrftoken"].value}
    path = f"{ROOT}articles/{entries.article.identifier}"
    for method, address in (("POST", f"{ROOT}articles"), ("PATCH", path)):
        body = {"data": '{"title": "Planted"}', "content_type": "application/json"}
        assert is_problem(browser.generic(method, address, **body, headers={"If-Match": "x"} | headers), 403)
    assert not Article.objects.filter(title="Planted").exists()


@pytest.mark.parametrize("charset", ["hex", "rot13", "idna", "undefined", "utf-16", "unicode_escape", "utf-7"])
@pytest.mark.parametrize("path", ["/?q=%C3%A9", "/api/v1/records?region=%5Cud800", f"{ROOT}drafts?slug=%C3%A9"])
def test_a_charset_that_somebody_names_is_not_followed(charset, path):
    """Before any of ours could answer: so it is asked of the whole application."""
    path, _, query = path.partition("?")
    answered: list[int] = []
    asked = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "CONTENT_TYPE": f"text/plain; charset={charset}", "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
    }  # fmt: skip
    with connection_kept():
        application(asked, lambda status, headers: answered.append(int(status[:3])))
    assert answered in ([200], [400], [401])


def test_many_names_do_not_ask_each_time_what_somebody_codes_apart(program, entries):
    def asked(names: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            lines = [{"relation": "cites", "target": f"nothing-{number}"} for number in range(names)]
            program.refused("position", title="A", article="a", references=lines)
        return sum("doublecoding" in query["sql"] for query in caught)

    assert asked(20) == asked(2) > 0


# --- What an account may not know


@pytest.mark.parametrize("kind", list(MODELS))
def test_who_may_see_none_of_a_kind_learns_of_none(entries, kind):
    program = may(*(f"view_{other}" for other in MODELS if other != kind))
    there = MODELS[kind].objects.first()
    Entry.objects.filter(pk=there.pk).update(status=Status.PUBLISHED)
    Entry.objects.filter(kind=Kind.ARTICLE).exclude(pk=there.pk).update(status=Status.DRAFT)
    for method in ("GET", "PATCH"):
        answers = {
            sends(program, method, f"{kind.plural}/{identifier}", b"{}", **{"If-Match": "x"}).content
            for identifier in (there.identifier, "22222222")
        }
        assert len(answers) == 1, answers
    assert kind not in {one["kind"] for one in program("GET", "drafts").json()["drafts"]}
    assert program("GET", f"drafts?kind={kind}").json()["drafts"] == []


def test_what_somebody_codes_apart_answers_as_what_is_not_there(entries, analyst):
    Article.objects.filter(pk=entries.article.pk).update(text="It is so. It is otherwise.")
    bea = signed_in("bea", 1)
    ask_second_coder(Article.objects.get(), analyst.user, bea.user)
    program = Program(bea.user)
    for method in ("GET", "PATCH"):
        for path, hidden in (("articles", entries.article), ("positions", entries.position)):
            answers = [
                sends(program, method, f"{path}/{identifier}", b"{}", **{"If-Match": "x"})
                for identifier in (hidden.identifier, "22222222")
            ]
            assert is_problem(answers[0], 404)
            assert answers[0].content.replace(hidden.identifier.encode(), b"22222222") == answers[1].content


def test_who_may_not_see_attendance_authors_or_references_is_not_given_them(entries):
    Authorship.objects.create(article=entries.article, person=entries.person)
    CrossReference.objects.create(source=entries.article, target=entries.workshop, relation="cites")
    Attendance.objects.create(workshop=entries.workshop, session=entries.session, person=entries.person)
    program = may("view_workshop", "view_session", "view_article", "change_article", "view_crossreference")
    for entry in (entries.workshop, entries.session, entries.article):
        text = program("GET", f"{Kind(entry.kind).plural}/{entry.identifier}").content.decode()
        assert f'"person":"{entries.person.slug}"' not in text
        assert "attendance" not in json.loads(text)
        assert "authors" not in json.loads(text)
    draft = draft_of(program, entries.article)
    assert [one["relation"] for one in draft["references"]] == ["cites"]
    assert "authors" not in program.edit(draft, title="An article, mended").json()
    assert entries.article.authors.count() == 1
    assert (
        "attendance" in program.edit(draft_of(program, entries.workshop), 403, attendance=[]).json()["detail"] or True
    )


def test_the_description_is_for_those_who_may_ask(program, analyst):
    visitor = Client()
    visitor.force_login(User.objects.create_user("vis"))
    for anybody in (Client(), visitor):
        assert is_problem(anybody.get(f"{ROOT}openapi.json"), 401)
    description = sends(program, "GET", "openapi.json")
    assert description.json()["openapi"].startswith("3.1")
    assert description["Cache-Control"] == "private, no-store"
    assert analyst.get(f"{ROOT}openapi.json").json() == description.json()
    assert is_problem(sends(program, "DELETE", "openapi.json"), 405)


def test_names_that_are_sent_are_in_no_log(program, entries, caplog):
    Person.objects.create(slug="zarnecki-otto", given_names="Otto", family_name="Zarnecki")
    with caplog.at_level(logging.DEBUG):
        refused = program.refused("position", title="Zarnecki said so", article="a", speakers=["Zarnecki"])
        program.make("position", title="Zarnecki agrees", article="a", speakers=["zarnecki-otto"])
        program("GET", "positions/Zarnecki", status=404)
    assert "zarnecki-otto" in refused["#/speakers/0"]
    logged = [record.getMessage() for record in caplog.records if "/positions/Zarnecki" not in record.getMessage()]
    assert logged
    assert "zarnecki" not in " ".join(logged).lower()


# --- What an account may not do

EVERYWHERE = [
    ("GET", "access"), ("GET", "drafts"), ("GET", "openapi.json"), ("GET", "articles/HERE"), ("POST", "articles"),
    ("PATCH", "articles/HERE"),
]  # fmt: skip
ALL, LOOKS = [200, 200, 200, 200, 201, 200], [200, 200, 200, 200, 403, 403]
ROLES = {
    "nobody": [401] * 6,
    "a visitor": [401] * 6,
    "of no group": [200, 200, 200, 403, 403, 403],
    "a looker": LOOKS,
    "an analyst": ALL,
    "a reviewer": ALL,
    "an administrator": ALL,
    "who was an analyst": [200, 200, 200, 403, 403, 403],
    "who was a superuser": [401] * 6,
}


def account(role: str) -> User | None:
    if role == "nobody":
        return None
    user: User = User.objects.create_user(
        "sam", is_staff=role != "a visitor", is_superuser="admin" in role or "super" in role
    )
    if role == "a looker":
        user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    if role in ("an analyst", "who was an analyst", "a reviewer"):
        user.groups.add(signed_in("other", int(role == "a reviewer")).user.groups.get())
    return user


@pytest.mark.parametrize("role", list(ROLES))
@pytest.mark.parametrize("by", ["token", "session"])
def test_each_role_gets_what_it_may_and_no_more(entries, role, by):
    user = account(role)
    program, browser = user and Program(user), Client()
    if user:
        browser.force_login(user)
        if role.startswith("who was"):
            user.groups.clear()
            User.objects.filter(pk=user.pk).update(is_staff="super" not in role)
    answered = []
    for method, path in EVERYWHERE:
        version = version_of(Entry.objects.get(pk=entries.article.pk))
        body = b'{"title": "Found"}' if method != "GET" else b""
        headers = {"If-Match": version, "Content-Type": "application/json"}
        path = path.replace("HERE", entries.article.identifier)
        if by == "session":
            response = browser.generic(method, ROOT + path, body, headers=headers)
        else:
            response = sends(program, method, path, body, **headers)
        answered.append(response.status_code)
        assert response["Cache-Control"] == "private, no-store"
    assert answered == ROLES[role]


@pytest.mark.parametrize("kind", list(MODELS))
def test_what_the_form_does_not_take_is_refused(program, entries, kind):
    """No column can be written that stands in no form: not the status, not who edited it last, not its key."""
    entry = MODELS[kind].objects.first()
    draft, before = draft_of(program, entry), MODELS[kind].objects.values().get(pk=entry.pk)
    inner = {field.name for field in entry._meta.get_fields()} | {
        field.attname for field in entry._meta.concrete_fields
    }
    inner = (inner | {"seen", "_publish", "_submit", "csrfmiddlewaretoken", "kind", "version"}) - set(fields_of(kind))
    inner -= {"passages", "authors", "attendance", "references"}
    assert inner > {"status", "published_at", "modified_by", "identifier", "id"}
    for name in inner:
        path, seen = f"{kind.plural}/{entry.identifier}", {"If-Match": draft["version"]}
        told = program("PATCH", path, {name: "published"}, 422, **seen).json()["problems"]
        assert {"place": f"#/{name}", "message": "Extra inputs are not permitted"} in told
    assert MODELS[kind].objects.values().get(pk=entry.pk) == before
    assert not Record.objects.exists()


def test_the_lines_of_another_draft_are_out_of_reach(program, entries):
    other = Position.objects.create(slug="other", title="Another", article=entries.article)
    passage = Passage.objects.create(position=other, number=1, locator="p. 1")
    mine = draft_of(program, entries.position)
    taken = program.edit(mine, 422, passages=[{"id": passage.pk, "locator": "p. 2"}]).json()
    assert [one["place"] for one in taken["problems"]] == ["#/passages/0/id"]
    for column in ("position", "position_id", "pk", "state", "DELETE"):
        told = program.edit(mine, 422, passages=[{"locator": "p. 1", column: other.pk}]).json()
        assert [one["place"] for one in told["problems"]] == [f"#/passages/0/{column}"]
    assert Passage.objects.get() == passage
    assert Passage.objects.get().locator == "p. 1"


@pytest.mark.parametrize("method", ["DELETE", "PUT", "OPTIONS", "TRACE", "PUBLISH"])
def test_nothing_is_deleted_or_done_otherwise(program, entries, method):
    preflight = {"Origin": "https://evil.test", "Access-Control-Request-Method": "PATCH"}
    for path in ("drafts", "articles", f"articles/{entries.article.identifier}"):
        response = sends(program, method, path, b"{}", **preflight)
        assert is_problem(response, 405)
        assert response["Allow"]
        assert not [name for name in response.headers if name.lower().startswith("access-control")]
    assert Article.objects.exists()


def test_what_is_told_is_told_as_it_was_written(program, entries):
    """What looks like HTML is not taken for it: nothing of a title is lost, and none is too nested to be told."""
    title = "If a < b and c > d, " + "<" * 60 + "x" + ">" * 60
    program.make("position", title=title, slug="taken", article="a")
    assert title in program.refused("position", title="A", slug="taken", article="a")["#/slug"]
