"""The private PostgreSQL server: private, and gone afterwards."""

import signal
import sys
from pathlib import Path

import pytest

from deterrence_kb.environment import postgresql
from tests.infra.running import run, running

ON_POSTGRES = (sys.executable, "-m", "tests.postgres", "--")
WHERE_IT_LISTENS = """
import os, psycopg
url = os.environ["DATABASE_URL"]
with psycopg.connect(url) as connection:
    print(connection.execute("SHOW listen_addresses").fetchone()[0] or "nowhere", url.rpartition("=")[2])
"""


def test_it_listens_in_its_own_folder_alone_and_leaves_nothing() -> None:
    result = run(*ON_POSTGRES, sys.executable, "-c", WHERE_IT_LISTENS)
    addresses, folder = result.stdout.split()
    assert addresses == "nowhere"
    assert not Path(folder).exists()


def test_the_exit_status_is_the_command_s() -> None:
    assert run(*ON_POSTGRES, sys.executable, "-c", "raise SystemExit(7)").returncode == 7


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_nothing_either(number: signal.Signals, tmp_path: Path) -> None:
    patient = "import os, time; print(os.environ['DATABASE_URL'].rpartition('=')[2], flush=True); time.sleep(60)"
    with running(*ON_POSTGRES, sys.executable, "-c", patient, output=tmp_path / "said") as server:
        server.wait_for("\n")
        folder = Path(server.words.split()[0])
        assert folder.exists()
        assert server.signal(number) != 0
    assert not folder.exists()


def test_a_missing_command_is_named_in_one_line() -> None:
    result = run(*ON_POSTGRES, "no-such-command")
    assert result.returncode != 0
    assert "no-such-command" in result.stderr
    assert "Traceback" not in result.stderr


# --- What a site asks of it


LIMITS = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
SAY_LIMITS = f"""
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for name in {LIMITS}:
        print(cursor.execute("SHOW " + name).fetchone()[0])
"""


@pytest.mark.parametrize(
    ("start", "said"), [("", ["20s", "0", "10min"]), ("import deterrence_kb.wsgi", ["20s", "30s", "10min"])]
)
def test_a_server_s_statements_end_and_nobody_waits_for_ever(start: str, said: list[str], tmp_path: Path) -> None:
    ours = {"SECRET_KEY": "x", "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "deterrence_kb.settings"}
    result = run(*ON_POSTGRES, sys.executable, "-c", start + SAY_LIMITS, **ours)
    assert result.stdout.split() == said, result.stderr


def test_what_the_address_of_a_database_says_of_limits_holds() -> None:
    options = postgresql("postgresql://db/kb?options=-c%20statement_timeout%3D5s", 20, 30)["OPTIONS"]
    assert options["options"].endswith("-c statement_timeout=5s")
