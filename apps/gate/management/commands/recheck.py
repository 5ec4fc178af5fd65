from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from apps.curation.models import Organisation, Person, Workshop
from apps.gate.concerns import all_public, of_workshops
from apps.gate.recheck import Recheck, recheck
from apps.gate.same import note_names


class Command(BaseCommand):
    help = (
        "Judge again what is public, by the facts as they are now, and take out what no longer passes. That happens by "
        "itself when a fact changes in the admin or by our commands; run this after SQL by hand, or a restored backup."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "slugs", nargs="*", metavar="workshop", help="slugs of workshops; all that is public when left out"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be taken out, and leave it")

    def handle(self, *args: Any, slugs: list[str], dry_run: bool, **options: Any) -> None:
        workshops = Workshop.objects.filter(slug__in=slugs)
        if unknown := set(slugs) - {workshop.slug for workshop in workshops}:
            raise CommandError(f"No workshop is called {', '.join(sorted(unknown))}.")
        concerned = of_workshops(workshop.pk for workshop in workshops) if slugs else all_public()
        outcome = Recheck()
        with transaction.atomic():
            note_names([*Person.objects.all(), *Organisation.objects.all()])  # what was renamed past the watch
            for _ in tqdm(
                recheck(concerned, outcome),
                total=len(concerned),
                desc="Judging again",
                unit=" entries",
                disable=True if options["verbosity"] == 0 else None,
            ):
                pass
            transaction.set_rollback(dry_run)
        self.stdout.write(f"{outcome}{' Nothing was changed: this was a dry run.' if dry_run else ''}")
