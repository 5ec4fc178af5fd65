"""What it costs to look for two hundred people. The limits allow for a busy machine; the figures are printed."""

import random
import time
from collections.abc import Callable

import pytest

from apps.gate.names import Name, NameFinder

CHOICE = random.Random(7)  # noqa: S311
WORDS = (
    "the alliance may want to consult before a crisis in which allies of the United States, Japan and Korea would have "
    "long had to decide what price they pay; May 2023 was early. Participants’ views differed – some thought that "
    "planning reassures, others (from Europe) that it provokes. Strong ties matter: “nobody reads annexes”, said one."
).split()


def made_up(syllables: int) -> str:
    return "".join(CHOICE.choice("bdfgklmnprstvz") + CHOICE.choice("aeiou") for _ in range(syllables)).capitalize()


def people() -> list[Name]:
    return [Name.person(made_up(3), f"{made_up(2)} {made_up(2)}") for _ in range(200)]


def bodies() -> list[Name]:
    names = [f"{made_up(3)} Institute of {made_up(3)}" for _ in range(100)]
    return [Name.body(one) for name in names for one in (name, "".join(CHOICE.choices("BCDFGHKLMN", k=4)))]


def prose(words: int) -> str:
    return " ".join(CHOICE.choices(WORDS, k=words))


def best_of(times: int, action: Callable[[], object]) -> float:
    """Milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return min(taken) * 1000


def test_an_ordinary_position_costs_a_few_milliseconds(capsys):
    """Finders for 200 people and their organisations are built, and applied to a title, a summary and a quotation."""
    attending, organisations = people(), bodies()

    def look() -> None:
        finders = NameFinder(attending), NameFinder(organisations)
        for text in (prose(12), prose(300), prose(40)):
            for finder in finders:
                finder.find(text)

    first = best_of(1, look)
    taken = best_of(30, look)
    with capsys.disabled():
        print(
            f"\nfinders for 200 people and 200 names of organisations, built and applied: {taken:.1f} ms ({first:.0f} at first)"
        )
    assert taken < 25


def test_a_long_text_costs_in_proportion(capsys):
    finder = NameFinder(people())
    short, long = prose(4_500)[:25_000], prose(18_000)[:100_000]
    for_short, for_long = (best_of(3, lambda text=text: finder.find(text + " ")) for text in (short, long))
    with capsys.disabled():
        print(f"\n{len(long):,} characters: {for_long:.0f} ms; {len(short):,}: {for_short:.0f} ms")
    assert for_long < 12 * for_short + 50
    assert for_long < 5_000


@pytest.mark.parametrize(
    "unit",
    ["a", "a ", "A", "aB", "Li ", "Zz, ", ".", "-", "(*", "\n", "\n  ", "e\u0301", "\u0301", "\u200b", "%41", "%", "&amp;", "&", "/",
     "a/", "a.b", "a@", "岡", "Я", "1 ", "q z ", "'", "“", "x-\n"],
)  # fmt: skip
def test_no_text_makes_it_slow(unit):
    """Ten times the text may take ten times as long, or somewhat more; not a hundred times."""
    finder = NameFinder(
        [*people()[:50], Name.person("Li", "Zz"), Name.person("岡岡", "岡"), Name.person("Aaaaaaaa", "A")]
    )
    short, long = (unit * (size // len(unit)) for size in (4_000, 40_000))
    for_short, for_long = (best_of(2, lambda text=text: finder.find(text + " ")) for text in (short, long))
    assert for_long < 40 * for_short + 200
