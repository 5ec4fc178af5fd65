"""The bar above a record: an analyst tags and cross-references what they read, with keys and without scripts."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_notes import sign_in


@pytest.fixture
def proposition(site: str, manage: Callable[..., str]) -> str:
    """The address of a public proposition of its own."""
    identifier = manage(
        "shell",
        "-c",
        "from apps.curation.models import Proposition; from apps.gate.publication import publish; import uuid;"
        "one = Proposition.objects.create(slug=uuid.uuid4().hex, title='Harbours ought to rehearse reinforcement');"
        "publish(one); print(one.identifier)",
    )
    return f"{site}/propositions/{identifier}/"


def test_tagging_and_linking_with_the_keyboard(page: Page, site: str, proposition: str, addresses: dict[str, str]):
    sign_in(page, site)
    page.goto(proposition)
    page.locator(".bar summary", has_text="Tags, regions").press("Enter")
    page.get_by_label("Themes").fill("Two-peer problem")
    page.get_by_label("Tags").fill("harbours")
    page.get_by_label("Tags").press("Enter")
    expect(page.locator(".bar-message")).to_contain_text("are saved")
    assert page.url == proposition
    page.locator(".bar summary", has_text="Cross-references").press("Enter")
    page.get_by_label("Relation").select_option("see_also")
    page.get_by_label("To", exact=True).press_sequentially("two-peer", delay=20)
    expect(page.locator("#known-entries option").first).to_be_attached()
    page.get_by_label("To", exact=True).fill(addresses["article"])
    page.get_by_label("To", exact=True).press("Enter")
    expect(page.locator(".bar-message")).to_contain_text("is saved")
    page.locator(".bar summary", has_text="Unpublished changes").press("Enter")
    expect(page.locator(".differences")).to_contain_text("Two-peer problem")
    page.get_by_role("button", name="Publish these changes").press("Enter")
    expect(page.locator(".bar", has_text="Unpublished")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("harbours")


def test_the_same_without_scripts(browser: Browser, site: str, proposition: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site)
    page.goto(proposition)
    page.locator(".bar summary", has_text="Cross-references").click()
    page.get_by_label("Relation").select_option("cites")
    page.get_by_label("To", exact=True).fill("nuclear")
    page.get_by_role("button", name="Link it").click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Link it").click()
    expect(page.locator(".bar-message")).to_contain_text("is saved")
    assert page.url == proposition
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_bar_violates_nothing(browser: Browser, site: str, addresses: dict[str, str], scheme: str, width: int):
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    sign_in(page, site)
    for kind in ("position", "article"):
        page.goto(site + addresses[kind])
        page.eval_on_selector_all(".bar details", "all => all.forEach((one) => { one.open = true; })")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("link", name="All of this on one page").click()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    context.close()
