from typing import Any

from django.core.management.base import BaseCommand

from apps.workbench.roles import make_roles


class Command(BaseCommand):
    help = "Make the groups of all roles, with the permissions that go with them: docs/roles.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{', '.join(group.name for group in make_roles())} are as they should be.")
