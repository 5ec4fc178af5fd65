"""What joins a protected position to something that names its speaker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Any

from django.db.models import Q, QuerySet

from apps.curation.dates import PartialDate
from apps.curation.models import Entry, Person, Position, Proposition, Session, Workshop
from apps.gate.case import Case, Run, named_by, protected_people, protected_speakers, texts_of
from apps.gate.descriptors import distinct_people, join_words
from apps.gate.findings import Finding, Severity
from apps.gate.meetings import Known, finder_of
from apps.gate.names import Match, sentence_of
from apps.gate.published import contents_of, named_in_public, names_in, without_names
from apps.gate.readings import readings
from apps.gate.references import notes_beside
from apps.gate.same import called, every_key
from apps.taxonomy.words import Kind, Role

FEW = 20  # entries with a tag that are looked at one by one


def linked_to_its_speaker(case: Case) -> Iterator[Finding]:
    """A cross-reference, either way, between a protected position and what its speaker signed.

    Judged are the references that are public, or would be: a reference that somebody drafts at the other end is
    judged when that end is published.
    """
    named, names = case.named, names_in(case.content)
    notes = (*case.refers_to, *case.referred_to_by)  # all that stand on its page, or will once it is there
    for other in case.joined:
        held = protected_speakers(other, case.run)
        public = contents_of(other)
        signed = _named_by(other, public, case.held_by, case.run) | _among(held, named, names)
        told = [
            *_told(map(Known.of, case.held_by), [*public, _notes(notes_beside(other.identifier))]),
            *_told(map(Known.of, held), [case.content, _notes(one.note for one in notes)]),
        ]
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
            code, doubt = "linked-to-a-text-about-its-speaker", "Take it out, or acknowledge that it is no name here."
            cures = ("Take the reference out.", doubt)
            yield _joined_to_a_text(code, "cross-references", "This reference", other, told, cures)


def address_of_a_text_about_its_speaker(case: Case) -> Iterator[Finding]:
    """The address of the one in a text of the other, between a protected position and a text that names its holder."""
    for other in case.addressed:
        held = protected_speakers(other, case.run)
        told = [
            *_told(map(Known.of, case.held_by), map(without_names, contents_of(other))),
            *_told(map(Known.of, held), [without_names(case.content)] if held else []),
        ]
        if told:
            code, doubt = "address-of-a-text-about-its-speaker", "Take it out, or acknowledge that it is no name there."
            yield _joined_to_a_text(code, "", "An address", other, told, ("Take the address out.", doubt))


def _joined_to_a_text(
    code: str, field: str, joint: str, other: Entry, told: list[tuple[Match, str]], cures: tuple[str, str]
) -> Finding:
    """Something that joins a position to a text which names its holder, for certain, or maybe; a cure for either."""
    is_certain = any(match.certain for match, _ in told)
    return Finding(
        code,
        Severity.REFUSAL if is_certain else Severity.WARNING,
        field,
        f"{joint} joins a protected position to a text that {'names' if is_certain else 'may name'} its holder.",
        other.title,
        cures[0] if is_certain else cures[1],
        _said(told),
        other.identifier,
        (other.identifier,),
    )


def linked_to_a_text_about_who_was_there(case: Case) -> Iterator[Finding]:
    """A cross-reference or an address, either way, between a protected meeting and a text that names somebody who was
    there. Who signed it is not asked: those who were there write about much."""
    here = _closed_people(case.entry, case.run)
    others: list[Entry] = list(dict.fromkeys((*case.joined, *case.addressed)))
    if isinstance(case.entry, Position) and case.entry.reported_from and case.entry.article:
        # The article leads to the meeting by what it reports from there.
        here = _closed_people(case.entry.reported_from, case.run)
        here -= set(map(Known.of, case.entry.article.authors.all()))
        others = [case.entry.article]
    for other in others:
        told = [
            *_told(here, map(without_names, contents_of(other))),
            *_told(_closed_people(other, case.run), [without_names(case.content)]),
        ]
        if told:
            yield Finding(
                "linked-to-a-text-about-who-was-there",
                Severity.WARNING,
                "cross-references",
                "This joins a protected meeting to a text that names, or may name, somebody who was there.",
                other.title,
                "Take it out, or acknowledge with a reason that the text tells nothing of who was there.",
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
    public = contents_of(article)
    signed = _named_by(article, public, case.held_by, case.run)
    told = _told(map(Known.of, case.held_by), [*public, _notes(notes_beside(article.identifier))])
    if signed or told:
        yield Finding(
            "found-in-what-its-speaker-signed",
            Severity.WARNING,
            "article",
            "The article that this is found in names its holder, though not as holding it.",
            article.title,
            "Say that the article names them (“named in source”) if it does, or acknowledge with a reason that nobody "
            "will join the two.",
            (*_said(told), *(f"{one.slug}: signed" for one in sorted(signed, key=lambda one: one.pk))),
            article.identifier,
        )


def _named_by(entry: Entry, public: list[dict[str, Any]], people: Set[Person], run: Run) -> set[Person]:
    """Who of these people an entry names, would name, or names in what is still public of it; whoever is called the
    same is taken for them."""
    if not people:
        return set()
    names = {name for content in public for name in names_in(content)}
    return _among(people, named_by(entry, run) | named_in_public(entry), every_key(names))


def _told(people: Iterable[Known], contents: Iterable[dict[str, Any]]) -> list[tuple[Match, str]]:
    """Where texts name somebody of these people, each with its sentence."""
    if not (known := frozenset(people)):
        return []
    finder = finder_of(known)
    texts = (reading for content in contents for _, text in texts_of(content) for reading in readings(text))
    return list(dict.fromkeys((match, sentence_of(text, match)) for text in texts for match in finder.find(text)))


def _notes(notes: Iterable[str]) -> dict[str, Any]:
    """Notes of references, read as the texts of a record are."""
    return {"cross-references": list(notes)}


def _among(people: Set[Person], others: Set[Person], names: Set[str]) -> set[Person]:
    return {one for one in people if one in others or not names.isdisjoint(called([one]))}


def tagged_with_its_speaker(case: Case) -> Iterator[Finding]:
    """A tag that otherwise marks only what the speaker signed leads from the one to the other, from either end."""
    if isinstance(case.entry, Proposition):  # held by nobody, and naming nobody as its own
        return
    for tag in case.content["tags"]:
        # Where only a former version has it, it leads from there to those that have it now.
        now, then = (
            Entry.objects.filter(published_tags__name=tag, published_tags__former=is_former).exclude(pk=case.entry.pk)
            for is_former in (False, True)
        )
        others = list(now[: FEW + 1])
        former = list(then[: FEW + 1]) if len(others) <= FEW else []
        leads = _leads_to_its_speaker(case, others, former) if len(others) <= FEW else _is_all_of_one(case, now)
        if (others or former) and leads:
            yield Finding(
                "tagged-with-its-speaker",
                Severity.WARNING,
                "tags",
                "All that has this tag beside a protected position is signed by its holder.",
                tag,
                "Take the tag out, or acknowledge with a reason that it tells nothing.",
                tuple(sorted(one.identifier for one in (case.entry, *others, *former))),
                others=tuple(one.identifier for one in (*others, *former)),
            )


def _leads_to_its_speaker(case: Case, others: list[Entry], former: list[Entry]) -> bool:
    """Whether somebody holds some of the entries of one tag, protected, and signed all the others, or what had it."""
    now = [(case.entry, [case.content, *contents_of(case.entry)]), *((one, contents_of(one)) for one in others)]
    held = [protected_speakers(one, case.run) for one, _ in now]
    holders: frozenset[Person] = frozenset().union(*held)
    if not holders:
        return False
    signed = [_named_by(one, public, holders, case.run) for one, public in now]
    # What is held by nobody and names nobody, such as a session, leads away from nobody.
    joined = [
        hers | theirs
        for hers, theirs, (one, public) in zip(held, signed, now, strict=True)
        if hers or theirs or named_by(one, case.run) or any(map(names_in, public)) or one.kind == Kind.POSITION
    ]
    signed += [_named_by(one, contents_of(one), holders, case.run) for one in former]
    return any(any(one in names for names in signed) and all(one in names for names in joined) for one in holders)


def _is_all_of_one(case: Case, others: QuerySet[Entry]) -> bool:
    """Whether one person holds or signed all of the many entries of one tag, that here among them; meetings and
    propositions tell nothing."""
    others = others.filter(kind__in=(Kind.ARTICLE, Kind.POSITION))
    for one in case.held_by | case.named:
        people = case.run.alike(frozenset({one}))
        theirs = Q(as_article__authors__in=people) | Q(as_position__speakers__in=people)
        if others.exclude(pk__in=others.filter(theirs).values("pk")).exists():
            continue
        all_of_them = [case.entry, *others.filter(theirs).distinct()]
        is_held = any(not people.isdisjoint(protected_speakers(entry, case.run)) for entry in all_of_them)
        if is_held and any(not people.isdisjoint(named_by(entry, case.run)) for entry in all_of_them):
            return True
    return False


def date_singles_out(case: Case) -> Iterator[Finding]:
    """A day or a session that a published agenda joins to one speaker."""
    if not isinstance(case.entry, Position) or not isinstance(case.where, Session) or not case.is_protected:
        return
    session = case.where
    # It may be the session's, as it is drafted, published, or was.
    drafted, date = str(session.date_that_applies or ""), case.content["date"]
    if date and all(_is_narrower(date, one["date"]) for one in ({"date": drafted}, *contents_of(session))):
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
    on_the_agenda = {one.person for one in attendees if one.session and one.role == Role.SPEAKER}
    if distinct_people(on_the_agenda) == 1 and on_the_agenda & set(map(Known.of, case.held_by)):
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
