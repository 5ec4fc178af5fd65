"""Backups: what goes in comes out, to the last byte; and what is wrong with a file is said before anything is done."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyrage import decrypt, passphrase, x25519
from reversion.models import Revision, Version

from apps.curation.models import Article, Entry, Person
from apps.gate.publication import Outcome, awaiting_publication, publish_many, withdraw
from apps.public.catalogue.models import Record
from apps.public.website.reading import url_of
from apps.workbench.backup import Refused
from apps.workbench.backup.archive import MANIFEST, Archive, write
from apps.workbench.backup.asking import new_file
from apps.workbench.backup.restoring import restore
from apps.workbench.backup.sealing import SEALED, opened, seal
from apps.workbench.backup.tables import LEFT_OUT, Table, applied, tables
from apps.workbench.editing import one_edit
from apps.workbench.models import FileImport, Token

SECRET = "a passphrase that is long enough"
MOMENT = dt.datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=dt.UTC)


def backed_up() -> bytes:
    out = io.BytesIO()
    write(out, lambda done, total: None)
    return out.getvalue()


def put_back(backup: bytes) -> bool:
    archive = Archive(io.BytesIO(backup))
    archive.verify(lambda size: None)
    return restore(archive, lambda rows: None)


def emptied() -> None:
    call_command("flush", "--no-input", verbosity=0)


def changed(backup: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A backup with other files in it."""
    with zipfile.ZipFile(io.BytesIO(backup)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    change(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


def says(files: dict[str, bytes], **other: Any) -> None:
    """Have the manifest say something else."""
    files[MANIFEST] = json.dumps(json.loads(files[MANIFEST]) | other).encode()


# --- Round trips


@pytest.fixture
def demo(transactional_db, tmp_path: Path) -> User:
    """The demo with some of everything: published, edited since, withdrawn, with a history, a token and an upload."""
    call_command("loaddata", "vocabulary", "demo", verbosity=0)
    reviewer, outcome = User.objects.create_user("reviewer", password="kept as a hash"), Outcome()
    for _ in publish_many(awaiting_publication(), outcome, by=reviewer):
        pass
    assert not outcome.refused
    with one_edit(reviewer, "Another title"):
        article = Article.objects.first()
        article.title = "Another title, \x1f \N{PILE OF POO} and \N{RIGHT-TO-LEFT OVERRIDE}all"
        article.save()
    withdraw(Entry.objects.filter(kind="workshop").first())
    FileImport.objects.create(by=reviewer, name="odd", data=bytes(range(256)), report={"z": None, "a": [1, 2.5, ""]})
    Token.objects.create(
        by=reviewer, name="t", digest="0" * 64, ending="abcd", scopes=["drafts:read"], expires_at="2099-01-01T00:00Z"
    )
    return reviewer


def public() -> dict[str, tuple[int, bytes]]:
    """What anybody sees."""
    reader = Client()
    addresses = [url_of(kind, identifier) for kind, identifier in Record.objects.values_list("kind", "identifier")]
    answers = {url: reader.get(url) for url in ("/", "/browse/?q=allies", "/api/v1/changes", "/feed/", *addresses)}
    return {url: (answer.status_code, b"".join(answer)) for url, answer in answers.items()}


def said_by_the_gate() -> str:
    said = io.StringIO()
    call_command("check_gate", stdout=said)
    return said.getvalue()


def test_an_empty_instance_is_filled_as_it_was_and_says_the_same(demo) -> None:
    before, page, gate, history = backed_up(), public(), said_by_the_gate(), Version.objects.count()
    assert backed_up() == before
    emptied()
    assert not Record.objects.exists()
    assert put_back(before)
    assert backed_up() == before
    assert public() == page
    assert {status for status, _ in page.values()} == {200, 410}
    assert said_by_the_gate() == gate
    assert Version.objects.count() == history > 0
    assert Revision.objects.filter(user=demo).exists()
    assert User.objects.get(username="reviewer").check_password("kept as a hash")


def test_nothing_is_rewritten_on_the_way(demo) -> None:
    """Signals and fields of ours would note, judge or tidy. These texts stand for all that was written past them."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE curation_article SET text = %s", ["a\r\nb \u0301"])
        cursor.execute("UPDATE curation_person SET aliases = %s", ["  two  \n\n two "])
    before = backed_up()
    emptied()
    put_back(before)
    assert backed_up() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT text FROM curation_article")
        assert cursor.fetchall() == [("a\r\nb \u0301",)]
        cursor.execute("SELECT DISTINCT aliases FROM curation_person")
        assert cursor.fetchall() == [("  two  \n\n two ",)]


def test_no_number_is_given_twice(transactional_db) -> None:
    """The history knows what was deleted by its number."""
    Person.objects.create(slug="kept", family_name="Kept")
    last = Person.objects.create(slug="gone", family_name="Gone")
    number = last.pk
    last.delete()
    before = backed_up()
    emptied()
    put_back(before)
    assert backed_up() == before
    assert Person.objects.create(slug="new", family_name="New").pk == number + 1


def test_what_was_derived_from_another_catalogue_goes(transactional_db, settings) -> None:
    before = backed_up()
    emptied()
    for folder in (settings.SEARCH_INDEX_DIR, settings.DOWNLOADS_DIR):
        folder.mkdir()
        (folder / "of another").touch()
    put_back(before)
    assert not settings.SEARCH_INDEX_DIR.exists()
    assert not settings.DOWNLOADS_DIR.exists()


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False, width=32)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
)
MOMENTS = st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30), timezones=st.just(dt.UTC))
UPLOADS = st.builds(
    dict,
    name=TEXTS.map(lambda text: text[:120]),
    told=TEXTS,
    data=st.binary(),
    options=JSON.filter(lambda value: value is not None),
    report=JSON.filter(lambda value: value is not None),
    at=MOMENTS,
    made_at=st.none() | MOMENTS,
)


@pytest.mark.django_db
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(uploads=st.lists(UPLOADS, min_size=1, max_size=3))
def test_any_row_goes_out_and_comes_in(uploads: list[dict[str, Any]]) -> None:
    FileImport.objects.all().delete()
    for one in uploads:
        FileImport.objects.create(**one)
    table = Table(FileImport)
    lines, before = list(table.lines()), list(FileImport.objects.order_by("pk").values())
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in lines)
    table.empty()
    assert sum(table.fill(lines)) == len(uploads)
    assert list(FileImport.objects.order_by("pk").values()) == before
    assert list(table.lines()) == lines


@pytest.mark.django_db
def test_every_table_is_kept_or_said_to_be_left_out_and_no_file_lies_outside_the_database() -> None:
    """Whoever adds a column of a new type, or uploads that are kept as files, has to think of backups."""
    loader = MigrationLoader(connection)
    known = tables(applied(loader), loader)
    assert set(known) == set(connection.introspection.table_names()) - {"django_migrations"}
    assert set(LEFT_OUT) < set(known)
    for table in known.values():
        assert set(table.columns.values()) <= {"text", "integer", "boolean", "date", "datetime", "json", "base64"}
        if table.name not in LEFT_OUT:  # other keys come in another order from another database
            assert table.columns[table.key] == "integer"
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    assert not [field for field in fields if isinstance(field, models.FileField)]


@pytest.mark.django_db(transaction=True)
def test_a_stranger_reads_it_with_no_program_of_ours() -> None:
    Person.objects.create(slug="x", family_name="Zarnecki", aliases=["Żarnecki"])
    with zipfile.ZipFile(io.BytesIO(backed_up())) as packed:
        manifest = json.loads(packed.read(MANIFEST))
        lines = packed.read("tables/curation_person.jsonl").decode().splitlines()
    assert [json.loads(line)["aliases"] for line in lines] == ["Żarnecki"]
    assert "Żarnecki" in lines[0]
    of_people = manifest["tables"]["curation_person"]
    assert of_people["rows"] == 1
    assert list(json.loads(lines[0])) == list(of_people["columns"])
    assert "gate.0001_initial" in manifest["migrations"]


# --- What is refused


@pytest.fixture
def backup(transactional_db) -> bytes:
    """A backup of an instance with two people, which is empty again."""
    for name in "one", "two":
        Person.objects.create(slug=name, family_name=name)
    made = backed_up()
    emptied()
    return made


PEOPLE = "tables/curation_person.jsonl"


def tampered(files: dict[str, bytes]) -> None:
    files[PEOPLE] = files[PEOPLE].replace(b"one", b"eno")


def newer_format(files: dict[str, bytes]) -> None:
    says(files, format_version=2, product_version="7.0")


def newer_product(files: dict[str, bytes]) -> None:
    says(files, product_version="7.0", migrations=[*json.loads(files[MANIFEST])["migrations"], "gate.9999_later"])


def without_a_table(files: dict[str, bytes]) -> None:
    del files[PEOPLE]


def without_a_table_that_is_named(files: dict[str, bytes]) -> None:
    del files[PEOPLE]
    kept = json.loads(files[MANIFEST])["tables"]
    del kept["curation_person"]
    says(files, tables=kept)


def with_rows(table: str, *lines: bytes) -> Callable[[dict[str, bytes]], None]:
    """Other rows, and a manifest that agrees."""

    def change(files: dict[str, bytes]) -> None:
        data = files[f"tables/{table}.jsonl"] = b"".join(lines)
        contents = json.loads(files[MANIFEST])["tables"]
        contents[table] |= {"rows": len(lines), "sha256": sha256(data).hexdigest()}
        says(files, tables=contents)

    return change


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (tampered, "changed or is damaged: tables/curation_person.jsonl"),
        (newer_format, "format 2, from version 7.0"),
        (newer_product, "newer version (7.0): this one doesn't know gate.9999_later"),
        (without_a_table, "its files aren't those"),
        (without_a_table_that_is_named, "its tables aren't those of the version"),
        (lambda files: files.update({"tables/more.jsonl": b""}), "tables/more.jsonl"),
        (lambda files: files.pop(MANIFEST), "no backup"),
        (lambda files: files.update({MANIFEST: b"{"}), "no backup"),
        (lambda files: files.update({MANIFEST: b"[]"}), "no backup of a knowledge base"),
        (lambda files: says(files, tables={"x": 1}), "isn't whole"),
        (lambda files: says(files, migrations=7), "isn't whole"),
        (with_rows("curation_person", b"no JSON\n"), "line 1 is no row of it"),
        (with_rows("curation_person", b'{"id":1}\n'), "line 1 is no row of it"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_and_nothing_is_done(backup: bytes, change: Any, word: str) -> None:
    with pytest.raises(Refused) as refused:
        put_back(changed(backup, change))
    assert word in str(refused.value)
    assert not Person.objects.exists()


def test_rows_that_the_database_does_not_take_leave_nothing_half_restored(backup: bytes) -> None:
    def twice(files: dict[str, bytes]) -> None:
        first = files[PEOPLE].splitlines(keepends=True)[0]
        with_rows("curation_person", first, first)(files)

    empty = backed_up()
    with pytest.raises(Refused, match=r"curation_person can't be filled"):
        put_back(changed(backup, twice))
    assert backed_up() == empty
    assert put_back(backup)
    assert Person.objects.count() == 2


@pytest.mark.parametrize("share", [0, 0.3, 0.9, 0.999])
def test_a_backup_that_was_cut_short_is_refused(backup: bytes, share: float) -> None:
    with pytest.raises(Refused, match="cut short"):
        put_back(backup[: int(len(backup) * share)])
    assert not Person.objects.exists()


def test_every_byte_of_the_rows_counts(backup: bytes) -> None:
    start = backup.index(b"tables/curation_person.jsonl") + 60
    for at in range(start, start + 40, 7):
        damaged = bytearray(backup)
        damaged[at] ^= 0x10
        with pytest.raises(Refused):
            put_back(bytes(damaged))
    assert not Person.objects.exists()


def test_an_instance_with_anything_in_it_is_left_alone(backup: bytes) -> None:
    User.objects.create_user("first")
    with pytest.raises(Refused, match=r"isn.t empty: there is 1 row in audit_auditline"):
        put_back(backup)
    assert User.objects.get().username == "first"
    assert not Person.objects.exists()


def test_what_does_not_fit_together_is_refused(transactional_db) -> None:
    person = Person.objects.create(slug="one", family_name="one")
    Token.objects.create(
        by=User.objects.create_user("u"),
        name="t",
        digest="0" * 64,
        ending="a",
        scopes=[],
        expires_at="2099-01-01T00:00Z",
    )
    made = backed_up()
    emptied()

    with pytest.raises(Refused, match="doesn't fit together"):
        put_back(changed(made, with_rows("auth_user")))
    assert not Person.objects.filter(pk=person.pk).exists()


# --- Encrypted


def sealed(plain: bytes) -> bytes:
    out = io.BytesIO()
    seal(io.BytesIO(plain), out, SECRET)
    return out.getvalue()


def unsealed(data: bytes, secret: str = SECRET) -> bytes:
    with opened(io.BytesIO(data), lambda: secret) as plain:
        return plain.read()


@pytest.fixture(scope="module")
def encrypted() -> bytes:
    """Not a backup: what is sealed doesn't matter to the seal."""
    return sealed(b"Zarnecki said so. " * 10_000)


def test_only_the_passphrase_opens_it(encrypted: bytes) -> None:
    assert b"Zarnecki" not in encrypted
    assert unsealed(encrypted) == b"Zarnecki said so. " * 10_000
    with pytest.raises(Refused, match="not its passphrase"):
        unsealed(encrypted, SECRET.upper())


def test_any_program_for_age_opens_it(encrypted: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(encrypted)) as packed:
        key = passphrase.decrypt(packed.read("key.age"), SECRET).decode()
        plain = decrypt(packed.read(SEALED), [x25519.Identity.from_str(key.strip())])
    assert plain.startswith(b"Zarnecki")


@pytest.mark.parametrize("place", [-1, 100, 70_000])
def test_what_was_encrypted_is_authenticated(encrypted: bytes, place: int) -> None:
    def one_bit(files: dict[str, bytes]) -> None:
        data = bytearray(files[SEALED])
        data[place] ^= 1
        files[SEALED] = bytes(data)

    with pytest.raises(Refused, match="changed or is damaged"):
        unsealed(changed(encrypted, one_bit))


def test_what_was_encrypted_and_cut_short_is_refused(encrypted: bytes) -> None:
    def shorter(files: dict[str, bytes]) -> None:
        files[SEALED] = files[SEALED][: 2 * 65_536]

    with pytest.raises(Refused, match="changed or is damaged"):
        unsealed(changed(encrypted, shorter))
    with pytest.raises(Refused, match="damaged"):
        unsealed(changed(encrypted, lambda files: files.pop("key.age")))


# --- The file


def test_it_is_for_its_owner_alone_and_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    with pytest.raises(ZeroDivisionError), new_file(path) as out:
        out.write(b"%d" % (1 // 0))
    assert list(tmp_path.iterdir()) == []
    with new_file(path) as out:
        out.write(b"whole")
        assert not path.exists()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError), new_file(path) as out:
        pass
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"whole"


def test_whoever_was_quicker_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    with pytest.raises(FileExistsError), new_file(path):
        path.write_bytes(b"another's")
    assert path.read_bytes() == b"another's"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("options", "word", "code"),
    [
        (["there"], "is there already", 2),
        (["no-folder/backup.zip"], "No such file or directory", 2),
        (["new", "--encrypt", "--passphrase-file", "none"], "can't be read", 2),
        (["new", "--encrypt", "--passphrase-file", "short"], "too short", 2),
    ],
)
def test_what_is_asked_for_wrongly_is_said(
    options: list[str], word: str, code: int, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there").write_text("as it was")
    Path("short").write_text("short\nand a second line that doesn't count\n")
    with pytest.raises(CommandError, match=word) as error:
        call_command("backup", *options)
    assert error.value.returncode == code
    assert sorted(path.name for path in tmp_path.iterdir()) == ["short", "there"]
    assert Path("there").read_text() == "as it was"
