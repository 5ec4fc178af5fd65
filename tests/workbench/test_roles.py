"""Who may do what: every address of the private wing asked as every role, as an account without one, and as nobody."""

from __future__ import annotations

import copy
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from reversion.models import Revision
from taggit.models import Tag

from apps.audit.log import note
from apps.audit.models import AuditLine, What
from apps.curation.history import about_to_change, recorded
from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    Candidate,
    CodedUnit,
    CrossReference,
    DoubleCoding,
    Entry,
    Merge,
    Passage,
    Position,
    Session,
    UnitPair,
)
from apps.gate.models import Acknowledgement
from apps.taxonomy.words import Kind
from apps.workbench.api import tokens
from apps.workbench.models import Batch, FileImport, SavedFilter
from tests.workbench.conftest import signed_in

# Who is let in: an Analyst, a Reviewer, a Disclosure officer, an adMinistrator, somebody on the Staff without a role.
# The first word is who may look (GET), the second who may do something there (POST; PATCH in the API). "-" is nobody.
LETTERS = {"A": 0, "R": 1, "D": 2, "M": 3, "S": None}
WRITE, LOOK, ALL = "AR AR", "ARD ARD", "ARDMS ARDMS"

ROWS = {  # of what is curated: the pages that Django's admin has
    "changelist": LOOK, "add": WRITE, "change": "ARD AR", "history": LOOK, "delete": WRITE,
}  # fmt: skip
PARTS = ROWS | dict.fromkeys(("add", "delete"), "- -") | {"change": "ARD -"}  # edited on the form of something else
ENTRIES = ROWS | {
    "review": "RD R", "acknowledge": "D D", "withdraw": "RD RD", "preview": LOOK,
    "tagging": "ARD AR", "restore": WRITE, "table": LOOK,
}  # fmt: skip
SOURCES = {
    "code": "ARD AR", "code_position": "ARD AR", "code_undo": WRITE, "code_suggested": LOOK,
    "code_take_out": "- -",  # of a second coder
    "notes": WRITE, "candidates": WRITE, "candidate": WRITE, "figures": LOOK,
    "agreement": "ARD -", "pair": "ARD AR",  # whose steps are those of the two coders
}  # fmt: skip
MERGING = {"merge": WRITE, "doubles": WRITE}

TABLE = {
    "article": ENTRIES | SOURCES | {"references": WRITE, "unresolved": "ARD AR", "doubles": "ARD AR"},
    "session": ENTRIES | SOURCES,
    "workshop": ENTRIES | {"board": LOOK, "agreement": LOOK, "figures": LOOK},
    "proposition": ENTRIES | MERGING,
    "position": ENTRIES,
    "entry": {page: who for page, who in ENTRIES.items() if page != "table"} | {"add": "- -", "change": LOOK},
    "person": ROWS | MERGING,
    "organisation": ROWS | MERGING,
    "tag": ROWS | MERGING,
    "theme": ROWS | MERGING | {"split": WRITE},
    "region": ROWS,
    "attendance": {"changelist": "D D", "add": "- -", "change": "D -", "history": "D D", "delete": "- -"},
    "authorship": PARTS,
    "passage": PARTS,
    "crossreference": PARTS,
    "acknowledgement": PARTS,
    "candidate": PARTS,
    "merge": PARTS | {"change": "ARD AR"},  # to undo it
    "auditline": {"changelist": "D D", "file": "D D", "add": "- -", "change": "D -", "history": "D D", "delete": "- -"},
    "user": {
        "changelist": "M M", "add": "M M", "change": "M M", "password_change": "M M", "history": "M M",
        "delete": "- -",
    },
    "group": {"changelist": "M M", "add": "- -", "change": "M -", "history": "M M", "delete": "- -"},
    "api": {
        "openapi-json": "ARDMS -", "who_asks": "ARDMS -", "find_drafts": "ARDMS -", "api-root": "- -",
        **{f"make_{kind}": "- AR" for kind in Kind},
        **{f"one_{kind}": "ARD AR" for kind in Kind},
        **{f"edit_{kind}": "ARD AR" for kind in Kind},
    },
    "": {
        "index": ALL, "app_list": LOOK, "login": "- ARDMS", "logout": "- ARDMS", "password_change": ALL,
        "factors": ALL, "make_factor": ALL, "second_factor": "- -",  # while signing in
        "password_change_done": "ARDMS -", "jsi18n": "ARDMS -", "autocomplete": "ARD -", "view_on_site": "- -",
        "review": "RD RD", "deleted": WRITE, "import_file": WRITE, "file_import": "- -", "networks": "D D",
        "tokens": ALL, "revoke_token": "M M", "api": ALL, "import": WRITE, "empty_table": WRITE,
        "batch": "- -", "together": "- -", "wrong_rows": "- -",  # of somebody else
        "keep_filter": LOOK, "change_filter": "- -", "saved_filter": "- -",
    },
}  # fmt: skip
OPEN = {"login"}  # to nobody, too
REDIRECTS = "redirects"  # from addresses without a name of their own: they tell nothing


def walk(patterns, prefix=""):
    for one in patterns:
        if isinstance(one, URLPattern):
            yield prefix + str(one.pattern), one.name
        else:
            yield from walk(one.url_patterns, prefix + str(one.pattern))


def addresses() -> list[tuple[str, str, str]]:
    """Of each private address its route, what it is about, and the page's name."""
    found = []
    for route, name in walk(get_resolver().url_patterns):
        if not route.startswith("admin/"):
            continue
        parts = route.split("/")
        if route.startswith("admin/api/v1/"):
            found.append((route, "api", name or REDIRECTS))
        elif name is None:
            found.append((route, "", REDIRECTS))
        elif parts[1] in {"curation", "taxonomy", "taggit", "gate", "auth", "audit"}:
            found.append((route, parts[2], name.removeprefix(f"{parts[1]}_{parts[2]}_")))
        else:
            found.append((route, "", name))
    return found


def test_the_table_has_every_private_address_and_no_other():
    there = {(about, page) for _, about, page in addresses() if page != REDIRECTS}
    said = {(about, page) for about, pages in TABLE.items() for page in pages}
    assert there == said


@pytest.fixture
def rows(entries) -> SimpleNamespace:
    """One of everything that has an address; what is somebody's own is another's."""
    other = User.objects.create_user("other", is_staff=True)
    text = "We hold that calm is best. We hold that storms are worse."
    for model in (Article, Session):
        model.objects.all().update(text=text)
    entries.session.refresh_from_db()
    with recorded(other):
        about_to_change([entry.pk for entry in Entry.objects.all()])
    position = entries.position
    passage = Passage.objects.create(position=position, number=1, quotation="calm is best")
    in_session = Position.objects.create(slug="i", title="Said there", session=entries.session)
    reference = CrossReference.objects.create(source=position, target=entries.article, relation="cites")
    another, candidates, pairs = User.objects.create_user("another"), {}, {}
    done = dict.fromkeys(("first_done_at", "second_done_at", "compared_at"), timezone.now())
    for kind, source in (("article", entries.article), ("session", entries.session)):
        candidates[kind] = Candidate.objects.create(
            **{kind: source}, start=0, end=26, quotation=text[:26], title="Calm is best", fingerprint="x"
        )
        double = DoubleCoding.objects.create(**{kind: source}, first=other, second=another, **done)
        unit = CodedUnit.objects.create(double=double, coder="first", title="Calm")
        pairs[kind] = UnitPair.objects.create(double=double, number=1, first=unit)
    acknowledgement = Acknowledgement.objects.create(entry=entries.article, code="x", reason="y", by=other)
    note(What.PUBLISHED, "something")
    nothing = {"reworded": [], "links": [], "redirects": [], "former": {}}
    token, _ = tokens.make(other, "for another", ["drafts:read"], 7)
    found = {
        **{kind: getattr(entries, kind).pk for kind in Kind},
        "entry": entries.article.pk, "person": entries.person.pk, "organisation": entries.host.pk,
        "tag": Tag.objects.get().pk, "theme": entries.theme.pk, "region": entries.baltic.pk,
        "attendance": Attendance.objects.get().pk, "passage": passage.pk, "crossreference": reference.pk,
        "authorship": Authorship.objects.create(article=entries.article, person=entries.person).pk,
        "acknowledgement": acknowledgement.pk, "candidate": candidates["article"].pk,
        "merge": Merge.objects.create(what="theme", kept="x", kept_pk=0, public=nothing).pk,
        "auditline": AuditLine.objects.latest("pk").pk, "user": other.pk,
        "group": Group.objects.create(name="Another").pk,
    }  # fmt: skip
    owned = {
        "file_import": FileImport.objects.create(by=other, name="x", format="x").pk,
        "batch": Batch.objects.create(by=other, name="x", kind="position").pk,
        "saved_filter": SavedFilter.objects.create(by=other, of="position", name="x").pk,
        "revoke_token": token.pk,
    }
    owned |= dict.fromkeys(("together", "wrong_rows"), owned["batch"])
    owned["change_filter"] = owned["saved_filter"]
    held = {"article": position.pk, "session": in_session.pk}
    return SimpleNamespace(of=found, owned=owned, candidates=candidates, held=held, entries=entries)


def address_of(route: str, about: str, page: str, rows: SimpleNamespace) -> str:
    """A route with a row in it that is there."""
    address = "admin/curation/" if page == "app_list" else route
    key = rows.of.get(about)
    values = {
        "<path:content_type_id>": ContentType.objects.get_for_model(Article).pk,
        "<path:object_id>": key if about else rows.of["article"],
        "<id>": key,
        "<int:number>": 1,
        "<int:key>": rows.candidates[about].pk if about in rows.candidates else 0,
        "<int:position>": rows.held.get(about, 0),
        "<int:revision>": Revision.objects.latest("pk").pk,
        "<int:pk>": rows.owned.get(page, 0),
        "<str:kind>": "position",
        "<str:extension>": "csv",
    }
    if about == "api":
        values["<identifier>"] = getattr(getattr(rows.entries, page.rpartition("_")[2], None), "identifier", "")
    for place, value in values.items():
        address = address.replace(place, str(value))
    assert "<" not in address, address
    query = {
        "autocomplete": "?app_label=curation&model_name=position&field_name=proposition&term=a",
        "keep_filter": "?of=curation.position&query=q%3Da",
    }
    return "/" + address + query.get(page, "")


def is_let_in(client: Client, address: str, method: str) -> bool:
    """Whether something was shown or done; what was done is undone."""
    asking = copy.copy(client)
    asking.cookies = copy.deepcopy(client.cookies)
    is_api = address.startswith("/admin/api/v1/")
    with transaction.atomic():
        if method == "GET":
            response = asking.get(address)
        elif is_api:
            ask = asking.post if address.rstrip("/").endswith("s") else asking.patch
            sent = {"title": "New"} | ({"workshop": "w"} if "/sessions" in address else {})
            response = ask(address, sent, content_type="application/json", headers={"If-Match": '"another"'})
        else:
            response = asking.post(address, {"action": "drop"} if "/candidates/" in address else {})
        transaction.set_rollback(True)
    if response.status_code in (301, 302):
        return not response["Location"].startswith(("/admin/login/", "/admin/?")) and response["Location"] != "/admin/"
    return response.status_code not in (401, 403, 404, 405)


def asked(client: Client, rows: SimpleNamespace) -> dict[tuple[str, str], tuple[bool, bool]]:
    return {
        (about, page): (is_let_in(client, address, "GET"), is_let_in(client, address, "POST"))
        for route, about, page in addresses()
        if page != REDIRECTS
        for address in [address_of(route, about, page, rows)]
    }


def expected(letter: str) -> dict[tuple[str, str], tuple[bool, bool]]:
    return {
        (about, page): tuple(letter in word for word in who.split())
        for about, pages in TABLE.items()
        for page, who in pages.items()
    }


def differences(found: dict, said: dict) -> dict:
    return {"/".join(key): (found[key], said[key]) for key in found if found[key] != said[key]}


@pytest.mark.parametrize("letter", LETTERS)
def test_every_private_address_lets_in_whom_the_table_says(rows, letter):
    place = LETTERS[letter]
    if place is None:
        client = Client()
        client.force_login(User.objects.create_user("sam", is_staff=True))
    else:
        client = signed_in("sam", place)
    assert differences(asked(client, rows), expected(letter)) == {}


@pytest.mark.parametrize("is_known", [False, True], ids=["nobody", "an account that is not staff"])
def test_nobody_is_let_in_without_an_account_for_the_workbench(rows, is_known):
    client = Client()
    if is_known:
        client.force_login(User.objects.create_user("sam"))
    let_in = {page for (_, page), ways in asked(client, rows).items() if any(ways)}
    assert let_in <= OPEN
    for route, about, page in addresses():  # addresses without a name lead to the door, or to nothing
        if page == REDIRECTS and "(?P<url>" not in route:
            assert not is_let_in(client, address_of(route, about or route.split("/")[2], page, rows), "GET")
