"""Whether the description of a protected holder is wide enough to hide in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.curation.models import Article, Entry, Position
from apps.gate.case import Case, protected_speakers
from apps.gate.descriptors import Descriptor, count, is_wide_enough, nearest_wider, thresholds
from apps.gate.findings import Finding, Severity
from apps.gate.models import Publication
from apps.public.catalogue.models import Link, Record, Tie
from apps.taxonomy.words import Kind, Quantifier


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


def descriptions_together_are_wide_enough(case: Case) -> Iterator[Finding]:
    """Positions of one holder that are joined may be read as one person's: counted are those who fit what all of them
    say, of those who were at every meeting."""
    others = _held_beside(case)
    known = {one.identifier for one in others}
    if case.meeting is None or not others:
        return
    said = [(_descriptor(case.entry, case.descriptor), case.meeting)]
    for other in others:
        kept = Publication.objects.filter(entry=other.pk).values_list("descriptor", flat=True).first()
        if (where := other.session or other.reported_from) and (meeting := case.run.meeting(where)).attendees:
            said.append((_descriptor(other, Descriptor(**(kept or {}))), meeting))
    fitting = [{one.person for one in meeting.attendees if words.fits(one)} for words, meeting in said]
    everywhere = fitting[0].intersection(*fitting[1:])
    fit = count(Descriptor(), [one for one in case.meeting.attendees if one.person in everywhere])
    if len(said) > 1 and case.meeting.attendees and not is_wide_enough(fit):
        notes = (one.note for one in (*case.refers_to, *case.referred_to_by) if one.other in known and one.note)
        yield Finding(
            "one-holder-described-twice",
            Severity.WARNING,
            "cross-references",
            f"This is joined to what the same holder said elsewhere. Of those recorded as present, {fit.people} from "
            f"{fit.organisations} known organisations fit all that is said of both.",
            "; ".join(one.title for one in others),
            "Take the reference out, describe both more widely, or acknowledge with a reason that nothing tells a "
            "reader that both are one person’s.",
            (*(words.words() for words, _ in said), *notes),
            ", ".join(sorted(known)),
            tuple(sorted(known)),
        )


def _held_beside(case: Case) -> list[Position]:
    """The positions in public that one of its holders holds, unnamed, and that it is joined to."""
    joined = dict.fromkeys((*case.joined, *case.addressed)) if case.held_by else ()
    held = {one.pk for one in joined if not case.held_by.isdisjoint(protected_speakers(one, case.run))}
    public = Record.objects.live().filter(kind=Kind.POSITION).values("identifier")
    return list(Position.objects.filter(pk__in=held, identifier__in=public).order_by("pk")) if held else []


def _descriptor(position: Entry, built: Descriptor) -> Descriptor:
    """What is said of who was there. An article's own words for somebody are not built from attendance."""
    return built if isinstance(position, Position) and position.session_id else Descriptor()


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
