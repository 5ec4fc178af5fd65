"""Who was there and who said it: names that must not stand in anything public."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from apps.curation.models import Entry, Position, Session, Workshop
from apps.gate.case import Case, protected_bodies, protected_people, readings, texts_of
from apps.gate.findings import OF_ITS_PROPOSITION, Finding, Severity
from apps.gate.meetings import finder_of
from apps.gate.names import Match, NameFinder, sentence_of
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
    yield from _named_in(finder, _texts_around(case))


def names_in_notes(case: Case) -> Iterator[Finding]:
    """The note of a reference names nobody who is protected at its other end, nor where they work."""
    notes = [one for one in case.refers_to if one.note]
    others = {entry.identifier: entry for entry in Entry.objects.filter(identifier__in=[one.other for one in notes])}
    for one in notes:
        child = getattr(others.get(one.other), "child", None)  # none in the midst of being deleted
        if child is None:
            continue
        texts = [("cross-references", text) for text in readings(one.note)]
        if people := protected_people(child, case.run, case.looks_at_drafts):
            yield from _named_in(finder_of(people), texts)
        if bodies := protected_bodies(child, case.run, case.looks_at_drafts):
            yield from _affiliations_in(finder_of(bodies), texts)


def _texts_around(case: Case) -> Iterator[tuple[str, str]]:
    """What a reader of the page sees of it: its own texts, its proposition's, and notes of references to it."""
    yield from case.texts()
    yield from _texts_of_its_proposition(case)
    yield from _notes_to_it(case)


def _texts_of_its_proposition(case: Case) -> Iterator[tuple[str, str]]:
    """What the statement says that a position takes a side on. A reason for a warning is given there, once for all
    positions on it."""
    proposition = case.entry.proposition if isinstance(case.entry, Position) else None
    record = Record.objects.live().filter(identifier=proposition.identifier).first() if proposition else None
    if record and record.content:
        for name, text in texts_of(record.content):
            yield from ((f"{OF_ITS_PROPOSITION}{name})", reading) for reading in readings(text))


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
    texts = [(field, text) for field, text in _texts_around(case) if field != "host"]
    # A tag has no capitals to tell an acronym by.
    tags = [(field, text.upper()) for field, text in texts if "tags" in field and text.islower()]
    yield from _affiliations_in(finder_of(case.protected_bodies), [*texts, *tags])


def _affiliations_in(finder: NameFinder, texts: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    for field, match, sentences in _found(finder, texts):
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
            sentences[sentence_of(text, match)] = None
    for (field, _, _), (match, sentences) in found.items():
        yield field, match, tuple(sentences)
