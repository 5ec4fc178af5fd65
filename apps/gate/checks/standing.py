"""Whether an entry may be published at all, now, by this person, in this order."""

from __future__ import annotations

from collections.abc import Iterator

from apps.curation.models import Entry, Position, Session
from apps.gate.case import Case
from apps.gate.findings import Finding, Severity
from apps.gate.records import structural_links
from apps.public.catalogue.models import Record, Tie
from apps.taxonomy.words import Anchoring, Rule


def off_the_record(case: Case) -> Iterator[Finding]:
    """Off the record: never."""
    if case.rule == Rule.OFF_THE_RECORD:
        yield Finding(
            "off-the-record",
            Severity.REFUSAL,
            "session" if isinstance(case.entry, Position) else "rule",
            "This was off the record: nothing of it may be published.",
            cure="Keep it as a private entry, or correct the rule of the session or workshop if it is wrong.",
        )


def embargo(case: Case) -> Iterator[Finding]:
    """Not before the moment agreed on, in the workshop's own time zone."""
    where = case.entry.session if isinstance(case.entry, Position) else case.where
    ends = where.embargo_ends if where else None
    if ends and case.at < ends:
        yield Finding(
            "embargo",
            Severity.REFUSAL,
            "session" if isinstance(case.entry, Position) else "embargo",
            f"Under embargo until {ends:%-d %B %Y, %H:%M} ({ends.tzinfo}).",
            cure="Publish it after that, or correct the embargo if it is wrong.",
        )


def four_eyes(case: Case) -> Iterator[Finding]:
    """What a rule protects is published by somebody other than its last editor. Who only looks is told if they may
    publish, so that they need not try."""
    looks = case.by is not None and case.by.has_perm("curation.publish_entry")
    said_at = getattr(case.entry, "reported_from", None)  # by an article: on the record, of what may not have been
    is_protected_here = case.is_protected or (said_at is not None and case.run.closed_meetings(said_at))
    if not is_protected_here or not (case.purpose == "publish" or (case.purpose == "look" and looks)):
        return
    if case.by is None:
        yield Finding(
            "four-eyes",
            Severity.REFUSAL,
            "",
            "This is protected by its rule of attribution, so a reviewer must answer for publishing it.",
            cure="Publish it as a signed-in reviewer, or name one.",
        )
    elif case.by.pk == case.entry.modified_by_id:
        yield Finding(
            "four-eyes",
            Severity.REFUSAL,
            "",
            "You edited this last, and what a rule protects needs a second pair of eyes.",
            cure="Ask another reviewer to publish it.",
        )


def hangs_on_the_unpublished(case: Case) -> Iterator[Finding]:
    """Every claim leads to its source: what an entry hangs on is public before it."""
    said = case.content.get("proposition")  # what is public hangs on this one, whichever its draft has by now
    needed = [one for one in structural_links(case.entry) if one[0] != Tie.TAKES_SIDE_ON or one[1].identifier == said]
    public = Record.objects.live().filter(identifier__in=[other.identifier for _, other in needed])
    live = set(public.values_list("identifier", flat=True))
    for tie, other in needed:
        if other.identifier not in live:
            kind = other.get_kind_display().lower()
            yield Finding(
                "hangs-on-the-unpublished",
                Severity.REFUSAL,
                _field_of(case.entry, other),
                f"{tie.label} a {kind} that is not published.",
                words=other.title,
                cure=f"Publish that {kind} first.",
            )


def passages_stand(case: Case) -> Iterator[Finding]:
    """A quotation that no longer stands in its source waits for the analyst."""
    for passage in case.content.get("passages", ()):
        if passage["state"] in (Anchoring.CHANGED, Anchoring.LOST):
            yield Finding(
                "passage-does-not-stand",
                Severity.REFUSAL,
                "passages",
                f"A passage is {passage['state']} in the present text of its source.",
                words=passage["locator"] or passage["quotation"][:80],
                cure="Anchor it again, or take it out.",
            )


def _field_of(entry: Entry, other: Entry) -> str:
    names = ("workshop",) if isinstance(entry, Session) else ("article", "session", "proposition", "reported_from")
    return next((name for name in names if getattr(entry, f"{name}_id") == other.pk), "")
