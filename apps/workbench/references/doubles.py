"""Articles that look the same, two by two, but for those of which somebody has said that they are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from apps.curation.models import Article, Entry
from apps.curation.references.works import Like, Works, might_be
from apps.workbench.models import Apart
from apps.workbench.references.matching import in_bulk


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles that look the same, and why."""

    one: Article
    other: Article
    reason: str
    is_certain: bool


def pairs() -> list[tuple[int, Like]]:
    """All pairs that look the same and are not said to be different, the surest first; by primary keys."""
    apart = set(Apart.objects.values_list("one", "other"))
    found = [(one, like) for one, like in Works(Article.objects.all()).pairs() if (one, like.article) not in apart]
    return sorted(found, key=lambda pair: not pair[1].is_certain)


def shown(found: list[tuple[int, Like]]) -> list[Pair]:
    articles = in_bulk(pk for one, like in found for pk in (one, like.article))
    return [Pair(articles[one], articles[like.article], like.reason, like.is_certain) for one, like in found]


def doubles_of(article: Article) -> list[tuple[Article, str]]:
    """What looks the same as an article that was saved just now, with why; for a word to whoever saved it."""
    beside = Article.objects.filter(might_be(article.title, article.doi, article.url))
    works = Works(beside | Article.objects.filter(pk=article.pk))
    apart = apart_from(article)
    likes = [one for one in works.like(works.work(article.pk), but=article.pk) if one.article not in apart]
    articles = in_bulk(one.article for one in likes)
    return [(articles[one.article], one.reason) for one in likes]


def say_apart(one: int, other: int, by: Any) -> None:
    """Remember that two entries, by their primary keys, are not the same."""
    one, other = sorted((one, other))
    Apart.objects.get_or_create(one_id=one, other_id=other, defaults={"by": by})


def compare_again(one: int, other: int) -> None:
    """Forget that somebody said so."""
    Apart.objects.filter(one=min(one, other), other=max(one, other)).delete()


def apart_from(entry: Entry | Article) -> set[int]:
    """The primary keys of what an entry is said not to be the same as, by either."""
    said = Apart.objects.filter(Q(one=entry.pk) | Q(other=entry.pk))
    return {pk for pair in said.values_list("one", "other") for pk in pair} - {entry.pk}
