"""What leads from a protected position to something that names its speaker, by what both of them say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from apps.curation.models import Article, Authorship, Entry, Passage, Person, Position, Proposition, Session, Workshop
from apps.gate.addresses import addresses_of, found_in, searchable
from apps.gate.case import Case, texts_of
from apps.gate.findings import Finding, Severity
from apps.gate.published import contents_in, named_in_public, names_in, naming, without_names
from apps.gate.records import Links, build, links_of
from apps.gate.references import published_links
from apps.gate.rules import may_name_speakers
from apps.gate.same import alike, called_so, every_key
from apps.gate.wording import Phrase, is_long, longest, runs
from apps.public.catalogue.models import Link, Record, Tie

NAMES_THE_HOLDER = "which names the holder"
IS_NAMED_HERE = "whose holder is protected and is named here"


class Elsewhere(NamedTuple):
    """What was published elsewhere than here, and where it can be read, whatever becomes of our draft of it."""

    texts: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @classmethod
    def of(cls, article: Entry) -> Elsewhere:
        return cls((article.text,), (article.doi, article.url)) if isinstance(article, Article) else NOWHERE_ELSE


NOWHERE_ELSE = Elsewhere()


class Said(NamedTuple):
    """What an entry says in public, or would say; for one that names somebody, wherever it was published."""

    entry: Entry
    phrases: frozenset[Phrase]
    text: str  # as addresses are looked for in it
    addresses: frozenset[str]  # its own
    why: str  # it matters


def same_wording(case: Case) -> Iterator[Finding]:
    """The same unusual run of words in something that names the speaker, found from either end."""
    if not (there := _other_ends(case)):
        return
    here = {phrase: field for field, text in _texts(case.content, case.links) for phrase in runs(text)}
    for said in there:
        if shared := said.phrases & here.keys():
            told = longest(shared)
            refuses = is_long(told)
            yield Finding(
                "same-wording",
                Severity.REFUSAL if refuses else Severity.WARNING,
                next(field for phrase, field in here.items() if phrase in said.phrases),
                f"The same words stand in “{said.entry.title}”, {said.why}.",
                " ".join(told),
                "Say it in other words."
                if refuses
                else "Say it in other words, or acknowledge with a reason that they are nobody's own.",
                tuple(sorted(" ".join(phrase) for phrase in shared)),  # what is left of them stays acknowledged
                said.entry.identifier,
                (said.entry.identifier,),
            )


def address_of_what_its_speaker_signed(case: Case) -> Iterator[Finding]:
    """The address of the one in a text of the other, found from either end: it leads there as a reference does."""
    if not (there := _other_ends(case)):
        return
    texts = list(_texts(case.content, case.links))
    here, own = searchable(text for _, text in texts), addresses_of(case.entry, [case.content])
    for said in there:
        if shared := found_in(here, said.addresses) | found_in(said.text, own):
            yield Finding(
                "address-of-what-its-speaker-signed",
                Severity.REFUSAL,
                next((field for field, text in texts if found_in(searchable([text]), shared)), ""),
                f"An address joins this to “{said.entry.title}”, {said.why}.",
                min(shared),
                "Take the address out.",
                about=said.entry.identifier,
            )


def _other_ends(case: Case) -> list[Said]:
    """What names those who hold this unnamed; and what those hold unnamed who are named here, which from here is no
    objection to what is public already: from there it is one."""
    there: list[Said] = []
    if case.held_by:
        own = getattr(case.entry, "article_id", None)  # a position is in the words of the article that it is found in
        key = (case.held_by, own, case.looks_at_drafts)
        if key not in case.run.said:
            case.run.said[key] = list(_said_by_name(*key))
        there += case.run.said[key]
    if case.looks_at_drafts:
        unnamed = ("unnamed", case.entry.pk)
        if unnamed not in case.run.said:
            case.run.said[unnamed] = list(_said_unnamed(case))
        there += case.run.said[unnamed]
    return [one for one in there if one.entry.pk != case.entry.pk]


def _said_by_name(speakers: frozenset[Person], own: int | None, drafts: bool) -> Iterator[Said]:
    """What is said under the speakers' names: the articles that they signed, wherever these were published, with the
    positions found there; positions that they are named for; and whatever still names them in public."""
    public = naming(speakers)
    signed = set(Authorship.objects.filter(person__in=speakers).values_list("article", flat=True))
    signed = (signed | set(Article.objects.filter(pk__in=public).values_list("pk", flat=True))) - {own}
    quoting = _found_in(signed)
    held = Position.speakers.through.objects.filter(person__in=speakers).values_list("position", flat=True)
    holding = Position.objects.filter(pk__in=list(held)).select_related("session__workshop")
    # That a rule would let somebody be named is no objection to what is public already: nobody has named them yet.
    named = {one.pk for one in holding if drafts and may_name_speakers(one)}
    together = signed | quoting | named | (public - {own})  # meetings that list them among the participants, too
    for entry in Entry.objects.filter(pk__in=together).order_by("pk") if together else ():
        elsewhere = Elsewhere.of(entry.child) if entry.pk in signed else NOWHERE_ELSE
        if entry.pk in quoting:  # what is quoted there stands in the article
            quoted = Passage.objects.filter(position=entry.pk).values_list("quotation", flat=True)
            elsewhere = Elsewhere(tuple(quoted))
        yield _said(entry, NAMES_THE_HOLDER, drafts, elsewhere)


def _found_in(articles: set[int]) -> set[int]:
    """The positions that are found in articles, by their drafts or in public."""
    if not articles:
        return set()
    drafted = set(Position.objects.filter(article__in=articles).values_list("pk", flat=True))
    names = list(Entry.objects.filter(pk__in=articles).values_list("identifier", flat=True))
    links = Link.objects.filter(target__identifier__in=names, tie=Tie.FOUND_IN)
    found = Entry.objects.filter(identifier__in=list(links.values_list("source__identifier", flat=True)))
    return drafted | set(found.values_list("pk", flat=True))


def _said_unnamed(case: Case) -> Iterator[Said]:
    """The positions, as they are public, that somebody holds unnamed who is named here."""
    if isinstance(case.entry, Proposition):
        return
    still = named_in_public(case.entry)
    article = case.entry.article if isinstance(case.entry, Position) else None
    listed = (
        called_so(every_key(names_in(case.content)))
        if isinstance(case.entry, Workshop | Session)
        else frozenset[Person]()
    )
    people = alike(case.named | still | listed | (named_in_public(article) if article else frozenset()))
    if not people:
        return
    own: int | None
    if not isinstance(case.entry, Position):
        own, by_name = case.entry.pk, frozenset[Person]()
    else:
        own, by_name = case.entry.article_id, alike((case.speakers - case.held_by) | still)
    held = Position.speakers.through.objects.filter(person__in=people).exclude(position=case.entry.pk)
    positions = Position.objects.filter(pk__in=set(held.values_list("position", flat=True)))
    public = Record.objects.live().filter(identifier__in=list(positions.values_list("identifier", flat=True)))
    positions = positions.filter(identifier__in=list(public.values_list("identifier", flat=True)))
    for position in positions.select_related("session__workshop").order_by("pk"):
        # The article's own words, unless somebody is named for them in one position and not in the other.
        is_in_its_words = own and position.article_id == own and by_name.isdisjoint(position.speakers.all())
        if not may_name_speakers(position) and not is_in_its_words:
            yield _said(position, IS_NAMED_HERE, drafts=False)


def _said(entry: Entry, why: str, drafts: bool, elsewhere: Elsewhere = NOWHERE_ELSE) -> Said:
    said: list[tuple[dict[str, Any], Links]] = []
    if record := Record.objects.live().filter(identifier=entry.identifier).first():
        links = published_links(record)
        said += [(content, links) for content in contents_in(record)]
    if drafts:
        child = entry.child
        said.append((build(child), links_of(child)))
    texts = [*elsewhere.texts, *(text for one in said for _, text in _texts(*one))]
    phrases = frozenset(chain.from_iterable(map(runs, texts)))
    addresses = addresses_of(entry, [content for content, _ in said], elsewhere.addresses)
    return Said(entry, phrases, searchable(texts), addresses, why)


def _texts(content: dict[str, Any], links: Links) -> Iterator[tuple[str, str]]:
    """What is said in public, but for whom it names, each text with its field; how an article is cited is said too."""
    yield from texts_of(without_names(content))
    if cited_as := content.get("cited_as"):
        yield "cited_as", cited_as
    yield from (("cross-references", note) for _, _, note in sorted((*links.live, *links.waiting), key=str) if note)
