"""Who was there and who said it: names that must not stand in anything public."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from apps.curation.models import Entry, Position, Session, Workshop
from apps.gate.case import Case, protected_people, readings
from apps.gate.findings import Finding, Severity
from apps.gate.meetings import finder_of
from apps.gate.models import WaitingReference
from apps.gate.names import NameFinder
from apps.gate.rules import may_list_participants, may_name_speakers
from apps.public.catalogue.models import Link, Record
from apps.taxonomy.words import Relation


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
    for entry, note in _noted(case):
        child = getattr(entry, "child", None)  # none in the midst of being deleted
        if child and (people := protected_people(child, case.run)):
            yield from _named_in(finder_of(people), [("cross-references", text) for text in readings(note)])


def _texts_of_its_proposition(case: Case) -> Iterator[tuple[str, str]]:
    """What the statement says that a position takes a side on: it was published when nobody had."""
    proposition = case.entry.proposition if isinstance(case.entry, Position) else None
    record = Record.objects.live().filter(identifier=proposition.identifier).first() if proposition else None
    if record and record.content:
        for text in (record.title, record.content["summary"], *record.content["tags"]):
            yield from (("proposition", reading) for reading in readings(text))


def _notes_to_it(case: Case) -> Iterator[tuple[str, str]]:
    """Notes of references to it, which are public or wait for it to be."""
    live = Link.objects.filter(target__identifier=case.entry.identifier, tie__in=Relation.values)
    waiting = WaitingReference.objects.filter(target=case.entry.identifier)
    for note in (*live.values_list("note", flat=True), *waiting.values_list("note", flat=True)):
        yield from (("cross-references", reading) for reading in readings(note))


def _noted(case: Case) -> Iterator[tuple[Entry, str]]:
    """What it refers to with a note."""
    live = {target: note for target, tie, note in case.links.live if note and tie in Relation.values}
    notes = dict(Record.objects.filter(pk__in=live).values_list("identifier", "pk"))
    noted = {name: live[pk] for name, pk in notes.items()} | {
        name: note for name, _, note in case.links.waiting if note
    }
    for entry in Entry.objects.filter(identifier__in=noted):
        yield entry, noted[entry.identifier]


def _named_in(finder: NameFinder, texts: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    seen = set()
    for field, text in texts:
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
