"""Pictures of every type of page for docs/screenshots/. `make screenshots` asks for it."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.conftest import ROOT

TO = ROOT / "docs" / "screenshots"
_WIDE, _NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 720}
_ALSO = ("home", "browse", "map", "comparison", "position")  # in the dark and on a narrow screen too


def test_screenshots(browser: Browser, site: str, addresses: dict[str, str]):
    TO.mkdir(exist_ok=True)
    for old in TO.glob("*.jpg"):
        old.unlink()
    for name, address in addresses.items():
        _take(browser, site + address, TO / f"{_file(name)}.jpg", viewport=_WIDE)
        if name in _ALSO:
            _take(browser, site + address, TO / f"{_file(name)}-dark.jpg", viewport=_WIDE, color_scheme="dark")
            _take(browser, site + address, TO / f"{_file(name)}-narrow.jpg", viewport=_NARROW)


def _file(name: str) -> str:
    return name.replace(" ", "-")


def _take(browser: Browser, address: str, to: Path, **settings: object) -> None:
    context = browser.new_context(**settings)
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.reload(wait_until="networkidle")  # with our fonts, which nobody waits for the first time
    page.screenshot(path=to, type="jpeg", quality=72)
    context.close()
