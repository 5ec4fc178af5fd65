"""What tests ask of the public side."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from apps.gate.concerns import all_public
from apps.gate.findings import Refused
from apps.gate.recheck import Recheck, recheck
from apps.public.catalogue.models import Record


def is_public(entry) -> bool:
    return Record.objects.live().filter(identifier=entry.identifier).exists()


def assert_nothing_is_objected_to() -> None:
    list(recheck(all_public(), outcome := Recheck()))
    assert not outcome.changed_something, str(outcome)


def refusal_of_the_session(world: SimpleNamespace, publish: Callable[..., object], **said: str) -> Refused:
    """Have a session say something and try to publish it after its workshop; fails unless the gate refuses."""
    for name, text in said.items():
        setattr(world.session, name, text)
    world.session.save()
    publish(world.workshop)
    with pytest.raises(Refused) as refused:
        publish(world.session)
    return refused.value
