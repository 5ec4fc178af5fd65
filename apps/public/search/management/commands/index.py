"""Bring the search index up to date with the catalogue, or build it anew."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from apps.public.search import building, folder

PATIENCE = 60.0  # seconds to wait for another writer


class Command(BaseCommand):
    help = "Brings the search index up to date with the catalogue. A running server notices by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="build it anew, whatever is there")

    def handle(self, *args: Any, rebuild: bool, **options: Any) -> None:
        started = time.perf_counter()
        quiet = options["verbosity"] == 0
        with tqdm(unit=" records", unit_scale=True, disable=True if quiet else None) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                count = building.bring_up_to_date(Path(settings.SEARCH_INDEX_DIR), rebuild, PATIENCE, show)
            except folder.Busy:
                raise CommandError(
                    "Another process has been writing the search index for a minute. Try again."
                ) from None
            except (OSError, ValueError) as error:
                raise CommandError(
                    f"The search index in {settings.SEARCH_INDEX_DIR} cannot be written: {error}"
                ) from None
        took = time.perf_counter() - started
        if not quiet:
            self.stdout.write(f"{count:,} records indexed in {took:.1f} s, {count / took:,.0f} a second.")
