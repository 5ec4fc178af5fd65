from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts import attempts
from apps.accounts.factors import take_away
from apps.audit.log import note
from apps.audit.models import What


class Command(BaseCommand):
    help = "Let somebody in who is locked out: lifts the lock, and takes away a second factor that is lost."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="the account; without it, all locks are lifted")
        parser.add_argument(
            "--second-factor", action="store_true", help="take away its second factors and recovery codes too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        if not name:
            if options["second_factor"]:
                raise CommandError("Say whose second factor: manage.py let_in NAME --second-factor")
            attempts.forget()
            note(What.ACCOUNT, "all accounts", "locks lifted by let_in")
            self.stdout.write("No account and no address is locked any more.")
            return
        model = get_user_model()
        user = model.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account “{name}”.")
        attempts.forget(name)
        note(What.ACCOUNT, f"account {user.pk}", f"{name}: lock lifted by let_in")
        self.stdout.write(f"“{name}” is not locked any more. An address may be: manage.py let_in, without a name.")
        if options["second_factor"]:
            taken = take_away(user)
            self.stdout.write(
                f"{taken} second factors taken away, and every session of “{name}” ended."
                if taken
                else f"“{name}” had no second factor."
            )
        if not user.is_active:
            self.stdout.write("The account is switched off, so it can't sign in: see Active in the admin.")
