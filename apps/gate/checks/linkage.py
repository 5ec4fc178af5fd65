"""What joins a protected position to something that names its speaker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.db.models import Q

from apps.curation.models import Article, CrossReference, Entry, Person, Position, Session
from apps.gate.case import Case
from apps.gate.descriptors import join_words
from apps.gate.findings import Finding, Severity
from apps.gate.rules import is_protected, may_name_speakers
from apps.taxonomy.words import Role, Rule

SHARED_WORDS = 7  # a run of this many words in common is no accident: the length of a phrase, not of an idiom


def named_by(entry: Entry) -> set[Person]:
    """Whom an entry names, or would name, in public: an article its authors, an open position its speakers."""
    child = entry.child
    if isinstance(child, Article):
        return set(child.authors.all())
    if isinstance(child, Position):
        named = set(child.speakers.all()) if may_name_speakers(child) else set()
        return named | (set(child.article.authors.all()) if child.article else set())
    return set()


def linked_to_its_speaker(case: Case) -> Iterator[Finding]:
    """A cross-reference, either way, between a protected position and what its speaker signed."""
    references = CrossReference.objects.filter(Q(source=case.entry.pk) | Q(target=case.entry.pk))
    for reference in references.select_related("source", "target"):
        other = reference.target if reference.source_id == case.entry.pk else reference.source
        if case.is_protected and case.speakers:
            joined = set(case.speakers) & named_by(other)
        else:  # seen from the other end: this one names somebody who holds that protected position
            joined = _protected_speakers(other) & named_by(case.entry)
        if joined:
            names = join_words(sorted(one.name for one in joined))
            yield Finding(
                "linked-to-its-speaker",
                Severity.REFUSAL,
                "cross-references",
                f"This reference joins a protected position to what its holder signed ({names}).",
                other.title,
                "Take the reference out.",
            )


def _protected_speakers(entry: Entry) -> set[Person]:
    child = entry.child
    if isinstance(child, Position) and is_protected(child.effective_rule):
        return set(child.speakers.all())
    return set()


def tagged_with_its_speaker(case: Case) -> Iterator[Finding]:
    """A tag that otherwise marks only what the speaker signed leads from the one to the other."""
    if not case.is_protected or not case.speakers:
        return
    for tag in case.entry.tags.all():
        others = Entry.objects.filter(tagged__tag=tag).exclude(pk=case.entry.pk)[:20]
        if others and all(case.speakers & named_by(other) for other in others):
            yield Finding(
                "tagged-with-its-speaker",
                Severity.WARNING,
                "tags",
                "Everything else with this tag is signed by the holder of this position.",
                tag.name,
                "Take the tag out, or acknowledge with a reason that it tells nothing.",
            )


def date_singles_out(case: Case) -> Iterator[Finding]:
    """A day or a session that a published agenda joins to one speaker."""
    if not isinstance(case.entry, Position) or not isinstance(case.where, Session) or not case.is_protected:
        return
    session = case.where
    whole = session.date or session.workshop.date
    if case.entry.date and whole and case.entry.date != whole:
        yield Finding(
            "date-narrower-than-the-meeting",
            Severity.WARNING,
            "date",
            "The position has a date narrower than its session's, which may single out who spoke then.",
            case.entry.date,
            "Leave the date empty, or acknowledge with a reason that several spoke then.",
        )
    attendees = case.meeting.attendees if case.meeting else []
    on_the_agenda = {one.person.pk for one in attendees if one.is_of_session and one.role == Role.SPEAKER}
    if len(on_the_agenda) == 1 and on_the_agenda & {speaker.pk for speaker in case.speakers}:
        yield Finding(
            "one-speaker-on-the-agenda",
            Severity.WARNING,
            "session",
            "The holder is this session's only speaker, so an agenda that somebody kept would name them.",
            session.title,
            "Enter the position under a session with more speakers, or acknowledge it with a reason.",
        )


def same_wording(case: Case) -> Iterator[Finding]:
    """The same unusual run of words in something that names the speaker."""
    if not case.is_protected or not case.speakers:
        return
    here = {shingle: field for field, text in case.texts() for shingle in _shingles(text)}
    if not here:
        return
    for title, text in _signed_texts(case.speakers):
        shared = [shingle for shingle in _shingles(text) if shingle in here]
        if shared:
            yield Finding(
                "same-wording",
                Severity.REFUSAL,
                here[shared[0]],
                f"The same words stand in “{title}”, which names the holder.",
                " ".join(shared[0]),
                "Say it in other words.",
            )


def _signed_texts(speakers: Iterable[Person]) -> Iterator[tuple[str, str]]:
    """What is public under the speakers' names: their articles, and the positions that they are named for."""
    articles = Article.objects.filter(authors__in=speakers).distinct()
    for article in articles:
        yield article.title, f"{article.title}\n{article.summary}\n{article.text}"
    on_the_record = Q(session__workshop__rule=Rule.ON_THE_RECORD, session__rule__in=("", Rule.ON_THE_RECORD))
    positions = Position.objects.filter(
        Q(article__in=articles) | (Q(speakers__in=speakers) & (Q(named_in_source=True) | on_the_record))
    )
    for position in positions.distinct().prefetch_related("passages"):
        quoted = "\n".join(passage.quotation for passage in position.passages.all())
        yield position.title, f"{position.title}\n{position.summary}\n{quoted}"


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    for i in range(len(words) - SHARED_WORDS + 1):
        yield tuple(words[i : i + SHARED_WORDS])
