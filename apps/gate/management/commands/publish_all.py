from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from apps.gate.management.reviewer import add_reviewer, reviewer_called
from apps.gate.publication import Outcome, awaiting_publication, publish_many


class Command(BaseCommand):
    help = "Publish every submitted entry that passes the gate, and say what was refused and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_reviewer(parser, "the reviewer who answers for what a rule protects")

    def handle(self, *args: Any, by: str, **options: Any) -> None:
        reviewer = reviewer_called(by)
        entries = list(awaiting_publication())
        outcome = Outcome()
        for _ in tqdm(
            publish_many(entries, outcome, reviewer),
            total=len(entries),
            desc="Publishing",
            unit=" entries",
            disable=None,
        ):
            pass
        for entry, findings in outcome.refused:
            self.stdout.write(f"Refused: {entry.get_kind_display().lower()} “{entry}”")
            for finding in findings:
                self.stdout.write(f"  {finding.severity.label}, {finding.field or 'the whole'}: {finding}")
        self.stdout.write(
            f"{len(outcome.published)} published, {outcome.unchanged} unchanged, {len(outcome.refused)} refused."
        )
