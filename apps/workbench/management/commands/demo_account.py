import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand

from apps.workbench.roles import make_roles


class Command(BaseCommand):
    help = "Make the demo's analyst account, with a random password, or print the one made before."

    def handle(self, *args: Any, **options: Any) -> None:
        kept = Path(settings.DATA_DIR) / "demo-account.txt"
        user, _ = User.objects.get_or_create(
            username="analyst", defaults={"first_name": "Demo", "last_name": "Analyst", "is_staff": True}
        )
        user.groups.set(make_roles())
        password = kept.read_text().strip() if kept.exists() else ""
        if not password or not user.check_password(password):
            password = secrets.token_urlsafe(9)
            user.set_password(password)
            user.save(update_fields=["password"])
            kept.touch(mode=0o600)
            kept.write_text(password + "\n")
        self.stdout.write(f"{user.username} {password}")
