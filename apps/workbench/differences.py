"""What would change for readers if an entry were published now, and how two texts differ, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from apps.curation.models import Entry
from apps.gate.records import Links, build, links_of
from apps.gate.references import published_links
from apps.public.catalogue.models import Record
from apps.taxonomy.vocabulary import vocabulary
from apps.taxonomy.words import Relation

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_MANY = 3_000  # words from which on frequent ones are left out of the comparison, which would take seconds
_ALIKE = 0.35  # the share of two texts that is the same, from which on they are compared by words
_NOT_SHOWN = {"earliest", "years", "date_text"}  # they follow from the date
_ENTRIES = {"source", "workshop", "proposition"}  # said by their identifiers


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of an entry that differs: its name, and both texts in one, with what was taken out and put in."""

    name: str
    text: SafeString


def unpublished_differences(entry: Entry) -> list[Difference]:
    """What publishing the entry now would change of its public page; all of it, where it is not public."""
    record = Record.objects.live().filter(identifier=entry.identifier).first()
    public = _as_texts(record.content or {}, published_links(record)) if record else {}
    child = entry.child
    return differences(public, _as_texts(build(child), links_of(child)))


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    """The texts that differ, by name, in the order of the later ones."""
    names = dict.fromkeys([*after, *before])
    changed = [name for name in names if before.get(name, "") != after.get(name, "")]
    return [Difference(name, marked(before.get(name, ""), after.get(name, ""))) for name in changed]


def marked(before: str, after: str) -> SafeString:
    """Two texts in one: what only the first has is marked as deleted, what only the second has as inserted."""
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    matcher = SequenceMatcher(None, one, other, autojunk=len(one) + len(other) > _MANY)
    if before and after and matcher.ratio() < _ALIKE:  # said anew; what they share is chance
        return mark_safe(_mark("del", "taken out", one) + " " + _mark("ins", "put in", other))  # noqa: S308 - escaped
    pieces: list[str] = []
    for is_equal, i, j, k, m in _steps(matcher, one):
        if is_equal:
            pieces.append(escape("".join(one[i:j])))
        else:
            pieces += [_mark("del", "taken out", one[i:j]), _mark("ins", "put in", other[k:m])]
    return mark_safe("".join(pieces))  # noqa: S308 - each piece is escaped


def _steps(matcher: SequenceMatcher[str], one: list[str]) -> list[tuple[bool, int, int, int, int]]:
    """What is equal and what is not, in turn; a space alone between two changes belongs to them."""
    steps: list[tuple[bool, int, int, int, int]] = []
    for step, i, j, k, m in matcher.get_opcodes():
        is_equal = step == "equal" and not (steps and "".join(one[i:j]).isspace())
        if steps and not is_equal and not steps[-1][0]:
            _, i, _, k, _ = steps.pop()
        steps.append((is_equal, i, j, k, m))
    return steps


def _mark(element: str, how: str, words: list[str]) -> str:
    """Words in an element that looks the part, which a screen reader is told in words."""
    if not words:
        return ""
    return format_html('<{0}><span class="visually-hidden">{1}: </span>{2}</{0}>', element, how, "".join(words))


def _as_texts(content: dict[str, Any], links: Links) -> dict[str, str]:
    """A record as texts by name, as somebody reads them."""
    names = {name: value for name, value in content.items() if name not in _NOT_SHOWN}
    texts = {name.replace("_", " ").capitalize(): _text(name, value) for name, value in names.items()}
    return texts | {"Cross-references": "\n".join(_references(links))}


def _text(name: str, value: Any) -> str:
    if name in _ENTRIES:
        return Entry.objects.filter(identifier=value).values_list("title", flat=True).first() or ""
    if name in ("regions", "themes"):
        hierarchy = vocabulary().hierarchy("region" if name == "regions" else "theme")
        return ", ".join(hierarchy[slug].name if slug in hierarchy.nodes else slug for slug in value)
    return _plain(value)


def _plain(value: Any) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "yes"
        case dict():
            said = {name: _plain(one) for name, one in value.items()}
            return "; ".join(f"{name}: {text}" for name, text in said.items() if text)
        case list():
            return "\n".join(map(_plain, value))
    return str(value)


def _references(links: Links) -> Iterable[str]:
    live = dict(Record.objects.filter(pk__in=[pk for pk, _, _ in links.live]).values_list("pk", "title"))
    waiting = Entry.objects.filter(identifier__in=[name for name, _, _ in links.waiting])
    titles = dict(waiting.values_list("identifier", "title"))
    said = [(live.get(pk, ""), tie, note) for pk, tie, note in links.live if tie in Relation.values]
    said += [(titles.get(name, ""), tie, note) for name, tie, note in links.waiting if tie in Relation.values]
    return sorted(f"{Relation(tie).label} “{title}”{f': {note}' if note else ''}" for title, tie, note in said)
