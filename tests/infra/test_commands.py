"""What a newcomer meets first: the list of commands, and one clear line where something is in the way."""

import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.infra.running import ROOT, free_port, run

DEMO = (sys.executable, "scripts/demo.py")


def only_line(result: "subprocess.CompletedProcess[str]") -> str:
    assert result.returncode not in (0, None)
    assert len(result.stderr.splitlines()) == 1, result.stderr
    return result.stderr


@pytest.mark.parametrize("port", ["abc", "0", "-1", "65536", "99999", "80 80", "8e3", "9" * 5000])
def test_what_is_no_port_is_said_in_one_line(port: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert f"PORT={port} is not a port" in only_line(run(*DEMO, PORT=port, DATA_DIR=str(data)))
    assert not data.exists()


def test_a_busy_port_is_said_before_any_work_with_a_free_one_beside_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        started = time.monotonic()
        line = only_line(run(*DEMO, PORT=str(port), DATA_DIR=str(data)))
    assert time.monotonic() - started < 5
    assert re.fullmatch(rf"Port {port} is in use by another program; try: make demo PORT=\d+\n", line)
    assert not data.exists()


def test_a_data_folder_that_is_a_file_is_said_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert str(file) in only_line(run(*DEMO, PORT=str(free_port()), DATA_DIR=str(file)))


def test_a_python_that_is_missing_or_too_old_is_said_in_one_line(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    for python in (str(old), "/no/such/python"):
        assert python in only_line(run("scripts/python", "--version", PYTHON=python))
    assert "Python 3.11 or newer" in only_line(
        run("/bin/sh", "scripts/python", "--version", PYTHON="", PATH="/nowhere")
    )


def test_make_help_lists_every_target_that_people_call() -> None:
    makefile = (ROOT / "Makefile").read_text()
    declared = re.search(r"\.PHONY: (.*)", makefile)
    assert declared
    listed = re.findall(r"^  make (\S+)", run("make").stdout, re.M)
    assert set(declared.group(1).split()) - set(listed) == {"runtime", "dev", "machine"}


@pytest.mark.parametrize("lock", ["runtime.txt", "dev.txt"])
def test_locks_name_no_host_and_hash_every_package(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^-", text, re.M)
    packages = re.split(r"\n(?=\S)", text.strip())
    assert [package for package in packages if "--hash=sha256:" not in package] == []


def test_the_container_check_reports_a_server_that_is_not_there() -> None:
    assert "no answer" in only_line(run(sys.executable, "scripts/healthcheck.py", PORT=str(free_port())))
