"""Tokens on their page: shown once, listed with their last use, revoked by their owner or an administrator."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.workbench.api import tokens
from apps.workbench.models import Token

PAGE = "/admin/tokens/"
ASKED = {"name": "Survey of 2026", "scopes": ["drafts:read", "drafts:write"], "days": "30"}


def key_on(response) -> str | None:
    field = BeautifulSoup(response.content, "html.parser").find(id="key")
    return field["value"] if field else None


def rows_on(client) -> list[str]:
    page = BeautifulSoup(client.get(PAGE).content, "html.parser")
    return [row.get_text(" ", strip=True) for row in page.select("tbody tr")]


def test_a_key_is_shown_once_and_opens_what_was_asked_for(analyst):
    response = analyst.post(PAGE, ASKED)
    key, token = key_on(response), Token.objects.get()
    assert "no-store" in response["Cache-Control"]
    assert tokens.known(key) == token
    assert (token.by, token.name, token.scopes, token.ending) == (
        analyst.user, "Survey of 2026", ["drafts:read", "drafts:write"], key[-4:],
    )  # fmt: skip
    assert token.expires_at - token.made_at == dt.timedelta(days=30)
    assert key not in analyst.get(PAGE).content.decode()
    assert key not in str(dict(analyst.session))
    access = Client().get("/admin/api/v1/access", headers={"Authorization": f"Bearer {key}"}).json()
    assert (access["account"], access["token"]) == ("ana", "Survey of 2026")


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "a" * 61}, {"name": "a\x00"}, {"scopes": []}, {"scopes": ["publish"]}, {"days": "0"},
     {"days": "9999"}, {"days": ""}],
)  # fmt: skip
def test_what_makes_no_sense_makes_no_token(analyst, wrong):
    response = analyst.post(PAGE, ASKED | wrong)
    assert response.status_code == 200
    assert BeautifulSoup(response.content, "html.parser").select(".errorlist")
    assert not Token.objects.exists()


def test_a_form_sent_twice_makes_one_token(analyst):
    analyst.post(PAGE, ASKED)
    again = analyst.post(PAGE, ASKED)
    assert "You have a token of this name" in again.content.decode()
    assert Token.objects.count() == 1
    tokens.revoke(Token.objects.get(), analyst.user)
    assert key_on(analyst.post(PAGE, ASKED))


def test_the_list_tells_the_last_use(analyst):
    _, key = tokens.make(analyst.user, "Mine", ["drafts:read"], 7)
    assert "never" in rows_on(analyst)[0]
    tokens.known(key)
    [row] = rows_on(analyst)
    assert "never" not in row
    assert f"{timezone.now():%b %Y}" in row
    Token.objects.update(
        made_at=timezone.now() - dt.timedelta(days=9), expires_at=timezone.now() - dt.timedelta(days=2)
    )
    assert "expired" in rows_on(analyst)[0]
    assert "Revoke" not in rows_on(analyst)[0]


def test_its_owner_revokes_it_and_nobody_else_but_an_administrator(analyst, reviewer):
    token, key = tokens.make(analyst.user, "Ana's script", ["drafts:read"], 7)
    address = reverse("admin:revoke_token", args=[token.pk])
    assert rows_on(reviewer) == []
    assert reviewer.post(address).status_code == 404
    assert analyst.get(address).status_code == 302
    assert tokens.known(key)
    analyst.post(address)
    assert tokens.known(key) is None
    assert "revoked" in rows_on(analyst)[0]
    other, key = tokens.make(analyst.user, "Another", ["drafts:read"], 7)
    reviewer.user.user_permissions.add(Permission.objects.get(codename="change_token"))
    assert any("Another" in row and "ana" in row for row in rows_on(reviewer))
    reviewer.post(reverse("admin:revoke_token", args=[other.pk]))
    assert tokens.known(key) is None
    assert any("by rex" in row for row in rows_on(analyst))


def test_who_does_not_work_here_has_no_page_of_tokens(db, client):
    client.force_login(User.objects.create_user("vis"))
    for address in (PAGE, "/admin/api/", reverse("admin:revoke_token", args=[1])):
        assert client.post(address, ASKED)["Location"].startswith("/admin/login/")
    assert not Token.objects.exists()


def test_the_front_page_leads_there_and_the_page_tells_every_operation(analyst):
    assert PAGE in analyst.get("/admin/").content.decode()
    page = analyst.get("/admin/api/")
    schema = analyst.get("/admin/api/v1/openapi.json").json()
    told = {(one.method, one.path) for one in page.context["operations"]}
    assert told == {(method.upper(), path) for path, methods in schema["paths"].items() for method in methods}
    make = next(one for one in page.context["operations"] if one.path.endswith("/positions"))
    fields = {name: allowed for name, allowed, _ in make.fields}
    assert fields["title"] == "string, required"
    assert fields["passages"].startswith("list: with number, locator, quotation")
    assert fields["stance"].startswith("supports | ")
