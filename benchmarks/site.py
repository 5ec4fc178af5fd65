"""The shipped server on a synthetic corpus: the same steps and settings as `make demo`."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import environment
from console import ROOT, PlainError, only_one
from demo import HOST, Demo


class Visitor:
    """Asks for pages one after another, over one connection, as a browser or a proxy would."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection(HOST, port)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def page(self, address: str) -> str:
        return self.timed(address)[0]

    def timed(self, address: str) -> tuple[str, float]:
        """A page, whole, and the seconds until its last byte was here. Raises PlainError unless it is a page."""
        _, body, took = self._ask(address, {}, 200)
        return body.decode(), took

    def etag(self, address: str) -> str:
        return self._ask(address, {}, 200)[0].headers["ETag"]

    def unchanged(self, address: str, etag: str) -> float:
        """The seconds until it was said that a page is still the one that we have. Raises PlainError if it is not."""
        return self._ask(address, {"If-None-Match": etag}, 304)[2]

    def _ask(self, address: str, headers: dict[str, str], expected: int) -> tuple[HTTPResponse, bytes, float]:
        started = time.perf_counter()
        self.connection.request("GET", address, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - started
        if answer.status != expected:
            raise PlainError(f"{address} answered {answer.status}, not {expected}.")
        return answer, body, took


class Site(Demo):
    """A knowledge base with that many synthetic positions beside the demo's content."""

    def __init__(self, data: Path, positions: int) -> None:
        data.mkdir(parents=True, exist_ok=True)
        super().__init__(data)
        self.positions = positions

    def make(self) -> None:
        """Fill the database, unless an earlier run did."""
        with only_one(self.data):
            self.set_up()
            marker = self.data / "synthetic"
            if self.positions and not marker.exists():
                self.manage(f"Making up {self.positions:,} positions", "synthesize", str(self.positions))
                marker.touch()

    def index(self) -> float:
        """Build the search index anew; returns the records indexed a second, by the command's own account."""
        self.manage("Building the search index", "index", "--rebuild")
        found = re.findall(r"([\d,]+) a second", self.log.read_text())
        return float(found[-1].replace(",", ""))

    def measure_gate(self) -> None:
        self.make()
        subprocess.run(
            [environment.PYTHON, "-m", "benchmarks.gate"], cwd=ROOT, env=os.environ | self.settings, check=False
        )

    @contextmanager
    def visitor(self) -> "Iterator[tuple[Visitor, subprocess.Popen[bytes]]]":
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
        with self.server(port) as server:
            yield Visitor(port), server


def resident(server: "subprocess.Popen[bytes]") -> dict[str, int]:
    """Memory of the server's largest process in bytes: all of it, and without the files that it maps."""
    found = [_memory(pid) for pid in (server.pid, *_children(server.pid))]
    return max(found, key=lambda one: one["VmRSS"])


def _children(pid: int) -> list[int]:
    return [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def _memory(pid: int) -> dict[str, int]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {
        name: int(rest.split()[0]) * 1024
        for name, _, rest in (line.partition(":") for line in lines)
        if name in ("VmRSS", "RssAnon")
    }
