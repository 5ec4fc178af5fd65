"""Makes a copy: asks for what the sitemap lists and for what that leads to, page by page."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from lxml import etree

from apps.public.catalogue.state import State
from apps.public.exports.formats import FORMATS
from apps.public.exports.wholes import WHOLES
from apps.public.website.copying.folder import Files, written
from apps.public.website.copying.pages import Copy, page_of
from apps.public.website.copying.places import ABOUT, Place, Places
from apps.public.website.copying.visitor import Visitor
from apps.taxonomy.vocabulary import vocabulary

Report = Callable[[int, int], None]  # is told how many addresses were asked for, and how many are known


def make(folder: Path, copy: Copy, state: State, report: Report) -> tuple[Files, list[str]]:
    """Write the copy. Returns its files, and the addresses that the site links to and has nothing at.

    Raises Refused and Busy of its folder, Unanswered and OSError; then the folder is as it was.
    """
    said = {
        "what": f"A copy of {copy.site.name}, to be read from index.html",
        "address": copy.site.root,
        "date": copy.date.isoformat(),
        "change": state.change,
        "vocabulary": state.vocabulary,
    }
    with written(folder, said) as files:
        return files, _fill(files, copy, state, report)


def _fill(files: Files, copy: Copy, state: State, report: Report) -> list[str]:
    visitor, places = Visitor(copy.site, state), Places(vocabulary(state.vocabulary))
    queue: deque[Place] = deque()
    known: set[str] = set()
    missing = []

    def note(found: Iterator[Place | None] | list[Place]) -> None:
        for one in found:
            if one and one.file not in known:
                known.add(one.file)
                queue.append(one)

    about, led = page_of(_about(copy, state).encode(), "/", ABOUT, copy, places)
    files.write(ABOUT, about)
    note(map(places.of, _starts(visitor, copy)))
    note(led)
    while queue:
        place = queue.popleft()
        answer = visitor.get(place.address)
        body = answer.body
        if answer.is_page:
            body, led = page_of(body, answer.address, place.file, copy, places)
            note(led)
        if answer.status >= 400:
            missing.append(place.address)
        files.write(place.file, body)
        report(len(known) - len(queue), len(known))
    return missing


def _starts(visitor: Visitor, copy: Copy) -> Iterator[str]:
    """What search engines are told of, and the files that style sheets lead to."""
    for sitemap in _listed(visitor, "/sitemap.xml", copy):
        yield from _listed(visitor, sitemap, copy)
    for finder in get_finders():
        for name, _ in sorted(finder.list(["vendor"])):
            if name.startswith("website/"):
                yield static(name)


def _listed(visitor: Visitor, address: str, copy: Copy) -> list[str]:
    tree = etree.fromstring(visitor.get(address).body)
    return [one.text.removeprefix(copy.site.root) for one in tree.iter("{*}loc")]


def _about(copy: Copy, state: State) -> str:
    context = {
        "copy": copy,
        "change": f"{state.change:,}",
        "site_name": copy.site.name,
        "has_synthetic": state.has_synthetic,
        "licence": settings.LICENCE,
        "formats": FORMATS.values(),
        "wholes": WHOLES.values(),
    }
    return render_to_string("website/about_copy.html", context)
