"""Settings that are wrong or unsafe stop the start with one clear line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deterrence_kb.environment import postgresql

ROOT = Path(__file__).resolve().parent.parent
PRINT = "from django.conf import settings as s; print(s.DATABASES['default']['ENGINE'], len(s.INSTALLED_APPS))"


def start(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "deterrence_kb.settings",
    }
    return subprocess.run(
        [sys.executable, "-c", PRINT],
        cwd=ROOT,
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, "SECRET_KEY is empty"),
        ({"SECRET_KEY": "x", "SITE_ROLE": "secret"}, "SITE_ROLE is 'secret': say one of all, public"),
        ({"SECRET_KEY": "x", "DEBUG": "perhaps"}, "DEBUG is 'perhaps': say 1 or 0"),
        ({"SECRET_KEY": "x", "PAGE_SIZE": "-3"}, "PAGE_SIZE is '-3'"),
        ({"SECRET_KEY": "x", "GATE_FEWEST_PEOPLE": "2"}, "whole number of 3 or more"),
        ({"SECRET_KEY": "x", "DATABASE_URL": "mysql://x"}, "DATABASE_URL must read postgresql://"),
        ({"SECRET_KEY": "x", "DATA_DIR": "/dev/null/x"}, "cannot be made"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, variables, words):
    done = start(tmp_path, **variables)
    assert done.returncode != 0
    assert words in done.stderr.splitlines()[-1]


def test_every_variable_is_documented():
    read = re.findall(r'env\.\w+\("(\w+)"', (ROOT / "deterrence_kb" / "settings.py").read_text())
    documented = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "operate.md").read_text()))
    assert len(read) > 12
    assert [name for name in read if name not in documented] == []


def test_the_public_role_installs_no_private_app(tmp_path):
    everything = start(tmp_path, SECRET_KEY="x").stdout.split()
    public = start(tmp_path, SECRET_KEY="x", SITE_ROLE="public").stdout.split()
    assert int(public[1]) < int(everything[1])
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); import sys; print('apps.curation.models' in sys.modules)",
        ],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(tmp_path),
            "SECRET_KEY": "x",
            "SITE_ROLE": "public",
            "DJANGO_SETTINGS_MODULE": "deterrence_kb.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://me:p%40ss@db:5433/kb",
            {"USER": "me", "PASSWORD": "p@ss", "HOST": "db", "PORT": "5433", "NAME": "kb"},
        ),
        ("postgresql://me@/kb?host=/run/pg", {"USER": "me", "HOST": "/run/pg", "PORT": "", "NAME": "kb"}),
        ("postgres://db/kb?sslmode=require", {"HOST": "db", "NAME": "kb"}),
    ],
)
def test_a_database_url_is_read_whole(url, expected):
    settings = postgresql(url, 20, 30)
    assert {key: settings[key] for key in expected} == expected
    if "sslmode" in url:
        assert settings["OPTIONS"]["sslmode"] == "require"
