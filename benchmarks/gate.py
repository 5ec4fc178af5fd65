"""The gate, with two hundred people attending: how long a decision takes, and judging a whole workshop again.

Run by benchmarks/__main__.py, in the environment of a database; what it makes there is taken back at the end.
"""

import random
import time
from statistics import median

import django

ATTENDING, BODIES, POSITIONS = 200, 100, 1_000
WORDS = (
    "the alliance may want to consult before a crisis in which allies of the United States, Japan and Korea would have "
    "long had to decide what price they pay; May 2023 was early. Participants’ views differed – some thought that "
    "planning reassures, others (from Europe) that it provokes. Strong ties matter: “nobody reads annexes”, said one."
).split()


def main() -> None:
    django.setup()
    from django.db import transaction

    with transaction.atomic():
        measure()
        transaction.set_rollback(True)


def measure() -> None:
    from apps.curation.models import Entry, Position
    from apps.gate import publication
    from apps.gate.concerns import of_workshops
    from apps.gate.recheck import Recheck, recheck
    from apps.gate.watch import one_recheck

    chance = random.Random(7)
    with one_recheck():
        workshop, reviewer = make(chance)
    taken = []
    for position in Position.objects.filter(session__workshop=workshop).order_by("pk")[:100]:
        started = time.perf_counter()
        publication.findings(position, by=reviewer)
        taken.append(time.perf_counter() - started)
    everything = Entry.objects.filter(pk__in=[workshop.pk, *workshop.sessions.values_list("pk", flat=True)])
    outcome = publication.Outcome()
    list(
        publication.publish_many(
            [*everything.order_by("pk"), *Position.objects.filter(session__workshop=workshop)], outcome, reviewer
        )
    )
    if outcome.refused:
        raise SystemExit(f"The gate refused {len(outcome.refused)}: {outcome.refused[0][1][0]}")
    again, started = Recheck(), time.perf_counter()
    judged = sum(1 for _ in recheck(of_workshops([workshop.pk]), again))
    seconds = time.perf_counter() - started
    if again.passed != judged:
        raise SystemExit("The re-check found something to mend; it was to find nothing.")
    middle, worst = median(taken) * 1e3, max(taken) * 1e3
    print(f"\nThe gate, with {ATTENDING} attending from {BODIES} organisations")
    print(f"  decision        {middle:10.1f} ms median {worst:8.1f} ms worst, of {len(taken)} positions")
    print(f"  re-check        {seconds:10.1f} s for {judged:,} published entries", flush=True)


def make(chance: random.Random):  # type: ignore[no-untyped-def]
    """A workshop under the Chatham House Rule with its session, people and positions, and who may publish it."""
    from django.contrib.auth.models import User

    from apps.curation.models import Attendance, Organisation, Person, Position, Session, Status, Workshop
    from apps.taxonomy.words import Rule, Sector, Stance

    bodies = [
        Organisation.objects.create(
            slug=f"bench-{n}", name=f"{name} Institute of {made_up(chance, 3)}", sector=Sector.UNIVERSITY
        )
        for n, name in enumerate(made_up(chance, 4) for _ in range(BODIES))
    ]
    workshop = Workshop.objects.create(
        slug="bench", title="A workshop", date="2023-06-06/2023-06-07", rule=Rule.CHATHAM_HOUSE, status=Status.SUBMITTED
    )
    session = Session.objects.create(
        slug="bench-1", title="A session", workshop=workshop, number=1, status=Status.SUBMITTED
    )
    people = []
    for n in range(ATTENDING):
        person = Person.objects.create(
            slug=f"bench-{n}", family_name=made_up(chance, 3), given_names=f"{made_up(chance, 2)} {made_up(chance, 2)}"
        )
        people.append(person)
        body = bodies[n % BODIES]
        Attendance.objects.create(workshop=workshop, person=person, affiliation=body, sector=body.sector)
    for n in range(POSITIONS):
        position = Position.objects.create(
            slug=f"bench-{n}",
            title=prose(chance, 12),
            summary=prose(chance, 60),
            session=session,
            stance=Stance.SUPPORTS,
            status=Status.SUBMITTED,
        )
        position.speakers.add(people[n % ATTENDING])
    return workshop, User.objects.create_user("bench-reviewer")


def made_up(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(syllables)).capitalize()


def prose(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words))


if __name__ == "__main__":
    main()
