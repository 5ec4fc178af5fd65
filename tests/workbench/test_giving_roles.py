"""Administrators give roles, but none by which they could do more than they may; and what bulk actions do for whom."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from apps.curation.models import Entry, Status
from apps.gate.publication import publish
from apps.taxonomy.words import Kind
from apps.workbench.roles import ROLES, make_roles

FORM = {"is_active": "on", "is_staff": "on", "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}


def change(account: User, page: str = "change") -> str:
    return f"/admin/auth/user/{account.pk}/{page}/"


def test_making_roles_gives_back_what_they_should_have(db):
    groups = make_roles()
    assert [group.name for group in groups] == [role.name for role in ROLES]
    held = [set(group.permissions.all()) for group in groups]
    groups[0].permissions.add(Permission.objects.get(codename="publish_entry"))
    groups[2].permissions.clear()
    assert [set(group.permissions.all()) for group in make_roles()] == held


def test_nobody_but_a_superuser_has_all_of_it(db):
    """An administrator's and an officer's rights meet nowhere, and nobody but a reviewer publishes."""
    analysts, reviewers, officers, administrators = (
        {permission.codename for permission in group.permissions.all()} for group in make_roles()
    )
    assert not administrators & (officers | reviewers | analysts)
    assert reviewers - analysts == {"publish_entry"}
    assert {one for one in officers if not one.startswith("view_")} == {
        "withdraw_entry", "acknowledge_finding", "see_identities",
    }  # fmt: skip
    assert "view_auditline" not in analysts | reviewers | administrators


@pytest.mark.parametrize("role", ["Analysts", "Reviewers"])
def test_an_administrator_gives_the_roles_of_those_who_curate(administrator, role):
    account, group = User.objects.create_user("new"), Group.objects.get(name=role)
    assert administrator.post(change(account), FORM | {"username": "new", "groups": [group.pk]}).status_code == 302
    assert list(account.groups.all()) == [group]


@pytest.mark.parametrize("role", ["Disclosure officers", "Administrators", "Of our own"])
def test_and_no_other(administrator, role):
    account = User.objects.create_user("new")
    group, _ = Group.objects.get_or_create(name=role)
    assert administrator.post(change(account), FORM | {"username": "new", "groups": [group.pk]}).status_code == 200
    assert not account.groups.exists()


def test_permissions_and_superusers_are_made_by_superusers(administrator):
    account, all_of_them = User.objects.create_user("new"), Permission.objects.values_list("pk", flat=True)
    sent = FORM | {"username": "new", "is_superuser": "on", "user_permissions": list(all_of_them)}
    assert administrator.post(change(account), sent).status_code == 302
    account.refresh_from_db()
    assert not account.is_superuser
    assert not account.user_permissions.exists()


@pytest.mark.parametrize(
    "who", ["themselves", "a superuser", "an officer", "another administrator", "their own rights"]
)
@pytest.mark.parametrize("page", ["change", "password"])
def test_accounts_that_may_more_are_out_of_reach(administrator, who, page):
    account = administrator.user
    if who != "themselves":
        account = User.objects.create_user("other", is_superuser=who == "a superuser")
    if who == "an officer":
        account.groups.add(Group.objects.get(name="Disclosure officers"))
    elif who == "another administrator":
        account.groups.add(Group.objects.get(name="Administrators"))
    elif who == "their own rights":
        account.user_permissions.add(Permission.objects.get(codename="publish_entry"))
    before = User.objects.filter(pk=account.pk).values().get()
    sent = FORM | {"username": "other", "password1": "A good long one 1", "password2": "A good long one 1"}
    sent |= {"usable_password": "true", "email": "x@example.org"}
    assert administrator.post(change(account, page), sent).status_code == 403
    assert User.objects.filter(pk=account.pk).values().get() == before


# --- Bulk actions: what becomes of an entry of each kind

STEPS = {  # who takes the step
    "submit_selected": {"analyst", "reviewer"},
    "publish_selected": {"reviewer"},
    "withdraw_selected": {"reviewer", "officer"},
    "edit_together": {"analyst", "reviewer"},
    "delete_selected": {"analyst", "reviewer"},
}


@pytest.mark.parametrize("role", ["analyst", "reviewer", "officer", "administrator"])
@pytest.mark.parametrize("kind", Kind)
def test_bulk_actions_are_taken_by_those_who_may(request, entries, kind, role):
    client, entry = request.getfixturevalue(role), getattr(entries, kind)
    another = User.objects.create_user("another")  # who answers for what a rule protects
    for before in {Kind.POSITION: [entries.article, entries.proposition], Kind.SESSION: [entries.workshop]}.get(
        kind, []
    ):
        publish(before, by=another)
    address = reverse(f"admin:curation_{kind}_changelist")
    for step, allowed in STEPS.items():
        Entry.objects.filter(pk=entry.pk).update(status=Status.DRAFT, modified_by=None)
        if step == "withdraw_selected":
            publish(entry, by=another)
        asked = {"action": step, "_selected_action": [entry.pk], "confirmed": "1"}
        response = client.post(address, asked)
        status = Entry.objects.get(pk=entry.pk).status
        done = {
            "submit_selected": status == Status.SUBMITTED,
            "publish_selected": status == Status.PUBLISHED,
            "withdraw_selected": status == Status.WITHDRAWN,
            "edit_together": (response.status_code == 302 and "/batches/" in response["Location"])
            or (response.status_code == 200 and b"together" in response.content.lower()),
            "delete_selected": response.status_code == 200 and b"_selected_action" in response.content
            and b'value="delete_selected"' in response.content and b'name="post"' in response.content,
        }[step]  # fmt: skip
        if step == "delete_selected" and role in allowed:  # what is published, or held fast, is told instead
            done = done or response.status_code == 200
        assert done == (role in allowed), step
