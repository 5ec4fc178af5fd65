"""Many entries at once, in a real browser: edited together, and imported from a table; each with no violation."""

import csv
import io
import uuid
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journeys import complaints_of
from tests.browser.test_notes import sign_in


@pytest.fixture
def drafts(site: str, manage: Callable[..., str]) -> str:
    """The address of a list of three propositions of one's own."""
    word = f"harbour{uuid.uuid4().hex[:8]}"
    manage(
        "shell",
        "-c",
        "from apps.curation.models import Proposition;"
        f"[Proposition.objects.create(slug=f'{word}-{{n}}', title=f'Sort {{n}} of {word}') for n in '123']",
    )
    return f"{site}/admin/curation/proposition/?q={word}"


def no_violation(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


def chosen(page: Page, address: str) -> None:
    page.goto(address)
    for box in page.locator(".action-select").all():
        box.check()
    page.get_by_label("Action:").select_option("edit_together")
    page.get_by_role("button", name="Go").click()


def test_entries_are_edited_together_and_that_is_taken_back(page: Page, site: str, drafts: str):
    complaints = complaints_of(page)
    sign_in(page, site)
    chosen(page, drafts)
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit together")
    no_violation(page)
    page.get_by_role("group", name="Add").get_by_label("Tags").fill("harbour, quay")
    page.get_by_role("group", name="Add").get_by_label("Regions").fill("Jappan")
    page.get_by_role("button", name="See what would change").click()
    expect(page.locator(".errorlist")).to_contain_text("Did you mean “Japan”")
    page.get_by_role("group", name="Add").get_by_label("Regions").fill("Japan")
    page.get_by_role("button", name="See what would change").click()
    expect(page.locator(".lead")).to_contain_text("3 entries would change")
    expect(page.locator(".changes tbody tr")).to_have_count(3)
    no_violation(page)
    page.get_by_role("button", name="Make these changes").click()
    expect(page.locator(".messagelist")).to_contain_text("Done: 3 entries")
    page.get_by_role("button", name="Take back this edit").click()
    expect(page.locator(".messagelist")).to_contain_text("3 entries are as they were before")
    no_violation(page)
    assert complaints == []


def test_a_table_is_taken_along_edited_and_imported(page: Page, site: str, drafts: str):
    complaints = complaints_of(page)
    sign_in(page, site)
    page.goto(drafts)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Table (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text("utf-8-sig"), newline="")))
    assert len(rows) == 3
    rows[0]["title"], rows[1]["themes"] = "Said anew", "Escalatoin"
    rows.append(dict.fromkeys(rows[0], "") | {"title": "One of its own"})

    def imported(kept: list[dict[str, str]]) -> None:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(kept[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(kept)
        page.goto(drafts)
        page.get_by_role("link", name="Import a table").click()
        expect(page.get_by_label("What its rows are")).to_have_value("proposition")
        file = {"name": "harbours.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode("windows-1252")}
        page.get_by_label("The table").set_input_files(file)
        page.get_by_role("button", name="See what it would change").click()

    page.goto(f"{site}/admin/tables/")
    for summary in page.locator("details summary").all():
        summary.click()
    no_violation(page)
    imported(rows)
    expect(page.locator(".lead")).to_contain_text("1 row has a problem")
    expect(page.locator(".wrong")).to_contain_text("Did you mean “Escalation”")
    no_violation(page)
    rows[1]["themes"] = "Escalation"
    imported(rows)
    expect(page.locator(".lead")).to_contain_text("3 entries would change; 1 is so already")
    expect(page.locator(".changes")).to_contain_text("Said anew")
    no_violation(page)
    page.get_by_role("button", name="Make these changes").click()
    expect(page.locator(".messagelist")).to_contain_text("Done: 3 entries")
    page.goto(drafts)
    expect(page.locator("#result_list")).to_contain_text("Said anew")
    assert complaints == []


def test_a_filter_is_kept_without_javascript(browser: Browser, site: str, drafts: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site)
    page.goto(drafts)
    page.get_by_role("link", name="Save this filter").click()
    page.get_by_label("Name").fill("Harbours")
    page.get_by_label("For").select_option(label="Reviewers")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{site}/admin/curation/proposition/")
    page.get_by_role("link", name="Harbours", exact=True).click()
    expect(page.get_by_role("link", name="Harbours", exact=True)).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Change the filter Harbours").click()
    page.get_by_role("button", name="Delete this filter").click()
    expect(page.get_by_role("link", name="Harbours", exact=True)).to_have_count(0)
    context.close()
