"""Who may do what in the workbench, each rule once: what a role may, and who gives which role. docs/roles.md says why.

A role is a group of Django's. What it may do is a list of permissions, which admins, pages, bulk actions and the API
for drafts ask for; an account with several roles may do what any of them may.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet

PUBLISH = "curation.publish_entry"  # and send back, and withdraw
WITHDRAW = "curation.withdraw_entry"  # only that
ACKNOWLEDGE = "curation.acknowledge_finding"  # let a warning pass, with a reason
IDENTITIES = "curation.see_identities"  # ask by a person: what they said, where they were
READ_LOG = "audit.view_auditline"

_CURATED = Q(content_type__app_label__in=("curation", "taxonomy", "taggit"))
_ROWS = Q(codename__regex=r"^(add|change|delete|view)_")  # of a kind of row, and no step of ours
_LOOK = Q(codename__startswith="view_")
_WRITE = (_CURATED & _ROWS) | (Q(content_type__app_label="gate") & _LOOK)


def _named(*names: str) -> Q:
    found = Q(pk=None)
    for name in names:
        app, codename = name.split(".")
        found |= Q(content_type__app_label=app, codename=codename)
    return found


@dataclass(frozen=True, slots=True)
class Role:
    """A group by its name, what it may do, and whether an administrator gives it; else only a superuser does."""

    name: str
    may: Q
    given_by_administrators: bool = True


ANALYST = Role("Analysts", _WRITE)
REVIEWER = Role("Reviewers", _WRITE | _named(PUBLISH))
OFFICER = Role(
    "Disclosure officers",
    ((_CURATED | Q(content_type__app_label="gate")) & _LOOK) | _named(WITHDRAW, ACKNOWLEDGE, IDENTITIES, READ_LOG),
    given_by_administrators=False,
)
ADMINISTRATOR = Role(
    "Administrators",
    _named("auth.add_user", "auth.change_user", "auth.view_user", "auth.view_group")
    | _named("workbench.view_token", "workbench.change_token"),
    given_by_administrators=False,
)
ROLES = (ANALYST, REVIEWER, OFFICER, ADMINISTRATOR)


def make_roles() -> list[Group]:
    """Make the groups of all roles, or give them back what they should have. Returns them in the order of ROLES."""
    groups = []
    for role in ROLES:
        group, _ = Group.objects.get_or_create(name=role.name)
        group.permissions.set(Permission.objects.filter(role.may))
        groups.append(group)
    return groups


def may_withdraw(user: Any) -> bool:
    """Whoever publishes takes back too; a disclosure officer only takes back."""
    return bool(user.has_perm(PUBLISH) or user.has_perm(WITHDRAW))


def may_review(user: Any) -> bool:
    """Who sees what waits for publication: they judge it as a whole, or one warning of it."""
    return bool(user.has_perm(PUBLISH) or user.has_perm(ACKNOWLEDGE))


def may_give(user: Any) -> QuerySet[Group]:
    """The roles that somebody who may change accounts gives and takes away. Groups of an institution's own are for a
    superuser: what they may do, nobody here knows."""
    if user.is_superuser:
        return Group.objects.all()
    return Group.objects.filter(name__in=[role.name for role in ROLES if role.given_by_administrators])


def may_change_account(user: Any, account: User | None) -> bool:
    """Whether an account is within an administrator's reach: not their own, and none that may more than they may give,
    since whoever sets its password, or its e-mail, could be it."""
    if user.is_superuser or account is None:
        return True
    if account.pk == user.pk or account.is_superuser or account.user_permissions.exists():
        return False
    return not account.groups.exclude(pk__in=may_give(user).values("pk")).exists()
