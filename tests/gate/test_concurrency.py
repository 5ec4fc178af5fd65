"""Two reviewers at the same entries at the same time, in processes of their own, while a mirror follows the changes;
and what one does while another changes a fact."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.db import connection

from apps.curation.models import Attendance, Entry, Person, Position, Status
from apps.gate.findings import Refused
from apps.gate.publication import publish
from apps.gate.watch import one_recheck
from apps.public.catalogue.models import CatalogueState, Link, Record
from apps.public.search import building, folder, schema
from apps.public.search.filters import Filter
from apps.public.search.results import search
from apps.taxonomy.words import Rule

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


# --- While a fact is being changed


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_what_is_entered_and_published_while_somebody_is_added_to_the_attendance_does_not_name_them(closed_world):
    def write_and_publish() -> None:
        new = Position.objects.create(slug="new", title="What Dobrinov wants", session=closed_world.session)
        publish(new, by=closed_world.reviewer)

    with one_recheck():
        guest = Person.objects.create(slug="guest", given_names="Mirela", family_name="Dobrinov")
        Attendance.objects.create(workshop=closed_world.workshop, person=guest)
        colleague = meanwhile(write_and_publish)
    assert isinstance(colleague.result(timeout=60), Refused)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_what_is_published_while_a_rule_is_tightened_names_no_speaker(world, publish_in_order):
    world.workshop.rule = Rule.ON_THE_RECORD
    world.workshop.save()
    publish_in_order()

    def write_and_publish() -> None:
        new = Position.objects.create(slug="new", title="More of that", session=world.session)
        new.speakers.add(world.people[1])
        publish(new, by=world.reviewer)

    with one_recheck():
        world.workshop.rule = Rule.CHATHAM_HOUSE
        world.workshop.save()
        colleague = meanwhile(write_and_publish)
    colleague.result(timeout=60)
    assert "Ostrovar" not in json.dumps(list(Record.objects.values_list("content", flat=True)))


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_an_edit_and_a_publication_of_the_same_entry_wait_for_each_other(closed_world):
    with one_recheck():
        closed_world.position.summary = "More of it."
        closed_world.position.save()
        colleague = meanwhile(lambda: publish(closed_world.position, by=closed_world.reviewer))
    assert colleague.result(timeout=60) is None


def meanwhile(step: Callable[[], object]) -> "Future[Refused | None]":
    """Take a step in a connection of its own, as a colleague would, as far as it comes before it must wait for us.
    Its result is the gate's refusal, if that is how it ended."""

    def attempt() -> Refused | None:
        try:
            step()
        except Refused as refused:
            return refused
        finally:
            connection.close()
        return None

    at_work = ThreadPoolExecutor(1)
    colleague = at_work.submit(attempt)
    at_work.shutdown(wait=False)
    with connection.cursor() as cursor:
        waits = False
        while not (waits or colleague.done()):
            cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
            [waits] = cursor.fetchone()
    return colleague


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
