"""The site asked as anybody on the network asks it, within this process and without a server."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from apps.public.catalogue.state import State, read_state
from apps.public.exports.site import Site

_MOST_REDIRECTS = 5


class Unanswered(Exception):  # noqa: N818
    """The site did not answer with what can be kept. ``is_passing`` where it may do so a little later."""

    def __init__(self, message: str, is_passing: bool = False) -> None:
        super().__init__(message)
        self.is_passing = is_passing


class Moving(Unanswered):
    """Something was published or withdrawn while the site was being read, so that not all of it is of one state."""

    def __init__(self) -> None:
        super().__init__("Something was published or withdrawn while the site was being read.", is_passing=True)


class Answer(NamedTuple):
    address: str  # where it came from in the end
    status: int
    is_page: bool
    body: bytes


class Visitor:
    """Somebody without an account or a cookie, who reads one state of the catalogue."""

    def __init__(self, site: Site, state: State) -> None:
        self._handler = WSGIHandler()
        self._root, self._state = urlsplit(site.root), state

    def get(self, address: str) -> Answer:
        """The answer to an address (path and query), after redirects on this site: a page, a file, or a page that says
        why there is none (4xx). Raises Unanswered."""
        for _ in range(_MOST_REDIRECTS):
            status, headers, body = self._ask(address)
            if read_state() != self._state:
                raise Moving
            onward = urlsplit(urljoin(f"{self._root.geturl()}{address}", headers.get("Location", "")))
            if status not in (301, 302, 307, 308) or onward.netloc != self._root.netloc:
                break
            address = onward.path + (f"?{onward.query}" if onward.query else "")
        if status == 503 or "no-store" in headers.get("Cache-Control", ""):
            raise Unanswered(f"{address} can’t be said in full now: the search is behind the catalogue.", True)
        if status >= 500 or 300 <= status < 400:
            raise Unanswered(f"{address} was answered with {status}.")
        return Answer(address, status, headers.get("Content-Type", "").startswith("text/html"), body)

    def _ask(self, address: str) -> tuple[int, dict[str, str], bytes]:
        path, _, query = address.partition("?")
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[[bytes], object]:
            told.update(status=int(status.split()[0]), headers=dict(headers))
            return lambda _: None

        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": self._root.hostname,
            "SERVER_PORT": str(self._root.port or (443 if self._root.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self._root.netloc,
            "wsgi.url_scheme": self._root.scheme,
            "wsgi.input": BytesIO(),
        }
        if settings.SECURE_PROXY_SSL_HEADER:
            environ[settings.SECURE_PROXY_SSL_HEADER[0]] = self._root.scheme
        response = self._handler(environ, start)
        try:
            body = b"".join(response)
        finally:
            response.close()
        return told["status"], told["headers"], body
