"""What tests ask of the public side."""

from apps.gate.concerns import all_public
from apps.gate.recheck import Recheck, recheck
from apps.public.catalogue.models import Record


def is_public(entry) -> bool:
    return Record.objects.live().filter(identifier=entry.identifier).exists()


def assert_nothing_is_objected_to() -> None:
    list(recheck(all_public(), outcome := Recheck()))
    assert not outcome.changed_something, str(outcome)
