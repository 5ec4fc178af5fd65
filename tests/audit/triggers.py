"""The triggers by which the audit log stays as it is: which there are, and taking them away."""

from django.db import connection

TABLE = "audit_auditline"


def there() -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [TABLE])
        return sorted(name for (name,) in cursor.fetchall())


def taken_away() -> list[str]:
    found = there()
    with connection.cursor() as cursor:
        for name in found:
            cursor.execute(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {TABLE}"))
    return found
