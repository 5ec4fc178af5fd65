import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.http.request import split_domain_port, validate_host
from django.templatetags.static import static
from django.utils import timezone
from tqdm import tqdm

from apps.public.catalogue.state import read_state
from apps.public.exports.site import Site, usual_address
from apps.public.search import building
from apps.public.search import folder as index
from apps.public.website.copying import folder as places
from apps.public.website.copying.making import make
from apps.public.website.copying.pages import Copy
from apps.public.website.copying.visitor import Moving, Unanswered
from deterrence_kb.exits import BUSY, REFUSED, USAGE

_ATTEMPTS = 3  # to read all of it in one state
_PATIENCE = 60.0  # seconds to wait for another process that writes the search index


class Command(BaseCommand):
    help = (
        "Write a copy of the whole public site to a folder, to be read from its index.html without a server. An "
        "earlier copy there is replaced once the new one is whole. Ends with 0 where it was written; 1 where the site "
        "failed to answer; 2 where it was asked for wrongly or the folder can't be written; 3 where the database or "
        "the index can't answer now, or something was published meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a new or empty folder, or one that holds an earlier copy")
        parser.add_argument("--address", default=usual_address(), help="where the site itself stands: %(default)s")
        parser.add_argument("--date", type=_date, help="the date that the pages say, as 2026-11-27; else today's")

    def handle(self, *args: Any, folder: Path, address: str, **options: Any) -> None:
        copy_of, is_reached = self._site(address)
        date = options["date"] or timezone.localdate()
        try:
            static("website/site.css")
        except ValueError:
            message = "The style sheets of this release are not collected: manage.py collectstatic --no-input."
            raise CommandError(message, returncode=USAGE) from None
        try:
            places.check(folder.resolve())
            building.bring_up_to_date(Path(settings.SEARCH_INDEX_DIR), False, _PATIENCE, lambda done, total: None)
            for attempt in range(_ATTEMPTS):
                try:
                    self._write(folder, Copy(copy_of, date, read_state().change, is_reached))
                    return
                except Moving as moving:
                    if attempt + 1 == _ATTEMPTS:
                        raise
                    self.stderr.write(f"{moving} Once more.")
        except places.Refused as refused:
            raise CommandError(str(refused), returncode=USAGE) from None
        except (Unanswered, places.Busy, index.Busy, OperationalError) as error:
            is_passing = not isinstance(error, Unanswered) or error.is_passing
            why = str(error) or "Another process is writing the search index."
            raise CommandError(f"{why} Nothing was written.", returncode=BUSY if is_passing else REFUSED) from None
        except OSError as error:
            raise CommandError(f"{folder} can't be written: {error.strerror}.", returncode=USAGE) from None

    def _site(self, address: str) -> tuple[Site, bool]:
        """The site that is copied, and whether others can reach it there."""
        parts = urlsplit(address.rstrip("/"))
        host, _ = split_domain_port(parts.netloc)
        if parts.scheme not in ("http", "https") or not host or parts.path or parts.query:
            raise CommandError(f"“{address}” is no address of a site: write https://kb.example.", returncode=USAGE)
        if not validate_host(host, settings.ALLOWED_HOSTS):
            message = f"The site doesn't answer at {host}: add it to ALLOWED_HOSTS, or say --address."
            raise CommandError(message, returncode=USAGE)
        if settings.SECURE_SSL_REDIRECT and parts.scheme == "http":
            raise CommandError(f"The site answers by https only: not at {address}.", returncode=USAGE)
        is_reached = host not in ("localhost", "127.0.0.1", "[::1]")
        if not is_reached:
            self.stderr.write(f"{address} is this machine's own: the copy can't say where the site is. Say --address.")
        return Site(settings.SITE_NAME, parts.geturl()), is_reached

    def _write(self, folder: Path, copy: Copy) -> None:
        with tqdm(desc="Copying", unit=" files", disable=None, file=self.stderr) as bar:

            def show(done: int, known: int) -> None:
                bar.total = known
                bar.update(done - bar.n)

            files, missing = make(folder, copy, read_state(), show)
        for one in missing:
            self.stderr.write(f"The site links to {one}, where it has nothing.")
        written = f"{len(files.sums):,} files, {files.size / 1_000_000:,.0f} MB, at change {copy.change:,}"
        self.stderr.write(f"Written: {written}. Open {folder / 'index.html'}.")


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no date: write 2026-11-27") from None
