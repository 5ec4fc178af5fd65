"""What joins a protected position to something that names its speaker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from apps.curation.dates import PartialDate
from apps.curation.models import Article, Authorship, Entry, Person, Position, Session
from apps.gate.case import Case
from apps.gate.descriptors import join_words
from apps.gate.findings import Finding, Severity
from apps.gate.models import WaitingReference
from apps.gate.records import Links
from apps.gate.rules import may_name_speakers
from apps.public.catalogue.models import Link, Record
from apps.taxonomy.words import Relation, Role

FEW = 20  # entries with a tag; what more have in common says nothing of one person
SHARED_WORDS = 7  # a run of this many words in common is no accident: the length of a phrase, not of an idiom


def named_by(entry: Entry) -> set[Person]:
    """Whom an entry names, or would name, in public: an article its authors, an open position its speakers."""
    child = getattr(entry, "child", None)  # none in the midst of being deleted
    if isinstance(child, Article):
        return set(child.authors.all())
    if isinstance(child, Position):
        named = set(child.speakers.all()) if may_name_speakers(child) else set()
        return named | (set(child.article.authors.all()) if child.article else set())
    return set()


def protected_speakers(entry: Entry) -> set[Person]:
    """Who holds a position that no reader may connect with them."""
    child = getattr(entry, "child", None)
    if isinstance(child, Position) and not may_name_speakers(child):
        return set(child.speakers.all())
    return set()


def linked_to_its_speaker(case: Case) -> Iterator[Finding]:
    """A cross-reference, either way, between a protected position and what its speaker signed.

    Judged are the references that are public, or would be: a reference that somebody drafts at the other end is
    judged when that end is published.
    """
    held = protected_speakers(case.entry)
    named, names = named_by(case.entry), names_in(case.content)
    if not (held or named or names):
        return
    for other in Entry.objects.filter(identifier__in=joined_to(case.entry, case.links)).order_by("pk"):
        joined = _among(held, named_by(other), _names_in_public(other)) if held else set()
        joined |= _among(protected_speakers(other), named, names) if named or names else set()
        if joined:
            signed = join_words(sorted(one.name for one in joined))
            yield Finding(
                "linked-to-its-speaker",
                Severity.REFUSAL,
                "cross-references",
                f"This reference joins a protected position to what its holder signed ({signed}).",
                other.title,
                "Take the reference out.",
            )


def joined_to(entry: Entry, links: Links) -> set[str]:
    """Identifiers of what an entry is joined to by its cross-references, and by those of others that are public or
    wait for it to be."""
    live = [target for target, tie, _ in links.live if tie in Relation.values]
    into = Link.objects.filter(target__identifier=entry.identifier, tie__in=Relation.values)
    return {
        *Record.objects.filter(pk__in=live).values_list("identifier", flat=True),
        *(target for target, tie, _ in links.waiting if tie in Relation.values),
        *into.values_list("source__identifier", flat=True),
        *WaitingReference.objects.filter(target=entry.identifier).values_list("source", flat=True),
    }


def names_in(content: dict[str, Any]) -> set[str]:
    """The names in the fields that are made for names."""
    listed = (one.partition(",")[0] for one in content.get("participants", ()))
    return {*content.get("authors", ()), *content.get("holder", {}).get("names", ()), *listed}


def _names_in_public(entry: Entry) -> set[str]:
    """Whom an entry's record names, or a former version of it, whatever the entry has come to say since."""
    record = Record.objects.live().filter(identifier=entry.identifier).first()
    if record is None:
        return set()
    former = record.versions.values_list("content", flat=True)
    return {name for content in (record.content, *former) for name in names_in(content)}


def _among(people: set[Person], others: set[Person], names: set[str]) -> set[Person]:
    return {one for one in people if one in others or one.name in names}


def tagged_with_its_speaker(case: Case) -> Iterator[Finding]:
    """A tag that otherwise marks only what the speaker signed leads from the one to the other, from either end."""
    if not protected_speakers(case.entry) and not named_by(case.entry):
        return
    for tag in case.content["tags"]:
        others = list(Entry.objects.filter(published_tags__name=tag).exclude(pk=case.entry.pk)[: FEW + 1])
        if others and len(others) <= FEW and _leads_to_its_speaker([case.entry, *others]):
            yield Finding(
                "tagged-with-its-speaker",
                Severity.WARNING,
                "tags",
                "All that has this tag beside a protected position is signed by its holder.",
                tag,
                "Take the tag out, or acknowledge with a reason that it tells nothing.",
            )


def _leads_to_its_speaker(tagged: list[Entry]) -> bool:
    """Whether among entries of one tag there is a position whose holder signed all the others."""
    signed = [(named_by(one), _names_in_public(one)) for one in tagged]
    for i, one in enumerate(tagged):
        held = protected_speakers(one)
        if held and all(_among(held, *names) for j, names in enumerate(signed) if j != i):
            return True
    return False


def date_singles_out(case: Case) -> Iterator[Finding]:
    """A day or a session that a published agenda joins to one speaker."""
    if not isinstance(case.entry, Position) or not isinstance(case.where, Session) or not case.is_protected:
        return
    session = case.where
    if _is_narrower(case.content["date"], session.date or session.workshop.date):
        yield Finding(
            "date-narrower-than-the-meeting",
            Severity.WARNING,
            "date",
            "The position has a date narrower than its session's, which may single out who spoke then.",
            case.content["date"],
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


def _is_narrower(date: str, whole: str) -> bool:
    """Whether a date says more than the whole meeting's."""
    if not date or date == whole:
        return False
    if not whole:
        return True
    one, all_ = PartialDate.parse(date), PartialDate.parse(whole)
    return all_.earliest <= one.earliest and one.latest <= all_.latest


def same_wording(case: Case) -> Iterator[Finding]:
    """The same unusual run of words in something that names the speaker."""
    if not protected_speakers(case.entry):
        return
    here = {shingle: field for field, text in case.texts() for shingle in _shingles(text)}
    if not here:
        return
    own = getattr(case.entry, "article_id", None)  # a position is in the words of the article that it is found in
    key = (case.speakers, own)
    if key not in case.run.signed:
        case.run.signed[key] = list(_signed_texts(case.speakers, own))
    for title, text in case.run.signed[key]:
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


def _signed_texts(speakers: Iterable[Person], own: int | None) -> Iterator[tuple[str, str]]:
    """What is public under the speakers' names: their articles, and the positions that they are named for."""
    signed = set(Authorship.objects.filter(person__in=speakers).values_list("article", flat=True)) - {own}
    for article in Article.objects.filter(pk__in=signed):
        yield article.title, f"{article.title}\n{article.summary}\n{article.text}"
    held = set(Position.speakers.through.objects.filter(person__in=speakers).values_list("position", flat=True))
    holding = Position.objects.filter(pk__in=held).select_related("session__workshop")
    named = {position.pk for position in holding if may_name_speakers(position)}
    found = set(Position.objects.filter(article__in=signed).values_list("pk", flat=True))
    for position in Position.objects.filter(pk__in=named | found).prefetch_related("passages"):
        quoted = "\n".join(passage.quotation for passage in position.passages.all())
        yield position.title, f"{position.title}\n{position.summary}\n{quoted}"
    entries = Entry.objects.filter(pk__in=signed | named | found)
    for record in Record.objects.live().filter(identifier__in=list(entries.values_list("identifier", flat=True))):
        for content in (record.content, *record.versions.values_list("content", flat=True)):  # as it still stands there
            quoted = "\n".join(passage["quotation"] for passage in content.get("passages", ()))
            yield content["title"], f"{content['title']}\n{content['summary']}\n{quoted}"


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    for i in range(len(words) - SHARED_WORDS + 1):
        yield tuple(words[i : i + SHARED_WORDS])
