"""Two reviewers at the same entries at the same time, in processes of their own, while a mirror follows the changes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.db import connection

from apps.curation.models import Entry, Position, Status
from apps.public.catalogue.models import CatalogueState, Link, Record
from apps.public.search import building, folder, schema
from apps.public.search.filters import Filter
from apps.public.search.results import search

TIMES = 20  # each reviewer publishes, withdraws, edits and searches at least so often
ROOT = Path(__file__).resolve().parents[2]
AT_WORK = "import django; django.setup(); from tests.gate.reviewer import main; main()"
REVIEWERS = ("reviewer", "colleague")

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="the tests' SQLite database is in the memory of one process"
)


@pytest.fixture
def colleagues(world):
    """The small world, with more positions and a second reviewer, none of it published yet."""
    User.objects.create_user("colleague")
    for i in range(12):
        position = Position.objects.create(slug=f"more-{i}", title=f"Claim {i}", session=world.session)
        position.speakers.add(world.people[i % 6])
    Entry.objects.update(status=Status.SUBMITTED)
    return world


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_no_change_is_lost_and_the_index_equals_the_catalogue(colleagues, settings, tmp_path: Path) -> None:
    reviewers = [start(name, seed, tmp_path) for seed, name in enumerate(REVIEWERS)]
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    mirror: dict[str, object] = {}
    seen, still_at_work = 0, True
    while still_at_work:
        still_at_work = any(one.poll() is None for one in reviewers)
        for record in Record.objects.since(seen):
            mirror[record.identifier] = record.content
            seen = record.change
    told = [json.loads(result(one)) for one in reviewers]

    last = CatalogueState.objects.get().change
    assert {number for one in told for number in one["given"]} == set(range(1, last + 1))
    assert len(mirror) == Record.objects.count()
    assert mirror == dict(Record.objects.values_list("identifier", "content"))
    assert seen == max(Record.objects.values_list("change", flat=True))
    assert not Link.objects.exclude(source__withdrawn_at=None, target__withdrawn_at=None).exists()
    assert in_the_index(tmp_path / "index") == {
        (record.pk, schema.stamp(record.published_at)) for record in Record.objects.live()
    }


def start(name: str, seed: int, data: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", AT_WORK, str(TIMES), str(seed), name],
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": url(),
            "DATA_DIR": str(data),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "LOG_LEVEL": "ERROR",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def url() -> str:
    """Of the database that this test is in."""
    known = connection.settings_dict
    return f"postgresql://{known['USER']}@/{known['NAME']}?host={quote(known['HOST'], safe='/')}"


def result(reviewer: "subprocess.Popen[str]") -> str:
    said, wrong = reviewer.communicate(timeout=60)
    assert (reviewer.returncode, wrong) == (0, "")
    return said


def in_the_index(path: Path) -> set[tuple[int, int]]:
    """Each record in the index, with the moment of the publication that was indexed."""
    building.bring_up_to_date(path, False, 5.0, lambda done, total: None)
    found = search(Filter(), page_size=1000)
    assert found.total == len(found.hits)
    bookmark = folder.read_bookmark(path)
    searcher = folder.open_searcher(path / bookmark.generation)
    hits = searcher.search(schema.tantivy.Query.all_query(), limit=1000).hits
    addresses = [address for _, address in hits]
    return set(
        zip(
            searcher.fast_field_values("id", addresses), searcher.fast_field_values("published", addresses), strict=True
        )
    )
