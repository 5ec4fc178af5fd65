"""A working knowledge base at once: `make demo [PORT=8000] [DATA_DIR=var]`.

The first run sets up the environment, the database, the content, the index and an account; later runs only start the
server, on the data as the analysts left it.
"""

import errno
import os
import re
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environment
from console import ROOT, PlainError, guarded, only_one, run, say, shown

HOST = "127.0.0.1"
SECONDS_TO_START = 60


def main() -> None:
    port = usable_port(os.environ.get("PORT") or "8000")
    data = Path(os.environ.get("DATA_DIR") or ROOT / "var").expanduser().absolute()
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PlainError(
            f"DATA_DIR={data} can't be made: {error.strerror}. Name a folder that you may write to."
        ) from None
    environment.prepare("runtime")
    os.umask(0o077)  # what goes into the data folder is the analysts' own
    with only_one(data):
        demo = Demo(data)
        demo.set_up()
    demo.serve(port)


def usable_port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise PlainError(f"PORT={text} is not a port: say a number from 1024 to 65535, for instance PORT=8001.")
    port = int(text)
    problem = why_not(port)
    if problem == errno.EACCES:
        raise PlainError(f"Port {port} is for administrators only; try: make demo PORT=8000")
    if problem:
        free = next(other for other in [*range(port + 1, 65536), *range(port - 1, 0, -1)] if not why_not(other))
        raise PlainError(f"Port {port} is in use by another program; try: make demo PORT={free}")
    return port


def why_not(port: int) -> int:
    """The error that keeps us from listening there, 0 if nothing does."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            return error.errno or -1
    return 0


class Demo:
    """The knowledge base in one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.log = data / "demo.log"
        self.server_log = data / "server.log"
        # 'loading' while the content goes in, 'loaded' afterwards: a run that finds 'loading' does it again,
        # a run that finds 'loaded', or a database that is not the demo's, leaves the content alone.
        self.state = data / "demo-state"
        self.account = data / "demo-account.txt"  # written by the command demo_account
        self.settings = {
            "DEBUG": "0",
            "SECRET_KEY": kept_secret(data / "secret_key"),
            "DATA_DIR": str(data),
            "DATABASE_URL": "",
            "SITE_ROLE": "all",
            "ALLOWED_HOSTS": f"{HOST} localhost",
            "HTTPS": "0",
            "SECOND_FACTOR_FOR": "nobody",  # it is for trying out, at once; whoever wants one may add one
            "DJANGO_SETTINGS_MODULE": "deterrence_kb.settings",
            "PYTHONUNBUFFERED": "1",
        }

    def set_up(self) -> None:
        self.log.unlink(missing_ok=True)
        if not self.state.exists():
            store(self.state, "kept" if (self.data / "db.sqlite3").exists() else "loading")
        self.manage("Preparing the database", "migrate", "--no-input")
        self.manage("Collecting the stylesheets and scripts", "collectstatic", "--no-input")
        if not self.account.exists():
            self.manage("Making an account", "demo_account")
        if self.state.read_text() == "loading":
            self.manage("Loading the vocabulary and the notes", "loaddata", "vocabulary", "demo")
            # What a rule protects is published by somebody who answers for it and did not edit it last.
            self.manage("Publishing what passes the gate", "publish_all", "--by", "analyst")
            self.manage("Building the search index", "index")
            store(self.state, "loaded")

    def manage(self, purpose: str, *command: str) -> None:
        say(f"{purpose} ...")
        last = [""]
        succeeded = run(
            environment.PYTHON,
            *("manage.py", *command),
            log=self.log,
            env=os.environ | self.settings,
            watch=lambda line: last.append(line.strip() or last[-1]),
        )
        if not succeeded:
            raise PlainError(f"{purpose} failed: {last[-1]} (full log: {shown(self.log)})")

    def serve(self, port: int) -> None:
        try:
            with self.server(port) as server:
                self.announce(port)
                if server.wait() not in (0, -signal.SIGTERM):  # which is how somebody else would end it
                    raise PlainError(f"The server stopped by itself. Full log: {shown(self.server_log)}")
                say("The server was stopped. The data stays; `make demo` starts it again.")
        except KeyboardInterrupt:
            say("\nStopped. The data stays; `make demo` starts it again.")

    @contextmanager
    def server(self, port: int) -> "Iterator[subprocess.Popen[bytes]]":
        """The server, ready to answer; it ends with the block."""
        granian = (environment.PYTHON, "-m", "granian", "--interface", "wsgi", "deterrence_kb.wsgi:application")
        options = ("--host", HOST, "--port", str(port), "--workers", "1", "--blocking-threads", "4", "--no-ws")
        patience = ("--workers-kill-timeout", "5")
        with (
            self.server_log.open("w") as log,
            subprocess.Popen(
                (*granian, *options, *patience),
                cwd=ROOT,
                env=os.environ | self.settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop the server once
            ) as server,
        ):
            try:
                wait_until_healthy(server, f"http://{HOST}:{port}/health/", self.server_log)
                yield server
            finally:
                server.terminate()

    def announce(self, port: int) -> None:
        lines = [
            "",
            "The knowledge base is running.",
            "",
            f"  Read      http://{HOST}:{port}/",
            f"  Curate    http://{HOST}:{port}/admin/",
            "  Account   analyst",
            f"  Password  {self.account.read_text().strip()}",
            f"  Data      {shown(self.data)}",
            "",
            "Ctrl-C stops it.",
        ]
        say("\n".join(lines))


def wait_until_healthy(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with direct.open(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise PlainError(f"The server did not start. Full log: {shown(log)}")


def kept_secret(file: Path) -> str:
    """The key that signs sessions: made once, kept beside the data, readable by its owner alone."""
    if not file.exists() or not file.read_text().strip():
        store(file, secrets.token_urlsafe(50))
    return file.read_text().strip()


def store(file: Path, text: str) -> None:
    """Write a small private file whole or not at all."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(file)


if __name__ == "__main__":
    guarded(main)
