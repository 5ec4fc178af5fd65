"""What a DOI, an address, a title and a name come to when their spelling doesn't count."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from anyascii import anyascii

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_DOI_ADDRESS = re.compile(r"^\s*(https?:\s*//\s*)?((dx\.|www\.)?doi\.org/|doi\s*:?\s*(?=10\.))", re.IGNORECASE)
_TRACKING = re.compile(
    r"utm_\w+|(fb|gc|ms|dc|y)lid|fbclid|gclid|msclkid|mc_[ce]id|igshid|_ga|_gl|cmpid|s_cid|spm|ref|ref_src"
)
_HERE = re.compile(r"/articles/([2-9a-hjkmnp-tv-z]{8})/?\Z")
_WORD = re.compile(r"[^\W_]+")
_ROMAN = re.compile(r"[ivx]+")


def plain_doi(text: str) -> str:
    """The DOI by itself, however it is written, blanks in it too; empty where there is none."""
    rest = _DOI_ADDRESS.sub("", text)
    if (rest == text and not text.lstrip().startswith("10.")) or not rest:
        return ""
    found = _DOI.match(unquote("".join(rest.split())))
    return found[0].rstrip(".,;") if found else ""


def doi_key(text: str) -> str:
    """DOIs are the same in any case of letters."""
    return plain_doi(text).casefold() if text else ""


def dois_in(text: str) -> set[str]:
    """The keys of all DOIs that a text mentions."""
    return {found.rstrip(".,;)]").casefold() for found in _DOI.findall(unquote(text))}


def url_key(text: str) -> str:
    """An address without scheme, www, trailing slash, fragment and what only tracks readers; empty for what is none,
    and for a bare host, which is the address of no single work."""
    try:
        parts = urlsplit(text.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    path = unquote(parts.path).rstrip("/")
    asked = parts.query and sorted(one for one in parse_qsl(parts.query) if not _TRACKING.fullmatch(one[0].casefold()))
    if not host or parts.scheme not in ("http", "https") or not (path or asked):
        return ""
    return f"{host}{path}{'?' + urlencode(asked) if asked else ''}".casefold()


def identifier_in(url: str) -> str:
    """The identifier in the address of an article's public page, as our exports give it where a work has no other."""
    found = _HERE.search(url.strip())
    return found[1] if found else ""


def words_key(text: str) -> str:
    """A title or a name without case, accents, marks and other scripts than Latin."""
    plain = text if text.isascii() else anyascii(text)
    return " ".join(_WORD.findall(plain.casefold()))


def numbers_in(key: str) -> tuple[str, ...]:
    """What tells a series' works apart: “Report 2022” and “Report 2023”, part I and part II."""
    return tuple(word for word in key.split() if word[:1].isdigit() or _ROMAN.fullmatch(word))
