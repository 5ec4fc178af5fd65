"""Make, mend or bring up to date the project's virtual environment: `environment.py runtime`, or `dev`."""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

from console import ROOT, PlainError, debian_packages, guarded, only_one, run, say, shown

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = VENV / "install.log"
# Lies in the environment while we change it: whoever finds it there knows that somebody was killed half way.
UNFINISHED = VENV / "unfinished"


def prepare(kind: str) -> None:
    lock = ROOT / "requirements" / f"{kind}.txt"
    if is_current(lock):
        return
    with only_one(ROOT):
        if is_current(lock):
            return
        if not is_sound():
            create()
        install(lock)
        stamp(lock).write_text(fingerprint(lock))


def stamp(lock: Path) -> Path:
    return VENV / f"{lock.stem}.sha256"


def fingerprint(lock: Path) -> str:
    """Differs as soon as the locked packages, the Python or the place of the environment do."""
    return hashlib.sha256(f"{PYTHON} {PYTHON.resolve()}\n".encode() + lock.read_bytes()).hexdigest()


def is_current(lock: Path) -> bool:
    return (
        PYTHON.exists()
        and not UNFINISHED.exists()
        and stamp(lock).exists()
        and stamp(lock).read_text() == fingerprint(lock)
    )


def is_sound() -> bool:
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    check = "import sys, pip._internal; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([PYTHON, "-c", check], capture_output=True).returncode == 0


def create() -> None:
    if VENV.exists():
        say("Starting afresh: the virtual environment in .venv is not usable.")
        shutil.rmtree(VENV)
    VENV.mkdir()
    UNFINISHED.touch()
    package = f"python3.{sys.version_info.minor}-venv"
    if not can_make_environments() and not (debian_packages(package, log=LOG) and can_make_environments()):
        raise PlainError(f"This Python cannot make virtual environments: install the package {package} and try again.")
    # Not sys.executable: that may be the Python of the very environment that we have just removed.
    base = getattr(sys, "_base_executable", sys.executable)
    if not run(base, "-m", "venv", VENV, log=LOG):
        raise PlainError(f"The virtual environment could not be made. Full log: {shown(LOG)}")


def can_make_environments() -> bool:
    """Debian delivers Python without ensurepip, in a package of its own."""
    invalidate_caches()
    return find_spec("ensurepip") is not None and find_spec("ensurepip._uninstall") is not None


def install(lock: Path) -> None:
    pip = (PYTHON, "-m", "pip", "--no-input", "--disable-pip-version-check")
    locked = sum(not line.startswith((" ", "#")) for line in lock.read_text().splitlines())
    say(f"Installing {locked} Python packages into .venv; the first time this takes a minute ...")
    LOG.unlink(missing_ok=True)
    UNFINISHED.touch()
    succeeded = run(
        *(*pip, "install", "--require-hashes", "--progress-bar", "off", "-r", lock),
        log=LOG,
        env=os.environ | {"PIP_USER": "0"},
        watch=complain_of_slowness,
    )
    log = LOG.read_text(encoding="utf-8", errors="replace")
    if succeeded or "Installing collected packages" not in log:
        UNFINISHED.unlink()
    if not succeeded:
        raise PlainError(f"{what_went_wrong(log, lock)} Full log: {shown(LOG)}")


def complain_of_slowness(line: str) -> None:
    if "Retrying (Retry(total=4" in line:
        say("The package index does not answer; trying again ...")


def what_went_wrong(log: str, lock: Path) -> str:
    if "DO NOT MATCH THE HASHES" in log:
        return f"A downloaded package is broken or not the one that {shown(lock)} names; try again."
    if "No space left on device" in log:
        return "The disk is full; make room and try again."
    return "The Python packages could not be downloaded: check the connection and pip's settings, then try again."


if __name__ == "__main__":
    guarded(lambda: prepare(sys.argv[1]))
