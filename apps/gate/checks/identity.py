"""Who was there and who said it: names that must not stand in anything public."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from apps.curation.models import Entry, Position, Session, Workshop
from apps.gate.case import Case, protected_people, readings
from apps.gate.findings import Finding, Severity
from apps.gate.meetings import finder_of
from apps.gate.names import Match, NameFinder
from apps.gate.rules import may_list_participants, may_name_speakers
from apps.public.catalogue.models import Record


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
    yield from _named_in(finder, [*case.texts(), *_texts_of_its_proposition(case), *_notes_to_it(case)])


def names_in_notes(case: Case) -> Iterator[Finding]:
    """The note of a reference names nobody who is protected at its other end."""
    notes = [one for one in case.refers_to if one.note]
    others = {entry.identifier: entry for entry in Entry.objects.filter(identifier__in=[one.other for one in notes])}
    for one in notes:
        child = getattr(others.get(one.other), "child", None)  # none in the midst of being deleted
        if child and (people := protected_people(child, case.run)):
            yield from _named_in(finder_of(people), [("cross-references", text) for text in readings(one.note)])


def _texts_of_its_proposition(case: Case) -> Iterator[tuple[str, str]]:
    """What the statement says that a position takes a side on: it was published when nobody had."""
    proposition = case.entry.proposition if isinstance(case.entry, Position) else None
    record = Record.objects.live().filter(identifier=proposition.identifier).first() if proposition else None
    if record and record.content:
        for text in (record.title, record.content["summary"], *record.content["tags"]):
            yield from (("proposition", reading) for reading in readings(text))


def _notes_to_it(case: Case) -> Iterator[tuple[str, str]]:
    for one in case.referred_to_by:
        yield from (("cross-references", reading) for reading in readings(one.note))


def _named_in(finder: NameFinder, texts: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    for field, match, sentences in _found(finder, texts):
        if match.certain:
            yield Finding(
                "name-in-text",
                Severity.REFUSAL,
                field,
                "This names somebody whom the rule of attribution protects.",
                match.words,
                "Take the name out, or describe the person as the holder is described.",
                sentences,
            )
        else:
            yield Finding(
                "maybe-a-name",
                Severity.WARNING,
                field,
                "This may be the name of somebody whom the rule of attribution protects.",
                match.words,
                "Take it out, or acknowledge with a reason that it is no name here.",
                sentences,
            )


def affiliations_in_text(case: Case) -> Iterator[Finding]:
    """The names of protected people's organisations warn, since the organisation may be the subject."""
    if not case.protected_bodies:
        return
    # Who hosts a meeting is announced by the host; it says nothing of who came.
    texts = ((field, text) for field, text in case.texts() if field != "host")
    for field, match, sentences in _found(finder_of(case.protected_bodies), texts):
        yield Finding(
            "affiliation-in-text",
            Severity.WARNING,
            field,
            "This names the organisation of somebody who was there.",
            match.words,
            "Acknowledge with a reason that it is the subject and not somebody's affiliation, or take it out.",
            sentences,
        )


def _found(finder: NameFinder, texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Match, tuple[str, ...]]]:
    """What is found in a field, once for the same words, with all the sentences in which it stands."""
    found: dict[tuple[str, str, bool], tuple[Match, dict[str, None]]] = {}
    for field, text in texts:
        for match in finder.find(text):
            _, sentences = found.setdefault((field, match.words, match.certain), (match, {}))
            sentences[_sentence(text, match)] = None
    for (field, _, _), (match, sentences) in found.items():
        yield field, match, tuple(sentences)


_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n\s*\n")


def _sentence(text: str, match: Match) -> str:
    ends = [end for end in _SENTENCE_ENDS.finditer(text) if not match.start < end.start() < match.end]
    start = max((end.end() for end in ends if end.end() <= match.start), default=0)
    stop = min((end.start() for end in ends if end.start() >= match.end), default=len(text))
    return " ".join(text[start:stop].split())
