"""The option that names who publishes, or would."""

from __future__ import annotations

from argparse import ArgumentParser

from django.contrib.auth.models import User
from django.core.management.base import CommandError


def add_reviewer(parser: ArgumentParser, help: str) -> None:
    parser.add_argument("--by", metavar="USERNAME", default="", help=help)


def reviewer_called(username: str) -> User | None:
    """The account of that name; none for no name. Raises CommandError for one that may not publish."""
    reviewer = User.objects.filter(username=username).first()
    if username and not (reviewer and reviewer.has_perm("curation.publish_entry")):
        raise CommandError(f"“{username}” is nobody who may publish: name a reviewer's account.")
    return reviewer
