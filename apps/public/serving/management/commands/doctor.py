"""Look at this installation and say in plain words how it is."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.public.serving.doctor import Verdict, examine

_MARKS = {Verdict.WELL: "well", Verdict.CAREFUL: "MIND", Verdict.AMISS: "AMISS"}


class Command(BaseCommand):
    help = "Says how this installation is, and what to do about what is amiss. Ends with 1 if something is."
    requires_system_checks = ()  # it says itself what they find

    def handle(self, *args: Any, **options: Any) -> None:
        words = []
        for word in examine():
            words.append(word)
            self.stdout.write(f"{_MARKS[word.verdict]:6}{word.about}: {word.what}")
            if word.cure:
                self.stdout.write(f"{'':6}  {word.cure}")
            self.stdout.flush()
        amiss = sum(word.verdict == Verdict.AMISS for word in words)
        careful = sum(word.verdict == Verdict.CAREFUL for word in words)
        if amiss:
            raise CommandError(f"{amiss} amiss, {careful} to mind.")
        self.stdout.write(f"Nothing is amiss, {careful} to mind." if careful else "All is well.")
