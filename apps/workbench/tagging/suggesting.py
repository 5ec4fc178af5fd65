"""What is suggested for an entry: likely duplicates, related entries and missing themes, each with the reason.

Nothing of it happens by itself. The catalogue's index is asked for what is public; of what isn't, titles are compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from rapidfuzz import fuzz, process, utils

from apps.curation.intake.terms import TermFinder
from apps.curation.models import Article, CrossReference, Entry, Passage, Position, Session
from apps.public.catalogue.state import read_state
from apps.public.search.likeness import Alike, records_like
from apps.public.search.results import SearchUnavailable
from apps.taxonomy.vocabulary import Hierarchy, Node, vocabulary
from apps.workbench.apart import readable
from apps.workbench.references.doubles import doubles_of
from apps.workbench.tagging.putting_away import put_away_of

Entries = QuerySet[Entry, Any]

MOST = 5  # of each
_ALIKE = 40  # records that are looked at
_SAME_TITLE = 88  # of 100: titles from there on are likely to say the same
_NEWEST = 5_000  # entries that aren't public whose titles are compared
_NEIGHBOURS = 8  # records whose themes are counted
_FEWEST = 3  # of them that have a theme before it is suggested
_NAMED_WORDS = 5
_HANGS_ON = ("article_id", "session_id", "proposition_id", "reported_from_id", "workshop_id")


@dataclass(frozen=True, slots=True)
class Suggested:
    """An entry, and why it is suggested."""

    entry: Entry
    reason: str


@dataclass(frozen=True, slots=True)
class SuggestedTheme:
    node: Node
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    duplicates: list[Suggested] = field(default_factory=list)
    related: list[Suggested] = field(default_factory=list)
    themes: list[SuggestedTheme] = field(default_factory=list)
    is_complete: bool = True  # the index could be asked
    put_away: int = 0  # how many are not made any more, since somebody said so
    apart: list[Entry] = field(default_factory=list)  # what somebody said it is not the same as

    @property
    def number(self) -> int:
        return len(self.duplicates) + len(self.related) + len(self.themes)


def suggestions(entry: Entry, user: Any) -> Suggestions:
    """What is suggested for an entry, as it was saved last, to somebody: of what they may read."""
    child, entries = entry.child, readable(Entry.objects.all(), user)
    text = _text(child)
    try:
        alike = [one for one in records_like(text, read_state(), _ALIKE) if one.record.identifier != entry.identifier]
    except SearchUnavailable:
        alike = None
    found, away = alike or [], put_away_of(entry)
    duplicates = _duplicates(child, found, entries.exclude(pk__in=away.doubles))
    others = [one for one in found if one.record.identifier not in away.related]
    return Suggestions(
        duplicates=duplicates,
        related=_related(child, others, entries, {one.entry.pk for one in duplicates} | away.doubles),
        themes=_themes(entry, text, found, away.themes),
        is_complete=alike is not None,
        put_away=away.number,
        apart=list(entries.filter(pk__in=away.doubles).order_by("title", "pk")),
    )


def _text(child: Entry) -> str:
    quotations = Passage.objects.filter(position=child.pk).values_list("quotation", flat=True)
    return "\n".join(filter(None, [child.title, child.summary, *quotations]))


# --- Duplicates


def _duplicates(child: Entry, alike: list[Alike], entries: Entries) -> list[Suggested]:
    """Entries of the same kind: articles with the same DOI or address, positions on the same words of a source, and
    what has nearly the same title."""
    reasons = _same_work(child) | _same_words(child) | _same_titles(child, alike, entries)
    reasons.pop(child.pk, None)
    return _suggested(reasons, entries)


def _same_work(child: Entry) -> dict[int, str]:
    if not isinstance(child, Article):
        return {}
    return {article.pk: reason for article, reason in doubles_of(child)}


def _same_words(child: Entry) -> dict[int, str]:
    """Positions that stand on the same words of the same source."""
    if not isinstance(child, Position):
        return {}
    quoted = [one for one in child.passages.values_list("quotation", flat=True) if one]
    fellows = Passage.objects.filter(quotation__in=quoted, position__in=child.source.positions.values("pk"))
    return {
        pk: f"It stands on the same words: “{words[:120]}”."
        for pk, words in fellows.order_by("-position").values_list("position", "quotation")[: MOST + 1]
    }


def _same_titles(child: Entry, alike: list[Alike], entries: Entries) -> dict[int, str]:
    public = {one.record.identifier for one in alike if one.record.kind == child.kind}
    of_kind = entries.filter(kind=child.kind).exclude(pk=child.pk)
    titles = dict(of_kind.filter(identifier__in=public).values_list("pk", "title"))
    titles |= dict(of_kind.filter(published_at=None).order_by("-modified_at").values_list("pk", "title")[:_NEWEST])
    near = process.extract(
        child.title, titles, scorer=fuzz.token_sort_ratio, processor=utils.default_process,
        score_cutoff=_SAME_TITLE, limit=MOST,
    )  # fmt: skip
    return {pk: "The titles have the same words." if score > 99.5 else "The titles have nearly the same words."
            for _, score, pk in near}  # fmt: skip


# --- Related entries


def _related(child: Entry, alike: list[Alike], entries: Entries, duplicates: set[int]) -> list[Suggested]:
    """The entries most like it that it isn't joined to yet."""
    identifiers = [one.record.identifier for one in alike]
    pks = dict(entries.filter(identifier__in=identifiers).values_list("identifier", "pk"))
    apart = {*pks.values()} - duplicates - _joined(child, {*pks.values()})
    own = {*child.themes.values_list("slug", flat=True)}
    found = ((pks.get(one.record.identifier, 0), one) for one in alike)
    return _suggested({pk: _why(one, own) for pk, one in found if pk in apart}, entries)


def _why(alike: Alike, own: set[str]) -> str:
    """The words and the themes that are shared."""
    themes = vocabulary().themes
    shared = [
        themes[slug].name for slug in (alike.record.content or {}).get("themes", ()) if slug in own & {*themes.nodes}
    ]
    on = f", and are on {_listed(shared)}" if shared else ""
    return f"Both say {_listed([f'“{word}”' for word in alike.shared])}{on}."


def _joined(child: Entry, among: set[int]) -> set[int]:
    """Those of some entries that it refers to, hangs on, or the other way round."""
    references = CrossReference.objects.filter(
        Q(source=child.pk, target__in=among) | Q(target=child.pk, source__in=among)
    )
    joined = {pk for pair in references.values_list("source", "target") for pk in pair}
    joined |= {getattr(child, name) for name in _HANGS_ON if getattr(child, name, None)}
    hangs_here = Q(article=child.pk) | Q(session=child.pk) | Q(proposition=child.pk) | Q(reported_from=child.pk)
    joined |= set(Position.objects.filter(hangs_here, pk__in=among).values_list("pk", flat=True))
    return joined | set(Session.objects.filter(workshop=child.pk, pk__in=among).values_list("pk", flat=True))


# --- Missing themes


def _themes(entry: Entry, text: str, alike: list[Alike], put_away: frozenset[str]) -> list[SuggestedTheme]:
    """Themes that its own words name, then those that several of the records most like it have."""
    themes = vocabulary().themes
    reasons: dict[str, list[str]] = defaultdict(list)
    finder = TermFinder(themes)
    named = {one.slug: text[one.start : one.end] for one in reversed(finder.find(text))}
    for slug in finder.narrowest(text):
        reasons[slug].append(f"Its words name it: “{named[slug]}”.")
    neighbours = alike[:_NEIGHBOURS]
    counted = Counter(slug for one in neighbours for slug in (one.record.content or {}).get("themes", ()))
    for slug, number in counted.most_common():
        if slug in themes and number >= _FEWEST:
            reasons[slug].append(f"{number} of the {len(neighbours)} records most like it have it.")
    missing = _not_said(themes, {*entry.themes.values_list("slug", flat=True)}) - put_away
    return [SuggestedTheme(themes[slug], " ".join(reasons[slug])) for slug in reasons if slug in missing][:MOST]


def _not_said(themes: Hierarchy, own: set[str]) -> set[str]:
    """The themes that an entry's own ones don't say already, which is what lies above one of them."""
    return set(themes.nodes) - themes.with_ancestors(own)


# --- Both


def _suggested(reasons: dict[int, str], entries: Entries) -> list[Suggested]:
    known = entries.in_bulk(list(reasons))
    return [Suggested(known[pk], reason) for pk, reason in reasons.items() if pk in known][:MOST]


def _listed(words: list[str]) -> str:
    some = words[:_NAMED_WORDS]
    return " and ".join(filter(None, [", ".join(some[:-1]), some[-1]]))
