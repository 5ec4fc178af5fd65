"""Whether the description of a protected holder is wide enough to hide in."""

from __future__ import annotations

from collections.abc import Iterator

from apps.curation.models import Position
from apps.gate.case import Case
from apps.gate.descriptors import count, is_wide_enough, nearest_wider, thresholds
from apps.gate.findings import Finding, Severity
from apps.taxonomy.words import Quantifier


def descriptor_is_wide_enough(case: Case) -> Iterator[Finding]:
    """Enough people of that meeting, from enough organisations, must fit a descriptor.

    With no attendance recorded nobody can be counted, and only the widest descriptor passes.
    """
    if not isinstance(case.entry, Position) or case.entry.session is None or not case.is_protected or not case.meeting:
        return
    attendees = case.meeting.attendees
    if not attendees:
        if not case.descriptor.is_widest:
            yield Finding(
                "descriptor-without-attendance",
                Severity.REFUSAL,
                "descriptor_expertise",
                "No attendance is recorded, so nobody can say how many this describes.",
                case.descriptor.words(),
                "Record the attendance, or leave the description empty: “participants”.",
            )
        return
    fit = count(case.descriptor, attendees)
    if is_wide_enough(fit):
        return
    people, organisations = thresholds()
    wider = [
        f"“{one.words()}” ({fit.people} people, {fit.organisations} organisations)"
        for one, fit in nearest_wider(case.descriptor, attendees)
    ]
    yield Finding(
        "descriptor-too-narrow",
        Severity.REFUSAL,
        "descriptor_expertise",
        f"Of those recorded as present, {fit.people} from {fit.organisations} known organisations fit this; "
        f"it takes {people} from {organisations}.",
        case.descriptor.words(),
        f"Describe more widely: {'; '.join(wider)}."
        if wider
        else "Complete the attendance: no description passes with it.",
    )


def descriptor_stands_for_no_one(case: Case) -> Iterator[Finding]:
    """“All Asia experts” tells what each of them said, to whoever knows that one of them was there."""
    if not isinstance(case.entry, Position) or not case.is_protected:
        return
    holder = case.content["holder"]
    if holder["quantifier"] in (Quantifier.ALL, Quantifier.MOST) and not case.descriptor.is_widest:
        yield Finding(
            "everybody-of-a-group",
            Severity.WARNING,
            "quantifier",
            "This says what (nearly) everybody of a group held, so it tells of each of them.",
            holder["text"],
            "Say “some” or “many”, widen the description, or acknowledge it with a reason.",
        )
