"""What the scripts share: one clear line for a failure, and commands whose output goes to a log.

Everything in this folder runs before the virtual environment exists, so it uses the standard library alone.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent


class PlainError(Exception):
    """Something the reader of the terminal can act on, said in one line."""


STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def guarded(work: Callable[[], None]) -> None:
    """Do a script's work; whatever ends it says so in one line and by its exit status."""
    for number in STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    try:
        work()
    except PlainError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{error.filename or 'The machine'}: {error.strerror or error}")
    except KeyboardInterrupt:
        print("\nInterrupted; the same command goes on from here.", file=sys.stderr)
        sys.exit(130)


def stop(number: int, frame: object) -> NoReturn:
    for other in STOPPING:  # make passes a signal on that we may have had already: it must not cut the tidying short
        signal.signal(other, signal.SIG_IGN)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)


def say(text: str) -> None:
    print(text, flush=True)


def shown(path: Path) -> Path:
    """The path as a reader would write it: relative where it lies under the project."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def run(
    *command: str | Path,
    log: Path,
    env: Mapping[str, str] | None = None,
    watch: Callable[[str], None] = lambda line: None,
) -> bool:
    """Run a command with its output in the log; True if it succeeded. It never outlives us."""
    with (
        log.open("a", encoding="utf-8") as out,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            close_fds=False,  # it shares our lock, so that nobody starts while it still writes
        ) as process,
    ):
        assert process.stdout
        try:
            for line in process.stdout:
                out.write(line)
                out.flush()
                watch(line)
        except BaseException:
            process.terminate()
            raise
    return process.returncode == 0


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder, so that two commands do not set it up at the same time."""
    descriptor = os.open(folder, os.O_RDONLY)
    os.set_inheritable(descriptor, True)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another command that is at work in {folder} ...")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks
        yield
    finally:
        os.close(descriptor)


def debian_packages(*names: str, log: Path) -> bool:
    """Install Debian packages; False where that is not possible (not Debian, not root) or fails."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"Installing {', '.join(names)} with apt-get ...")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300")
    install = (*apt, "install", "-y", "--no-install-recommends", *names)
    return run(*install, log=log, env=env) or (
        run(*apt, "update", log=log, env=env) and run(*install, log=log, env=env)
    )
