from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from apps.gate.publication import Outcome, awaiting_publication, publish_many


class Command(BaseCommand):
    help = "Publish every submitted entry that passes the gate, and say what was refused and why."

    def handle(self, *args: Any, **options: Any) -> None:
        entries = list(awaiting_publication())
        outcome = Outcome()
        for _ in tqdm(
            publish_many(entries, outcome), total=len(entries), desc="Publishing", unit=" entries", disable=None
        ):
            pass
        for entry, findings in outcome.refused:
            self.stdout.write(f"Refused: {entry.get_kind_display().lower()} “{entry}”")
            for finding in findings:
                self.stdout.write(f"  {finding.severity.label}, {finding.field or 'the whole'}: {finding}")
        self.stdout.write(
            f"{len(outcome.published)} published, {outcome.unchanged} unchanged, {len(outcome.refused)} refused."
        )
