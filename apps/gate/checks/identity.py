"""Who was there and who said it: names that must not stand in anything public."""

from __future__ import annotations

from collections.abc import Iterator

from apps.curation.models import Position, Session, Workshop
from apps.gate.case import Case
from apps.gate.findings import Finding, Severity
from apps.gate.meetings import finder_of
from apps.gate.rules import may_list_participants, may_name_speakers


def names_only_where_allowed(case: Case) -> Iterator[Finding]:
    """The fields made for names hold some only where the rule lets names through; the builders' work, looked over."""
    names = case.content.get("holder", {}).get("names", [])
    if names and isinstance(case.entry, Position) and not may_name_speakers(case.entry):
        yield _named("speakers", "The speakers are named, which the rule does not allow.", names)
    participants = case.content.get("participants", [])
    if participants and isinstance(case.entry, Workshop | Session) and not may_list_participants(case.entry):
        yield _named("attendances", "The participants are listed, which the rule does not allow.", participants)


def _named(field: str, message: str, names: list[str]) -> Finding:
    return Finding("names-not-allowed", Severity.REFUSAL, field, message, ", ".join(names)[:300], "Publish it again.")


def names_in_text(case: Case) -> Iterator[Finding]:
    """The names of protected people refuse; a word that may only look like one warns."""
    if not case.protected_people:
        return
    finder = finder_of(case.protected_people)
    seen = set()
    for field, text in case.texts():
        for match in finder.find(text):
            if (field, match.words) in seen:
                continue
            seen.add((field, match.words))
            if match.certain:
                yield Finding(
                    "name-in-text",
                    Severity.REFUSAL,
                    field,
                    "This names somebody whom the rule of attribution protects.",
                    match.words,
                    "Take the name out, or describe the person as the holder is described.",
                )
            else:
                yield Finding(
                    "maybe-a-name",
                    Severity.WARNING,
                    field,
                    "This may be the name of somebody whom the rule of attribution protects.",
                    match.words,
                    "Take it out, or acknowledge with a reason that it is no name here.",
                )


def affiliations_in_text(case: Case) -> Iterator[Finding]:
    """The names of protected people's organisations warn, since the organisation may be the subject."""
    if not case.protected_bodies:
        return
    finder = finder_of(case.protected_bodies)
    seen = set()
    for field, text in case.texts():
        # Who hosts a meeting is announced by the host; it says nothing of who came.
        for match in finder.find(text) if field != "host" else ():
            if (field, match.words) not in seen:
                seen.add((field, match.words))
                yield Finding(
                    "affiliation-in-text",
                    Severity.WARNING,
                    field,
                    "This names the organisation of somebody who was there.",
                    match.words,
                    "Acknowledge with a reason that it is the subject and not somebody's affiliation, or take it out.",
                )
