import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.http import QueryDict
from tqdm import tqdm

from apps.public.catalogue.state import State, read_state
from apps.public.exports.formats import FORMATS
from apps.public.exports.kept import write_whole
from apps.public.exports.rows import rows_for_keys
from apps.public.exports.site import Site, usual_address
from apps.public.exports.wholes import WHOLES
from apps.public.search.filters import Filter, UnusableFilter
from apps.public.search.index import SearchUnavailable
from apps.public.search.results import all_matches
from apps.public.search.schema import SELECTIONS
from apps.taxonomy.vocabulary import vocabulary
from deterrence_kb.exits import BUSY, REFUSED, USAGE

_KNOWN = ("q", *SELECTIONS, "sort")


class Command(BaseCommand):
    help = (
        "Write what is public to a file: the records that a filter finds, in any format that the website has, or the "
        f"whole of something ({', '.join(WHOLES)}). Ends with 0 where it was written; 1 where the filter was refused; "
        "2 where it was asked for wrongly or the file can't be written; 3 where the database or the index can't "
        "answer now."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="where to write it; - for the standard output")
        parser.add_argument("--format", choices=[*FORMATS, *WHOLES], help="else that is told by the file's name")
        parser.add_argument("--query", default="", metavar="QUERY", help="as in an address: q=calm&year=2023")
        parser.add_argument(
            "--filter", action="append", default=[], metavar="NAME=VALUE", help=f"one of {', '.join(_KNOWN)}; again"
        )
        parser.add_argument(
            "--address", default=usual_address(), help="where the site stands, for permalinks: %(default)s"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be written")

    def handle(self, *args: Any, file: str, query: str, filter: list[str], dry_run: bool, **options: Any) -> None:
        name = options["format"] or _guessed(file)
        params = _params(query, filter)
        if name in WHOLES and params:
            raise CommandError(f"{name} is whole: no filter goes with it.", returncode=USAGE)
        site, state = Site(settings.SITE_NAME, options["address"].rstrip("/")), read_state()
        try:
            what, make = self._whole(name, state, site) if name in WHOLES else self._list(name, params, state, site)
            if not dry_run:
                _write(file, make())
        except UnusableFilter as unusable:
            raise CommandError("\n".join(one.message for one in unusable.problems), returncode=REFUSED) from None
        except (SearchUnavailable, OperationalError) as error:
            why = f"It can't be read now: {error or 'the search index is being built'}. Nothing was written."
            raise CommandError(why, returncode=BUSY) from None
        except OSError as error:
            raise CommandError(f"{file} can't be written: {error.strerror}.", returncode=USAGE) from None
        self.stderr.write(f"Dry run, nothing was written: {what}." if dry_run else f"Written: {what}.")

    def _whole(self, name: str, state: State, site: Site) -> tuple[str, Callable[[], Iterator[bytes]]]:
        return f"{name}, at change {state.change:,}", partial(WHOLES[name].write, state, site)

    def _list(
        self, name: str, params: QueryDict, state: State, site: Site
    ) -> tuple[str, Callable[[], Iterator[bytes]]]:
        asked = Filter.from_params(params, vocabulary(state.vocabulary)).replace(page=1)
        for notice in asked.notices:
            self.stderr.write(notice)
        keys = all_matches(asked, state)
        rows = tqdm(
            rows_for_keys(keys, state), total=len(keys), desc="Exporting", unit=" records", disable=None,
            file=self.stderr,
        )  # fmt: skip
        count = f"{len(keys):,} record{'' if len(keys) == 1 else 's'}"
        return f"{count} as {FORMATS[name].label}", partial(FORMATS[name].write, rows, site)


def _guessed(file: str) -> str:
    """By the whole name, or by its ending where one format only has it (or is first called so)."""
    name = Path(file).name
    ending = name.rpartition(".")[2].casefold()
    found = [one.name for one in FORMATS.values() if one.extension == ending]
    if name in WHOLES:
        return name
    if not found:
        raise CommandError(f"What {file} is to be isn't told by its name: say --format.", returncode=USAGE)
    return found[0]


def _params(query: str, filters: Iterable[str]) -> QueryDict:
    params = QueryDict(query.removeprefix("?"), mutable=True)
    for one in filters:
        name, is_said, value = one.partition("=")
        if not is_said:
            raise CommandError(f"“{one}” is no filter: write {one}=VALUE.", returncode=USAGE)
        params.appendlist(name, value)
    if unknown := [name for name in params if name not in _KNOWN]:
        raise CommandError(f"There is no filter “{unknown[0]}”. There are {', '.join(_KNOWN)}.", returncode=USAGE)
    return params


def _write(file: str, parts: Iterable[bytes]) -> None:
    """A file is there whole or not at all; what is written to the standard output is on its way at once."""
    if file == "-":
        sys.stdout.buffer.writelines(parts)
        sys.stdout.buffer.flush()
        return
    write_whole(Path(file), parts)
