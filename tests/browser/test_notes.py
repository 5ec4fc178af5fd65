"""From notes to candidates in a real browser: by keyboard alone, without JavaScript, and after a login that ran out."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD
from tests.browser.test_journeys import complaints_of

NOTES = """# Session notes

09:30 Opening

- One participant argued that nuclear consultation in the Indo-Pacific comes too late.
- Several officials opposed any new office in Japan.
- Most speakers agreed that escalation is hard to steer.
- Others disagreed.
"""
LATE = "Nuclear consultation in the Indo-Pacific comes too late"
OFFICE = "Several officials opposed any new office in Japan"
STEER = "Escalation is hard to steer"


@pytest.fixture
def session(site: str, manage: Callable[..., str]) -> str:
    """The address of a session of its own, without notes."""
    key = manage(
        "shell",
        "-c",
        "from apps.curation.models import Session, Workshop; import uuid;"
        "print(Session.objects.create(slug=uuid.uuid4().hex, title='Notes', workshop=Workshop.objects.first()).pk)",
    )
    return f"{site}/admin/curation/session/{key}/"


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/")
    page.fill("#id_username", "rex")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def read_notes(page: Page, session: str) -> None:
    page.goto(f"{session}change/")
    page.get_by_role("link", name="Read candidates from notes").click()
    page.get_by_label("Paste your notes").fill(NOTES)
    page.get_by_role("button", name="Read candidates").click()
    expect(page.locator(".candidate")).to_have_count(4)


def test_candidates_are_decided_by_keyboard_alone(page: Page, site: str, session: str):
    complaints = complaints_of(page)
    sign_in(page, site)
    read_notes(page, session)
    press = page.keyboard.press
    waiting = page.locator("[data-count=waiting]")

    press("j")
    expect(page.locator(":focus")).to_contain_text(LATE)
    expect(page.locator(".prose .current")).to_contain_text("One participant argued")
    press("a")
    expect(page.locator("#said")).to_contain_text(f"Accepted {LATE}")
    expect(page.locator(":focus")).to_contain_text(OFFICE)
    expect(waiting).to_have_text("3")
    press("d")
    expect(page.locator("#said")).to_contain_text(f"Dropped {OFFICE}")
    expect(waiting).to_have_text("2")
    press("u")
    expect(page.locator("#said")).to_contain_text(f"It waits again: {OFFICE}")
    expect(page.locator(":focus")).to_contain_text(OFFICE)
    expect(waiting).to_have_text("3")
    press("j")
    expect(page.locator(":focus")).to_contain_text(STEER)
    press("k")
    expect(page.locator(":focus")).to_contain_text(OFFICE)
    press("j")

    press("e")
    title = page.get_by_label("Claim")
    expect(title).to_be_focused()
    expect(title).to_have_value(STEER)
    press("Control+a")
    page.keyboard.type("a jade deed")  # letters that are keys elsewhere
    expect(title).to_have_value("a jade deed")
    page.get_by_role("button", name="Accept").focus()
    press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Accepted as a draft: a jade deed")
    expect(page.locator(":focus")).to_contain_text("Others disagreed")
    expect(waiting).to_have_text("2")
    assert complaints == []


def test_keys_can_be_switched_off(page: Page, site: str, session: str):
    sign_in(page, site)
    read_notes(page, session)
    page.get_by_label("Keys").uncheck()
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.locator(".candidate.current")).to_have_count(0)
    expect(page.locator("[data-count=waiting]")).to_have_text("4")


def test_candidates_are_decided_without_javascript(browser: Browser, site: str, session: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site)
    read_notes(page, session)
    page.locator(".candidate", has_text=LATE).get_by_role("button", name=re.compile("^Accept")).click()
    expect(page.locator(".messagelist")).to_contain_text(f"Accepted as a draft: {LATE}")
    page.locator(".candidate", has_text=OFFICE).get_by_role("button", name=re.compile("^Drop")).click()
    expect(page.locator(".candidate")).to_have_count(2)
    page.get_by_role("button", name="Undo the last").click()
    expect(page.locator(".candidate")).to_have_count(3)
    page.locator(".candidate", has_text=STEER).get_by_role("link", name=re.compile("^Edit")).click()
    page.get_by_label("Themes").select_option(label="Escalation")
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".candidate")).to_have_count(2)
    page.locator(".folded summary").click()
    page.locator(".folded li", has_text="Opening").get_by_role("button").click()
    expect(page.locator(".candidate")).to_have_count(3)
    context.close()


def test_a_login_that_ran_out_loses_nothing(page: Page, site: str, session: str):
    sign_in(page, site)
    page.goto(f"{session}notes/")
    page.get_by_label("Paste your notes").fill(NOTES)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Read candidates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have been signed out")
    page.get_by_label("Username").fill("rex")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in and send it again").click()
    expect(page.locator(".candidate")).to_have_count(4)

    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("You have been signed out")
    page.get_by_label("Username").fill("rex")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in and send it again").click()
    expect(page.locator(".messagelist")).to_contain_text(f"Accepted as a draft: {LATE}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_pages_do_not_violate_wcag(browser: Browser, site: str, session: str, scheme: str):
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    sign_in(page, site)
    read_notes(page, session)
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.locator("#said")).to_contain_text("Dropped")
    found = {}

    def look(name: str) -> None:
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
        for violation in results.response["violations"]:
            found[name, violation["id"]] = [node["html"][:160] for node in violation["nodes"]][:3]

    page.locator(".folded summary").click()
    look("list")
    page.locator("[data-edit]").first.click()
    look("edit")
    page.get_by_label("Claim").fill("")
    page.evaluate("document.querySelector('#candidate_form').noValidate = true")
    page.get_by_role("button", name="Accept").click()
    look("edit refused")
    page.goto(f"{session}notes/")
    look("notes")
    page.get_by_role("button", name="Read candidates").click()
    look("notes refused")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Read candidates").click()
    look("signed out")
    context.close()
    assert found == {}


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_its_pages_do_not_scroll_sideways(browser: Browser, site: str, session: str, width: int):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    sign_in(page, site)
    read_notes(page, session)
    wide = {}
    for place in ("candidates", "notes", "candidates/edit"):
        if place.endswith("edit"):
            page.goto(f"{session}candidates/")
            page.locator("[data-edit]").first.click()
        else:
            page.goto(f"{session}{place}/")
        if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
            wide[place] = needed
    context.close()
    assert wide == {}
