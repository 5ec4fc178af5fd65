"""What is proposed for each reference that was pasted, and carrying out what an analyst chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.curation.models import Article, Person
from apps.curation.references.items import Reference, Unfit
from apps.curation.references.rows import Row
from apps.curation.references.works import Citation, Like, Work, Works, might_be
from apps.workbench.editing import one_edit
from apps.workbench.references.adding import Chosen, Subjects, add, fill, gaps
from apps.workbench.references.matching import in_bulk, unresolved, words_of
from apps.workbench.references.people import Author, People

SHOWN = 50  # references at once
_MOST_NAMES = 500  # of authors at once: each may be a field of the form, and no form is taken with a thousand
ADD, SKIP, FILL = "add", "skip", "fill"


class Here:
    """What there is to compare references with, read once."""

    def __init__(self, cited: Article | None = None) -> None:
        self.cited = cited  # the citation that somebody came from, to find its work
        self.people, self.subjects = People(), Subjects()
        self._works = Works(Article.objects.all())
        self._citations = [(one.pk, Citation.of(words_of(one))) for one in unresolved()]

    def like(self, work: Work, is_first: bool) -> list[Like]:
        """What a work may be among the articles and citations here; the first one is what somebody came for."""
        known = [Like(self.cited.pk, "You came from it.", True)] if self.cited and is_first else []
        known += self._works.like(work)
        known += [Like(pk, *why) for pk, one in self._citations if (why := one.means(work))]
        return list({like.article: like for like in reversed(known)}.values())[::-1]


@dataclass(frozen=True, slots=True)
class Offer:
    """An article that is here already, why it may be the same, and what the reference would add to it."""

    article: Article
    reason: str
    is_certain: bool
    gaps: list[tuple[str, str]]

    @property
    def value(self) -> str:
        return f"{FILL}-{self.article.pk}"


@dataclass(slots=True)
class Proposal:
    """A row of what was pasted, what it may be, and what is chosen for it."""

    row: Row
    authors: list[tuple[Author, str]] = field(default_factory=list)  # each with what is chosen
    offers: list[Offer] = field(default_factory=list)
    above: str = ""  # the place of an earlier row that says the same
    chosen: str = ""
    error: str = ""

    @property
    def seen(self) -> str:
        """Which articles somebody had before them while choosing."""
        return ",".join(sorted(str(offer.article.pk) for offer in self.offers))

    @property
    def is_new(self) -> bool:
        return not (self.offers or self.above or self.row.problem)


def shown(rows: list[Row]) -> list[Row]:
    """As many of the rows as one page holds."""
    found: list[Row] = []
    names = 0
    for row in rows:
        names += len(row.reference.authors) if row.reference else 0
        if len(found) == SHOWN or (found and names > _MOST_NAMES):
            break
        found.append(row)
    return found


def proposals(rows: list[Row], here: Here, data: Mapping[str, str]) -> list[Proposal]:
    """What is proposed for each row; what was chosen already stays chosen."""
    works = [Work.of(row.reference) if row.reference else None for row in rows]
    likes = [here.like(work, is_first=place == 0) if work else [] for place, work in enumerate(works)]
    articles = in_bulk(like.article for some in likes for like in some)
    found = []
    for place, row in enumerate(rows):
        if row.reference is None:
            found.append(Proposal(row, chosen=data.get(f"do-{row.key}", "")))
            continue
        one = Proposal(row, authors=_authors(row, row.reference, here, data))
        one.offers = [_offer(like, articles, row.reference, here) for like in likes[place] if like.article in articles]
        one.above = next(
            (rows[above].place for above in range(place) if _says_the_same(works[above], works[place])), ""
        )
        one.chosen = data.get(f"do-{row.key}", "") or _proposed(one, here)
        found.append(one)
    return found


def _offer(like: Like, articles: dict[int, Article], reference: Reference, here: Here) -> Offer:
    article = articles[like.article]
    return Offer(article, like.reason, like.is_certain, gaps(article, reference, here.subjects))


def _authors(row: Row, reference: Reference, here: Here, data: Mapping[str, str]) -> list[tuple[Author, str]]:
    found = [here.people.author(name) for name in reference.authors]
    return [(one, data.get(f"who-{row.key}-{place}", "") or one.default) for place, one in enumerate(found)]


def _says_the_same(above: Work | None, work: Work | None) -> bool:
    return above is not None and work is not None and bool(
        (work.doi and work.doi == above.doi) or (work.url and work.url == above.url) or work.title == above.title
    )  # fmt: skip


def _proposed(one: Proposal, here: Here) -> str:
    """What is new is added, what is here for certain is skipped; of what only seems to be, somebody has to say."""
    if here.cited and one.offers and one.offers[0].article.pk == here.cited.pk and not one.above:
        return one.offers[0].value
    if one.is_new:
        return ADD
    return SKIP if one.above or any(offer.is_certain for offer in one.offers) else ""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one row: an article, unless it was skipped."""

    row: Row
    article: Article | None
    is_added: bool
    outcome: Any  # of the gate's second look


def carry_out(some: list[Proposal], here: Here, data: Mapping[str, str], by: Any) -> Iterator[Done]:
    """Do what was chosen for each, each for itself. Why something could not be done is noted as its error."""
    for one in some:
        try:
            if f"seen-{one.row.key}" not in data:
                continue  # it was not on the page where somebody chose
            yield _carried_out(one, here, data, by)
        except Unfit as unfit:
            one.error = str(unfit)


def _carried_out(one: Proposal, here: Here, data: Mapping[str, str], by: Any) -> Done:
    if one.chosen == SKIP:
        return Done(one.row, None, False, None)
    reference = one.row.reference
    if reference is None:
        raise Unfit(one.row.problem)
    if not one.chosen:
        raise Unfit("Choose what becomes of it.")
    authors = [_chosen(author, who, here.people) for author, who in one.authors]
    with one_edit(by, "From a reference") as outcome:
        if one.chosen == ADD:
            _look_again(one, reference, data)
            article = add(reference, authors, here.subjects, by)
        else:
            article = _to_fill(one)
            fill(article, reference, authors, here.subjects, by)
    for authorship in article.authorships.select_related("person"):
        here.people.meet(authorship.person)
    return Done(one.row, article, one.chosen == ADD, outcome())


def _look_again(one: Proposal, reference: Reference, data: Mapping[str, str]) -> None:
    """Ask once more where something came to be here since somebody looked: in another tab, or from a row above."""
    seen = set(filter(None, data.get(f"seen-{one.row.key}", "").split(",")))
    work = Work.of(reference)
    beside = Article.objects.filter(might_be(reference.title, reference.doi, reference.url))
    likes = [like for like in Works(beside).like(work) if str(like.article) not in seen]
    if likes:
        article = Article.objects.get(pk=likes[0].article)
        raise Unfit(
            f"“{article}” has come to be here since you looked, and may be the same: {likes[0].reason} Choose again."
        )


def _to_fill(one: Proposal) -> Article:
    _, _, key = one.chosen.partition("-")
    offer = next((offer for offer in one.offers if str(offer.article.pk) == key), None)
    article = Article.objects.select_for_update(of=("self",)).filter(pk=offer.article.pk).first() if offer else None
    if article is None:
        raise Unfit("The article to be filled is not here any more, or was changed. Choose again.")
    return article


def _chosen(author: Author, who: str, people: People) -> Chosen:
    if who == "new":  # unless a row above has brought just this person along
        now = people.author(author.name)
        return now.people[0] if now.is_sure and now.people[0] not in author.people else author.name
    if who == "body":
        return None
    person: Person | None = next((one for one in author.people if who == f"p{one.pk}"), None)
    if person is None:
        raise Unfit(f"Say who “{author.name}” is.")
    return person
