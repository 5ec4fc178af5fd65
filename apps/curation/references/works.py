"""Which works are the same: by DOI, by address, or by a title that is nearly the same and what else speaks for it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q, QuerySet
from rapidfuzz import fuzz, process

from apps.curation.models import Article, Authorship
from apps.curation.parts import in_parts
from apps.curation.references.items import Reference
from apps.curation.references.keys import doi_key, dois_in, identifier_in, numbers_in, url_key, words_key

NEARLY = 90  # of a hundred; below that two titles are different ones
_TELLING = 12  # characters that a title must have to be looked for in the words of a citation
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_SUBTITLE = re.compile(r"[:?!] |\s[–—]\s")
_SPELT = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Work:
    """A work, as far as it can be compared."""

    title: str  # as a key
    main: str  # the title without its subtitle, as a key
    doi: str = ""
    url: str = ""
    year: int | None = None
    identifier: str = ""
    authors: frozenset[str] = frozenset()  # the family names, as keys

    @classmethod
    def of(cls, reference: Reference) -> Work:
        return cls(
            title=_title(reference.title),
            main=_main(reference.title),
            doi=doi_key(reference.doi),
            url=url_key(reference.url),
            year=int(reference.date[:4]) if reference.date else None,
            identifier=identifier_in(reference.url),
            authors=frozenset(words_key(name.family) for name in reference.authors),
        )


@dataclass(frozen=True, slots=True)
class Like:
    """An article, by its primary key, that may be the same work, and what speaks for it."""

    article: int
    reason: str
    is_certain: bool  # by DOI or address


class Works:
    """Articles with the keys by which they are found: one query, and one for the authors of those that are alike."""

    def __init__(self, articles: QuerySet[Article]) -> None:
        self._works: dict[int, Work] = {}
        columns = ("pk", "identifier", "title", "doi", "url", "earliest")
        for pk, identifier, title, doi, url, earliest in articles.values_list(*columns):
            year = earliest.year if earliest else None
            self._works[pk] = Work(_title(title), _main(title), doi_key(doi), url_key(url), year, identifier)
        self._by: dict[str, dict[str, list[int]]] = {}
        for name in ("doi", "url", "main", "identifier"):
            found = self._by[name] = defaultdict(list)
            for pk, work in self._works.items():
                if key := getattr(work, name):
                    found[key].append(pk)
        self._titles = {pk: work.title for pk, work in self._works.items()}
        self._authors: dict[int, frozenset[str]] = {}

    def work(self, pk: int) -> Work:
        """An article as it is compared, authors and all."""
        self._learn_authors([pk])
        return self._whole(pk)

    def like(self, work: Work, but: int | None = None) -> list[Like]:
        """What may be the same work, the surest first."""
        alike = {
            pk
            for name in ("doi", "url", "main", "identifier")
            if (key := getattr(work, name))
            for pk in self._by[name].get(key, ())
        }
        near = process.extract(work.title, self._titles, scorer=fuzz.ratio, score_cutoff=NEARLY, limit=10)
        alike |= {pk for _, _, pk in near}
        alike.discard(but or 0)
        return sorted(self._judged(work, alike), key=lambda one: not one.is_certain)

    def pairs(self) -> Iterator[tuple[int, Like]]:
        """Articles that look the same, two by two: by a key that both have, or as neighbours in the order of titles,
        read from the left or from the right: titles that differ in a few letters are neighbours in one of the two."""
        close: set[tuple[int, int]] = set()
        for found in self._by.values():
            for pks in found.values():
                close |= {_in_order(one, other) for one, other in _two_by_two(sorted(pks))}
        for turned in (False, True):
            ranked = sorted(self._titles, key=lambda pk: self._titles[pk][:: -1 if turned else 1])
            for reach in (1, 2, 3):
                for one, other in zip(ranked, ranked[reach:], strict=False):
                    if fuzz.ratio(self._titles[one], self._titles[other], score_cutoff=NEARLY):
                        close.add(_in_order(one, other))
        self._learn_authors({pk for pair in close for pk in pair})
        for one, other in sorted(close):
            yield from ((one, like) for like in self._judged(self._whole(one), {other}))

    def _judged(self, work: Work, alike: Iterable[int]) -> Iterator[Like]:
        self._learn_authors(alike)
        for pk in sorted(alike):
            if found := _reason(work, self._whole(pk)):
                yield Like(pk, *found)

    def _whole(self, pk: int) -> Work:
        work = self._works[pk]
        return Work(
            work.title, work.main, work.doi, work.url, work.year, work.identifier, self._authors.get(pk, frozenset())
        )

    def _learn_authors(self, pks: Iterable[int]) -> None:
        unknown = sorted(set(pks) - self._authors.keys())
        for some in in_parts(unknown):
            names: dict[int, set[str]] = {pk: set() for pk in some}
            rows = Authorship.objects.filter(article__in=some).order_by()
            for pk, family in rows.values_list("article", "person__family_name"):
                names[pk].add(words_key(family))
            self._authors |= {pk: frozenset(some_names) for pk, some_names in names.items()}

    def cited(self, words: str, but: int | None = None) -> list[Like]:
        """What the words of a citation may mean, the surest first, ten at most."""
        citation = Citation.of(words)
        rows = Authorship.objects.filter(person__family_name__in=_SPELT.findall(words)).order_by()
        named = set(rows.values_list("article", flat=True)) & self._works.keys()
        self._learn_authors(named)
        works = ((pk, self._whole(pk) if pk in named else work) for pk, work in self._works.items() if pk != but)
        found = [Like(pk, *reason) for pk, work in works if (reason := citation.means(work))]
        return sorted(found, key=lambda one: not one.is_certain)[:10]


@dataclass(frozen=True, slots=True)
class Citation:
    """The words by which a text points to a work."""

    key: str
    spelt: frozenset[str]
    dois: frozenset[str]
    urls: frozenset[str]

    @classmethod
    def of(cls, words: str) -> Citation:
        key = words_key(words)
        urls = frozenset(url_key(one.rstrip(".,;)")) for one in _ADDRESS.findall(words)) - {""}
        return cls(key, frozenset(key.split()), frozenset(dois_in(words)), urls)

    def means(self, work: Work) -> tuple[str, bool] | None:
        """Why it may mean a work, and whether that is certain: by a DOI, an address, the title, or an author with the
        year. None where nothing says so."""
        if work.doi in self.dois or work.url in self.urls:
            return f"The citation gives its {'DOI' if work.doi in self.dois else 'web address'}.", True
        year = str(work.year) if work.year and str(work.year) in self.spelt else ""
        has_author = any(self.spelt >= set(name.split()) for name in work.authors if name)
        has_title = self._has_title(work)
        if not has_title and not (has_author and year):
            return None
        said = [
            "its title, or nearly" if has_title else "",
            "an author of it" if has_author else "",
            f"its year, {year}" if year else "",
        ]
        return f"The citation has {' and '.join(filter(None, said))}.", False

    def _has_title(self, work: Work) -> bool:
        if min(len(work.main), len(self.key)) < _TELLING or max(work.main.split(), key=len) not in self.spelt:
            return False
        return fuzz.partial_ratio(work.main, self.key, score_cutoff=NEARLY) > 0


def might_be(title: str, doi: str, url: str) -> Q:
    """Which articles are worth comparing with one: those that have its DOI, its address or a long word of its title. So
    that few are read where only one is asked about."""
    worth = Q()
    if doi:
        worth |= Q(doi__iexact=doi)
    if key := url_key(url):
        worth |= Q(url__icontains=key.partition("?")[0])
    words = sorted(re.findall(r"\w{4,}", title), key=len, reverse=True)[:2] or [title]
    for word in words:
        worth |= Q(title__icontains=word)
    return worth


def _title(title: str) -> str:
    return words_key(title) or title.casefold()


def _main(title: str) -> str:
    """A title without its subtitle."""
    return words_key(_SUBTITLE.split(title)[0])


def _reason(one: Work, other: Work) -> tuple[str, bool] | None:
    """Why two works may be the same, in words, and whether that is certain; None where they are not taken to be."""
    if one.doi and one.doi == other.doi:
        return "The same DOI.", True
    if one.url and one.url == other.url:
        return "The same web address.", True
    if one.identifier and one.identifier == other.identifier:
        return "Its address is that of the article here.", True
    same = one.title == other.title
    score = 100 if same else fuzz.ratio(one.title, other.title)
    begins = not same and one.main == other.main and (one.title == one.main or other.title == other.main)
    if score < NEARLY and not (begins and len(one.main) >= _TELLING):
        return None
    if numbers_in(one.title) != numbers_in(other.title) and not begins:
        return None
    speaks_for, against = _beside(one, other)
    if against and not speaks_for:
        return None
    what = "The same title" if same else "The same title but for a subtitle" if begins else "Nearly the same title"
    return "; ".join([what, *speaks_for, *(f"but {said}" for said in against)]) + ".", False


def _beside(one: Work, other: Work) -> tuple[list[str], list[str]]:
    """What beside the title speaks for and what speaks against their being the same."""
    speaks_for, against = [], []
    if one.year and other.year:
        if one.year == other.year:
            speaks_for.append("the same year")
        elif abs(one.year - other.year) > 1:
            against.append(f"{one.year} and {other.year}")
    if one.authors and other.authors:
        (speaks_for if one.authors & other.authors else against).append(
            "an author in common" if one.authors & other.authors else "other authors"
        )
    if one.doi and other.doi:
        against.append("another DOI")
    return speaks_for, against


def _in_order(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _two_by_two(pks: list[int]) -> list[tuple[int, int]]:
    """All pairs of a few; of many, which say little by being together, each with the next."""
    if len(pks) > 8:
        return list(pairwise(pks))
    return [(one, other) for place, one in enumerate(pks) for other in pks[place + 1 :]]
