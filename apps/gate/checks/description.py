"""Whether the description of a protected holder is wide enough to hide in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.curation.models import Article, Position
from apps.gate.case import Case
from apps.gate.descriptors import is_wide_enough, nearest_wider, thresholds
from apps.gate.findings import Finding, Severity
from apps.public.catalogue.models import Link, Record, Tie
from apps.taxonomy.words import Quantifier


def descriptor_is_wide_enough(case: Case) -> Iterator[Finding]:
    """Enough people of that meeting, from enough organisations, must fit a descriptor.

    With no attendance recorded nobody can be counted: only the widest descriptor passes, or one that a published
    source has used already and that the record cites.
    """
    if not isinstance(case.entry, Position) or case.entry.session is None or not case.is_protected or not case.meeting:
        return
    attendees = case.meeting.attendees
    if not attendees:
        if not case.descriptor.is_widest and not _is_published_already(case):
            yield Finding(
                "descriptor-without-attendance",
                Severity.REFUSAL,
                "descriptor_expertise",
                "No attendance is recorded, so nobody can say how many this describes.",
                case.descriptor.words(),
                "Record the attendance, or leave the description empty (“participants”), or refer (“cites”) to a "
                "published article that describes them in these words.",
            )
        return
    fit = case.run.fit(case.descriptor, case.entry.session)
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


def _is_published_already(case: Case) -> bool:
    """Whether the record cites a published source that describes somebody in the same words."""
    cited = [target for target, tie, _ in case.links.live if tie == Tie.CITES]
    sources = Record.objects.live().filter(pk__in=cited).values("identifier")
    for article in Article.objects.filter(identifier__in=sources):
        found = Link.objects.filter(target__identifier=article.identifier, tie=Tie.FOUND_IN)
        contents = found.values_list("source__content", flat=True)
        described = [content["holder"]["descriptor"] for content in contents if content]
        texts = [article.text, *described]
        words = {case.content["holder"]["descriptor"], *map(case.descriptor.words, (True, False))}
        if any(_stands_in(one, text) for one in words for text in texts):
            return True
    return False


def _stands_in(words: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(words)}\b", text, re.IGNORECASE) is not None


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
            about=f"{holder['text']} of {case.where.identifier if case.where else ''}",
        )
