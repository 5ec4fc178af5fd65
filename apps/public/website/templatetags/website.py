"""Filters of the website: closed lists of words in plain English, and Markdown."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

import nh3
from django import template
from django.template.loader import render_to_string
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info
from markdown_it import MarkdownIt

from apps.public.catalogue.models import Tie
from apps.public.search.facets import Facet, FacetValue
from apps.public.search.schema import plain_text
from apps.public.website.reading import Card, Neighbour, url_of
from apps.taxonomy.vocabulary import Node
from apps.taxonomy.words import Genre, Kind, Quantifier, Relation, Rule, Stance

register = template.Library()
register.filter("url_of", lambda record: url_of(record.kind, record.identifier))
register.filter("plain_text", plain_text)

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
_LONGEST_DEFINITION = 240  # characters beside a link; the page that the link leads to has it whole
_TAGS = {"p", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "br"}


@register.filter
def label(value: str, words: str) -> str:
    """The label of a word from a closed list: {{ record.kind|label:"kind" }}."""
    return _LABELS[words].get(value, value)


@register.filter
@lru_cache(maxsize=100)
def part(value: str, name: str) -> SafeString:
    """A part that shows a word from a closed list, rendered once: {{ record.kind|part:"kind" }}."""
    return render_to_string(f"website/parts/{name}.html", {name: value})


@register.filter
def inverse(tie: str) -> str:
    """How a link reads from its other end."""
    return Relation(tie).inverse_label if tie in Relation.values else Tie(tie).label


@register.filter
def explanation(rule: str) -> str:
    """A rule of attribution in a sentence."""
    return Rule(rule).explanation if rule in Rule.values else ""


@register.filter
def json_ld(data: dict[str, Any]) -> SafeString:
    """Data in schema.org's words for a page's head; nothing in it ends the element that it stands in."""
    return mark_safe(json_script(data).replace("application/json", "application/ld+json", 1))  # noqa: S308


@register.filter
def language_name(code: str) -> str:
    """A language in English, where Django knows it; else its code."""
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return code


# A browse page holds some two hundred links of facets and terms, a session's page a hundred positions. Written in
# Python they cost a tenth of what the template engine takes to look up each of their parts.


@register.filter
def values(facet: Facet) -> SafeString:
    """The values of a facet, each a link that chooses it or gives it up, with the number of results."""
    return mark_safe("".join(map(_value, facet.values)))  # noqa: S308


def _value(value: FacetValue) -> str:
    depth = f' class="depth-{value.depth}"' if value.depth else ""
    current = ' aria-current="true"' if value.selected else ""
    # A count is the number of results after the click, so one that the click gives up has none.
    count = '<span aria-hidden="true">×</span>' if value.selected else f'<span class="count">{value.count}</span>'
    # The id keeps the focus where it was when htmx puts new results in the place of the old.
    name = escape(quote(f"{value.facet}-{value.value}"))
    link = f'<a id="{name}" href="/browse/?{escape(value.querystring)}"{current} rel="nofollow">'
    return f"<li{depth}>{link}<span>{escape(value.label)}</span>{count}</a></li>"


@register.filter
def table_row(card: Card) -> SafeString:
    """A record as a row of the table that results may be shown as."""
    stance = part(card.stance, "stance") if card.stance else ""
    badge = ' <span class="badge badge-synthetic">Synthetic</span>' if card.synthetic else ""
    names = ("; ".join(escape(node.name) for node in found) for found in (card.regions, card.themes))
    cells = (_LABELS["kind"][card.kind], escape(card.holder or card.line), stance, escape(card.date), *names)
    coins = f'<span class="Z3988" title="{escape(card.coins)}"></span>' if card.coins else ""
    title = f'<th scope="row"><a href="{escape(card.url)}">{card.title}</a>{badge}{coins}</th>'
    return mark_safe(f"<tr>{title}{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")  # noqa: S308


@register.filter
def terms(card: Card) -> SafeString:
    """The regions and themes of a card, each a link to its page."""
    items = [
        *(_term(node, "region", card.identifier) for node in card.regions),
        *(_term(node, "theme", card.identifier) for node in card.themes),
    ]
    return mark_safe(f'<ul class="terms">{"".join(items)}</ul>' if items else "")  # noqa: S308


@register.filter
def term_list(nodes: list[Node], facet: str) -> SafeString:
    """Regions or themes, each a link to its page; once a page for each of them."""
    return mark_safe(f'<ul class="terms">{"".join(_term(node, facet, "about") for node in nodes)}</ul>')  # noqa: S308


def _term(node: Node, facet: str, place: str) -> str:
    """A link to a region or theme, with its definition to be shown beside it. That is written out for each link, since
    only what stands next to a link can be shown by style alone; so a long one is cut short."""
    style, name = ("term is-theme" if facet == "theme" else "term"), escape(node.name)
    link = f'<a class="{style}" href="/{facet}s/{escape(node.slug)}/"'
    if not node.definition:
        return f"<li>{link}>{name}</a></li>"
    key = escape(f"{place}-{facet}-{node.slug}")
    definition = escape(shorten(node.definition, _LONGEST_DEFINITION))
    return (
        f'<li class="defined">{link} aria-describedby="{key}">{name}</a>'
        f'<span class="definition" role="tooltip" id="{key}">{definition}</span></li>'
    )


def shorten(text: str, most: int) -> str:
    """A text, or as much of it as there is room for."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


@register.filter
def lines(positions: list[Neighbour], shown: str) -> SafeString:
    """Positions in a list, each with its holder and what else is ``shown``: its stance or its date."""
    return mark_safe(f'<ul class="lines">{"".join(_line(one, shown) for one in positions)}</ul>')  # noqa: S308


def _line(one: Neighbour, shown: str) -> str:
    stance = part(one.stance, "stance") if shown == "stance" and one.stance else ""
    holder = f"<span>Held by <strong>{escape(one.holder)}</strong></span>" if one.holder else ""
    date = f"<span>{escape(one.date)}</span>" if shown == "date" and one.date else ""
    link = f'<a href="{escape(one.url)}">{escape(one.title)}</a>'
    return f'<li>{link}<div class="meta">{stance}{holder}{date}</div></li>'


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as harmless HTML: a few tags, links without side effects, no raw HTML."""
    return mark_safe(nh3.clean(_markdown.render(text), tags=_TAGS, link_rel="nofollow noopener"))  # noqa: S308
