"""Prepare this database to be copied from, or to follow: the public tables alone, by logical replication."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from apps.public.serving.replica import COPIER, READER, NotHere, Step, following, publishing, take
from deterrence_kb.exits import REFUSED, USAGE


class Command(BaseCommand):
    help = (
        "On the curation node: publish the public tables for replication. On a public node (SITE_ROLE=public, "
        "migrated), with --follow: subscribe to them. Doing it again changes nothing. Wants an account that may make "
        "roles and, to follow, subscriptions; --sql only says what is lacking, for somebody who may. Ends with 0; with "
        "1 where the database refused; with 2 where this database can't do it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--follow", metavar="CONNECTION", help="as in 'host=db dbname=kb user=kb_replica'")
        parser.add_argument("--name", default="1", help="of this public node among several: letters and digits")
        parser.add_argument(
            "--role",
            help=f"that reads: {COPIER} on the curation node, {READER} on a public one. Where it is made, it gets the "
            "password in ROLE_PASSWORD, or none",
        )
        parser.add_argument("--sql", action="store_true", help="say the SQL, and do nothing")

    def handle(self, *args: Any, follow: str | None, name: str, role: str | None, **options: Any) -> None:
        if not ((name.isascii() and name.isalnum() and name.islower()) or name.isdigit()):
            raise CommandError("--name takes small letters and digits.", returncode=USAGE)
        try:
            password = os.environ.get("ROLE_PASSWORD", "")
            if follow:
                steps = following(follow, name, role or READER, password)
            else:
                steps = publishing(role or COPIER, password)
            if options["sql"]:
                for step in steps:
                    self.stdout.write(f"{_said(step)};  -- {step.why}")
                return
            take(steps, lambda step: self.stdout.write(f"Done: {step.why}."))  # a connection may hold a password
        except NotHere as error:
            raise CommandError(str(error), returncode=USAGE) from None
        except DatabaseError as error:
            raise CommandError(f"PostgreSQL refused: {str(error).strip()}", returncode=REFUSED) from None
        if not steps:
            self.stdout.write("Nothing is lacking.")


def _said(step: Step) -> str:
    connection.ensure_connection()
    return step.statement.as_string(connection.connection)
