"""Every type of page is valid HTML, by the W3C's checker (Nu, https://validator.github.io/validator/)."""

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT

CHECKER = ROOT / ".venv" / "checker" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# Pages that no address leads to as long as all is well.
_RARE = """
import json
from django.test import RequestFactory
from apps.public.website.views import errors
form = RequestFactory().post("/admin/login/", {"title": "Typed <b>here</b> & there"})
page = RequestFactory().get("/browse/")
print(json.dumps({name: answer.content.decode() for name, answer in {
    "403": errors.forbidden(page),
    "405": errors.not_allowed(page, ("GET",)),
    "stale form": errors.stale_form(form),
    "500": errors.server_error(page),
    "503": errors.unavailable(form, "The database is busy.", 0.4),
}.items()}))
"""


def mistakes(pages: dict[str, str], folder: Path) -> dict[str, list[str]]:
    """What the checker says against each page, by its name."""
    assert CHECKER.exists(), "The checker of HTML is not installed: `make machine` does that."
    assert shutil.which("java"), "The checker of HTML needs Java: `make machine` installs it on Debian."
    names = {}
    for number, (name, html) in enumerate(pages.items()):
        (path := folder / f"{number}.html").write_text(html, encoding="utf-8")
        names[path.as_uri()] = name
    done = subprocess.run(
        ["java", "-jar", CHECKER, "--format", "json", "--stdout", "--exit-zero-always", "--skip-non-html", folder],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[str]] = {}
    for one in json.loads(done.stdout)["messages"]:
        place = f"line {one.get('lastLine')}: {one.get('extract', '').strip()}"
        found.setdefault(
            names[one["url"].replace("file:/", "file:///", 1).replace("file://///", "file:///")], []
        ).append(f"{one.get('subType', one['type'])}: {one['message']} ({place})")
    return found


def read(address: str, headers: dict[str, str] | None = None) -> str:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers or {})) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:  # pages for what went wrong
        return error.read().decode()


def test_every_type_of_page_is_valid_html(
    site: str, addresses: dict[str, str], manage: Callable[..., str], tmp_path: Path
):
    pages = {name: read(site + address) for name, address in addresses.items()}
    pages |= json.loads(manage("shell", "-c", _RARE))
    pages["the admin's login"] = read(f"{site}/admin/login/")
    assert mistakes(pages, tmp_path) == {}


def test_what_htmx_puts_into_a_page_is_valid_there(site: str, tmp_path: Path):
    headers = {"HX-Request": "true", "HX-Target": "results"}
    part = read(f"{site}/browse/?region=europe&q=planning", headers)
    assert "<html" not in part
    around = '<!doctype html><html lang="en"><head><title>Browse</title></head><body><form id="browse-search"></form>'
    assert mistakes({"results": f"{around}{part}</body></html>"}, tmp_path) == {}


@pytest.mark.parametrize("html", ["<p><div>", '<a href="/"><a href="/">', '<ul><p id="a"></ul><b id="a"></b>'])
def test_the_checker_finds_mistakes(html: str, tmp_path: Path):
    assert mistakes({"a page": f'<!doctype html><html lang="en"><title>A title</title>{html}'}, tmp_path)
