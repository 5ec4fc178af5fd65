"""The browse page and the record page, through the shipped server, over the fixed list of queries."""

import re
from dataclasses import dataclass
from statistics import median, quantiles

from benchmarks.queries import BROWSE, FIGURES, NETWORKS
from benchmarks.site import Site, Visitor, resident

_HIT = re.compile(r'href="(/(?:positions|propositions|sessions|workshops|articles)/[0-9a-z]{8}/)"')


@dataclass(frozen=True)
class Times:
    """How long something took, in milliseconds, over all that was asked for."""

    median: float
    p95: float
    worst: float

    @classmethod
    def of(cls, seconds: list[float]) -> "Times":
        return cls(median(seconds) * 1e3, quantiles(seconds, n=20)[-1] * 1e3, max(seconds) * 1e3)


@dataclass(frozen=True)
class Pages:
    browse: Times
    record: Times
    unchanged: Times  # browse pages of which the visitor has the present version
    slowest: list[tuple[str, float]]  # the queries with the highest medians, in milliseconds
    figures: list[tuple[str, Times]]  # each page of figures
    networks: list[tuple[str, Times, Times]]  # each network, asked for the first time and again
    memory: dict[str, int]


def measure(site: Site, rounds: int) -> Pages:
    """Ask for each page that many times after one round that isn't counted, all queries in turn."""
    with site.visitor() as (visitor, server):
        workshop = _HIT.findall(visitor.page("/browse/?kind=workshop&q=synthetic"))[0].split("/")[2]
        queries = [f"/browse/?{query}".format(workshop=workshop) for query in BROWSE]
        records = sorted({address for query in queries for address in _HIT.findall(visitor.page(query))[:3]})
        browse, record = _ask(visitor, queries, rounds), _ask(visitor, records, rounds)
        etags = {query: visitor.etag(query) for query in queries}
        unchanged = [visitor.unchanged(*one) for _ in range(rounds) for one in etags.items()]
        figures = _ask(visitor, [address.format(workshop=workshop) for address in FIGURES], rounds)
        networks = [(address, *_first_and_again(visitor, address, rounds)) for address in NETWORKS]
        memory = resident(server)
    slowest = sorted(((query, median(times) * 1e3) for query, times in browse.items()), key=lambda one: -one[1])
    return Pages(
        browse=_all(browse),
        record=_all(record),
        unchanged=Times.of(unchanged),
        slowest=slowest[:10],
        figures=[(one, Times.of(times)) for one, times in figures.items()],
        networks=networks,
        memory=memory,
    )


def _first_and_again(visitor: Visitor, address: str, rounds: int) -> tuple[Times, Times]:
    """How long a network takes that nobody has asked for yet, and how long when it is asked for again."""
    first, again = [], []
    for number in range(1, rounds + 2):
        asked = address.format(least=f"0.{number:06d}")
        taken = [visitor.timed(asked)[1] for _ in range(3)]
        first.append(taken[0])
        again += taken[1:]
    return Times.of(first[1:]), Times.of(again[2:])  # the first round isn't counted


def _ask(visitor: Visitor, addresses: list[str], rounds: int) -> dict[str, list[float]]:
    for address in addresses:
        visitor.page(address)
    taken: dict[str, list[float]] = {address: [] for address in addresses}
    for _ in range(rounds):
        for address in addresses:
            taken[address].append(visitor.timed(address)[1])
    return taken


def _all(taken: dict[str, list[float]]) -> Times:
    return Times.of([seconds for times in taken.values() for seconds in times])
