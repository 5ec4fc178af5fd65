"""A reviewer at work in a process of their own, for a number of seconds, with a seed and the name of an account.

Publishes, withdraws and edits entries at random, the same that others are at, and searches in between. At the end they
print the change numbers that they were given.
"""

import json
import random
import sys
import time

from django.contrib.auth.models import User

from apps.curation.models import Entry
from apps.gate.findings import Refused
from apps.gate.publication import publish, withdraw
from apps.public.search.filters import Filter
from apps.public.search.results import search


def work(seconds: float, chance: random.Random, by: User) -> dict[str, object]:
    given: set[int] = set()
    done = dict.fromkeys(("published", "refused", "withdrawn", "edited", "searched"), 0)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        entry = chance.choice(Entry.objects.order_by("pk"))
        step = chance.choices(list(done), (0, 0, 2, 4, 1))[0]
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
    seconds, seed, username = sys.argv[1:]
    print(json.dumps(work(float(seconds), random.Random(int(seed)), User.objects.get(username=username))))
