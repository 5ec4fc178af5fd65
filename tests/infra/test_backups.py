"""Backups as an operator has them: from one database to another, of an earlier version, while others write."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from apps.gate.publication import Outcome, awaiting_publication, publish_many
from apps.workbench.backup.archive import Archive
from tests.infra.running import run
from tests.infra.test_public_role import database

SECRET = "a passphrase that is long enough"


def manage(*command: str | Path, data: Path, url: str = "", **changes: str) -> "subprocess.CompletedProcess[str]":
    ours = {"SECRET_KEY": "for the tests alone", "DATA_DIR": str(data), "DATABASE_URL": url}
    return run(sys.executable, "manage.py", *command, **ours, **changes)


def done(*command: str | Path, data: Path, url: str = "", **changes: str) -> str:
    result = manage(*command, data=data, url=url, **changes)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture
def backup(transactional_db, django_user_model, tmp_path: Path) -> Path:
    """Of the demo, published."""
    call_command("loaddata", "vocabulary", "demo", verbosity=0)
    for _ in publish_many(awaiting_publication(), Outcome(), by=django_user_model.objects.create_user("reviewer")):
        pass
    path = tmp_path / "backup.zip"
    call_command("backup", str(path))
    return path


def test_it_goes_to_the_other_database_and_back(backup: Path, tmp_path: Path) -> None:
    """From whichever database the tests run on, by way of SQLite, into one of the same as the first."""
    said = done("restore", backup, data=tmp_path / "sqlite")
    assert "withdrawn after that change is public again" in said
    assert "records indexed" in said
    done("backup", tmp_path / "of-sqlite.zip", data=tmp_path / "sqlite")
    assert (tmp_path / "of-sqlite.zip").read_bytes() == backup.read_bytes()
    if connection.vendor == "sqlite":
        return
    with database(tmp_path) as (url, _):
        done("restore", tmp_path / "of-sqlite.zip", data=tmp_path / "data", url=url)
        done("backup", tmp_path / "of-postgresql.zip", data=tmp_path / "data", url=url)
        done("shell", "-c", NEXT_PERSON, data=tmp_path / "data", url=url)
    assert (tmp_path / "of-postgresql.zip").read_bytes() == backup.read_bytes()


NEXT_PERSON = "from apps.curation.models import Person; Person.objects.create(slug='next', family_name='Next')"


def test_a_drill_says_whether_a_backup_is_good_and_leaves_nothing(backup: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert "This backup is good: " in done("restore", "--drill", backup, data=data)
    assert [path.name for path in data.iterdir()] == []
    bad = tmp_path / "bad.zip"
    bad.write_bytes(backup.read_bytes()[:-100])
    result = manage("restore", "--drill", bad, data=data)
    assert result.returncode == 1
    assert "cut short" in result.stderr
    assert [path.name for path in data.iterdir()] == []


def test_encrypted_on_request_and_restored_by_its_passphrase_alone(tmp_path: Path) -> None:
    data, secret = tmp_path / "data", tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    done(
        "shell",
        "-c",
        f"from django.core.management import call_command; call_command('migrate')\n{NEXT_PERSON}",
        data=data,
    )
    path = tmp_path / "backup.zip"
    assert "came out the same" in done("backup", "--encrypt", "--drill", "--passphrase-file", secret, path, data=data)
    assert b"Next" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    nobody = manage("restore", path, data=tmp_path / "other")
    assert nobody.returncode == 2
    assert "A passphrase is needed" in nobody.stderr
    assert "Restored" in done("restore", path, data=tmp_path / "other", BACKUP_PASSPHRASE=SECRET)


EARLIER = """
from django.core.management import call_command
from django.db import connection
for step in ((), ("workbench", "0005")):
    call_command("migrate", *step, verbosity=0)
with connection.cursor() as cursor:
    cursor.execute("INSERT INTO taxonomy_vocabularystate (id, version) VALUES (1, 7)")
"""


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    """Made by the code of now before it migrates, as upgrades do; its tables lack one that there is now."""
    data, path = tmp_path / "data", tmp_path / "backup.zip"
    done("shell", "-c", EARLIER, data=tmp_path / "earlier")
    done("backup", path, data=tmp_path / "earlier")
    with zipfile.ZipFile(path) as packed:
        assert "tables/workbench_token.jsonl" not in packed.namelist()
    assert "Now run: manage.py migrate; manage.py index" in done("restore", path, data=data)
    assert done("shell", "-c", MIGRATED, data=data).splitlines()[-1] == "7 0"
    refused = manage("restore", path, data=data)
    assert refused.returncode == 1
    assert "newer than the backup: they have had workbench.0006_tokens" in refused.stderr


MIGRATED = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from apps.taxonomy.models import VocabularyState
from apps.workbench.models import Token
print(VocabularyState.objects.get().version, Token.objects.count())
"""

WHILE_SOMEBODY_WRITES = """
from concurrent.futures import ThreadPoolExecutor
from django.core.management import call_command
from apps.curation.models import Person
from apps.workbench.backup.archive import write
call_command("migrate", verbosity=0)
Person.objects.create(slug="before", family_name="Before")
def write_something(done, total):
    if done == 1:
        with ThreadPoolExecutor(1) as other:
            other.submit(Person.objects.create, slug="meanwhile", family_name="Meanwhile").result()
with open(PATH, "wb") as out:
    write(out, write_something)
print([person.slug for person in Person.objects.order_by("pk")])
"""


def test_it_is_of_one_moment_and_nobody_who_writes_waits(tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    program = WHILE_SOMEBODY_WRITES.replace("PATH", repr(str(path)))
    with database(tmp_path) as (url, _):
        said = done("shell", "-c", program, data=tmp_path / "data", url=url, DATABASE_PATIENCE="1")
    assert said.splitlines()[-1] == "['before', 'meanwhile']"
    archive = Archive(io.BytesIO(path.read_bytes()))
    assert archive.manifest.tables["curation_person"].rows == 1
    archive.verify(lambda size: None)


def test_a_public_site_has_no_backups(tmp_path: Path) -> None:
    for command in "backup", "restore":
        result = manage(command, tmp_path / "x.zip", data=tmp_path / "data", SITE_ROLE="public")
        assert f"Unknown command: '{command}'" in result.stderr
