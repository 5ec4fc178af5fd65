"""`make bench`, or `make bench ARGS="--sizes 100000 --rounds 20"`; the figures in docs/benchmarks.md come from here."""

import argparse
from pathlib import Path

from console import ROOT, guarded, say

from benchmarks import pages
from benchmarks.site import Site


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[100_000, 1_000_000], help="numbers of positions")
    parser.add_argument("--rounds", type=int, default=10, help="how often each page is asked for")
    parser.add_argument("--data", type=Path, default=ROOT / "var" / "bench", help="where the corpora are kept")
    asked = parser.parse_args()
    data = asked.data.absolute()
    for size in asked.sizes:
        report(size, data / str(size), asked.rounds)
    Site(data / "gate", 0).measure_gate()


def report(size: int, data: Path, rounds: int) -> None:
    site = Site(data, size)
    site.make()
    rate = site.index()
    found = pages.measure(site, rounds)
    say(f"\n{size:,} positions")
    say(f"  index           {rate:10,.0f} records a second")
    for name, times in (
        ("browse page", found.browse),
        ("record page", found.record),
        ("unchanged page", found.unchanged),
    ):
        say(f"  {name:14}  {times.median:10.1f} ms median {times.p95:8.1f} ms p95 {times.worst:8.1f} ms worst")
    everything, private = found.memory["VmRSS"] / 1e6, found.memory["RssAnon"] / 1e6
    say(f"  memory          {everything:10.0f} MB resident, {private:.0f} MB without mapped files")
    say("  slowest queries, by median")
    for query, took in found.slowest:
        say(f"    {took:8.1f} ms  {query}")
    say("  pages of figures, by median and worst")
    for address, times in found.figures:
        say(f"    {times.median:8.1f} ms {times.worst:8.1f} ms  {address}")
    say("  networks for the first time, by median and worst, and again")
    for address, first, again in found.networks:
        say(f"    {first.median:8.1f} ms {first.worst:8.1f} ms {again.median:8.1f} ms  {address.partition('least')[0]}")
    say("")


if __name__ == "__main__":
    guarded(main)
