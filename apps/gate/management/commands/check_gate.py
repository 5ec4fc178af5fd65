from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from apps.curation.models import Entry
from apps.gate.management.reviewer import add_reviewer, reviewer_called
from apps.gate.publication import findings, objections


class Command(BaseCommand):
    help = "Say what the gate would find in the entries as they stand, without publishing anything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="slug", help="only these entries; all of them when left out")
        add_reviewer(parser, "the reviewer who would publish: tells what they edited last, and so can't")

    def handle(self, *args: Any, slugs: list[str], by: str, **options: Any) -> None:
        reviewer = reviewer_called(by)
        entries = Entry.objects.filter(slug__in=slugs) if slugs else Entry.objects.all()
        unknown = set(slugs) - {entry.slug for entry in entries}
        if unknown:
            raise CommandError(f"No entry is called {', '.join(sorted(unknown))}.")
        refused = 0
        for entry in tqdm(entries, desc="Checking", unit=" entries", disable=None):
            found = findings(entry, by=reviewer)
            against = objections(entry, found)
            refused += bool(against)
            if found:
                self.stdout.write(f"{entry.get_kind_display()} “{entry}”")
            for finding in found:
                standing = finding.severity.label if finding in against else "Acknowledged"
                self.stdout.write(f"  {standing}, {finding.field or 'the whole'}: {finding}")
        self.stdout.write(f"{len(entries)} checked, {refused} would be refused.")
        if refused:
            raise SystemExit(1)
