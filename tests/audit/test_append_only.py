"""Lines of the audit log stay, whatever asks for another thing: our code, somebody's code, or SQL."""

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction

from apps.audit.append_only import guard
from apps.audit.log import note, seen
from apps.audit.models import AuditLine, What
from tests.audit.triggers import there


@pytest.fixture
def guarded(db) -> None:
    """As migrations leave it; with the test's transaction the triggers go."""
    guard(connection)


SQL = [
    "UPDATE audit_auditline SET said = ''",
    "UPDATE audit_auditline SET at = at WHERE 1 = 1",
    "DELETE FROM audit_auditline",
    "DELETE FROM audit_auditline WHERE id = (SELECT max(id) FROM audit_auditline)",
    "TRUNCATE audit_auditline",
    (
        "INSERT OR REPLACE INTO audit_auditline SELECT id, at, what, 'other', account, of, said, request, once "
        "FROM audit_auditline"
    ),
    (
        "INSERT OR REPLACE INTO audit_auditline SELECT id + 10000, at, what, 'other', account, of, said, request, once "
        "FROM audit_auditline"
    ),
]


def lines() -> list[tuple]:
    return list(AuditLine.objects.order_by("pk").values_list())


def test_migrations_make_what_guards_it(db, triggers_of_migrations):
    assert triggers_of_migrations
    guard(connection)
    assert there() == triggers_of_migrations


@pytest.mark.parametrize("statement", SQL)
def test_the_database_refuses_to_change_or_delete_a_line(guarded, statement):
    for_other_databases = {"sqlite": "TRUNCATE", "postgresql": "INSERT OR REPLACE"}[connection.vendor]
    if statement.startswith(for_other_databases):
        pytest.skip("no SQL of this database")
    note(What.PUBLISHED, "position 12345678")
    seen("position 12345678")
    AuditLine(what=What.SEEN, once="once").save()
    kept = lines()
    with transaction.atomic():
        savepoint = transaction.savepoint()
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        except DatabaseError as error:
            assert "only added to" in str(error)  # noqa: PT017 - one statement is let pass, and does nothing
            transaction.savepoint_rollback(savepoint)
        else:
            assert "REPLACE" in statement
    assert lines()[: len(kept)] == kept


def test_django_refuses_too(guarded):
    note(What.PUBLISHED, "position 12345678")
    line = AuditLine.objects.get()
    line.said = "other"
    for change in (
        line.save,
        line.delete,
        AuditLine.objects.all().delete,
        lambda: AuditLine.objects.update(said=""),
        lambda: AuditLine.objects.bulk_update([line], ["said"]),
    ):
        with pytest.raises(TypeError, match="only added to"), transaction.atomic():
            change()
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        AuditLine.objects.all()._raw_delete("default")


def test_a_line_stays_when_what_it_tells_of_is_deleted(guarded):
    account = User.objects.create_user("ana")
    note(What.PUBLISHED, "position 12345678", by=account)
    account.delete()
    line = AuditLine.objects.get(what=What.PUBLISHED)
    assert (line.by, line.of) == ("ana", "position 12345678")


def test_a_line_goes_with_what_it_tells_of_when_that_is_rolled_back(guarded):
    with transaction.atomic():
        note(What.PUBLISHED, "position 12345678")
        transaction.set_rollback(True)
    assert not AuditLine.objects.exists()


def test_what_is_seen_is_noted_once_an_hour_for_each_account_and_thing(guarded):
    for _ in range(3):
        seen("position 1")
    seen("position 2")
    assert sorted(AuditLine.objects.values_list("of", flat=True)) == ["position 1", "position 2"]


def test_what_was_rolled_back_is_noted_again(guarded):
    with transaction.atomic():
        seen("position 1")
        transaction.set_rollback(True)
    seen("position 1")
    assert AuditLine.objects.count() == 1
