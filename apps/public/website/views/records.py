"""A page for each record of each kind, and for what it said before."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from apps.public.catalogue.models import Link, Record, Redirect, Tie
from apps.public.catalogue.state import State
from apps.public.exports.citing import csl_item
from apps.public.exports.formats import FORMATS
from apps.public.exports.formatted import STYLES, reference
from apps.public.exports.metadata import highwire, schema_org
from apps.public.exports.references import bibtex
from apps.public.exports.rows import Row, row_of
from apps.public.exports.site import Site
from apps.public.search.filters import Filter
from apps.public.search.leanings import FEWEST, Leanings, leanings
from apps.public.search.results import SearchUnavailable, search
from apps.public.website import meetings, reading
from apps.public.website.views.conditional import of_the_catalogue, show
from apps.public.website.views.errors import Moved, Withdrawn
from apps.taxonomy.vocabulary import vocabulary
from apps.taxonomy.words import Kind


@of_the_catalogue
def record(request: HttpRequest, state: State, kinds: str, identifier: str) -> HttpResponse:
    """A record as it is now; 410 where it was withdrawn."""
    found = find(kinds, identifier)
    context = page_context(found, state, Site.of(request))
    item = csl_item(_cited(found, context), Site.of(request))
    context |= {"highwire": highwire(item), "schema_org": schema_org(item)}
    if found.kind != Kind.PROPOSITION:
        return show(request, state, f"website/records/{found.kind}.html", context)
    context |= {"leanings": (counted := _leanings(found, state)), "fewest": FEWEST}
    return show(request, state, "website/records/proposition.html", context, counted)


@of_the_catalogue
def version(request: HttpRequest, state: State, kinds: str, identifier: str, number: str) -> HttpResponse:
    """What a record said in a former version; the present one answers too, so that a citation with a version holds."""
    found = find(kinds, identifier)
    content, shown = found.content, found.version
    if int(number) != found.version:
        former = found.versions.filter(version=number).first()
        if former is None:
            raise Http404
        content, shown = former.content, former.version
        found.published_at = former.published_at
    found.content = content
    context = page_context(found, state, Site.of(request)) | {"shown_version": shown}
    return show(request, state, f"website/records/{found.kind}.html", context)


@of_the_catalogue
def cite(request: HttpRequest, state: State, kinds: str, identifier: str) -> HttpResponse:
    """A record as a reference in each style, to be copied."""
    found = find(kinds, identifier)
    row, site = row_of(found, state), Site.of(request)
    item = csl_item(row, site)
    context = {
        "record": found,
        "url": reading.url_of(found.kind, found.identifier),
        "references": [(style, reference(item, style)) for style in STYLES],
        "bibtex": b"".join(bibtex([row], site)).decode().strip(),
    }
    return show(request, state, "website/records/cite.html", context)


@of_the_catalogue
def workshops(request: HttpRequest, state: State) -> HttpResponse:
    """All workshops, the newest first."""
    words = vocabulary(state.vocabulary)
    asked = Filter.from_params(request.GET, words)
    results = search(asked.replace(kind=(Kind.WORKSHOP,), sort=asked.sort or "newest"), page_size=100, state=state)
    cards = [reading.Card.of(hit.record, words, Site.of(request)) for hit in results.hits]
    return show(request, state, "website/workshops.html", {"cards": cards, "results": results}, results)


def find(kinds: str, identifier: str) -> Record:
    """The record of an address. Raises Http404; where a tombstone is left of it Moved, if it was merged with another
    record that is there, else Withdrawn."""
    found = Record.objects.filter(identifier=identifier, kind=kinds.removesuffix("s")).first()
    if found is None:
        raise Http404
    if found.withdrawn_at:
        if new := Redirect.followed(found.kind, identifier, Record.objects.has_live):
            raise Moved(identifier, new)
        raise Withdrawn(found)
    return found


def page_context(found: Record, state: State, site: Site, links: list[Link] | None = None) -> dict[str, Any]:
    """All that a record's template shows. The links that start at it can be given, for a record that is not stored."""
    words, content = vocabulary(state.vocabulary), found.content or {}
    out = reading.links_out(found) if links is None else reading.neighbours_at(links)
    return _neighbourhood(found, out, state, site) | {
        "record": found,
        "content": content,
        "url": reading.url_of(found.kind, found.identifier),
        "regions": reading.nodes(words, "region", content["regions"]),
        "themes": reading.nodes(words, "theme", content["themes"]),
        "shown_version": found.version,
        "formats": FORMATS.values(),
        "versions": range(1, found.version + 1) if found.version > 1 else (),
    }


def _neighbourhood(found: Record, out: list[reading.Neighbour], state: State, site: Site) -> dict[str, Any]:
    """What the record hangs on, what hangs on it, and cross-references both ways."""
    into = reading.links_in(found) if found.pk else []
    structural = {Tie.FOUND_IN, Tie.TAKES_SIDE_ON, Tie.REPORTED_FROM, Tie.PART_OF}
    context: dict[str, Any] = {
        "found_in": next((one for one in out if one.tie == Tie.FOUND_IN), None),
        "takes_side_on": _side(found, out),
        "reported_from": next((one for one in out if one.tie == Tie.REPORTED_FROM), None),
        "part_of": next((one for one in out if one.tie == Tie.PART_OF), None),
        "references_out": [one for one in out if one.tie not in structural],
        "references_in": [one for one in into if one.tie not in structural],
        "sessions": sorted((one for one in into if one.tie == Tie.PART_OF), key=lambda one: one.number or 0),
        "positions": sorted(
            (one for one in into if one.tie in (Tie.FOUND_IN, Tie.TAKES_SIDE_ON, Tie.REPORTED_FROM)),
            key=lambda one: (one.order is None, one.order),
        ),
        "is_capped": len(into) >= reading.MOST_LINKS,
    }
    if found.kind == Kind.WORKSHOP and found.pk:
        context |= meetings.of_workshop(found, context["sessions"], context["positions"], state, site)
        listed = {reading.url_of(Kind.ARTICLE, work.row.record.identifier) for _, work in context["works"]}
        for name in ("references_out", "references_in"):  # the reading list says why each article is there
            context[name] = [one for one in context[name] if one.url not in listed]
    if found.kind == Kind.PROPOSITION and found.pk:
        context["stances"] = reading.stances_on(found)
        context["lean"] = reading.lean(context["stances"])
        context["sides"] = reading.positions_on(found, context["stances"])
    return context


def _side(found: Record, out: list[reading.Neighbour]) -> reading.Neighbour | None:
    """The proposition; of a former version, which has the links of now, only if it took a side on that one too."""
    url = reading.url_of(Kind.PROPOSITION, (found.content or {}).get("proposition", ""))
    return next((one for one in out if one.tie == Tie.TAKES_SIDE_ON and one.url == url), None)


def _cited(found: Record, context: dict[str, Any]) -> Row:
    """A record as a reference, from what its page has read already."""

    def title(name: str) -> str:
        return context[name].title if context[name] else ""

    return Row(
        record=found,
        content=context["content"],
        regions=[node.name for node in context["regions"]],
        themes=[node.name for node in context["themes"]],
        source=title("found_in"),
        proposition=title("takes_side_on"),
        workshop=title("part_of"),
    )


def _leanings(found: Record, state: State) -> Leanings | None:
    """How the positions on a proposition lean; None while there is no index, which the rest of a page doesn't need."""
    try:
        return leanings(found, state)
    except SearchUnavailable:
        return None
