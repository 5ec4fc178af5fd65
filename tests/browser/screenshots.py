"""Pictures of every type of page for docs/screenshots/. `make screenshots` asks for it."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.conftest import ROOT
from tests.browser.test_coding import sign_in

TO = ROOT / "docs" / "screenshots"
_WIDE, _NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 720}
_ALSO = ("home", "browse", "map", "comparison", "position")  # in the dark and on a narrow screen too
_NOTES = """# Session notes
- One participant argued that Japan should host nuclear consultations like those of NATO.
- Several Asia experts doubted that extended deterrence is credible.
- It was noted that Korea has public support for its own weapons.
- Coffee at 11.
"""
# A session without notes in a workshop of its own, and a proposition of the demo that somebody has edited since.
_A_WORKSHOP_UNDER_WAY = """
import json
from django.contrib.auth.models import User
from apps.curation.models import Entry, Proposition, Session, Status, Workshop
from apps.public.website.reading import url_of
by = User.objects.get(username="rex")
workshop = Workshop.objects.create(slug="under-way", title="A workshop under way", rule="chatham_house", modified_by=by)
session = Session.objects.create(slug="first", title="Allies and consultation", workshop=workshop, modified_by=by)
one, other = Proposition.objects.filter(status=Status.PUBLISHED).order_by("title")[:2]
one.summary = f"{one.summary} Said of both theatres."
one.save()
one.touch(by)
Entry.objects.filter(pk=one.pk).update(status=Status.SUBMITTED)
print(json.dumps({"workshop": workshop.pk, "session": session.pk, "proposition": one.pk, "other": other.pk,
                  "public": url_of(one.kind, one.identifier)}))
"""


def test_screenshots(browser: Browser, site: str, addresses: dict[str, str]):
    TO.mkdir(exist_ok=True)
    for old in TO.glob("*.jpg"):
        old.unlink()
    for name, address in addresses.items():
        _take(browser, site + address, TO / f"{_file(name)}.jpg", viewport=_WIDE)
        if name in _ALSO:
            _take(browser, site + address, TO / f"{_file(name)}-dark.jpg", viewport=_WIDE, color_scheme="dark")
            _take(browser, site + address, TO / f"{_file(name)}-narrow.jpg", viewport=_NARROW)


def test_screenshots_of_the_workbench(browser: Browser, site: str, manage: Callable[..., str]):
    keys = json.loads(manage("shell", "-c", _A_WORKSHOP_UNDER_WAY))
    context = browser.new_context(viewport=_WIDE)
    page = context.new_page()
    sign_in(page, site)
    session = f"/admin/curation/session/{keys['session']}"
    page.goto(f"{site}{session}/notes/")
    page.locator("textarea").first.fill(_NOTES)
    page.get_by_role("button", name="Read candidates").click()
    page.wait_for_url("**/candidates/")
    pages = {
        "candidates": f"{session}/candidates/",
        "front-page": "/admin/",
        "review": f"/admin/curation/proposition/{keys['proposition']}/review/",
        "board": f"/admin/curation/workshop/{keys['workshop']}/board/",
        "history": f"/admin/curation/proposition/{keys['proposition']}/history/",
        "merge": f"/admin/curation/proposition/merge/?of={keys['proposition']}&of={keys['other']}",
        "bar": keys["public"],
    }
    for name, address in pages.items():
        page.goto(site + address, wait_until="networkidle")
        if name == "bar":
            for part in page.locator(".bar details").all():
                part.locator("summary").click()
        page.screenshot(path=TO / f"workbench-{name}.jpg", type="jpeg", quality=72)
    _code(page, f"{site}{session}/code/")
    page.screenshot(path=TO / "workbench-coding.jpg", type="jpeg", quality=72)
    context.close()


def _code(page: Page, address: str) -> None:
    """A position coded, and the form open for the next."""
    page.goto(address, wait_until="networkidle")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("c")
    page.get_by_label("Supports").check()
    page.keyboard.press("Control+Enter")
    page.locator(".coded").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("c")
    page.locator(".coding-suggested").first.wait_for()


def _file(name: str) -> str:
    return name.replace(" ", "-")


def _take(browser: Browser, address: str, to: Path, **settings: object) -> None:
    context = browser.new_context(**settings)
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.reload(wait_until="networkidle")  # with our fonts, which nobody waits for the first time
    page.screenshot(path=to, type="jpeg", quality=72)
    context.close()
