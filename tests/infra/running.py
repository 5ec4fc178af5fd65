"""Running our commands as a person would: in a process group of their own, with their words kept."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment(**changes: str) -> dict[str, str]:
    """Ours, without what a caller's shell or make may have set."""
    # Importing deterrence_kb.wsgi, as some tests do, sets STATEMENT_SECONDS for the rest of their process.
    ours = ("PORT", "DATA_DIR", "DATABASE_URL", "SECRET_KEY", "DEBUG", "SITE_ROLE", "DJANGO_SETTINGS_MODULE")
    ours += ("STATEMENT_SECONDS",)
    made = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")
    return {name: value for name, value in os.environ.items() if name not in ours + made} | changes


def run(*command: str | Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command that is to end soon."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment(**changes),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        stdin=subprocess.DEVNULL,
    )


def examined(*journal: str | Path, **changes: str) -> str:
    """What is amiss after a fault, by aftermath.examine() in a process of its own; nothing where all is well."""
    code = "import django; django.setup(); from tests.infra.aftermath import main; main()"
    changes |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "LOG_LEVEL": "ERROR"}
    done = run(sys.executable, "-c", code, *journal, **changes)
    return done.stdout.strip() + done.stderr.strip()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Running:
    """A command that runs until it is stopped."""

    def __init__(self, process: "subprocess.Popen[bytes]", output: Path) -> None:
        self.process, self.output = process, output

    @property
    def words(self) -> str:
        return self.output.read_text()

    def wait_for(self, text: str, seconds: float = 180) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.words:
            assert self.process.poll() is None, f"It ended before it said {text!r}:\n{self.words}"
            assert time.monotonic() < deadline, f"It did not say {text!r} in {seconds} s:\n{self.words}"
            time.sleep(0.05)

    def signal(self, number: signal.Signals, seconds: float = 20) -> int:
        """Signal the whole group, as a terminal does, and give the exit status."""
        os.killpg(self.process.pid, number)
        return self.process.wait(timeout=seconds)


@contextmanager
def running(*command: str | Path, output: Path, **changes: str) -> Iterator[Running]:
    with (
        output.open("wb") as out,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(**changes),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield Running(process, output)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)


GRANIAN = (Path(sys.executable).parent / "granian", "--interface", "wsgi", "deterrence_kb.wsgi:application")


@contextmanager
def serving(*before: str, output: Path, **changes: str) -> Iterator[tuple[int, Running]]:
    """Our server, on a port of its own; ``before`` it, a command that starts it."""
    port = free_port()
    where = ("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--workers-kill-timeout", "5")
    with running(*before, *GRANIAN, *where, output=output, **changes) as server:
        yield port, server
