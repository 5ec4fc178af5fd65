"""Which rule of attribution holds for an entry, and what it lets through."""

from __future__ import annotations

from apps.curation.models import Article, Entry, Position, Session, Workshop
from apps.taxonomy.words import Rule


def rule_of(entry: Entry) -> Rule | None:
    """The rule for an entry given as its kind; None for a proposition, which is a statement nobody made there."""
    if isinstance(entry, Article):
        return Rule.ON_THE_RECORD
    if isinstance(entry, Workshop | Session | Position):
        return entry.effective_rule
    return None


def is_protected(rule: Rule | None) -> bool:
    """Whether names and affiliations must stay behind."""
    return rule is not None and rule != Rule.ON_THE_RECORD


def may_name_speakers(position: Position) -> bool:
    """Names pass where the session was on the record, or where the published article itself gives them."""
    if position.session is not None:
        return position.effective_rule == Rule.ON_THE_RECORD
    return position.named_in_source


def may_list_participants(meeting: Workshop | Session) -> bool:
    """A list of who came passes only where no part of the meeting is protected: the lists of its parts overlap."""
    if is_protected(meeting.effective_rule):
        return False
    workshop = meeting if isinstance(meeting, Workshop) else meeting.workshop
    elsewhere = Session.objects.filter(attendances__workshop=workshop)  # a session that was moved, with its people
    return not any(is_protected(part.effective_rule) for part in (*workshop.sessions.all(), *elsewhere))
