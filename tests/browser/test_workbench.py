"""The workbench in a real browser: what is typed survives, a review from the queue to publication, and no violation."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_notes import sign_in


@pytest.fixture
def proposition(site: str, manage: Callable[..., str]) -> str:
    """The address of a proposition of its own, handed in for review."""
    key = manage(
        "shell",
        "-c",
        "from apps.curation.models import Proposition; from apps.curation.reviewing import submit; import uuid;"
        "one = Proposition.objects.create(slug=uuid.uuid4().hex, title='Fleets should anchor together');"
        "submit([one], None); print(one.pk)",
    )
    return f"{site}/admin/curation/proposition/{key}/"


def kept(page: Page) -> None:
    """Wait until the browser has kept what was typed."""
    for _ in range(50):
        if page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('workbench-typed:'))"):
            return
        page.wait_for_timeout(100)
    pytest.fail("Nothing was kept.")


def test_what_was_typed_is_offered_again_after_a_lost_connection(page: Page, site: str, proposition: str):
    sign_in(page, site)
    page.goto(f"{proposition}change/")
    page.fill("#id_summary", "Half a thought")
    kept(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Save and continue editing").click()
    page.context.set_offline(False)
    page.goto(f"{proposition}change/")
    expect(page.locator(".typed")).to_contain_text("was not saved")
    expect(page.locator("#id_summary")).to_have_value("")
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#id_summary")).to_have_value("Half a thought")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator(".typed")).to_have_count(0)
    page.goto(f"{proposition}change/")
    expect(page.locator(".typed")).to_have_count(0)


def test_what_was_typed_is_forgotten_on_signing_out(page: Page, site: str, proposition: str):
    sign_in(page, site)
    page.goto(f"{proposition}change/")
    page.fill("#id_summary", "Half a thought")
    kept(page)
    page.get_by_role("button", name="Log out").click()
    assert not page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('workbench-typed:'))")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_reviewer_sends_back_and_publishes(browser: Browser, site: str, proposition: str, scripts: bool):
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    sign_in(page, site)
    page.get_by_role("link", name="In review", exact=True).click()
    page.locator(f"a[href='{re.sub('^https?://[^/]*', '', proposition)}review/']").click()
    expect(page.locator(".differences")).to_contain_text("Fleets should anchor together")
    page.get_by_role("button", name="Send it back").click()
    expect(page.locator(".messagelist")).to_contain_text("Say what should be done")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messagelist")).to_contain_text("is published")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_workbench_violates_wcag(
    browser: Browser, site: str, manage: Callable[..., str], proposition: str, scheme: str
):
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{proposition}change/")
    page.fill("#id_summary", "Said again")
    page.get_by_role("button", name="Save and continue editing").click()
    addresses = [f"{site}/admin/", f"{site}/admin/review/", f"{site}/admin/deleted/"]
    addresses += [f"{proposition}{part}/" for part in ("change", "review", "history")]
    # With a gap to be shown: a position that lacks all that can be missing.
    key = manage(
        "shell",
        "-c",
        "from apps.curation.models import Position, Session; import uuid; one = Session.objects.latest('workshop');"
        "Position.objects.create(slug=uuid.uuid4().hex, title='A bare one', session=one); print(one.workshop.pk)",
    )
    addresses.append(f"{site}/admin/curation/workshop/{key}/board/")
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    broken = {}
    for address in addresses:
        page.goto(address)
        found = Axe().run(page, options=rules).response["violations"]
        if found:
            broken[address] = [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found]
    context.close()
    assert broken == {}
