from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.curation.notes import import_notes
from apps.curation.notes.fixtures import FIXTURES, dump, empty_database


class Command(BaseCommand):
    help = "Make the fixtures from the notes in seeds/, through a database in memory. Yours isn't touched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if a file would change")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        folder = Path(settings.FIXTURE_DIRS[0])
        with empty_database():
            outcome = import_notes([Path(settings.BASE_DIR) / "seeds"])
            if outcome.problems:
                raise CommandError("\n".join(map(str, outcome.problems)))
            texts = {folder / f"{name}.json": dump(name) for name in FIXTURES}
        outdated = [path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text]
        if check and outdated:
            names = ", ".join(path.name for path in outdated)
            raise CommandError(f"Not what the seeds say any more: {names}. Run “make fixtures”.")
        for path in outdated:
            path.write_text(texts[path], encoding="utf-8")
            self.stdout.write(f"{path.name}: written.")
        if not outdated:
            self.stdout.write("The fixtures are what the seeds say.")
