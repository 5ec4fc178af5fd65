"""Filters of the website: closed lists of words in plain English, and Markdown."""

from __future__ import annotations

from typing import Any

import nh3
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from apps.public.catalogue.models import Tie
from apps.public.search.facets import Facet
from apps.public.website.reading import Card, url_of
from apps.taxonomy.words import Genre, Kind, Quantifier, Relation, Rule, Stance

register = template.Library()
register.filter("url_of", lambda record: url_of(record.kind, record.identifier))

_LISTS: dict[str, Any] = {
    "kind": Kind,
    "stance": Stance,
    "rule": Rule,
    "genre": Genre,
    "quantifier": Quantifier,
    "tie": Tie,
}
_LABELS = {name: dict(words.choices) for name, words in _LISTS.items()}
_markdown = MarkdownIt("commonmark", {"html": False})
_TAGS = {"p", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "br"}


@register.filter
def label(value: str, words: str) -> str:
    """The label of a word from a closed list: {{ record.kind|label:"kind" }}."""
    return _LABELS[words].get(value, value)


@register.filter
def inverse(tie: str) -> str:
    """How a link reads from its other end."""
    return Relation(tie).inverse_label if tie in Relation.values else Tie(tie).label


@register.filter
def explanation(rule: str) -> str:
    """A rule of attribution in a sentence."""
    return Rule(rule).explanation if rule in Rule.values else ""


# A browse page holds some two hundred links of facets and terms. Written in Python they cost a tenth of what the
# template engine takes to look up each of their parts.


@register.filter
def values(facet: Facet) -> SafeString:
    """The values of a facet, each a link that chooses it or gives it up, with the number of results."""
    return format_html_join(
        "",
        '<li{}><a href="/browse/?{}"{} rel="nofollow"><span>{}</span><span class="count">{}</span></a></li>',
        (
            (
                SafeString(f' class="depth-{value.depth}"' if value.depth else ""),
                value.querystring,
                SafeString(' aria-current="true"' if value.selected else ""),
                value.label,
                value.count,
            )
            for value in facet.values
        ),
    )


@register.filter
def terms(card: Card) -> SafeString:
    """The regions and themes of a card, each a link to its page."""
    links = [("term", "regions", node) for node in card.regions] + [
        ("term is-theme", "themes", node) for node in card.themes
    ]
    items = format_html_join(
        "",
        '<li><a class="{}" href="/{}/{}/">{}</a></li>',
        ((style, where, node.slug, node.name) for style, where, node in links),
    )
    return format_html('<ul class="terms">{}</ul>', items) if links else SafeString("")


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as harmless HTML: a few tags, links without side effects, no raw HTML."""
    return mark_safe(nh3.clean(_markdown.render(text), tags=_TAGS, link_rel="nofollow noopener"))  # noqa: S308
