"""A copy of the site, opened from its folder in a real browser: without a server, and with and without JavaScript."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import ROOT

ADDRESS = "https://kb.example"


@pytest.fixture(scope="module")
def folder(
    site: str, addresses: dict[str, str], manage: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A copy as a public site makes it, which has none of the private wing."""
    made = tmp_path_factory.mktemp("copies") / "copy"
    done = subprocess.run(
        [sys.executable, "manage.py", "static_copy", str(made), "--address", ADDRESS, "--date", "2026-11-27"],
        cwd=ROOT,
        env=manage.environment | {"SITE_ROLE": "public", "ALLOWED_HOSTS": "kb.example"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "Written: " in done.stderr
    return made


@pytest.mark.parametrize("javascript", [True, False])
def test_its_pages_open_from_the_folder_without_a_complaint(browser: Browser, folder: Path, javascript: bool):
    """One of each sort: what is in the same folder at the same depth looks alike."""
    sorts: dict[tuple[str, int], Path] = {}
    for one in sorted(folder.rglob("*.html")):
        parts = one.relative_to(folder).parts
        sorts.setdefault((parts[0], len(parts)), one)
    context = browser.new_context(java_script_enabled=javascript)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: "ABORTED" in str(request.failure) or complaints.append(request.url))
    page.on("request", lambda request: None if request.url.startswith("file:") else complaints.append(request.url))
    for one in sorts.values():
        page.goto(one.as_uri())
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator("footer")).to_contain_text("A copy of 27 November 2026, at change ")
    context.close()
    assert len(sorts) > 15
    assert complaints == []


def test_somebody_reads_their_way_from_the_first_page_to_a_source(browser: Browser, folder: Path):
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('.masthead')).display") != "none"
    page.get_by_role("link", name="Browse", exact=True).click()
    page.locator(".facet a", has_text=re.compile(r"Position\s*\d")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("results")
    page.locator(".card h3 a").first.click()
    expect(page.get_by_role("heading", name="Found in")).to_be_visible()
    page.locator("main h3 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name="About this copy").click()
    expect(page.get_by_role("link", name=ADDRESS)).to_have_attribute("href", f"{ADDRESS}/")
    page.close()


def test_its_styles_and_fonts_come_from_the_folder(browser: Browser, folder: Path):
    page = browser.new_page()
    page.goto((folder / "about-this-copy" / "index.html").as_uri(), wait_until="networkidle")
    loaded = page.evaluate("document.fonts.ready.then(() => [...document.fonts].map((one) => one.status))")
    assert "loaded" in loaded
    assert "error" not in loaded
    page.close()
