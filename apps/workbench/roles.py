"""Who may do what in the workbench: analysts write and submit, reviewers publish and withdraw too."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

CURATED = ("curation", "taxonomy", "taggit")


def make_roles() -> list[Group]:
    """Make the groups Analysts and Reviewers, or give them back what they should have. Returns both."""
    write = Permission.objects.filter(content_type__app_label__in=CURATED).exclude(codename="publish_entry")
    look = Permission.objects.filter(content_type__app_label="gate", codename__startswith="view_")
    publish = Permission.objects.filter(codename="publish_entry")
    analysts, _ = Group.objects.get_or_create(name="Analysts")
    analysts.permissions.set([*write, *look])
    reviewers, _ = Group.objects.get_or_create(name="Reviewers")
    reviewers.permissions.set([*write, *look, *publish])
    return [analysts, reviewers]
