"""A reviewer at work in a process of their own, with a seed and the name of an account.

Publishes, withdraws and edits entries at random, the same that others are at, and searches in between, until each has
been done a number of times: work, not time, so that a slow machine tries as much as a fast one. At the end they print
the change numbers that they were given.
"""

import json
import random
import sys

from django.contrib.auth.models import User

from apps.curation.models import Entry
from apps.gate.findings import Refused
from apps.gate.publication import publish, withdraw
from apps.public.search.filters import Filter
from apps.public.search.results import search

STEPS = {"withdrawn": 2, "edited": 4, "searched": 1}  # and how often each is chosen beside the others


def work(times: int, chance: random.Random, by: User) -> dict[str, object]:
    given: set[int] = set()
    done = dict.fromkeys(("published", "refused", *STEPS), 0)
    while any(done[step] < times for step in ("published", *STEPS)):
        entry = chance.choice(Entry.objects.order_by("pk"))
        step = chance.choices(list(STEPS), list(STEPS.values()))[0]
        if step == "withdrawn":
            records = withdraw(entry, by)
            given.update(record.change for record in records)
        elif step == "searched":
            search(Filter())
        else:
            Entry.objects.filter(pk=entry.pk).update(title=f"Version {chance.random()}")
        done[step] += 1
        for one in Entry.objects.filter(status__in=("submitted", "withdrawn")).order_by("pk")[:3]:
            _publish(one, by, given, done)
        _publish(entry, by, given, done)
    return {"given": sorted(given), **done}


def _publish(entry: Entry, by: User, given: set[int], done: dict[str, int]) -> None:
    try:
        given.add(publish(entry, by).change)
        done["published"] += 1
    except Refused:  # what it hangs on was withdrawn by somebody else meanwhile
        done["refused"] += 1


def main() -> None:
    times, seed, username = sys.argv[1:]
    print(json.dumps(work(int(times), random.Random(int(seed)), User.objects.get(username=username))))
