"""What joins a protected position to something that names its speaker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from typing import Any

from apps.curation.dates import PartialDate
from apps.curation.models import Article, Authorship, Entry, Person, Position, Session, Workshop
from apps.gate.case import Case, Run, named_by, protected_people, protected_speakers, readings, texts_of
from apps.gate.descriptors import join_words
from apps.gate.findings import Finding, Severity
from apps.gate.meetings import Known, finder_of
from apps.gate.names import Match, sentence_of
from apps.gate.rules import may_name_speakers
from apps.public.catalogue.models import Record
from apps.taxonomy.words import Role

FEW = 20  # entries with a tag; what more have in common says nothing of one person
SHARED_WORDS = 7  # a run of this many words in common is no accident: the length of a phrase, not of an idiom


def linked_to_its_speaker(case: Case) -> Iterator[Finding]:
    """A cross-reference, either way, between a protected position and what its speaker signed.

    Judged are the references that are public, or would be: a reference that somebody drafts at the other end is
    judged when that end is published.
    """
    named, names = case.named, names_in(case.content)
    for other in case.joined:
        held = protected_speakers(other, case.run)
        public = _contents(other)
        signed = _among(case.held_by, named_by(other, case.run), _names_there(public)) | _among(held, named, names)
        told = [*_told(map(Known.of, case.held_by), public), *_told(map(Known.of, held), [case.content])]
        if signed:
            yield Finding(
                "linked-to-its-speaker",
                Severity.REFUSAL,
                "cross-references",
                "This reference joins a protected position to what its holder signed "
                f"({join_words(sorted(one.name for one in signed))}).",
                other.title,
                "Take the reference out.",
            )
        elif told:
            is_certain = any(match.certain for match, _ in told)
            yield Finding(
                "linked-to-a-text-about-its-speaker",
                Severity.REFUSAL if is_certain else Severity.WARNING,
                "cross-references",
                f"This reference joins a protected position to a text that {'names' if is_certain else 'may name'} its "
                "holder.",
                other.title,
                "Take the reference out." if is_certain else "Take it out, or acknowledge that it is no name here.",
                _said(told),
                other.identifier,
                (other.identifier,),
            )


def linked_to_a_text_about_who_was_there(case: Case) -> Iterator[Finding]:
    """A cross-reference, either way, between a protected meeting and a text that names somebody who was there. Who
    signed it is not asked: those who were there write about much."""
    here = _closed_people(case.entry, case.run)
    for other in case.joined:
        told = [
            *_told(here, map(_unsigned, _contents(other))),
            *_told(_closed_people(other, case.run), [_unsigned(case.content)]),
        ]
        if told:
            yield Finding(
                "linked-to-a-text-about-who-was-there",
                Severity.WARNING,
                "cross-references",
                "This reference joins a protected meeting to a text that names, or may name, somebody who was there.",
                other.title,
                "Take the reference out, or acknowledge with a reason that the text tells nothing of who was there.",
                _said(told),
                other.identifier,
                (other.identifier,),
            )


def _said(told: Iterable[tuple[Match, str]]) -> tuple[str, ...]:
    """Each sentence with the words that it is about: a reason given for one person is none for another."""
    return tuple(dict.fromkeys(f"{' '.join(match.words.split())}: {sentence}" for match, sentence in told))


def _closed_people(entry: Entry, run: Run) -> frozenset[Known]:
    child = getattr(entry, "child", None)  # none in the midst of being deleted
    return protected_people(child, run) if isinstance(child, Workshop | Session) else frozenset()


def found_in_what_its_speaker_signed(case: Case) -> Iterator[Finding]:
    """A position whose holder the article leaves unnamed, but wrote or is named in elsewhere."""
    article = case.entry.article if isinstance(case.entry, Position) else None
    if article is None or not case.held_by:
        return
    public = _contents(article)
    signed = _among(case.held_by, named_by(article, case.run), _names_there(public))
    told = _told(map(Known.of, case.held_by), public)
    if signed or told:
        yield Finding(
            "found-in-what-its-speaker-signed",
            Severity.WARNING,
            "article",
            "The article that this is found in names its holder, though not as holding it.",
            article.title,
            "Say that the article names them (“named in source”) if it does, or acknowledge with a reason that nobody "
            "will join the two.",
            _said(told),
            article.identifier,
        )


def names_in(content: dict[str, Any]) -> set[str]:
    """The names in the fields that are made for names."""
    listed = (one.partition(",")[0] for one in content.get("participants", ()))
    authors = (author["name"] for author in content.get("authors", ()))
    return {*authors, *content.get("holder", {}).get("names", ()), *listed}


def _contents(entry: Entry) -> list[dict[str, Any]]:
    """What is public of an entry, former versions too, whatever it has come to say since."""
    record = Record.objects.live().filter(identifier=entry.identifier).first()
    return [record.content, *record.versions.values_list("content", flat=True)] if record else []  # type: ignore[list-item]


def _names_there(contents: Iterable[dict[str, Any]]) -> set[str]:
    return {name for content in contents for name in names_in(content)}


def _told(people: Iterable[Known], contents: Iterable[dict[str, Any]]) -> list[tuple[Match, str]]:
    """Where texts name somebody of these people, each with its sentence."""
    if not (known := frozenset(people)):
        return []
    finder = finder_of(known)
    texts = (reading for content in contents for _, text in texts_of(content) for reading in readings(text))
    return list(dict.fromkeys((match, sentence_of(text, match)) for text in texts for match in finder.find(text)))


def _unsigned(content: dict[str, Any]) -> dict[str, Any]:
    """A record without the fields that are made for names."""
    return {name: value for name, value in content.items() if name not in ("authors", "participants", "holder")}


def _among(people: Set[Person], others: Set[Person], names: set[str]) -> set[Person]:
    return {one for one in people if one in others or one.name in names}


def tagged_with_its_speaker(case: Case) -> Iterator[Finding]:
    """A tag that otherwise marks only what the speaker signed leads from the one to the other, from either end."""
    if not case.held_by and not case.named:
        return
    for tag in case.content["tags"]:
        others = list(Entry.objects.filter(published_tags__name=tag).exclude(pk=case.entry.pk)[: FEW + 1])
        if others and len(others) <= FEW and _leads_to_its_speaker([case.entry, *others], case.run):
            yield Finding(
                "tagged-with-its-speaker",
                Severity.WARNING,
                "tags",
                "All that has this tag beside a protected position is signed by its holder.",
                tag,
                "Take the tag out, or acknowledge with a reason that it tells nothing.",
                tuple(sorted(one.identifier for one in (case.entry, *others))),
                others=tuple(one.identifier for one in others),
            )


def _leads_to_its_speaker(tagged: list[Entry], run: Run) -> bool:
    """Whether somebody holds some of the entries of one tag, protected, and signed all the others."""
    held = [protected_speakers(one, run) for one in tagged]
    holders: frozenset[Person] = frozenset().union(*held)
    signed = [_among(holders, named_by(one, run), _names_there(_contents(one))) for one in tagged]
    joined = [hers | theirs for hers, theirs in zip(held, signed, strict=True)]
    return any(any(one in names for names in signed) and all(one in names for names in joined) for one in holders)


def date_singles_out(case: Case) -> Iterator[Finding]:
    """A day or a session that a published agenda joins to one speaker."""
    if not isinstance(case.entry, Position) or not isinstance(case.where, Session) or not case.is_protected:
        return
    session = case.where
    # It may be the session's, as it is drafted, published, or was.
    whole = {str(session.date_that_applies or ""), *(content["date"] for content in _contents(session))}
    if all(_is_narrower(case.content["date"], date) for date in whole):
        yield Finding(
            "date-narrower-than-the-meeting",
            Severity.WARNING,
            "date",
            "The position has a date narrower than its session's, which may single out who spoke then.",
            case.content["date"],
            "Leave the date empty, or acknowledge with a reason that several spoke then.",
            about=f"{case.content['date']} in {session.identifier}",
        )
    attendees = case.meeting.attendees if case.meeting else []
    on_the_agenda = {one.person.pk for one in attendees if one.session and one.role == Role.SPEAKER}
    if len(on_the_agenda) == 1 and on_the_agenda & {speaker.pk for speaker in case.speakers}:
        yield Finding(
            "one-speaker-on-the-agenda",
            Severity.WARNING,
            "session",
            "The holder is this session's only speaker, so an agenda that somebody kept would name them.",
            session.title,
            "Enter the position under a session with more speakers, or acknowledge it with a reason.",
            about=session.identifier,
        )


def _is_narrower(date: str, whole: str) -> bool:
    """Whether a date leaves out some of the meeting's days."""
    if not date or date == whole:
        return False
    if not whole:
        return True
    one, all_ = PartialDate.parse(date), PartialDate.parse(whole)
    return one.earliest > all_.earliest or one.latest < all_.latest


def same_wording(case: Case) -> Iterator[Finding]:
    """The same unusual run of words in something that names the speaker, found from either end."""
    texts = list(case.texts())
    if isinstance(case.entry, Article) and case.named:
        texts.append(("text", case.entry.text))
    here = {shingle: field for field, text in texts for shingle in _shingles(text)}
    if not here:
        return
    there = list(_named_elsewhere(case)) if case.held_by else []
    there += _unnamed_elsewhere(case) if case.named and case.looks_at_drafts else ()
    for title, text, said in there:
        shared = [shingle for shingle in _shingles(text) if shingle in here]
        if shared:
            yield Finding(
                "same-wording", Severity.REFUSAL, here[shared[0]], said.format(title), " ".join(shared[0]),
                "Say it in other words.",
            )  # fmt: skip


def _named_elsewhere(case: Case) -> Iterator[tuple[str, str, str]]:
    own = getattr(case.entry, "article_id", None)  # a position is in the words of the article that it is found in
    key = (case.speakers, own)
    if key not in case.run.signed:
        case.run.signed[key] = list(_signed_texts(case.speakers, own, case.looks_at_drafts))
    for title, text in case.run.signed[key]:
        yield title, text, "The same words stand in “{}”, which names the holder."


def _unnamed_elsewhere(case: Case) -> Iterator[tuple[str, str, str]]:
    """What those hold unnamed who are named here. From there it is no objection to what is public already: there it
    is one."""
    held = Position.speakers.through.objects.filter(person__in=case.named).exclude(position=case.entry.pk)
    positions = Position.objects.filter(pk__in=list(held.values_list("position", flat=True)))
    own = case.entry.pk if isinstance(case.entry, Article) else getattr(case.entry, "article_id", None)
    for position in positions.select_related("session__workshop"):
        if may_name_speakers(position) or position.article_id == own is not None:
            continue
        for content in _contents(position):
            text = "\n".join(text for _, text in texts_of(content))
            yield position.title, text, "The same words stand in “{}”, whose holder is protected and is named here."


def _signed_texts(speakers: Iterable[Person], own: int | None, drafts: bool) -> Iterator[tuple[str, str]]:
    """What is said under the speakers' names: the articles that they signed, wherever these were published, and what
    is public of them, and of positions that they are named for; with ``drafts`` also what would be."""
    signed = set(Authorship.objects.filter(person__in=speakers).values_list("article", flat=True)) - {own}
    for article in Article.objects.filter(pk__in=signed):
        yield article.title, article.text
        if drafts:
            yield article.title, f"{article.title}\n{article.summary}"
    held = set(Position.speakers.through.objects.filter(person__in=speakers).values_list("position", flat=True))
    holding = Position.objects.filter(pk__in=held).select_related("session__workshop")
    named = {position.pk for position in holding if may_name_speakers(position)}
    found = set(Position.objects.filter(article__in=signed).values_list("pk", flat=True))
    for position in Position.objects.filter(pk__in=named | found).prefetch_related("passages"):
        if drafts or position.pk in found:  # what is quoted there stands in the article
            yield position.title, "\n".join(passage.quotation for passage in position.passages.all())
        if drafts:
            yield position.title, f"{position.title}\n{position.summary}"
    names = {one.name for one in speakers}
    joined = set(Entry.objects.filter(pk__in=signed | found).values_list("identifier", flat=True))
    entries = Entry.objects.filter(pk__in=signed | named | found)
    for record in Record.objects.live().filter(identifier__in=list(entries.values_list("identifier", flat=True))):
        for content in (record.content or {}, *record.versions.values_list("content", flat=True)):  # as it stands there
            if record.identifier in joined or names & names_in(content):
                quoted = "\n".join(passage["quotation"] for passage in content.get("passages", ()))
                yield content["title"], f"{content['title']}\n{content['summary']}\n{quoted}"


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    """The runs of words of a text, as it is read: without its markup, soft hyphens and hyphens at the ends of lines."""
    for reading in readings(text):
        words = re.findall(r"\w+", _BROKEN.sub("", reading).casefold())
        for i in range(len(words) - SHARED_WORDS + 1):
            yield tuple(words[i : i + SHARED_WORDS])


_BROKEN = re.compile("\u00ad|-[ \t]*\n\\s*")
