"""Signing in: the password, its lock, the second factor, and the sessions that they begin and end."""

import html
import re
import threading
import time
from types import SimpleNamespace

import pyotp
import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts import attempts, factors, passkeys
from apps.accounts.models import Attempts, Factor, RecoveryCode
from apps.audit.models import AuditLine
from apps.curation.models import Article
from apps.workbench.roles import make_roles

PASSWORD = "a long enough password"
LOGIN, SECOND, FACTORS, MAKE = (
    "/admin/login/",
    "/admin/login/second/",
    "/admin/second-factor/",
    "/admin/second-factor/new/",
)


@pytest.fixture
def rex(db) -> User:
    user = User.objects.create_user("rex", password=PASSWORD, is_staff=True)
    user.groups.set(make_roles()[:2])
    return user


def give(client: Client, name: str = "rex", password: str = PASSWORD, onward: str = "/admin/", **more):
    return client.post(LOGIN, {"username": name, "password": password, "next": onward}, **more)


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


@pytest.fixture
def with_app(rex) -> SimpleNamespace:
    """rex, an app of theirs, and their recovery codes."""
    secret = factors.new_secret()
    session = SimpleNamespace(session_key=None)
    codes = factors.keep(rex, Factor.Kind.APP, "Phone", secret, 0, session)
    return SimpleNamespace(user=rex, totp=pyotp.TOTP(secret), codes=codes, factor=Factor.objects.get())


# --- The password


def test_a_right_password_goes_on_to_where_one_wanted_to_go(rex):
    client = Client()
    assert give(client, onward="/admin/review/")["Location"] == "/admin/review/"
    assert is_in(client)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site_after_signing_in(rex, elsewhere):
    assert give(Client(), onward=elsewhere)["Location"] == "/admin/"


def test_nor_after_the_second_factor(with_app):
    client = Client()
    give(client, onward="https://evil.example/")
    assert client.post(SECOND, {"code": with_app.totp.now()})["Location"] == "/admin/"


def test_too_many_attempts_lock_and_say_until_when(rex, settings):
    client = Client()
    for _ in range(settings.SIGN_IN_ATTEMPTS):
        assert give(client, password="wrong").status_code == 200
    answer = give(client)  # the right one
    assert answer.status_code == 429
    assert not is_in(client)
    assert 0 < int(answer["Retry-After"]) <= settings.LOCKED_MINUTES * 60
    assert re.search(r"too many attempts.*before \d\d:\d\d: try again in 15 minutes", text(answer))
    assert AuditLine.objects.filter(said="rex: locked out").count() == 1
    give(client)
    assert AuditLine.objects.filter(said="rex: locked out").count() == 1  # once, however often it is tried


def test_a_name_that_is_no_accounts_gets_the_same_answers(rex, settings):
    def answers(name: str) -> list[tuple[int, str]]:
        client = Client(REMOTE_ADDR=f"10.0.0.{len(name)}")
        asked = [give(client, name, "wrong") for _ in range(settings.SIGN_IN_ATTEMPTS + 2)]
        hidden = r'value="[^"]*"'  # the name that was typed, and the token of the form
        return [(one.status_code, re.sub(hidden, "", text(one))) for one in asked]

    assert answers("rex") == answers("nobody-here")


def test_a_lock_ends_by_itself(rex, settings):
    client = Client()
    for _ in range(settings.SIGN_IN_ATTEMPTS + 1):
        give(client, password="wrong")
    Attempts.objects.update(since=int(time.time()) - settings.LOCKED_MINUTES * 60)
    give(client)
    assert is_in(client)
    assert not Attempts.objects.filter(count__gt=0).exists()  # what counts no longer is not kept


def test_who_is_right_in_time_starts_afresh(rex, settings):
    client = Client()
    for _ in range(3):
        for _ in range(settings.SIGN_IN_ATTEMPTS - 1):
            give(client, password="wrong")
        assert give(client).status_code == 302


def test_a_lock_is_for_an_address_until_many_have_tried(rex, settings):
    for _ in range(settings.SIGN_IN_ATTEMPTS + 1):
        give(Client(), password="wrong", REMOTE_ADDR="10.0.0.1")
    assert give(Client(), REMOTE_ADDR="10.0.0.2").status_code == 302
    for host in range(60):
        give(Client(), password="wrong", REMOTE_ADDR=f"10.1.0.{host}")
    assert give(Client(), REMOTE_ADDR="10.2.0.1").status_code == 429


def test_an_address_that_tries_many_names_is_locked(rex, settings):
    for number in range(settings.SIGN_IN_ATTEMPTS * 20):
        give(Client(), name=f"name{number}", password="wrong")
    assert give(Client()).status_code == 429
    before = Attempts.objects.count()
    give(Client(), name="yet another")
    assert Attempts.objects.count() == before + 1  # the pair alone


@pytest.mark.parametrize(("one", "other"), [("2001:db8::1", "2001:db8::ffff"), ("10.0.0.1", "::ffff:10.0.0.1")])
def test_addresses_of_one_machine_count_as_one(one, other):
    assert attempts._network(one) == attempts._network(other)


def test_another_case_of_the_name_makes_no_new_attempts(rex, settings):
    for number in range(settings.SIGN_IN_ATTEMPTS):
        give(Client(), name=["rex", "Rex", " rex ", "REX"][number % 4], password="wrong")
    assert give(Client()).status_code == 429


def test_what_is_kept_of_attempts_names_nobody(rex):
    give(Client(), password="wrong", REMOTE_ADDR="10.9.8.7")
    kept = str([*Attempts.objects.values()])
    assert "rex" not in kept
    assert "10.9.8.7" not in kept


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="the tests' SQLite database is in the memory of one process"
)
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_are_judged_than_may_be(settings):
    let_through, turned_away = [], []

    def try_it() -> None:
        try:
            attempts.at_password("rex", "10.0.0.1")
            let_through.append(1)
        except attempts.Locked:
            turned_away.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it) for _ in range(12)]
    try:
        for one in threads:
            one.start()
    finally:
        for one in threads:
            one.join()
    assert (len(let_through), len(turned_away)) == (settings.SIGN_IN_ATTEMPTS, 12 - settings.SIGN_IN_ATTEMPTS)


def test_a_clock_that_was_set_back_locks_nobody_for_long(rex, settings):
    for _ in range(settings.SIGN_IN_ATTEMPTS + 1):
        give(Client(), password="wrong")
    Attempts.objects.update(since=int(time.time()) + 86_400)
    assert give(Client()).status_code == 302


@pytest.mark.parametrize("weak", ["short1!", "q1w2e3r4t5y6", "123456789012345", "rexington-the-3rd"])
def test_weak_passwords_are_refused(weak):
    user = User(username="rexington-the-3", first_name="Rex")
    with pytest.raises(ValidationError):
        validate_password(weak, user)


# --- Sessions


def test_a_session_gets_a_new_key_at_each_step(with_app):
    client = Client()
    client.get(LOGIN)
    client.session.save()
    keys = {client.session.session_key}
    give(client)
    keys.add(client.session.session_key)
    client.post(SECOND, {"code": with_app.totp.now()})
    keys.add(client.session.session_key)
    assert len(keys) == 3


def test_a_session_key_that_somebody_else_chose_opens_nothing(rex):
    chosen = "a" * 32
    victim, attacker = Client(), Client()
    for one in (victim, attacker):
        one.cookies["sessionid"] = chosen
    give(victim)
    assert is_in(victim)
    assert not is_in(attacker)


def test_a_session_ends_when_nothing_is_done_in_it_and_lasts_while_something_is(rex, settings):
    client = Client()
    give(client)
    session = Session.objects.get()
    left = session.expire_date.timestamp() - time.time()
    assert settings.SESSION_COOKIE_AGE - 60 < left <= settings.SESSION_COOKIE_AGE
    inside = client.session
    inside["seen"] = int(time.time()) - settings.SESSION_COOKIE_AGE // 2
    inside.set_expiry(60)
    inside.save()
    inside = client.session
    inside.set_expiry(None)
    Session.objects.update(session_data=Session.objects.encode(dict(inside.items())))
    assert is_in(client)
    assert Session.objects.get().expire_date.timestamp() - time.time() > settings.SESSION_COOKIE_AGE - 60
    Session.objects.update(expire_date="2020-01-01T00:00Z")
    assert not is_in(client)


def test_a_new_password_ends_other_sessions_and_keeps_this_one(rex):
    here, there = Client(), Client()
    give(here)
    give(there)
    new = "another long password"
    here.post("/admin/password_change/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert is_in(here)
    assert not is_in(there)


def test_public_pages_look_at_no_session(db):
    client = Client()
    client.cookies["sessionid"] = "b" * 32
    answer = client.get("/robots.txt")
    assert "sessionid" not in answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


# --- The second factor


def test_whoever_has_one_is_asked_for_it_and_is_nobody_until_it_is_given(with_app):
    client = Client()
    assert give(client, onward="/admin/review/")["Location"] == SECOND
    assert not is_in(client)
    page = client.get(SECOND)
    assert page.status_code == 200
    assert 'autocomplete="one-time-code"' in text(page)
    assert client.post(SECOND, {"code": with_app.totp.now()})["Location"] == "/admin/review/"
    assert is_in(client)


def test_a_code_is_good_once(with_app):
    code = with_app.totp.now()
    first, second = Client(), Client()
    give(first)
    give(second)
    first.post(SECOND, {"code": code})
    assert "used already" in text(second.post(SECOND, {"code": code}))
    assert is_in(first)
    assert not is_in(second)


@pytest.mark.parametrize("seconds", [-120, 120])
def test_a_code_of_another_time_is_none(with_app, seconds):
    client = Client()
    give(client)
    client.post(SECOND, {"code": with_app.totp.at(time.time() + seconds)})
    assert not is_in(client)


@pytest.mark.parametrize("code", ["", "abc", "１２３４５６", "\x00" * 6, "9" * 5000, "00 00 00", "-00001"])
def test_what_is_no_code_is_answered(with_app, code):
    client = Client()
    give(client)
    assert client.post(SECOND, {"code": code}).status_code == 200
    assert client.post(SECOND, {"passkey": code}).status_code == 200
    assert not is_in(client)


def test_codes_can_be_tried_a_few_times_from_wherever(with_app, settings):
    for number in range(settings.SIGN_IN_ATTEMPTS):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}")
        give(client)
        client.post(SECOND, {"code": "000000"})
    give(client)
    answer = client.post(SECOND, {"code": with_app.totp.now()})
    assert answer.status_code == 429
    assert "too many attempts" in text(answer)
    assert not is_in(client)


def test_a_recovery_code_is_good_once_however_it_is_written(with_app):
    code = with_app.codes[0].upper().replace("-", " ")
    first, second = Client(), Client()
    give(first)
    first.post(SECOND, {"code": code})
    give(second)
    second.post(SECOND, {"code": code})
    assert is_in(first)
    assert not is_in(second)
    assert RecoveryCode.objects.count() == factors.CODES - 1
    assert code.lower().replace(" ", "") not in str([*RecoveryCode.objects.values()])


def test_the_second_step_needs_the_first(with_app):
    client = Client()
    assert client.get(SECOND)["Location"] == LOGIN
    assert client.post(SECOND, {"code": with_app.totp.now()})["Location"] == LOGIN
    assert not is_in(client)


def test_the_first_step_lasts_a_short_while_and_for_one_password(with_app):
    client = Client()
    give(client)
    with_app.user.set_password("another long password")
    with_app.user.save()
    assert client.post(SECOND, {"code": with_app.totp.now()})["Location"] == LOGIN
    give(client, password="another long password")
    session = client.session
    session["half_signed_in"] = session["half_signed_in"] | {"at": int(time.time()) - 601}
    session.save()
    assert client.post(SECOND, {"code": with_app.totp.now()})["Location"] == LOGIN


def test_codes_are_those_of_the_standard():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B: SHA-1, the last six of eight digits
    for at, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
        assert pyotp.TOTP(secret).at(at) == code


def test_who_needs_one_and_has_none_sets_it_up_while_signing_in(rex, settings):
    settings.SECOND_FACTOR_FOR = "trusted"
    client = Client()
    assert give(client, onward="/admin/review/")["Location"] == SECOND
    page = text(client.get(SECOND))
    assert "data:image/svg+xml" in page
    assert not is_in(client)
    secret = re.search(r'id="secret"[^>]*value="([^"]+)"', page)[1].replace(" ", "")
    assert "not its code" in text(client.post(SECOND, {"code": "000000"}))
    answer = client.post(SECOND, {"code": pyotp.TOTP(secret).now(), "name": "Phone"})
    codes = re.findall(r"<code>([a-z0-9-]{19})</code>", text(answer))
    assert len(codes) == factors.CODES
    assert 'href="/admin/review/"' in text(answer)
    assert "no-store" in answer["Cache-Control"]
    assert is_in(client)
    other = Client()
    give(other)
    other.post(SECOND, {"code": codes[0]})
    assert is_in(other)


def test_a_setting_says_who_needs_one(rex, settings):
    plain = User.objects.create_user("plain", password=PASSWORD, is_staff=True)
    for setting, asked in (("nobody", []), ("trusted", ["rex"]), ("everybody", ["plain", "rex"])):
        settings.SECOND_FACTOR_FOR = setting
        assert [name for name in ("plain", "rex") if give(Client(), name)["Location"] == SECOND] == asked
    settings.SECOND_FACTOR_FOR = "trusted"
    plain.is_superuser = True
    plain.save()
    assert give(Client(), "plain")["Location"] == SECOND


def test_a_session_without_one_ends_for_who_needs_one_by_now(rex, settings):
    client = Client()
    give(client)
    settings.SECOND_FACTOR_FOR = "trusted"
    assert not is_in(client)
    assert client.get("/admin/api/v1/entries").status_code in (401, 404)


def test_tokens_of_programs_are_not_asked_for_one(rex, settings):
    from apps.workbench.api import tokens
    from apps.workbench.models import Token

    settings.SECOND_FACTOR_FOR = "everybody"
    _, key = tokens.make(rex, name="R", scopes=[Token.Scope.values[0]], days=30)
    answer = Client().get("/admin/api/v1/me", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code != 401


# --- What was written when a session ended


@pytest.fixture
def notes_page(db) -> str:
    """Where notes are pasted."""
    article = Article.objects.create(slug="a", title="An article")
    return reverse("admin:curation_article_notes", args=[article.pk])


def test_who_writes_while_the_session_ends_gives_password_and_code_and_loses_nothing(with_app, notes_page):
    client = Client()
    written = {"pasted": "Long thought <b>", "username": "rex", "password": PASSWORD, "sign_in_again": "1"}
    address = notes_page
    answer = client.post(address, written)
    assert answer.status_code == 401
    assert "type a code of its app" in text(answer)
    assert "Long thought <b>" in text(answer)
    assert client.post(address, written | {"second_factor_code": "000000"}).status_code == 401
    answer = client.post(address, written | {"second_factor_code": with_app.totp.now()})
    assert answer.status_code in (200, 302)
    assert is_in(client)


def test_who_has_signed_in_in_another_tab_sends_it_again_as_it_is(with_app, notes_page):
    client = Client()
    answer = client.post(notes_page, {"pasted": "Long thought"})
    assert answer.status_code == 401
    assert "I am signed in" in text(answer)
    give(client)
    client.post(SECOND, {"code": with_app.totp.now()})
    assert client.post(notes_page, {"pasted": "Long thought", "username": "", "password": ""}).status_code != 401


def test_should_the_form_be_too_old_by_then_what_was_written_is_there_to_be_copied(rex, notes_page):
    client = Client(enforce_csrf_checks=True)
    sent = {"pasted": "Long thought", "username": "rex", "password": PASSWORD, "second_factor_code": "123456"}
    page = text(client.post(notes_page, sent))
    assert "Long thought" in page
    assert PASSWORD not in page
    assert "123456" not in page


def test_there_too_a_lock_says_until_when(rex, settings, notes_page):
    sent = {"pasted": "Kept", "username": "rex", "password": "wrong", "sign_in_again": "1"}
    for _ in range(settings.SIGN_IN_ATTEMPTS):
        Client().post(notes_page, sent)
    answer = Client().post(notes_page, sent)
    assert answer.status_code == 429
    assert "too many attempts" in text(answer)
    assert "Kept" in text(answer)


# --- One's own factors


def test_factors_are_changed_with_the_password_alone(with_app):
    client = Client()
    give(client)
    client.post(SECOND, {"code": with_app.totp.now()})
    assert "not your password" in text(client.post(FACTORS, {"password": "wrong", "add": "1"}))
    assert client.get(MAKE)["Location"] == FACTORS
    client.post(FACTORS, {"password": "wrong", "remove": with_app.factor.pk})
    assert Factor.objects.count() == 1
    assert client.post(FACTORS, {"password": PASSWORD, "add": "1"})["Location"] == MAKE
    secret = re.search(r'id="secret"[^>]*value="([^"]+)"', text(client.get(MAKE)))[1].replace(" ", "")
    assert client.post(MAKE, {"code": pyotp.TOTP(secret).now(), "name": "Tablet"})["Location"] == FACTORS
    assert "Tablet" in text(client.get(FACTORS))


def test_a_change_of_factors_ends_other_sessions_and_those_half_begun(with_app):
    here, there, half = Client(), Client(), Client()
    for client, code in ((here, with_app.codes[0]), (there, with_app.codes[1])):
        give(client)
        client.post(SECOND, {"code": code})
    give(half)
    assert is_in(there)
    here.post(FACTORS, {"password": PASSWORD, "remove": with_app.factor.pk})
    assert is_in(here)
    assert not is_in(there)
    assert half.get(SECOND)["Location"] == LOGIN
    assert not RecoveryCode.objects.exists()


def test_the_last_one_stays_where_one_is_needed(with_app, settings):
    settings.SECOND_FACTOR_FOR = "trusted"
    client = Client()
    give(client)
    client.post(SECOND, {"code": with_app.codes[0]})
    answer = client.post(FACTORS, {"password": PASSWORD, "remove": with_app.factor.pk}, follow=True)
    assert "Add another one first" in text(answer)
    assert Factor.objects.exists()


def test_nobody_removes_somebody_elses(with_app):
    User.objects.create_user("ana", password=PASSWORD, is_staff=True)
    client = Client()
    give(client, "ana")
    for which in (with_app.factor.pk, "x", "9" * 30, "²"):
        assert client.post(FACTORS, {"password": PASSWORD, "remove": which}).status_code == 404
    assert Factor.objects.exists()


def test_new_recovery_codes_replace_the_former(with_app):
    client = Client()
    give(client)
    client.post(SECOND, {"code": with_app.totp.now()})
    page = text(client.post(FACTORS, {"password": PASSWORD, "codes": "1"}))
    assert len(set(re.findall(r"<code>([a-z0-9-]{19})</code>", page)) - {*with_app.codes}) == factors.CODES
    assert not factors.by_code(with_app.user, with_app.codes[0])


@pytest.mark.parametrize(
    ("host", "secure", "can"),
    [("localhost:8000", False, True), ("127.0.0.1:8000", False, False), ("[::1]:8000", True, False),
     ("kb.example.org", True, True), ("kb.example.org", False, False)],
)  # fmt: skip
def test_passkeys_are_offered_where_browsers_have_them(rf, settings, host, secure, can):
    settings.ALLOWED_HOSTS = ["*"]
    assert passkeys.can_be_used(rf.get("/", HTTP_HOST=host, secure=secure)) is can


# --- Letting somebody in


def test_an_administrator_takes_away_a_factor_that_is_lost_and_it_is_written_down(with_app):
    boss = User.objects.create_superuser("boss", password=PASSWORD)
    theirs, client = Client(), Client()
    give(theirs)
    theirs.post(SECOND, {"code": with_app.totp.now()})
    client.force_login(boss)
    client.post(
        "/admin/auth/user/", {"action": "take_away_second_factors", "_selected_action": [with_app.user.pk]}, follow=True
    )
    assert not Factor.objects.exists()
    assert not is_in(theirs)
    line = AuditLine.objects.get(said="rex: second factor reset")
    assert line.by == "boss"
    assert give(Client())["Location"] == "/admin/"


def test_who_may_not_change_an_account_takes_nothing_away(with_app):
    client = Client()
    User.objects.create_user("ana", is_staff=True)
    client.force_login(User.objects.get(username="ana"))
    client.post("/admin/auth/user/", {"action": "take_away_second_factors", "_selected_action": [with_app.user.pk]})
    assert Factor.objects.exists()


def test_a_command_lets_in_who_is_locked_out(with_app, settings, capsys):
    for _ in range(settings.SIGN_IN_ATTEMPTS + 1):
        give(Client(), password="wrong")
    assert give(Client()).status_code == 429
    call_command("let_in", "rex")
    assert give(Client())["Location"] == SECOND
    call_command("let_in", "rex", "--second-factor")
    assert give(Client())["Location"] == "/admin/"
    assert AuditLine.objects.filter(said__startswith="rex: lock lifted").exists()
    for _ in range(settings.SIGN_IN_ATTEMPTS * 20):
        give(Client(), name=f"n{_}", password="wrong")
    call_command("let_in")
    assert give(Client()).status_code == 302
    with pytest.raises(CommandError, match="no account “nobody”"):
        call_command("let_in", "nobody")


def test_codes_that_an_app_makes_are_on_no_page_and_in_no_line_of_the_log(with_app):
    assert with_app.factor.secret not in str([*AuditLine.objects.values()])
    client = Client()
    give(client)
    client.post(SECOND, {"code": with_app.totp.now()})
    assert with_app.factor.secret not in text(client.get(FACTORS))


def test_a_page_that_is_shown_while_signing_in_has_nothing_inline(rex, settings):
    settings.SECOND_FACTOR_FOR = "everybody"
    client = Client()
    pages = [client.get(LOGIN)]
    give(client)
    pages.append(client.get(SECOND, HTTP_HOST="localhost"))
    for page in pages:
        assert not re.search(r"<style|style=|<script(?![^>]*(src=|application/json))|\son\w+=", text(page))
        assert "unsafe" not in page["Content-Security-Policy"]
