"""Who was there and who said it: names that must not stand in anything public."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from apps.curation.models import Entry, Person, Position, Session, Workshop
from apps.gate.case import Case, holders_beside, protected_bodies, protected_people, texts_of
from apps.gate.findings import OF_ITS_PROPOSITION, Finding, Severity
from apps.gate.meetings import Known, finder_of
from apps.gate.names import Match, NameFinder, sentence_of
from apps.gate.readings import readings
from apps.gate.rules import may_list_participants, may_name_speakers
from apps.public.catalogue.models import Record, RecordVersion


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
    if case.protected_people:
        holders = finder_of(map(Known.of, case.held_by)) if case.held_by else None
        for finding in _named_in(finder_of(case.protected_people), _texts_around(case)):
            is_its_own = holders and not finding.others and holders.find(finding.words)
            yield _of_its_holder(finding, finding.message) if is_its_own else finding


def affiliations_in_text(case: Case) -> Iterator[Finding]:
    """The names of protected people's organisations warn, since the organisation may be the subject."""
    if case.protected_bodies:
        # Who hosts a meeting is announced by the host; it says nothing of who came.
        texts = [one for one in _texts_around(case) if one.field != "host"]
        for finding in _affiliations_in(finder_of(case.protected_bodies), texts):
            is_its_own = not finding.others and _is_of(case.held_by, finding.words, case)
            message = "This names the organisation of the holder."
            yield _of_its_holder(finding, message) if is_its_own else finding


def _is_of(people: frozenset[Person], words: str, case: Case) -> bool:
    """Whether these words name an organisation of these people, as they came or as we know them from elsewhere."""
    if not people:
        return False
    who = {one.pk for one in people}
    came = {one.body for one in (case.meeting.attendees if case.meeting else ()) if one.body and one.person.pk in who}
    bodies = case.run.bodies_alike(frozenset(came | case.run.bodies(who)))
    return bool(bodies and finder_of(bodies).find(words))


def _of_its_holder(finding: Finding, message: str) -> Finding:
    """A reason that was given while somebody else held the position is none for its holder's name or organisation."""
    more = tuple(f"its holder’s: {sentence}" for sentence in finding.sentences)
    return replace(finding, message=message, sentences=(*finding.sentences, *more))


def names_in_notes(case: Case) -> Iterator[Finding]:
    """The note of a reference names nobody who is protected at its other end, nor where they work; nor who holds a
    position that is joined to that."""
    notes = [one for one in case.refers_to if one.note]
    others = {entry.identifier: entry for entry in Entry.objects.filter(identifier__in=[one.other for one in notes])}
    for one in notes:
        child = getattr(others.get(one.other), "child", None)  # none in the midst of being deleted
        if child is None:
            continue
        texts = [Text("cross-references", reading, one.other) for reading in readings(one.note)]
        people, bodies = (who(child, case.run, case.looks_at_drafts) for who in (protected_people, protected_bodies))
        yield from _judged(people | holders_beside(child, case.run), bodies, texts)


def former_propositions(case: Case) -> Iterator[tuple[RecordVersion, list[Finding]]]:
    """Former versions of a position's proposition, and what stands against each beside the position: a reader of the
    one finds the other."""
    if (record := case.takes_side_on) is not None:
        for version in record.versions.all():
            texts = [*_texts_of(version.content, record)]
            yield version, list(_judged(case.protected_people, case.protected_bodies, texts))


def _judged(people: frozenset[Known], bodies: frozenset[Known], texts: list[Text]) -> Iterator[Finding]:
    if people:
        yield from _named_in(finder_of(people), texts)
    if bodies:
        yield from _affiliations_in(finder_of(bodies), texts)


class Text(NamedTuple):
    """A text to be searched."""

    field: str
    text: str
    other: str = ""  # the identifier of the entry at the other end, where the text is seen from there too


def _texts_around(case: Case) -> Iterator[Text]:
    """What a reader of the page sees of it: its own texts, its proposition's, and notes of references to it."""
    yield from (Text(*one) for one in case.texts())
    if proposition := case.takes_side_on:
        yield from _texts_of(proposition.content or {}, proposition)
        for one in case.notes_of_its_proposition:
            for reading in readings(one.note):
                yield Text(f"{OF_ITS_PROPOSITION}cross-references)", reading, proposition.identifier)
    for one in case.referred_to_by:
        yield from (Text("cross-references", reading, one.other) for reading in readings(one.note))


def _texts_of(content: dict[str, Any], proposition: Record) -> Iterator[Text]:
    """What a statement says that a position takes a side on. A reason for a warning is given there, once for all
    positions on it."""
    for name, text in texts_of(content):
        for reading in readings(text):
            yield Text(f"{OF_ITS_PROPOSITION}{name})", reading, proposition.identifier)


def _named_in(finder: NameFinder, texts: Iterable[Text]) -> Iterator[Finding]:
    for field, match, sentences, others in _found(finder, texts):
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
                others=others,
            )


def _affiliations_in(finder: NameFinder, texts: list[Text]) -> Iterator[Finding]:
    # A tag has no capitals to tell an acronym by.
    tags = [one._replace(text=one.text.upper()) for one in texts if "tags" in one.field and one.text.islower()]
    for field, match, sentences, others in _found(finder, [*texts, *tags]):
        yield Finding(
            "affiliation-in-text",
            Severity.WARNING,
            field,
            "This names the organisation of somebody who was there.",
            match.words,
            "Acknowledge with a reason that it is the subject and not somebody's affiliation, or take it out.",
            sentences,
            others=others,
        )


def _found(finder: NameFinder, texts: Iterable[Text]) -> Iterator[tuple[str, Match, tuple[str, ...], tuple[str, ...]]]:
    """What is found in a field, once for the same words, with all the sentences in which it stands, and the entries at
    whose end it is found too."""
    found: dict[tuple[str, str, bool], tuple[Match, dict[str, None], dict[str, None]]] = {}
    for field, text, other in texts:
        for match in finder.find(text):
            _, sentences, others = found.setdefault((field, match.words, match.certain), (match, {}, {}))
            sentences[sentence_of(text, match)] = None
            if other:
                others[other] = None
    for (field, _, _), (match, sentences, others) in found.items():
        yield field, match, tuple(sentences), tuple(others)
