"""Faults at random moments, one after another, each followed by the same examination: `python -m tests.infra.drill
SEED FAULT=MOMENTS...` with DATA_DIR, and DATABASE=postgresql to have a server of that started. Says of each fault in a
line what was done, or what is amiss, and then ends with 1.

One process has Django and stays; for each moment it makes a child that publishes or indexes, and lets the fault happen
while that is at work. The process itself goes on reading meanwhile, as a web server does.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import django

from tests.postgres import Server, restartable_server


def main() -> int:
    seed, *faults = sys.argv[1:]
    with ExitStack() as stack:
        server = None
        if os.environ.get("DATABASE") == "postgresql":
            # Whatever is committed is handed to the operating system, which outlives every process killed here.
            server = stack.enter_context(restartable_server(synchronous_commit="on"))
            os.environ["DATABASE_URL"] = server.url
        django.setup()
        drill = Drill(server, random.Random(int(seed)))
        for one in faults:
            fault, moments = one.split("=")
            if not drill.run(fault, int(moments)):
                return 1
    return 0


class Drill:
    def __init__(self, server: Server | None, chance: random.Random) -> None:
        from django.conf import settings
        from django.core.management import call_command

        from tests.infra.aftermath import Journal

        self.server, self.chance = server, chance
        self.data = Path(settings.DATA_DIR)
        self.index = Path(settings.SEARCH_INDEX_DIR)
        self.journal = Journal(self.data / "journal")
        self.torn = 0  # moments at which files were left half written
        call_command("migrate", verbosity=0)
        make_world()
        self.publish(times=0)

    def run(self, fault: str, moments: int) -> bool:
        """Whether all was well after each moment."""
        from tests.infra.aftermath import examine

        before, cut_short = len(self.journal.read()), 0
        for moment in range(moments):
            getattr(self, fault)()
            if amiss := examine(self.journal):
                print(f"{fault}, moment {moment + 1}:", *amiss, sep="\n")
                return False
            cut_short += self.journal.read()[-1][0] == "begun"
            self.journal.settle()
        steps = sum(what == "done" for what, _ in self.journal.read()[before:])
        torn = f", {self.torn} with torn files" if fault == "power_lost" else ""
        told = f"{fault}: {moments} moments{torn}, {steps} steps done, {cut_short} of them cut short, nothing amiss"
        print(told, flush=True)
        return True

    # --- The faults

    def publisher_killed(self) -> None:
        with self.child(self.publish_for_ever) as process:
            self.wait_a_little()
            os.kill(process, signal.SIGKILL)

    def indexer_killed(self) -> None:
        """By turns one that catches up and one that builds anew, while somebody publishes."""
        from apps.public.search import building

        fresh = self.chance.random() < 0.5

        def index() -> None:
            while True:
                with suppress(OSError):
                    building.bring_up_to_date(self.index, fresh, 1.0, lambda done, total: None)

        with self.child(self.publish_for_ever) as publisher, self.child(index) as indexer:
            self.wait_a_little()
            os.kill(indexer, signal.SIGKILL)
            os.kill(publisher, signal.SIGKILL)

    def database_killed(self) -> None:
        """The whole of PostgreSQL, or one of its processes, upon which it ends all others and begins again."""
        assert self.server is not None
        with self.child(self.publish_for_ever) as process:
            self.wait_a_little()
            if self.chance.random() < 0.7:
                self.server.end(signal.SIGKILL)
                os.waitpid(process, os.WNOHANG)
                self.server.start()
            else:
                with suppress(ProcessLookupError):
                    os.kill(self.chance.choice(self.server.children()), signal.SIGKILL)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.wait_for_the_database()

    def index_damaged(self) -> None:
        """A file of it, or its bookmark, gone, cut short or overwritten, put in place of those that are mapped."""
        from django.test import Client

        with self.child(lambda: self.publish(times=3)):
            pass
        Client(SERVER_NAME="localhost").get("/browse/")
        files = sorted(one for one in self.index.rglob("*") if one.is_file() and one.suffix != ".lock")
        for file in self.chance.sample(files, self.chance.randint(1, min(3, len(files)))):
            before, harm = file.read_bytes(), self.chance.choice(("gone", "short", "overwritten"))
            file.unlink()
            if harm == "short":
                file.write_bytes(before[: self.chance.randrange(len(before) + 1)])
            elif harm == "overwritten":
                file.write_bytes(self.chance.randbytes(len(before)))

    def power_lost(self) -> None:
        """SQLite's files as a disk may have them: what was committed is there, since that was synced; of what was being
        written any sector may be there or not."""
        database, log = self.data / "db.sqlite3", self.data / "db.sqlite3-wal"
        pictures, journals = [], []
        is_in_one_step = False
        with self.child(self.publish_for_ever) as process:
            self.wait_a_little()
            for _ in range(60):
                os.kill(process, signal.SIGSTOP)
                os.waitid(os.P_PID, process, os.WSTOPPED)
                pictures = [*pictures[-1:], (database.read_bytes(), log.read_bytes())]
                journals = [*journals[-1:], self.journal.read()]
                is_in_one_step = (
                    len(journals) == 2
                    and journals[0] == journals[1]
                    and journals[0][-1][0] == "begun"
                    and pictures[0] != pictures[1]
                )
                if is_in_one_step:
                    break
                os.kill(process, signal.SIGCONT)
                time.sleep(self.chance.uniform(0, 0.01))
            os.kill(process, signal.SIGKILL)
        if is_in_one_step:  # else the files have gone on since the last picture, and stay as they are
            (old, old_log), (new, new_log) = pictures
            if old == new:  # nothing was being moved from the log to the database
                log.write_bytes(self._torn(old_log, new_log))
            else:
                database.write_bytes(self._torn(old, new))
        self.torn += is_in_one_step
        (self.data / "db.sqlite3-shm").unlink(missing_ok=True)
        from django.db import connection

        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert cursor.execute("PRAGMA synchronous").fetchone() == (2,), "what is committed is not synced"

    def _torn(self, old: bytes, new: bytes, sector: int = 512) -> bytes:
        """Each sector as it was, or as it was to be."""
        parts = (
            (old if self.chance.random() < 0.5 and len(old) > start else new)[start : start + sector]
            for start in range(0, len(new), sector)
        )
        return b"".join(parts)

    def disk_full(self) -> None:
        """All but some hundred kilobytes; there is room again when it has been asked of everybody."""
        from django.test import Client

        filled = self.data / "filled"
        with filled.open("wb", buffering=0) as file:
            with suppress(OSError):
                while True:
                    file.write(bytes(1 << 16))
            file.truncate(max(0, file.tell() - self.chance.randrange(300_000)))
        with self.child(lambda: self.publish(times=20)):
            pass
        visitor = Client(SERVER_NAME="localhost")
        answers = {visitor.get(path).status_code for path in ("/", "/browse/", "/ready/")}
        assert answers <= {200, 503}, answers
        filled.unlink()
        if self.server and self.server.process and self.server.process.poll() is not None:
            self.server.start()
        self.wait_for_the_database()

    def clock_set_back(self) -> None:
        """By two days, and on again."""
        from unittest import mock

        from django.test import Client
        from django.utils import timezone

        now, visitor = timezone.now, Client(SERVER_NAME="localhost")
        tag = visitor.get("/browse/")["ETag"]
        with (
            mock.patch.object(timezone, "now", lambda: now() - timedelta(days=2)),  # noqa: PT008 - it goes on
            self.child(lambda: self.publish(times=8)),
        ):
            pass
        answer = visitor.get("/browse/", headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert answer["ETag"] != tag

    # --- Who is at work

    @contextmanager
    def child(self, work: Callable[[], object]) -> Iterator[int]:
        """A process of its own that works until it is killed, or has done all of it."""
        close_connections()
        process = os.fork()
        if process == 0:
            status = 1
            try:
                work()
                status = 0
            except BaseException:
                if os.environ.get("DRILL_TELLS"):
                    traceback.print_exc()
            finally:
                os._exit(status)
        try:
            yield process
        finally:
            with suppress(ChildProcessError):
                os.waitpid(process, 0)

    def wait_a_little(self) -> None:
        """Until the publisher has noted something, and then for a time by chance."""
        steps, deadline = len(self.journal.read()) + self.chance.randrange(6), time.monotonic() + 60
        while len(self.journal.read()) <= steps and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(self.chance.uniform(0, 0.2))

    def publish_for_ever(self) -> None:
        self.publish(times=sys.maxsize)

    def publish(self, times: int) -> None:
        """Publish, edit, withdraw; each noted before and after."""
        from django.contrib.auth.models import User

        from apps.curation.models import Entry
        from apps.gate.publication import awaiting_publication

        chance, by = random.Random(time.monotonic_ns()), User.objects.get(username="reviewer")
        words = _words(chance)
        for one in awaiting_publication():
            self._publish(one.child, by, one.title)
        for _ in range(times):
            entry = chance.choice(Entry.objects.order_by("pk")).child
            if chance.random() < 0.15:
                self._withdraw(entry, by)
            else:
                self._publish(entry, by, f"{entry.title.split()[0]} {next(words)}")
            for one in sorted(Entry.objects.filter(status="withdrawn"), key=_in_order)[:4]:
                self._publish(one.child, by, one.title)

    def _publish(self, entry, by, title: str) -> None:
        from django.db import transaction

        from apps.gate.findings import Refused
        from apps.gate.publication import publish

        self.journal.note("begun", {entry.identifier: title})
        try:
            with transaction.atomic():
                if entry.title != title:
                    entry.title = title
                    entry.save()
                publish(entry, by)
        except Refused:  # what it hangs on was withdrawn
            self.journal.note("undone")
        else:
            self.journal.note("done")

    def _withdraw(self, entry, by) -> None:
        from apps.gate.publication import dependants, withdraw
        from apps.public.catalogue.models import Record

        going = [one.identifier for one in (*dependants(entry), entry)]
        live = Record.objects.live().filter(identifier__in=going).values_list("identifier", flat=True)
        self.journal.note("begun", dict.fromkeys(live))
        withdraw(entry, by)
        self.journal.note("done")

    def wait_for_the_database(self) -> None:
        from django.db import DatabaseError, connection

        close_connections()
        deadline = time.monotonic() + 60
        while True:
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                return
            except DatabaseError:
                close_connections()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def close_connections() -> None:
    """So that a child has none of ours, and we have none that a fault has cut."""
    from django.db import connection

    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def _words(chance: random.Random) -> Iterator[str]:
    from tests.gate.needles import Words

    made = Words(chance.randrange(2**32))
    while True:
        yield made.secret().lower()


def _in_order(entry) -> int:
    from apps.taxonomy.words import Kind

    return list(Kind).index(Kind(entry.kind))


def make_world() -> None:
    """A closed meeting of twelve people who are protected, what they said, and its reviewer; nothing published yet."""
    from apps.gate.watch import one_recheck

    with one_recheck():
        _make_world({"status": "submitted"})


def _make_world(status: dict[str, str]) -> None:
    from django.contrib.auth.models import User

    from apps.curation.models import Attendance, Organisation, Person, Position, Proposition, Session, Workshop
    from tests.infra.aftermath import NAMES

    User.objects.create_user("reviewer")
    meeting = Workshop.objects.create(
        slug="closed", title="Meeting one", rule="chatham_house", date="2023-06-06", **status
    )
    propositions = [Proposition.objects.create(slug=f"p{i}", title=f"Proposition {i}", **status) for i in (1, 2)]
    sessions = [
        Session.objects.create(
            slug=f"s{i}", title=f"Session {i}", workshop=meeting, number=i, text=f"{NAMES[i]} spoke first.", **status
        )
        for i in (1, 2)
    ]
    for i, name in enumerate(NAMES):
        body = Organisation.objects.create(slug=name.lower(), name=f"{name} Institute")
        person = Person.objects.create(slug=name.lower(), family_name=name, given_names="Quill")
        Attendance.objects.create(workshop=meeting, person=person, affiliation=body)
        side = {"proposition": propositions[i // 2 % 2], "stance": "supports"} if i % 3 else {}
        said = Position.objects.create(slug=f"said-{i}", title=f"Claim {i}", session=sessions[i % 2], **side, **status)
        said.speakers.add(person)


if __name__ == "__main__":
    sys.exit(main())
