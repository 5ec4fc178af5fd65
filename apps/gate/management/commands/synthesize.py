"""Fill the catalogue with synthetic positions, for measuring."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from tqdm import tqdm

from apps.gate.synthetic import NoVocabulary, synthesize

MOST = 10_000_000


class Command(BaseCommand):
    help = "Adds synthetic positions, marked as such, with the workshops, sessions and propositions they hang on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("count", type=int, metavar="N", help="how many positions")
        parser.add_argument("--seed", type=int, default=1, help="another number, other positions (default: 1)")

    def handle(self, *args: Any, count: int, seed: int, **options: Any) -> None:
        if not 1 <= count <= MOST:
            raise CommandError(f"N is the number of positions to add: 1 to {MOST:,}, not {count:,}.")
        started, quiet = time.perf_counter(), options["verbosity"] == 0
        with tqdm(total=count, unit=" records", unit_scale=True, disable=True if quiet else None) as bar:
            try:
                added = synthesize(count, seed, bar.update)
            except NoVocabulary:
                raise CommandError(
                    "There are no regions or no themes for positions to be about. "
                    "Load the vocabulary first: manage.py loaddata vocabulary."
                ) from None
            except OperationalError as error:
                raise CommandError(f"The database did not take the records, and none was added: {error}.") from None
        if not quiet:
            took = time.perf_counter() - started
            self.stdout.write(f"{added:,} records added in {took:.1f} s. Now run: manage.py index")
