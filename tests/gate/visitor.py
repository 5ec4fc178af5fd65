"""An anonymous visitor, who follows every link; and what of an answer a visitor gets to see."""

from __future__ import annotations

import html
import re
import sqlite3
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

import polars
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

HOST = "localhost"
_ATTRIBUTES = re.compile(r'\b(?:href|src|action|hx-get)\s*=\s*"([^"]*)"')
_ELEMENTS = re.compile(r"<(?:\w+:)?(?:loc|link|id|url|guid)\b[^>]*>([^<]*)<")  # sitemaps, feeds
_STRINGS = re.compile(r'"((?:https?://|/)[^"\s]*)"')  # in JSON, in any other attribute
_LINES = re.compile(r"^(?:Sitemap|Allow|Disallow):\s*(\S+)|<([^>]*)>;\s*rel=", re.MULTILINE)
_ADDRESSES = (_ATTRIBUTES, _ELEMENTS, _STRINGS, _LINES)


def unpacked(body: bytes) -> Iterator[bytes]:
    """What is in a file that is packed; nothing for others."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(body)) as packed:
            yield from map(packed.read, packed.namelist())
    elif body.startswith(b"PAR1"):
        yield repr(polars.read_parquet(BytesIO(body)).to_dicts()).encode()
    elif body.startswith(b"SQLite format 3\0"):
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(body)
            yield "\n".join(database.iterdump()).encode()


@dataclass(frozen=True)
class Answer:
    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def whole(self) -> bytes:
        """All that comes over the wire; of a packed file what is in it, too."""
        head = b"".join(f"{name}: {value}\n".encode() for name, value in self.headers)
        return b"\n".join([head, self.body, *unpacked(self.body)])

    @property
    def is_text(self) -> bool:
        kind = next((value for name, value in self.headers if name.lower() == "content-type"), "text/")
        return kind.startswith("text/") or any(one in kind for one in ("json", "/xml", "+xml", "javascript"))

    def links(self) -> set[str]:
        """The addresses on this site that the answer holds, whatever its format."""
        if not self.is_text or self.url.startswith(settings.STATIC_URL):
            return set()
        text = self.whole.decode(errors="replace")
        if self.url == "/robots.txt":  # what is to be left alone is no address, but the beginning of many
            text = "\n".join(line for line in text.splitlines() if line.startswith("Sitemap:"))
        found = {group for pattern in _ADDRESSES for match in pattern.finditer(text) for group in match.groups()}
        found |= {dict(self.headers).get("Location", "")}
        return {here for one in found - {None, ""} if (here := on_this_site(one, "" if one[0] == "/" else self.url))}


@cache
def on_this_site(address: str, base: str) -> str:
    """An address as it stands in a page, as a path with its query; empty if it leads elsewhere."""
    parts = urlsplit(urljoin(f"http://{HOST}{base}", html.unescape(address.strip())))
    if parts.scheme not in ("http", "https") or parts.hostname != HOST or " " in parts.path:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


class Visitor:
    """Asks the site itself, through WSGI, as a server does: nothing of Django's test client lies in between."""

    def __init__(self) -> None:
        self._site = WSGIHandler()

    def get(self, url: str, method: str = "GET", **headers: str) -> Answer:
        path, _, query = url.partition("?")
        told: dict[str, str] = {}
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote(quote(path, safe="/%:@!$&'()*+,;=~"), "latin-1"),
            "QUERY_STRING": quote(query, safe="%=&+.,;:/?!*'()~-_$@"),
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
        }
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        with connection_kept():
            response = self._site(environ, lambda status, headers: told.update(status=status, headers=headers))
            body = b"".join(response)
            response.close()
        return Answer(url, int(told["status"].split()[0]), tuple(told["headers"]), body)


@contextmanager
def connection_kept() -> Iterator[None]:
    """A server gives its connection back after a request; here the test's transaction is open on it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def addresses() -> list[str]:
    """Every address of the public site that takes no argument, linked or not."""

    def walk(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
        for one in patterns:
            if isinstance(one.pattern, RoutePattern) and "<" not in str(one.pattern):
                route = before + str(one.pattern)
                yield from walk(one.url_patterns, route) if isinstance(one, URLResolver) else [f"/{route}"]

    return [one for one in walk(get_resolver().url_patterns) if not one.startswith("/admin/")]


def parameters(url: str) -> int:
    """How many things an address chooses, its page aside."""
    return sum(name != "page" for name, _ in parse_qsl(urlsplit(url).query))


def crawl(visitor: Visitor, starts: Iterable[str], follow: Callable[[str], bool]) -> Iterator[Answer]:
    """Every answer that can be reached, each address once."""
    queue = deque(dict.fromkeys(starts))
    known = set(queue)
    while queue:
        answer = visitor.get(queue.popleft())
        yield answer
        fresh = sorted(link for link in answer.links() - known if follow(link))
        known.update(fresh)
        queue += fresh
