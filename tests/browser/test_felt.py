"""What a first visit costs, as far as that is no matter of seconds; those are measured by `make felt`."""

from playwright.sync_api import Browser, Page

from tests.browser.felt import WATCH_SHIFTS, weigh

MOST = 100_000  # bytes of a first visit, with fonts, style and script, as they come over the wire


def test_a_first_page_weighs_less_than_a_hundred_kilobytes(page: Page, site: str):
    assert 10_000 < weigh(page, f"{site}/") < MOST


def test_no_script_is_needed_for_anything_on_the_first_page(browser: Browser, site: str):
    def text(has_scripts: bool) -> str:
        context = browser.new_context(java_script_enabled=has_scripts)
        page = context.new_page()
        page.goto(site)
        found = page.locator("body").inner_text()
        context.close()
        return found

    assert text(has_scripts=False) == text(has_scripts=True)


def test_nothing_moves_once_it_is_shown(browser: Browser, site: str, addresses: dict[str, str]):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH_SHIFTS)
    page = context.new_page()
    moved = {}
    for name, address in addresses.items():
        page.goto(site + address, wait_until="networkidle")
        if (shift := page.evaluate("window.shifted")) > 0.01:
            moved[name] = shift
    context.close()
    assert moved == {}
