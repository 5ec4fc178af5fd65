"""What the gate checks before it publishes: one function a rule, each answering with its findings.

Every function takes an entry as its kind. The order is that in which an analyst reads the findings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.conf import settings

from apps.curation.models import Attendance, Entry, Position, Session, Workshop
from apps.gate.descriptors import Descriptor, count
from apps.gate.findings import Finding, Severity
from apps.gate.records import structural_links
from apps.gate.rules import attendance_at, is_protected, may_name_speakers, rule_of
from apps.public.catalogue.models import Record
from apps.taxonomy.words import Anchoring, Rule

FEWEST_ORGANISATIONS = 2


def off_the_record(entry: Entry) -> Iterator[Finding]:
    if rule_of(entry) == Rule.OFF_THE_RECORD:
        yield Finding(
            "off-the-record",
            Severity.REFUSAL,
            "session" if isinstance(entry, Position) else "rule",
            "This was off the record: nothing of it may be published.",
            cure="Keep it as a private entry, or correct the rule of the session or workshop if it is wrong.",
        )


def hangs_on_the_unpublished(entry: Entry) -> Iterator[Finding]:
    needed = structural_links(entry)
    live = set(
        Record.objects.live()
        .filter(identifier__in=[one.identifier for _, one in needed])
        .values_list("identifier", flat=True)
    )
    for tie, other in needed:
        if other.identifier not in live:
            yield Finding(
                "hangs-on-the-unpublished",
                Severity.REFUSAL,
                _field_of(entry, other),
                f"{tie.label} a {other.get_kind_display().lower()} that is not published.",
                words=other.title,
                cure=f"Publish that {other.get_kind_display().lower()} first.",
            )


def names_in_text(entry: Entry) -> Iterator[Finding]:
    """Names of protected people refuse; names of their organisations warn, since these may be the subject."""
    if not is_protected(rule_of(entry)):
        return
    people, organisations = _protected(entry)
    for field, text in _published_text(entry):
        for names, severity, code, what in (
            (people, Severity.REFUSAL, "name-in-text", "names somebody whom the rule protects"),
            (
                organisations,
                Severity.WARNING,
                "affiliation-in-text",
                "names the organisation of somebody who was there",
            ),
        ):
            for words in _found(names, text):
                yield Finding(
                    code, severity, field, f"The {field} {what}.", words, "Take it out, or describe instead of naming."
                )


def descriptor_is_wide_enough(entry: Entry) -> Iterator[Finding]:
    if not isinstance(entry, Position) or entry.article or may_name_speakers(entry):
        return
    descriptor = Descriptor.of(entry)
    attendance = attendance_at(entry)
    if descriptor.is_widest:
        return
    fit = count(descriptor, attendance)
    if fit.people < settings.GATE_FEWEST_PEOPLE or fit.organisations < FEWEST_ORGANISATIONS:
        yield Finding(
            "descriptor-too-narrow",
            Severity.REFUSAL,
            "descriptor_expertise",
            f"Only {fit.people} of those recorded as present, from {fit.organisations} organisations, fit this "
            f"description; it takes {settings.GATE_FEWEST_PEOPLE} people from {FEWEST_ORGANISATIONS} organisations.",
            words=descriptor.words(),
            cure="Leave out a part of the description, or record the attendance if it is incomplete.",
        )


def passages_stand(entry: Entry) -> Iterator[Finding]:
    if isinstance(entry, Position):
        for passage in entry.passages.all():
            if passage.state in (Anchoring.CHANGED, Anchoring.LOST):
                yield Finding(
                    "passage-does-not-stand",
                    Severity.REFUSAL,
                    "passages",
                    f"A passage is {passage.get_state_display().lower()} in the present text of its source.",
                    words=str(passage),
                    cure="Anchor it again, or take it out.",
                )


CHECKS: tuple[Callable[[Entry], Iterator[Finding]], ...] = (
    off_the_record,
    hangs_on_the_unpublished,
    names_in_text,
    descriptor_is_wide_enough,
    passages_stand,
)


def _field_of(entry: Entry, other: Entry) -> str:
    names = ("workshop",) if isinstance(entry, Session) else ("article", "session", "proposition", "reported_from")
    return next((name for name in names if getattr(entry, f"{name}_id") == other.pk), "")


def _attendance_of(entry: Entry) -> list[Attendance]:
    if isinstance(entry, Position):
        return attendance_at(entry)
    workshop = entry.workshop if isinstance(entry, Session) else entry
    assert isinstance(workshop, Workshop)
    return list(workshop.attendances.select_related("person", "affiliation"))


def _protected(entry: Entry) -> tuple[set[str], set[str]]:
    """The names of the people, and of the organisations, that the entry must not give away."""
    attendance = _attendance_of(entry)
    people = {one.person for one in attendance}
    if isinstance(entry, Position):
        people |= set(entry.speakers.all())
    names = {name for person in people for name in (person.name, person.family_name, *person.aliases)}
    bodies = {one.affiliation for one in attendance if one.affiliation}
    return names, {name for body in bodies for name in (body.name, body.acronym, *body.aliases) if name}


def _published_text(entry: Entry) -> Iterator[tuple[str, str]]:
    """Each free text that would be published, with the form field it stands in."""
    yield "title", entry.title
    yield "summary", entry.summary
    yield "tags", "\n".join(entry.tags.names())
    yield "cross-references", "\n".join(entry.references_out.values_list("note", flat=True))
    if isinstance(entry, Position):
        yield "passages", "\n".join(f"{one.locator}\n{one.quotation}" for one in entry.passages.all())
    if isinstance(entry, Workshop | Session):
        yield "key_questions", "\n".join(entry.key_questions)


def _found(names: set[str], text: str) -> list[str]:
    """The names that occur in a text as whole words, however they are capitalised; the longest first."""
    if not names or not text:
        return []
    either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return list(dict.fromkeys(match[0] for match in re.finditer(rf"(?<!\w)(?:{either})(?!\w)", text, re.IGNORECASE)))
