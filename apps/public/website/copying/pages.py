"""A page of the site as a page of a copy: its links lead to files, and what needs a server is not in it.

Templates say what needs a server with ``data-live``; every form does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.http import QueryDict
from django.utils.formats import date_format
from lxml import html
from lxml.builder import E

from apps.public.exports.site import Site
from apps.public.website.copying.places import ABOUT, Place, Places


@dataclass(frozen=True)
class Copy:
    """What every page says of the copy that it is in."""

    site: Site
    date: dt.date
    change: int
    is_reached: bool  # whether the site's address leads to it from elsewhere

    def live(self, address: str) -> str:
        return self.site.root + address


def page_of(body: bytes, address: str, file: str, copy: Copy, places: Places) -> tuple[bytes, list[Place]]:
    """A page as it lies in a file of the copy, and what it leads to there."""
    page = html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8"))
    _drop(page, "//*[@data-live]")
    for form in page.xpath("//form"):
        if form.get("role") != "search":
            form.addprevious(_only_live(file))
        form.drop_tree()
    _drop(page, "//*[@form]")  # its fields that stand elsewhere
    if QueryDict(urlsplit(address).query).get("page"):  # what is to be chosen from stands on a list's first page
        _drop(page, "//*[@class='facets']")
    found = list(_rewritten(page, address, file, copy, places))
    _drop(page, "//section[@class='facet'][not(.//li)] | //*[@class='facets'][not(.//li)]")
    for attribute in page.xpath("//@*[starts-with(name(), 'data-hx-')]"):
        del attribute.getparent().attrib[attribute.attrname]
    _say(page, address, file, copy)
    written: bytes = html.tostring(page, encoding="utf-8", doctype="<!doctype html>")
    return written + b"\n", found


def _rewritten(page: html.HtmlElement, address: str, file: str, copy: Copy, places: Places) -> Iterator[Place]:
    """Makes each link on this site one to a file, and yields what it leads to."""
    for link in page.xpath("//@href | //@src | //@cite"):
        element = link.getparent()
        here, _, fragment = _here(link, address, copy).partition("#")
        if not here or element.get("rel") == "external":  # as where the page about the copy says where the site is
            continue
        if element.get("rel") == "canonical":  # which stays, so that engines and readers find the site's own page
            if not copy.is_reached:
                element.drop_tree()
        elif place := places.of(here):
            element.set(link.attrname, _to(place.file, file) + (f"#{fragment}" if fragment else ""))
            yield place
        elif element.tag == "link":
            element.drop_tree()
        elif (choice := _choice(element)) is not None:
            choice.drop_tree()
        else:
            element.set(link.attrname, f"{_to(ABOUT, file)}#live")
            element.set("title", element.get("title", "Only on the site itself"))


def _here(link: str, address: str, copy: Copy) -> str:
    """The path and query of a link that leads to another page of this site, with its fragment; else nothing."""
    if link.startswith("#"):
        return ""
    if link.startswith("/") and not link.startswith("//"):  # nearly all of them
        return link
    target = urljoin(copy.live(address), link)
    return target.removeprefix(copy.site.root) if target.startswith(f"{copy.site.root}/") else ""


def _choice(link: html.HtmlElement) -> html.HtmlElement | None:
    """What to leave out of the filters, with a link in it that leads nowhere."""
    is_choice = any(one.get("class") in ("facets", "chips") for one in link.iterancestors())
    return next(link.iterancestors("li"), link) if is_choice else None


def _drop(page: html.HtmlElement, path: str) -> None:
    for one in page.xpath(path):
        one.drop_tree()


def _only_live(file: str) -> html.HtmlElement:
    return E.p(
        {"class": "hint"}, "Other choices need ", E.a({"href": f"{_to(ABOUT, file)}#live"}, "the site itself"), "."
    )


def _say(page: html.HtmlElement, address: str, file: str, copy: Copy) -> None:
    """That it is a copy; and that no search engine is to find it, since what the site withdraws stays in it."""
    _drop(page, "//meta[@name='robots']")
    page.head.append(E.meta(name="robots", content="noindex"))
    said = E.p(f"A copy of {date_format(copy.date, 'j F Y')}, at change {copy.change:,}. ")
    if copy.is_reached:
        said.append(E.a({"href": copy.live(address)}, "This page on the site itself"))
        said[-1].tail = " · "
    said.append(E.a({"href": _to(ABOUT, file)}, "About this copy"))
    for place in page.xpath("//footer[@class='footer']/div") or [page.body]:
        place.append(said)


def _to(target: str, file: str) -> str:
    """The link from one file to another, both told from the top of the folder."""
    return "../" * file.count("/") + target
