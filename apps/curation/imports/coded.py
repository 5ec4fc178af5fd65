"""Words of a source that somebody coded elsewhere: they wait among its candidates until an analyst has decided."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from apps.curation.anchoring import CONTEXT
from apps.curation.models import Article, Candidate, Session
from apps.taxonomy.models import Theme


@dataclass(frozen=True, slots=True)
class Coded:
    """A stretch of a source's text, from its first code point to the one after its last, and what was said of it."""

    place: str  # in the file
    source: tuple[str, str]  # the kind and the slug of the article or session
    start: int
    end: int
    words: str
    title: str
    themes: tuple[str, ...] = ()  # slugs
    proposition: str = ""  # a slug
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of it."""

    coded: Coded
    candidate: Candidate
    is_new: bool


def take(coded: Iterable[Coded], propositions: dict[str, int]) -> Iterable[Fate | str]:
    """Put coded words among the candidates of their sources, in a transaction; those known by their words stay as they
    are. Yields, for each, what became of it, or why it can't be taken, in words."""
    sources: dict[tuple[str, str], Article | Session | None] = {}
    themes = dict(Theme.objects.values_list("slug", "pk"))
    for one in coded:
        if one.source not in sources:
            model: type[Article | Session] = Article if one.source[0] == Article.KIND else Session
            sources[one.source] = model._default_manager.filter(slug=one.source[1]).first()
        source = sources[one.source]
        if source is None:
            yield f"There is no {one.source[0]} “{one.source[1]}”."
        elif source.text[one.start : one.end] != one.words:
            yield (
                f"“{one.words[:60]}” doesn't stand at this place of the text of “{source}” any more. Take the text of "
                "the file over, or code these words here."
            )
        else:
            yield _take(one, source, themes, propositions)


def _take(one: Coded, source: Article | Session, themes: dict[str, int], propositions: dict[str, int]) -> Fate:
    candidate = Candidate(
        **{source.KIND.value: source},
        fingerprint=_fingerprint(one),
        start=one.start,
        end=one.end,
        quotation=one.words,
        prefix=source.text[max(0, one.start - CONTEXT) : one.start],
        suffix=source.text[one.end : one.end + CONTEXT],
        title=one.title,
        proposition_id=propositions.get(one.proposition),
        remark=one.remark[: Candidate._meta.get_field("remark").max_length],
    )
    known = Candidate.objects.of(source).filter(fingerprint=candidate.fingerprint).first()
    if known is not None:
        return Fate(one, known, is_new=False)
    candidate.save()
    candidate.themes.set([themes[slug] for slug in one.themes if slug in themes])
    return Fate(one, candidate, is_new=True)


def _fingerprint(one: Coded) -> str:
    """Of its words, its place and what it was coded on: the same words may be coded twice."""
    basis = "|".join((one.words, str(one.start), one.proposition, one.title))
    return hashlib.sha256(basis.encode()).hexdigest()[:32]
