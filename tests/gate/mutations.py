"""What happens to the promise when one rule of the gate is switched off: some test fails, and it is known which.

A test that is marked ``guards("a rule")`` runs once as it is, and once more for each rule it names, with that rule
switched off: there it has to fail, else the run does. docs/disclosure.md lists the pairs.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from apps.curation import journal
from apps.curation.models import (
    Article,
    Attendance,
    Authorship,
    Organisation,
    Passage,
    Person,
    Position,
    Session,
    Workshop,
)
from apps.gate import (
    addresses,
    case,
    checks,
    concerns,
    descriptors,
    meetings,
    merging,
    publication,
    published,
    recheck,
    rules,
    same,
    watch,
)
from apps.gate.checks import identity
from apps.gate.descriptors import Descriptor, Fit
from apps.gate.meetings import Attendee
from apps.public.catalogue.models import Record
from apps.taxonomy.models import Region
from apps.taxonomy.words import Rule

Switch = Callable[[pytest.MonkeyPatch], None]


# --- What stands in for a rule that is switched off


def no(*asked: object) -> bool:
    return False


def yes(*asked: object) -> bool:
    return True


def nothing(*asked: object, **more: object) -> list[object]:
    return []


def no_entries(*asked: object) -> set[int]:
    return set()


def no_people(*asked: object) -> frozenset[object]:
    return frozenset()


def as_written(name: str) -> frozenset[str]:
    return frozenset({name}) - {""}


def only_these(bodies: Any) -> frozenset[object]:
    return frozenset(bodies)


def these_themselves(entries: Any) -> concerns.Concern:
    return concerns.Concern({one.pk for one in entries})


def whatever(*asked: object) -> str:
    return ""


def draft_of_its_proposition(case: Any) -> Record | None:
    drafted = getattr(case.entry, "proposition", None)
    return Record.objects.live().filter(identifier=drafted.identifier).first() if drafted else None


def finds_nothing(case: object) -> Iterator[object]:
    yield from ()


def nobody(meeting: object) -> frozenset[object]:
    return frozenset()


def rule_as_entered(session: Session) -> Rule:
    return Rule(session.rule or session.workshop.rule)


def count_rows(descriptor: Descriptor, attendees: list[Attendee]) -> Fit:
    fitting = [one for one in attendees if descriptor.fits(one)]
    return Fit(len({one.person for one in fitting}), len({one.body for one in fitting if one.body}))


def texts_without_notes(case: case.Case) -> Iterator[tuple[str, str]]:
    """The content's own texts alone."""
    return (found for found in every_text(case) if not found[0].startswith("cross-references"))


every_text = case.Case.texts


# --- How it comes to stand there


def code(function: Callable[..., Any], other: Callable[..., Any]) -> Switch:
    """Give a function another's code, so that it is replaced wherever it was imported to."""
    return lambda patch: patch.setattr(function, "__code__", other.__code__)


def name(owner: Any, name: str, other: Any) -> Switch:
    return lambda patch: patch.setattr(owner, name, other)


def unwatched(fact: type) -> Switch:
    """A change of such a fact concerns nothing public."""

    def switch(patch: pytest.MonkeyPatch) -> None:
        for when in (concerns.concern_of, concerns.concern_since):
            patch.setattr(watch, when.__name__, lambda changed, when=when: _unless(fact, changed, when))
        if fact is Position:
            patch.setattr(concerns, "where_somebody_unlisted_speaks", lambda positions: set())

    return switch


def _unless(fact: type, changed: Any, when: Callable[[Any], concerns.Concern]) -> concerns.Concern:
    return concerns.Concern() if isinstance(changed, fact) else when(changed)


_WATCHED = {
    "workshops": Workshop,
    "sessions": Session,
    "attendance": Attendance,
    "people": Person,
    "organisations": Organisation,
    "authors": Authorship,
    "regions": Region,
    "articles": Article,
    "positions": Position,
    "passages": Passage,
}
SWITCHES: dict[str, Switch] = {
    **{check.__name__: code(check, finds_nothing) for check in checks.CHECKS},
    "a rule protects": code(rules.is_protected, no),
    "speakers are named only where a rule lets them": code(rules.may_name_speakers, yes),
    "participants are listed only where a rule lets them": code(rules.may_list_participants, yes),
    "the stricter rule wins": name(Session, "effective_rule", property(rule_as_entered)),
    "everybody who was there is protected": name(meetings.Meeting, "people", property(nobody)),
    "no setting goes under the floor": name(descriptors, "FLOOR", 0),
    "two organisations at least": name(descriptors, "FEWEST_ORGANISATIONS", 0),
    "two who may be one count once": name(case, "count", count_rows),
    "notes of cross-references are searched": name(case.Case, "texts", texts_without_notes),
    "a warning refuses until acknowledged": code(publication.unacknowledged, nothing),
    "a reason covers the sentences that it was given for": code(identity.sentence_of, whatever),
    "a reason holds at both ends": code(publication._other_ends, nothing),
    "the proposition is that of the record": name(case.Case, "takes_side_on", property(draft_of_its_proposition)),
    "nothing stays beside a new description": code(publication._is_described_anew, no),
    "what hangs on it goes with it": code(publication.dependants, nothing),
    "former versions are judged again": name(recheck, "judge_versions", nothing),
    "former versions are judged with new links": name(publication, "judge_versions", nothing),
    "a former version is on the proposition of now": code(publication._took_another_side, no),
    "what is public says where it comes from": name(publication, "provenance", lambda entry: {}),
    "what a fact leaves is judged again": code(watch._before, nothing),
    "what is deleted is withdrawn": code(watch._withdraw, nothing),
    "a tag that others leave is judged again": code(watch._left_alone, nothing),
    "who is named in public is remembered": code(published.naming, no_entries),
    "an address is told of from both ends": code(addresses.leading_to, no_entries),
    "whoever speaks there was there": code(meetings._heard, nothing),
    "whoever is called the same is taken for them": code(same.called_so, no_people),
    "names are one however they are written": name(same, "keys_of", as_written),
    "whoever is called the same as somebody there is protected": name(meetings, "_doubles", lambda there: {}),
    "what a merge rewords is judged again": name(merging, "judge_again", nothing),
    "organisations that are called the same are taken for one": code(same.bodies_alike, only_these),
    "no old tag that names somebody leads on": code(merging._names_somebody, no),
    "what an undo brings back is judged at its other ends": name(merging, "concern_of_entries", these_themselves),
    "who edited something since a step stays its last editor": name(journal, "_EDITED", ()),
    "what is put back is judged again": name(watch, "concern_of_rows", lambda made: concerns.Concern()),
    **{f"the watch over {facts}": unwatched(model) for facts, model in _WATCHED.items()},
}


def pairs() -> dict[str, list[str]]:
    """The tests that fail without each rule."""
    found: dict[str, list[str]] = {rule: [] for rule in SWITCHES}
    here = importlib.import_module(__package__)
    for module in pkgutil.iter_modules(here.__path__):
        if module.name.startswith("test_"):
            tests = vars(importlib.import_module(f"{__package__}.{module.name}"))
            for title, test in tests.items():
                guarded = [
                    rule for mark in getattr(test, "pytestmark", ()) if mark.name == "guards" for rule in mark.args
                ]
                for rule in guarded:
                    found[rule].append(f"{module.name}::{title}")
    return found
