"""Citations of works that were not found yet, and what is here that they may mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from apps.curation.models import Article, Candidate, CrossReference, Position
from apps.curation.references.items import Unfit
from apps.curation.references.works import Like, Works
from apps.workbench.apart import readable


@dataclass(frozen=True, slots=True)
class Meant:
    """An article that a citation may mean, and why."""

    article: Article
    reason: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Cited:
    """A work that is only cited so far, what cites it, and what it may be."""

    article: Article
    citing: list[CrossReference]
    meant: list[Meant]


def unresolved() -> QuerySet[Article]:
    return Article.objects.filter(unresolved=True).order_by("title", "pk")


def words_of(article: Article) -> str:
    """All that is known of a work that isn't found yet."""
    return "\n".join((article.cited_as, article.title, article.note, article.doi, article.url))


def with_candidates(some: list[Article], user: Any) -> list[Cited]:
    """Works that are only cited so far, each with what it may be among the articles that are here."""
    works = Works(Article.objects.filter(unresolved=False)) if some else None
    found = {one.pk: works.cited(words_of(one)) for one in some} if works else {}
    articles = in_bulk(like.article for likes in found.values() for like in likes)
    citing_some = CrossReference.objects.filter(target__in=some).select_related("source").order_by("pk")
    citing: dict[int, list[CrossReference]] = {}
    for one in readable(citing_some, user):
        citing.setdefault(one.target_id, []).append(one)
    return [Cited(one, citing.get(one.pk, []), _meant(found[one.pk], articles)) for one in some]


def in_bulk(pks: Any) -> dict[int, Article]:
    return Article.objects.prefetch_related("authorships__person").in_bulk(set(pks))


def _meant(likes: list[Like], articles: dict[int, Article]) -> list[Meant]:
    return [Meant(articles[one.article], one.reason, one.is_certain) for one in likes if one.article in articles]


def match(cited: Article, article: Article, by: Any) -> None:
    """Let all that refers to a work that was only cited refer to the article that it is, and delete the former. What it
    is about is said of the article, if nothing was yet.

    Raises Unfit where that would lose something, and then nothing has changed.
    """
    if not cited.unresolved or article.unresolved or cited.pk == article.pk:
        raise Unfit("That is matched already, or is no citation any more. Look again.")
    if cited.text or Candidate.objects.filter(article=cited).exists():
        raise Unfit(f"“{cited}” has a source text of its own. Take that out first, or add its reference to it.")
    for one in CrossReference.objects.filter(target=cited).select_related("source"):
        _move(one, one.source.pk == article.pk, target=article.entry)
        one.source.touch(by)
    for one in CrossReference.objects.filter(source=cited).select_related("target"):
        _move(one, one.target.pk == article.pk, source=article.entry)
        article.touch(by)
    for position in Position.objects.filter(article=cited):
        position.article = article
        position.order = article.next_place()
        position.save()
        position.touch(by)
    for name in ("regions", "themes", "tags"):
        if not getattr(article, name).exists():
            getattr(article, name).add(*getattr(cited, name).all())
    if not article.cited_as:
        article.cited_as = cited.cited_as
        article.save()
    article.touch(by)
    cited.delete()


def _move(reference: CrossReference, leads_back: bool, **end: Any) -> None:
    """Give a cross-reference another end; it goes where that would lead back to itself, or say a thing twice."""
    same = {"source": reference.source_id, "target": reference.target_id, "relation": reference.relation} | end
    if leads_back or CrossReference.objects.filter(**same).exists():
        reference.delete()
        return
    for name, entry in end.items():
        setattr(reference, name, entry)
    reference.save()
