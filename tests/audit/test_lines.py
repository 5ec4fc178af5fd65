"""What is noted in the audit log, of whom, and what is not; and who reads it."""

import csv
import io
import logging

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.audit.models import AuditLine, What
from apps.curation.models import Position, Workshop
from apps.gate.publication import publish, withdraw
from apps.workbench.api import tokens

LIST = "/admin/audit/auditline/"


def lines(what: What) -> list[tuple[str, str, str]]:
    return list(AuditLine.objects.filter(what=what).order_by("pk").values_list("by", "of", "said"))


def page(entry, name: str) -> str:
    return reverse(f"admin:curation_{entry.kind}_{name}", args=[entry.pk])


@pytest.fixture
def protected(entries) -> Position:
    Workshop.objects.update(rule="chatham_house")
    position = Position.objects.create(slug="z", title="On the Host Institute", session=entries.session)
    position.speakers.add(entries.person)
    return position


def test_publishing_and_withdrawing(reviewer, officer, entries):
    article = entries.article
    response = reviewer.post(page(article, "review"), {"_publish": "1"})
    line = AuditLine.objects.get(what=What.PUBLISHED)
    assert (line.by, line.of, line.said) == ("rex", f"article {article.identifier}", "version 1")
    assert line.request == response["X-Request-ID"]
    officer.post(page(article, "withdraw"), {"confirmed": "1"})
    assert lines(What.WITHDRAWN) == [("dora", f"article {article.identifier}", "")]


def test_what_goes_along_is_withdrawn_too(entries, reviewer):
    for entry in (entries.article, entries.proposition, entries.position):
        publish(entry, by=reviewer.user)
    publish(entries.article, by=reviewer.user)  # nothing new
    assert len(lines(What.PUBLISHED)) == 3
    withdraw(entries.article)
    gone = {of for _, of, _ in lines(What.WITHDRAWN)}
    assert gone == {f"{one.kind} {one.identifier}" for one in (entries.article, entries.position)}
    assert {by for by, _, _ in lines(What.WITHDRAWN)} == {""}  # a command


def test_a_warning_that_is_let_pass_with_its_reason(officer, protected):
    from apps.gate.publication import findings

    warning = next(one for one in findings(protected, by=officer.user) if one.severity == "warning")
    code, field, words = warning.key
    sent = {"code": code, "field": field, "words": words, "sentence": list(warning.sentences)}
    officer.post(page(protected, "acknowledge"), sent | {"reason": "It is the subject."})
    [(by, of, said)] = lines(What.OVERRIDDEN)
    assert (by, of) == ("dora", f"position {protected.identifier}")
    assert said.endswith("It is the subject.")


@pytest.mark.parametrize("name", ["change", "history", "preview", "tagging"])
def test_whoever_opens_a_page_about_what_a_rule_protects(analyst, protected, name):
    for _ in range(2):
        assert analyst.get(page(protected, name)).status_code == 200
    assert lines(What.SEEN) == [("ana", f"position {protected.identifier}", "")]


def test_programs_are_noted_as_their_accounts(analyst, protected):
    _, key = tokens.make(analyst.user, "survey", ["drafts:read"], 7)
    address = f"/admin/api/v1/positions/{protected.identifier}"
    assert Client().get(address, headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert lines(What.SEEN) == [("ana", f"position {protected.identifier}", "")]
    assert "drafts" in lines(What.TOKEN)[0][2]
    assert key not in str(list(AuditLine.objects.values_list()))


def test_what_no_rule_protects_is_not_noted_nor_who_is_refused(analyst, administrator, entries, protected):
    assert analyst.get(page(entries.article, "change")).status_code == 200
    assert administrator.get(page(protected, "change")).status_code == 403
    assert not lines(What.SEEN)


def test_asking_by_a_person_is_noted(officer, entries):
    for address in ("/admin/networks/", "/admin/curation/attendance/", "/admin/curation/position/?q=zarnecki"):
        assert officer.get(address).status_code == 200
    assert officer.get(reverse("admin:curation_person_change", args=[entries.person.pk])).status_code == 200
    assert [of for _, of, _ in lines(What.SEEN)] == [
        "networks of people",
        "list of attendance",
        "list of positions by person",
        f"person {entries.person.pk}",
    ]


def test_positions_are_found_by_who_said_it_by_a_disclosure_officer_alone(analyst, officer, protected, entries):
    address = "/admin/curation/position/"
    for asked in ({"q": "zarnecki"}, {"speakers__exact": entries.person.pk}):
        assert "On the Host Institute" in officer.get(address, asked).content.decode()
        assert (
            "On the Host Institute" not in analyst.get(address, asked, follow=True).content.decode() or "q" not in asked
        )
    assert analyst.get(address, {"speakers__exact": entries.person.pk}).status_code in (302, 400)


def test_a_table_that_is_taken_along(analyst, entries):
    analyst.get("/admin/curation/position/table.csv")
    assert lines(What.TAKEN_ALONG) == [("ana", "table of positions", "1 rows")]


def test_signing_in_and_out_and_failing_to(client, db):
    user = User.objects.create_user("ana", password="a good long one", is_staff=True)
    door = "/admin/login/"
    client.post(door, {"username": "ana", "password": "wrong"})
    client.post(door, {"username": "hunter2 is my password", "password": "x"})
    client.post(door, {"username": "a\x00b" * 100, "password": "x"})
    client.post(door, {"username": "ana", "password": "a good long one"})
    client.post("/admin/logout/")
    failed = lines(What.NOT_SIGNED_IN)
    assert failed[0] == ("", f"account {user.pk}", "ana")
    assert set(failed[1:]) <= {("", "no such account", "")}
    assert [by for by, _, _ in lines(What.SIGNED_IN) + lines(What.SIGNED_OUT)] == ["ana", "ana"]
    assert "hunter2" not in str(list(AuditLine.objects.values_list()))


def test_accounts_and_roles_by_whatever_way(administrator):
    user = User.objects.create_user("new")
    before = AuditLine.objects.count()
    user.save()
    assert AuditLine.objects.count() == before
    analysts = Group.objects.get(name="Analysts")
    form = {"username": "new", "is_active": "on", "is_staff": "on", "groups": [analysts.pk],
            "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}  # fmt: skip
    assert administrator.post(f"/admin/auth/user/{user.pk}/change/", form).status_code == 302
    assert ("ada", f"account {user.pk}", "new: is_staff False → True") in lines(What.ACCOUNT)
    assert ("ada", f"account {user.pk}", "new: given: Analysts") in lines(What.ROLE)
    user.refresh_from_db()
    user.set_password("another one")
    user.save()
    user.groups.clear()
    user.delete()
    said = [said for _, _, said in lines(What.ACCOUNT) + lines(What.ROLE)]
    assert {"new: another password", "new: all taken away", "new: deleted"} <= set(said)


def test_a_backup(transactional_db, tmp_path, capsys):
    call_command("backup", str(tmp_path / "b.zip"))
    [(by, of, said)] = lines(What.TAKEN_ALONG)
    assert (by, of) == ("", "backup")
    assert said.split()[-1] in capsys.readouterr().out


# --- Reading it


def test_a_disclosure_officer_reads_searches_and_takes_it_along(officer, reviewer, entries):
    publish(entries.article, by=reviewer.user)
    assert entries.article.identifier in officer.get(LIST, {"what__exact": "published"}).content.decode()
    assert entries.article.identifier not in officer.get(LIST, {"q": "no such word"}).content.decode()
    response = officer.get(f"{LIST}audit-log.csv", {"what__exact": "published"})
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert [(row["what"], row["by"], row["of"]) for row in rows] == [
        ("published", "rex", f"article {entries.article.identifier}")
    ]
    assert lines(What.TAKEN_ALONG) == [("dora", "audit log", "what__exact=published")]
    assert officer.get(f"{LIST}audit-log.csv", {"at__year": "9" * 20}).status_code == 302


def test_no_cell_of_its_file_is_a_formula(officer):
    User.objects.create_user("=1+1")
    data = b"".join(officer.get(f"{LIST}audit-log.csv").streaming_content).decode()
    assert ",=1" not in data
    assert "'=1+1" in data


def test_it_is_nothing_of_the_log_lines_of_the_server(reviewer, entries, caplog):
    with caplog.at_level(logging.DEBUG):
        reviewer.post(page(entries.article, "review"), {"_publish": "1"})
    assert lines(What.PUBLISHED)
    assert "rex" not in caplog.text
